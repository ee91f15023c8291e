"""What the board knows besides the desk's picture, from the wings' files: history, sensors, offers, the centre.

Only reads, and only counts. Read in a thread beside the server's loop; a file that cannot be read costs its own part.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from kiosk.board.strip import STRIP, Silence, Stretch, strips
from kiosk.domain.ids import ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.zones import OCCUPANCY_STALE_S, Occupancy
from kiosk.store.errors import StoreError
from kiosk.store.offers import offers_since
from kiosk.store.queue import OutboxReader
from kiosk.store.zones import Change, ZonesReader
from kiosk.tools.site import Site

log = logging.getLogger("samverk.board")

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Sensors:
    """How a zone's sensors are: how many are heard, how many are silent, and when their service last spoke of them."""

    fresh: int
    silent: int
    heard: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """The thread to the centre: events that wait, since when (aware UTC), put aside, doubted, and why it waits."""

    waiting: int = 0
    since: datetime | None = None
    apart: int = 0
    disputed: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """All of it at one moment. `broker_lost` is since when the sensors' service has no broker, None if it has."""

    strips: Mapping[ZoneId, tuple[Stretch, ...]] = field(default_factory=dict)
    sensors: Mapping[ZoneId, Sensors] = field(default_factory=dict)
    offers: Mapping[ZoneId, int] = field(default_factory=dict)
    centre: Centre | None = None
    broker_lost: datetime | None = None


class SideReader:
    """Reads the wings' files again and again, from any thread."""

    def __init__(self, site: Site) -> None:
        """Remember where the files are."""
        self._site = site
        self._zones = ZonesReader(site.state_dir / "zones.db")
        self._queue: OutboxReader | None = None
        self._waits: Centre | None = None
        self._silences: dict[ZoneId, tuple[Silence, ...]] = {}
        self._unreadable: set[str] = set()
        self._lock = threading.Lock()

    def read(self, now: Instant) -> Side:
        """Return how things are now."""
        with self._lock:
            return self._read(now)

    def close(self) -> None:
        """Close what was opened."""
        with self._lock:
            self._zones.close()
            self._close_queue()

    def _read(self, now: Instant) -> Side:
        nothing: dict[ZoneId, Occupancy] = {}
        occupancies = self._part("zones", self._zones.occupancies, nothing)
        self._listen(occupancies, now)
        unchanged: tuple[Change, ...] = ()
        changes = self._part("zones", self._zones.history, unchanged)
        midnight = now.wall.astimezone(self._site.hours.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return Side(
            # Whole minutes: a strip that moved with every look would be news each time.
            strips=strips(changes, self._silences, self._site.zones, now.wall.replace(second=0, microsecond=0)),
            sensors={zone: Sensors(one.fresh, one.silent, one.heard) for zone, one in occupancies.items()},
            offers=self._part("journal", lambda: offers_since(self._site.state_dir / "journal.db", midnight), {}),
            centre=self._part("roster", self._centre, None) if self._site.tables.centre else None,
            broker_lost=self._part("zones", self._zones.broker_lost, None),
        )

    def _listen(self, occupancies: Mapping[ZoneId, Occupancy], now: Instant) -> None:
        """Remember each stretch in which the sensors' service said nothing: its history does not know of it."""
        for zone, one in occupancies.items():
            kept = tuple(silence for silence in self._silences.get(zone, ()) if silence.ends > now.wall - STRIP)
            if now.seconds_since(one.heard) > OCCUPANCY_STALE_S:
                begins = one.heard.wall + timedelta(seconds=OCCUPANCY_STALE_S)
                before = tuple(silence for silence in kept if silence.begins != begins)
                kept = (*before, Silence(begins, now.wall))
            self._silences[zone] = kept

    def _centre(self) -> Centre:
        """Return how the queue stands: counted anew only after a commit, for months of events may wait in it."""
        if self._queue is None or not self._queue.is_open:
            self._queue = OutboxReader(self._site.state_dir / "roster.db")
        if self._queue.changed() or self._waits is None:
            self._waits = _counted(self._queue)
        return self._waits

    def _close_queue(self) -> None:
        if self._queue is not None:
            self._queue.close()
        self._queue = self._waits = None

    def _part(self, name: str, read: Callable[[], Read], nothing: Read) -> Read:
        try:
            found = read()
        except (sqlite3.Error, StoreError, ValueError) as error:
            log.log(logging.DEBUG if name in self._unreadable else logging.ERROR, "%s cannot be read: %s", name, error)
            self._unreadable.add(name)
            if name == "zones":
                self._zones.close()
            if name == "roster":
                self._close_queue()
            return nothing
        self._unreadable.discard(name)
        return found


def _counted(queue: OutboxReader) -> Centre:
    (waiting, apart), since = queue.waits(), queue.oldest()
    return Centre(
        waiting=waiting,
        since=datetime.fromisoformat(since) if since else None,
        apart=apart,
        disputed=len(queue.disputes()),
        why=next(iter(queue.appointments().values()), ""),
    )
