"""The client's side of the door for programs that live in an event loop: the screen and the board."""

import asyncio
from pathlib import Path
from typing import Self

from kiosk.door.client import DoorClosedError, parsed
from kiosk.door.messages import LINE_BYTES_MAX, Ask, Said, encode


class AsyncDoor:
    """One conversation with the desk. Open it with `AsyncDoor.open`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take an open connection."""
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Connect, or raise `DoorClosedError`."""
        try:
            return cls(*await asyncio.open_unix_connection(path, limit=LINE_BYTES_MAX * 16))
        except OSError as error:
            message = f"the desk does not answer at {path}"
            raise DoorClosedError(message) from error

    async def say(self, ask: Ask) -> None:
        """Send one message, or raise `DoorClosedError`."""
        try:
            self._writer.write(encode(ask))
            await self._writer.drain()
        except OSError as error:
            message = "the desk went away"
            raise DoorClosedError(message) from error

    async def hear(self) -> Said:
        """Return the next message from the desk, or raise `DoorClosedError` when the desk has gone."""
        try:
            return parsed(await self._reader.readline())
        except (OSError, ValueError) as error:
            message = "the desk went away"
            raise DoorClosedError(message) from error

    async def close(self) -> None:
        """End the conversation. Closing twice is safe."""
        self._writer.close()
        try:
            await self._writer.wait_closed()
        except OSError:
            return
