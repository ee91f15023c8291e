"""What somebody asks of the desk, in the imperative. Each carries its id and the moment it was asked."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.domain.badge import Proof, Uid
from kiosk.domain.direction import Direction
from kiosk.domain.events import Why
from kiosk.domain.ids import ActivityId, Actor, BadgeKey, GuestId, MemberId, ReaderId, RequestId, VisitId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.members import Language
from kiosk.domain.reasons import Reason
from kiosk.domain.zones import Words

NAME_MAX = 80
"""The longest name of a guest, in characters."""
TITLE_MAX = 60
"""The longest title of an activity, in characters: it stands on one line of the screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Anything asked of the desk."""

    id: RequestId
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap(Request):
    """Let the holder of this badge in or out: one presentation of one card at a reader, and what the card proved."""

    reader: ReaderId
    direction: Direction
    uid: Uid
    proof: Proof | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedTap(Request):
    """Tell whoever stands at the reader why the card could not be read."""

    reader: ReaderId
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRequest(Request):
    """Anything asked about one visit, by its member or by a host."""

    visit: VisitId
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinZone(VisitRequest):
    """Join the zone, and leave any other."""

    zone: ZoneId


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveZone(VisitRequest):
    """Leave the zone, and join no other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave(VisitRequest):
    """Check out. Never refused to somebody who is in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo(VisitRequest):
    """Take back the visit's arrival or leaving, whichever came last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn(Request):
    """Let a member in without a badge, as a host may."""

    member: MemberId
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(VisitRequest):
    """Record that a host saw the member taking part in the zone they joined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseNaming(VisitRequest):
    """Let others read the member's name in offers while this visit lasts, or not."""

    shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseOffers(VisitRequest):
    """Offer the member zones, or let them be."""

    wanted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseLanguage(VisitRequest):
    """Answer the member in this language from now on."""

    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectArrival(VisitRequest):
    """Record when the member really came, as a host knows it: not after they left, and never in the future."""

    arrived_at: datetime
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectLeaving(VisitRequest):
    """Record when the member really left, as a host knows it: not before they came, and never in the future."""

    left_at: datetime
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnulVisit(VisitRequest):
    """Take the whole visit back: it never was."""

    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearVisit(VisitRequest):
    """Take a member whose visit was closed automatically off the evacuation list: a host knows that they have left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetGuestIn(VisitRequest):
    """Let a guest in with the member of the visit."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestRequest(Request):
    """Anything asked about one guest."""

    guest: GuestId
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class LetGuestOut(GuestRequest):
    """Let the guest out before their member. Never refused to a guest who is in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveGuest(GuestRequest):
    """Count the guest in a zone of their own."""

    zone: ZoneId


@dataclass(frozen=True, slots=True, kw_only=True)
class HandGuestOver(GuestRequest):
    """Let the guest stay with the member of another visit."""

    visit: VisitId


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanActivity(Request):
    """Announce that a host runs an activity in a zone, from `starts_at` until `ends_at` (UTC)."""

    zone: ZoneId
    title: Words
    starts_at: datetime
    ends_at: datetime
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelActivity(Request):
    """Announce that the activity does not take place, or ends now."""

    activity: ActivityId
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolBadge(Request):
    """Tie the badge that was shown here twice, and is known by its reference only, to the member."""

    reference: str
    member: MemberId
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportBadge(Request):
    """Tie a badge out of a list to the member: nobody has shown it here."""

    badge: BadgeKey
    key_version: int
    member: MemberId
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeReport(Request):
    """Anything reported of a badge: the one of that reference, or the only one of the member that it can be about."""

    member: MemberId | None
    reference: str | None
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportBadgeLost(BadgeReport):
    """Let the badge open for nobody, here at once and elsewhere as soon as the centre knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportBadgeFound(BadgeReport):
    """Let a badge that was reported lost open for its member again."""


class MetSomebody(StrEnum):
    """What may be answered on the way out to "did you meet somebody new?"."""

    YES = "yes"
    NO = "no"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerExit(Request):
    """Count one answer to the question at the exit. It names no visit: nothing ties it to anybody."""

    met: MetSomebody


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftBrake(Request):
    """Let the centre take away as many members as it says: the removal of that code, which was seen to be held."""

    removal: str
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryQuarantine(Request):
    """Send all events that were put aside to the centre again."""

    by: Actor
