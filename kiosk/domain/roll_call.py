"""A roll call: whom it is about, and the ticks of several hosts that become one, in whatever order they come. Pure.

Ticks only grow: each has an id of its own, and taking one back names that id. So two devices that have been apart agree
as soon as they have heard of the same ticks, and a tick that one host takes back never undoes another's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from kiosk.domain.evacuation import Sought
from kiosk.domain.instant import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One press of "found": whom (`Sought.key`), when (aware UTC, by the device's own clock), and by which host."""

    id: str
    person: str
    at: datetime
    host: str
    is_taken_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCall:
    """One roll call, live or a drill. `rows` is empty once names may be kept no longer; `sought` and `found` stay."""

    id: str
    is_drill: bool
    began: datetime
    ended: datetime | None
    host: str
    rows: tuple[Sought, ...] = ()
    ticks: tuple[Tick, ...] = ()
    sought: int = 0
    found: int = 0

    def tick_of(self, row: Sought) -> Tick | None:
        """Return the first tick that stands for that person, or None if they have not been found."""
        standing = (one for one in self.ticks if one.person == row.key and not one.is_taken_back)
        return min(standing, key=lambda one: (one.at, one.id), default=None)

    def found_keys(self) -> frozenset[str]:
        """Return the keys of those for whom a tick stands."""
        return frozenset(one.person for one in self.ticks if not one.is_taken_back)

    def missing(self) -> tuple[Sought, ...]:
        """Return those not found yet, in the order of the list."""
        found = self.found_keys()
        return tuple(one for one in self.rows if one.key not in found)


@dataclass(frozen=True, slots=True)
class Seen:
    """How old a roll call was in seconds when it was first seen, and when that was.

    A machine that comes up without a network is told the time in the middle of things: a roll call that goes on is no
    older for that, and its names are kept.
    """

    old_s: float
    at: Instant

    @classmethod
    def first(cls, began: datetime, now: Instant) -> "Seen":
        """Return that a roll call which began then was first seen now."""
        return cls(max(0.0, (now.wall - began).total_seconds()), now)

    def age_s(self, now: Instant) -> float:
        """Return how old it is."""
        return self.old_s + now.seconds_since(self.at)


def merged(some: Iterable[Tick], others: Iterable[Tick]) -> tuple[Tick, ...]:
    """Return all the ticks, each once; taken back if either says so. The order of the two does not matter."""
    found: dict[str, Tick] = {}
    for one in (*some, *others):
        known = found.get(one.id)
        if known is None:
            found[one.id] = one
        elif one.is_taken_back and not known.is_taken_back:
            found[one.id] = replace(known, is_taken_back=True)
    return tuple(found[one] for one in sorted(found))


def added(rows: tuple[Sought, ...], newer: Iterable[Sought]) -> tuple[Sought, ...]:
    """Return the list with those who have come since; nobody is ever taken off a list in use."""
    known = {one.key for one in rows}
    return (*rows, *(one for one in newer if one.key not in known))


def met(known: RollCall, told: RollCall) -> RollCall:
    """Return the roll call with what another device has of it: everybody on either list, all ticks, and the end.

    A tick about nobody on either list is passed over. The order of the two does not matter, but for the list's own.
    """
    rows = added(known.rows, told.rows)
    people = {one.key for one in rows}
    ticks = merged(known.ticks, (one for one in told.ticks if one.person in people))
    ends = [one for one in (known.ended, told.ended) if one is not None]
    return counted(replace(known, rows=rows, ticks=ticks, ended=min(ends, default=None)))


def counted(call: RollCall) -> RollCall:
    """Return the roll call with how many are on its list and have been found; without a list, as it was counted."""
    if not call.rows:
        return call
    return replace(call, sought=len(call.rows), found=len(call.rows) - len(call.missing()))


def taken_back(ticks: Iterable[Tick], person: str) -> tuple[Tick, ...]:
    """Return that person's standing ticks as taken back."""
    return tuple(replace(one, is_taken_back=True) for one in ticks if one.person == person and not one.is_taken_back)
