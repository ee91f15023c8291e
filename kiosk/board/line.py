"""The board's line to the desk: one connection that follows the house, and short ones that ask. No pages here."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from kiosk.board.live import Live
from kiosk.domain.ids import Actor
from kiosk.door.aio import AsyncDoor
from kiosk.door.client import DoorClosedError, replies
from kiosk.door.messages import Ask, NoteAccess, Said, SayAccepted, SayBoard, ShowBoard, Watch
from kiosk.tools.clock import Clock

RETRY_S = 1.0
"""How long to wait before the desk is tried again: a local socket costs nothing to try."""
HEARTBEAT_S = 15.0
"""After this much silence the desk is asked for a sign of life."""
ANSWER_S = 5.0
"""A desk that takes longer to answer is out of reach."""
ASKS_MAX = 4
"""Asks at once: the desk has room for few connections, and others need them too."""

log = logging.getLogger("samverk.board")


class DeskLine:
    """Follows the desk for as long as `follow` runs, and asks it on hosts' behalf."""

    def __init__(
        self, door: Path, clock: Clock, live: Live, new_id: Callable[[], str], *, heartbeat_s: float = HEARTBEAT_S
    ) -> None:
        """Take the desk's socket and where its pictures go."""
        self._door = door
        self._clock = clock
        self._live = live
        self._new_id = new_id
        self._heartbeat_s = heartbeat_s
        self._asking = asyncio.Semaphore(ASKS_MAX)

    def new_id(self) -> str:
        """Return the id of a new request."""
        return self._new_id()

    async def follow(self) -> None:
        """Keep the picture live until cancelled, through any number of restarts of the desk."""
        while True:
            try:
                await self._follow_once()
            except (DoorClosedError, TimeoutError) as error:
                is_news = self._live.picture.lost is None
                why = str(error) or "it does not answer in time"
                log.log(logging.WARNING if is_news else logging.DEBUG, "no contact with the desk: %s", why)
            self._live.lost(self._clock())
            await asyncio.sleep(RETRY_S)

    async def ask(self, ask: Ask) -> Said | None:
        """Return the desk's reply, or None when it is out of reach."""
        async with self._asking:
            try:
                async with asyncio.timeout(ANSWER_S):
                    return await self._ask(ask)
            except (DoorClosedError, TimeoutError) as error:
                log.warning("the desk did not answer %s: %s", type(ask).__name__, str(error) or "too slow")
                return None

    async def note(self, by: Actor, what: str, purpose: str) -> bool:
        """Return whether the desk has written into the access log that somebody looks."""
        return isinstance(await self.ask(NoteAccess(self._new_id(), by, what, purpose)), SayAccepted)

    async def _follow_once(self) -> None:
        door = await AsyncDoor.open(self._door)
        try:
            await door.say(Watch(self._new_id()))
            self._take(await self._hear(door, ANSWER_S))
            log.info("the desk answers")
            while True:
                try:
                    said = await self._hear(door, self._heartbeat_s)
                except TimeoutError:
                    await door.say(ShowBoard(self._new_id()))
                    said = await self._hear(door, ANSWER_S)
                self._take(said)
        finally:
            await door.close()

    async def _ask(self, ask: Ask) -> Said:
        door = await AsyncDoor.open(self._door)
        try:
            await door.say(ask)
            said = await door.hear()
            while not replies(said, ask):
                said = await door.hear()
            return said
        finally:
            await door.close()

    def _take(self, said: Said) -> None:
        # Whatever the desk says is a sign of life; answers at its readers are not the board's business.
        self._live.heard(self._clock(), said.board if isinstance(said, SayBoard) else None)

    @staticmethod
    async def _hear(door: AsyncDoor, timeout_s: float) -> Said:
        async with asyncio.timeout(timeout_s):
            return await door.hear()
