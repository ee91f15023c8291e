"""The roll call as the terminal board has it: that of all devices where the desk has one, else ticks of its own."""

from collections.abc import Callable
from dataclasses import replace

from kiosk.board.line import DeskLine
from kiosk.board.meeting import exchange
from kiosk.domain.board import RunningCall
from kiosk.domain.evacuation import Sought
from kiosk.domain.ids import Actor
from kiosk.domain.roll_call import RollCall, Tick, met, taken_back
from kiosk.door.roll_call import EndRollCall, OpenRollCall, SayRollCall, ShowRollCall
from kiosk.tools.clock import Clock


class TerminalRoll:
    """Holds a list, and the ticks made here until the desk has them. Used in the program's loop."""

    def __init__(self, line: DeskLine, clock: Clock, by: Actor, found: Callable[[], set[str]]) -> None:
        """Take the way to the desk, who ticks, and what the board's file says while the desk does not answer."""
        self._line = line
        self._clock = clock
        self._by = by
        self._found = found
        self._ticked: set[str] = set()
        self._seen: RunningCall | None = None
        self._is_told = True
        self._is_asking = False
        self.call: RollCall | None = None
        """The roll call of all devices, running or just ended; None while there is none."""
        self.rows: tuple[Sought, ...] | None = ()
        """The list, None if it cannot be read."""

    @property
    def is_running(self) -> bool:
        """Return whether a roll call of all devices runs."""
        return self.call is not None and self.call.ended is None

    def found(self) -> set[str]:
        """Return who has been found, by key."""
        if self.call is not None:
            return set(self.call.found_keys())
        return self._found() | self._ticked

    def listed(self, rows: tuple[Sought, ...] | None) -> None:
        """Take the list as the files have it; that of a roll call that runs goes before it."""
        if self.call is not None and self.call.ended is not None:
            self.call, self._seen = None, None
        if self.call is None:
            self.rows = rows

    def is_news(self, running: RunningCall | None) -> bool:
        """Return whether the desk tells of ticks, an end or a roll call that is not known here."""
        return not self._is_asking and (running != self._seen or (self.is_running and not self._is_told))

    async def learn(self, running: RunningCall | None) -> None:
        """Take over what the desk has, and tell it what was ticked here meanwhile."""
        self._is_asking = True
        try:
            await self._learn(running)
        finally:
            self._is_asking = False

    async def begin(self, *, is_drill: bool) -> None:
        """Begin one for all devices, or join the one of that kind, with what was ticked here."""
        ask = OpenRollCall(id=self._line.new_id(), call=self._line.new_id(), is_drill=is_drill, by=self._by)
        said = await self._line.ask(ask)
        if not isinstance(said, SayRollCall):
            return
        ticks = tuple(self._tick(one) for one in sorted(self._ticked))
        self._ticked.clear()
        self._take(met(said.call, replace(said.call, ticks=ticks)))
        await self.learn(None)

    async def end(self) -> None:
        """End it for all devices."""
        if self.call is not None:
            await self.learn(None)
            said = await self._line.ask(EndRollCall(id=self._line.new_id(), call=self.call.id, by=self._by))
            self._take(said.call if isinstance(said, SayRollCall) else None)

    def mark(self, person: str) -> None:
        """Tick somebody off, or take that back."""
        call = self.call
        if call is None:
            self._ticked ^= {person}
        elif call.ended is None:
            back = taken_back(call.ticks, person)
            self.call = met(call, replace(call, ticks=back or (self._tick(person),)))
            self._is_told = False

    async def _learn(self, running: RunningCall | None) -> None:
        if self.is_running and self.call is not None:
            told = await exchange(self._line, self.call)
            self._is_told = told is not None
            self._take(told)
        if running is not None and (self.call is None or self.call.id != running.id):
            said = await self._line.ask(ShowRollCall(id=self._line.new_id(), call=running.id))
            self._take(said.call if isinstance(said, SayRollCall) else None)
        self._seen = running

    def _tick(self, person: str) -> Tick:
        return Tick(id=self._line.new_id(), person=person, at=self._clock().wall, host=self._by.removeprefix("host:"))

    def _take(self, told: RollCall | None) -> None:
        if told is None:
            return
        if self.call is None or (self.call.id != told.id and told.began > self.call.began):
            self.call = told
        elif self.call.id == told.id:
            self.call = met(self.call, told)
        self.rows = self.call.rows
