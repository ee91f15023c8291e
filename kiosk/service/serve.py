"""Starts and stops the desk's process: books, worker, door, readers; and back."""

import gc
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.desk.desk import Books, Desk
from kiosk.desk.worker import Worker
from kiosk.domain.badge import Uid
from kiosk.domain.board import ReaderState
from kiosk.domain.ids import ReaderId
from kiosk.domain.reasons import Reason
from kiosk.domain.requests import Direction
from kiosk.door.server import DoorServer
from kiosk.reader.driver import Reader, ReaderUnavailableError, make_reader
from kiosk.reader.scripted import ScriptedReader
from kiosk.service.hall import Hall
from kiosk.store.journal import JournalWriter
from kiosk.store.roster import RosterReader
from kiosk.store.zones import ZonesReader
from kiosk.tools.clock import Clock
from kiosk.tools.credentials import badge_secrets
from kiosk.tools.ids import Ids
from kiosk.tools.site import ReaderTable, Site
from kiosk.tools.systemd import NOBODY, Supervisor

RESTART_S = 1.0
"""A reader thread that ended by a fault is started again after this long."""
WATCH_S = 0.5
"""How soon it is noticed that the worker or the door has ended by itself."""
DESK, DOOR = "desk", "door"
"""The loops that do the desk's work: while either stands still nobody is answered."""
JOIN_S = 5.0
"""How long a part may take to stop before it is named as still running."""

log = logging.getLogger("samverk.desk")


@dataclass(frozen=True, slots=True)
class ReaderReports:
    """What one reader tells the hall."""

    hall: Hall
    reader: ReaderId
    direction: Direction

    def tapped(self, uid: Uid) -> None:
        """Take a badge that was shown."""
        self.hall.tapped(self.reader, self.direction, uid)

    def failed(self, reason: Reason) -> None:
        """Take a card that could not be read."""
        self.hall.failed(self.reader, reason)

    def changed(self, state: ReaderState) -> None:
        """Take note that the reader is in another state."""
        self.hall.reader_changed(self.reader, state)


def serve(
    site: Site,
    clock: Clock,
    stop: threading.Event,
    ready: Callable[[], None] = lambda: None,
    supervisor: Supervisor = NOBODY,
) -> int:
    """Run the desk until stopped; return 0, or 1 if a part did not stop. Once taps are taken `ready` is called."""
    secrets = badge_secrets(site.tables.badge.key_versions, site.state_dir)
    books = Books(
        journal=JournalWriter(site.state_dir / "journal.db"),
        roster=RosterReader(site.state_dir / "roster.db"),
        zones=ZonesReader(site.state_dir / "zones.db"),
    )
    new_id = Ids()
    scripted: dict[ReaderId, Callable[[Uid], bool]] = {}
    hall = Hall(clock, new_id, scripted)
    worker = Worker(Desk(site, books, secrets, new_id), clock, hall.on_answer, hall.on_board)
    hall.open(worker)
    door = DoorServer(site.door, hall.on_line, hall.on_closed)
    readers = [(table, _reader(table, hall, scripted)) for table in site.readers.values()]
    # What start-up made lives as long as the process: no collection during a tap need look at it again.
    gc.collect()
    gc.freeze()
    late = _run(worker, door, [(table, one) for table, one in readers if one is not None], stop, supervisor, ready)
    for book in (books.journal, books.roster, books.zones):
        book.close()
    for name in late:
        log.error("%s did not run, or did not stop within %s s, as it should", name, JOIN_S)
    return 1 if late else 0


def _run(  # noqa: PLR0913, PLR0917 - all that runs, and who is told
    worker: Worker,
    door: DoorServer,
    readers: list[tuple[ReaderTable, Reader]],
    stop: threading.Event,
    supervisor: Supervisor,
    ready: Callable[[], None],
) -> list[str]:
    """Run all parts until stopped, and stop them in the opposite order; return the names of those that failed."""
    worker_stop, door_stop = threading.Event(), threading.Event()
    working = threading.Thread(target=worker.run, args=(worker_stop, supervisor.turning(DESK)), name=DESK)
    answering = threading.Thread(target=door.run, args=(door_stop, supervisor.turning(DOOR)), name=DOOR)
    reading = [
        threading.Thread(target=_supervise, args=(table, reader, stop), name=f"reader {table.id}", daemon=True)
        for table, reader in readers
    ]
    failed: list[str] = []
    for thread in (working, answering, *reading):
        thread.start()
    log.info("ready for taps")
    ready()
    supervisor.ready()
    while not stop.wait(WATCH_S):
        ended = [thread.name for thread in (working, answering) if not thread.is_alive()]
        if ended:
            # Without it nobody is answered: whoever supervises us starts us afresh.
            log.critical("%s ended by a fault", ended[0])
            stop.set()
            failed = ended
    supervisor.stopping()
    late = _join(reading)
    worker_stop.set()
    worker.wake()
    late += _join([working])
    door_stop.set()
    door.wake()
    return failed + late + _join([answering])


def _reader(table: ReaderTable, hall: Hall, scripted: dict[ReaderId, Callable[[Uid], bool]]) -> Reader | None:
    """Return the reader, or None, with its state told, when its driver cannot be used here."""
    reports = ReaderReports(hall, ReaderId(table.id), table.direction)
    try:
        reader = make_reader(table, reports)
    except ReaderUnavailableError as error:
        log.error("reader %s: %s", table.id, error)  # noqa: TRY400 - the sentence says it all; a traceback would hide it
        reports.changed(ReaderState.FAULT)
        return None
    if isinstance(reader, ScriptedReader):
        scripted[ReaderId(table.id)] = reader.tap
    return reader


def _supervise(table: ReaderTable, reader: Reader, stop: threading.Event) -> None:
    """Run the reader until stopped, and start it again should it ever end by itself."""
    while not stop.is_set():
        try:
            reader.run(stop)
        except Exception:
            log.exception("reader %s ended by a fault", table.id)
        stop.wait(RESTART_S)


def _join(threads: list[threading.Thread]) -> list[str]:
    for thread in threads:
        thread.join(JOIN_S)
    return [thread.name for thread in threads if thread.is_alive()]
