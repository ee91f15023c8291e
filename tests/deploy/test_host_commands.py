"""What hosts do on the command line: over a running desk, and for the roll call over nothing but files."""

import getpass
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.domain.answers import Outcome
from kiosk.domain.ids import EventId
from kiosk.store.journal import JournalReader
from kiosk.tools.clock import SystemClock
from tests.support.books import SITE, UIDS
from tests.support.desk_hub import Hub, running_hub

pytestmark = pytest.mark.parts

WAIT_S = 10.0


@pytest.fixture
def hub(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Hub]:
    with running_hub(tmp_path, capsys) as running:
        yield running


def test_a_guest_comes_in_by_the_members_name_moves_and_leaves(hub: Hub) -> None:
    hub("tap", UIDS["Astrid"])
    guest = str(hub.json("guest", "in", "Astrid", "Gun Gäst")["guest"])
    assert hub.json("guest", "move", guest, "rastplatsen")["outcome"] == Outcome.GUEST_MOVED
    rows = json.loads(hub("roll-call", "--json"))
    assert [(one["name"], one["guest_of"], one["last_zone"]) for one in rows] == [
        ("Astrid", None, None),
        ("Gun Gäst", "Astrid", "rastplatsen"),
    ]
    assert "Gästen är utcheckad." in hub("guest", "out", guest)
    status, told = hub.status("guest", "out", guest)
    assert (status, "Gästen är inte i huset." in told) == (1, True)


def test_a_guest_is_handed_over_to_another_member(hub: Hub) -> None:
    hub("tap", UIDS["Astrid"])
    hub("tap", UIDS["Bo"])
    guest = str(hub.json("guest", "in", "Astrid", "Gun")["guest"])
    hub("guest", "hand-over", guest, "Bo")
    rows = json.loads(hub("roll-call", "--json"))
    assert [one["guest_of"] for one in rows if one["guest"]] == ["Bo"]


def test_nobody_by_that_name_receives_a_guest(hub: Hub) -> None:
    status, told = hub.status("guest", "in", "Astrid", "Gun")
    assert (status, "Du är inte incheckad." in told) == (1, True)


def test_an_activity_is_planned_listed_and_cancelled(hub: Hub) -> None:
    planned = hub.json(
        "activity",
        "plan",
        "lagerelden",
        "Digital myndighetspost",
        "--at",
        "00:00",
        "--minutes",
        "60",
        "--day",
        _tomorrow(),
    )
    listing = hub("activity", "list")
    assert "00:00-01:00  lagerelden" in listing
    assert "Digital myndighetspost" in listing
    hub("activity", "cancel", str(planned["activity"]))
    assert "Inget är planerat." in hub("activity", "list")


def test_a_time_that_is_none_is_said_to_be_none(hub: Hub) -> None:
    status, told = hub.status("activity", "plan", "lagerelden", "Samtal", "--at", "halv tre")
    assert (status, "'halv tre' is no time of day" in told) == (1, True)


def test_a_visit_is_listed_annulled_and_cannot_be_cleared(hub: Hub) -> None:
    hub("tap", UIDS["Astrid"])
    (row,) = json.loads(hub("visit", "list", "--json"))
    assert row["state"] == "arrived"
    status, told = hub.status("visit", "clear", row["visit"])
    assert (status, "inget osäkert" in told) == (1, True)
    hub("visit", "correct", row["visit"], "--annul", "--why", "wrong_person", "--by", "eva")
    assert "taken back" in hub("visit", "list")
    journal = JournalReader(hub.folder / "journal.db")
    corrected = journal.after(0)[-1].event
    journal.close()
    assert getattr(corrected, "by", None) == "host:eva"


def test_an_event_is_explained_in_both_languages(hub: Hub) -> None:
    hub("tap", UIDS["Astrid"])
    journal = JournalReader(hub.folder / "journal.db")
    arrived = next(one.event.id for one in journal.after(0) if type(one.event).__name__ == "Arrived")
    journal.close()
    assert "Medlemmen släpptes in." in hub("explain", arrived)
    assert "The member was let in." in hub("explain", arrived, "--language", "en")
    status, told = hub.status("explain", EventId("nothing"))
    assert (status, "no event 'nothing'" in told) == (1, True)
    assert "Astrid" not in hub("explain", arrived)


def test_the_journal_holds_after_a_day_at_the_desk(hub: Hub) -> None:
    hub("tap", UIDS["Astrid"])
    hub("guest", "in", "Astrid", "Gun")
    hub("activity", "plan", "lagerelden", "Samtal", "--at", "00:00", "--day", _tomorrow())
    assert hub.json("journal", "verify")["presences_hold"] is True


def test_the_roll_call_needs_nothing_but_the_files(hub: Hub, tmp_path: Path) -> None:
    hub("tap", UIDS["Astrid"])
    hub("guest", "in", "Astrid", "Gun")
    elsewhere = tmp_path / "copy"
    elsewhere.mkdir()
    for one in hub.folder.glob("*.db*"):
        (elsewhere / one.name).write_bytes(one.read_bytes())
    (elsewhere / "site.toml").write_text(SITE.format(state_dir=elsewhere))
    told = _cold("roll-call", "--drill", "--site", str(elsewhere / "site.toml"))
    assert told.splitlines()[0] == "ÖVNING / DRILL"
    assert "[ ] Astrid, Exempelmyndigheten" in told
    assert "+ Gun (gäst)" in told


def test_opening_the_roll_call_stands_in_the_access_log_while_the_desk_is_up(hub: Hub) -> None:
    hub("roll-call", "--drill")
    with closing(sqlite3.connect(hub.folder / "journal.db")) as connection:
        rows = connection.execute("SELECT by, what, purpose FROM access").fetchall()
    assert rows == [(f"host:{getpass.getuser()}", "the evacuation list", "roll call, drill")]


def test_a_roll_call_without_a_roster_has_everybody_and_no_names(hub: Hub) -> None:
    hub("tap", UIDS["Astrid"])
    for one in hub.folder.glob("roster.db*"):
        one.unlink()
    rows = json.loads(hub("roll-call", "--json"))
    assert [(one["name"], one["certain"]) for one in rows] == [("?", True)]


def test_without_a_desk_a_question_is_told_that_there_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "site.toml").write_text(SITE.format(state_dir=tmp_path))
    status, told = Hub(tmp_path, capsys).status("guest", "in", "Astrid", "Gun")
    assert (status, "is `samverk desk` running?" in told) == (1, True)


def _cold(*arguments: str) -> str:
    """Run a command in a process of its own, and return what it prints."""
    command = [sys.executable, "-m", "deploy", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, env=dict(os.environ))
    return done.stdout


def _tomorrow() -> str:
    return (SystemClock()().wall + timedelta(days=1)).date().isoformat()
