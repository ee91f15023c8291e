"""What hosts do on the command line: over a running desk, and for the roll call over nothing but files."""

import getpass
import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from deploy.command import main
from kiosk.domain.answers import Outcome
from kiosk.domain.ids import EventId
from kiosk.service.serve import serve
from kiosk.store.journal import JournalReader
from kiosk.tools.clock import SystemClock
from kiosk.tools.credentials import write_credential
from kiosk.tools.site import load
from tests.support.books import SECRET, SITE, UIDS, write_roster

pytestmark = pytest.mark.parts

WAIT_S = 10.0


class Hub:
    """A desk that runs, and its commands."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Take the folder of the site."""
        self.folder, self.file = folder, folder / "site.toml"
        self._capsys = capsys

    def __call__(self, *arguments: str) -> str:
        """Run a command that must succeed, and return what it prints."""
        status, out = self.status(*arguments)
        assert status == 0, out
        return out

    def status(self, *arguments: str) -> tuple[int, str]:
        """Run a command, and return its status and what it prints."""
        self._capsys.readouterr()
        status = self.run(*arguments)
        told = self._capsys.readouterr()
        return status, told.out + told.err

    def run(self, *arguments: str) -> int:
        """Run a command, and return its status; what it prints goes where it goes."""
        return main([*arguments, "--site", str(self.file)])

    def json(self, *arguments: str) -> dict[str, object]:
        """Run a command that must succeed, and return its answer."""
        answer: dict[str, object] = json.loads(self(*arguments, "--json"))
        return answer

    def json_of(self, *arguments: str) -> dict[str, object]:
        """Run a command that must be refused, and return its answer."""
        status, told = self.status(*arguments, "--json")
        assert status == 1, told
        answer: dict[str, object] = json.loads(told)
        return answer

    def list_of(self, *arguments: str) -> list[dict[str, object]]:
        """Run a command that must succeed, and return the list it prints."""
        answer: list[dict[str, object]] = json.loads(self(*arguments, "--json"))
        return answer


@pytest.fixture
def hub(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Hub]:
    (tmp_path / "site.toml").write_text(SITE.format(state_dir=tmp_path))
    write_roster(tmp_path / "roster.db", confirmed=SystemClock()())
    write_credential("badge-key-v1", SECRET.hex().encode(), tmp_path)
    stop, ready = threading.Event(), threading.Event()
    thread = threading.Thread(target=serve, args=(load(tmp_path / "site.toml"), SystemClock(), stop, ready.set))
    thread.start()
    assert ready.wait(WAIT_S)
    yield Hub(tmp_path, capsys)
    stop.set()
    thread.join(WAIT_S)
    assert not thread.is_alive()


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
