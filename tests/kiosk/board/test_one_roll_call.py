"""One roll call for all devices: a real desk between the board's pages and whoever else has the list open."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from kiosk.board import meeting
from kiosk.board.app import make_app
from kiosk.board.line import DeskLine
from kiosk.board.live import Live
from kiosk.domain.ids import host
from kiosk.domain.roll_call import RollCall, Tick
from kiosk.door.client import DoorClient
from kiosk.door.messages import Ask, AskCheckIn, SayAnswer
from kiosk.door.roll_call import EndRollCall, OpenRollCall, SayRollCall, ShowRollCall, tells
from kiosk.service.serve import serve
from kiosk.store.board import HostBook
from kiosk.store.hosts import HostFile
from kiosk.tools.clock import SystemClock
from kiosk.tools.credentials import write_credential
from kiosk.tools.ids import Ids
from kiosk.tools.site import Site
from tests.kiosk.board.conftest import BASE, wait_until
from tests.kiosk.board.small_desk import SmallDesk, small_site
from tests.support.books import SECRET, make_site, write_roster
from tests.support.house import START, ToldClock, at

pytestmark = pytest.mark.parts
NEW_ID = Ids()


class House:
    """A desk that can be stopped and started, a board before it, and somebody else at the door."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        """Start all of it, with Astrid and Bo in the house; Astrid is a host."""
        self.site: Site = make_site(folder, '[board]\nhost = "127.0.0.1"\n')
        write_credential("badge-key-v1", SECRET.hex().encode(), folder)
        write_roster(folder / "roster.db", confirmed=SystemClock()())
        hosts = HostFile(folder / "hosts.json")
        hosts.put("Siv", "a hash", at(0))
        hosts.tie("Siv", "astrid")
        self.start()
        stack.callback(self.stop)
        clock = SystemClock()
        self.live, self.book = Live(), stack.enter_context(closing(HostBook(folder / "board.db")))
        self.visits: dict[str, str] = {}
        for name in ("astrid", "bo"):
            said = self.ask(AskCheckIn(NEW_ID(), name, "host:Siv"))
            assert isinstance(said, SayAnswer)
            self.visits[name] = str(said.answer.visit)
        app = make_app(self.site, clock, self.book, self.live, DeskLine(self.site.door, clock, self.live, NEW_ID))
        self.client = stack.enter_context(TestClient(app, base_url=BASE))
        wait_until(lambda: self.live.picture.board is not None)
        self.client.post(f"/enter/{self.book.new_link('Maja', clock())}")

    def start(self) -> None:
        """Start the desk."""
        self._stop, ready = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=serve, args=(self.site, SystemClock(), self._stop, ready.set))
        self._thread.start()
        assert ready.wait(10)

    def stop(self) -> None:
        """Stop the desk: what it has only in memory is gone."""
        self._stop.set()
        self._thread.join(10)

    def ask(self, ask: Ask) -> object:
        """Ask at the door."""
        with DoorClient(self.site.door) as door:
            return door.ask(ask)

    def at_screen(self, *, is_drill: bool = False) -> RollCall:
        """Open the roll call as the screen does after the host's badge."""
        visit = self.visits["astrid"]
        said = self.ask(OpenRollCall(id=NEW_ID(), call=NEW_ID(), is_drill=is_drill, visit=visit))
        assert isinstance(said, SayRollCall)
        assert said.host == "Siv"
        return said.call

    def tick(self, call: RollCall, name: str, tick: str) -> None:
        """Tick somebody off as the screen does."""
        made = Tick(id=tick, person=self.visits[name], at=START, host="Siv")
        (ask,) = tells(call, (made,), NEW_ID)
        assert isinstance(self.ask(ask), SayRollCall)

    def known(self, call: str) -> RollCall:
        """Return what the desk knows."""
        said = self.ask(ShowRollCall(id=NEW_ID(), call=call))
        assert isinstance(said, SayRollCall)
        return said.call

    def is_known(self, call: str) -> bool:
        """Return whether the desk knows of it."""
        return isinstance(self.ask(ShowRollCall(id=NEW_ID(), call=call)), SayRollCall)

    def accesses(self) -> list[tuple[str, str, str]]:
        """Return who looked at what, for which purpose."""
        with closing(sqlite3.connect(self.site.state_dir / "journal.db")) as journal:
            return journal.execute("SELECT by, what, purpose FROM access ORDER BY id").fetchall()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with ExitStack() as stack:
        yield House(tmp_path, stack)


def test_a_roll_call_begun_at_the_screen_is_the_boards_with_ticks_going_both_ways_and_one_end(house: House) -> None:
    call = house.at_screen()
    wait_until(lambda: house.book.roll_calls.running() is not None)
    assert house.client.post("/roll-call/begin", data={"kind": "live"}).url.path == f"/roll-call/{call.id}"
    house.tick(call, "bo", "from-screen")
    wait_until(lambda: len(house.client.post(f"/roll-call/{call.id}/ticks", json={"ticks": []}).json()["ticks"]) == 1)
    house.client.post(f"/roll-call/{call.id}/tick", data={"person": house.visits["astrid"], "do": "found"})
    wait_until(lambda: house.known(call.id).found == 2)
    house.client.post(f"/roll-call/{call.id}/tick", data={"person": house.visits["bo"], "do": "back"})
    wait_until(lambda: house.known(call.id).found == 1)
    assert isinstance(house.ask(EndRollCall(id=NEW_ID(), call=call.id, by="host:Siv")), SayRollCall)
    wait_until(lambda: [one.found for one in house.book.roll_calls.past(2)] == [1])
    (past,) = house.book.roll_calls.past(2)
    assert (past.id, past.sought, past.found, past.host) == (call.id, 2, 1, "Siv")
    told = [one for one in house.accesses() if one[0] == "host:Siv"]
    assert told == [
        ("host:Siv", "the evacuation list", "roll call"),
        ("host:Siv", "the evacuation list, ended: 2 sought, 1 found", "roll call"),
    ]


def test_one_begun_on_the_board_is_the_screens_and_its_end_there_ends_it_here(house: House) -> None:
    path = house.client.post("/roll-call/begin", data={"kind": "drill"}).url.path
    wait_until(lambda: bool(house.live.picture.board and house.live.picture.board.roll_call))
    call = house.at_screen(is_drill=True)
    assert path == f"/roll-call/{call.id}"
    assert house.book.roll_calls.unnoted() == ()
    house.client.post(f"{path}/end")
    wait_until(lambda: house.known(call.id).ended is not None)
    wait_until(lambda: bool(house.live.picture.board and house.live.picture.board.roll_call is None))
    begun = [one for one in house.accesses() if one[1] == "the evacuation list"]
    assert begun[0] == ("host:Maja", "the evacuation list", "roll call, drill")


def test_a_desk_that_comes_back_learns_from_the_board_what_was_ticked_before_and_meanwhile(house: House) -> None:
    call = house.at_screen()
    house.tick(call, "bo", "before")
    wait_until(lambda: len((house.book.roll_calls.running() or call).ticks) == 1)
    house.stop()
    wait_until(lambda: house.live.picture.lost is not None)
    house.client.post(f"/roll-call/{call.id}/tick", data={"person": house.visits["astrid"], "do": "found"})
    house.start()
    wait_until(lambda: house.live.picture.lost is None and house.is_known(call.id))
    wait_until(lambda: house.known(call.id).found == 2)
    known = house.known(call.id)
    assert replace(known, ticks=(), rows=()) == replace(call, ticks=(), rows=(), found=2)
    assert [one.name for one in known.rows] == ["Astrid", "Bo"]


def test_without_a_desk_the_list_comes_from_the_files_and_the_desk_is_told_of_it_when_it_is_back(house: House) -> None:
    house.stop()
    page = house.client.post("/roll-call/begin", data={"kind": "live"}).text
    assert "Astrid" in page
    call = house.book.roll_calls.running()
    assert call is not None
    house.start()
    wait_until(lambda: house.is_known(call.id))
    assert house.at_screen().id == call.id


@pytest.mark.anyio
async def test_a_desk_that_says_nothing_is_not_waited_for_when_a_house_is_emptied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meeting, "OPEN_S", 0.01)
    desk = SmallDesk(small_site(tmp_path), is_silent=True)
    desk.start()
    with closing(HostBook(tmp_path / "board.db")) as book:
        clock, live = ToldClock(0), Live()
        line = DeskLine(desk.site.door, clock, live, NEW_ID)
        asking = meeting.Meeting(clock, line, live, book.roll_calls)
        assert await asking.open("one", host("Maja"), is_drill=False) is None
        assert book.roll_calls.running() is None
    desk.stop()
    assert [type(one) for one in desk.asked] == [OpenRollCall]
