"""The terminal board under Textual's own pilot, before a real door: four views, names when asked for, and colours."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from rich.text import Text
from textual.color import Color
from textual.pilot import Pilot
from textual.widgets import DataTable, Static

from kiosk.board.pages import NAMES_S
from kiosk.board.terminal.app import TerminalBoard
from kiosk.board.terminal.run import parts_of
from kiosk.domain.ids import host
from kiosk.door.messages import NoteAccess, ShowPeople
from kiosk.look.themes import ThemeName, contrast
from tests.kiosk.board.real_house import fill
from tests.kiosk.board.small_desk import ANNA, BO, SmallDesk, small_board, small_site
from tests.support.house import CountedIds, ToldClock

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

STEPS_MAX = 400
STEP_S = 0.02


@asynccontextmanager
async def shown(
    folder: Path, theme: ThemeName = ThemeName.DARK, *, has_desk: bool = True
) -> AsyncIterator[tuple[Pilot[int], SmallDesk, ToldClock]]:
    """Run the board in a terminal of 120 by 30, before a desk that has a picture."""
    site = small_site(folder)
    desk = SmallDesk(site)
    if has_desk:
        desk.start()
    clock = ToldClock(3700)
    app = TerminalBoard(parts_of(site, clock, CountedIds(), host("Maja")), theme)
    try:
        async with app.run_test(size=(120, 30)) as pilot:
            yield pilot, desk, clock
    finally:
        if has_desk:
            desk.stop()


async def until(pilot: Pilot[int], is_so: Callable[[], bool]) -> None:
    for _ in range(STEPS_MAX):
        if is_so():
            return
        await pilot.pause(STEP_S)
    message = f"it did not come about; shown: {everything(pilot)}"
    raise AssertionError(message)


def cells(table: "DataTable[Text]", row: int) -> list[str]:
    """Return what stands in a row."""
    return [str(one) for one in table.get_row_at(row)]


def everything(pilot: Pilot[int]) -> str:
    """Return all text that is drawn now."""
    picture = pilot.app.export_screenshot()
    return " ".join(re.findall(r">([^<>]+)</text>", picture)).replace("&#160;", " ")


async def test_zones_stand_in_the_words_of_the_web_and_what_is_not_known_is_no_nought(tmp_path: Path) -> None:
    async with shown(tmp_path) as (pilot, _desk, _clock):
        await until(pilot, lambda: pilot.app.query_one("#zones", DataTable).row_count == 3)
        table = pilot.app.query_one("#zones", DataTable)
        assert cells(table, 0)[:6] == ["Lägerelden", "● Folk här", "08:25", "4\N{EN DASH}6", "3", "3"]
        assert cells(table, 2)[:4] == ["Rastplatsen", "? Vet inte", "08:05", "\N{EN DASH}"]
        assert "7 i huset" in everything(pilot)


async def test_a_change_at_the_desk_is_drawn_and_a_pause_keeps_the_picture(tmp_path: Path) -> None:
    async with shown(tmp_path) as (pilot, desk, _clock):
        head = pilot.app.query_one("#head", Static)
        await until(pilot, lambda: "7 i huset" in str(head.render()))
        desk.show(small_board(in_house=9))
        await until(pilot, lambda: "9 i huset" in str(head.render()))
        await pilot.press("p")
        desk.show(small_board(in_house=11))
        app = pilot.app
        assert isinstance(app, TerminalBoard)
        await until(pilot, lambda: app._parts.live.picture.board == desk.board)  # noqa: SLF001 - it has come, and is not drawn
        app.draw()
        assert "9 i huset" in str(head.render())
        await pilot.press("p")
        await until(pilot, lambda: "11 i huset" in str(head.render()))


async def test_names_come_when_asked_for_in_the_hosts_name_can_be_filtered_and_do_not_stay(tmp_path: Path) -> None:
    async with shown(tmp_path) as (pilot, desk, clock):
        await pilot.press("2")
        assert "Namnen är dolda" in everything(pilot)
        assert not [one for one in desk.asked if isinstance(one, ShowPeople)]
        await pilot.press("n")
        table = pilot.app.query_one("#people-table", DataTable)
        await until(pilot, lambda: table.row_count == 2)
        assert [cells(table, row)[0] for row in (0, 1)] == [BO.name, ANNA.name]
        (asked,) = [one for one in desk.asked if isinstance(one, ShowPeople)]
        assert isinstance(asked, ShowPeople)
        assert asked.by == "host:Maja"
        await pilot.press("/", *"prov")
        await until(pilot, lambda: table.row_count == 1)
        await pilot.press("escape")
        await until(pilot, lambda: table.row_count == 2)
        clock.forward(NAMES_S)
        await until(pilot, lambda: table.row_count == 0)


async def test_leaving_the_view_takes_the_names_away(tmp_path: Path) -> None:
    async with shown(tmp_path) as (pilot, _desk, _clock):
        await pilot.press("n")
        table = pilot.app.query_one("#people-table", DataTable)
        await until(pilot, lambda: table.row_count == 2)
        await pilot.press("1", "2")
        assert table.row_count == 0


async def test_the_roll_call_lists_everybody_from_the_files_and_is_in_the_access_log(tmp_path: Path) -> None:
    fill(small_site(tmp_path))
    async with shown(tmp_path) as (pilot, desk, _clock):
        await pilot.press("4")
        table = pilot.app.query_one("#roll-table", DataTable)
        await until(pilot, lambda: table.row_count == 3)
        assert [cells(table, row)[:2] for row in range(3)] == [
            ["[ ]", "Astrid"],
            ["[ ]", "Gun <Gäst>"],
            ["[ ]", "Bo"],
        ]
        assert [one.what for one in desk.asked if isinstance(one, NoteAccess)] == ["the evacuation list"]
        await pilot.press("space")
        await until(pilot, lambda: cells(table, 2)[:2] == ["[x]", "Astrid"])
        assert "2 av 3 kvar att hitta" in everything(pilot)


async def test_the_roll_call_works_without_a_desk_and_an_unreadable_list_is_never_an_empty_one(tmp_path: Path) -> None:
    fill(small_site(tmp_path))
    async with shown(tmp_path, has_desk=False) as (pilot, _desk, _clock):
        await pilot.press("4")
        table = pilot.app.query_one("#roll-table", DataTable)
        await until(pilot, lambda: table.row_count == 3)
        (tmp_path / "journal.db").write_bytes(b"no database at all" * 100)
        await pilot.press("4")
        await until(pilot, lambda: "Listan kan inte läsas" in everything(pilot))


async def test_a_desk_that_goes_away_is_said_above_the_last_picture(tmp_path: Path) -> None:
    async with shown(tmp_path) as (pilot, desk, _clock):
        await until(pilot, lambda: pilot.app.query_one("#zones", DataTable).row_count == 3)
        desk.stop()
        await until(pilot, lambda: "Ingen kontakt med disken sedan 09:01." in everything(pilot))
        assert pilot.app.query_one("#zones", DataTable).row_count == 3


async def test_the_parts_of_the_house_are_told_and_the_language_can_be_changed(tmp_path: Path) -> None:
    async with shown(tmp_path) as (pilot, _desk, _clock):
        await until(pilot, lambda: pilot.app.query_one("#zones", DataTable).row_count == 3)
        await pilot.press("3")
        assert "✓ Kortläsare entrance är klar" in everything(pilot)
        await pilot.press("s")
        assert "✓ Badge reader entrance is ready" in everything(pilot)
        await pilot.press("1")
        assert cells(pilot.app.query_one("#zones", DataTable), 0)[1] == "● People here"


async def test_what_a_name_holds_is_shown_and_never_obeyed(tmp_path: Path) -> None:
    async with shown(tmp_path) as (pilot, desk, _clock):
        desk.people = (replace(ANNA, name="[red]Anna\x1b[2J"),)
        await pilot.press("n")
        table = pilot.app.query_one("#people-table", DataTable)
        await until(pilot, lambda: table.row_count == 1)
        assert "\x1b" not in cells(table, 0)[0]
        await pilot.pause()
        assert "[red]Anna" in everything(pilot)


@pytest.mark.parametrize("theme", [ThemeName.DARK, ThemeName.LIGHT, ThemeName.CONTRAST])
async def test_every_colour_pair_that_is_drawn_keeps_seven_to_one(tmp_path: Path, theme: ThemeName) -> None:
    fill(small_site(tmp_path))
    async with shown(tmp_path, theme) as (pilot, _desk, _clock):
        for view in ("1", "n", "3", "4"):
            await pilot.press(view)
            await pilot.pause(0.2)
            for pair in pairs(pilot):
                assert contrast(*pair) >= 7, (view, pair)


def pairs(pilot: Pilot[int]) -> set[tuple[str, str]]:
    """Return each pair of colours in which a letter is drawn."""
    found = set()
    width, height = pilot.app.size
    for line in pilot.app.screen._compositor.render_strips():  # noqa: SLF001 - what is drawn, cell by cell
        for segment in line:
            if segment.text.strip() and segment.style and segment.style.color and segment.style.bgcolor:
                colours = [Color.from_rich_color(one).hex6 for one in (segment.style.color, segment.style.bgcolor)]
                found.add((colours[0], colours[1]))
    assert (width, height) == (120, 30)
    assert found
    return found
