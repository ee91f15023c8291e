"""Opening the databases: one writing process a file, many readers, every commit on disk before it counts."""

from __future__ import annotations

import fcntl
import importlib
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlite_utils import Database

from kiosk.store.errors import AlreadyOpenError, StoreError

WAL_BYTES_MAX = 4 * 1024 * 1024
"""What the write-ahead log may keep of the disk once its content is in the database: after one huge list it would stay
as long as that list."""

_MIGRATIONS = Path(__file__).parent / "migrations"

BUSY_TIMEOUT_S = 5.0
"""How long a statement waits for another connection's lock before it fails."""


class Shape(StrEnum):
    """Which database: the name of its file, and of the module in `migrations` with the steps to its shape."""

    JOURNAL = "journal"
    ROSTER = "roster"
    ZONES = "zones"
    BOARD = "board"
    RESEARCH = "research"


class Writer:
    """The only writer of one database file. Holds the file's lock until closed."""

    def __init__(self, path: Path, shape: Shape) -> None:
        """Open or create the file and bring its shape up to date.

        Raise `AlreadyOpenError` if it has a writer, and `StoreError` if it cannot be used.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = _take_lock(path)
        connection = None
        try:
            connection = _connect(f"file:{path}", uri=True)
            _prepare(connection, shape)
            self.conn = connection
            path.chmod(0o600)
        except BaseException as error:
            if connection is not None:
                connection.close()
            os.close(self._lock)
            if isinstance(error, sqlite3.DatabaseError):
                message = f"{path} cannot be used ({error}): move it aside, keep it, and start again"
                raise StoreError(message) from error
            raise

    @property
    def db(self) -> Database:
        """Return the same connection with what sqlite-utils adds to it."""
        return _wrapped(self.conn)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Hold the write lock from the start; commit at the end, or roll everything back on an exception.

        BEGIN IMMEDIATE, because a transaction that reads first and then wants to write can fail at once when another
        connection has committed in between (SQLITE_BUSY_SNAPSHOT).
        """
        self.conn.execute("BEGIN IMMEDIATE")
        try:
            yield self.conn
        except BaseException:
            self.conn.rollback()
            raise
        self.conn.commit()

    def scrub(self, *, is_whole: bool) -> bool:
        """Leave no trace of what was deleted; return whether the write-ahead log could be emptied too.

        Deleted content is zeros by now, but rows that were moved may have left a copy in the unused part of a page:
        the whole file is written anew for that. A reader in the middle of a question keeps the log for the next time.
        """
        if is_whole:
            self.conn.execute("VACUUM")
        # Nobody waits for a reader: there is a next time.
        self.conn.execute("PRAGMA busy_timeout=0")
        try:
            busy = self.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            self.conn.execute(f"PRAGMA busy_timeout={int(BUSY_TIMEOUT_S * 1000)}")
        return not busy

    def close(self) -> None:
        """Close the file and let go of its lock. Closing twice is safe."""
        if self._lock >= 0:
            self.conn.close()
            os.close(self._lock)
            self._lock = -1


@contextmanager
def held_alone(paths: Iterable[Path]) -> Iterator[None]:
    """Hold the writers' locks of these files, so that no service can open one; raise `AlreadyOpenError` if one has."""
    locks = list[int]()
    try:
        for path in paths:
            locks.append(_take_lock(path))
        yield
    finally:
        for one in locks:
            os.close(one)


def open_reader(path: Path, last_table: str = "") -> sqlite3.Connection | None:
    """Return a read-only connection to a file that another process writes, or None while it is not there yet.

    With `last_table`, the table that its writer makes last, the file is there only once that is: a writer creates the
    file a moment before its tables.
    """
    if not path.exists():
        return None
    connection = None
    try:
        connection = _connect(f"file:{path}?mode=ro", uri=True)
        found = connection.execute("SELECT name FROM sqlite_master WHERE name = ?", (last_table,)).fetchone()
    except sqlite3.DatabaseError as error:
        if connection is not None:
            connection.close()
        message = f"{path} cannot be read ({error}): run as the user that owns it, or restore a backup"
        raise StoreError(message) from error
    if last_table and found is None:
        connection.close()
        return None
    return connection


def data_version(reader: sqlite3.Connection) -> int:
    """Return a number that changes when another connection has committed to the file."""
    row: tuple[Any, ...] = reader.execute("PRAGMA data_version").fetchone()
    return int(row[0])


def _prepare(connection: sqlite3.Connection, shape: Shape) -> None:
    """Set what holds for as long as the connection does, and bring the file to the shape that its steps lead to.

    The file keeps the checksum of the steps it was last brought through: as long as they are the same there is nothing
    to do, and sqlite-utils, which takes longer to load than a service's whole store, is not needed.
    """
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"PRAGMA journal_size_limit={WAL_BYTES_MAX}")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA recursive_triggers=ON")
    # What is deleted is overwritten with zeros, and not only forgotten.
    connection.execute("PRAGMA secure_delete=ON")
    steps = _checksum(_MIGRATIONS / f"{shape}.py")
    if connection.execute("PRAGMA user_version").fetchone()[0] != steps:
        module = importlib.import_module(f"kiosk.store.migrations.{shape}")
        getattr(module, shape).apply(_wrapped(connection))
        connection.execute(f"PRAGMA user_version={steps}")


def _wrapped(connection: sqlite3.Connection) -> Database:
    wrapped: Database = importlib.import_module("sqlite_utils").Database(connection, strict=True, execute_plugins=False)
    return wrapped


def _checksum(path: Path) -> int:
    """Return a positive number of 31 bits, which is what the file has room for; a new file has none, which is 0."""
    return zlib.crc32(path.read_bytes()) >> 1 or 1


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
