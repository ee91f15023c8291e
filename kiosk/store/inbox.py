"""The inbox of zone taps: in zones.db what the sensors' service took in, in journal.db how far the desk has come.

A tap is put in with the sensors' commit, and taken with the commit of what it led to: so each counts once, whichever of
the two is killed when. What the desk has taken, the sensors' service removes.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from kiosk.domain.ids import BadgeKey, SensorId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.zones import ZoneTap

TAPS_MAX = 1000
"""The most taps that wait for a desk that is down; the oldest go first. Nobody joins a zone by a tap of hours ago."""
READ_MAX = 20
"""The most taps handed out at once: somebody at the entrance may be waiting."""

_keys = msgspec.json.Decoder(tuple[BadgeKey, ...])
_instant = msgspec.json.Decoder(Instant)
_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Place:
    """How far an inbox was taken: up to `seq` of the inbox with that `epoch`, which a new zones.db makes anew."""

    epoch: str = ""
    seq: int = 0


@dataclass(frozen=True, slots=True)
class InboxTap:
    """A tap in the inbox, and the place to be at once it is taken."""

    place: Place
    tap: ZoneTap


def put(connection: sqlite3.Connection, taps: Iterable[ZoneTap]) -> int:
    """Put taps into the inbox, inside the caller's transaction; return how many old ones had to go for them."""
    connection.executemany(
        "INSERT INTO taps (reader, zone, keys, at) VALUES (?, ?, ?, ?)",
        [(one.reader, one.zone, _text(one.keys), _text(one.at)) for one in taps],
    )
    over = "DELETE FROM taps WHERE seq <= (SELECT MAX(seq) FROM taps) - ?"
    return connection.execute(over, (TAPS_MAX,)).rowcount


def remove_taken(connection: sqlite3.Connection, place: Place) -> None:
    """Remove the taps that the desk has taken, inside the caller's transaction."""
    epoch = "(SELECT epoch FROM inbox)"
    connection.execute(f"DELETE FROM taps WHERE seq <= ? AND ? = {epoch}", (place.seq, place.epoch))  # noqa: S608 - our own words


def is_empty(connection: sqlite3.Connection) -> bool:
    """Return whether no tap is kept."""
    return connection.execute("SELECT 1 FROM taps LIMIT 1").fetchone() is None


def waiting(connection: sqlite3.Connection, taken: Place) -> tuple[InboxTap, ...]:
    """Return the taps after that place, in their order, at most `READ_MAX`; of another inbox all count as new."""
    epoch = str(connection.execute("SELECT epoch FROM inbox").fetchone()[0])
    rows = connection.execute(
        "SELECT seq, reader, zone, keys, at FROM taps WHERE seq > ? ORDER BY seq LIMIT ?",
        (taken.seq if taken.epoch == epoch else 0, READ_MAX),
    )
    return tuple(
        InboxTap(
            Place(epoch, int(seq)), ZoneTap(SensorId(reader), ZoneId(zone), _keys.decode(keys), _instant.decode(at))
        )
        for seq, reader, zone, keys, at in rows
    )


def place(connection: sqlite3.Connection) -> Place:
    """Return how far the desk has come, from journal.db."""
    row = connection.execute("SELECT epoch, seq FROM inbox_place").fetchone()
    return Place(str(row[0]), int(row[1]))


def move(connection: sqlite3.Connection, to: Place, outcome: str) -> None:
    """Note in journal.db that the desk has come so far, and what became of the tap, in the caller's transaction."""
    connection.execute("UPDATE inbox_place SET epoch = ?, seq = ?", (to.epoch, to.seq))
    connection.execute(
        "INSERT INTO zone_taps (outcome, count) VALUES (?, 1) ON CONFLICT (outcome) DO UPDATE SET count = count + 1",
        (outcome,),
    )


def outcomes(connection: sqlite3.Connection) -> dict[str, int]:
    """Return what became of how many taps, from journal.db."""
    return {str(row[0]): int(row[1]) for row in connection.execute("SELECT outcome, count FROM zone_taps")}


def _text(value: object) -> str:
    return _encoder.encode(value).decode()
