"""The names on roll calls among all that is kept: exported, erased, proved to go, with the board and without it."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from deploy.command import main
from kiosk.domain.retention import Kind
from kiosk.domain.roll_call import RollCall, Tick
from kiosk.store.board import HostBook
from kiosk.store.proof import GRACE_S
from kiosk.store.roll_calls import NAMES_S
from kiosk.store.roster import RosterWriter
from kiosk.store.sought import sought
from kiosk.tools.clock import SystemClock
from tests.support.books import SITE
from tests.support.keeping import DECISION, kept_house, moment

ERASE = ["person", "erase", "astrid", "--decision", "dnr 2026-9", "--json"]


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the state of a house whose board held a drill about Astrid, her guest and Carl, who have left since."""
    site_file = tmp_path / "site.toml"
    site_file.write_text(SITE.format(state_dir=tmp_path / "state") + DECISION)
    monkeypatch.setenv("SAMVERK_SITE", str(site_file))
    (tmp_path / "state").mkdir()
    now = SystemClock()().wall
    with kept_house(tmp_path / "state") as house, closing(HostBook(tmp_path / "state" / "board.db")) as book:
        house.fresh_roster(now)
        house.tap("Astrid", now - timedelta(minutes=20))
        house.guest("Astrid", "Gunnel Gast", now - timedelta(minutes=19))
        house.tap("Carl", now - timedelta(minutes=18))
        rows = sought(house.site, moment(now - timedelta(minutes=17)))
        call = RollCall(
            id="drill", is_drill=True, began=now - timedelta(minutes=17), ended=None, host="Maja Host", rows=rows
        )
        book.roll_calls.begin(call)
        ticks = [
            Tick(id=f"t-{one.name}", person=one.key, at=now - timedelta(minutes=16), host="Maja Host") for one in rows
        ]
        book.roll_calls.tick("drill", ticks)
        book.roll_calls.end("drill", moment(now - timedelta(minutes=15)))
        for name in ("Astrid", "Carl"):
            house.leave(name, now - timedelta(minutes=10))
    return tmp_path / "state"


@pytest.fixture
def book(state: Path) -> Iterator[HostBook]:
    """Return the file as a running board has it open."""
    with closing(HostBook(state / "board.db")) as one:
        yield one


def on_disk(state: Path) -> bytes:
    return b"".join(one.read_bytes() for one in sorted(state.glob("board.db*")))


def test_an_export_tells_on_which_lists_one_stood_and_nothing_of_others(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert state.exists()
    assert main(["person", "export", "astrid", "--purpose", "asked by herself", "--json"]) == 0
    text = capsys.readouterr().out
    (stood,) = msgspec.json.decode(text)["board"]["roll_calls"]
    assert (stood["name"], stood["is_drill"], stood["certain"], stood["guests"]) == ("Astrid", True, True, 1)
    assert [one["is_taken_back"] for one in stood["found"]] == [False]
    assert stood["began"] < stood["found"][0]["at"] < stood["ended"]
    assert not [one for one in ("Carl", "carl", "Gunnel", "Maja") if one in text]
    assert main(["person", "export", "astrid", "--purpose", "asked by herself"]) == 0
    assert "På uppropens listor / On the lists of roll calls" in capsys.readouterr().out


def test_whoever_was_on_no_list_has_no_part_of_the_board(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert state.exists()
    assert main(["person", "export", "bo", "--purpose", "asked by himself", "--json"]) == 0
    assert "board" not in msgspec.json.decode(capsys.readouterr().out)


def test_without_a_board_the_command_erases_from_its_file(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert b"Astrid" in on_disk(state)
    assert main(ERASE) == 0
    assert msgspec.json.decode(capsys.readouterr().out) == {
        "outcome": "erased",
        "roster": "clean",
        "roll_calls": "clean",
    }
    assert not [one for one in (b"Astrid", b"astrid", b"Gunnel") if one in on_disk(state)]
    assert b"Carl" in on_disk(state)


def test_the_roster_is_cleaned_too_unless_the_thread_to_the_centre_runs_and_does_it(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(RosterWriter(state / "roster.db")) as roster:
        assert main(ERASE) == 0
        assert msgspec.json.decode(capsys.readouterr().out)["roster"] == "left"
        assert roster.replica.member("astrid") is not None
    assert main([*ERASE[:2], "carl", *ERASE[3:]]) == 0
    assert msgspec.json.decode(capsys.readouterr().out)["roster"] == "clean"
    held = b"".join(one.read_bytes() for one in state.glob("roster.db*"))
    assert not [one for one in (b"Astrid", b"astrid", b"Carl", b"carl") if one in held], "the earlier order too"
    assert b"Disa" in held


def test_while_the_board_runs_it_is_left_to_the_board(book: HostBook, capsys: pytest.CaptureFixture[str]) -> None:
    assert book.roll_calls.past(1)
    assert main(ERASE) == 0
    assert msgspec.json.decode(capsys.readouterr().out)["roll_calls"] == "left"
    assert main([*ERASE[:2], "carl", *ERASE[3:-1]]) == 0
    assert "rensas av tavlan" in capsys.readouterr().out


def test_a_list_in_use_keeps_its_people_and_that_is_said(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(HostBook(state / "board.db")) as book:
        ended = book.roll_calls.get("drill")
        assert ended is not None
        book.roll_calls.begin(
            RollCall(id="live", is_drill=False, began=SystemClock()().wall, ended=None, host="Maja", rows=ended.rows)
        )
    assert main(ERASE) == 0
    assert msgspec.json.decode(capsys.readouterr().out)["roll_calls"] == "in_use"
    with closing(HostBook(state / "board.db")) as book:
        running, drill = book.roll_calls.running(), book.roll_calls.get("drill")
    assert running is not None
    assert drill is not None
    assert [len(running.rows), len(drill.rows)] == [3, 1]


def test_a_damaged_file_of_the_board_is_said_and_the_journal_is_clean(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (state / "board.db").write_bytes(b"no database" * 1000)
    assert main(ERASE) == 0
    assert msgspec.json.decode(capsys.readouterr().out)["roll_calls"] == "unreadable"


def test_it_is_proved_that_the_names_go_and_run_lets_them_go(
    state: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["retention", "run"]) == 0

    def proved() -> tuple[int, int]:
        capsys.readouterr()
        main(["retention", "prove", "--json"])
        proofs = msgspec.json.decode(capsys.readouterr().out)["proofs"]
        return next((one["kept"], one["overdue"]) for one in proofs if one["kind"] == Kind.ROLL_CALLS)

    assert proved() == (1, 0)
    now = SystemClock()()
    later = moment(now.wall + timedelta(seconds=NAMES_S + GRACE_S))
    monkeypatch.setattr("deploy.commands.retention.SystemClock", lambda: lambda: later)
    monkeypatch.setattr("deploy.erasing.SystemClock", lambda: lambda: later)
    assert proved() == (1, 1)
    assert main(["retention", "prove"]) == 1
    assert main(["retention", "run"]) == 0
    assert proved() == (0, 0)
    assert not [one for one in (b"Astrid", b"Carl", b"Gunnel") if one in on_disk(state)]
