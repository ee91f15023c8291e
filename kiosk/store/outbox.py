"""What goes to the centre: each event written once with its own gapless sequence, and kept with what became of it.

Nothing is ever taken away here because sending failed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from kiosk.domain.ids import EventId, VisitId
from kiosk.domain.instant import Instant
from kiosk.store.database import Writer
from kiosk.store.errors import StoreError
from kiosk.store.outgoing import Held, OutboxState, Outgoing, Settled

REASON_MAX = 200
"""The longest reason kept, in characters."""
HELD_MAX = 1000
"""The most held events looked at in one go."""

COLUMNS = "sequence, journal_seq, event_id, kind, visit, body, at"
URGENT = "badge.lost"
"""The kind of event that travels before all others: the badge must not open in any other house."""
_IS_URGENT = f" AND kind = '{URGENT}'"
_ADD = "INSERT INTO outbox (sequence, journal_seq, event_id, kind, visit, body, at, epoch, since)"
_HOLD = "INSERT OR IGNORE INTO held (event_id, journal_seq, kind, visit, body, at, since) VALUES (?, ?, ?, ?, ?, ?, ?)"
_DISPUTED = (
    "INSERT OR IGNORE INTO disputes (event_id, number, reason, since)"
    " SELECT event_id, NULL, ?, ? FROM outbox WHERE sequence = ?"
)
_instant = msgspec.json.Decoder(Instant)


@dataclass(frozen=True, slots=True)
class Numbering:
    """The last sequence that was given to an event, and the epoch it was given in; the first epoch has no name."""

    sequence: int = 0
    epoch: str = ""


class Outbox:
    """The writing side. `since`, `first_tried` and `last_tried` are wall time."""

    def __init__(self, writer: Writer) -> None:
        """Use the open file."""
        self._writer = writer

    def place(self) -> int:
        """Return the journal sequence up to which everything is in the outbox, held, or was left out."""
        return int(self._writer.conn.execute("SELECT journal_seq FROM place").fetchone()[0])

    def start_over(self) -> None:
        """Look at the journal from its beginning again: it is not the one that was read."""
        with self._writer.transaction() as db:
            db.execute("UPDATE place SET journal_seq = 0")

    def numbering(self) -> Numbering:
        """Return how far the sequences have come. They go on from there also when the events are let go."""
        return Numbering(*self._writer.conn.execute("SELECT sequence, epoch FROM place").fetchone())

    def last_sequence(self) -> int:
        """Return the newest sequence, 0 while there is none."""
        return self.numbering().sequence

    def visits_with(self, kind: str, visits: Iterable[VisitId]) -> frozenset[VisitId]:
        """Return those of the visits that already have an event of that kind, sent, waiting or held."""
        question = (
            "SELECT 1 FROM outbox WHERE visit = ?1 AND kind = ?2 UNION ALL SELECT 1 FROM held WHERE visit = ?1"
            " AND kind = ?2 LIMIT 1"
        )
        execute = self._writer.conn.execute
        return frozenset(one for one in visits if execute(question, [one, kind]).fetchone() is not None)

    def known(self, ids: Iterable[EventId]) -> frozenset[EventId]:
        """Return those of the events that are in the outbox or held."""
        question = "SELECT 1 FROM outbox WHERE event_id = ?1 UNION ALL SELECT 1 FROM held WHERE event_id = ?1 LIMIT 1"
        execute = self._writer.conn.execute
        return frozenset(one for one in ids if execute(question, [one]).fetchone() is not None)

    def add(self, place: int, rows: Sequence[Outgoing], at: datetime, held: Sequence[Held] = ()) -> None:
        """Keep the events and move the place, all or nothing. Raise `StoreError` if the sequence would have a gap."""
        self._demand_no_gap(rows)
        since = at.isoformat()
        with self._writer.transaction() as db:
            self._insert(rows, since)
            db.executemany(
                _HOLD,
                [(h.event_id, h.journal_seq, h.kind, h.visit, h.body, _text(h.at), since) for h in held],
            )
            db.execute("UPDATE place SET journal_seq = ?", [place])

    def held(self) -> tuple[Held, ...]:
        """Return what is held back, in the order of the ids, which tells nothing."""
        rows = self._writer.conn.execute(
            "SELECT journal_seq, event_id, kind, visit, body, at FROM held ORDER BY event_id LIMIT ?", [HELD_MAX]
        )
        return tuple(Held(r[0], EventId(r[1]), r[2], VisitId(r[3]), r[4], _instant.decode(r[5])) for r in rows)

    def release(self, rows: Sequence[Outgoing], at: datetime) -> None:
        """Let the held events of these ids wait for the centre from now on."""
        self._demand_no_gap(rows)
        with self._writer.transaction() as db:
            self._insert(rows, at.isoformat())
            db.executemany("DELETE FROM held WHERE event_id = ?", [(one.event_id,) for one in rows])

    def drop_held(self, ids: Iterable[EventId]) -> None:
        """Forget held events that the centre has had from an earlier life of this house."""
        with self._writer.transaction() as db:
            db.executemany("DELETE FROM held WHERE event_id = ?", [(one,) for one in ids])

    def waiting(self, limit: int) -> tuple[Outgoing, ...]:
        """Return the oldest events that wait, at most `limit`: lost badges, if there are any, and else of any kind."""
        for which in (_IS_URGENT, ""):
            question = f"SELECT {COLUMNS} FROM outbox WHERE state = 'waiting'{which} ORDER BY sequence LIMIT ?"  # noqa: S608 - our own columns
            rows = self._writer.conn.execute(question, [limit]).fetchall()
            if rows:
                return tuple(_outgoing(row) for row in rows)
        return ()

    def from_end(self, number: int) -> tuple[Outgoing, ...]:
        """Return one event that waits, so many from the newest on, and from the newest again after the oldest."""
        count = int(self._writer.conn.execute("SELECT COUNT(*) FROM outbox WHERE state = 'waiting'").fetchone()[0])
        question = f"SELECT {COLUMNS} FROM outbox WHERE state = 'waiting' ORDER BY sequence DESC LIMIT 1 OFFSET ?"  # noqa: S608 - our own columns
        rows = self._writer.conn.execute(question, [number % count]).fetchall() if count else []
        return tuple(_outgoing(row) for row in rows)

    def fixed(self) -> int:
        """Return the sequence up to which no body changes any more, since it may have been sent."""
        return int(self._writer.conn.execute("SELECT fixed FROM place").fetchone()[0])

    def fix(self, rows: Iterable[Outgoing], up_to: int) -> None:
        """Give these events their last body, and never change one up to that sequence again."""
        with self._writer.transaction() as db:
            changes = [(one.body, one.sequence) for one in rows]
            db.executemany("UPDATE outbox SET body = ? WHERE sequence = ? AND state = 'waiting'", changes)
            db.execute("UPDATE place SET fixed = MAX(fixed, ?)", [up_to])

    def fix_ahead(self, rows: Iterable[Outgoing]) -> None:
        """Give these events their last body, and go on changing the earlier ones, which are sent after them."""
        with self._writer.transaction() as db:
            changes = [(one.body, one.sequence) for one in rows]
            db.executemany("UPDATE outbox SET body = ?, at = NULL WHERE sequence = ?", changes)

    def settle(self, settled: Iterable[Settled], at: datetime) -> None:
        """Keep what became of the events, in one transaction; a dispute is kept once for each event."""
        text, told = at.isoformat(), list(settled)
        changes = [(one.state.value, one.reason[:REASON_MAX], text, text, one.sequence) for one in told]
        with self._writer.transaction() as db:
            db.executemany(
                "UPDATE outbox SET state = ?, reason = ?, first_tried = COALESCE(first_tried, ?), last_tried = ?,"
                " attempts = attempts + 1 WHERE sequence = ? AND state = 'waiting'",
                changes,
            )
            db.executemany(
                _DISPUTED,
                [(one.reason[:REASON_MAX], text, one.sequence) for one in told if one.state is OutboxState.DISPUTED],
            )

    def failed(self, sequences: Iterable[int], reason: str, at: datetime) -> None:
        """Keep that the events were tried in vain, and why; they go on waiting."""
        self.settle((Settled(one, OutboxState.WAITING, reason) for one in sequences), at)

    def retry(self) -> int:
        """Let everything that was put aside wait again, and return how many events that are."""
        with self._writer.transaction() as db:
            change = "UPDATE outbox SET state = 'waiting', reason = '' WHERE state IN ('invalid', 'conflict')"
            return db.execute(change).rowcount

    def counts(self) -> dict[OutboxState, int]:
        """Return how many events there are in each state that has any."""
        rows = self._writer.conn.execute("SELECT state, COUNT(*) FROM outbox GROUP BY state")
        return {OutboxState(row[0]): int(row[1]) for row in rows}

    def waits(self) -> tuple[int, int]:
        """Return how many events wait, the held ones too, and how many were put aside: quickly, also of very many."""
        row = self._writer.conn.execute(
            "SELECT (SELECT COUNT(*) FROM outbox WHERE state = 'waiting') + (SELECT COUNT(*) FROM held),"
            " (SELECT COUNT(*) FROM outbox WHERE state IN ('disputed', 'conflict', 'invalid') AND state <> 'disputed')"
        ).fetchone()
        return int(row[0]), int(row[1])

    def _demand_no_gap(self, rows: Sequence[Outgoing]) -> None:
        expected = self.last_sequence() + 1
        if [one.sequence for one in rows] != list(range(expected, expected + len(rows))):
            message = f"the sequence for the centre must go on at {expected}"
            raise StoreError(message)

    def _insert(self, rows: Sequence[Outgoing], since: str) -> None:
        db, epoch = self._writer.conn, self.numbering().epoch
        values = [
            (one.sequence, one.journal_seq, one.event_id, one.kind, one.visit, one.body, _text(one.at), epoch, since)
            for one in rows
        ]
        db.executemany(f"{_ADD} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
        if rows:
            db.execute("UPDATE place SET sequence = ?", [rows[-1].sequence])


def _outgoing(row: tuple[int, int, str, str, str, str, str | None]) -> Outgoing:
    at = None if row[6] is None else _instant.decode(row[6])
    return Outgoing(row[0], row[1], EventId(row[2]), row[3], VisitId(row[4]), row[5], at)


def _text(at: Instant | None) -> str | None:
    return None if at is None else msgspec.json.encode(at).decode()
