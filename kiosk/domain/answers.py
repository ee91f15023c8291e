"""What the desk answers. A refusal is an answer like any other; texts for it live in `kiosk.look` and `reasons`."""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.events import Rights
from kiosk.domain.ids import ReaderId, RequestId, VisitId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.members import Language
from kiosk.domain.reasons import Reason
from kiosk.domain.zones import Words, ZoneState


class Outcome(StrEnum):
    """Every way a request can end."""

    ARRIVED = "arrived"
    ALREADY_IN = "already_in"
    LEFT = "left"
    JOINED = "joined"
    LEFT_ZONE = "left_zone"
    ARRIVAL_UNDONE = "arrival_undone"
    LEAVING_UNDONE = "leaving_undone"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ZoneChoice:
    """A zone one may join, and how it is there now. `joined` counts the badges that have joined it."""

    id: ZoneId
    name: Words
    about: Words
    state: ZoneState
    joined: int


@dataclass(frozen=True, slots=True)
class Offer:
    """One concrete invitation: to a zone where `waiting` others have no company yet and `joined` have joined in all."""

    zone: ZoneId
    name: Words
    joined: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What happened to one request.

    `name` is the member's own, for the one who asked; `since` when the visit began; `zone` the zone joined now;
    `repeated` marks an answer said again because the same badge came back within the guard time;
    `undo_s` and `leave_again_s` are how long those ways stay open, 0 when they are not.
    """

    request: RequestId
    at: Instant
    outcome: Outcome
    reader: ReaderId | None = None
    reason: Reason | None = None
    reference: str | None = None
    visit: VisitId | None = None
    name: str | None = None
    language: Language = Language.SV
    since: Instant | None = None
    zone: ZoneId | None = None
    zones: tuple[ZoneChoice, ...] = ()
    offer: Offer | None = None
    rights: Rights = Rights.FRESH
    repeated: bool = False
    undo_s: int = 0
    leave_again_s: int = 0
