"""The whole way of a host's badge: a real desk, the real screen at its door, and neither board, broker nor centre."""

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.door.client import DoorClient
from kiosk.door.messages import ScriptedTap
from kiosk.screen.pages import Answered, Waiting
from kiosk.screen.place import place_of
from kiosk.screen.roll_pages import RollList, RollReport, RollStart
from kiosk.service.serve import serve
from kiosk.store.hosts import HostFile
from kiosk.store.person import accesses
from kiosk.tools.clock import SystemClock
from kiosk.tools.credentials import write_credential
from kiosk.tools.site import Site
from tests.kiosk.screen.running import RunningScreen, screen
from tests.support.books import SECRET, UIDS, make_site, write_roster
from tests.support.house import at

pytestmark = [pytest.mark.parts, pytest.mark.anyio]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = make_site(tmp_path)
    write_credential("badge-key-v1", SECRET.hex().encode(), tmp_path)
    write_roster(tmp_path / "roster.db", confirmed=SystemClock()())
    hosts = HostFile(tmp_path / "hosts.json")
    hosts.put("Siv", "a hash", at(0))
    hosts.tie("Siv", "astrid")
    stop, ready = threading.Event(), threading.Event()
    thread = threading.Thread(target=serve, args=(site, SystemClock(), stop, ready.set))
    thread.start()
    assert ready.wait(10)
    yield site
    stop.set()
    thread.join(10)


async def answers(shown: RunningScreen, name: str) -> None:
    """Wait for the answer to that member."""
    await shown.until(lambda page: isinstance(page, Answered) and page.answer.name == name)


async def test_a_hosts_badge_calls_the_roll_with_nothing_running_but_desk_and_screen(site: Site) -> None:
    place = replace(place_of(site), is_demonstration=False)
    with closing(DoorClient(site.door)) as door:
        async with screen(site.door, place) as shown:
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
    told = [(one["by"], one["purpose"]) for one in accesses(site.state_dir, "")]
    assert told == [("host:Siv", "roll call, drill")] * 2
