"""What is sent again, numbered anew or let go, by what the centre says that it holds. Nothing goes unproved."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from kiosk.domain.ids import EventId
from kiosk.store.database import Writer
from kiosk.store.outbox import REASON_MAX
from kiosk.store.outgoing import AT_CENTRE

_SENT = f"state IN ({', '.join(repr(one.value) for one in AT_CENTRE)})"
_DISPUTE = "INSERT OR IGNORE INTO disputes (event_id, number, reason, since) VALUES (?, ?, ?, ?)"
_ENDLESS = 2**62
_PARTS = 1000
"""How many events are numbered anew between two looks."""


GAPS_TOLD = 100
"""How many gaps the centre tells at most, the first ones (docs/centre-protocol.md)."""


@dataclass(frozen=True, slots=True)
class Stream:
    """What the centre holds of one epoch of ours: from `first` to `highest`, but for the `gaps`, both ends lacking.

    After as many gaps as are ever told there may be others: of numbers beyond the last of them nothing is known.
    """

    epoch: str
    first: int
    highest: int
    gaps: tuple[tuple[int, int], ...] = ()

    @property
    def told_to(self) -> int:
        """Return the last number of which it is known whether the centre holds it; it holds none above `highest`."""
        return self.gaps[-1][1] if len(self.gaps) >= GAPS_TOLD else self.highest

    def surely_holds(self, sequence: int) -> bool:
        """Return whether it is known that the centre holds an event of that number."""
        inside = self.first <= sequence <= self.told_to
        return inside and not any(low <= sequence <= high for low, high in self.gaps)

    def held(self) -> list[tuple[int, int]]:
        """Return the ranges of numbers that it is known to hold, both ends held; an empty one ends before it begins."""
        begin = [self.first, *(gap[1] + 1 for gap in self.gaps)]
        return list(zip(begin, [*(gap[0] - 1 for gap in self.gaps), self.told_to], strict=True))


@dataclass(frozen=True, slots=True)
class Dispute:
    """The right to this event is doubted at the centre. `number` is the centre's own, None while not told."""

    event_id: EventId
    reason: str
    since: str
    number: int | None = None


class Resend:
    """The outbox as it is compared with the centre."""

    def __init__(self, writer: Writer) -> None:
        """Use the open file."""
        self._writer = writer

    def centre_epoch(self) -> str:
        """Return the life of the centre that was compared with last, or nothing."""
        return str(self._writer.conn.execute("SELECT centre_epoch FROM place").fetchone()[0])

    def compared(self, centre_epoch: str) -> None:
        """Keep that everything was compared with that life of the centre."""
        with self._writer.transaction() as db:
            db.execute("UPDATE place SET centre_epoch = ?", [centre_epoch])

    def lacking(self, streams: Sequence[Stream], after: int, limit: int) -> tuple[tuple[int, EventId], ...]:
        """Return sequence and id of sent events whose number the centre is not known to hold, after that sequence."""
        db, found = self._writer.conn, list[tuple[int, EventId]]()
        for (epoch,) in db.execute("SELECT DISTINCT epoch FROM outbox").fetchall():
            stream = next((one for one in streams if one.epoch == epoch), None)
            for low, high in _lacking(stream):
                question = (
                    f"SELECT sequence, event_id FROM outbox WHERE epoch = ? AND {_SENT}"  # noqa: S608 - our own states
                    " AND sequence BETWEEN ? AND ? ORDER BY sequence LIMIT ?"
                )
                rows = db.execute(question, [epoch, max(low, after + 1), high, limit]).fetchall()
                found += [(row[0], EventId(row[1])) for row in rows]
        return tuple(sorted(found)[:limit])

    def confirm(self, streams: Sequence[Stream]) -> None:
        """Take note of the sent events whose number the centre holds."""
        confirm = (
            f"UPDATE outbox SET confirmed = 1 WHERE confirmed = 0 AND epoch = ? AND {_SENT}"  # noqa: S608 - our own states
            " AND sequence BETWEEN ? AND ?"
        )
        with self._writer.transaction() as db:
            for one in streams:
                for low, high in one.held():
                    db.execute(confirm, [one.epoch, low, high])

    def confirm_these(self, ids: Iterable[EventId]) -> None:
        """Take note that the centre has these events, under whatever number."""
        with self._writer.transaction() as db:
            db.executemany("UPDATE outbox SET confirmed = 1 WHERE event_id = ?", [(one,) for one in ids])

    def waiting_after(self, sequence: int, limit: int) -> tuple[tuple[int, EventId], ...]:
        """Return sequence and id of the events that wait, after that sequence."""
        rows = self._writer.conn.execute(
            "SELECT sequence, event_id FROM outbox WHERE state = 'waiting' AND sequence > ? ORDER BY sequence LIMIT ?",
            [sequence, limit],
        )
        return tuple((row[0], EventId(row[1])) for row in rows)

    def number_anew(self, epoch: str, above: int, renumbered: Callable[[str, int, str], str]) -> int:
        """Begin a new epoch: give all that waits new numbers above that one. Return how many were numbered.

        `renumbered` gives a body its new sequence and epoch.
        """
        with self._writer.transaction() as db:
            last = max(above, int(db.execute("SELECT sequence FROM place").fetchone()[0]))
            number, done = last, 0
            while True:
                rows = db.execute(
                    "SELECT sequence, body FROM outbox WHERE state = 'waiting' AND sequence <= ? ORDER BY sequence"
                    " LIMIT ?",
                    [last, _PARTS],
                ).fetchall()
                for old, body in rows:
                    number, done = number + 1, done + 1
                    values = [number, epoch, renumbered(body, number, epoch), old]
                    db.execute("UPDATE outbox SET sequence = ?, epoch = ?, body = ? WHERE sequence = ?", values)
                if len(rows) < _PARTS:
                    break
            db.execute("UPDATE place SET sequence = ?, epoch = ?, fixed = ?", [number, epoch, last])
        return done

    def old(self, before: datetime, limit: int) -> tuple[EventId, ...]:
        """Return the oldest events that the centre holds and that were sent before that moment."""
        rows = self._writer.conn.execute(
            f"SELECT event_id FROM outbox WHERE confirmed = 1 AND {_SENT} AND last_tried < ?"  # noqa: S608 - our own states
            " ORDER BY sequence LIMIT ?",
            [before.isoformat(), limit],
        )
        return tuple(EventId(row[0]) for row in rows)

    def let_go(self, ids: Iterable[EventId]) -> None:
        """Forget these events for good: the centre has them on disk. Their sequences are never used again."""
        with self._writer.transaction() as db:
            db.executemany("DELETE FROM outbox WHERE event_id = ?", [(one,) for one in ids])

    def forget_disputes(self, before: datetime) -> None:
        """Forget the disputes from before that moment about events that were let go of: they can be tied to nobody."""
        old = "since < ? AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.event_id = disputes.event_id)"
        with self._writer.transaction() as db:
            db.execute(f"DELETE FROM disputes WHERE {old}", [before.isoformat()])  # noqa: S608 - our own condition

    def send_again(self, ids: Iterable[EventId]) -> None:
        """Let these events wait again, whatever was said of them."""
        with self._writer.transaction() as db:
            change = "UPDATE outbox SET state = 'waiting', confirmed = 0, reason = ? WHERE event_id = ?"
            db.executemany(change, [("the centre had lost it", one) for one in ids])

    def last_dispute(self) -> int:
        """Return the number of the last dispute that the centre has told of."""
        return int(self._writer.conn.execute("SELECT dispute FROM place").fetchone()[0])

    def dispute(self, disputes: Iterable[Dispute], last: int) -> int:
        """Keep the disputes, one for each event, and how far they were read. Return how many are new."""
        with self._writer.transaction() as db:
            new = 0
            for one in disputes:
                row = [one.event_id, one.number, one.reason[:REASON_MAX], one.since]
                new += db.execute(_DISPUTE, row).rowcount
                change = "UPDATE disputes SET number = ? WHERE event_id = ? AND number IS NULL"
                db.execute(change, [one.number, one.event_id])
                change = f"UPDATE outbox SET state = 'disputed', reason = ? WHERE event_id = ? AND {_SENT}"  # noqa: S608 - our own states
                db.execute(change, [one.reason[:REASON_MAX], one.event_id])
            db.execute("UPDATE place SET dispute = ?", [last])
        return new


def _lacking(stream: Stream | None) -> list[tuple[int, int]]:
    if stream is None:
        return [(0, _ENDLESS)]
    return [(0, stream.first - 1), *stream.gaps, (stream.told_to + 1, _ENDLESS)]
