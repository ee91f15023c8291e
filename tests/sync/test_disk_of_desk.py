"""A full disk at the desk: nobody is told that they are in unless it is kept, and room lets taps be taken again."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

from kiosk.desk.worker import Asked, Worker
from kiosk.domain.answers import Answer, Outcome
from kiosk.domain.badge import Uid
from kiosk.domain.ids import ReaderId, RequestId
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import Direction, Tap
from tests.support.books import UIDS, close_books, make_site, open_desk, write_roster
from tests.support.house import ToldClock, at


def test_on_a_full_disk_no_tap_is_answered_as_accepted_and_room_lets_the_next_in(tmp_path: Path) -> None:
    write_roster(tmp_path / "roster.db")
    desk, books = open_desk(make_site(tmp_path))
    answers: list[Answer] = []
    worker = Worker(desk, ToldClock(), answers.append, lambda _board: None)
    pages(books.journal._writer.db.conn, "1")  # noqa: SLF001 - a disk that is full, made up
    tapped(worker, 0, *UIDS)
    accepted = [one for one in answers if one.outcome is Outcome.ARRIVED]
    assert Reason.FAULT in {one.reason for one in answers}, "the disk was never full"
    assert kept(tmp_path) == ["arrived"] * len(accepted)
    assert len(desk.house.presences) == len(accepted)
    answers.clear()
    pages(books.journal._writer.db.conn, "1000000")  # noqa: SLF001 - as above
    tapped(worker, 60, *UIDS)
    assert not [one for one in answers if one.reason is Reason.FAULT]
    close_books(books)
    assert kept(tmp_path).count("arrived") == len(UIDS)


def pages(connection: sqlite3.Connection, limit: str) -> None:
    """Let the file have no more pages than that."""
    connection.execute(f"PRAGMA max_page_count = {limit}")


def tapped(worker: Worker, seconds: float, *names: str) -> None:
    """Let these members show their badges, and the desk answer."""
    for number, name in enumerate(names):
        uid = Uid(bytes.fromhex(UIDS[name]))
        asked = Tap(id=RequestId(f"{seconds}-{number}"), at=at(seconds), reader=ReaderId("entrance"),
                    direction=Direction.BOTH, uid=uid)  # fmt: skip
        worker.submit(Asked(asked, lambda _answer: None))
    stop = threading.Event()
    stop.set()
    worker.run(stop)


def kept(folder: Path) -> list[str]:
    """Return the kinds of events in the journal, whose file must be whole."""
    with closing(sqlite3.connect(folder / "journal.db")) as journal:
        assert journal.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [row[0] for row in journal.execute("SELECT type FROM events ORDER BY seq")]
