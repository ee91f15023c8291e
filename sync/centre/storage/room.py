"""What the centre asks of its database, whichever it is: SQLite by a path, PostgreSQL by a URL.

SQL is written once, with `?` for a value, in what both understand. Whatever differs is a method here.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from enum import IntEnum
from typing import Any, Protocol

Row = tuple[Any, ...]


class CentreError(Exception):
    """The centre cannot do what it was asked; the text says why."""


class UnavailableError(CentreError):
    """The database cannot be reached now; asking again later may help."""


class Lock(IntEnum):
    """What only one transaction of all the centre's processes does at a time."""

    SHAPE = 7_301
    ROSTER = 7_302
    BOOKS = 7_303


class Work(Protocol):
    """What can be done within one transaction."""

    def rows(self, question: str, values: Sequence[Any] = ()) -> list[Row]:
        """Return all rows."""

    def row(self, question: str, values: Sequence[Any] = ()) -> Row | None:
        """Return the first row, or None."""

    def run(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Carry out the statement and return how many rows it touched."""

    def run_many(self, statement: str, values: Iterable[Sequence[Any]]) -> None:
        """Carry out the statement once for each row of values."""

    def add_new(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> set[tuple[str, str]]:
        """Add those rows whose key, the first two columns, is not there yet. Return the keys that were added."""

    def of_source(self, table: str, columns: str, key: str, source: str, values: Collection[str]) -> list[Row]:
        """Return those columns of the rows of the source whose second key column, `key`, is one of the values."""

    def listed(self, column: str, values: Collection[str]) -> tuple[str, list[Any]]:
        """Return a condition that the column is one of the values, and what it is asked with."""

    def lock(self, lock: Lock) -> None:
        """Wait until no other transaction holds the lock, and hold it until this one ends."""

    def try_lock(self, lock: Lock) -> bool:
        """Hold the lock until this transaction ends and return True, or return False if another has it."""


class Room(Protocol):
    """An open database, used by any number of threads."""

    def transaction(self) -> AbstractContextManager[Work]:
        """Commit at the end, durably, or undo everything. One inside another of the same thread joins it."""

    def reading(self) -> AbstractContextManager[Work]:
        """Read from one state of the database. Fetch everything inside."""

    def close(self) -> None:
        """Let go of the database."""


def marks(values: Sequence[Any]) -> str:
    """Return as many placeholders as there are values, for an IN list."""
    return ",".join("?" * len(values))


def state(work: Work, name: str) -> str:
    """Return the single value of that name, or nothing."""
    row = work.row("SELECT value FROM state WHERE name = ?", (name,))
    return "" if row is None else str(row[0])


def set_state(work: Work, name: str, value: str) -> None:
    """Keep the single value of that name."""
    statement = "INSERT INTO state VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    work.run(statement, (name, value))


def state_or_new(room: Room, name: str, make: Callable[[], str]) -> str:
    """Return the single value of that name, made and kept if there was none. All processes get the same."""
    with room.transaction() as work:
        work.lock(Lock.SHAPE)
        found = state(work, name)
        if not found:
            found = make()
            set_state(work, name, found)
        return found
