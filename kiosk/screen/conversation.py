"""Keeps one conversation with the desk going: opens it, watches, and opens it again when the desk has been away."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

from kiosk.domain.ids import ReaderId
from kiosk.door.aio import AsyncDoor
from kiosk.door.client import DoorClosedError
from kiosk.door.messages import Ask, Said, ShowBoard, Watch

RETRY_FIRST_S = 0.2
RETRY_MAX_S = 2.0
QUIET_S = 10.0
"""After this long without a word the desk is asked whether it is still there."""
REPLY_S = 5.0

_log = logging.getLogger("samverk.screen")


class Listener(Protocol):
    """Who is told what the desk says."""

    def desk_open(self) -> None:
        """Hear that the desk answers."""

    def desk_gone(self) -> None:
        """Hear that the desk cannot be reached. Told again at every attempt."""

    def heard(self, said: Said) -> None:
        """Hear one message."""


class Conversation:
    """The screen's end of the door, for as long as the program lives."""

    def __init__(
        self,
        door: Path,
        readers: tuple[ReaderId, ...],
        new_id: Callable[[], str],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Take the socket's path, the readers to watch, the maker of request ids and the way to wait."""
        self._path = door
        self._readers = readers
        self._new_id = new_id
        self._pause = pause
        self._door: AsyncDoor | None = None
        self._retry_s = RETRY_FIRST_S
        self._is_loud = True

    async def run(self, listener: Listener) -> None:
        """Talk for ever; end by cancelling."""
        while True:
            try:
                await self._talk(listener)
            except DoorClosedError as error:
                self._tell_closed(error)
            listener.desk_gone()
            await self._pause(self._retry_s)
            self._retry_s = min(RETRY_MAX_S, self._retry_s * 2)

    async def say(self, ask: Ask) -> bool:
        """Send one message and return whether it could be sent."""
        if self._door is None:
            return False
        try:
            await self._door.say(ask)
        except DoorClosedError:
            return False
        return True

    async def _talk(self, listener: Listener) -> None:
        door = await AsyncDoor.open(self._path)
        try:
            await door.say(Watch(id=self._new_id(), readers=self._readers))
            listener.heard(await _within(door, REPLY_S))
            self._door, self._retry_s, self._is_loud = door, RETRY_FIRST_S, True
            _log.info("the desk answers")
            listener.desk_open()
            while True:
                listener.heard(await self._next(door))
        finally:
            self._door = None
            await door.close()

    async def _next(self, door: AsyncDoor) -> Said:
        """Return the next message; a desk that stays silent when asked is as good as gone."""
        try:
            async with asyncio.timeout(QUIET_S):
                return await door.hear()
        except TimeoutError:
            await door.say(ShowBoard(id=self._new_id()))
        return await _within(door, REPLY_S)

    def _tell_closed(self, error: DoorClosedError) -> None:
        _log.log(logging.WARNING if self._is_loud else logging.DEBUG, "%s", error)
        self._is_loud = False


async def _within(door: AsyncDoor, wait_s: float) -> Said:
    try:
        async with asyncio.timeout(wait_s):
            return await door.hear()
    except TimeoutError as error:
        message = "the desk is silent"
        raise DoorClosedError(message) from error
