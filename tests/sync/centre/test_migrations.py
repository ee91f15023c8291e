"""A database of an earlier shape opens with all that it holds; one of a later version is left alone."""

import json
import sqlite3
from pathlib import Path

import msgspec
import pytest

from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids
from sync.centre.events import Told, read_event
from sync.centre.registry import Registry
from sync.centre.storage import kin, losses
from sync.centre.storage.events import row_of
from sync.centre.storage.opening import open_rooms
from sync.centre.storage.room import CentreError
from sync.centre.storage.roster import Changes
from sync.centre.storage.shape import SHAPES
from sync.centre.storage.tokens import Bearer, Role
from tests.support.centre import SITE, SOURCE
from tests.support.centre_events import event, visits

MODIFIED = "2026-11-23T08:00:00.123456+00:00"
USER, AGENCY = (
    f"urn:{one}" for one in ("ietf:params:scim:schemas:core:2.0:User", "samverk:params:scim:schemas:core:1.0:Agency")
)
MEMBERSHIP = "urn:samverk:params:scim:schemas:membership:1.0:User"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return a file of the first shape with an agency, two members, and the events of seven visits."""
    path = tmp_path / "centre.db"
    connection = sqlite3.connect(path)
    connection.executescript(SHAPES[0] + "PRAGMA user_version=1;")
    agency = {"schemas": [AGENCY], "displayName": "A-verket", "seats": 4, "id": "a"}
    documents = [("Agency", "a", agency)]
    for number, active in ((1, True), (2, False)):
        membership = {"agency": "a", "badges": [{"value": f"{number:064x}", "keyVersion": 1, "status": "active"}]}
        user = {"schemas": [USER, MEMBERSHIP], "userName": f"m{number}", "displayName": "Namn", "active": active}
        documents.append(("User", f"m{number}", {**user, MEMBERSHIP: membership, "id": f"m{number}"}))
    for kind, name, document in documents:
        one = (kind, name, f'W/"{name}"', MODIFIED, MODIFIED, json.dumps(document))
        connection.execute("INSERT INTO resources VALUES (?, ?, ?, ?, ?, ?)", one)
    for body in visits(7):
        row = (
            SOURCE,
            body["id"],
            int(body["sequence"]),
            body["type"],
            body["time"],
            b"digest",
            json.dumps(body),
            MODIFIED,
        )
        connection.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    connection.execute("INSERT INTO state VALUES ('roster_version', 'the-old-one')")
    connection.commit()
    connection.close()
    return path


def test_a_database_of_the_first_shape_opens_with_all_that_it_holds(old: Path) -> None:
    for _ in range(2):
        registry = Registry(old, SystemClock(), Ids())
        report = registry.report()
        changes = registry.roster.changes("", 0, 100)
        version = registry.resources.version()
        registry.close()
        assert (report.agencies, report.members, report.distinct, report.missing) == (1, 2, 21, {SOURCE: 0})
        assert isinstance(changes, Changes)
        assert sorted(one["id"] for one in changes.changes) == ["a", "m1", "m2"]
        assert version == "the-old-one"
    connection = sqlite3.connect(old)
    assert connection.execute("SELECT member, since, kind FROM doubts").fetchall() == [
        ("m2", "2026-11-23T08:00:00.123456Z", "withdrawn")
    ]
    assert connection.execute("SELECT COUNT(*) FROM visits").fetchone() == (7,)
    connection.close()


def test_a_database_of_the_second_shape_keeps_its_rows_and_knows_which_badges_are_lost(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.centre.storage.migrate.SHAPES", SHAPES[:2])
    rooms = open_rooms(database)
    badges = [{"value": "a" * 64, "keyVersion": 1, "status": "lost"}, {"value": "b" * 64, "keyVersion": 1}]
    user = {"schemas": [USER, MEMBERSHIP], "displayName": "Namn", MEMBERSHIP: {"agency": "a", "badges": badges}}
    with rooms[0].transaction() as work:
        one = ("User", "m1", 'W/"1"', MODIFIED, MODIFIED, json.dumps({**user, "userName": "m1", "id": "m1"}))
        work.run("INSERT INTO resources VALUES (?, ?, ?, ?, ?, ?)", one)
        seen = (SOURCE, "v1", "m1", "a", "a-1", MODIFIED, 1, MODIFIED, 2, 1, MODIFIED)
        work.run("INSERT INTO visits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", seen)
    for room in rooms:
        room.close()
    monkeypatch.undo()
    registry = Registry(database, SystemClock(), Ids())
    with registry.happenings.reading() as work:
        assert work.rows("SELECT badge, kind FROM losses") == [("a" * 64, "lost")]
        assert work.rows("SELECT source, visit, badge FROM visits") == [(SOURCE, "v1", "")]
    registry.close()


def test_a_database_of_the_third_shape_learns_which_keys_are_of_one_badge_and_what_was_said_of_it(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.centre.storage.migrate.SHAPES", SHAPES[:3])
    rooms = open_rooms(database)
    told = event("badge.rekeyed", 1, visit=None, badge="b" * 64, was="a" * 64, key_version=2, source=SOURCE)
    read = read_event(msgspec.Raw(msgspec.json.encode(told)), Bearer(Role.HOUSE, SITE, SOURCE))
    assert isinstance(read, Told)
    with rooms[0].transaction() as work:
        work.run("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row_of(read, MODIFIED))
        work.run("INSERT INTO losses VALUES (?, ?, ?)", ("a" * 64, MODIFIED, "lost"))
    for room in rooms:
        room.close()
    monkeypatch.undo()
    registry = Registry(database, SystemClock(), Ids())
    with registry.happenings.reading() as work:
        assert kin.keys_of(work, "a" * 64) == ["b" * 64, "a" * 64]
        assert losses.is_lost(work, "b" * 64)
    registry.close()


def test_a_database_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "centre.db"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version={len(SHAPES) + 1}")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(CentreError, match="newer version"):
        Registry(path, SystemClock(), Ids())
    assert path.read_bytes() == before


@pytest.mark.parts
def test_a_postgresql_is_brought_up_to_date_once_however_many_open_it(postgres: str) -> None:
    registries = [Registry(postgres, SystemClock(), Ids()) for _ in range(3)]
    epochs = {one.roster.epoch() for one in registries}
    with registries[0].people.reading() as work:
        shapes = [row[0] for row in work.rows("SELECT number FROM shape ORDER BY number")]
        parts = work.row("SELECT COUNT(*) FROM pg_inherits WHERE inhparent = 'events'::regclass")
        keys = [row[0] for row in work.rows(_KEYS)]
    for one in registries:
        one.close()
    assert shapes == [1, 2, 3, 4]
    assert parts == (8,)
    assert len(epochs) == 1
    assert len(keys) > 8
    assert set(keys) == {"source"}


_TOLD = (
    "events",
    "batches",
    "streams",
    "findings",
    "tallies",
    "visits",
    "disputes",
    "overlapping",
    "excesses",
    "houses",
)
_KEYS = f"""
SELECT a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
WHERE i.indisunique AND c.relname IN ({", ".join(f"'{one}'" for one in _TOLD)})
"""  # noqa: S608 - our own names
