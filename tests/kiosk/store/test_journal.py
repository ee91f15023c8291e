"""The journal: nothing lost, nothing half, nothing changed afterwards without the chain telling."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.events import TYPE_NAMES, Happened, TapRefused
from kiosk.domain.ids import EventId, ReaderId, host
from kiosk.domain.presence import House, IllegalEvent, advance, replay
from kiosk.domain.reasons import Reason
from kiosk.store.codec import event_from_json, event_to_json
from kiosk.store.database import AlreadyOpenError, StoreError
from kiosk.store.journal import JournalReader, JournalWriter
from tests.kiosk.domain.test_presence import ASTRID, BO, arrived, began, joined, left, took_part
from tests.support.house import at

STORY: list[Happened] = [arrived(), arrived(BO, 1), joined(seconds=2), joined(BO, 3), began(seconds=4), left(BO, 5)]
REFUSED = TapRefused(
    id=EventId("r"), at=at(6), reader=ReaderId("entrance"), reason=Reason.BADGE_UNKNOWN, reference="ABC-DEF"
)


def record(writer: JournalWriter, story: list[Happened]) -> House:
    """Record each event in a commit of its own, and return the house."""
    house = House()
    for event in story:
        after = advance(house, event)
        writer.append([event], [one for key, one in after.presences.items() if house.presences.get(key) is not one])
        house = after
    return house


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


def test_what_was_recorded_is_read_back_in_its_order_with_no_gap(path: Path) -> None:
    record(JournalWriter(path), [*STORY, REFUSED])
    read = JournalReader(path).after(0)
    assert [one.event for one in read] == [*STORY, REFUSED]
    assert [one.seq for one in read] == list(range(1, len(STORY) + 2))


def test_presences_as_stored_are_those_of_a_replay(path: Path) -> None:
    house = record(JournalWriter(path), STORY)
    read = JournalReader(path)
    assert read.house() == house == replay(one.event for one in read.after(0))


def test_the_sequence_and_the_chain_go_on_after_a_restart(path: Path) -> None:
    writer = JournalWriter(path)
    record(writer, STORY[:3])
    writer.close()
    JournalWriter(path).append(STORY[3:], [])
    verdict = JournalReader(path).verify()
    assert (verdict.events, verdict.broken_at) == (len(STORY), None)


def test_a_batch_that_fails_leaves_nothing_behind(path: Path) -> None:
    writer = JournalWriter(path)
    record(writer, STORY)
    with pytest.raises(sqlite3.IntegrityError):
        writer.append([REFUSED, STORY[0]], [])
    assert JournalReader(path).last_seq() == len(STORY)
    writer.append([REFUSED], [])
    assert JournalReader(path).verify().broken_at is None


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE events SET payload = replace(payload, 'astrid', 'berits') WHERE seq = 3",
        "UPDATE events SET type = 'left' WHERE seq = 3",
        "UPDATE events SET chain = zeroblob(32) WHERE seq = 3",
        "DELETE FROM events WHERE seq = 3",
        "UPDATE events SET id = 'other' WHERE seq = 3",
    ],
)
def test_a_changed_journal_is_told_at_the_first_event_that_does_not_fit(path: Path, damage: str) -> None:
    record(JournalWriter(path), STORY)
    with sqlite3.connect(path) as connection:
        connection.execute(damage)
    connection.close()
    assert JournalReader(path).verify().broken_at == 3


def test_dropping_a_payload_and_its_salt_keeps_the_chain_whole(path: Path) -> None:
    record(JournalWriter(path), STORY)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE events SET payload = NULL, salt = NULL, type = NULL WHERE seq = 2")
    connection.close()
    verdict = JournalReader(path).verify()
    assert (verdict.events, verdict.retired, verdict.broken_at) == (len(STORY), 1, None)
    assert [one.seq for one in JournalReader(path).after(0)] == [1, 3, 4, 5, 6]


def test_a_second_writer_is_told_that_there_is_one(path: Path) -> None:
    first = JournalWriter(path)
    with pytest.raises(AlreadyOpenError, match="already has a writer"):
        JournalWriter(path)
    first.close()
    JournalWriter(path).close()


def test_a_reader_waits_for_the_file_and_notices_news(path: Path) -> None:
    reader = JournalReader(path)
    assert (reader.after(0), reader.last_seq(), reader.changed(), reader.house()) == ((), 0, False, House())
    writer = JournalWriter(path)
    assert reader.changed()
    assert not reader.changed()
    record(writer, STORY)
    assert reader.changed()


def test_every_commit_is_synced_to_disk_in_wal_mode(path: Path) -> None:
    writer = JournalWriter(path)
    connection = writer._writer.db.conn  # noqa: SLF001 - the settings are the writer's own connection's
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_looking_at_people_leaves_a_line(path: Path) -> None:
    writer = JournalWriter(path)
    writer.log_access(at(0), host("eva"), "people in the house", "roll call drill")
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT by, what, purpose FROM access").fetchall()
    connection.close()
    assert rows == [("host:eva", "people in the house", "roll call drill")]


def test_members_gone_for_good_leave_the_presences(path: Path) -> None:
    writer = JournalWriter(path)
    record(writer, STORY)
    writer.append([], [], [BO])
    assert set(JournalReader(path).house().presences) == {ASTRID}


def test_an_event_of_a_later_version_is_named() -> None:
    with pytest.raises(StoreError, match="does not know: teleported"):
        event_from_json("teleported", "{}")


def test_the_file_is_its_owners_alone(path: Path) -> None:
    JournalWriter(path)
    assert path.stat().st_mode & 0o077 == 0


@settings(max_examples=50)
@given(st.lists(st.sampled_from([arrived, joined, began, took_part, left]), max_size=12))
def test_every_event_reads_back_as_it_was(makers: list[object]) -> None:
    for second, make in enumerate(makers):
        assert callable(make)
        event = make(ASTRID, second)
        name, text = event_to_json(event)
        assert TYPE_NAMES[name] is type(event)
        assert event_from_json(name, text) == event


def test_an_illegal_event_is_never_recorded(path: Path) -> None:
    writer = JournalWriter(path)
    with pytest.raises(IllegalEvent):
        record(writer, [joined()])
    assert JournalReader(path).last_seq() == 0
