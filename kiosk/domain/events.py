"""What happened, in the past tense. These names and fields are a contract: see docs/events.md."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.domain.ids import Actor, AgencyId, BadgeKey, EventId, MemberId, ReaderId, VisitId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.reasons import Reason
from kiosk.domain.zones import ZoneState


class Rights(StrEnum):
    """How old the membership data was when a decision was made."""

    FRESH = "fresh"
    OLD = "old"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why somebody is said to have company: counts only, never who.

    `others` are joined badges besides one's own; `sensed` the people the sensors are sure of, None when they cannot
    say; `host` whether a host has seen it. Without sensors that can say, it is uncorroborated.
    """

    others: int
    sensed: int | None
    zone_state: ZoneState
    host: bool = False

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


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAgain(VisitEvent):
    """The badge was shown by somebody already in; it changes nothing but opens the short time in which again leaves."""

    reader: ReaderId


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedZone(VisitEvent):
    """The member joined a zone, and thereby left any other."""

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
    """The member has had company long enough to be present."""

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
}
"""The name each kind of event is stored under. A name, once used, keeps its meaning for good."""

NAME_OF: dict[type[Happened], str] = {kind: name for name, kind in TYPE_NAMES.items()}
