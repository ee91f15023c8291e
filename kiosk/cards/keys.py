"""Keys per card out of master keys: a card that is taken apart gives away its own keys and no other card's."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.cards.aes import cmac

KEY_BYTES = 16
INPUT_MIN, INPUT_MAX = 16, 31
"""AN10922: with at least 16 bytes of input AES-128's diversification is one CMAC over two blocks."""
UID_BYTES = 7
VERSION_MAX = 255
"""A card keeps the version of a key in one byte."""

OWNER, SUN_META, SUN_FILE, TAP, SPARE = range(5)
"""The five keys of an NTAG 424 DNA as we use them: the owner's may change the card, the tap key opens nothing."""
_SYSTEM = b"SAMVERK\0"
_AES_128 = b"\x01"


@dataclass(frozen=True, slots=True)
class Masters:
    """The master keys of one version; a house need not have them all, and its text form shows none.

    `tap` answers a challenge at the reader, `sun` checks the card's own message, `owner` changes cards: a kiosk that
    makes no cards does without it.
    """

    tap: bytes | None = field(default=None, repr=False)
    sun: bytes | None = field(default=None, repr=False)
    owner: bytes | None = field(default=None, repr=False)


Versions = Mapping[int, Masters]
"""The masters by version."""


def diversified(master: bytes, data: bytes) -> bytes:
    """Return the key that AN10922 makes out of a master key and 16 to 31 bytes that tell the card and its use."""
    if not INPUT_MIN <= len(data) <= INPUT_MAX:
        message = f"a card's key is made of {INPUT_MIN} to {INPUT_MAX} bytes, not {len(data)}"
        raise ValueError(message)
    return cmac(master, _AES_128 + data)


def card_key(masters: Masters, uid: bytes, number: int) -> bytes | None:
    """Return the card's key of that number, or None if the master for it is not here. `uid` has 7 bytes."""
    master = {OWNER: masters.owner, SPARE: masters.owner, TAP: masters.tap}.get(number, masters.sun)
    return None if master is None else diversified(master, uid + _SYSTEM + bytes([number]))
