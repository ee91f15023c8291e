"""zones.db: what the sensors say of each zone, written by the sensors' service alone and read by the desk.

Whatever the sensors' service remembers to survive a restart is kept here as text that only it understands.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from kiosk.domain.ids import SensorId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.zones import Occupancy, ZoneState, ZoneTap
from kiosk.store import inbox
from kiosk.store.database import Shape, Writer, data_version, open_reader
from kiosk.store.errors import StoreError

HISTORY_S = 24 * 3600
"""How long a zone's changes are kept."""

HISTORY_ROWS_MAX = 20_000
"""The most changes kept, whatever the wall clock says."""

HISTORY_READ_MAX = 1000
"""The most changes handed out at once."""

FIRM_S = 30.0
"""The longest that small news may be without a place on the disk, in a file that only this machine's power can lose."""

DROPPED_TAP = "dropped-tap"
"""How taps are counted that no desk took for so long that they had to go."""

Counters = Mapping[tuple[str, str], int]
"""How often what was counted about whom; whom is a sensor's id, or the service itself."""

# Not REPLACE, which would move the row, and write its index anew too.
_SAY = (
    "INSERT INTO zones (zone, seq, body) VALUES (?, ?, ?)"
    " ON CONFLICT DO UPDATE SET seq = excluded.seq, body = excluded.body"
)
_REMEMBER = "INSERT INTO sensors (sensor, body) VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body"

_COUNT = (
    "INSERT INTO counters (about, what, count) VALUES (?, ?, ?)"
    " ON CONFLICT DO UPDATE SET count = count + excluded.count"
)

_encoder = msgspec.json.Encoder(order="deterministic")
_occupancy = msgspec.json.Decoder(Occupancy)


@dataclass(frozen=True, slots=True)
class Said:
    """An occupancy as it is published; `seq` rises with every message of its zone, also over restarts."""

    occupancy: Occupancy
    seq: int


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a zone's state, at wall time in ISO 8601, UTC."""

    at: str
    zone: ZoneId
    state: ZoneState


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is to be kept in one commit: all there is to say of some zones, and of some sensors, and counts to add.

    `taps` go into the inbox; `taken` is how far the desk has come in it.
    """

    said: tuple[Said, ...] = ()
    evidence: Mapping[SensorId, str] = field(default_factory=dict)
    counted: Counters = field(default_factory=dict)
    taps: tuple[ZoneTap, ...] = ()
    taken: inbox.Place = field(default_factory=inbox.Place)


class ZonesWriter:
    """The sensors' service's own side of zones.db. Used from one thread."""

    def __init__(self, path: Path) -> None:
        """Open or create the file; raise `AlreadyOpenError` if another process writes it."""
        self._writer = Writer(path, Shape.ZONES)
        self._states = {zone: said.occupancy.state for zone, said in self.said().items()}
        self._firm_s = float("-inf")
        self._is_firm: bool | None = None
        self._removed: inbox.Place | None = None

    def record(self, news: News, at: Instant) -> None:
        """Keep the news, all or nothing; a change of state goes into the history.

        On return no kill of this process can lose it. A change of state and a tap are on the disk too, with all that
        came before; small news is there after `FIRM_S` at the latest: a power cut costs at most that much evidence,
        and an SD card is spared a sync for every motion.
        """
        states = dict(self._states)
        is_firm = bool(news.taps) or self._is_change(news) or at.elapsed_s - self._firm_s >= FIRM_S
        if is_firm is not self._is_firm:
            self._writer.conn.execute(f"PRAGMA synchronous={'FULL' if is_firm else 'NORMAL'}")
            self._is_firm = is_firm
        with self._writer.transaction() as db:
            for one in news.said:
                occupancy, zone = one.occupancy, one.occupancy.zone
                body = _encoder.encode(occupancy).decode()
                db.execute(_SAY, (zone, one.seq, body))
                if states.get(zone) is not occupancy.state:
                    _remember(db, occupancy, body, at)
                states[zone] = occupancy.state
            db.executemany(_REMEMBER, news.evidence.items())
            if news.taken != self._removed:
                inbox.remove_taken(db, news.taken)
            dropped = {("service", DROPPED_TAP): inbox.put(db, news.taps)} if news.taps else {}
            db.executemany(
                _COUNT,
                [(about, what, count) for (about, what), count in (*news.counted.items(), *dropped.items()) if count],
            )
            if is_firm:
                _forget_history(db, at)
        self._states, self._removed = states, news.taken
        self._firm_s = at.elapsed_s if is_firm else self._firm_s

    def said(self) -> dict[ZoneId, Said]:
        """Return what was last said of each zone."""
        return _said(self._writer.conn)

    def evidence(self) -> dict[SensorId, str]:
        """Return each sensor's memory as it was last kept."""
        return {SensorId(row[0]): str(row[1]) for row in self._writer.conn.execute("SELECT sensor, body FROM sensors")}

    def has_taps(self) -> bool:
        """Return whether taps are kept, taken by the desk or not."""
        return not inbox.is_empty(self._writer.conn)

    def note_broker(self, lost: datetime | None) -> None:
        """Keep since when there has been no broker (aware UTC), or None: there is one."""
        with self._writer.transaction() as db:
            db.execute("UPDATE contact SET broker_lost = ?", [lost.isoformat() if lost else None])

    def forget(self, sensors: Iterable[SensorId], zones: Iterable[ZoneId]) -> None:
        """Drop what is kept of sensors and zones that the site no longer has."""
        gone = [(one,) for one in sensors], [(one,) for one in zones]
        if not any(gone):
            return
        with self._writer.transaction() as db:
            db.executemany("DELETE FROM sensors WHERE sensor = ?", gone[0])
            db.executemany("DELETE FROM zones WHERE zone = ?", gone[1])

    def close(self) -> None:
        """Close the file."""
        self._writer.close()

    def _is_change(self, news: News) -> bool:
        return any(self._states.get(one.occupancy.zone) is not one.occupancy.state for one in news.said)


class ZonesReader:
    """Other processes' view of zones.db. The file may come into being later. Used from one thread."""

    def __init__(self, path: Path) -> None:
        """Remember the file; it is opened when first asked."""
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._seen = -1
        self._occupancies: dict[ZoneId, Occupancy] = {}

    def occupancies(self) -> dict[ZoneId, Occupancy]:
        """Return what the sensors say of each zone; nothing while there is no file. Cheap while nothing is new."""
        connection = self._open()
        if connection is None:
            return {}
        version = data_version(connection)
        if version != self._seen:
            self._occupancies = {zone: said.occupancy for zone, said in _said(connection).items()}
            self._seen = version
        return dict(self._occupancies)

    def taps_after(self, taken: inbox.Place) -> tuple[inbox.InboxTap, ...]:
        """Return the zone taps that the desk has not taken yet, in their order, a few at a time."""
        connection = self._open()
        return () if connection is None else inbox.waiting(connection, taken)

    def counters(self) -> dict[tuple[str, str], int]:
        """Return how often what was counted about whom: bad input, overflow."""
        rows = self._rows("SELECT about, what, count FROM counters ORDER BY about, what")
        return {(str(about), str(what)): int(count) for about, what, count in rows}

    def evidence(self) -> dict[SensorId, str]:
        """Return each sensor's memory as it was last kept, as text that only the sensors' service understands."""
        return {SensorId(sensor): str(body) for sensor, body in self._rows("SELECT sensor, body FROM sensors")}

    def history(self, limit: int = HISTORY_READ_MAX) -> tuple[Change, ...]:
        """Return the last day's changes, newest first, at most `limit`."""
        rows = self._rows("SELECT at, zone, state FROM history ORDER BY id DESC LIMIT ?", min(limit, HISTORY_READ_MAX))
        return tuple(Change(at, ZoneId(zone), ZoneState(state)) for at, zone, state in rows)

    def broker_lost(self) -> datetime | None:
        """Return since when the sensors' service has had no broker (aware UTC); None if it has one, or does not say."""
        try:
            rows = self._rows("SELECT broker_lost FROM contact")
        except sqlite3.OperationalError:
            return None  # written by a version that did not say
        return datetime.fromisoformat(rows[0][0]) if rows and rows[0][0] else None

    def close(self) -> None:
        """Close the file if it was opened."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
            self._seen = -1

    def _rows(self, query: str, *values: int) -> list[Any]:
        connection = self._open()
        return [] if connection is None else connection.execute(query, values).fetchall()

    def _open(self) -> sqlite3.Connection | None:
        if self._connection is None:
            connection = open_reader(self._path)
            if connection is not None and not _has_shape(connection):
                connection.close()
                return None
            self._connection = connection
        return self._connection


def _has_shape(connection: sqlite3.Connection) -> bool:
    # The writer makes the file first and its tables right after, this one last: a reader may come in between.
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'inbox'").fetchone() is not None


def _said(connection: sqlite3.Connection) -> dict[ZoneId, Said]:
    rows = connection.execute("SELECT zone, seq, body FROM zones ORDER BY rowid")
    return {ZoneId(zone): Said(_decode(body), int(seq)) for zone, seq, body in rows}


def _decode(body: str) -> Occupancy:
    try:
        return _occupancy.decode(body)
    except msgspec.MsgspecError as error:
        message = f"zones.db holds an occupancy this version cannot read ({error}); restart samverk sensors"
        raise StoreError(message) from error


def _remember(connection: sqlite3.Connection, occupancy: Occupancy, body: str, at: Instant) -> None:
    row = (at.wall.isoformat(), occupancy.zone, occupancy.state, body)
    connection.execute("INSERT INTO history (at, zone, state, body) VALUES (?, ?, ?, ?)", row)


def _forget_history(connection: sqlite3.Connection, at: Instant) -> None:
    """Drop what is older than a day, also in a zone where nothing changes any more."""
    oldest = (at.wall - timedelta(seconds=HISTORY_S)).isoformat()
    connection.execute(
        "DELETE FROM history WHERE at < ? OR id <= (SELECT MAX(id) FROM history) - ?", (oldest, HISTORY_ROWS_MAX)
    )
