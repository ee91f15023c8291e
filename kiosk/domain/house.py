"""Everybody in the house, and what an event does to all of them. Whose turn it is to change is said in `presence`."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce

from kiosk.domain import events
from kiosk.domain.ids import BadgeKey, MemberId, VisitId
from kiosk.domain.instant import Instant
from kiosk.domain.presence import Presence, after


@dataclass(frozen=True, slots=True)
class House:
    """Everybody's presence, by member. Those out are kept while something may still refer to their visit."""

    presences: Mapping[MemberId, Presence] = field(default_factory=dict)

    def inside(self) -> tuple[Presence, ...]:
        """Return the presences of those in the house, in order of arrival."""
        return tuple(one for one in self.presences.values() if one.inside)

    def of_badge(self, keys: Collection[BadgeKey]) -> Presence | None:
        """Return the presence of whoever is in the house by a badge with one of these keys, or None."""
        return next((one for one in self.presences.values() if one.inside and one.badge in keys), None)

    def of_visit(self, visit: VisitId) -> Presence | None:
        """Return the presence with that visit, open or last closed, or None."""
        return next((one for one in self.presences.values() if one.visit == visit), None)


def advance(house: House, event: events.Happened) -> House:
    """Return the house after the event, or raise `IllegalEvent` with nothing changed.

    Events that belong to no visit leave the house as it is.
    """
    if not isinstance(event, events.VisitEvent):
        return house
    changed = after(house.presences.get(event.member), event)
    presences = dict(house.presences)
    if isinstance(event, events.Arrived):
        presences.pop(event.member, None)  # to the end: the order is that of arrival
    presences[event.member] = changed
    company_possible = sum(one.inside for one in presences.values()) > 1
    for member, one in presences.items():
        presences[member] = _with_waiting(one, event.at, company_possible=company_possible)
    return House(presences)


def replay(happened: Iterable[events.Happened], start: House | None = None) -> House:
    """Return the house after all of these events in their order."""
    return reduce(advance, happened, start or House())


def forget(house: House, keep_s: float, now: Instant) -> House:
    """Return the house without those who left more than `keep_s` seconds ago."""
    kept = {
        member: one
        for member, one in house.presences.items()
        if one.left_at is None or now.seconds_since(one.left_at) <= keep_s
    }
    return house if len(kept) == len(house.presences) else House(kept)


def _with_waiting(one: Presence, at: Instant, *, company_possible: bool) -> Presence:
    """Start or stop the waiting clock: it runs in a zone, without company, while somebody else is in the house."""
    waits = company_possible and one.inside and one.zone is not None and one.company_since is None
    if waits and one.waiting_since is None:
        return replace(one, waiting_since=at)
    if not waits and one.waiting_since is not None:
        return replace(one, waiting_since=None, waited_s=one.waited(at))
    return one
