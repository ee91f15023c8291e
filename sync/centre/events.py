"""What may be told to the centre: a CloudEvents batch, read strictly. What a house may not say is refused here too."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from sync.centre.storage.tokens import Bearer

BATCH_MAX = 1000
"""The most events in one request."""

Id = Annotated[str, msgspec.Meta(pattern="^[\\x21-\\x7e]{1,128}$")]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Verdict(StrEnum):
    """What becomes of one event."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    INVALID = "invalid"


class EventVerdict(msgspec.Struct, frozen=True, omit_defaults=True):
    """The verdict on the event of that id; `reason` says why if it was not taken."""

    id: str
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """An event that may be kept. `digest` is equal for equal content, however it was written."""

    source: str
    id: str
    sequence: int
    type: str
    time: str
    digest: bytes
    body: str


def read_batch(body: bytes) -> tuple[msgspec.Raw, ...] | None:
    """Return the events of a batch, each still unread, or None if it is no batch."""
    try:
        return _batch.decode(body)
    except msgspec.MsgspecError:
        return None


def read_event(raw: msgspec.Raw, bearer: Bearer) -> Told | EventVerdict:
    """Return the event, or why it is invalid: for its own form, or because this bearer may not say it."""
    try:
        event = _event.decode(raw)
        details = _DETAILS[event.type].decode(event.data)
    except msgspec.MsgspecError as error:
        return EventVerdict(_id_of(raw), Verdict.INVALID, _without_values(error))
    if event.source != bearer.source:
        return EventVerdict(event.id, Verdict.INVALID, "the source is not this token's")
    if details.site != bearer.site or details.visit != event.subject:
        return EventVerdict(event.id, Verdict.INVALID, "the site or the visit is not the one it is sent for")
    fields = {**msgspec.structs.asdict(event), "data": details}
    text = _encoder.encode(fields)
    digest = hashlib.sha256(text).digest()
    when = event.time.isoformat()
    return Told(event.source, event.id, int(event.sequence), event.type, when, digest, text.decode())


class _Details(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    site: Id
    visit: Id
    member: Id
    clock: Literal["unset", "set", "synced"]


class _Arrived(_Details, frozen=True, forbid_unknown_fields=True):
    agency: Id


class _Closed(_Details, frozen=True, forbid_unknown_fields=True):
    closed_at: Moment


class _Undone(_Details, frozen=True, forbid_unknown_fields=True):
    undoes: Id


_DETAILS: Mapping[str, "msgspec.json.Decoder[_Details]"] = {
    "se.samverket.visit.arrived": msgspec.json.Decoder(_Arrived),
    "se.samverket.visit.took_part": msgspec.json.Decoder(_Details),
    "se.samverket.visit.left": msgspec.json.Decoder(_Details),
    "se.samverket.visit.closed_automatically": msgspec.json.Decoder(_Closed),
    "se.samverket.visit.arrival_undone": msgspec.json.Decoder(_Undone),
    "se.samverket.visit.leaving_undone": msgspec.json.Decoder(_Undone),
}
TYPES = tuple(_DETAILS)
"""Every type of event that the centre takes. There is none for where somebody is or whom they are with."""


class _Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    specversion: Literal["1.0"]
    id: Id
    source: Id
    type: Literal[
        "se.samverket.visit.arrived",
        "se.samverket.visit.took_part",
        "se.samverket.visit.left",
        "se.samverket.visit.closed_automatically",
        "se.samverket.visit.arrival_undone",
        "se.samverket.visit.leaving_undone",
    ]
    subject: Id
    time: Moment
    sequence: Annotated[str, msgspec.Meta(pattern="^[0-9]{16}$")]
    datacontenttype: Literal["application/json"]
    data: msgspec.Raw


class _OnlyId(msgspec.Struct, frozen=True):
    id: Id


_batch = msgspec.json.Decoder(tuple[msgspec.Raw, ...])
_event = msgspec.json.Decoder(_Event)
_only_id = msgspec.json.Decoder(_OnlyId)
_encoder = msgspec.json.Encoder(order="deterministic")


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
