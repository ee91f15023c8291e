"""One concrete invitation: where somebody would be glad of company."""

from collections.abc import Mapping

from kiosk.domain.answers import Offer
from kiosk.domain.house import House
from kiosk.domain.ids import MemberId, ZoneId
from kiosk.domain.presence import Presence
from kiosk.domain.zones import Zone


def offer_for(member: MemberId, house: House, zones: Mapping[ZoneId, Zone]) -> Offer | None:
    """Return the zone to invite this member to, or None while nobody else has joined one.

    Zones where somebody waits without company come first, then those where most have joined; only zones that count.
    """
    own = house.presences.get(member)
    others = [one for one in house.inside() if one.member != member]
    offers = [_offer(zone, others) for zone in zones.values() if zone.counts and (own is None or own.zone != zone.id)]
    return max((one for one in offers if one.joined), key=lambda one: (one.waiting > 0, one.joined), default=None)


def _offer(zone: Zone, others: list[Presence]) -> Offer:
    there = [one for one in others if one.zone == zone.id]
    waiting = sum(one.company_since is None for one in there)
    return Offer(zone=zone.id, name=zone.name, joined=len(there), waiting=waiting)
