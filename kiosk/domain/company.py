"""Who has company at this instant, and which events of the rule are therefore due."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kiosk.domain import events
from kiosk.domain.house import House
from kiosk.domain.ids import EventId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.presence import Presence, State
from kiosk.domain.rule import Rule
from kiosk.domain.zones import Occupancy, Zone, ZoneState


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the rule looks at besides the badges: the zones, what their sensors say, and the rule's numbers."""

    rule: Rule
    zones: Mapping[ZoneId, Zone]
    occupancies: Mapping[ZoneId, Occupancy] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Gathering:
    """One zone at one instant.

    How many joins of members and guests there are, how many count as company and how many of them are fresh, what the
    sensors say, and whether a host runs an activity. It is `silent` if it has sensors, and they say nothing.
    """

    joins: int
    silent: bool
    countable: int
    fresh: int
    state: ZoneState
    sensed: int | None
    activity: bool


def due(
    house: House, around: Surroundings, now: Instant, new_id: Callable[[], EventId]
) -> tuple[events.VisitEvent, ...]:
    """Return the events that have come due at `now`: at most one for each member in the house.

    Company begins and ends as the badges, the sensors and the hosts say; taking part for `settle_s` makes present;
    waiting for `linger_s` makes passive.
    """
    joined = [one for one in house.presences.values() if one.zone is not None and one.inside]
    gatherings = {zone: _gathering(zone, house, around, now) for zone in {one.zone for one in joined if one.zone}}
    found = (_due_one(one, gatherings, around, now, new_id) for one in joined)
    return tuple(event for event in found if event is not None)


def company(one: Presence, house: House, around: Surroundings, now: Instant) -> events.Evidence | None:
    """Return the evidence that this member has company now, or None."""
    if one.zone is None:
        return None
    return _evidence(one, _gathering(one.zone, house, around, now), around, now)


def _due_one(
    one: Presence,
    gatherings: Mapping[ZoneId, _Gathering],
    around: Surroundings,
    now: Instant,
    new_id: Callable[[], EventId],
) -> events.VisitEvent | None:
    zone = one.zone
    if zone is None:
        return None
    there = gatherings[zone]
    evidence = _evidence(one, there, around, now)
    if evidence is None:
        # Old joins are company while the sensors bear them out; that these fell silent is not held against anybody.
        is_held = there.silent and there.joins >= around.rule.company_min
        return None if is_held else _due_alone(one, zone, around.rule, now, new_id)
    if one.company_since is None:
        return events.CompanyBegan(
            id=new_id(), at=now, visit=one.visit, member=one.member, zone=zone, evidence=evidence
        )
    took_part = one.state is State.PRESENT and one.took_part_here
    if not took_part and now.seconds_since(one.company_since) >= around.rule.settle_s:
        return events.TookPart(id=new_id(), at=now, visit=one.visit, member=one.member, zone=zone, evidence=evidence)
    return None


def _due_alone(
    one: Presence, zone: ZoneId, rule: Rule, now: Instant, new_id: Callable[[], EventId]
) -> events.VisitEvent | None:
    if one.company_since is not None:
        return events.CompanyEnded(id=new_id(), at=now, visit=one.visit, member=one.member, zone=zone)
    if one.state is not State.PASSIVE and one.waited(now) >= rule.linger_s:
        return events.Lapsed(id=new_id(), at=now, visit=one.visit, member=one.member, zone=zone)
    return None


def _gathering(zone: ZoneId, house: House, around: Surroundings, now: Instant) -> _Gathering:
    occupancy = around.occupancies.get(zone)
    state = occupancy.as_of(now) if occupancy else ZoneState.UNKNOWN
    ages = [now.seconds_since(joined) for joined in house.joined(zone)]
    return _Gathering(
        joins=len(ages),
        silent=occupancy is not None and state is ZoneState.UNKNOWN,
        countable=sum(_countable(age, state, around.rule) for age in ages),
        fresh=sum(age <= around.rule.join_fresh_s for age in ages),
        state=state,
        sensed=occupancy.people.low if occupancy and state is not ZoneState.UNKNOWN else None,
        activity=any(one.zone == zone and one.runs(now) for one in house.activities.values()),
    )


def _countable(age_s: float, state: ZoneState, rule: Rule) -> bool:
    return state is ZoneState.OCCUPIED or age_s <= rule.join_company_s


def _evidence(one: Presence, there: _Gathering, around: Surroundings, now: Instant) -> events.Evidence | None:
    rule = around.rule
    zone = around.zones.get(one.zone) if one.zone else None
    if zone is None or not zone.counts or one.joined_at is None:
        return None
    confirmed_s = now.seconds_since(one.confirmed_at) if one.confirmed_at else None
    hosted = confirmed_s is not None and confirmed_s <= rule.join_company_s
    fresh = there.fresh >= rule.company_min or (confirmed_s is not None and confirmed_s <= rule.join_fresh_s)
    if there.state is ZoneState.VACANT and not fresh:
        return None
    others = there.countable - _countable(now.seconds_since(one.joined_at), there.state, rule)
    by_badges = others + 1 >= rule.company_min
    by_sensors = (there.sensed or 0) >= rule.company_min
    if not (by_badges or by_sensors or hosted or there.activity):
        return None
    return events.Evidence(
        others=others, sensed=there.sensed, zone_state=there.state, host=hosted, activity=there.activity
    )
