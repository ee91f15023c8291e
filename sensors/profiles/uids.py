"""What tag readers have in common: a UID as text, and a payload that a trace may hold instead of the real one. Pure.

No UID may ever be in a refusal, an error or any text.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kiosk.domain.badge import Uid
from sensors.profiles.profile import Said
from sensors.readings import Refusal, Tag, Word

_HEX = re.compile(r"[0-9A-Fa-f]{2}(?:[-: ]?[0-9A-Fa-f]{2}){0,15}")


def tag(text: object, stamp: datetime | None = None) -> Said:
    """Return the tag whose UID the text gives: pairs of hex digits, in wire order, with or without marks between.

    A UID that lost its zeros, or was read by half, is out of range: it would be somebody else's.
    """
    if not isinstance(text, str):
        return Refusal.WRONG_TYPE
    digits = text.strip()
    if not _HEX.fullmatch(digits):
        return Refusal.UNKNOWN_STATE
    try:
        return (Word(Tag(Uid(bytes.fromhex(re.sub("[-: ]", "", digits)))), stamp),)
    except ValueError:
        return Refusal.OUT_OF_RANGE


@dataclass(frozen=True, slots=True)
class Concealed:
    """Makes payloads that may be kept: the same tap by a stand-in's UID, or nothing at all."""

    read: Callable[[bytes], Said]
    write: Callable[[str], bytes]

    def __call__(self, payload: bytes, stand_in: Callable[[Uid], Uid]) -> bytes:
        """Return a payload that reads as a tap of the stand-in; empty if the payload is no tap."""
        said = self.read(payload)
        words = () if isinstance(said, Refusal) else said
        uids = [one.what.uid for one in words if isinstance(one.what, Tag)]
        return self.write(stand_in(uids[0]).value.hex().upper()) if uids else b""
