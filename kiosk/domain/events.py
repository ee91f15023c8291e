"""What happened, in the past tense. These names and fields are a contract: see docs/events.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.domain.ids import (
    ActivityId,
    Actor,
    AgencyId,
    BadgeKey,
    EventId,
    GuestId,
    MemberId,
    ReaderId,
    VisitId,
    ZoneId,
)
from kiosk.domain.instant import Instant
from kiosk.domain.members import BadgeLevel, Language
from kiosk.domain.reasons import Reason
from kiosk.domain.zones import Words, ZoneState


class Rights(StrEnum):
    """How old the membership data was when a decision was made."""

    FRESH = "fresh"
    OLD = "old"


class Why(StrEnum):
    """Why a host corrected a visit: a closed list, so that no personal circumstance is ever written down."""

    FORGOT_TO_TAP = "forgot_to_tap"
    WRONG_TIME = "wrong_time"
    WRONG_PERSON = "wrong_person"
    NEVER_CAME = "never_came"


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a decision on membership rested on: which roster, and how old it was in seconds; None is no roster."""

    roster: str | None
    roster_age_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why somebody is said to have company: counts only, never who.

    `others` are members and guests who joined, besides oneself; `sensed` the people the sensors are sure of, None when
    they cannot say; `host` whether a host has seen it; `activity` whether a host runs an activity there. Without
    sensors that can say, it is uncorroborated.
    """

    others: int
    sensed: int | None
    zone_state: ZoneState
    host: bool = False
    activity: bool = False

    @property
    def corroborated(self) -> bool:
        """Return whether the zone's sensors bear the badges out."""
        return self.zone_state is ZoneState.OCCUPIED


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Anything in the journal: `id` is a UUIDv7 made before anyone else hears of it."""

    id: EventId
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitEvent(Happened):
    """Something in one member's visit."""

    visit: VisitId
    member: MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived(VisitEvent):
    """The member came in: by `badge` at `reader`, or let in by a host, both then None."""

    agency: AgencyId
    badge: BadgeKey | None
    reader: ReaderId | None
    by: Actor
    rights: Rights
    basis: Basis | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAgain(VisitEvent):
    """The badge was shown by somebody already in; it changes nothing but opens the short time in which again leaves."""

    reader: ReaderId


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedZone(VisitEvent):
    """The member joined a zone, and thereby left any other; to join the same one again renews it."""

    zone: ZoneId
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftZone(VisitEvent):
    """The member left the zone and joined no other."""

    zone: ZoneId
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedByHost(VisitEvent):
    """A host saw the member taking part in the zone."""

    zone: ZoneId
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyBegan(VisitEvent):
    """From now on the member has company in the zone."""

    zone: ZoneId
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyEnded(VisitEvent):
    """The member has company no longer."""

    zone: ZoneId


@dataclass(frozen=True, slots=True, kw_only=True)
class TookPart(VisitEvent):
    """The member has had company in the zone long enough to be present: once for each time the zone was joined."""

    zone: ZoneId
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapsed(VisitEvent):
    """The member has waited too long without company: passive, "söker sällskap"."""

    zone: ZoneId


@dataclass(frozen=True, slots=True, kw_only=True)
class Left(VisitEvent):
    """The member went out."""

    reader: ReaderId | None
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedAutomatically(VisitEvent):
    """The visit was ended at the house's local closing time `closed_at` (UTC); whether the member left is uncertain."""

    closed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalUndone(VisitEvent):
    """The arrival `undoes` is taken back: the member never came in."""

    undoes: EventId
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingUndone(VisitEvent):
    """The leaving `undoes` is taken back: the visit goes on as it was."""

    undoes: EventId
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class TapRefused(Happened):
    """A badge was not let in. `member` is known only if the badge was; `reference` only if it was not."""

    reader: ReaderId
    reason: Reason
    member: MemberId | None = None
    reference: str | None = None
    basis: Basis | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalCorrected(VisitEvent):
    """A host moved the arrival `corrects` to `arrived_at` (UTC)."""

    corrects: EventId
    arrived_at: datetime
    why: Why
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingCorrected(VisitEvent):
    """A host moved the leaving `corrects`, automatic or not, to `left_at` (UTC): it is no longer uncertain."""

    corrects: EventId
    left_at: datetime
    why: Why
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitAnnulled(VisitEvent):
    """A host took the arrival `corrects` back, and the whole visit with it, however long ago it was."""

    corrects: EventId
    why: Why
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearedByHost(VisitEvent):
    """A host knows that a member whose visit was closed automatically has left the house."""

    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferMade(VisitEvent):
    """The member was offered a zone, and there an activity if one runs or soon will."""

    zone: ZoneId
    activity: ActivityId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamingChosen(VisitEvent):
    """The member chose whether others may read their name in offers for as long as this visit lasts."""

    shown: bool
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class OffersChosen(VisitEvent):
    """The member chose whether to be offered zones at all, from now on and until they choose otherwise."""

    wanted: bool
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageChosen(VisitEvent):
    """The member chose the language they are answered in, from now on."""

    language: Language
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestArrived(Happened):
    """A guest came in with the member of that visit. The name is kept beside the journal, never in it."""

    guest: GuestId
    visit: VisitId
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestJoinedZone(Happened):
    """The guest went to a zone of their own; until then they are where their member is."""

    guest: GuestId
    zone: ZoneId
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestHandedOver(Happened):
    """The guest is from now on with the member of another visit, and leaves when that one does."""

    guest: GuestId
    visit: VisitId
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestLeft(Happened):
    """The guest left before their member. When the member leaves, the guest is gone without an event of their own."""

    guest: GuestId
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatsExceeded(Happened):
    """With this visit more people of an agency were in the house than its agreement has room for at once."""

    agency: AgencyId
    visit: VisitId
    limit: int
    inside: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityPlanned(Happened):
    """A host will run an activity in the zone from `starts_at` until `ends_at` (UTC): while it runs it is company."""

    activity: ActivityId
    zone: ZoneId
    title: Words
    starts_at: datetime
    ends_at: datetime
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityCancelled(Happened):
    """The activity does not take place, or ends now."""

    activity: ActivityId
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeEvent(Happened):
    """Something about one member's badge, known by its key under that version of the secret."""

    badge: BadgeKey
    key_version: int
    member: MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeEnrolled(BadgeEvent):
    """A host tied the badge to the member; `level` is what it must show from now on to be accepted."""

    level: BadgeLevel
    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeRekeyed(BadgeEvent):
    """The badge that was known as `was`, under an older secret, is known by this key from now on."""

    was: BadgeKey
    level: BadgeLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeReportedLost(BadgeEvent):
    """A host reported the badge lost: it opens for nobody, by the key that it `was` known as neither."""

    by: Actor
    was: BadgeKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeFound(BadgeEvent):
    """A host reported a lost badge found: it is the member's again. `was` is an older key of it."""

    by: Actor
    was: BadgeKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeCopied(BadgeEvent):
    """A card with the number of a verified badge could not prove to be it, or replayed an old proof: a copy."""

    reader: ReaderId


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTaken(Happened):
    """From now on the desk decides by these numbers of the rule."""

    numbers: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class BrakeLifted(Happened):
    """A host let the centre take away as many members as it says: the brake gives way once, to that removal alone.

    `removal` is the code of the one that the host saw held; without one nothing gives way.
    """

    by: Actor
    removal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineRetried(Happened):
    """A host had all events that were put aside sent to the centre again."""

    by: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRan(Happened):
    """What had been kept long enough was removed: how much of each kind, and by which deletion decision."""

    removed: Mapping[str, int]
    decision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonErased(Happened):
    """All that the house kept of one member is erased, by that decision.

    `mark` tells whoever holds the member's id that it is they who are meant, and nobody else anything.
    """

    mark: str
    decision: str
    by: Actor


TYPE_NAMES: dict[str, type[Happened]] = {
    "arrived": Arrived,
    "seen_again": SeenAgain,
    "joined_zone": JoinedZone,
    "left_zone": LeftZone,
    "confirmed_by_host": ConfirmedByHost,
    "company_began": CompanyBegan,
    "company_ended": CompanyEnded,
    "took_part": TookPart,
    "lapsed": Lapsed,
    "left": Left,
    "closed_automatically": ClosedAutomatically,
    "arrival_undone": ArrivalUndone,
    "leaving_undone": LeavingUndone,
    "tap_refused": TapRefused,
    "arrival_corrected": ArrivalCorrected,
    "leaving_corrected": LeavingCorrected,
    "visit_annulled": VisitAnnulled,
    "cleared_by_host": ClearedByHost,
    "offer_made": OfferMade,
    "naming_chosen": NamingChosen,
    "offers_chosen": OffersChosen,
    "language_chosen": LanguageChosen,
    "guest_arrived": GuestArrived,
    "guest_joined_zone": GuestJoinedZone,
    "guest_handed_over": GuestHandedOver,
    "guest_left": GuestLeft,
    "seats_exceeded": SeatsExceeded,
    "activity_planned": ActivityPlanned,
    "activity_cancelled": ActivityCancelled,
    "badge_enrolled": BadgeEnrolled,
    "badge_rekeyed": BadgeRekeyed,
    "badge_reported_lost": BadgeReportedLost,
    "badge_found": BadgeFound,
    "badge_copied": BadgeCopied,
    "rule_taken": RuleTaken,
    "brake_lifted": BrakeLifted,
    "quarantine_retried": QuarantineRetried,
    "retention_ran": RetentionRan,
    "person_erased": PersonErased,
}
"""The name each kind of event is stored under. A name, once used, keeps its meaning for good."""

NAME_OF: dict[type[Happened], str] = {kind: name for name, kind in TYPE_NAMES.items()}
