"""The evacuation list on paper: only where a printer is named, one line in the access log each, and nothing kept."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from deploy import paper
from deploy.command import main
from deploy.commands.doctor import CHECKS
from deploy.doctor import paper as doctor
from deploy.paper import PaperNote, is_needed, read_note, write_note
from kiosk.tools.clock import SystemClock
from kiosk.tools.site import Site, SiteFileError, load, read
from tests.support.books import SITE
from tests.support.house import at
from tests.support.lp import RememberingPrinter
from tests.support.running_desk import RunningDesk

PRINTER = '\n[roll_call]\nprinter = "Entre_TM-T20"\n'


@pytest.fixture
def printer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RememberingPrinter:
    one = RememberingPrinter(tmp_path / "lp-bin")
    monkeypatch.setenv("PATH", one.path)
    return one


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[RunningDesk]:
    (tmp_path / "house").mkdir()
    one = RunningDesk(tmp_path / "house", PRINTER)
    (tmp_path / "house" / "site.toml").write_text(SITE.format(state_dir=tmp_path / "house") + PRINTER)
    yield one
    one.stop()


def print_hourly(site: Site) -> int:
    """Do what the timer does every hour."""
    return main(["roll-call", "--paper", "--site", str(site.state_dir / "site.toml")])


def small(folder: Path, more: str = PRINTER) -> Site:
    """Return a house without people or services."""
    (folder / "site.toml").write_text(SITE.format(state_dir=folder) + more)
    return load(folder / "site.toml")


@pytest.mark.parts
def test_the_list_goes_to_the_named_printer_with_one_line_in_the_access_log_and_leaves_no_name_behind(
    desk: RunningDesk, printer: RememberingPrinter, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.let_in("astrid", "bo")
    before = set(desk.site.state_dir.iterdir())
    assert print_hourly(desk.site) == 0
    ((arguments, text),) = printer.printed()
    assert arguments == "-d Entre_TM-T20 -t Samverk"
    assert [line for line in text.splitlines() if line.startswith("[ ]")] == [
        "[ ] Astrid, Exempelmyndigheten",
        "[ ] Bo, Exempelmyndigheten",
    ]
    assert desk.accesses()[-1] == ("system", "the evacuation list", "evacuation paper")
    assert len(desk.accesses()) == 1
    (left,) = set(desk.site.state_dir.iterdir()) - before
    assert left.name == "paper.json"
    assert b"Astrid" not in left.read_bytes()
    assert (left.stat().st_mode & 0o777, capsys.readouterr().out) == (0o600, "")
    (found,) = doctor.check(desk.site, SystemClock()(), cups=desk.site.state_dir / "none")
    assert found.is_well


@pytest.mark.parts
def test_it_needs_neither_desk_nor_network_and_that_nobody_is_in_is_printed_once(
    desk: RunningDesk, printer: RememberingPrinter
) -> None:
    desk.stop()
    assert [print_hourly(desk.site) for _hour in range(3)] == [0, 0, 0]
    ((_arguments, text),) = printer.printed()
    assert "I huset / In the house: 0" in text


def test_without_a_printer_in_the_site_file_nothing_is_printed_and_nothing_is_said(
    tmp_path: Path, printer: RememberingPrinter, capsys: pytest.CaptureFixture[str]
) -> None:
    site = small(tmp_path, "")
    assert print_hourly(site) == 0
    assert (printer.printed(), capsys.readouterr(), read_note(site)) == ([], ("", ""), None)


def test_a_printing_that_fails_is_told_by_the_command_and_by_doctor_and_tried_again(
    tmp_path: Path, printer: RememberingPrinter, capsys: pytest.CaptureFixture[str]
) -> None:
    site = small(tmp_path)
    printer.breaks("lp: The printer or class does not exist.")
    assert [print_hourly(site), print_hourly(site)] == [1, 1]
    assert "does not exist" in capsys.readouterr().err
    assert len(printer.printed()) == 2
    (found,) = doctor.check(site, SystemClock()(), cups=tmp_path / "none")
    assert (found.is_well, "does not exist" in found.says.en, "lpstat" in found.says.sv) == (False, True, True)


def test_an_unreadable_journal_is_no_empty_paper(tmp_path: Path, printer: RememberingPrinter) -> None:
    site = small(tmp_path)
    (tmp_path / "journal.db").write_bytes(b"no database at all" * 100)
    assert print_hourly(site) == 1
    assert printer.printed() == []
    note = read_note(site)
    assert note is not None
    assert note.why == "the list cannot be read"


def test_a_printer_that_takes_nothing_is_given_up(
    tmp_path: Path, printer: RememberingPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "LP_S", 0.1)
    printer.hangs()
    site = small(tmp_path)
    assert print_hourly(site) == 1
    note = read_note(site)
    assert note is not None
    assert note.why.startswith("CUPS did not take it within")


def test_doctor_tells_what_is_missing_late_or_kept(tmp_path: Path) -> None:
    site, cups = small(tmp_path), tmp_path / "cupsd.conf"
    assert CHECKS["paper"] is doctor.check
    assert doctor.check(small(tmp_path, ""), at(0))[0].is_well
    (missing,) = doctor.check(site, at(0), which=lambda _name: None)
    assert (missing.is_well, "cups-client" in missing.says.sv) == (False, True)

    def told(seconds: float) -> list[bool]:
        return [one.is_well for one in doctor.check(site, at(seconds), which=lambda _name: "/usr/bin/lp", cups=cups)]

    assert told(0) == [False]
    write_note(site, PaperNote(at(0).wall, 3))
    assert (told(3600), told(doctor.LATE_S + 1)) == ([True], [False])
    cups.write_text("# PreserveJobFiles No\nMaxLogSize 0\n")
    assert told(3600) == [True, False]
    cups.write_text("LogLevel warn\nPreserveJobFiles No\n")
    assert told(3600) == [True]


@pytest.mark.parametrize(
    ("in_house", "last", "is_so"),
    [
        (0, None, True),
        (2, PaperNote(at(0).wall, 2), True),
        (0, PaperNote(at(0).wall, 2), True),
        (0, PaperNote(at(0).wall, 0), False),
        (0, PaperNote(at(0).wall, 0, "no paper"), True),
    ],
)
def test_a_paper_is_printed_while_there_is_something_to_say(
    in_house: int, last: PaperNote | None, *, is_so: bool
) -> None:
    assert is_needed(in_house, last) is is_so


@pytest.mark.parametrize("name", ["-o raw", "a b", "a/b", "x" * 200])
def test_what_is_no_printers_name_is_refused(name: str) -> None:
    with pytest.raises(SiteFileError):
        read(SITE.format(state_dir="/tmp") + f'\n[roll_call]\nprinter = "{name}"\n')  # noqa: S108 - nothing is written


def test_a_note_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    site = small(tmp_path)
    (tmp_path / "paper.json").write_text("{")
    assert read_note(site) is None
    write_note(site, PaperNote(at(0).wall + timedelta(hours=1), 1))
    assert read_note(site) is not None
