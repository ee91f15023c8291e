"""SUN: the message that an NTAG 424 DNA writes into its own NDEF file at every reading, and that cannot be said twice.

AN12196, section 3: encrypted PICC data and a MAC. Whether a counter was seen before is for whoever keeps counters.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.cards.aes import BLOCK, MAC_BYTES, cmac, decrypt, encrypt, is_same, short_mac

COUNTER_BYTES = 3
_UID_BYTES = 7
_HAS_UID, _HAS_COUNTER, _LENGTH = 0x80, 0x40, 0x0F
_FOR_MAC, _FOR_FILE = b"\x3c\xc3", b"\xc3\x3c"
_CONTEXT = b"\x00\x01\x00\x80"
_NOBODY = bytes(_UID_BYTES)


@dataclass(frozen=True, slots=True)
class Sun:
    """Who said it and when: the UID, and a counter that rises with every reading of the card."""

    uid: bytes = field(repr=False)
    counter: int


def picc_data(meta_key: bytes, secret: bytes) -> Sun | None:
    """Return what the encrypted PICC data holds, or None if it is none with UID and counter. Proves nothing yet."""
    if len(secret) != BLOCK:
        return None
    plain = decrypt(meta_key, secret)
    wanted = _HAS_UID | _HAS_COUNTER | _UID_BYTES
    if plain[0] & (_HAS_UID | _HAS_COUNTER | _LENGTH) != wanted:
        return None
    counter = plain[1 + _UID_BYTES : 1 + _UID_BYTES + COUNTER_BYTES]
    return Sun(plain[1 : 1 + _UID_BYTES], int.from_bytes(counter, "little"))


def mac_of(file_key: bytes, sun: Sun, message: bytes = b"") -> bytes:
    """Return the SDMMAC over the text between its input offset and itself, empty if these are the same."""
    return short_mac(cmac(file_key, _vector(_FOR_MAC, sun)), message)


def verified(
    secret: bytes, mac: bytes, meta_key: bytes, file_key: Callable[[bytes], bytes], message: bytes = b""
) -> Sun | None:
    """Return what an encrypted message says if its MAC is good, else None; wrong input takes as long as wrong MACs.

    `file_key` gives the key of the card with that UID.
    """
    said = picc_data(meta_key, secret)
    sun = said or Sun(_NOBODY, 0)
    is_good = is_same(mac_of(file_key(sun.uid), sun, message), _whole(mac))
    return said if is_good and said is not None and len(mac) == MAC_BYTES else None


def verified_plain(uid: bytes, counter: str, mac: bytes, file_key: bytes, message: bytes = b"") -> Sun | None:
    """Return what a message with UID and counter in clear says if its MAC is good, else None.

    `counter` is the text in the URL: six hexadecimal digits, the highest first.
    """
    try:
        number = int.from_bytes(bytes.fromhex(counter))
    except ValueError:
        number = -1
    is_whole = len(uid) == _UID_BYTES and len(counter) == 2 * COUNTER_BYTES and number >= 0 and len(mac) == MAC_BYTES
    sun = Sun(uid, number) if is_whole else Sun(_NOBODY, 0)
    return sun if is_same(mac_of(file_key, sun, message), _whole(mac)) and is_whole else None


def file_data(file_key: bytes, sun: Sun, secret: bytes) -> bytes | None:
    """Return the encrypted part of the file in clear, or None if it is not made of whole blocks."""
    if not secret or len(secret) % BLOCK:
        return None
    key = cmac(file_key, _vector(_FOR_FILE, sun))
    counter = sun.counter.to_bytes(COUNTER_BYTES, "little")
    return decrypt(key, secret, encrypt(key, counter + bytes(BLOCK - COUNTER_BYTES)))


def _vector(label: bytes, sun: Sun) -> bytes:
    vector = label + _CONTEXT + sun.uid + sun.counter.to_bytes(COUNTER_BYTES, "little")
    return vector + bytes(-len(vector) % BLOCK)


def _whole(mac: bytes) -> bytes:
    return mac if len(mac) == MAC_BYTES else bytes(MAC_BYTES)
