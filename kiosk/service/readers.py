"""The readers' threads and who minds them: a dead one is started anew, a stuck one is told of, and neither for ever.

A thread that is stuck in a call cannot be ended from outside, and one that dies again and again will not be mended by
another start: then the whole process ends, for whoever supervises it to start it afresh.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Protocol

from kiosk.domain.badge import Proof, Uid
from kiosk.domain.board import ReaderState
from kiosk.domain.direction import Direction
from kiosk.domain.ids import ReaderId
from kiosk.domain.reasons import Reason
from kiosk.reader.reports import Reader, ReaderUnavailableError, Reports
from kiosk.tools.site import ReaderTable

SLACK_S = 1.0
"""How much later than promised a sign of life may come."""
STUCK_MAX_S = 60.0
"""How long a thread may be stuck before the process is given up."""
STARTS_MAX = 5
STARTS_WITHIN_S = 600.0
"""A reader's thread is started so many times in so many seconds, and no more."""

log = logging.getLogger("samverk.desk")

Make = Callable[[ReaderTable, Reports], Reader]
"""Makes the reader that a table describes, or raises `ReaderUnavailableError`."""


class Listener(Protocol):
    """Where what the readers say goes."""

    def tapped(self, reader: ReaderId, direction: Direction, uid: Uid, proof: Proof | None = None, /) -> None:
        """Take a badge shown at a reader, and what it proved."""

    def failed(self, reader: ReaderId, reason: Reason) -> None:
        """Take a card that could not be read."""

    def reader_changed(self, reader: ReaderId, state: ReaderState) -> None:
        """Take how a reader is."""


class MindedReader:
    """One reader, its thread, and what it last said of itself. Its reports come in its thread, all else in ours."""

    def __init__(
        self, table: ReaderTable, listener: Listener, make: Make, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Take what makes the reader; nothing runs yet."""
        self.id = ReaderId(table.id)
        self._table = table
        self._listener = listener
        self._make = make
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._state = ReaderState.STARTING
        self._due_s = float("inf")
        self._stuck_s: float | None = None
        self._starts: deque[float] = deque(maxlen=STARTS_MAX)
        self._thread: threading.Thread | None = None
        self.reader: Reader | None = None
        """The reader now at work, or None if its driver cannot be used here."""

    def tapped(self, uid: Uid, proof: Proof | None = None, /) -> None:
        """See `Reports`."""
        self._listener.tapped(self.id, self._table.direction, uid, proof)

    def failed(self, reason: Reason) -> None:
        """See `Reports`."""
        self._listener.failed(self.id, reason)

    def changed(self, state: ReaderState) -> None:
        """See `Reports`."""
        with self._lock:
            self._state = state
            self._listener.reader_changed(self.id, state)

    def alive(self, within_s: float) -> None:
        """See `Reports`. One that was stuck is as it last said again."""
        with self._lock:
            self._due_s = self._monotonic() + within_s + SLACK_S
            if self._stuck_s is not None:
                self._stuck_s = None
                log.warning("reader %s goes on", self.id)
                self._listener.reader_changed(self.id, self._state)

    def prepare(self) -> None:
        """Make the reader, or tell that its driver cannot be used here."""
        try:
            self.reader = self._make(self._table, self)
        except ReaderUnavailableError as error:
            log.error("reader %s: %s", self.id, error)  # noqa: TRY400 - the sentence says it all; a traceback would hide it
            self.reader = None
            self.changed(ReaderState.FAULT)

    def start(self, stop: threading.Event) -> None:
        """Run the reader in a thread of its own, if there is one."""
        if self.reader is None:
            return
        self._starts.append(self._monotonic())
        self._due_s = float("inf")
        run = self.reader.run
        self._thread = threading.Thread(
            target=lambda: _logged(self.id, lambda: run(stop)), name=f"reader {self.id}", daemon=True
        )
        self._thread.start()

    def look(self, stop: threading.Event) -> bool:
        """See whether the thread lives and works, and start it anew if it has died; False: it is beyond that."""
        if self._thread is None or stop.is_set():
            return True
        if self._thread.is_alive():
            return self._is_moving()
        self.changed(ReaderState.FAULT)
        now_s = self._monotonic()
        if len(self._starts) == STARTS_MAX and now_s - self._starts[0] < STARTS_WITHIN_S:
            log.critical("reader %s died %d times in %.0f s", self.id, STARTS_MAX, now_s - self._starts[0])
            return False
        log.error("reader %s died, and is started anew", self.id)
        self.prepare()
        self.start(stop)
        return True

    def join(self, within_s: float) -> bool:
        """Return whether the thread has ended, waiting at most that long."""
        if self._thread is None:
            return True
        self._thread.join(within_s)
        return not self._thread.is_alive()

    def _is_moving(self) -> bool:
        with self._lock:
            now_s = self._monotonic()
            if now_s <= self._due_s:
                return True
            if self._stuck_s is None:
                self._stuck_s = now_s
                log.error("reader %s is stuck: no sign of life", self.id)
                self._listener.reader_changed(self.id, ReaderState.FAULT)
            is_hopeless = now_s - self._stuck_s > STUCK_MAX_S
            if is_hopeless:
                log.critical("reader %s has been stuck for %.0f s", self.id, now_s - self._stuck_s)
            return not is_hopeless


class Readers:
    """All readers of a house."""

    def __init__(self, minded: Iterator[MindedReader]) -> None:
        """Make them all; a reader whose driver cannot be used here is told of and left."""
        self._minded = tuple(minded)
        for one in self._minded:
            one.prepare()

    def start(self, stop: threading.Event) -> None:
        """Start their threads."""
        for one in self._minded:
            one.start(stop)

    def look(self, stop: threading.Event) -> list[str]:
        """Mind them all, and return the names of those for whose sake the process has to be started afresh."""
        return [f"reader {one.id}" for one in self._minded if not one.look(stop)]

    def join(self, within_s: float) -> list[str]:
        """Wait for their threads, each that long at most, and return the names of those that still run."""
        return [f"reader {one.id}" for one in self._minded if not one.join(within_s)]


def _logged(reader: ReaderId, run: Callable[[], None]) -> None:
    try:
        run()
    except Exception as error:  # noqa: BLE001 - the top of a thread; the text of an error might hold what a card said
        log.error("reader %s ended by a fault: %s", reader, type(error).__name__)  # noqa: TRY400 - so might a traceback
