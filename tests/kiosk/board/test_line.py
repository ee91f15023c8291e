"""The board's line to the desk, over a real door."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kiosk.board import line as line_module
from kiosk.board.line import DeskLine
from kiosk.board.live import Live
from kiosk.door.messages import SayPeople, ShowBoard, ShowPeople
from tests.kiosk.board.small_desk import SmallDesk, small_board, small_site
from tests.support.house import CountedIds, ToldClock

pytestmark = pytest.mark.anyio

WAIT_S = 5.0


@asynccontextmanager
async def following(desk: SmallDesk, live: Live, heartbeat_s: float = 15.0) -> AsyncIterator[DeskLine]:
    line = DeskLine(desk.site.door, ToldClock(3700), live, CountedIds(), heartbeat_s=heartbeat_s)
    task = asyncio.create_task(line.follow())
    yield line
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAIT_S):
        while not is_so():  # noqa: ASYNC110 - the picture changes in a thread of its own and tells nobody
            await asyncio.sleep(0.01)


async def test_a_change_in_the_house_reaches_the_picture(tmp_path: Path) -> None:
    desk, live = SmallDesk(small_site(tmp_path)), Live()
    desk.start()
    async with following(desk, live):
        await until(lambda: live.picture.board == desk.board)
        desk.show(small_board(in_house=12))
        await until(lambda: live.picture.board is not None and live.picture.board.in_house == 12)
    desk.stop()


async def test_a_desk_that_goes_away_is_lost_and_one_that_comes_back_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_module, "RETRY_S", 0.02)
    desk, live = SmallDesk(small_site(tmp_path)), Live()
    async with following(desk, live):
        await until(lambda: live.picture.lost is not None)
        desk.start()
        await until(lambda: live.picture.board is not None)
        assert live.picture.lost is None
        desk.stop()
        await until(lambda: live.picture.lost is not None)
        assert live.picture.board is not None
        desk.start()
        await until(lambda: live.picture.lost is None)
    desk.stop()


async def test_a_silent_desk_is_asked_for_a_sign_of_life_and_then_counts_as_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_module, "ANSWER_S", 0.1)
    desk, live = SmallDesk(small_site(tmp_path)), Live()
    desk.start()
    async with following(desk, live, heartbeat_s=0.02):
        await until(lambda: any(isinstance(one, ShowBoard) for one in desk.asked))
        assert live.picture.lost is None
        desk.is_silent = True
        await until(lambda: live.picture.lost is not None)
    desk.stop()


async def test_an_ask_gets_its_own_answer(tmp_path: Path) -> None:
    desk = SmallDesk(small_site(tmp_path))
    desk.start()
    line = DeskLine(desk.site.door, ToldClock(), Live(), CountedIds())
    assert isinstance(await line.ask(ShowPeople("id-1", "host:värd", "test")), SayPeople)
    desk.stop()


async def test_an_ask_of_a_desk_that_is_away_or_silent_ends_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_module, "ANSWER_S", 0.05)
    desk = SmallDesk(small_site(tmp_path))
    line = DeskLine(desk.site.door, ToldClock(), Live(), CountedIds())
    assert await line.ask(ShowPeople("id-1", "host:värd", "test")) is None
    desk.start()
    desk.is_silent = True
    assert await line.ask(ShowPeople("id-2", "host:värd", "test")) is None
    desk.stop()
