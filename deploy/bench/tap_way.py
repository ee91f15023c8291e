"""The whole way of a tap: a card on a real PC/SC daemon, the reader's thread, the desk, the journal, and the screen.

Beside each tap, at the same pace and on the same disk, stands one bare durable commit; what the PC/SC calls of the tap
took by themselves is the bare read. Nothing here is warmer than at an entrance where somebody comes now and then.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deploy.bench.house import made_name, made_uid
from deploy.bench.terminal import ScreenTerminal
from deploy.bench.virtual_reader.daemon import READER, Pcscd, PcscdError
from deploy.bench.virtual_reader.hand import Hand
from kiosk.desk.desk import Desk
from kiosk.desk.worker import Worker
from kiosk.domain.answers import Answer
from kiosk.domain.badge import Proof, Uid
from kiosk.domain.board import ReaderState
from kiosk.domain.direction import Direction
from kiosk.domain.ids import ReaderId
from kiosk.domain.reasons import Reason
from kiosk.door.server import DoorServer
from kiosk.reader.pcsc.scard import load_scard
from kiosk.reader.pcsc.stopwatch import ReadTime, timed_reader
from kiosk.service.hall import Hall
from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids

TAP_S = 5.0
"""How long one tap on the virtual card may take: pcscd looks for it every 400 ms."""
SCREEN_S = 15.0
BETWEEN_S = 0.3
"""What drawing leaves behind is over when the next card comes."""
IDLE_S = 31.0
"""Long enough for the reader's thread to list the readers anew once."""
EVENT_BYTES = 600
ENTRANCE = ReaderId("entrance")
WAITING = "Visa ditt kort"
"""What stands on the screen before anybody has come."""


@dataclass
class Times:
    """What was measured, in seconds: a list has an entry for each tap. `idle` is the share of a core."""

    read: list[float] = field(default_factory=list)
    commit: list[float] = field(default_factory=list)
    queued: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    drawn: list[float] = field(default_factory=list)
    answer_drawn: list[float] = field(default_factory=list)
    idle: float = 0.0


class _Way:
    """Readers' reports on their way to the desk, with the times at each station of the last tap."""

    def __init__(self, desk: Desk, door: Path) -> None:
        clock, ids = SystemClock(), Ids()
        self.read: ReadTime | None = None
        self.queued_s = self.answered_s = 0.0
        self.answered = threading.Semaphore(0)
        self.ready = threading.Event()
        self._hall = Hall(clock, ids, {})
        self.worker = Worker(desk, clock, self._on_answer, self._hall.on_board)
        self._hall.open(self.worker)
        self.door = DoorServer(door, self._hall.on_line, self._hall.on_closed)

    def timed(self, read: ReadTime) -> None:
        self.read = read

    def tapped(self, uid: Uid, proof: Proof | None = None, /) -> None:
        self._hall.tapped(ENTRANCE, Direction.IN, uid, proof)
        self.queued_s = time.perf_counter()

    def failed(self, reason: Reason) -> None:
        self._hall.failed(ENTRANCE, reason)

    def alive(self, within_s: float) -> None:
        """Nobody supervises us."""

    def changed(self, state: ReaderState) -> None:
        if state is ReaderState.READY:
            self.ready.set()
        self._hall.reader_changed(ENTRANCE, state)

    def _on_answer(self, answer: Answer) -> None:
        self.answered_s = time.perf_counter()
        self._hall.on_answer(answer)
        self.answered.release()


def whole_way(desk: Desk, site_file: Path, door: Path, members: list[int]) -> Times:
    """Return the times of these members' taps, each at its first arrival, with the screen beside the reader."""
    way, times = _Way(desk, door), Times()
    with ExitStack() as parts:
        daemon = parts.enter_context(Pcscd())
        os.environ.update(daemon.environment)
        reader = timed_reader(way, load_scard(), way.timed, match=READER)
        read_thread = parts.enter_context(_running(way, reader.run))
        screen = parts.enter_context(ScreenTerminal(site_file))
        screen.expect(WAITING)
        if not way.ready.wait(TAP_S) or screen.seen_s(SCREEN_S) is None:
            message = "the reader or the screen did not become ready"
            raise PcscdError(message)
        hand = parts.enter_context(Hand(daemon.port))
        commit = parts.enter_context(_bare_commit(door.parent / "bare.db"))
        for number in members:
            _one_tap(number, way, hand, screen, times)
            times.commit.append(commit())
        times.idle = _idle(read_thread)
    return times


def _one_tap(number: int, way: _Way, hand: Hand, screen: ScreenTerminal, times: Times) -> None:
    screen.expect(made_name(number))
    hand.show(made_uid(number))
    if not way.answered.acquire(timeout=TAP_S):
        message = f"the tap of member {number} was not answered"
        raise PcscdError(message)
    drawn_s = screen.seen_s(TAP_S)
    if way.read is None or drawn_s is None:
        message = f"the answer to member {number} was not drawn"
        raise PcscdError(message)
    seen_s = way.read.seen
    times.read.append(way.read.bare_s)
    times.queued.append(way.queued_s - seen_s)
    times.answered.append(way.answered_s - seen_s)
    times.drawn.append(drawn_s - seen_s)
    times.answer_drawn.append(drawn_s - way.answered_s)
    threading.Event().wait(BETWEEN_S)
    hand.take_away()


def _idle(thread: threading.Thread) -> float:
    """Return the share of a core that the reader's thread takes while nobody comes."""
    assert thread.ident is not None  # noqa: S101 - narrows for the type checker; it was started
    clock = time.pthread_getcpuclockid(thread.ident)
    began_s = time.clock_gettime(clock)
    threading.Event().wait(IDLE_S)
    return (time.clock_gettime(clock) - began_s) / IDLE_S


@contextmanager
def _running(way: _Way, read: Callable[[threading.Event], None]) -> Iterator[threading.Thread]:
    """Run worker, door and reader as the desk's process does, and yield the reader's thread."""
    stop = threading.Event()
    reading = threading.Thread(target=read, args=(stop,), name="reader")
    threads = [threading.Thread(target=one, args=(stop,)) for one in (way.worker.run, way.door.run)]
    for one in (*threads, reading):
        one.start()
    try:
        yield reading
    finally:
        stop.set()
        way.worker.wake()
        way.door.wake()
        for one in (reading, *threads):
            one.join()


@contextmanager
def _bare_commit(path: Path) -> Iterator[Callable[[], float]]:
    """Yield what commits one row of an event's size, and returns the seconds that took: none of our code."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE events (seq INTEGER PRIMARY KEY, payload TEXT)")
    payload = "x" * EVENT_BYTES

    def commit() -> float:
        began_s = time.perf_counter()
        connection.execute("INSERT INTO events (payload) VALUES (?)", (payload,))
        return time.perf_counter() - began_s

    try:
        yield commit
    finally:
        connection.close()
