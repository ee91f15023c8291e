"""Starts and stops the desk's process: books, worker, door, readers; and back."""

import gc
import logging
import threading
from collections.abc import Callable

from kiosk.desk.desk import Books, Desk
from kiosk.desk.worker import Worker
from kiosk.domain.badge import Uid
from kiosk.domain.ids import ReaderId
from kiosk.door.server import DoorServer
from kiosk.reader.driver import make_reader
from kiosk.reader.reports import Prove, Reader, Reports
from kiosk.reader.scripted import ScriptedReader
from kiosk.service.cards import prover
from kiosk.service.hall import Hall
from kiosk.service.readers import Make, MindedReader, Readers
from kiosk.store.journal import JournalWriter
from kiosk.store.roster import RosterReader
from kiosk.store.zones import ZonesReader
from kiosk.tools.clock import Clock
from kiosk.tools.credentials import badge_secrets
from kiosk.tools.ids import Ids
from kiosk.tools.site import ReaderTable, Site
from kiosk.tools.systemd import NOBODY, Supervisor

WATCH_S = 0.5
"""How soon it is noticed that a part has ended by itself, or a reader is stuck."""
DESK, DOOR = "desk", "door"
"""The loops that do the desk's work: while either stands still nobody is answered."""
JOIN_S = 5.0
"""How long a part may take to stop before it is named as still running."""

log = logging.getLogger("samverk.desk")


def serve(
    site: Site,
    clock: Clock,
    stop: threading.Event,
    ready: Callable[[], None] = lambda: None,
    supervisor: Supervisor = NOBODY,
) -> int:
    """Run the desk until stopped; return 0, or 1 if a part did not stop. Once taps are taken `ready` is called."""
    prove = prover(site)
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
    readers = Readers(MindedReader(table, hall, _maker(scripted, prove)) for table in site.readers.values())
    # What start-up made lives as long as the process: no collection during a tap need look at it again.
    gc.collect()
    gc.freeze()
    late = _run(worker, door, readers, stop, supervisor, ready)
    for book in (books.journal, books.roster, books.zones):
        book.close()
    for name in late:
        log.error("%s did not run, or did not stop within %s s, as it should", name, JOIN_S)
    return 1 if late else 0


def _run(  # noqa: PLR0913, PLR0917 - all that runs, and who is told
    worker: Worker,
    door: DoorServer,
    readers: Readers,
    stop: threading.Event,
    supervisor: Supervisor,
    ready: Callable[[], None],
) -> list[str]:
    """Run all parts until stopped, and stop them in the opposite order; return the names of those that failed."""
    worker_stop, door_stop = threading.Event(), threading.Event()
    working = threading.Thread(target=worker.run, args=(worker_stop, supervisor.turning(DESK)), name=DESK)
    answering = threading.Thread(target=door.run, args=(door_stop, supervisor.turning(DOOR)), name=DOOR)
    for thread in (working, answering):
        thread.start()
    readers.start(stop)
    log.info("ready for taps")
    ready()
    supervisor.ready()
    failed: list[str] = []
    while not stop.wait(WATCH_S):
        ended = [thread.name for thread in (working, answering) if not thread.is_alive()]
        failed = ended + readers.look(stop)
        if failed:
            # Without it nobody is answered: whoever supervises us starts us afresh.
            log.critical("%s ended by a fault, and the desk ends to be started afresh", failed[0])
            stop.set()
    supervisor.stopping()
    late = readers.join(JOIN_S)
    worker_stop.set()
    worker.wake()
    late += _join([working])
    door_stop.set()
    door.wake()
    return list(dict.fromkeys(failed + late + _join([answering])))


def _maker(scripted: dict[ReaderId, Callable[[Uid], bool]], prove: Prove) -> Make:
    """Return what makes readers and keeps what shows a badge to the scripted ones."""

    def make(table: ReaderTable, reports: Reports) -> Reader:
        reader = make_reader(table, reports, prove)
        if isinstance(reader, ScriptedReader):
            scripted[ReaderId(table.id)] = reader.tap
        return reader

    return make


def _join(threads: list[threading.Thread]) -> list[str]:
    for thread in threads:
        thread.join(JOIN_S)
    return [thread.name for thread in threads if thread.is_alive()]
