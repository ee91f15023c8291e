"""What goes to the centre: each event written once with its own gapless sequence, and kept with what became of it.

Nothing is ever taken away here because sending failed.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kiosk.domain.ids import EventId, VisitId
from kiosk.store.database import Writer, open_reader
from kiosk.store.errors import StoreError
from kiosk.store.outgoing import OutboxState, Outgoing, Settled

REASON_MAX = 200
"""The longest reason kept, in characters."""


@dataclass(frozen=True, slots=True)
class Unsettled:
    """An event that is not at the centre: for people to look at. Times are ISO 8601 in UTC, or None if never."""

    sequence: int
    kind: str
    state: OutboxState
    reason: str
    since: str
    first_tried: str | None
    last_tried: str | None
    attempts: int


class Outbox:
    """The writing side. `since`, `first_tried` and `last_tried` are wall time."""

    def __init__(self, writer: Writer) -> None:
        """Use the open file."""
        self._writer = writer

    def place(self) -> int:
        """Return the journal sequence up to which everything is in the outbox or was left out of it."""
        return int(self._writer.db.execute("SELECT journal_seq FROM place").fetchone()[0])

    def last_sequence(self) -> int:
        """Return the newest sequence, 0 while there is none."""
        return int(self._writer.db.execute("SELECT COALESCE(MAX(sequence), 0) FROM outbox").fetchone()[0])

    def visits_with(self, kind: str, visits: Iterable[VisitId]) -> frozenset[VisitId]:
        """Return those of the visits that already have an event of that kind."""
        question = "SELECT 1 FROM outbox WHERE visit = ? AND kind = ? LIMIT 1"
        execute = self._writer.db.execute
        return frozenset(one for one in visits if execute(question, [one, kind]).fetchone() is not None)

    def add(self, place: int, rows: Sequence[Outgoing], at: datetime) -> None:
        """Keep the events and move the place, both or neither. Raise `StoreError` if the sequence would have a gap."""
        expected = self.last_sequence() + 1
        if [one.sequence for one in rows] != list(range(expected, expected + len(rows))):
            message = f"the sequence for the centre must go on at {expected}"
            raise StoreError(message)
        since = at.isoformat()
        values = [(one.sequence, one.journal_seq, one.event_id, one.kind, one.visit, one.body, since) for one in rows]
        with self._writer.transaction() as db:
            db.conn.executemany(
                "INSERT INTO outbox (sequence, journal_seq, event_id, kind, visit, body, since)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                values,
            )
            db.execute("UPDATE place SET journal_seq = ?", [place])

    def waiting(self, limit: int) -> tuple[Outgoing, ...]:
        """Return the oldest events that wait, at most `limit`."""
        rows = self._writer.db.execute(
            "SELECT sequence, journal_seq, event_id, kind, visit, body FROM outbox"
            " WHERE state = 'waiting' ORDER BY sequence LIMIT ?",
            [limit],
        )
        return tuple(Outgoing(row[0], row[1], EventId(row[2]), row[3], VisitId(row[4]), row[5]) for row in rows)

    def settle(self, settled: Iterable[Settled], at: datetime) -> None:
        """Keep what became of the events, in one transaction."""
        changes = [(one.state.value, one.reason[:REASON_MAX], *[at.isoformat()] * 2, one.sequence) for one in settled]
        with self._writer.transaction() as db:
            db.conn.executemany(
                "UPDATE outbox SET state = ?, reason = ?, first_tried = COALESCE(first_tried, ?), last_tried = ?,"
                " attempts = attempts + 1 WHERE sequence = ? AND state = 'waiting'",
                changes,
            )

    def failed(self, sequences: Iterable[int], reason: str, at: datetime) -> None:
        """Keep that the events were tried in vain, and why; they go on waiting."""
        self.settle((Settled(one, OutboxState.WAITING, reason) for one in sequences), at)

    def counts(self) -> dict[OutboxState, int]:
        """Return how many events there are in each state that has any."""
        return _counts(self._writer.db.conn)


class OutboxReader:
    """Other processes' view of the outbox in roster.db."""

    def __init__(self, path: Path) -> None:
        """Open the file if there is one."""
        self._connection = open_reader(path)

    def counts(self) -> dict[OutboxState, int]:
        """Return how many events there are in each state that has any; nothing while there is no file."""
        return {} if self._connection is None else _counts(self._connection)

    def unsettled(self, limit: int) -> tuple[Unsettled, ...]:
        """Return the oldest events that wait, are disputed or were put aside, at most `limit`."""
        if self._connection is None:
            return ()
        rows = self._connection.execute(
            "SELECT sequence, kind, state, reason, since, first_tried, last_tried, attempts FROM outbox"
            " WHERE state NOT IN ('accepted', 'duplicate') ORDER BY sequence LIMIT ?",
            [limit],
        )
        return tuple(Unsettled(row[0], row[1], OutboxState(row[2]), *row[3:]) for row in rows)

    def appointments(self) -> dict[str, str]:
        """Return why the next attempts wait, by name, where there is a reason."""
        if self._connection is None:
            return {}
        return {row[0]: row[1] for row in self._connection.execute("SELECT what, why FROM schedule WHERE why <> ''")}

    def roster(self) -> dict[str, Any]:
        """Return how the roster is: members, the records refused, and whether a shrunken list is held."""
        if self._connection is None:
            return {"members": 0, "refused": [], "held": 0}
        one = self._connection.execute("SELECT (SELECT COUNT(*) FROM members), held FROM contact").fetchone()
        refused = self._connection.execute(
            "SELECT kind, id, reason FROM refused ORDER BY kind, id LIMIT 100"
        ).fetchall()
        return {"members": one[0], "refused": [f"{row[0]} {row[1]}: {row[2]}" for row in refused], "held": one[1]}

    def close(self) -> None:
        """Close the file if it was opened."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _counts(connection: sqlite3.Connection) -> dict[OutboxState, int]:
    rows = connection.execute("SELECT state, COUNT(*) FROM outbox GROUP BY state")
    return {OutboxState(row[0]): int(row[1]) for row in rows}
