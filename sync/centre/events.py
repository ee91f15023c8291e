"""What may be told to the centre: a CloudEvents batch, read strictly. What a house may not say is refused here too."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec

from sync.centre.storage.tokens import Bearer
from sync.centre.times import utc_text

BATCH_MAX = 1000
"""The most events in one request."""
WHY_MAX = 200

Id = Annotated[str, msgspec.Meta(pattern="^[\\x21-\\x7e]{1,128}$")]
Epoch = Annotated[str, msgspec.Meta(pattern="^[a-z0-9]{0,32}$")]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Number = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


class Verdict(StrEnum):
    """What becomes of one event."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    DISPUTED = "disputed"
    CONFLICT = "conflict"
    INVALID = "invalid"


class EventVerdict(msgspec.Struct, frozen=True, omit_defaults=True):
    """The verdict on the event of that id; `reason` says why if it was not simply taken."""

    id: str
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """An event that may be kept. `digest` is equal for equal content, however it was written.

    `member` is who came, if somebody came, and `badge` with which badge, if with one.
    """

    source: str
    id: str
    sequence: int
    type: str
    time: str
    digest: bytes
    body: str
    member: str = ""
    badge: str = ""


class Details(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What every event says."""

    site: Id
    clock: Literal["unset", "set", "synced"]

    @property
    def about(self) -> str:
        """Return what the event's subject must be."""
        raise NotImplementedError


class OfVisit(Details, frozen=True, forbid_unknown_fields=True):
    """Something of a visit."""

    visit: Id
    member: Id

    @property
    def about(self) -> str:
        """Return the visit."""
        return self.visit


class Arrived(OfVisit, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The member came, with the badge of that key, or let in by a host."""

    agency: Id
    badge: Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{64})?$")] = ""


class Closed(OfVisit, frozen=True, forbid_unknown_fields=True):
    """The visit was ended at closing time."""

    closed_at: Moment


class Undone(OfVisit, frozen=True, forbid_unknown_fields=True):
    """The event `undoes` is taken back."""

    undoes: Id


class Corrected(OfVisit, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A host set right when the member came or left."""

    corrects: Id
    why: Annotated[str, msgspec.Meta(min_length=1, max_length=WHY_MAX)]
    arrived_at: Moment | None = None
    left_at: Moment | None = None

    def __post_init__(self) -> None:
        """Refuse what corrects both or nothing, and what cannot be shown."""
        if (self.arrived_at is None) == (self.left_at is None):
            message = "one of arrived_at and left_at"
            raise ValueError(message)
        if not self.why.isprintable():
            message = "why must be printable"
            raise ValueError(message)


class Exceeded(Details, frozen=True, forbid_unknown_fields=True):
    """More of an agency are in the house than its agreement lets."""

    agency: Id
    seats: Number
    inside: Number

    @property
    def about(self) -> str:
        """Return the agency."""
        return self.agency


class OfBadge(Details, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something happened to a badge. `was` is the key that it was known by before, if that is what changed."""

    member: Id
    badge: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    key_version: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    level: Literal["uid", "verified"] = "uid"
    was: Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{64})?$")] = ""

    @property
    def about(self) -> str:
        """Return the member."""
        return self.member


VISIT, BADGE, SEATS = "se.samverket.visit.", "se.samverket.badge.", "se.samverket.seats.exceeded"
ARRIVED = f"{VISIT}arrived"

BADGE_CHANGES = ("enrolled", "rekeyed", "lost", "found", "withdrawn", "copied")
"""What can happen to a badge."""

DETAILS: Mapping[str, "msgspec.json.Decoder[Details]"] = {
    ARRIVED: msgspec.json.Decoder(Arrived),
    f"{VISIT}took_part": msgspec.json.Decoder(OfVisit),
    f"{VISIT}left": msgspec.json.Decoder(OfVisit),
    f"{VISIT}closed_automatically": msgspec.json.Decoder(Closed),
    f"{VISIT}arrival_undone": msgspec.json.Decoder(Undone),
    f"{VISIT}leaving_undone": msgspec.json.Decoder(Undone),
    f"{VISIT}corrected": msgspec.json.Decoder(Corrected),
    SEATS: msgspec.json.Decoder(Exceeded),
    **{f"{BADGE}{what}": msgspec.json.Decoder(OfBadge) for what in BADGE_CHANGES},
}
TYPES = tuple(DETAILS)
"""Every type of event that the centre takes. There is none for where somebody is or whom they are with."""


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The envelope of an event."""

    specversion: Literal["1.0"]
    id: Id
    source: Id
    type: Literal[TYPES]  # type: ignore[valid-type] # the list above is the only one
    subject: Id
    time: Moment
    sequence: Annotated[str, msgspec.Meta(pattern="^[0-9]{16}$")]
    datacontenttype: Literal["application/json"]
    data: msgspec.Raw
    epoch: Epoch = ""


def read_batch(body: bytes) -> tuple[msgspec.Raw, ...] | None:
    """Return the events of a batch, each still unread, or None if it is no batch."""
    try:
        return _batch.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def read_event(raw: msgspec.Raw, bearer: Bearer) -> Told | EventVerdict:
    """Return the event, or why it is invalid: for its own form, or because this bearer may not say it."""
    try:
        event = _event.decode(raw)
        details = DETAILS[event.type].decode(event.data)
    except msgspec.MsgspecError as error:
        return EventVerdict(_id_of(raw), Verdict.INVALID, _without_values(error))
    if event.source != bearer.source:
        return EventVerdict(event.id, Verdict.INVALID, "the source is not this token's")
    if details.site != bearer.site or details.about != event.subject:
        return EventVerdict(event.id, Verdict.INVALID, "the site or the subject is not the one it is sent for")
    text = _encoder.encode(_whole(event, details))
    return Told(
        event.source,
        event.id,
        int(event.sequence),
        event.type,
        utc_text(event.time),
        hashlib.sha256(text).digest(),
        text.decode(),
        details.member if isinstance(details, Arrived) else "",
        details.badge if isinstance(details, Arrived) else "",
    )


def details_of(body: str) -> tuple[Event, Details]:
    """Return what a kept event says."""
    event = _event.decode(body)
    return event, DETAILS[event.type].decode(event.data)


class _OnlyId(msgspec.Struct, frozen=True):
    id: Id


_batch = msgspec.json.Decoder(tuple[msgspec.Raw, ...])
_event = msgspec.json.Decoder(Event)
_only_id = msgspec.json.Decoder(_OnlyId)
_encoder = msgspec.json.Encoder(order="deterministic")


def _whole(event: Event, details: Details) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "specversion": event.specversion,
        "id": event.id,
        "source": event.source,
        "type": event.type,
        "subject": event.subject,
        "time": event.time,
        "sequence": event.sequence,
        "datacontenttype": event.datacontenttype,
        "data": details,
    }
    if event.epoch:
        whole["epoch"] = event.epoch
    return whole


def _id_of(raw: msgspec.Raw) -> str:
    try:
        return _only_id.decode(raw).id
    except msgspec.MsgspecError:
        return ""


def _without_values(error: msgspec.MsgspecError) -> str:
    # The library's text may quote what was sent, which may be a name: only what was expected and where is kept.
    text = str(error)
    where = text.rpartition(" - at ")[2] if " - at " in text else ""
    expected = re.split(r", got|'|(?<=unknown field) `|\n", text.partition(" - at ")[0])[0].strip()
    return (expected + (f" - at {where}" if where else ""))[:200]
