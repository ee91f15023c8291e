"""One roll call for all devices: the board's own, on disk, and the one that the desk keeps are made the same."""

import asyncio
import contextlib
import logging

from kiosk.board.line import DeskLine
from kiosk.board.live import Live
from kiosk.domain.ids import Actor
from kiosk.domain.roll_call import RollCall
from kiosk.door.roll_call import OpenRollCall, SayRollCall, ShowRollCall, tells
from kiosk.store.roll_calls import RollCalls
from kiosk.tools.clock import Clock

MEET_S = 1.0
"""How often the two are made the same while a roll call runs; a tick made here is told at once."""
OPEN_S = 1.0
"""How long the desk may take over a roll call that is begun: longer, and the list comes from the files."""

log = logging.getLogger("samverk.board")


class Meeting:
    """Tells the desk what is ticked here, and keeps what it tells of other devices. Used in the server's loop."""

    def __init__(self, clock: Clock, line: DeskLine, live: Live, calls: RollCalls) -> None:
        """Take the way to the desk and where roll calls are kept."""
        self._clock = clock
        self._line = line
        self._live = live
        self._calls = calls
        self._news = asyncio.Event()

    def tell(self) -> None:
        """Let the desk hear of what has just changed here, soon."""
        self._news.set()

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            try:
                await self.once()
            except Exception:
                log.exception("the roll call could not be told to the desk; it is tried again in %s s", MEET_S)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(MEET_S):
                    await self._news.wait()
            self._news.clear()

    async def once(self) -> None:
        """Make the roll calls that run here and there the same; without a desk, or without any, do nothing."""
        picture = self._live.picture
        if picture.lost is not None or picture.board is None:
            return
        here, there = self._calls.running(), picture.board.roll_call
        if there is not None and (here is None or here.id != there.id):
            await self._learn(there.id)
        if here is not None:
            self._keep(await exchange(self._line, here))

    async def open(self, call: str, by: Actor, *, is_drill: bool) -> RollCall | None:
        """Have the desk begin a roll call of that id, or join the one of that kind; None if it does not answer."""
        if self._live.picture.lost is not None:
            return None
        ask = OpenRollCall(id=self._line.new_id(), call=call, is_drill=is_drill, by=by)
        try:
            async with asyncio.timeout(OPEN_S):
                said = await self._line.ask(ask)
        except TimeoutError:
            return None
        opened = said.call if isinstance(said, SayRollCall) else None
        self._keep(opened)
        return opened

    async def _learn(self, call: str) -> None:
        """Take over a roll call that was begun elsewhere, or tell that it has ended here."""
        known = self._calls.get(call)
        if known is not None:
            self._keep(await exchange(self._line, known))
            return
        said = await self._line.ask(ShowRollCall(id=self._line.new_id(), call=call))
        self._keep(said.call if isinstance(said, SayRollCall) else None)

    def _keep(self, told: RollCall | None) -> None:
        if told is not None:
            self._calls.meet(told, self._clock())


async def exchange(line: DeskLine, call: RollCall) -> RollCall | None:
    """Tell the desk what it does not know of the roll call, and return all there is; None if it does not answer."""
    (first,) = tells(call, (), line.new_id)
    said = await line.ask(first)
    if not isinstance(said, SayRollCall):
        return None
    known = {(one.id, one.is_taken_back) for one in said.call.ticks}
    untold = [one for one in call.ticks if not {(one.id, one.is_taken_back), (one.id, True)} & known]
    for ask in tells(call, untold, line.new_id) if untold else ():
        said = await line.ask(ask)
        if not isinstance(said, SayRollCall):
            return None
    return said.call
