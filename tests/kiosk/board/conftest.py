"""A board with a small desk behind it, asked through Starlette's test client."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from kiosk.board.app import make_app
from kiosk.board.line import DeskLine
from kiosk.board.live import Live
from kiosk.store.board import HostBook
from tests.kiosk.board.small_desk import SmallDesk, small_site
from tests.support.house import CountedIds, ToldClock

WAIT_S = 5.0
BASE = "http://board.test"


@dataclass(frozen=True)
class SmallBoard:
    """A running board and what it stands on."""

    client: TestClient
    desk: SmallDesk
    clock: ToldClock
    book: HostBook
    live: Live

    def sign_in(self, host: str = "värd") -> None:
        """Use a fresh one-time link."""
        self.client.post(f"/enter/{self.book.new_link(host, self.clock())}")


@pytest.fixture
def anyio_backend() -> str:
    """Run async tests on asyncio, which the web server runs on."""
    return "asyncio"


@pytest.fixture
def board(tmp_path: Path) -> Iterator[SmallBoard]:
    """Start a board that has its first picture."""
    desk = SmallDesk(small_site(tmp_path))
    desk.start()
    clock, live, book = ToldClock(3700), Live(), HostBook(tmp_path / "board.db")
    line = DeskLine(desk.site.door, clock, live, CountedIds())
    with TestClient(make_app(desk.site, clock, book, live, line), base_url=BASE) as client:
        wait_until(lambda: live.picture.board is not None)
        yield SmallBoard(client, desk, clock, book, live)
    book.close()
    desk.stop()


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait, for a bounded time, until it is so."""
    deadline_s = time.monotonic() + WAIT_S
    while not is_so():
        assert time.monotonic() < deadline_s, "it did not come about in time"
        threading.Event().wait(0.01)
