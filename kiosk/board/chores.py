"""What the board does beside serving: reads the wings' files, sees to the access log, and forgets what it must."""

import asyncio
import logging
import sqlite3

from kiosk.board.line import DeskLine
from kiosk.board.live import Live
from kiosk.board.side import SideReader
from kiosk.domain.ids import host as host_actor
from kiosk.store.board import HostBook
from kiosk.store.errors import StoreError
from kiosk.store.orders import ErasureOrders, carry_out
from kiosk.tools.clock import Clock

SIDE_S = 1.5
"""How often the files are looked at: a change of the broker or a sensor is on the board within two seconds."""

log = logging.getLogger("samverk.board")


class Chores:
    """Runs beside the server, in its loop."""

    def __init__(  # noqa: PLR0913, PLR0917 - the parts that the chores are about
        self, clock: Clock, book: HostBook, live: Live, line: DeskLine, reader: SideReader, orders: ErasureOrders
    ) -> None:
        """Take what the chores are about."""
        self._clock = clock
        self._book = book
        self._live = live
        self._line = line
        self._reader = reader
        self._orders = orders

    async def run(self) -> None:
        """Go on until cancelled."""
        try:
            while True:
                try:
                    await self._once()
                except Exception:
                    log.exception("the board's chores failed; they are tried again in %s s", SIDE_S)
                await asyncio.sleep(SIDE_S)
        finally:
            self._reader.close()

    async def _once(self) -> None:
        self._live.beside(await asyncio.to_thread(self._reader.read, self._clock()))
        self.forget()
        self.erase()
        await self.catch_up()

    def forget(self) -> None:
        """Remove the names that roll calls may keep no longer."""
        gone = self._book.roll_calls.forget_names(self._clock())
        if gone:
            log.info("the names of %d roll calls were removed", gone)

    def erase(self) -> None:
        """Carry out in the roll calls what the journal orders of somebody who is to be erased."""
        try:
            carry_out(self._orders, self._book.roll_calls)
        except (StoreError, sqlite3.Error) as error:
            # Whoever reads the journal for the pages says so aloud; the orders are still there afterwards.
            log.debug("the journal's orders cannot be read, or not be carried out: %s", error)

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
