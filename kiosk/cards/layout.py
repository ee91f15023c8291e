"""What we write on an NTAG 424 DNA: an NDEF message with room for the card's own words, and who may do what."""

from kiosk.cards.aes import BLOCK, MAC_BYTES
from kiosk.cards.keys import SUN_FILE, SUN_META

_BEGIN = "samverk:kort?e="
_BETWEEN = "&c="
_PICC_CHARACTERS, _MAC_CHARACTERS = 2 * BLOCK, 2 * MAC_BYTES
_URI = bytes.fromhex("D101")
_LENGTH_BYTES = 2

_SDM_AND_PLAIN, _FREE, _NOBODY, _OWNER = 0x40, 0xE, 0xF, 0x0
_UID_COUNTER_ASCII = 0xC1


def template() -> bytes:
    """Return the NDEF file before the card writes into it: its length, and one URI record with zeros for its words."""
    text = f"{_BEGIN}{'0' * _PICC_CHARACTERS}{_BETWEEN}{'0' * _MAC_CHARACTERS}"
    record = b"U\0" + text.encode()
    message = _URI + bytes([len(record) - 1]) + record
    return len(message).to_bytes(_LENGTH_BYTES) + message


def settings() -> bytes:
    """Return the settings of the NDEF file for ChangeFileSettings.

    Anybody reads, the owner's key writes; at every reading the card puts in its UID and counter, encrypted, and a MAC
    over them (with nothing between the MAC's input and itself). Nobody may ask for the counter.
    """
    picc = template().index(_BEGIN.encode()) + len(_BEGIN)
    mac = picc + _PICC_CHARACTERS + len(_BETWEEN)
    rights = bytes([_OWNER << 4 | _OWNER, _FREE << 4 | _OWNER])
    sdm_rights = bytes([_NOBODY << 4 | _NOBODY, SUN_META << 4 | SUN_FILE])
    offsets = b"".join(one.to_bytes(3, "little") for one in (picc, mac, mac))
    return bytes([_SDM_AND_PLAIN]) + rights + bytes([_UID_COUNTER_ASCII]) + sdm_rights + offsets


def parts(message: bytes) -> tuple[bytes, bytes] | None:
    """Return the encrypted PICC data and the MAC in a message that was read, or None if it is no message of ours."""
    head, _, rest = message.decode("ascii", errors="replace").partition(_BEGIN)
    if not head or len(rest) != _PICC_CHARACTERS + len(_BETWEEN) + _MAC_CHARACTERS:
        return None
    secret, between, mac = rest[:_PICC_CHARACTERS], rest[_PICC_CHARACTERS:-_MAC_CHARACTERS], rest[-_MAC_CHARACTERS:]
    try:
        return (bytes.fromhex(secret), bytes.fromhex(mac)) if between == _BETWEEN else None
    except ValueError:
        return None
