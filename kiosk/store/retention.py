"""Removing from the journal what has been kept long enough. What is due is decided elsewhere; here it goes for good.

Sequence, id, commitment and chain of an event always stay.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from kiosk.domain.house import House
from kiosk.domain.ids import GuestId, MemberId, VisitId
from kiosk.domain.instant import Instant
from kiosk.store import checkpoint
from kiosk.store.database import Writer, open_reader
from kiosk.store.erasure import visits_of
from kiosk.store.errors import StoreError

KEPT_READ_MAX = 1000
"""The most events looked at in one go."""

_DROP = "UPDATE events SET payload = NULL, salt = NULL, type = NULL WHERE seq = ?"
_VISIT = "json_extract(payload, '$.visit')"
_ENDINGS = "'left', 'closed_automatically', 'arrival_undone', 'visit_annulled'"
_KEPT = f"""
SELECT seq, type, COALESCE({_VISIT}, ''), json_extract(payload, '$.at'), json_extract(payload, '$.ends_at')
FROM events WHERE seq > ? AND payload IS NOT NULL ORDER BY seq LIMIT ?
"""  # noqa: S608 - only our own expressions are put in
_ENDED = f"""
SELECT seq, json_extract(payload, '$.at') FROM events
WHERE {_VISIT} = ? AND payload IS NOT NULL AND type IN ({_ENDINGS}) ORDER BY seq DESC LIMIT 1
"""  # noqa: S608 - as above
_LATER = """
SELECT json_extract(payload, '$.at') FROM events WHERE seq > ? AND payload IS NOT NULL
AND json_extract(payload, '$.at.clock') <> 'unset' ORDER BY seq LIMIT 1
"""
_ARRIVED = """
SELECT DISTINCT json_extract(payload, '$.member') FROM events
WHERE seq > ? AND payload IS NOT NULL AND type = 'arrived'
"""
_LAST_RUN = """
SELECT seq, json_extract(payload, '$.at') FROM events WHERE type = 'retention_ran' ORDER BY seq DESC LIMIT 1
"""
_instant = msgspec.json.Decoder(Instant)


@dataclass(frozen=True, slots=True)
class KeptEvent:
    """An event with its payload still kept, as far as its age goes. `ends_at` is an activity's (UTC)."""

    seq: int
    type: str
    visit: VisitId
    at: Instant
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Moment:
    """When the event with that sequence happened."""

    seq: int
    at: Instant


class JournalRetention:
    """The removing side of journal.db. Each method is one short transaction."""

    def __init__(self, writer: Writer) -> None:
        """Use the open file."""
        self._writer = writer

    def kept(self, after: int, limit: int) -> tuple[KeptEvent, ...]:
        """Return the events after that sequence whose payload is kept, oldest first."""
        return kept_events(self._writer.conn, after, limit)

    def ended(self, visit: VisitId) -> Moment | None:
        """Return when the visit last ended, or None if no end of it is kept."""
        return ended(self._writer.conn, visit)

    def later(self, seq: int) -> Instant | None:
        """Return when the first event after that one happened whose clock had been set, or None."""
        return later(self._writer.conn, seq)

    def last_seq(self) -> int:
        """Return the newest sequence, 0 while there is none."""
        return int(self._writer.conn.execute("SELECT COALESCE(MAX(seq), 0) FROM events").fetchone()[0])

    def last_run(self) -> Moment | None:
        """Return when removing was last done, or None if never."""
        row = self._writer.conn.execute(_LAST_RUN).fetchone()
        return None if row is None else Moment(int(row[0]), _instant.decode(row[1]))

    def first_event(self) -> Instant | None:
        """Return when the oldest event that is still kept happened, or None."""
        row = self._writer.conn.execute(_KEPT, (0, 1)).fetchone()
        return None if row is None else _instant.decode(row[3])

    def is_erased_after(self, seq: int) -> bool:
        """Return whether anybody was erased after that event."""
        question = "SELECT 1 FROM events WHERE seq > ? AND payload IS NOT NULL AND type = 'person_erased' LIMIT 1"
        return self._writer.conn.execute(question, (seq,)).fetchone() is not None

    def visits_of(self, member: MemberId) -> frozenset[VisitId]:
        """Return the member's visits of which anything is kept."""
        return visits_of(self._writer.conn, member)

    def bytes(self) -> int:
        """Return how large the database is, without its write-ahead log."""
        pages, size = (self._writer.conn.execute(f"PRAGMA {one}").fetchone()[0] for one in ("page_count", "page_size"))
        return int(pages * size)

    def scrub(self, *, is_whole: bool) -> bool:
        """Leave no trace of what was removed; return whether all of it could be done."""
        return self._writer.scrub(is_whole=is_whole)

    def save_checkpoint(self, house: House) -> None:
        """Keep the house as it is after the newest event, so that no older one is needed to rebuild it."""
        with self._writer.transaction() as db:
            checkpoint.save(db, self.last_seq(), house)

    def drop(self, seqs: Iterable[int]) -> None:
        """Drop payload, salt and type of these events."""
        with self._writer.transaction() as db:
            db.executemany(_DROP, [(one,) for one in seqs])

    def drop_names(self, guests: Iterable[GuestId]) -> int:
        """Drop these guests' names and return how many there were."""
        with self._writer.transaction() as db:
            return sum(db.execute("DELETE FROM guest_names WHERE guest = ?", (one,)).rowcount for one in guests)

    def drop_access(self, before: datetime, limit: int) -> int:
        """Drop the oldest lines of the access log from before that moment (UTC) and return how many there were."""
        old = "SELECT id FROM access WHERE at < ? ORDER BY id LIMIT ?"
        with self._writer.transaction() as db:
            return db.execute(f"DELETE FROM access WHERE id IN ({old})", (before.isoformat(), limit)).rowcount  # noqa: S608 - ours

    def drop_counts(self, before: str) -> int:
        """Drop the counts of the months before that one (YYYY-MM) and return how many there were."""
        with self._writer.transaction() as db:
            return db.execute("DELETE FROM tallies WHERE month < ?", (before,)).rowcount

    def arrived_after(self, seq: int) -> tuple[MemberId, ...]:
        """Return the members who arrived after that event."""
        return tuple(MemberId(row[0]) for row in self._writer.conn.execute(_ARRIVED, (seq,)))

    def visited(self, seen: Iterable[MemberId], known: Iterable[MemberId], month: str) -> None:
        """Keep that month as that of the last visit of those `seen`, and of others `known` that have none yet."""
        with self._writer.transaction() as db:
            db.executemany(
                "INSERT OR REPLACE INTO last_visits (member, month) VALUES (?, ?)", [(one, month) for one in seen]
            )
            db.executemany(
                "INSERT OR IGNORE INTO last_visits (member, month) VALUES (?, ?)", [(one, month) for one in known]
            )

    def not_seen_since(self, month: str) -> tuple[MemberId, ...]:
        """Return the members whose last visit was before that month (YYYY-MM)."""
        rows = self._writer.conn.execute("SELECT member FROM last_visits WHERE month < ?", (month,))
        return tuple(MemberId(row[0]) for row in rows)

    def forget_visits(self, members: Iterable[MemberId]) -> None:
        """Drop the months of these members' last visits."""
        with self._writer.transaction() as db:
            db.executemany("DELETE FROM last_visits WHERE member = ?", [(one,) for one in members])


def open_kept(state_dir: Path) -> sqlite3.Connection | None:
    """Return a read-only connection to the journal, or None while there is none.

    Raise `StoreError` for a journal whose shape is of an earlier version: to see nothing in it would prove nothing.
    """
    connection = open_reader(state_dir / "journal.db", "last_visits")
    if connection is None and (state_dir / "journal.db").exists():
        message = "the journal was last written by an earlier version: start the desk once, and ask again"
        raise StoreError(message)
    return connection


def kept_events(connection: sqlite3.Connection, after: int, limit: int) -> tuple[KeptEvent, ...]:
    """Return the events after that sequence whose payload is kept, oldest first."""
    rows = connection.execute(_KEPT, (after, min(limit, KEPT_READ_MAX)))
    return tuple(KeptEvent(int(r[0]), r[1], VisitId(r[2]), _instant.decode(r[3]), _moment(r[4])) for r in rows)


def ended(connection: sqlite3.Connection, visit: VisitId) -> Moment | None:
    """Return when the visit last ended, or None if no end of it is kept."""
    row = connection.execute(_ENDED, (visit,)).fetchone()
    return None if row is None else Moment(int(row[0]), _instant.decode(row[1]))


def later(connection: sqlite3.Connection, seq: int) -> Instant | None:
    """Return when the first event after that one happened whose clock had been set, or None."""
    row = connection.execute(_LATER, (seq,)).fetchone()
    return None if row is None else _instant.decode(row[0])


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
