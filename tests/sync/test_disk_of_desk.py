"""A full disk at the desk: nobody is told that they are in unless it is kept, and room lets taps be taken again."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

from kiosk.desk.worker import Asked, Worker
from kiosk.domain.answers import Answer, Outcome
from kiosk.domain.badge import Uid
from kiosk.domain.direction import Direction
from kiosk.domain.ids import ReaderId, RequestId
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import Tap
from tests.support.books import UIDS, close_books, make_site, open_desk, write_roster
from tests.support.house import ToldClock, at

TIMES_MAX = 200
WHAT = {Outcome.ARRIVED: "arrived", Outcome.LEFT: "left"}


def test_on_a_full_disk_no_tap_is_answered_as_accepted_and_room_lets_the_next_in(tmp_path: Path) -> None:
    write_roster(tmp_path / "roster.db")
    desk, books = open_desk(make_site(tmp_path))
    answers: list[Answer] = []
    worker = Worker(desk, ToldClock(), answers.append, lambda _board: None)
    pages(books.journal._writer.db.conn, "1")  # noqa: SLF001 - a disk that is full, made up
    times = 0
    while not answers or answers[-1].reason is not Reason.FAULT:
        tapped(worker, times)
        times += 1
        assert times < TIMES_MAX, "the disk was never full"
    assert kept(tmp_path) == [WHAT[one.outcome] for one in answers[:-1]]
    pages(books.journal._writer.db.conn, "1000000")  # noqa: SLF001 - as above
    tapped(worker, times - 1)
    assert answers[-1].outcome in WHAT
    close_books(books)
    assert len(kept(tmp_path)) == times


def pages(connection: sqlite3.Connection, limit: str) -> None:
    """Let the file have no more pages than that."""
    connection.execute(f"PRAGMA max_page_count = {limit}")


def tapped(worker: Worker, number: int) -> None:
    """Let Astrid come, or leave every second time, and the desk answer."""
    uid, way = Uid(bytes.fromhex(UIDS["Astrid"])), (Direction.IN, Direction.OUT)[number % 2]
    name = RequestId(f"tap-{number}")
    tap = Tap(id=name, at=at(number * 60.0), reader=ReaderId("entrance"), direction=way, uid=uid)
    worker.submit(Asked(tap, lambda _answer: None))
    stop = threading.Event()
    stop.set()
    worker.run(stop)


def kept(folder: Path) -> list[str]:
    """Return the arrivals and leavings in the journal, whose file must be whole."""
    with closing(sqlite3.connect(folder / "journal.db")) as journal:
        assert journal.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [
            row[0] for row in journal.execute("SELECT type FROM events WHERE type IN ('arrived', 'left') ORDER BY seq")
        ]
