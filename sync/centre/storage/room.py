"""The centre's SQLite file. Several processes may write it: the server, and commands run beside it.

That is why it keeps a rollback journal and not a write-ahead log: see docs/decisions.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sync.centre.storage.shape import SHAPES

BUSY_TIMEOUT_S = 10.0
"""How long a statement waits for another process's transaction."""


class CentreError(Exception):
    """The centre cannot do what it was asked; the text says why."""


class Room:
    """One connection, used by one thread at a time. Open one for each kind of work that should not wait for another."""

    def __init__(self, path: Path) -> None:
        """Open or create the file and bring its shape up to date."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._depth = 0
        # Transactions are begun by hand: IMMEDIATE, so that two writers wait for each other instead of failing.
        self._connection = sqlite3.connect(
            path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False, cached_statements=64
        )
        path.chmod(0o600)
        # TRUNCATE with FULL is durable without a sync of the directory, which DELETE would need (EXTRA).
        self._connection.execute("PRAGMA journal_mode=TRUNCATE")
        self._connection.execute("PRAGMA synchronous=FULL")
        with self.transaction() as db:
            _bring_up_to_date(db)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Hold the write lock; commit at the end, durably, or undo everything. One inside another joins it."""
        with self._lock:
            if self._depth:
                yield self._connection
                return
            self._connection.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            else:
                self._connection.execute("COMMIT")
            finally:
                self._depth = 0

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Hold the connection for some reads. Fetch everything inside: an open read keeps writers out."""
        with self._lock:
            yield self._connection

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()


def state(db: sqlite3.Connection, name: str) -> str:
    """Return the single value of that name, or nothing."""
    row = db.execute("SELECT value FROM state WHERE name = ?", [name]).fetchone()
    return "" if row is None else str(row[0])


def set_state(db: sqlite3.Connection, name: str, value: str) -> None:
    """Keep the single value of that name."""
    db.execute("INSERT INTO state VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", [name, value])


def state_or_new(room: Room, name: str, make: Callable[[], str]) -> str:
    """Return the single value of that name, made and kept if there was none. All processes get the same."""
    with room.transaction() as db:
        found = state(db, name)
        if not found:
            found = make()
            set_state(db, name, found)
        return found


def _bring_up_to_date(db: sqlite3.Connection) -> None:
    shape = int(db.execute("PRAGMA user_version").fetchone()[0])
    if shape > len(SHAPES):
        message = f"the centre's database is of a newer version (shape {shape}): install the version that wrote it"
        raise CentreError(message)
    for number, statements in enumerate(SHAPES[shape:], start=shape + 1):
        for statement in filter(str.strip, statements.split(";\n")):
            db.execute(statement)
        db.execute(f"PRAGMA user_version={number}")
