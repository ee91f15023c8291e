"""What the house itself lets go of in the night: where those who left had been, and what was offered to them. Pure."""

from collections.abc import Collection
from dataclasses import replace

from kiosk.domain.house import House
from kiosk.domain.ids import MemberId
from kiosk.domain.instant import Instant
from kiosk.domain.preferences import Preferences
from kiosk.domain.presence import Presence
from kiosk.domain.retention import DETAIL_S

UNDO_MAX_S = 300
"""After this long nobody's leaving can be taken back, by the widest bounds of the rule."""


def faded(house: House, now: Instant, not_seen: Collection[MemberId] = ()) -> House:
    """Return the house without the detail of visits closed a day ago, and without the choices of those not seen."""
    presences = {member: _without_detail(one, now, DETAIL_S) for member, one in house.presences.items()}
    chosen = {member: _past(one, house) for member, one in house.preferences.items() if member not in not_seen}
    is_same = presences == house.presences and chosen == house.preferences
    return house if is_same else replace(house, presences=presences, preferences=chosen)


def for_checkpoint(house: House, now: Instant) -> House:
    """Return the house as it is kept till the next night to rebuild it from: closed visits have no detail left."""
    presences = {member: _without_detail(one, now, UNDO_MAX_S) for member, one in house.presences.items()}
    lately = {one.visit for one in house.presences.values() if not _is_over(one, now, UNDO_MAX_S)}
    guests = {guest: one for guest, one in house.guests.items() if one.visit in lately}
    return replace(house, presences=presences, guests=guests)


def _without_detail(one: Presence, now: Instant, after_s: float) -> Presence:
    if not _is_over(one, now, after_s) or one.uncertain:
        return one
    bare = replace(one, badge=None, seen_again_at=None, last_seen_at=None, zone=None, last_zone=None, before=None)
    return replace(bare, joined_at=None, confirmed_at=None, company_since=None, waiting_since=None, waited_s=0.0)


def _is_over(one: Presence, now: Instant, after_s: float) -> bool:
    return one.left_at is not None and now.seconds_since(one.left_at) >= after_s


def _past(one: Preferences, house: House) -> Preferences:
    """Return the choices without the visit of the last offer, once that is over."""
    visit = house.of_visit(one.offered_in) if one.offered_in else None
    return one if one.offered_in is None or (visit and visit.inside) else replace(one, offered_in=None)
