"""`samverk research export`: a whole month, once, the same to everybody who asks and however they ask."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from deploy.command import main
from deploy.commands import research
from kiosk.domain.instant import ClockState, Instant
from kiosk.domain.tally import Counted, Tally
from kiosk.store.journal import Entry, JournalWriter
from kiosk.tools.site import Site
from tests.support.books import SITE, make_site, write_roster
from tests.support.house import BOOT

pytestmark = pytest.mark.slow

OCTOBER = "2026-10"
NOVEMBER = "2026-11"
STOCKHOLM = ZoneInfo("Europe/Stockholm")
LATER = Instant(datetime(2026, 12, 24, 12, tzinfo=UTC), BOOT, 0.0, ClockState.SYNCED)
PAIRS = (("a", "b"), ("a", "c"), ("b", "c"))


def month_of_meetings(month: str = NOVEMBER, people: int = 20, times: int = 60) -> dict[Tally, int]:
    """Return a month in which three agencies met each other, and many came in the morning."""
    found = {
        Tally(month, Counted.ARRIVALS, "09"): 100,
        Tally(month, Counted.PEOPLE_ARRIVALS): people,
        Tally(month, Counted.PEOPLE_ARRIVALS, "09"): people,
    }
    for one, other in PAIRS:
        found[Tally(month, Counted.MEETINGS, one, other)] = times
        found[Tally(month, Counted.PEOPLE_MEETINGS, one, other)] = people
        found[Tally(month, Counted.PEOPLE_MEETINGS, other, one)] = people
    return found


def count(site: Site, tallies: Mapping[Tally, int]) -> None:
    """Add to what the house has counted."""
    writer = JournalWriter(site.state_dir / "journal.db")
    writer.append(Entry(tallies=tallies))
    writer.close()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = make_site(tmp_path)
    write_roster(tmp_path / "roster.db")
    count(made, month_of_meetings())
    return made


@pytest.fixture(autouse=True)
def december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(research, "SystemClock", lambda: lambda: LATER)


def site_file(site: Site, more: str = "") -> str:
    path = site.state_dir / "site.toml"
    path.write_text(SITE.format(state_dir=site.state_dir) + more)
    return str(path)


def export(site: Site, *more: str, keys: str = "") -> int:
    return main(["research", "export", "--site", site_file(site, keys), "--month", NOVEMBER, *more])


def test_a_whole_month_is_told(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert export(site) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["site"], told["month"], told["visits"], told["group_min"]) == ("stockholm", NOVEMBER, 100, 10)
    assert told["meetings_between"] == 180
    assert [one["meetings"] for one in told["between"]] == [60, 60]
    assert told["released_at"] == "2026-12-24T12:00:00+00:00"


def test_asked_again_it_is_the_same_to_the_byte_whatever_was_counted_since(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    export(site)
    first = capsys.readouterr().out
    count(site, {Tally(NOVEMBER, Counted.ARRIVALS, "09"): 1, Tally(NOVEMBER, Counted.MEETINGS, "a", "b"): 300})
    export(site)
    assert capsys.readouterr().out == first


def test_after_release_no_other_group_size_can_be_asked_for(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    export(site)
    first = capsys.readouterr().out
    for group_min in (5, 50):
        export(site, keys=f"\n[research]\ngroup_min = {group_min}\n")
        assert capsys.readouterr().out == first


def test_the_group_size_of_the_site_is_used_and_is_never_below_five(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(site, keys="\n[research]\ngroup_min = 4\n") == 2
    assert export(site, keys="\n[research]\ngroup_min = 25\n") == 0
    assert json.loads(capsys.readouterr().out)["visits"] is None


def test_a_month_that_is_not_over_is_not_told_and_stays_unreleased(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    early = replace(LATER, wall=datetime(2026, 11, 30, 12, tzinfo=UTC))
    monkeypatch.setattr(research, "SystemClock", lambda: lambda: early)
    assert export(site) == 1
    assert "is not over" in capsys.readouterr().err
    monkeypatch.setattr(research, "SystemClock", lambda: lambda: LATER)
    assert export(site) == 0


def test_what_was_released_is_repeated_when_its_counts_are_gone_and_the_clock_is_wrong(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    export(site)
    first = capsys.readouterr().out
    (site.state_dir / "journal.db").unlink()
    unset = replace(LATER, clock=ClockState.UNSET)
    monkeypatch.setattr(research, "SystemClock", lambda: lambda: unset)
    assert export(site) == 0
    assert capsys.readouterr().out == first


@pytest.mark.parametrize(
    ("utc", "complete"),
    [
        ("2026-10-31T22:59", False),
        ("2026-11-01T22:59", False),
        ("2026-11-01T23:00", True),
        ("2027-01-01T00:00", True),
    ],
)
def test_a_month_is_complete_a_day_after_its_last_local_midnight(utc: str, complete: bool) -> None:  # noqa: FBT001 - a table of verdicts
    now = replace(LATER, wall=datetime.fromisoformat(utc).replace(tzinfo=UTC))
    assert research.is_complete(OCTOBER, now, STOCKHOLM) is complete


def test_with_a_clock_that_was_never_set_no_month_is_over() -> None:
    assert not research.is_complete(OCTOBER, replace(LATER, clock=ClockState.UNSET), STOCKHOLM)


def test_a_month_in_which_nothing_was_counted_is_not_released(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = make_site(tmp_path)
    assert export(site) == 1
    assert "nothing was counted" in capsys.readouterr().err


def test_csv_holds_the_same_figures_and_a_withheld_one_is_empty(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    count(site, {Tally(NOVEMBER, Counted.GUESTS): 3, Tally(NOVEMBER, Counted.ACTIVITIES): 4})
    assert export(site, "--csv") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    figures = {(row["what"], row["first"], row["second"]): row["figure"] for row in rows}
    assert figures["visits", "", ""] == "100"
    assert figures["guests", "", ""] == ""
    assert figures["activities", "", ""] == "4"
    assert figures["meetings", "b", "c"] == "60"
    assert ("meetings", "a", "b") not in figures
    assert sum(row["what"] == "arrivals" for row in rows) == 24


def test_an_agency_id_can_be_no_formula_in_a_spreadsheet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = make_site(tmp_path)
    formula = "=1+1"
    for one, number in month_of_meetings().items():
        about = [formula if name == "c" else name for name in (one.first, one.second)]
        is_pair = one.kind is Counted.MEETINGS
        first, second = sorted(about) if is_pair else about
        count(site, {Tally(one.month, one.kind, first, second): number})
    export(site, "--csv")
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    cells = [cell for row in rows for cell in row]
    assert f"'{formula}" in cells
    assert formula not in cells


def test_the_figures_go_into_a_file_if_asked(site: Site, tmp_path: Path) -> None:
    assert export(site, "--out", str(tmp_path / "november.json")) == 0
    assert json.loads((tmp_path / "november.json").read_text())["month"] == NOVEMBER


@pytest.mark.parametrize("month", ["2026-13", "2026", "26-10", "october", "2026-1", "+026-10"])
def test_what_is_no_month_is_wrong_use(site: Site, month: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["research", "export", "--site", site_file(site), "--month", month])
    assert stopped.value.code == 2


def test_two_months_hold_nothing_of_each_other(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    count(site, month_of_meetings(OCTOBER, times=500))
    export(site)
    november = capsys.readouterr().out
    assert main(["research", "export", "--site", site_file(site), "--month", OCTOBER]) == 0
    october = json.loads(capsys.readouterr().out)
    assert json.loads(november)["meetings_between"] == 180
    assert october["meetings_between"] == 1500


def test_an_agency_of_three_people_is_not_in_the_file_in_any_form(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    count(
        site,
        {
            Tally(NOVEMBER, Counted.MEETINGS, "a", "tiny"): 40,
            Tally(NOVEMBER, Counted.PEOPLE_MEETINGS, "a", "tiny"): 30,
            Tally(NOVEMBER, Counted.PEOPLE_MEETINGS, "tiny", "a"): 3,
        },
    )
    export(site)
    assert "tiny" not in capsys.readouterr().out
