"""When each house was last heard of, and how it said it was. Kept in memory and written down every few seconds."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.domain.instant import Instant
from sync.centre.health import Health, read_health, write_health
from sync.centre.storage import alarms
from sync.centre.storage.room import Room
from sync.centre.storage.tokens import Bearer
from sync.centre.times import read_text, utc_text

HOUSES_MAX = 10_000
"""The most houses that are noted between two writings."""
SILENT_S = 15 * 60
"""A house that was not heard of for so long is silent: a push or a pull is due every minute or so."""

_KEEP = """
INSERT INTO houses VALUES (?, ?, ?, ?, ?, '') ON CONFLICT (source) DO UPDATE SET
  site = excluded.site, refused = houses.refused + excluded.refused,
  seen = CASE WHEN excluded.seen > houses.seen THEN excluded.seen ELSE houses.seen END,
  health = CASE WHEN excluded.seen > houses.seen AND excluded.health <> '' THEN excluded.health ELSE houses.health END
"""


@dataclass(frozen=True, slots=True)
class House:
    """What is known of a house. `refused` counts events that could not be kept; `silent` is since when nobody heard."""

    source: str
    site: str
    seen: str
    health: Health
    refused: int
    silent: str


@dataclass(slots=True)
class _Heard:
    site: str
    seen: str = ""
    health: str = ""
    refused: int = 0


@dataclass(slots=True)
class _Noted:
    by_source: dict[str, _Heard] = field(default_factory=dict)
    unreadable: int = 0


class Houses:
    """The houses."""

    def __init__(self, room: Room, clock: Callable[[], Instant]) -> None:
        """Use the open database."""
        self._room = room
        self._clock = clock
        self._lock = threading.Lock()
        self._noted = _Noted()

    @property
    def unreadable(self) -> int:
        """Return how many health headers could not be read since the start."""
        return self._noted.unreadable

    def heard(self, bearer: Bearer, header: str) -> Health | None:
        """Note a sign of life, and return what the house says of itself if that can be read."""
        health = read_health(header) if header else None
        with self._lock:
            self._noted.unreadable += bool(header) and health is None
            one = self._one(bearer)
            if one is not None:
                one.seen = utc_text(self._clock().wall)
                one.health = write_health(health) if health is not None else one.health
        return health

    def refused(self, bearer: Bearer, count: int) -> None:
        """Note that so many of the house's events could not be kept."""
        with self._lock:
            one = self._one(bearer)
            if one is not None:
                one.refused += count

    def flush(self) -> None:
        """Write down what was noted."""
        with self._lock:
            noted, self._noted = self._noted, _Noted(unreadable=self._noted.unreadable)
        rows = [
            (source, one.site, one.seen, one.health, one.refused) for source, one in sorted(noted.by_source.items())
        ]
        if rows:
            with self._room.transaction() as work:
                work.run_many(_KEEP, rows)

    def all(self) -> list[House]:
        """Return the houses by source."""
        question = "SELECT source, site, seen, health, refused, silent FROM houses ORDER BY source"
        with self._room.reading() as work:
            rows = work.rows(question)
        return [House(row[0], row[1], row[2], read_health(row[3]) or Health(), int(row[4]), row[5]) for row in rows]

    def look_for_silence(self, silent_s: float = SILENT_S) -> None:
        """Raise an alarm once for each house that fell silent, and one more when it is back."""
        wall = self._clock().wall
        now = utc_text(wall)
        with self._room.transaction() as work:
            for source, site, seen, silent in work.rows(
                "SELECT source, site, seen, silent FROM houses ORDER BY source"
            ):
                is_silent = bool(seen) and (wall - read_text(seen)).total_seconds() > silent_s
                if is_silent and not silent:
                    text = f"{site} har inte hörts av sedan {seen} / has not been heard of since {seen}"
                    alarms.raise_once(work, f"silent/{source}/{seen}", "silent", text, "", now)
                    work.run("UPDATE houses SET silent = ? WHERE source = ? AND seen = ?", (seen, source, seen))
                elif silent and not is_silent:
                    text = f"{site} hörs igen sedan {seen} / is heard of again since {seen}"
                    alarms.raise_once(work, f"back/{source}/{silent}", "back", text, "", now)
                    work.run("UPDATE houses SET silent = '' WHERE source = ?", (source,))

    def _one(self, bearer: Bearer) -> _Heard | None:
        if len(self._noted.by_source) >= HOUSES_MAX and bearer.source not in self._noted.by_source:
            return None
        return self._noted.by_source.setdefault(bearer.source, _Heard(bearer.site))
