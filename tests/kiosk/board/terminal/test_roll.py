"""The roll call of all devices in the terminal, at a real desk: begun, joined, ticked and ended, kept without one."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest
from rich.text import Text
from textual.pilot import Pilot
from textual.widgets import DataTable

from kiosk.board.line import DeskLine
from kiosk.board.terminal.app import TerminalBoard
from kiosk.board.terminal.roll import TerminalRoll
from kiosk.board.terminal.run import parts_of
from kiosk.domain.board import RunningCall
from kiosk.domain.ids import host
from kiosk.domain.roll_call import RollCall
from kiosk.door.messages import Ask, SayBoard, ShowBoard
from kiosk.door.roll_call import EndRollCall, SayRollCall, TellRollCall
from kiosk.tools.clock import SystemClock
from tests.kiosk.board.terminal.test_terminal import cells, everything, until
from tests.kiosk.store.test_roll_calls import ASTRID
from tests.support.house import START, ToldClock
from tests.support.running_desk import RunningDesk

pytestmark = [pytest.mark.anyio, pytest.mark.parts]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[RunningDesk]:
    one = RunningDesk(tmp_path)
    one.let_in("astrid", "bo")
    yield one
    one.stop()


@asynccontextmanager
async def roll_call(desk: RunningDesk) -> AsyncIterator[tuple[Pilot[int], "DataTable[Text]"]]:
    """Run the board in a terminal with the roll call on show."""
    app = TerminalBoard(parts_of(desk.site, SystemClock(), desk.new_id, host("Maja")))
    async with app.run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: app._parts.live.picture.board is not None)  # noqa: SLF001 - no page shows it
        await pilot.press("4")
        table = app.query_one("#roll-table", DataTable)
        await until(pilot, lambda: table.row_count == 2)
        yield pilot, table


def running(desk: RunningDesk) -> str | None:
    """Return the id of the roll call that runs at the desk."""
    said = desk.ask(ShowBoard("board"))
    assert isinstance(said, SayBoard)
    return said.board.roll_call.id if said.board.roll_call else None


async def test_ticks_made_before_and_after_it_is_begun_are_everybodys(desk: RunningDesk) -> None:
    async with roll_call(desk) as (pilot, _table):
        await pilot.press("space")
        await until(pilot, lambda: "1 av 2 kvar att hitta. b påbörjar" in everything(pilot))
        await pilot.press("d")
        await until(pilot, lambda: "ÖVNING. 1 av 2 kvar att hitta. Mellanslag kryssar på alla" in everything(pilot))
        call = running(desk)
        assert call is not None
        assert desk.found(call) == 1
        await pilot.press("space")
        await until(pilot, lambda: desk.found(call) == 2)
        await pilot.press("space")
        await until(pilot, lambda: desk.found(call) == 1)
        known = desk.known(call)
        assert known is not None
        assert {one.host for one in known.ticks} == {"Maja"}


async def test_one_begun_at_the_screen_is_joined_its_ticks_are_shown_and_its_end_is_asked_twice(
    desk: RunningDesk,
) -> None:
    async with roll_call(desk) as (pilot, table):
        call = desk.at_screen()
        await until(pilot, lambda: "SKARPT LÄGE. 2 av 2" in everything(pilot))
        desk.tick(call, "astrid", "from-screen")
        await until(pilot, lambda: cells(table, 1)[:2] == ["[x]", "Astrid"])
        await pilot.press("e")
        assert "Tryck e igen" in everything(pilot)
        await pilot.press("escape", "e", "e")
        await until(pilot, lambda: "Uppropet är avslutat: 1 av 2 hittade." in everything(pilot))
        assert running(desk) is None
        await pilot.press("4")
        await until(pilot, lambda: "b påbörjar" in everything(pilot))


async def test_while_the_desk_is_away_ticks_stay_and_are_told_when_it_is_back(desk: RunningDesk) -> None:
    async with roll_call(desk) as (pilot, table):
        await pilot.press("b")
        await until(pilot, lambda: "SKARPT LÄGE" in everything(pilot))
        call = running(desk)
        assert call is not None
        desk.stop()
        await until(pilot, lambda: "Ingen kontakt med disken" in everything(pilot))
        await pilot.press("space")
        await until(pilot, lambda: cells(table, 1)[0] == "[x]")
        desk.start()
        await until(pilot, lambda: desk.found(call) == 1)


async def test_an_end_elsewhere_is_the_end_here(desk: RunningDesk) -> None:
    async with roll_call(desk) as (pilot, _table):
        call = desk.at_screen(is_drill=True)
        await until(pilot, lambda: "ÖVNING. 2 av 2" in everything(pilot))
        desk.ask(EndRollCall(id="end", call=call.id, by="host:Siv"))
        await until(pilot, lambda: "Uppropet är avslutat: 0 av 2 hittade." in everything(pilot))


async def test_a_live_one_begun_elsewhere_takes_the_place_of_a_drill(desk: RunningDesk) -> None:
    async with roll_call(desk) as (pilot, _table):
        await pilot.press("d")
        await until(pilot, lambda: "ÖVNING. 2 av 2" in everything(pilot))
        live = desk.at_screen()
        await until(pilot, lambda: "SKARPT LÄGE. 2 av 2" in everything(pilot))
        await pilot.press("space")
        await until(pilot, lambda: desk.found(live.id) == 1)


class _Line:
    """A way to a desk that does not answer at first."""

    def __init__(self, call: RollCall, silent: int) -> None:
        self.call = call
        self.silent = silent
        self.asked: list[Ask] = []

    def new_id(self) -> str:
        return f"id-{len(self.asked)}"

    async def ask(self, ask: Ask) -> SayRollCall | None:
        self.asked.append(ask)
        self.silent -= 1
        return None if self.silent >= 0 else SayRollCall(ask.id, self.call)


async def test_a_tick_that_the_desk_did_not_hear_is_told_again_though_it_has_no_news() -> None:
    call = RollCall(id="one", is_drill=True, began=START, ended=None, host="Siv", rows=(ASTRID,), sought=1)
    seen = RunningCall(id="one", is_drill=True, sought=1, found=0, presses=0)
    line = _Line(call, silent=0)
    roll = TerminalRoll(cast("DeskLine", line), ToldClock(0), host("Maja"), set)
    await roll.learn(seen)
    assert not roll.is_news(seen)
    roll.mark(ASTRID.key)
    line.silent = 1
    await roll.learn(seen)
    assert roll.is_news(seen)
    await roll.learn(seen)
    assert not roll.is_news(seen)
    told = [one.ticks for one in line.asked if isinstance(one, TellRollCall) and one.ticks]
    assert [[one.person for one in ticks] for ticks in told] == [[ASTRID.key]]
