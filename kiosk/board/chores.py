"""What the board does beside serving: reads the wings' files, sees to the access log, and forgets what it must."""

import asyncio
import logging

from kiosk.board.line import DeskLine
from kiosk.board.live import Live
from kiosk.board.side import SideReader
from kiosk.domain.ids import host as host_actor
from kiosk.store.board import HostBook
from kiosk.tools.clock import Clock

SIDE_S = 1.5
"""How often the files are looked at: a change of the broker or a sensor is on the board within two seconds."""
FORGET_S = 300.0
"""How often names of old roll calls are looked for."""

log = logging.getLogger("samverk.board")


class Chores:
    """Runs beside the server, in its loop."""

    def __init__(self, clock: Clock, book: HostBook, live: Live, line: DeskLine, reader: SideReader) -> None:
        """Take what the chores are about."""
        self._clock = clock
        self._book = book
        self._live = live
        self._line = line
        self._reader = reader

    async def run(self) -> None:
        """Go on until cancelled."""
        due_s = 0.0
        try:
            while True:
                now = self._clock()
                is_due = now.elapsed_s >= due_s
                due_s = now.elapsed_s + FORGET_S if is_due else due_s
                try:
                    await self._once(is_due=is_due)
                except Exception:
                    log.exception("the board's chores failed; they are tried again in %s s", SIDE_S)
                await asyncio.sleep(SIDE_S)
        finally:
            self._reader.close()

    async def _once(self, *, is_due: bool) -> None:
        self._live.beside(await asyncio.to_thread(self._reader.read, self._clock()))
        if is_due:
            self.forget()
        await self.catch_up()

    def forget(self) -> None:
        """Remove the names that roll calls may keep no longer."""
        gone = self._book.roll_calls.forget_names(self._clock())
        if gone:
            log.info("the names of %d roll calls were removed", gone)

    async def catch_up(self) -> None:
        """Have the desk write down which roll calls were opened while it was away."""
        if self._live.picture.lost is not None:
            return
        for one in self._book.roll_calls.unnoted():
            what = f"the evacuation list at {one.began:%Y-%m-%d %H:%M} UTC, while the desk was away"
            purpose = "roll call, drill" if one.is_drill else "roll call"
            if not await self._line.note(host_actor(one.host), what, purpose):
                return
            self._book.roll_calls.noted(one.id)
