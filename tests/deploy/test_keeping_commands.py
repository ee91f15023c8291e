"""The commands about kept data: remove, prove, export, erase, accesses, and public records that are marked first."""

import csv
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from deploy.command import main
from kiosk.domain.events import Arrived
from kiosk.domain.marking import MASKED, Mark, fields, first_mark
from kiosk.door.client import DoorClient
from kiosk.door.messages import NoteAccess, SayError, ShowPeople
from kiosk.service.serve import serve
from kiosk.store.hosts import HostFile
from kiosk.store.journal import JournalReader
from kiosk.store.person import accesses
from kiosk.store.pseudonyms import KEY_CREDENTIAL, pseudonym_of
from kiosk.tools.clock import SystemClock
from kiosk.tools.credentials import write_credential
from tests.support.books import SECRET, SITE, UIDS, key_of
from tests.support.house import at
from tests.support.keeping import DECISION, EVA, Kept, kept_house, moment

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)
LONG_AGO = 40
EXPORT = ["records", "export", "--from", "2020-01-01", "--to", "2099-01-01", "--purpose", "begäran 7"]


@pytest.fixture
def site_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "site.toml"
    path.write_text(SITE.format(state_dir=tmp_path / "state") + DECISION)
    monkeypatch.setenv("SAMVERK_SITE", str(path))
    return path


@pytest.fixture
def visited(tmp_path: Path, site_file: Path) -> Path:
    """Return the state of a house that Astrid visited with a guest some weeks ago, and Carl just now."""
    assert site_file.exists()
    now = SystemClock()().wall
    (tmp_path / "state").mkdir()
    with kept_house(tmp_path / "state") as house:
        a_visit(house, "Astrid", LONG_AGO)
        house.fresh_roster(now)
        house.tap("Carl", now - timedelta(minutes=10))
        house.leave("Carl", now - timedelta(minutes=5))
    return tmp_path / "state"


def a_visit(house: Kept, name: str, days_ago: int) -> None:
    began = SystemClock()().wall - days_ago * DAY
    house.fresh_roster(began)
    house.tap(name, began)
    house.guest(name, "Gunnel Gast", began + timedelta(seconds=10))
    house.join(name, began + timedelta(seconds=20))
    house.desk.people(EVA, "roll call drill", moment(began + timedelta(seconds=30)))
    house.leave(name, began + timedelta(hours=1))


def test_prove_says_no_until_run_has_removed_what_is_overdue(visited: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["retention", "prove"]) == 1
    assert "FÖR GAMLA" in capsys.readouterr().out
    assert main(["retention", "run"]) == 0
    assert main(["retention", "prove", "--json"]) == 0
    found = msgspec.json.decode(capsys.readouterr().out.splitlines()[-1])
    assert found["decision"] == "dnr 2026-7"
    assert found["last_run"]["removed"]["guest_names"] == 1
    assert found["rules"].keys() == {one["kind"] for one in found["proofs"]}
    assert found["rules"]["access_log"] == {"sv": "12 månader", "en": "12 months"}
    kept = {one["kind"]: one["kept"] for one in found["proofs"]}
    assert kept["guest_names"] == 0
    assert kept["closed_visits"] == 2
    assert b"Gunnel" not in (visited / "journal.db").read_bytes()


@pytest.mark.parametrize(
    ("kind", "damage"),
    [
        ("guest_names", "INSERT INTO guest_names VALUES ('g', 'Gunnel Gast')"),
        ("access_log", "INSERT INTO access (at, \"by\", what, purpose) VALUES ('2020-01-01', 'x', 'y', 'z')"),
        ("counts", "INSERT INTO tallies VALUES ('2020-01', 'met_somebody', 'yes', '', 1)"),
        ("preferences", "INSERT INTO last_visits VALUES ('astrid', '2020-01')"),
    ],
)
def test_prove_finds_whatever_was_left_over(
    visited: Path, kind: str, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["retention", "run"]) == 0
    with sqlite3.connect(visited / "journal.db") as connection:
        connection.execute(damage)
    connection.close()
    capsys.readouterr()
    assert main(["retention", "prove", "--json"]) == 1
    proofs = msgspec.json.decode(capsys.readouterr().out)["proofs"]
    assert [one["kind"] for one in proofs if one["overdue"]] == [kind]


def test_a_journal_of_an_earlier_version_proves_nothing(visited: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with sqlite3.connect(visited / "journal.db") as connection:
        connection.execute("DROP TABLE last_visits")
    connection.close()
    assert main(["retention", "prove"]) == 1
    assert "start the desk once" in capsys.readouterr().err


def test_old_sensor_history_is_found_in_the_sensors_file(visited: Path) -> None:
    assert main(["retention", "run"]) == 0
    with sqlite3.connect(visited / "zones.db") as connection:
        connection.execute("CREATE TABLE counters (one)")
        connection.execute("CREATE TABLE history (at TEXT)")
        connection.execute("INSERT INTO history VALUES ('2020-01-01')")
    connection.close()
    assert main(["retention", "prove"]) == 1


def test_an_export_holds_everything_about_one_and_nothing_about_others(
    visited: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert visited.exists()
    assert main(["person", "export", "astrid", "--purpose", "asked by herself", "--json"]) == 0
    text = capsys.readouterr().out
    found = msgspec.json.decode(text)
    assert {"arrived", "joined_zone", "left"} <= {one["type"] for one in found["journal"]["events"]}
    assert found["roster"]["member"][0]["name"] == "Astrid"
    assert key_of(UIDS["Astrid"]) in text
    assert [one["purpose"] for one in found["journal"]["accesses"]] == ["roll call drill", "asked by herself"]
    assert "carl" not in text.lower()
    assert "Gunnel" not in text
    assert main(["person", "export", "astrid", "--purpose", "asked by herself"]) == 0
    assert capsys.readouterr().out.startswith("Alla uppgifter om astrid i Samverket Stockholm / Everything about")


def test_an_export_holds_what_waits_under_a_pseudonym_what_is_doubted_and_what_could_not_be_used(
    visited: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = bytes(range(32))
    write_credential(KEY_CREDENTIAL, key.hex().encode(), visited)
    told = [
        ("told", "astrid", "disputed"),
        ("long", pseudonym_of("astrid", key), "waiting"),
        ("his", "carl", "waiting"),
    ]
    with closing(sqlite3.connect(visited / "roster.db")) as file:
        for number, (event, who, state) in enumerate(told, start=1):
            body = msgspec.json.encode({"data": {"member": who}}).decode()
            row = (number, number, event, "arrived", "v", body, state, "2026-01-01")
            file.execute(
                "INSERT INTO outbox (sequence, journal_seq, event_id, kind, visit, body, state, since)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
        file.execute("INSERT INTO disputes VALUES ('told', 1, 'rights withdrawn', '2026-01-02')")
        file.execute("INSERT INTO disputes VALUES ('his', 2, 'his rights', '2026-01-02')")
        file.execute("INSERT INTO refused (kind, id, reason) VALUES ('member', 'astrid', 'is of an unknown agency')")
        file.commit()
    assert main(["person", "export", "astrid", "--purpose", "asked by herself", "--json"]) == 0
    found = msgspec.json.decode(capsys.readouterr().out)["roster"]
    assert [one["state"] for one in found["to_the_centre"]] == ["disputed", "waiting"]
    assert [one["reason"] for one in found["disputes"]] == ["rights withdrawn"]
    assert [one["reason"] for one in found["refused"]] == ["is of an unknown agency"]


def test_an_export_without_a_purpose_is_refused_and_shows_nothing(
    visited: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for asked in (["person", "export", "astrid"], ["person", "export", "astrid", "--purpose", "  "]):
        with pytest.raises(SystemExit, match="2"):
            main(asked)
    assert "Astrid" not in capsys.readouterr().out
    with sqlite3.connect(visited / "journal.db") as connection:
        assert connection.execute("SELECT COUNT(*) FROM access WHERE what LIKE 'export%'").fetchone() == (0,)
    connection.close()


def test_accesses_tell_who_looked_at_what_and_what_for(visited: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert visited.exists()
    main(["person", "export", "astrid", "--purpose", "asked by herself", "--by", "eva"])
    capsys.readouterr()
    assert main(["person", "accesses", "--json", "--by", "bo"]) == 0
    lines = msgspec.json.decode(capsys.readouterr().out)
    assert [(one["by"], one["what"], one["about"]) for one in lines] == [
        ("host:eva", "people in the house", ""),
        ("host:eva", "export of one person", "astrid"),
        ("host:bo", "access log", ""),
    ]


def test_whoever_has_an_event_explained_is_in_the_access_log(visited: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal = JournalReader(visited / "journal.db")
    arrived = next(one.event for one in journal.after(0) if isinstance(one.event, Arrived))
    journal.close()
    assert main(["explain", arrived.id, "--by", "eva", "--purpose", "asked by herself"]) == 0
    assert main(["person", "accesses", "--member", "astrid"]) == 0
    assert "host:eva  explanation of an event: asked by herself astrid" in capsys.readouterr().out


def test_erase_is_said_and_done(visited: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["person", "erase", "nobody", "--decision", "dnr 2026-9"]) == 1
    assert main(["person", "erase", "carl", "--decision", "carl wants it"]) == 1
    assert main(["person", "erase", "carl", "--decision", "dnr 2026-9"]) == 0
    assert "Raderat i journalen" in capsys.readouterr().out
    assert b"carl" not in b"".join(one.read_bytes() for one in visited.glob("journal.db*"))
    assert main(["journal", "verify"]) == 0
    assert main(["person", "erase", "astrid", "--decision", "dnr 2026-9"]) == 0


def test_that_a_member_is_a_host_is_exported_and_goes_when_they_are_erased(
    visited: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hosts = HostFile(visited / "hosts.json")
    hosts.put("Eva", "a hash", at(0))
    hosts.tie("Eva", "carl")
    assert main(["person", "export", "carl", "--purpose", "asked by himself", "--json"]) == 0
    assert msgspec.json.decode(capsys.readouterr().out)["hosts"] == {"name": "Eva"}
    assert main(["person", "export", "carl", "--purpose", "asked by himself"]) == 0
    assert "Som värd / As a host" in capsys.readouterr().out
    assert main(["person", "erase", "carl", "--decision", "dnr 2026-9"]) == 0
    assert hosts.named("carl") is None
    assert b"carl" not in (visited / "hosts.json").read_bytes()
    assert list(hosts.hosts()) == ["Eva"]


def test_nothing_personal_goes_out_unmarked(visited: Path, tmp_path: Path) -> None:
    work, out = tmp_path / "work.csv", tmp_path / "out.csv"
    assert main([*EXPORT, "--out", str(work)]) == 0
    assert b"astrid" in work.read_bytes()
    assert work.stat().st_mode & 0o077 == 0
    assert main(["records", "release", str(work), "--purpose", "begäran 7", "--out", str(out)]) == 0
    text = out.read_text(encoding="utf-8-sig")
    journal = JournalReader(visited / "journal.db")
    personal = {"astrid", "carl", "host:eva", "member;", key_of(UIDS["Carl"])}
    personal |= {one.event.id for one in journal.after(0)}
    personal |= {str(getattr(one.event, "visit", "astrid")) for one in journal.after(0)}
    journal.close()
    rows = list(csv.DictReader(text.splitlines(), delimiter=";"))
    assert {row["event"] for row in rows} >= {"arrived", "joined_zone", "guest_arrived", "left"}
    values = {row["value"] for row in rows}
    assert values & personal == set()
    assert MASKED in values
    assert "lagerelden" in values


def test_a_mark_that_somebody_changed_is_followed(visited: Path, tmp_path: Path) -> None:
    assert visited.exists()
    work, out = tmp_path / "work.csv", tmp_path / "out.csv"
    today = SystemClock()().wall.date()
    main(
        ["records", "export", "--from", str(today - 60 * DAY), "--to", str(today), "--purpose", "p", "--out", str(work)]
    )
    marked = work.read_text(encoding="utf-8-sig").replace("member;astrid;mask", "member;astrid;keep")
    work.write_text(marked.replace("zone;lagerelden;keep", "zone;lagerelden;mask"), encoding="utf-8-sig")
    assert main(["records", "release", str(work), "--purpose", "p", "--out", str(out)]) == 0
    text = out.read_text(encoding="utf-8-sig")
    assert "member;astrid;keep" in text
    assert "lagerelden" not in text


@pytest.mark.parametrize("bad", ["", "KEEP", "yes", "keep;more"])
def test_one_undecided_line_lets_nothing_out(
    visited: Path, tmp_path: Path, bad: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert visited.exists()
    work, out = tmp_path / "work.csv", tmp_path / "out.csv"
    today = SystemClock()().wall.date()
    main(
        ["records", "export", "--from", str(today - 60 * DAY), "--to", str(today), "--purpose", "p", "--out", str(work)]
    )
    lines = work.read_text(encoding="utf-8-sig").splitlines()
    lines[4] = lines[4].rsplit(";", 1)[0] + f";{bad}"
    work.write_text("\n".join(lines), encoding="utf-8-sig")
    assert main(["records", "release", str(work), "--purpose", "p", "--out", str(out)]) == 1
    assert "line 5" in capsys.readouterr().err
    assert not out.exists()


def test_a_field_nobody_has_classed_is_masked() -> None:
    assert first_mark("something_new") is Mark.MASK
    assert first_mark("numbers.settle_s") is Mark.KEEP
    assert dict(fields({"a": {"b": 1}, "c": None})) == {"a.b": 1, "c": None}


@pytest.fixture
def running(visited: Path, site_file: Path) -> Iterator[Path]:
    """Run the real desk over that state, its door open."""
    from kiosk.tools.site import load  # noqa: PLC0415 - only this fixture needs it

    write_credential("badge-key-v1", SECRET.hex().encode(), visited)
    stop, ready = threading.Event(), threading.Event()
    thread = threading.Thread(target=serve, args=(load(site_file), SystemClock(), stop, ready.set))
    thread.start()
    assert ready.wait(10)
    yield visited
    stop.set()
    thread.join(10)


def test_the_running_desk_does_it_all_through_its_door(running: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["retention", "run"]) == 0
    assert main(["retention", "prove"]) == 0
    assert main(["person", "export", "carl", "--purpose", "asked by himself"]) == 0
    assert main(["person", "erase", "carl", "--decision", "dnr 2026-9"]) == 0
    assert main(["person", "accesses"]) == 0
    assert "erasure: dnr 2026-9" in capsys.readouterr().out
    assert b"carl" not in b"".join(one.read_bytes() for one in running.glob("journal.db*"))


@pytest.mark.parametrize("purpose", ["", "  ", "x" * 201])
def test_the_desk_shows_and_notes_nothing_without_a_purpose(running: Path, purpose: str) -> None:
    with DoorClient(running / "door.sock") as door:
        people = door.ask(ShowPeople(id="1", by="host:eva", purpose=purpose))
        noted = door.ask(NoteAccess(id="2", by="host:eva", what="export", purpose=purpose))
    assert [type(one) for one in (people, noted)] == [SayError, SayError]
    assert len(accesses(running)) == 1  # the drill of some weeks ago


def test_outside_the_demonstration_the_site_file_must_name_a_decision(
    site_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["config", "check"]) == 0
    site_file.write_text(site_file.read_text().replace("dnr 2026-7", " "))
    assert main(["config", "check"]) == 1
    assert "retention.decision: is missing" in capsys.readouterr().err
    site_file.write_text(site_file.read_text() + "[demonstration]\n")
    assert main(["config", "check"]) == 0
