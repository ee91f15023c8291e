"""One event of the journal, and the numbers of the rule that were in force when it was recorded: to explain it."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.domain.events import Happened, RuleTaken
from kiosk.domain.ids import EventId
from kiosk.store.codec import event_from_json
from kiosk.store.database import open_reader

_RULE = "SELECT type, payload FROM events WHERE type = 'rule_taken' AND seq <= ? AND payload IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Found:
    """One event as it stands: `event` is None once its payload has been retired; `numbers` are empty if not known."""

    seq: int
    event: Happened | None
    numbers: Mapping[str, int]


def find(path: Path, event: EventId) -> Found | None:
    """Return the event of that id in that journal, or None if there is none."""
    connection = open_reader(path, "tallies")
    if connection is None:
        return None
    try:
        return _find(connection, event)
    finally:
        connection.close()


def _find(connection: sqlite3.Connection, event: EventId) -> Found | None:
    row = connection.execute("SELECT seq, type, payload FROM events WHERE id = ?", (event,)).fetchone()
    if row is None:
        return None
    rule = connection.execute(f"{_RULE} ORDER BY seq DESC LIMIT 1", (row[0],)).fetchone()
    taken = event_from_json(rule[0], rule[1]) if rule else None
    numbers = taken.numbers if isinstance(taken, RuleTaken) else {}
    return Found(int(row[0]), None if row[2] is None else event_from_json(row[1], row[2]), numbers)
