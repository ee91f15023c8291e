"""What the desk answers. A refusal is an answer like any other; texts for it live in `kiosk.look` and `reasons`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.domain.events import Rights
from kiosk.domain.ids import ActivityId, GuestId, ReaderId, RequestId, VisitId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.members import BadgeLevel, Language
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
    CHOSEN = "chosen"
    THANKED = "thanked"
    GUEST_IN = "guest_in"
    GUEST_MOVED = "guest_moved"
    GUEST_OUT = "guest_out"
    CORRECTED = "corrected"
    CLEARED = "cleared"
    ORDERED = "ordered"
    ACTIVITY_PLANNED = "activity_planned"
    ACTIVITY_CANCELLED = "activity_cancelled"
    BADGE_ENROLLED = "badge_enrolled"
    BADGE_LOST = "badge_lost"
    BADGE_FOUND = "badge_found"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ZoneChoice:
    """A zone one may join, and how it is there now. `joined` counts the badges that have joined it."""

    id: ZoneId
    name: Words
    about: Words
    state: ZoneState
    joined: int


class Offers(StrEnum):
    """Whether a member is offered zones: not while offers pause, and not if they wanted to be let be."""

    WANTED = "wanted"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One concrete invitation to a zone.

    `joined` members and guests are there, of whom `waiting` have no company yet. `names` are those of members there who
    let others read theirs. `activity` is one that runs there or soon will, with its title and times (aware).
    """

    zone: ZoneId
    name: Words
    joined: int
    waiting: int
    names: tuple[str, ...] = ()
    activity: ActivityId | None = None
    title: Words | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What happened to one request.

    `name` is the member's own, for the one who asked; `since` when the visit began; `zone` the zone joined now;
    `repeated` marks an answer said again because the same badge came back within the guard time;
    `undo_s` and `leave_again_s` are how long those ways stay open, 0 when they are not. `named` is whether others may
    read the member's name today; `guests` how many came with them; `seats_exceeded` that their agency now has more
    people in the house than agreed; `guest` and `activity` whom and what a host's request was about; `reference` is the
    badge's, where it is not known, not valid, or what the request was about; `level` what it must show to be accepted.
    `may_call_roll` says that the member is a host, who may call the roll at the screen.
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
    named: bool = False
    offers: Offers = Offers.WANTED
    guests: int = 0
    seats_exceeded: bool = False
    guest: GuestId | None = None
    activity: ActivityId | None = None
    level: BadgeLevel | None = None
    may_call_roll: bool = False
