"""Server-sent events as an ASGI response: every send has a limit, and a viewer who goes away frees the seat at once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kiosk.board.live import Live

SEND_S = 10.0
"""A viewer who has not taken a picture in this time is given up."""


class EventStream(Response):
    """Sends events for as long as the viewer stays. The seat must be taken; it is left when the stream ends."""

    media_type = "text/event-stream"

    def __init__(self, live: Live, events: AsyncIterator[str], *, send_s: float = SEND_S) -> None:
        """Take the events to send and where the seat is."""
        super().__init__(headers={"cache-control": "no-store", "x-accel-buffering": "no"})
        del self.headers["content-length"]
        self._live = live
        self._events = events
        self._send_s = send_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the events end, the viewer goes away, or a send takes too long."""
        del scope
        sending = asyncio.create_task(self._send_all(send))
        leaving = asyncio.create_task(_wait_for_leave(receive))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._live.leave_seat()
            for task in (sending, leaving):
                task.cancel()
            await asyncio.gather(sending, leaving, return_exceptions=True)

    async def _send_all(self, send: Send) -> None:
        with contextlib.suppress(TimeoutError, OSError):
            await self._send(send, {"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            async for event in self._events:
                await self._send(send, {"type": "http.response.body", "body": event.encode(), "more_body": True})
            await self._send(send, {"type": "http.response.body", "body": b"", "more_body": False})

    async def _send(self, send: Send, message: dict[str, object]) -> None:
        async with asyncio.timeout(self._send_s):
            await send(message)


async def _wait_for_leave(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
