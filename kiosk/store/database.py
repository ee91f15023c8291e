"""Opening the databases: one writing process a file, many readers, every commit on disk before it counts."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database, Migrations

BUSY_TIMEOUT_S = 5.0
"""How long a statement waits for another connection's lock before it fails."""


class StoreError(Exception):
    """The store cannot be used; the text says why and what to do."""


class AlreadyOpenError(StoreError):
    """Another process is the writer of this file."""


class Writer:
    """The only writer of one database file. Holds the file's lock until closed."""

    def __init__(self, path: Path, migrations: Migrations) -> None:
        """Open or create the file, bring its shape up to date, and raise `AlreadyOpenError` if it has a writer."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = _take_lock(path)
        try:
            self.db = Database(_connect(f"file:{path}", uri=True), strict=True)
            self.db.conn.execute("PRAGMA journal_mode=WAL")
            self.db.conn.execute("PRAGMA synchronous=FULL")
            self.db.conn.execute("PRAGMA foreign_keys=ON")
            migrations.apply(self.db)
            path.chmod(0o600)
        except BaseException:
            os.close(self._lock)
            raise

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """Hold the write lock from the start; commit at the end, or roll everything back on an exception.

        BEGIN IMMEDIATE, because a transaction that reads first and then wants to write can fail at once when another
        connection has committed in between (SQLITE_BUSY_SNAPSHOT).
        """
        self.db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield self.db
        except BaseException:
            self.db.conn.rollback()
            raise
        self.db.conn.commit()

    def close(self) -> None:
        """Close the file and let go of its lock. Closing twice is safe."""
        if self._lock >= 0:
            self.db.close()
            os.close(self._lock)
            self._lock = -1


def open_reader(path: Path, last_table: str = "") -> sqlite3.Connection | None:
    """Return a read-only connection to a file that another process writes, or None while it is not there yet.

    With `last_table`, the table that its writer makes last, the file is there only once that is: a writer creates the
    file a moment before its tables.
    """
    if not path.exists():
        return None
    try:
        connection = _connect(f"file:{path}?mode=ro", uri=True)
        found = connection.execute("SELECT name FROM sqlite_master WHERE name = ?", (last_table,)).fetchone()
    except sqlite3.OperationalError as error:
        message = f"{path} cannot be read ({error}): run as the user that owns it"
        raise StoreError(message) from error
    if last_table and found is None:
        connection.close()
        return None
    return connection


def data_version(reader: sqlite3.Connection) -> int:
    """Return a number that changes when another connection has committed to the file."""
    row: tuple[Any, ...] = reader.execute("PRAGMA data_version").fetchone()
    return int(row[0])


def _connect(target: str, *, uri: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(target, uri=uri, timeout=BUSY_TIMEOUT_S, check_same_thread=False)
    connection.execute(f"PRAGMA busy_timeout={int(BUSY_TIMEOUT_S * 1000)}")
    return connection


def _take_lock(path: Path) -> int:
    # A file of its own: closing any descriptor of the database itself would drop SQLite's own locks on it.
    descriptor = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        message = f"{path.name} already has a writer: stop the other process, it can only have one"
        raise AlreadyOpenError(message) from error
    return descriptor
