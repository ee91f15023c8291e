"""docs/dataskydd.md tells of every field and table there is, and of none that there is not."""

import dataclasses
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from deploy.commands.retention import RULES
from kiosk.domain.events import TYPE_NAMES
from kiosk.domain.retention import KIND_OF, Kind, Retention
from kiosk.store.database import Shape, Writer

PAGE = (Path(__file__).parent.parent / "docs" / "dataskydd.md").read_text()
_CODE = re.compile(r"`([^`]+)`")


def rows(head: str) -> list[list[str]]:
    """Return the cells of the table whose first line begins like that."""
    after = PAGE[PAGE.index(f"\n| {head} |") + 1 :].splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in after if line.startswith("|")]
    length = next(number for number, line in enumerate([*after, ""]) if not line.startswith("|"))
    return table[2:length]


def names(cell: str) -> list[str]:
    return _CODE.findall(cell)


def test_every_field_of_every_event_stands_in_the_page_and_no_other() -> None:
    told = {
        (event, names(row[0])[0])
        for row in rows("fält | händelser")
        for event in (TYPE_NAMES if row[1] == "alla" else names(row[1]))
    }
    real = {(event, one.name) for event, kind in TYPE_NAMES.items() for one in dataclasses.fields(kind)}
    assert told == real


def test_every_field_says_what_why_who_and_what_for_never() -> None:
    for row in rows("fält | händelser"):
        assert len(row) == 6
        assert all(row)


def test_every_event_is_kept_as_the_page_says() -> None:
    told = {names(row[0])[0]: names(row[1])[0] for row in rows("händelse | sort")}
    assert told == {name: KIND_OF[kind].value for name, kind in TYPE_NAMES.items()}


def test_every_kind_of_data_has_its_time_on_the_page_and_in_the_proof() -> None:
    told = {names(row[0])[0]: row[2] for row in rows("sort | vad")}
    assert told.keys() == {one.value for one in Kind}
    assert set(RULES) == set(Kind) - {Kind.HOUSE}
    keep = Retention()
    assert f"{keep.closed_visit_days} dygn" in told["closed_visits"]
    assert f"{keep.unsent_days} dygn" in told["closed_visits"]
    assert f"{keep.access_log_months} månader" in told["access_log"]
    assert f"{keep.preferences_months} månader" in told["preferences"]
    assert f"{keep.counts_months} månader" in told["counts"]


@pytest.mark.parametrize("name", Shape)
def test_every_table_and_column_of_every_file_stands_in_the_page(name: Shape, tmp_path: Path) -> None:
    writer = Writer(tmp_path / f"{name}.db", name)
    writer.close()
    with closing(sqlite3.connect(tmp_path / f"{name}.db")) as connection:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%sqlite%'"
        tables = [row[0] for row in connection.execute(query)]
        real = {one: {row[1] for row in connection.execute(f"PRAGMA table_info({one})")} for one in tables}
    told = {names(row[1])[0]: set(names(row[2])) for row in rows("fil | tabell") if names(row[0]) == [f"{name}.db"]}
    assert told == real


def test_no_file_of_the_house_is_left_out() -> None:
    folder = Path(__file__).parent.parent / "kiosk" / "store" / "migrations"
    assert {one.stem for one in folder.glob("*.py")} - {"__init__"} == set(Shape)


def test_the_page_names_what_the_public_body_must_decide_itself() -> None:
    section = PAGE[PAGE.index("## 3.") : PAGE.index("## 4.")]
    for word in ("Rättslig grund", "Gallringsbeslut", "medbestämmandelagen", "Personuppgiftsansvar", "Sekretess"):
        assert word in section
