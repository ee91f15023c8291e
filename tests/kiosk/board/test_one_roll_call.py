"""One roll call for all devices: a real desk between the board's pages and whoever else has the list open."""

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
from kiosk.door.roll_call import EndRollCall, OpenRollCall, SayRollCall
from kiosk.store.board import HostBook
from kiosk.tools.clock import SystemClock
from tests.kiosk.board.conftest import BASE, wait_until
from tests.kiosk.board.small_desk import SmallDesk, small_site
from tests.support.house import CountedIds, ToldClock
from tests.support.running_desk import RunningDesk

pytestmark = pytest.mark.parts


class House:
    """A desk with Astrid and Bo in the house, and a board before it at which Maja has signed in."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        """Start all of it."""
        self.desk = RunningDesk(folder, '[board]\nhost = "127.0.0.1"\n')
        stack.callback(self.desk.stop)
        self.desk.let_in("astrid", "bo")
        clock, site = SystemClock(), self.desk.site
        self.live, self.book = Live(), stack.enter_context(closing(HostBook(folder / "board.db")))
        line = DeskLine(site.door, clock, self.live, self.desk.new_id)
        app = make_app(site, clock, self.book, self.live, line)
        self.client = stack.enter_context(TestClient(app, base_url=BASE))
        wait_until(lambda: self.live.picture.board is not None)
        self.client.post(f"/enter/{self.book.new_link('Maja', clock())}")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with ExitStack() as stack:
        yield House(tmp_path, stack)


def test_a_roll_call_begun_at_the_screen_is_the_boards_with_ticks_going_both_ways_and_one_end(house: House) -> None:
    call = house.desk.at_screen()
    wait_until(lambda: house.book.roll_calls.running() is not None)
    assert house.client.post("/roll-call/begin", data={"kind": "live"}).url.path == f"/roll-call/{call.id}"
    house.desk.tick(call, "bo", "from-screen")
    wait_until(lambda: len(house.client.post(f"/roll-call/{call.id}/ticks", json={"ticks": []}).json()["ticks"]) == 1)
    house.client.post(f"/roll-call/{call.id}/tick", data={"person": house.desk.visits["astrid"], "do": "found"})
    wait_until(lambda: house.desk.found(call.id) == 2)
    house.client.post(f"/roll-call/{call.id}/tick", data={"person": house.desk.visits["bo"], "do": "back"})
    wait_until(lambda: house.desk.found(call.id) == 1)
    assert isinstance(house.desk.ask(EndRollCall(id="ask", call=call.id, by="host:Siv")), SayRollCall)
    wait_until(lambda: [one.found for one in house.book.roll_calls.past(2)] == [1])
    (past,) = house.book.roll_calls.past(2)
    assert (past.id, past.sought, past.found, past.host) == (call.id, 2, 1, "Siv")
    told = [one for one in house.desk.accesses() if one[0] == "host:Siv"]
    assert told == [
        ("host:Siv", "the evacuation list", "roll call"),
        ("host:Siv", "the evacuation list, ended: 2 sought, 1 found", "roll call"),
    ]


def test_one_begun_on_the_board_is_the_screens_and_its_end_there_ends_it_here(house: House) -> None:
    path = house.client.post("/roll-call/begin", data={"kind": "drill"}).url.path
    wait_until(lambda: bool(house.live.picture.board and house.live.picture.board.roll_call))
    call = house.desk.at_screen(is_drill=True)
    assert path == f"/roll-call/{call.id}"
    assert house.book.roll_calls.unnoted() == ()
    house.client.post(f"{path}/end")
    wait_until(lambda: (house.desk.known(call.id) or call).ended is not None)
    wait_until(lambda: bool(house.live.picture.board and house.live.picture.board.roll_call is None))
    begun = [one for one in house.desk.accesses() if one[1] == "the evacuation list"]
    assert begun[0] == ("host:Maja", "the evacuation list", "roll call, drill")


def test_a_desk_that_comes_back_learns_from_the_board_what_was_ticked_before_and_meanwhile(house: House) -> None:
    call = house.desk.at_screen()
    house.desk.tick(call, "bo", "before")
    wait_until(lambda: len((house.book.roll_calls.running() or call).ticks) == 1)
    house.desk.stop()
    wait_until(lambda: house.live.picture.lost is not None)
    house.client.post(f"/roll-call/{call.id}/tick", data={"person": house.desk.visits["astrid"], "do": "found"})
    house.desk.start()
    wait_until(lambda: house.live.picture.lost is None and house.desk.known(call.id) is not None)
    wait_until(lambda: house.desk.found(call.id) == 2)
    known = house.desk.known(call.id)
    assert known is not None
    assert replace(known, ticks=(), rows=()) == replace(call, ticks=(), rows=(), found=2)
    assert [one.name for one in known.rows] == ["Astrid", "Bo"]


def test_without_a_desk_the_list_comes_from_the_files_and_the_desk_is_told_of_it_when_it_is_back(house: House) -> None:
    house.desk.stop()
    page = house.client.post("/roll-call/begin", data={"kind": "live"}).text
    assert "Astrid" in page
    call = house.book.roll_calls.running()
    assert call is not None
    house.desk.start()
    wait_until(lambda: house.desk.known(call.id) is not None)
    assert house.desk.at_screen().id == call.id


@pytest.mark.anyio
async def test_a_desk_that_says_nothing_is_not_waited_for_when_a_house_is_emptied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meeting, "OPEN_S", 0.01)
    desk = SmallDesk(small_site(tmp_path), is_silent=True)
    desk.start()
    with closing(HostBook(tmp_path / "board.db")) as book:
        clock, live = ToldClock(0), Live()
        line = DeskLine(desk.site.door, clock, live, CountedIds())
        asking = meeting.Meeting(clock, line, live, book.roll_calls)
        assert await asking.open("one", host("Maja"), is_drill=False) is None
        assert book.roll_calls.running() is None
    desk.stop()
    assert [type(one) for one in desk.asked] == [OpenRollCall]
