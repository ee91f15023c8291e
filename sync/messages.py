"""What our own centre says beside SCIM, parsed once into frozen values: docs/centre-protocol.md has the contract.

Nothing here knows HTTP, files or the clock.
"""

from typing import Annotated, Literal, TypeVar

import msgspec

from kiosk.domain.ids import EventId
from sync.answers import Answer, Got, Problem, Unreachable

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
Epoch = Annotated[str, msgspec.Meta(max_length=128)]


class RosterState(msgspec.Struct, frozen=True):
    """The centre's roster at this moment: its name, its life, how far its changes have come, and its digest.

    A centre that tells no more than `version` has no changes to follow. Changes up to `horizon` are forgotten.
    """

    version: Id
    epoch: Epoch = ""
    position: int = -1
    horizon: int = 0
    count: int = 0
    digest: str = ""


class Record(msgspec.Struct, frozen=True):
    """One record of a bucket: its kind, id and hash, and the SCIM resource."""

    kind: Literal["agency", "member"]
    id: Id
    resource: msgspec.Raw
    hash: str = ""


class Change(msgspec.Struct, frozen=True):
    """One change: what a record is now, or that it is gone."""

    position: int
    kind: Literal["agency", "member"]
    id: Id
    gone: bool = False
    withdraws: bool = False
    resource: msgspec.Raw = msgspec.Raw(b"null")


class Changes(msgspec.Struct, frozen=True):
    """One page of changes; read on after `position`."""

    epoch: Epoch
    version: str
    position: int
    more: bool
    changes: Annotated[tuple[Change, ...], msgspec.Meta(max_length=1000)]


class Digest(msgspec.Struct, frozen=True):
    """The digests of all the buckets."""

    epoch: Epoch
    version: str
    position: int
    digest: str
    buckets: Annotated[tuple[str, ...], msgspec.Meta(min_length=256, max_length=256)]


class Bucket(msgspec.Struct, frozen=True):
    """All records of one bucket."""

    epoch: Epoch
    version: str
    position: int
    bucket: int
    records: tuple[Record, ...]


class StreamState(msgspec.Struct, frozen=True):
    """What the centre holds of one epoch of ours."""

    epoch: Epoch
    first: int
    highest: int
    gaps: Annotated[tuple[tuple[int, int], ...], msgspec.Meta(max_length=1000)] = ()
    forks: int = 0


class EventsState(msgspec.Struct, frozen=True):
    """What the centre holds of this house's events."""

    epoch: Epoch
    streams: Annotated[tuple[StreamState, ...], msgspec.Meta(max_length=10_000)]


class Missing(msgspec.Struct, frozen=True):
    """Which of the ids asked for the centre does not hold."""

    missing: tuple[EventId, ...]
    epoch: Epoch = ""


class DisputeTold(msgspec.Struct, frozen=True):
    """One doubted event."""

    number: int
    id: EventId
    reason: str
    at: str


class Disputes(msgspec.Struct, frozen=True):
    """One page of doubted events; ask on after `next`."""

    disputes: Annotated[tuple[DisputeTold, ...], msgspec.Meta(max_length=1000)]
    next: int
    more: bool


Told = TypeVar("Told", RosterState, Changes, Digest, Bucket, EventsState, Missing, Disputes)


def told(kind: type[Told], body: bytes) -> Told | None:
    """Return the answer as that kind of thing, or None if it is none."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.MsgspecError:
        return None


def read(kind: type[Told], answer: Answer) -> Told | Problem:
    """Return the answer as that kind of thing, or what is wrong with it."""
    if not isinstance(answer, Got):
        return answer
    return told(kind, answer.body) or Unreachable("the answer is not what was asked for")


def epoch_of(body: bytes) -> str:
    """Return the centre's epoch in an answer, or nothing."""
    try:
        return _epoch.decode(body).epoch
    except msgspec.MsgspecError:
        return ""


class _Epoch(msgspec.Struct, frozen=True):
    epoch: Epoch = ""


_epoch = msgspec.json.Decoder(_Epoch)
