"""How far events have come on their way to the centre, for the desk: it removes nothing unread. Only reads."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from kiosk.domain.events import TYPE_NAMES, Happened
from kiosk.domain.retention import TO_BE_READ, Way
from kiosk.store.database import open_reader
from kiosk.store.outgoing import AT_CENTRE
from kiosk.store.retention import KeptEvent

_APART = ", ".join(f"'{one.value}'" for one in AT_CENTRE)
_UNSENT = f"""
SELECT journal_seq FROM outbox WHERE journal_seq BETWEEN ?1 AND ?2 AND state NOT IN ({_APART})
UNION SELECT journal_seq FROM held WHERE journal_seq BETWEEN ?1 AND ?2
"""  # noqa: S608 - our own states


class SentReader:
    """The desk's view of roster.db's outbox. The file may come into being later; until then nothing has been read."""

    def __init__(self, path: Path) -> None:
        """Remember the file; it is opened when first asked."""
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def place(self) -> int:
        """Return the journal sequence up to which everything has been read for the centre."""
        connection = self._open()
        return 0 if connection is None else int(connection.execute("SELECT journal_seq FROM place").fetchone()[0])

    def unsent(self, first: int, last: int) -> frozenset[int]:
        """Return which of the events in that span of the journal were read, and are not at the centre yet."""
        connection = self._open()
        if connection is None:
            return frozenset()
        return frozenset(int(row[0]) for row in connection.execute(_UNSENT, (first, last)))

    def close(self) -> None:
        """Close the file if it was opened."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> sqlite3.Connection | None:
        if self._connection is None:
            self._connection = open_reader(self._path, "disputes")
        return self._connection


def ways(sent: SentReader | None, kept: Sequence[KeptEvent]) -> dict[int, Way]:
    """Return how far each of the events has come, by sequence; without a queue nothing goes to any centre."""
    told = [one.seq for one in kept if TYPE_NAMES.get(one.type, Happened) in TO_BE_READ]
    found = {one.seq: Way.AT_CENTRE for one in kept}
    if sent is None or not told:
        return found
    place, unsent = sent.place(), sent.unsent(told[0], told[-1])
    for seq in told:
        found[seq] = Way.UNREAD if seq > place else Way.WAITING if seq in unsent else Way.AT_CENTRE
    return found
