"""`samverk bench tap`: from PC/SC's event to the queued, the committed and the drawn tap, beside the bare costs."""

import gc
import logging
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.bench.figures import Amount, Figure, Measured, figure
from deploy.bench.house import bench_site_file, made_uid, write_members
from deploy.bench.tap_way import EVENT_BYTES, Times, whole_way
from deploy.bench.virtual_reader.daemon import PcscdError, is_installed
from kiosk.desk.desk import Books, Desk
from kiosk.domain.badge import Uid, badge_key
from kiosk.domain.direction import Direction
from kiosk.domain.ids import ReaderId, RequestId
from kiosk.domain.instant import Instant
from kiosk.domain.requests import Tap
from kiosk.store.journal import JournalWriter
from kiosk.store.roster import RosterReader
from kiosk.store.zones import ZonesReader
from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids
from kiosk.tools.site import load

COMMITS = 300
DESK_TAPS = 600
LOOKUPS = 2000
IN_HOUSE = 300
SECRET, OTHER_SECRET = bytes(32), bytes(31) + b"\x01"

COMMIT, LOOKUP, DESK = "one durable commit", "badge looked up", "desk: tap to answer"
READ, PACED, BOTH = "card read by PC/SC alone", "one durable commit, as seldom", "both of these"
QUEUED, WHOLE = "event to queued", "event to committed answer"
DRAW, DRAWN = "answer to drawn", "event to drawn answer"
IDLE = "reader thread while nobody comes"


def measure(taps: int, members: int) -> Measured:
    """Return the figures, and notes on what they mean here."""
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory(prefix="samverk-bench-") as name:
        folder = Path(name)
        figures = [figure(COMMIT, list(_commits(folder / "bare.db")))]
        with _desk(folder / "state", members) as (desk, site_file):
            figures.append(figure(LOOKUP, list(_lookups(folder / "state" / "roster.db", members)), COMMIT))
            figures.append(figure(DESK, _desk_taps(desk, members), COMMIT))
            notes = [f"{members} members on the roster, {min(IN_HOUSE, members)} in the house"]
            if not is_installed():
                return Measured(figures, [*notes, "no virtual reader: install pcscd and vsmartcard-vpcd for the rest"])
            shown = [(IN_HOUSE + number) % members for number in range(taps)]
            try:
                times = whole_way(desk, site_file, folder / "state" / "door.sock", shown)
            except PcscdError as error:
                return Measured(figures, [*notes, f"the virtual reader did not start: {error}"])
    return Measured(
        [*figures, *_figures(times)], notes, [Amount(name=IDLE, value=times.idle * 100, unit="% of a core")]
    )


def _figures(times: Times) -> Iterator[Figure]:
    yield figure(READ, times.read)
    yield figure(PACED, times.commit)
    yield figure(BOTH, [one + other for one, other in zip(times.read, times.commit, strict=True)])
    yield figure(QUEUED, times.queued, READ)
    yield figure(WHOLE, times.answered, BOTH)
    yield figure(DRAW, times.answer_drawn)
    yield figure(DRAWN, times.drawn, BOTH)


def _commits(path: Path) -> Iterator[float]:
    """Yield what one durable commit of a row of an event's size costs, without any of our code."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE events (seq INTEGER PRIMARY KEY, payload TEXT)")
    for number in range(COMMITS):
        began = time.perf_counter()
        connection.execute("INSERT INTO events VALUES (?, ?)", (number, "x" * EVENT_BYTES))
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
def _desk(state_dir: Path, members: int) -> Iterator[tuple[Desk, Path]]:
    """Yield the desk and the site file of a house with so many members."""
    clock = SystemClock()
    write_members(state_dir / "roster.db", members, SECRET, clock())
    site_file = bench_site_file(state_dir)
    journal = JournalWriter(state_dir / "journal.db")
    roster, zones = RosterReader(state_dir / "roster.db"), ZonesReader(state_dir / "zones.db")
    try:
        books = Books(journal=journal, roster=roster, zones=zones)
        desk = Desk(load(site_file), books, {1: SECRET}, Ids())
        # As the service does: what start-up made is not looked at again by any collection during a tap.
        gc.collect()
        gc.freeze()
        yield desk, site_file
    finally:
        gc.unfreeze()
        for one in (journal, roster, zones):
            one.close()


def _desk_taps(desk: Desk, members: int) -> list[float]:
    """Return what a tap costs at the desk: members arriving until the house is full, then members shown again."""
    clock, times = SystemClock(), []
    for number in range(DESK_TAPS):
        tap = _tap(made_uid(number % min(IN_HOUSE, members)), _later(clock(), number))
        began = time.perf_counter()
        desk.handle(tap)
        times.append(time.perf_counter() - began)
    return times


def _later(now: Instant, number: int) -> Instant:
    """Return a moment far enough after the tap before for the guard time, and for no second showing to leave."""
    return Instant(now.wall, now.boot, now.elapsed_s + number * 60.0, now.clock)


def _tap(uid: bytes, at: Instant) -> Tap:
    return Tap(id=RequestId("bench"), at=at, reader=ReaderId("entrance"), direction=Direction.IN, uid=Uid(uid))
