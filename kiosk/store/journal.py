"""The journal: what happened, in one gapless sequence, hash chained, with the presences it amounts to beside it."""

import secrets
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from pathlib import Path

from kiosk.domain.badge_books import ProofCounter
from kiosk.domain.events import Happened
from kiosk.domain.house import House, replay
from kiosk.domain.ids import Actor, GuestId, MemberId
from kiosk.domain.instant import Instant
from kiosk.domain.tally import Tally
from kiosk.store import badges, checkpoint, inbox, standing
from kiosk.store.chain import GENESIS, commitment, link
from kiosk.store.codec import event_from_json, event_to_json
from kiosk.store.database import Shape, Writer, data_version, open_reader
from kiosk.store.retention import JournalRetention
from kiosk.store.tallies import people_said

SALT_BYTES = 16
_COUNT = (
    "INSERT INTO tallies (month, kind, first, second, count) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (month, kind, first, second) DO UPDATE SET count = count + excluded.count"
)
READ_LIMIT_MAX = 1000
"""The most events handed out at once."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event as it stands in the journal; sequences begin at 1 and have no gap."""

    seq: int
    event: Happened


@dataclass(frozen=True, slots=True)
class ChainVerdict:
    """Whether the chain holds: `broken_at` is the first sequence that does not, or None; `retired` lack a payload."""

    events: int
    retired: int
    broken_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is recorded in one transaction: the events, and the house they lead to from the house before.

    `names` are those of guests who came in; `tallies` what is counted besides; `counters` those of accepted proofs.
    """

    happened: Sequence[Happened] = ()
    before: House = field(default_factory=House)
    after: House = field(default_factory=House)
    names: Mapping[GuestId, str] = field(default_factory=dict)
    tallies: Mapping[Tally, int] = field(default_factory=dict)
    counters: Sequence[ProofCounter] = ()


class JournalWriter:
    """The desk's own side of journal.db. Used from one thread."""

    def __init__(self, path: Path, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> None:
        """Open or create the file; raise `AlreadyOpenError` if another process writes it."""
        self._writer = Writer(path, Shape.JOURNAL)
        self._random_bytes = random_bytes
        row = self._writer.conn.execute("SELECT seq, chain FROM events ORDER BY seq DESC LIMIT 1").fetchone()
        self._seq, self._chain = (int(row[0]), bytes(row[1])) if row else (0, GENESIS)
        self.retention = JournalRetention(self._writer)
        self.badges = badges.OwnBadges(self._writer)

    def append(self, entry: Entry, also: Callable[[sqlite3.Connection], object] = lambda _connection: None) -> None:
        """Record the entry, and what `also` does to the file, all or nothing; on return it is on disk."""
        seq, chain = self._seq, self._chain
        with self._writer.transaction() as db:
            for event in entry.happened:
                seq += 1
                name, payload = event_to_json(event)
                salt = self._random_bytes(SALT_BYTES)
                committed = commitment(salt, name, payload)
                chain = link(chain, seq, event.id, committed)
                db.execute(
                    "INSERT INTO events (seq, id, commitment, chain, salt, type, payload) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (seq, event.id, committed, chain, salt, name, payload),
                )
                badges.record(db, seq, event)
            badges.raise_counters(db, entry.counters)
            standing.save(db, entry.before, entry.after)
            standing.add_names(db, entry.names)
            db.executemany(_COUNT, [(*astuple(one), times) for one, times in entry.tallies.items()])
            also(db)
        self._seq, self._chain = seq, chain

    def log_access(self, at: Instant, by: Actor, what: str, purpose: str, about: MemberId | None = None) -> None:
        """Record that somebody looked at personal data, `about` one member or several, before it is shown to them."""
        row = (at.wall.isoformat(), by, what, purpose, about or "")
        with self._writer.transaction() as db:
            db.execute("INSERT INTO access (at, by, what, purpose, about) VALUES (?, ?, ?, ?, ?)", row)

    def house(self) -> House:
        """Return the house as last recorded."""
        return standing.load(self._writer.conn)

    def guest_names(self) -> dict[GuestId, str]:
        """Return the names of guests that are still kept."""
        return standing.guest_names(self._writer.conn)

    def inbox_place(self) -> inbox.Place:
        """Return how far the inbox of zone taps was taken."""
        return inbox.place(self._writer.conn)

    def people_counted(self) -> dict[Tally, int]:
        """Return the numbers of people that the tallies hold, to go on counting from."""
        return people_said(self._writer.conn)

    def close(self) -> None:
        """Close the file."""
        self._writer.close()


class JournalReader:
    """Other processes' view of journal.db. The file may come into being later."""

    def __init__(self, path: Path) -> None:
        """Remember the file; it is opened when first asked."""
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._seen = -1

    def after(self, seq: int, limit: int = READ_LIMIT_MAX) -> tuple[Recorded, ...]:
        """Return the events after that sequence whose payload is still kept, oldest first, at most `limit`."""
        connection = self._open()
        if connection is None:
            return ()
        rows = connection.execute(
            "SELECT seq, type, payload FROM events WHERE seq > ? AND payload IS NOT NULL ORDER BY seq LIMIT ?",
            (seq, min(limit, READ_LIMIT_MAX)),
        )
        return tuple(Recorded(int(row[0]), event_from_json(row[1], row[2])) for row in rows)

    def last_seq(self) -> int:
        """Return the newest sequence, 0 while there is none."""
        connection = self._open()
        if connection is None:
            return 0
        return int(connection.execute("SELECT COALESCE(MAX(seq), 0) FROM events").fetchone()[0])

    def changed(self) -> bool:
        """Return whether anything may have been committed since the last call; true at the first."""
        connection = self._open()
        if connection is None:
            return False
        version = data_version(connection)
        is_new = version != self._seen
        self._seen = version
        return is_new

    def house(self) -> House:
        """Return the house as last recorded; an empty one while there is no file."""
        connection = self._open()
        return House() if connection is None else standing.load(connection)

    def guest_names(self) -> dict[GuestId, str]:
        """Return the names of guests that are still kept."""
        connection = self._open()
        return {} if connection is None else standing.guest_names(connection)

    def inbox_place(self) -> inbox.Place:
        """Return how far the desk has come in the inbox of zone taps."""
        connection = self._open()
        return inbox.Place() if connection is None or not _has_inbox(connection) else inbox.place(connection)

    def zone_taps(self) -> dict[str, int]:
        """Return what became of how many taps at the zones' readers."""
        connection = self._open()
        return {} if connection is None or not _has_inbox(connection) else inbox.outcomes(connection)

    def rebuilt(self) -> House:
        """Return the house as all events since the last checkpoint amount to; they are kept at least until the next."""
        connection = self._open()
        if connection is None:
            return House()
        kept = checkpoint.load(connection)
        house, seq = kept.house, kept.seq
        while batch := self.after(seq):
            house, seq = replay((one.event for one in batch), house), batch[-1].seq
        return house

    def verify(self) -> ChainVerdict:
        """Return whether every event still is what was chained, reading the whole journal."""
        connection = self._open()
        events = retired = 0
        chain = GENESIS
        if connection is None:
            return ChainVerdict(0, 0, None)
        rows = connection.execute("SELECT seq, id, commitment, chain, salt, type, payload FROM events ORDER BY seq")
        for seq, event_id, committed, chained, salt, name, payload in rows:
            events += 1
            retired += payload is None
            chain = link(chain, events, event_id, committed)
            kept_whole = payload is None or commitment(salt, name, payload) == committed
            if seq != events or chain != chained or not kept_whole:
                return ChainVerdict(events, retired, events)
        return ChainVerdict(events, retired, None)

    def close(self) -> None:
        """Close the file if it was opened."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> sqlite3.Connection | None:
        if self._connection is None:
            self._connection = open_reader(self._path, "tallies")
        return self._connection


def _has_inbox(connection: sqlite3.Connection) -> bool:
    # A desk of an earlier version has not made it yet.
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'zone_taps'").fetchone() is not None
