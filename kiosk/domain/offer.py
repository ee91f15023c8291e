"""One concrete invitation: where somebody would be glad of company. Never pressing, never the same twice in a row."""

from kiosk.domain.activities import Activity
from kiosk.domain.answers import Offer, Offers
from kiosk.domain.company import Surroundings
from kiosk.domain.house import House
from kiosk.domain.ids import ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.preferences import Preferences
from kiosk.domain.presence import Presence
from kiosk.domain.rule import Rule
from kiosk.domain.zones import Zone


def offers_of(chosen: Preferences | None, rule: Rule, now: Instant) -> Offers:
    """Return whether a member with these preferences is offered zones."""
    if chosen is None:
        return Offers.WANTED
    if not chosen.offers_wanted:
        return Offers.ENDED
    ignored = chosen.ignored_in_a_row >= rule.offers_ignored_max
    lately = chosen.offered_at is not None and now.seconds_since(chosen.offered_at) < rule.offers_pause_s
    return Offers.PAUSED if ignored and lately else Offers.WANTED


def offer_for(one: Presence, house: House, around: Surroundings, now: Instant) -> Offer | None:
    """Return the zone to invite this member to now, or None.

    None while they have company, while offers pause or are not wanted, and for `grace_s` after the last one in the same
    visit. The zone is one that counts and where somebody is, or an activity runs or soon will: first where somebody
    waits without company, then where there is an activity, then where most are.
    """
    chosen = house.preferences.get(one.member)
    if not one.inside or one.company_since is not None or offers_of(chosen, around.rule, now) is not Offers.WANTED:
        return None
    if _was_just_offered(one, chosen, around.rule, now):
        return None
    offers = [_offer(zone, one, house, now) for zone in around.zones.values() if zone.counts and zone.id != one.zone]
    live = [offer for offer in offers if (offer.joined or offer.activity) and not _is_the_last(offer, chosen)]
    return max(live, key=lambda offer: (offer.waiting > 0, offer.activity is not None, offer.joined), default=None)


def _was_just_offered(one: Presence, chosen: Preferences | None, rule: Rule, now: Instant) -> bool:
    if chosen is None or chosen.offered_at is None or chosen.offered_in != one.visit:
        return False
    return now.seconds_since(chosen.offered_at) < rule.grace_s


def _is_the_last(offer: Offer, chosen: Preferences | None) -> bool:
    """Return whether the member would read the same offer twice in a row: a new activity makes it another."""
    if chosen is None or chosen.offered_zone != offer.zone:
        return False
    return offer.activity is None or offer.activity == chosen.offered_activity


def _offer(zone: Zone, one: Presence, house: House, now: Instant) -> Offer:
    joined = [other for other in house.presences.values() if other.zone == zone.id]
    there = [other for other in joined if other.inside and other.member != one.member]
    guests = sum(guest.visit != one.visit and house.zone_of(guest) == zone.id for guest in house.guests_inside())
    activity = _activity(zone.id, house, now)
    return Offer(
        zone=zone.id,
        name=zone.name,
        joined=len(there) + guests,
        waiting=sum(other.company_since is None for other in there),
        activity=activity.id if activity else None,
        title=activity.title if activity else None,
        starts_at=activity.starts_at if activity else None,
        ends_at=activity.ends_at if activity else None,
    )


def _activity(zone: ZoneId, house: House, now: Instant) -> Activity | None:
    near = [one for one in house.activities.values() if one.zone == zone and one.is_near(now)]
    return min(near, key=lambda one: one.starts_at, default=None)
