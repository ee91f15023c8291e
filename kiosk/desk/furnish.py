"""What an answer or a list needs besides the decision: zones to choose, one offer, names for a host. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from kiosk.domain.answers import Answer, Outcome, ZoneChoice
from kiosk.domain.board import Person
from kiosk.domain.company import Surroundings
from kiosk.domain.house import House
from kiosk.domain.ids import MemberId
from kiosk.domain.instant import Instant
from kiosk.domain.members import Holder
from kiosk.domain.offer import offer_for
from kiosk.domain.presence import Presence
from kiosk.domain.zones import Zone, ZoneState

WITH_CHOICE = frozenset({Outcome.ARRIVED, Outcome.ALREADY_IN, Outcome.LEAVING_UNDONE, Outcome.LEFT_ZONE})
"""The answers after which a zone can be chosen."""


def furnish(answer: Answer, house: House, around: Surroundings) -> Answer:
    """Return the answer with the zones one may choose now and one offer, where the outcome calls for them."""
    if answer.outcome not in WITH_CHOICE or answer.visit is None:
        return answer
    presence = house.of_visit(answer.visit)
    offer = offer_for(presence.member, house, around.zones) if presence else None
    zones = tuple(_choice(zone, house, around, answer.at) for zone in around.zones.values())
    return replace(answer, zones=zones, offer=offer)


def people(inside: tuple[Presence, ...], holders: Mapping[MemberId, Holder], now: Instant) -> tuple[Person, ...]:
    """Return the people in the house as a host sees them; somebody no longer on the roster stands without a name."""
    return tuple(_person(one, holders.get(one.member), now) for one in inside)


def _choice(zone: Zone, house: House, around: Surroundings, now: Instant) -> ZoneChoice:
    occupancy = around.occupancies.get(zone.id)
    state = occupancy.as_of(now) if occupancy else ZoneState.UNKNOWN
    joined = sum(one.zone == zone.id for one in house.inside())
    return ZoneChoice(id=zone.id, name=zone.name, about=zone.about, state=state, joined=joined)


def _person(one: Presence, holder: Holder | None, now: Instant) -> Person:
    return Person(
        visit=one.visit,
        name=holder.member.name if holder else "?",
        agency=holder.agency.name if holder else one.agency,
        state=one.state,
        zone=one.zone,
        since=one.arrived_at,
        waited_s=one.waited(now),
    )
