"""The house as it was after one event, kept in journal.db so that no older payload is needed to rebuild it."""

import sqlite3
from dataclasses import dataclass, field

import msgspec

from kiosk.domain.house import House

_ROW = "checkpoint"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The house after the event with that sequence."""

    seq: int = 0
    house: House = field(default_factory=House)


_checkpoint = msgspec.json.Decoder(Checkpoint)


def save(connection: sqlite3.Connection, seq: int, house: House) -> None:
    """Keep the house as it is after that event, inside the caller's transaction."""
    body = msgspec.json.encode(Checkpoint(seq, house), order="deterministic").decode()
    # Taken out and put in anew: what an updated row leaves behind would be a copy of everybody's visits.
    connection.execute("DELETE FROM standing WHERE kind = ?", (_ROW,))
    connection.execute("INSERT INTO standing (kind, id, body) VALUES (?, ?, ?)", (_ROW, _ROW, body))


def load(connection: sqlite3.Connection) -> Checkpoint:
    """Return what was last kept, or an empty house before the first event."""
    row = connection.execute("SELECT body FROM standing WHERE kind = ?", (_ROW,)).fetchone()
    return Checkpoint() if row is None else _checkpoint.decode(row[0])
