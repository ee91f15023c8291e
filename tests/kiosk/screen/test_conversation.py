"""The screen's end of the door: it watches, waits and comes back."""

import asyncio
import logging
from pathlib import Path

import pytest

from kiosk.door.messages import AskLeave, Said, Watch
from kiosk.screen import conversation
from kiosk.screen.conversation import RETRY_FIRST_S, RETRY_MAX_S, Conversation
from tests.kiosk.screen.examples import ENTRANCE, board
from tests.support.fake_desk import FakeDesk

pytestmark = pytest.mark.anyio
WAIT_S = 5.0


class _Ear:
    def __init__(self) -> None:
        self.told: list[str] = []
        self.news = asyncio.Event()

    def desk_open(self) -> None:
        self._note("open")

    def desk_gone(self) -> None:
        self._note("gone")

    def heard(self, said: Said) -> None:
        self._note(type(said).__name__)

    async def until_told(self, what: str, times: int) -> None:
        async with asyncio.timeout(WAIT_S):
            while self.told.count(what) < times:
                self.news.clear()
                await self.news.wait()

    def _note(self, what: str) -> None:
        self.told.append(what)
        self.news.set()


class _Waits:
    """Counts the waits instead of waiting, and ends the conversation after some."""

    def __init__(self, most: int) -> None:
        self.waited: list[float] = []
        self._most = most

    async def __call__(self, seconds: float) -> None:
        self.waited.append(seconds)
        if len(self.waited) >= self._most:
            raise asyncio.CancelledError


async def test_the_waits_between_attempts_grow_to_a_bound(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    waits, ear = _Waits(7), _Ear()
    with caplog.at_level(logging.DEBUG), pytest.raises(asyncio.CancelledError):
        await Conversation(tmp_path / "none.sock", (ENTRANCE,), lambda: "id", waits).run(ear)
    assert waits.waited[:5] == [RETRY_FIRST_S, 0.4, 0.8, 1.6, RETRY_MAX_S]
    assert max(waits.waited) == RETRY_MAX_S
    assert ear.told == ["gone"] * 7
    levels = [one.levelno for one in caplog.records if one.name == "samverk.screen"]
    assert levels == [logging.WARNING, *[logging.DEBUG] * 6]


async def test_it_watches_its_reader_and_comes_back_when_the_desk_does(tmp_path: Path) -> None:
    door, ear = tmp_path / "door.sock", _Ear()
    talk = asyncio.create_task(Conversation(door, (ENTRANCE,), lambda: "id", _shortly).run(ear))
    for opened in (1, 2):
        with FakeDesk(door, board()) as desk:
            await ear.until_told("open", opened)
            assert desk.watching == [Watch(id="id", readers=(ENTRANCE,))]
        await ear.until_told("gone", ear.told.count("gone") + 1)
    await _end(talk)


async def test_what_is_not_understood_ends_the_conversation_and_begins_a_new_one(tmp_path: Path) -> None:
    ear = _Ear()
    with FakeDesk(tmp_path / "door.sock", board()) as desk:
        desk.first_line = b'{"say": "nonsense"}\n'
        talk = asyncio.create_task(Conversation(tmp_path / "door.sock", (), lambda: "id", _shortly).run(ear))
        await ear.until_told("gone", 1)
        desk.first_line = None
        await ear.until_told("open", 1)
        await _end(talk)


async def test_a_desk_that_falls_silent_is_asked_and_then_taken_for_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation, "QUIET_S", 0.02)
    monkeypatch.setattr(conversation, "REPLY_S", 0.05)
    ear = _Ear()
    with FakeDesk(tmp_path / "door.sock", board()) as desk:
        desk.replies_left = 2
        talk = asyncio.create_task(Conversation(tmp_path / "door.sock", (), lambda: "id", _shortly).run(ear))
        await ear.until_told("gone", 1)
        await _end(talk)
        assert ear.told[:4] == ["SayBoard", "open", "SayBoard", "gone"]
        assert desk.asked_for_board == 2


async def test_nothing_can_be_said_while_the_desk_is_away(tmp_path: Path) -> None:
    talk = Conversation(tmp_path / "none.sock", (ENTRANCE,), lambda: "id")
    assert not await talk.say(AskLeave(id="1", visit="v"))


async def _shortly(_seconds: float) -> None:
    await asyncio.sleep(0.001)


async def _end(talk: asyncio.Task[None]) -> None:
    talk.cancel()
    await asyncio.gather(talk, return_exceptions=True)
