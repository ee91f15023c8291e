"""The newest picture of the house, and who waits for the next. In the web server's loop; knows no pages."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace

from kiosk.board.side import Side
from kiosk.domain.board import Board
from kiosk.domain.instant import Instant

VIEWERS_MAX = 64
"""Open event streams at once; one more is told to come back later."""
GAP_S = 0.5
"""A viewer is sent at most one picture in this time; of those in between only the newest."""
PING_S = 15.0
"""Without news a comment is sent this often, so that a dead connection is found."""

PING = ": ping\n\n"


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What the desk last told. `heard` is its last sign of life; `lost` since when it has been silent, None if not.

    `side` is what the board knows besides, from the wings' files.

    Two pictures are the same only if they are one: whoever renders them may remember what they look like.
    """

    board: Board | None = None
    heard: Instant | None = None
    lost: Instant | None = None
    side: Side = field(default_factory=Side)


class Live:
    """One newest picture for many viewers. A slow viewer misses pictures; nothing waits in line."""

    def __init__(self, *, viewers_max: int = VIEWERS_MAX, gap_s: float = GAP_S, ping_s: float = PING_S) -> None:
        """Begin with no picture."""
        self.picture = Picture()
        self.viewers = 0
        self._viewers_max = viewers_max
        self._gap_s = gap_s
        self._ping_s = ping_s
        self._changed = asyncio.Event()
        self._over = asyncio.Event()

    def heard(self, now: Instant, board: Board | None = None) -> None:
        """Take a sign of life from the desk, and its picture if it sent one."""
        self._show(Picture(board or self.picture.board, heard=now, side=self.picture.side))

    def lost(self, now: Instant) -> None:
        """Take note that the desk cannot be reached. The last picture stays, and since when stays the first time."""
        if self.picture.lost is None:
            self._show(replace(self.picture, lost=now))

    def beside(self, side: Side) -> None:
        """Take what the board knows besides the desk's picture."""
        if side != self.picture.side:
            self._show(replace(self.picture, side=side))

    def close(self) -> None:
        """End every stream."""
        self._over.set()
        self._changed.set()

    def take_seat(self) -> bool:
        """Count one viewer in, or return False when the house is full."""
        if self.viewers >= self._viewers_max or self._over.is_set():
            return False
        self.viewers += 1
        return True

    def leave_seat(self) -> None:
        """Count one viewer out."""
        self.viewers -= 1

    async def events(self, render: Callable[[Picture], str]) -> AsyncIterator[str]:
        """Yield the newest picture as a server-sent event each time it looks different, and a ping in silence."""
        shown = None
        while not self._over.is_set():
            changed = self._changed
            looks = render(self.picture)
            if looks != shown:
                shown = looks
                yield as_event(looks)
                await _wait(self._over, self._gap_s)
            if not await _wait(changed, self._ping_s):
                yield PING

    def _show(self, picture: Picture) -> None:
        self.picture = picture
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


def as_event(text: str) -> str:
    """Return the text as one event named `picture` (HTML standard, section 9.2.6)."""
    lines = "".join(f"data: {line}\n" for line in text.splitlines())
    return f"event: picture\n{lines}\n"


async def _wait(event: asyncio.Event, timeout_s: float) -> bool:
    """Return whether the event came in time."""
    try:
        async with asyncio.timeout(timeout_s):
            await event.wait()
    except TimeoutError:
        return False
    return True
