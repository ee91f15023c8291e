"""The journal: nothing lost, nothing half, nothing changed afterwards without the chain telling."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.events import TYPE_NAMES, Happened, TapRefused
from kiosk.domain.house import House, advance, replay
from kiosk.domain.ids import EventId, ReaderId, host
from kiosk.domain.presence import IllegalEvent
from kiosk.domain.reasons import Reason
from kiosk.store.codec import event_from_json, event_to_json
from kiosk.store.errors import AlreadyOpenError, StoreError
from kiosk.store.journal import Entry, JournalReader, JournalWriter
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
        writer.append(Entry(happened=[event], before=house, after=after))
        house = after
    return house


class Books:
    """Opens the journal as often as asked, and closes it all in the end."""

    def __init__(self, path: Path) -> None:
        """Take the file."""
        self._path = path
        self._opened: list[JournalWriter | JournalReader] = []

    def writer(self) -> JournalWriter:
        """Return a writer of the journal."""
        made = JournalWriter(self._path)
        self._opened.append(made)
        return made

    def reader(self) -> JournalReader:
        """Return a reader of the journal."""
        made = JournalReader(self._path)
        self._opened.append(made)
        return made

    def close(self) -> None:
        """Close all that was opened."""
        for one in self._opened:
            one.close()


@pytest.fixture
def books(path: Path) -> Iterator[Books]:
    opened = Books(path)
    yield opened
    opened.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


def test_what_was_recorded_is_read_back_in_its_order_with_no_gap(books: Books) -> None:
    record(books.writer(), [*STORY, REFUSED])
    read = books.reader().after(0)
    assert [one.event for one in read] == [*STORY, REFUSED]
    assert [one.seq for one in read] == list(range(1, len(STORY) + 2))


def test_presences_as_stored_are_those_of_a_replay(books: Books) -> None:
    house = record(books.writer(), STORY)
    read = books.reader()
    assert read.house() == house == replay(one.event for one in read.after(0))


def test_the_sequence_and_the_chain_go_on_after_a_restart(books: Books) -> None:
    writer = books.writer()
    record(writer, STORY[:3])
    writer.close()
    books.writer().append(Entry(happened=STORY[3:]))
    verdict = books.reader().verify()
    assert (verdict.events, verdict.broken_at) == (len(STORY), None)


def test_a_batch_that_fails_leaves_nothing_behind(books: Books) -> None:
    writer = books.writer()
    record(writer, STORY)
    with pytest.raises(sqlite3.IntegrityError):
        writer.append(Entry(happened=[REFUSED, STORY[0]]))
    assert books.reader().last_seq() == len(STORY)
    writer.append(Entry(happened=[REFUSED]))
    assert books.reader().verify().broken_at is None


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
def test_a_changed_journal_is_told_at_the_first_event_that_does_not_fit(books: Books, path: Path, damage: str) -> None:
    record(books.writer(), STORY)
    with sqlite3.connect(path) as connection:
        connection.execute(damage)
    connection.close()
    assert books.reader().verify().broken_at == 3


def test_dropping_a_payload_and_its_salt_keeps_the_chain_whole(books: Books, path: Path) -> None:
    record(books.writer(), STORY)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE events SET payload = NULL, salt = NULL, type = NULL WHERE seq = 2")
    connection.close()
    verdict = books.reader().verify()
    assert (verdict.events, verdict.retired, verdict.broken_at) == (len(STORY), 1, None)
    assert [one.seq for one in books.reader().after(0)] == [1, 3, 4, 5, 6]


def test_a_second_writer_is_told_that_there_is_one(books: Books) -> None:
    first = books.writer()
    with pytest.raises(AlreadyOpenError, match="already has a writer"):
        books.writer()
    first.close()
    books.writer().close()


def test_a_reader_waits_for_the_file_and_notices_news(books: Books) -> None:
    reader = books.reader()
    assert (reader.after(0), reader.last_seq(), reader.changed(), reader.house()) == ((), 0, False, House())
    writer = books.writer()
    assert reader.changed()
    assert not reader.changed()
    record(writer, STORY)
    assert reader.changed()


def test_every_commit_is_synced_to_disk_in_wal_mode(books: Books) -> None:
    writer = books.writer()
    connection = writer._writer.db.conn  # noqa: SLF001 - the settings are the writer's own connection's
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_looking_at_people_leaves_a_line(books: Books, path: Path) -> None:
    writer = books.writer()
    writer.log_access(at(0), host("eva"), "people in the house", "roll call drill")
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT by, what, purpose FROM access").fetchall()
    connection.close()
    assert rows == [("host:eva", "people in the house", "roll call drill")]


def test_members_gone_for_good_leave_the_presences(books: Books) -> None:
    writer = books.writer()
    house = record(writer, STORY)
    writer.append(Entry(before=house, after=House({ASTRID: house.presences[ASTRID]})))
    assert set(books.reader().house().presences) == {ASTRID}


def test_an_event_of_a_later_version_is_named() -> None:
    with pytest.raises(StoreError, match="does not know: teleported"):
        event_from_json("teleported", "{}")


def test_the_file_is_its_owners_alone(books: Books, path: Path) -> None:
    books.writer()
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


def test_an_illegal_event_is_never_recorded(books: Books) -> None:
    writer = books.writer()
    with pytest.raises(IllegalEvent):
        record(writer, [joined()])
    assert books.reader().last_seq() == 0


def test_a_damaged_file_is_named_with_what_to_do_and_its_lock_is_let_go(books: Books, path: Path) -> None:
    path.write_bytes(b"this is no database at all, " * 100)
    for _ in range(2):
        with pytest.raises(StoreError, match=r"cannot be used .* move it aside"):
            books.writer()
    with pytest.raises(StoreError, match="cannot be read"):
        books.reader().last_seq()
