"""The counts on disk, and the months that were released: once, and never again."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.desk.desk import Desk
from kiosk.domain.ids import MEMBER, MemberId, RequestId
from kiosk.domain.release import release
from kiosk.domain.requests import AnswerExit, Leave, MetSomebody
from kiosk.domain.tally import Counted, Tally
from kiosk.store.errors import AlreadyOpenError
from kiosk.store.journal import Entry, JournalWriter
from kiosk.store.tallies import Releases, agency_names, tallies_of
from kiosk.tools.site import Site
from tests.kiosk.desk.test_desk import join, tap
from tests.support.books import SECRET, UIDS, close_books, make_site, open_desk, write_roster
from tests.support.house import AGENCY, CountedIds, at

pytestmark = pytest.mark.slow

MONTH = "2026-11"
VISITS = Tally(MONTH, Counted.ARRIVALS, "08")
EMPTY = release({}, MONTH, 10, ())


@pytest.fixture
def site(tmp_path: Path) -> Site:
    write_roster(tmp_path / "roster.db")
    return make_site(tmp_path)


@pytest.fixture
def releases(tmp_path: Path) -> Iterator[Releases]:
    opened = Releases(tmp_path / "research.db")
    yield opened
    opened.close()


def a_day(site: Site, ids: CountedIds | None = None) -> dict[Tally, int]:
    """Let Astrid and Bo meet at the campfire, and return what was counted."""
    desk, books = open_desk(site, ids)
    for name in ("Astrid", "Bo"):
        desk.handle(tap(UIDS[name], at(0)))
    for name in ("astrid", "bo"):
        join(desk, name, 20)
    for seconds in (30, 300):
        desk.tick(at(seconds))
    visit = desk.house.presences[MemberId("bo")].visit
    desk.handle(Leave(id=RequestId("l"), at=at(4000), visit=visit, by=MEMBER))
    desk.handle(AnswerExit(id=RequestId("e"), at=at(4001), met=MetSomebody.YES))
    close_books(books)
    return tallies_of(site.state_dir / "journal.db", MONTH)


def test_the_desk_counts_what_happens_as_it_happens(site: Site) -> None:
    found = a_day(site)
    counts = {(one.kind, one.first, one.second): number for one, number in found.items()}
    assert counts == {
        (Counted.ARRIVALS, "08", ""): 2,
        (Counted.JOINS, "lagerelden", "08"): 2,
        (Counted.TOOK_PART, "lagerelden", "08"): 2,
        (Counted.TAKING_PART, "", ""): 2,
        (Counted.MEETINGS, AGENCY.id, AGENCY.id): 1,
        (Counted.MET_SOMEBODY, "yes", ""): 1,
        (Counted.PEOPLE_ARRIVALS, "", ""): 1,
        (Counted.PEOPLE_ARRIVALS, "08", ""): 1,
        (Counted.PEOPLE_JOINS, "lagerelden", ""): 2,
        (Counted.PEOPLE_JOINS, "lagerelden", "08"): 2,
        (Counted.PEOPLE_TOOK_PART, "lagerelden", ""): 2,
        (Counted.PEOPLE_TOOK_PART, "lagerelden", "08"): 2,
        (Counted.PEOPLE_TAKING_PART, "", ""): 2,
        (Counted.PEOPLE_MEETINGS, AGENCY.id, AGENCY.id): 2,
    }


def test_a_desk_that_starts_again_does_not_count_the_same_people_twice(site: Site) -> None:
    ids = CountedIds()
    a_day(site, ids)
    desk, books = open_desk(site, ids)
    desk.handle(tap(UIDS["Bo"], at(5000)))
    desk.handle(Leave(id=RequestId("l"), at=at(5100), visit=desk.house.presences[MemberId("bo")].visit, by=MEMBER))
    close_books(books)
    found = tallies_of(site.state_dir / "journal.db", MONTH)
    assert (found[VISITS], found[replace(VISITS, first="09")]) == (2, 1)
    assert found[Tally(MONTH, Counted.PEOPLE_ARRIVALS)] == 1


def test_one_who_comes_twice_to_the_same_desk_is_one_of_the_people(site: Site) -> None:
    desk, books = open_desk(site)
    for start in (0, 600):
        desk.handle(tap(UIDS["Bo"], at(start)))
        visit = desk.house.presences[MemberId("bo")].visit
        desk.handle(Leave(id=RequestId("l"), at=at(start + 300), visit=visit, by=MEMBER))
    close_books(books)
    found = tallies_of(site.state_dir / "journal.db", MONTH)
    assert (found[VISITS], found[Tally(MONTH, Counted.PEOPLE_ARRIVALS)]) == (2, 1)


def test_what_could_not_be_written_was_not_counted(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, books = open_desk(site)
    desk.handle(tap(UIDS["Bo"], at(0)))
    with monkeypatch.context() as broken:
        broken.setattr(books.journal, "append", _refuse)
        with pytest.raises(OSError, match="no room"):
            join(desk, "bo", 20)
    join(desk, "bo", 30)
    close_books(books)
    found = tallies_of(site.state_dir / "journal.db", MONTH)
    joins = {one.kind: number for one, number in found.items() if "join" in one.kind}
    assert joins == {Counted.JOINS: 1, Counted.PEOPLE_JOINS: 1}


def _refuse(_entry: Entry) -> None:
    message = "no room"
    raise OSError(message)


def test_neither_the_salt_nor_a_bucket_is_on_disk_and_no_tally_holds_a_member(site: Site) -> None:
    _, books = open_desk(site)
    salt = b"\xa5\x5a" * 16
    desk = Desk(site, books, {1: SECRET}, CountedIds(), random_bytes=lambda size: salt[:size])
    desk.handle(tap(UIDS["Astrid"], at(0)))
    join(desk, "astrid", 20)
    written = b"".join(path.read_bytes() for path in site.state_dir.glob("*.db*"))
    close_books(books)
    with closing(sqlite3.connect(site.state_dir / "journal.db")) as connection:
        cells = {str(cell) for row in connection.execute("SELECT * FROM tallies") for cell in row}
    assert b"people_joins" in written
    assert salt not in written
    assert salt.hex().encode() not in written
    assert cells <= {"2026-11", "08", "", "1", "lagerelden", "arrivals", "joins", "people_joins"}


def test_only_the_month_asked_for_is_read(site: Site) -> None:
    writer = JournalWriter(site.state_dir / "journal.db")
    writer.append(Entry(tallies={VISITS: 3, Tally("2026-10", Counted.ARRIVALS, "08"): 9}))
    writer.close()
    assert tallies_of(site.state_dir / "journal.db", MONTH) == {VISITS: 3}


def test_a_kind_of_a_later_version_is_passed_over(site: Site) -> None:
    writer = JournalWriter(site.state_dir / "journal.db")
    writer.append(Entry(tallies={VISITS: 3}))
    writer.close()
    with closing(sqlite3.connect(site.state_dir / "journal.db")) as connection:
        connection.execute("INSERT INTO tallies VALUES (?, 'of_tomorrow', '', '', 1)", (MONTH,))
        connection.commit()
    assert tallies_of(site.state_dir / "journal.db", MONTH) == {VISITS: 3}


def test_without_files_there_is_nothing(tmp_path: Path) -> None:
    assert tallies_of(tmp_path / "journal.db", MONTH) == {}
    assert agency_names(tmp_path / "roster.db") == {}


def test_agencies_are_named_as_the_roster_has_them(site: Site) -> None:
    assert agency_names(site.state_dir / "roster.db") == {AGENCY.id: AGENCY.name}


def test_a_released_month_is_what_it_was_at_first_whatever_is_added_later(releases: Releases) -> None:
    first = releases.add(EMPTY, at(0))
    other = release({VISITS: 500}, MONTH, 5, ())
    assert releases.add(other, at(100)) == first
    assert releases.of(MONTH) == first
    assert first.release == EMPTY
    assert releases.months() == (MONTH,)


@pytest.mark.parametrize("statement", ["UPDATE releases SET body = '{}'", "DELETE FROM releases"])
def test_the_file_itself_refuses_to_change_or_drop_a_release(
    releases: Releases, tmp_path: Path, statement: str
) -> None:
    releases.add(EMPTY, at(0))
    with closing(sqlite3.connect(tmp_path / "research.db")) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    assert releases.of(MONTH) is not None


def test_two_cannot_release_at_the_same_time(releases: Releases, tmp_path: Path) -> None:
    assert releases.months() == ()
    with pytest.raises(AlreadyOpenError):
        Releases(tmp_path / "research.db")
