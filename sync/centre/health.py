"""How a house says it is, in the header Samverk-House of every request. What cannot be read changes nothing."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

HEADER = "samverk-house"
BYTES_MAX = 2048

Count = Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]
Word = Annotated[str, msgspec.Meta(max_length=64, pattern="^[\\x20-\\x7e]*$")]


class Health(msgspec.Struct, frozen=True, omit_defaults=True):
    """The header's members; see docs/centre-protocol.md for each."""

    version: Word = ""
    time: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    clock: Literal["unset", "set", "synced", ""] = ""
    boot: Word = ""
    boots: Count | None = None
    queue: Count | None = None
    quarantine: Count | None = None
    roster_age_s: Annotated[float, msgspec.Meta(ge=0)] | None = None
    epoch: Word = ""
    sequence: Count | None = None
    centre_epoch: Word = ""
    position: Count | None = None


def read_health(header: str) -> Health | None:
    """Return what the header says, or None if it cannot be read."""
    if len(header) > BYTES_MAX:
        return None
    try:
        return _health.decode(header.encode(errors="replace"))
    except msgspec.MsgspecError:
        return None


def write_health(health: Health) -> str:
    """Return the text of it."""
    return msgspec.json.encode(health).decode()


_health = msgspec.json.Decoder(Health)
