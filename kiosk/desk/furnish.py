"""What an answer or a list needs besides the decision: zones to choose, names, and the member's own choices. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from kiosk.domain.answers import Answer, Offer, Outcome, ZoneChoice
from kiosk.domain.board import Person
from kiosk.domain.company import Surroundings
from kiosk.domain.guests import Guest
from kiosk.domain.house import House
from kiosk.domain.ids import GuestId, MemberId
from kiosk.domain.instant import Instant
from kiosk.domain.members import Holder
from kiosk.domain.offer import offers_of
from kiosk.domain.presence import Presence
from kiosk.domain.zones import Zone, ZoneState

WITH_CHOICE = frozenset(
    {Outcome.ARRIVED, Outcome.ALREADY_IN, Outcome.LEAVING_UNDONE, Outcome.LEFT_ZONE, Outcome.CHOSEN}
)
"""The answers after which a zone can be chosen."""
WITH_OFFER = frozenset({Outcome.ARRIVED, Outcome.ALREADY_IN})
"""The answers that may carry an offer: those to a tap or a check-in."""
NAMES_MAX = 2
"""How many names an offer carries: somebody to look for, not a list of who is here."""


def furnish(answer: Answer, house: House, around: Surroundings) -> Answer:
    """Return the answer with the zones one may choose now, where the outcome calls for them, and one's own choices."""
    presence = house.of_visit(answer.visit) if answer.visit else None
    if presence is None:
        return answer
    chosen = house.preferences.get(presence.member)
    guests = sum(one.visit == presence.visit for one in house.guests_inside())
    offers = offers_of(chosen, around.rule, answer.at)
    answer = replace(answer, named=presence.named, offers=offers, guests=guests)
    if answer.outcome not in WITH_CHOICE or not presence.inside:
        return answer
    return replace(answer, zones=tuple(_choice(zone, house, around, answer.at) for zone in around.zones.values()))


def named_in(offer: Offer, house: House, own: MemberId) -> tuple[MemberId, ...]:
    """Return those in the offer's zone who let others read their name today, the newest there first."""
    there = [one for one in house.inside() if one.zone == offer.zone and one.named and one.member != own]
    there.sort(key=lambda one: one.joined_at.wall if one.joined_at else one.arrived_at.wall, reverse=True)
    return tuple(one.member for one in there[:NAMES_MAX])


def for_people(offer: Offer, names: tuple[str, ...], zone: ZoneInfo) -> Offer:
    """Return the offer with names, and with its times as the clock on the wall shows them."""
    return replace(offer, names=names, starts_at=_local(offer.starts_at, zone), ends_at=_local(offer.ends_at, zone))


def people(
    house: House, holders: Mapping[MemberId, Holder], guest_names: Mapping[GuestId, str], now: Instant
) -> tuple[Person, ...]:
    """Return the people in the house as a host sees them, guests after their members.

    A member no longer on the roster, and a guest whose name is gone, stand without a name.
    """
    listed = []
    for one in house.inside():
        listed.append(_person(one, holders.get(one.member), now))
        mine = (guest for guest in house.guests_inside() if guest.visit == one.visit)
        listed += [_guest(guest, listed[-1], guest_names.get(guest.id, "?"), house) for guest in mine]
    return tuple(listed)


def _choice(zone: Zone, house: House, around: Surroundings, now: Instant) -> ZoneChoice:
    occupancy = around.occupancies.get(zone.id)
    state = occupancy.as_of(now) if occupancy else ZoneState.UNKNOWN
    joined = len(house.joined(zone.id))
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


def _guest(guest: Guest, member: Person, name: str, house: House) -> Person:
    zone = house.zone_of(guest)
    return replace(
        member, guest=guest.id, guest_of=member.name, name=name, zone=zone, since=guest.arrived_at, waited_s=0.0
    )


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return moment.astimezone(zone) if moment else None
