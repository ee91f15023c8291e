"""What the pages say of a house that is out of the ordinary."""

from dataclasses import replace
from pathlib import Path

from kiosk.board.live import Picture
from kiosk.board.pages import Pages
from kiosk.domain.board import ReaderHealth, ReaderState
from kiosk.domain.ids import ReaderId
from kiosk.domain.instant import ClockState
from kiosk.domain.members import Language
from kiosk.tools.site import DemonstrationTable
from tests.kiosk.board.small_desk import small_board, small_site
from tests.support.house import at


def pages(state_dir: Path, *, speed: int | None = None) -> Pages:
    site = small_site(state_dir)
    shown = DemonstrationTable(speed=speed) if speed else None
    return Pages(replace(site, tables=replace(site.tables, demonstration=shown)))


def test_before_the_first_picture_the_page_says_that_it_waits(tmp_path: Path) -> None:
    assert "Vi väntar på disken." in pages(tmp_path).wall(Picture(), Language.SV)


def test_a_demonstration_says_so_and_how_fast_it_runs(tmp_path: Path) -> None:
    picture = Picture(small_board(), heard=at(3700))
    assert "snabbspolade 60 gånger" in pages(tmp_path, speed=60).wall(picture, Language.SV)
    assert "Demonstration" not in pages(tmp_path).wall(picture, Language.SV)


def test_a_clock_that_was_never_set_is_said(tmp_path: Path) -> None:
    board = replace(small_board(), at=at(3600, clock=ClockState.UNSET))
    assert "Klockan är inte ställd." in pages(tmp_path).wall(Picture(board, heard=at(3700)), Language.SV)


def test_a_reader_at_fault_and_a_missing_roster_stand_out(tmp_path: Path) -> None:
    faulty = ReaderHealth(ReaderId("entrance"), ReaderState.FAULT, at(0))
    board = replace(small_board(), readers=(faulty,), roster_age_s=None)
    page = pages(tmp_path).wall(Picture(board, heard=at(3700)), Language.SV)
    assert '<li class="unwell">Kortläsare entrance har ett fel</li>' in page
    assert '<li class="unwell">Medlemslista saknas</li>' in page


def test_the_roster_ages_while_the_picture_stands_still(tmp_path: Path) -> None:
    board = replace(small_board(), roster_age_s=60.0)
    page = pages(tmp_path).wall(Picture(board, heard=at(3600 + 3 * 3600)), Language.SV)
    assert "Medlemslistan är 3 tim gammal" in page


def test_names_of_zones_are_escaped(tmp_path: Path) -> None:
    board = small_board()
    zone = replace(board.zones[0], reason=replace(board.zones[0].name, sv="<b>skäl</b>"))
    page = pages(tmp_path).wall(Picture(replace(board, zones=(zone,)), heard=at(3700)), Language.SV)
    assert "&lt;b&gt;skäl" in page
    assert "<b>" not in page
