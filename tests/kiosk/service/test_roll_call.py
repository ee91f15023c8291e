"""The whole way of a host's badge: a real desk, the real screen at its door, and neither board, broker nor centre."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.door.client import DoorClient
from kiosk.door.messages import ScriptedTap
from kiosk.screen.pages import Answered, Waiting
from kiosk.screen.place import place_of
from kiosk.screen.roll_pages import RollList, RollReport, RollStart
from tests.kiosk.screen.running import RunningScreen, screen
from tests.support.books import UIDS
from tests.support.running_desk import RunningDesk

pytestmark = [pytest.mark.parts, pytest.mark.anyio]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[RunningDesk]:
    one = RunningDesk(tmp_path)
    yield one
    one.stop()


async def answers(shown: RunningScreen, name: str) -> None:
    """Wait for the answer to that member."""
    await shown.until(lambda page: isinstance(page, Answered) and page.answer.name == name)


async def test_a_hosts_badge_calls_the_roll_with_nothing_running_but_desk_and_screen(desk: RunningDesk) -> None:
    with closing(DoorClient(desk.site.door)) as door:
        async with screen(desk.site.door, place_of(desk.site)) as shown:
            await shown.shows(Waiting)
            for name in ("Bo", "Astrid"):
                door.ask(ScriptedTap(id=name, reader="entrance", uid=UIDS[name]))
                await answers(shown, name)
            await shown.pilot.press("e")
            await shown.shows(RollStart)
            await shown.pilot.press("2")
            await shown.shows(RollList)
            assert all(one in shown.text() for one in ("ÖVNING", "Astrid", "Bo", "2 av 2 är kvar"))
            await shown.wait(1)
            await shown.pilot.press("1")
            await shown.until(lambda page: isinstance(page, RollList) and page.left == 1)
            door.ask(ScriptedTap(id="Carl", reader="entrance", uid=UIDS["Carl"]))
            await answers(shown, "Carl")
            await shown.wait(1)
            await shown.pilot.press("enter")
            await shown.shows(RollList)
            await shown.wait(1)
            await shown.pilot.press("e", "j")
            await shown.shows(RollReport)
            assert "1 av 2 är hittade." in shown.text()
    assert [(by, purpose) for by, _what, purpose in desk.accesses()] == [("host:Siv", "roll call, drill")] * 2
