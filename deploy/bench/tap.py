"""`samverk bench tap`: from PC/SC's event to the committed and answered tap, beside a read alone and a commit alone."""

import logging
import os
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from deploy.bench.figures import Figure, figure
from deploy.bench.house import MADE_UIDS, bench_site, made_uid, write_members
from deploy.bench.virtual_reader.card import VirtualCard
from deploy.bench.virtual_reader.daemon import READER, Pcscd, PcscdError, is_installed
from kiosk.desk.desk import Books, Desk
from kiosk.desk.worker import Worker
from kiosk.domain.answers import Answer
from kiosk.domain.badge import Uid, badge_key
from kiosk.domain.board import ReaderState
from kiosk.domain.ids import ReaderId, RequestId
from kiosk.domain.instant import Instant
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import Direction, Tap
from kiosk.reader.pcsc.scard import load_scard
from kiosk.reader.pcsc.stopwatch import ReadTime, timed_reader
from kiosk.service.hall import Hall
from kiosk.store.journal import JournalWriter
from kiosk.store.roster import RosterReader
from kiosk.store.zones import ZonesReader
from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids

COMMITS = 300
DESK_TAPS = 600
LOOKUPS = 2000
IN_HOUSE = 300
TAP_S = 5.0
"""How long one tap on the virtual card may take: pcscd looks for it every 400 ms."""
SECRET, OTHER_SECRET = bytes(32), bytes(31) + b"\x01"
ENTRANCE = ReaderId("entrance")

COMMIT, READ, DESK, WHOLE = "one durable commit", "card read by PC/SC", "desk: tap to answer", "event to answer"
LOOKUP = "badge looked up"


def measure(taps: int, members: int) -> tuple[list[Figure], list[str]]:
    """Return the figures, and notes on what they mean here."""
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory(prefix="samverk-bench-") as folder:
        figures = [figure(COMMIT, list(_commits(Path(folder) / "bare.db")))]
        with _desk(Path(folder) / "state", members) as desk:
            figures.append(figure(LOOKUP, list(_lookups(Path(folder) / "state" / "roster.db", members)), COMMIT))
            figures.append(figure(DESK, _desk_taps(desk, members), COMMIT))
            notes = [f"{members} members on the roster, {IN_HOUSE} in the house"]
            if not is_installed():
                return figures, [*notes, "no virtual reader here: install pcscd and vsmartcard-vpcd for the whole way"]
            try:
                read, whole = _whole_way(desk, taps)
            except PcscdError as error:
                return figures, [*notes, f"the virtual reader did not start: {error}"]
            figures += [figure(READ, read), figure(WHOLE, whole)]
    bare_ms = sum(one.p50_ms for one in figures if one.name in {COMMIT, READ})
    ratio = figures[-1].p50_ms / bare_ms
    return figures, [*notes, f"{WHOLE}: {ratio:.1f} times a read and a commit alone"]


def _commits(path: Path) -> Iterator[float]:
    """Yield what one durable commit of a row of an event's size costs, without any of our code."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE events (seq INTEGER PRIMARY KEY, payload TEXT)")
    for number in range(COMMITS):
        began = time.perf_counter()
        connection.execute("INSERT INTO events VALUES (?, ?)", (number, "x" * 600))
        yield time.perf_counter() - began
    connection.close()


def _lookups(path: Path, members: int) -> Iterator[float]:
    """Yield what finding a badge's holder costs, one key version that does not know it asked along."""
    roster = RosterReader(path)
    for number in range(LOOKUPS):
        keys = [badge_key(one, Uid(made_uid(number * 17 % members))) for one in (OTHER_SECRET, SECRET)]
        began = time.perf_counter()
        roster.holder_of_badge(keys)
        yield time.perf_counter() - began
    roster.close()


@contextmanager
def _desk(state_dir: Path, members: int) -> Iterator[Desk]:
    clock = SystemClock()
    write_members(state_dir / "roster.db", members, SECRET, clock())
    journal = JournalWriter(state_dir / "journal.db")
    roster, zones = RosterReader(state_dir / "roster.db"), ZonesReader(state_dir / "zones.db")
    try:
        books = Books(journal=journal, roster=roster, zones=zones)
        yield Desk(bench_site(state_dir), books, {1: SECRET}, Ids())
    finally:
        for one in (journal, roster, zones):
            one.close()


def _desk_taps(desk: Desk, members: int) -> list[float]:
    """Return what a tap costs at the desk: members arriving until the house is full, then members shown again."""
    clock, times = SystemClock(), []
    for number in range(DESK_TAPS):
        tap = _tap(MADE_UIDS[number % min(IN_HOUSE, members)], _later(clock(), number))
        began = time.perf_counter()
        desk.handle(tap)
        times.append(time.perf_counter() - began)
    return times


def _later(now: Instant, number: int) -> Instant:
    """Return a moment far enough after the tap before for the guard time, and for no second showing to leave."""
    return Instant(now.wall, now.boot, now.elapsed_s + number * 60.0, now.clock)


def _tap(uid: bytes, at: Instant) -> Tap:
    return Tap(id=RequestId("bench"), at=at, reader=ENTRANCE, direction=Direction.IN, uid=Uid(uid))


class _Way:
    """The whole way of a tap, with the times at its two ends."""

    def __init__(self, desk: Desk) -> None:
        clock, ids = SystemClock(), Ids()
        self.read: list[ReadTime] = []
        self.answered: list[float] = []
        self.news = threading.Semaphore(0)
        self.ready = threading.Event()
        self._hall = Hall(clock, ids, {})
        self.worker = Worker(desk, clock, self._on_answer, lambda _board: None)
        self._hall.open(self.worker)

    def tapped(self, uid: Uid) -> None:
        self._hall.tapped(ENTRANCE, Direction.IN, uid)

    def failed(self, reason: Reason) -> None:
        self._hall.failed(ENTRANCE, reason)

    def alive(self, within_s: float) -> None:
        """See `Reports`."""

    def changed(self, state: ReaderState) -> None:
        if state is ReaderState.READY:
            self.ready.set()

    def _on_answer(self, _answer: Answer) -> None:
        self.answered.append(time.perf_counter())
        self.news.release()


def _whole_way(desk: Desk, taps: int) -> tuple[list[float], list[float]]:
    """Return the seconds of the PC/SC calls alone, and from PC/SC's event to the answer, for each tap."""
    way, stop = _Way(desk), threading.Event()
    with Pcscd() as daemon:
        os.environ.update(daemon.environment)
        reader = timed_reader(way, load_scard(), way.read.append, match=READER)
        threads = [threading.Thread(target=one, args=(stop,)) for one in (reader.run, way.worker.run)]
        _run(threads, lambda: _show_cards(daemon.port, way, taps), stop, way.worker)
    pairs = zip(way.read, way.answered, strict=True)
    return [one.bare_s for one in way.read], [answered - one.seen for one, answered in pairs]


def _run(threads: Sequence[threading.Thread], work: Callable[[], None], stop: threading.Event, worker: Worker) -> None:
    for one in threads:
        one.start()
    try:
        work()
    finally:
        stop.set()
        worker.wake()
        for one in threads:
            one.join()


def _show_cards(port: int, way: _Way, taps: int) -> None:
    if not way.ready.wait(TAP_S):
        message = "the reader did not become ready"
        raise PcscdError(message)
    with VirtualCard(port) as card:
        for number in range(taps):
            card.insert(MADE_UIDS[number % len(MADE_UIDS)])
            if not way.news.acquire(timeout=TAP_S):
                message = f"tap {number + 1} was not answered"
                raise PcscdError(message)
            card.remove()
