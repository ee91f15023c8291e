"""Everybody in the house, and what an event does to all of them. Whose turn it is to change is said in `presence`."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import get_args

from kiosk.domain import events, guests, preferences, presence
from kiosk.domain.activities import Activity, planned
from kiosk.domain.guests import Guest, GuestEvent
from kiosk.domain.ids import ActivityId, BadgeKey, GuestId, MemberId, VisitId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.preferences import Preferences
from kiosk.domain.presence import Presence


@dataclass(frozen=True, slots=True)
class House:
    """Everybody's presence, by member. Those out are kept while something may still refer to their visit.

    Beside them the guests, what members chose, what hosts run, and the numbers of the rule last taken.
    """

    presences: Mapping[MemberId, Presence] = field(default_factory=dict)
    guests: Mapping[GuestId, Guest] = field(default_factory=dict)
    preferences: Mapping[MemberId, Preferences] = field(default_factory=dict)
    activities: Mapping[ActivityId, Activity] = field(default_factory=dict)
    rule_numbers: Mapping[str, int] = field(default_factory=dict)

    def inside(self) -> tuple[Presence, ...]:
        """Return the presences of those in the house, in order of arrival."""
        out = presence.State.OUT
        return tuple([one for one in self.presences.values() if one.state is not out])

    def guests_inside(self) -> tuple[Guest, ...]:
        """Return the guests in the house, in order of arrival: those who have not left, and whose member has not."""
        if not self.guests:
            return ()
        open_visits = {one.visit for one in self.inside()}
        return tuple(one for one in self.guests.values() if one.left_at is None and one.visit in open_visits)

    def zone_of(self, guest: Guest) -> ZoneId | None:
        """Return where the guest is: in a zone of their own, else where their member is."""
        if guest.zone is not None:
            return guest.zone
        member = self.of_visit(guest.visit)
        return member.zone if member else None

    def joined(self, zone: ZoneId) -> tuple[Instant, ...]:
        """Return when each member and guest now in the zone joined it; a guest joins with their member."""
        members = [one.joined_at for one in self.presences.values() if one.zone == zone and one.inside]
        guests = [self._guest_joined(one) for one in self.guests_inside() if self.zone_of(one) == zone]
        return tuple([one for one in (*members, *guests) if one is not None])

    def _guest_joined(self, guest: Guest) -> Instant | None:
        member = self.of_visit(guest.visit)
        return guest.joined_at if guest.zone is not None else member.joined_at if member else None

    def of_badge(self, keys: Collection[BadgeKey]) -> Presence | None:
        """Return the presence of whoever is in the house by a badge with one of these keys, or None."""
        return next((one for one in self.presences.values() if one.inside and one.badge in keys), None)

    def of_visit(self, visit: VisitId) -> Presence | None:
        """Return the presence with that visit, open or last closed, or None."""
        # From the end: whoever is asked about has mostly just come.
        newest = reversed(list(self.presences.values()))
        return next((one for one in newest if one.visit == visit), None)


def advance(house: House, event: events.Happened) -> House:
    """Return the house after the event, or raise `IllegalEvent` with nothing changed.

    Events that change nobody and nothing in it leave the house as it is.
    """
    match event:
        case events.VisitEvent(member=member):
            return _waiting(house, _visited(house, event), event.at, member)
        case _ if isinstance(event, get_args(GuestEvent)):
            return _waiting(house, _guested(house, event), event.at, None)
        case events.ActivityPlanned(activity=activity):
            return replace(house, activities={**house.activities, activity: planned(event)})
        case events.ActivityCancelled(activity=activity):
            left = {one: kept for one, kept in house.activities.items() if one != activity}
            return replace(house, activities=left)
        case events.RuleTaken(numbers=numbers):
            return replace(house, rule_numbers=numbers)
        case _:
            return house


def replay(happened: Iterable[events.Happened], start: House | None = None) -> House:
    """Return the house after all of these events in their order."""
    return reduce(advance, happened, start or House())


def forget(house: House, keep_s: float, now: Instant) -> House:
    """Return the house without visits and activities that ended more than `keep_s` seconds ago, and their guests."""
    kept = {member: one for member, one in house.presences.items() if not _is_over(one.left_at, keep_s, now)}
    visits = {one.visit for one in kept.values()}
    with_visit = {
        guest: one
        for guest, one in house.guests.items()
        if one.visit in visits and not _is_over(one.left_at, keep_s, now)
    }
    live = {
        activity: one
        for activity, one in house.activities.items()
        if (now.wall - one.ends_at).total_seconds() <= keep_s
    }
    same = (len(kept), len(with_visit), len(live)) == (len(house.presences), len(house.guests), len(house.activities))
    return house if same else replace(house, presences=kept, guests=with_visit, activities=live)


def _visited(house: House, event: events.VisitEvent) -> House:
    changed = presence.after(house.presences.get(event.member), event)
    presences = dict(house.presences)
    if isinstance(event, events.Arrived):
        presences.pop(event.member, None)  # to the end: the order is that of arrival
    presences[event.member] = changed
    before = house.preferences.get(event.member)
    chosen = preferences.after(before, event)
    if chosen is before or chosen is None:
        return replace(house, presences=presences)
    return replace(house, presences=presences, preferences={**house.preferences, event.member: chosen})


def _guested(house: House, event: GuestEvent) -> House:
    changed = guests.after(house.guests.get(event.guest), event)
    member = house.of_visit(changed.visit)
    if member is None or not member.inside:
        message = "a guest is in the house only with a member who is"
        raise presence.IllegalEvent(message)
    return replace(house, guests={**house.guests, event.guest: changed})


def _waiting(before: House, house: House, at: Instant, member: MemberId | None) -> House:
    """Start or stop the waiting clocks: of everybody when they are no longer alone or are now, else of the member."""
    company_possible = _is_company_possible(house)
    everybody = company_possible is not _is_company_possible(before)
    presences = dict(house.presences)
    for one in presences if everybody else [member] if member is not None else []:
        presences[one] = _with_waiting(presences[one], at, company_possible=company_possible)
    return replace(house, presences=presences)


def _is_company_possible(house: House) -> bool:
    people = (one for one in house.presences.values() if one.inside)
    first, second = next(people, None), next(people, None)
    return second is not None or (first is not None and bool(house.guests_inside()))


def _with_waiting(one: Presence, at: Instant, *, company_possible: bool) -> Presence:
    """Start or stop the waiting clock: it runs in a zone, without company, while somebody else is in the house."""
    waits = company_possible and one.inside and one.zone is not None and one.company_since is None
    if waits and one.waiting_since is None:
        return replace(one, waiting_since=at)
    if not waits and one.waiting_since is not None:
        return replace(one, waiting_since=None, waited_s=one.waited(at))
    return one


def _is_over(ended: Instant | None, keep_s: float, now: Instant) -> bool:
    return ended is not None and now.seconds_since(ended) > keep_s
