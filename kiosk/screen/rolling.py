"""A roll call on the screen, as a frozen value: what its host has seen and done. It decides nothing about who is in."""

from dataclasses import dataclass, replace
from typing import Self

from kiosk.domain.ids import VisitId
from kiosk.domain.instant import Instant
from kiosk.domain.members import Language
from kiosk.domain.roll_call import RollCall, Tick, met, taken_back
from kiosk.screen.roll_pages import ROOM_MAX, RollEnd, RollList, RollPage, RollReport, RollStart

ROLL_CALL_S = 120.0
"""How long the list stands when nobody touches it: names are on a screen that everybody can read."""
RETURNS_S = 600.0
"""After an answer to a badge the list comes back by itself, until its host has not touched it for so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rolling:
    """A host's roll call here. `call` is None until one is begun; `host` is who ticks.

    `order` is whom the list shows after whom, by key: it stays while a page is read, so that nobody moves under a
    finger. `touched` is when the page came or was last touched, `held` when the host last did something on it.
    """

    visit: VisitId
    language: Language
    touched: Instant
    held: Instant
    call: RollCall | None = None
    host: str = ""
    order: tuple[str, ...] = ()
    first: int = 0
    room: int = ROOM_MAX
    turn: int = 0
    asks_end: bool = False
    is_refused: bool = False

    def heard(self, call: RollCall, host: str) -> Self:
        """Return it with what the desk knows of the roll call; what was ticked here meanwhile stays.

        One that was begun later takes its place: a house may have to be emptied in the middle of a drill.
        """
        if self.call is None or self.call.id != call.id:
            if self.call is not None and call.began <= self.call.began:
                return self
            fresh = replace(self, call=call, host=host or self.host, order=_sorted(call), first=0, turn=0)
            return replace(fresh, asks_end=False)
        whole = met(self.call, call)
        known = set(self.order)
        order = (*self.order, *(one.key for one in whole.rows if one.key not in known))
        return replace(self, call=whole, host=host or self.host, order=order)

    def marked(self, person: str, tick: str, now: Instant, *, is_found: bool) -> tuple[Self, tuple[Tick, ...]]:
        """Return it with the person found, by a tick of that id, or no longer; and the ticks that say so."""
        if self.call is None:
            return self, ()
        ticks = taken_back(self.call.ticks, person)
        if is_found:
            ticks = (Tick(id=tick, person=person, at=now.wall, host=self.host),)
        return replace(self, call=met(self.call, replace(self.call, ticks=ticks))), ticks

    def touched_at(self, now: Instant) -> Self:
        """Return it with its time anew."""
        return replace(self, touched=now, held=now)

    def turned(self) -> Self:
        """Return it with the next people shown; after the last come those not found yet, first."""
        if self.call is None or self.asks_end or self.call.ended is not None:
            return replace(self, turn=self.turn + 1)
        after = self.first + max(1, self.room)
        if after < len(self.order):
            return replace(self, first=after)
        return replace(self, first=0, order=_sorted(self.call))

    def page(self, *, can_ask: bool, closes_s: int | None) -> RollPage:
        """Return what to show."""
        call = self.call
        if call is None:
            return RollStart(self.visit, self.language, can_ask, self.turn, closes_s, self.is_refused)
        if call.ended is not None:
            return RollReport(
                is_drill=call.is_drill,
                sought=call.sought,
                found=call.found,
                missing=call.missing(),
                language=self.language,
                turn=self.turn,
                closes_s=closes_s,
            )
        if self.asks_end:
            return RollEnd(call.is_drill, len(call.missing()), self.language, self.turn, closes_s)
        people = {one.key: one for one in call.rows}
        return RollList(
            is_drill=call.is_drill,
            people=tuple(people[one] for one in self.order if one in people),
            found=call.found_keys(),
            language=self.language,
            first=self.first,
            room=self.room,
            can_ask=can_ask,
            closes_s=closes_s,
        )


def _sorted(call: RollCall) -> tuple[str, ...]:
    """Return whom the list shows after whom: those not found first, the uncertain apart after the others."""
    found = call.found_keys()
    return tuple(one.key for one in sorted(call.rows, key=lambda one: (one.key in found, not one.certain)))
