"""Makes small houses for tests: a clock that is told the time, ids in order, a few members, zones and occupancies."""

from datetime import UTC, datetime, timedelta
from itertools import count

from kiosk.domain.company import Surroundings
from kiosk.domain.decision import Facts
from kiosk.domain.house import House
from kiosk.domain.ids import ActivityId, AgencyId, BadgeKey, BootId, EventId, MemberId, VisitId, ZoneId
from kiosk.domain.instant import ClockState, Instant
from kiosk.domain.members import Agency, Badge, BadgeStatus, Holder, Member
from kiosk.domain.rule import Rule
from kiosk.domain.zones import Occupancy, People, Words, Zone, ZoneState

START = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
BOOT = BootId("boot-1")
FIRE = ZoneId("lagerelden")
COURSE = ZoneId("hinderbanan")
REST = ZoneId("rastplatsen")
ZONES = {
    one: Zone(id=one, name=Words(one.capitalize(), one), about=Words("om", "about"), counts=True)
    for one in (FIRE, COURSE, REST)
}
AGENCY = Agency(AgencyId("exempel"), "Exempelmyndigheten", 10)


def at(seconds: float, boot: BootId = BOOT, clock: ClockState = ClockState.SYNCED) -> Instant:
    """Return the moment that many seconds after the house opened."""
    return Instant(START + timedelta(seconds=seconds), boot, seconds, clock)


class ToldClock:
    """A clock that stands still until it is told to go on."""

    def __init__(self, seconds: float = 0.0) -> None:
        """Start that many seconds after the house opened."""
        self.seconds = seconds

    def __call__(self) -> Instant:
        """Return the moment it was told."""
        return at(self.seconds)

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds


class CountedIds:
    """Ids `id-000001`, `id-000002` and so on."""

    def __init__(self) -> None:
        """Begin at one."""
        self._next = count(1)

    def __call__(self) -> str:
        """Return the next id."""
        return f"id-{next(self._next):06}"

    def event(self) -> EventId:
        """Return the next id as an event's."""
        return EventId(self())

    def visit(self) -> VisitId:
        """Return the next id as a visit's."""
        return VisitId(self())

    def activity(self) -> ActivityId:
        """Return the next id as an activity's."""
        return ActivityId(self())


def member(name: str, *, is_active: bool = True) -> Member:
    """Return a member called that."""
    return Member(MemberId(name.lower()), name, AGENCY.id, active=is_active)


def holder(name: str, status: BadgeStatus = BadgeStatus.ACTIVE, *, is_active: bool = True) -> Holder:
    """Return a member with a badge of that status."""
    who = member(name, is_active=is_active)
    return Holder(who, AGENCY, Badge(BadgeKey(who.id.ljust(64, "0")), 1, who.id, status))


def occupancy(zone: ZoneId, state: ZoneState, now: Instant, *, low: int = 0, high: int | None = None) -> Occupancy:
    """Return what sensors that were just heard say of a zone."""
    return Occupancy(
        zone=zone,
        state=state,
        since=now,
        heard=now,
        people=People(low, float(low), high),
        confidence=0.9,
        reason=Words("skäl", "reason"),
    )


def surroundings(*occupancies: Occupancy, rule: Rule | None = None) -> Surroundings:
    """Return the three zones with these occupancies."""
    return Surroundings(rule=rule or Rule(), zones=ZONES, occupancies={one.zone: one for one in occupancies})


def facts(house: House, who: Holder | None, ids: CountedIds, rule: Rule | None = None) -> Facts:
    """Return the facts for a request about this holder, with a fresh roster."""
    return Facts(
        rule=rule or Rule(),
        zones=frozenset(ZONES),
        new_id=ids,
        house=house,
        holder=who,
        presence=house.presences.get(who.member.id) if who else None,
        roster_age_s=60.0,
        reference="ABC-DEF",
    )
