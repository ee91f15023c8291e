"""The centre's SQLite file. Several processes may write it: the server, and commands run beside it.

That is why it keeps a rollback journal and not a write-ahead log: see docs/decisions.
"""

import json
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sync.centre.storage.migrate import bring_up_to_date
from sync.centre.storage.room import Lock, Row, UnavailableError, marks

BUSY_TIMEOUT_S = 10.0
"""How long a statement waits for another process's transaction."""


class SqliteWork:
    """One transaction of the connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Use the connection; its owner begins and ends the transaction."""
        self._connection = connection

    def rows(self, question: str, values: Sequence[Any] = ()) -> list[Row]:
        """Return all rows."""
        return self._connection.execute(question, values).fetchall()

    def row(self, question: str, values: Sequence[Any] = ()) -> Row | None:
        """Return the first row, or None."""
        found: Row | None = self._connection.execute(question, values).fetchone()
        return found

    def run(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Carry out the statement and return how many rows it touched."""
        return self._connection.execute(statement, values).rowcount

    def run_many(self, statement: str, values: Iterable[Sequence[Any]]) -> None:
        """Carry out the statement once for each row of values."""
        self._connection.executemany(statement, values)

    def add_new(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> set[tuple[str, str]]:
        """Add those rows whose key, the first two columns, is not there yet. Return the keys that were added."""
        statement = f"INSERT OR IGNORE INTO {table} ({','.join(columns)}) VALUES ({marks(columns)})"  # noqa: S608 - our own names
        execute = self._connection.execute
        return {(row[0], row[1]) for row in rows if execute(statement, row).rowcount == 1}

    def of_source(self, table: str, columns: str, key: str, source: str, values: Collection[str]) -> list[Row]:
        """Return those columns of the rows of the source whose second key column, `key`, is one of the values."""
        those, asked = self.listed(key, values)
        return self.rows(f"SELECT {columns} FROM {table} WHERE source = ? AND {those}", (source, *asked))  # noqa: S608 - our own names

    def listed(self, column: str, values: Collection[str]) -> tuple[str, list[Any]]:
        """Return a condition that the column is one of the values, and what it is asked with."""
        return f"{column} IN (SELECT value FROM json_each(?))", [json.dumps(list(values))]  # noqa: S608 - our own names

    def lock(self, lock: Lock) -> None:
        """Do nothing: a transaction of this file holds its only write lock from the beginning."""

    def try_lock(self, lock: Lock) -> bool:  # noqa: ARG002 - as above
        """Return True: as above."""
        return True

    def shape(self) -> int:
        """Return how many changes of shape the file has been through."""
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    def reshape(self, number: int, statements: Iterable[str]) -> None:
        """Carry out the change of shape of that number."""
        for statement in statements:
            self._connection.execute(statement)
        self._connection.execute(f"PRAGMA user_version={number}")


class SqliteRoom:
    """One connection, used by one thread at a time. Open one for each kind of work that should not wait for another."""

    def __init__(self, path: Path) -> None:
        """Open or create the file and bring its shape up to date."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._depth = 0
        # Transactions are begun by hand: IMMEDIATE, so that two writers wait for each other instead of failing.
        self._connection = sqlite3.connect(
            path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False, cached_statements=128
        )
        path.chmod(0o600)
        # TRUNCATE with FULL is durable without a sync of the directory, which DELETE would need (EXTRA).
        self._connection.execute("PRAGMA journal_mode=TRUNCATE")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._work = SqliteWork(self._connection)
        try:
            with self.transaction() as work:
                bring_up_to_date(work)
        except BaseException:
            self._connection.close()
            raise

    @contextmanager
    def transaction(self) -> Iterator[SqliteWork]:
        """Hold the write lock; commit at the end, durably, or undo everything. One inside another joins it."""
        with self._begun("BEGIN IMMEDIATE") as work:
            yield work

    @contextmanager
    def reading(self) -> Iterator[SqliteWork]:
        """Hold the connection for some reads of one state. An open read keeps writers out: be quick."""
        with self._begun("BEGIN") as work:
            yield work

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _begun(self, begin: str) -> Iterator[SqliteWork]:
        with self._lock:
            if self._depth:
                yield self._work
                return
            try:
                self._connection.execute(begin)
            except sqlite3.OperationalError as error:
                message = f"the centre's database: {error}"
                raise UnavailableError(message) from error
            self._depth = 1
            try:
                yield self._work
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            else:
                self._connection.execute("COMMIT")
            finally:
                self._depth = 0
