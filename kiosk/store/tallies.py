"""The counts in journal.db as others read them, and research.db: the months that were released, each once and for good.

Only `samverk research` writes research.db.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec

from kiosk.domain.instant import Instant
from kiosk.domain.release import Release
from kiosk.domain.tally import Counted, Tally
from kiosk.store.database import Shape, Writer, open_reader

_release = msgspec.json.Decoder(Release)
_KINDS = {str(one): one for one in Counted}
_PEOPLE = tuple(str(one) for one in Counted if one.startswith("people_"))


class Released(msgspec.Struct, frozen=True):
    """A month as it was released: when (ISO 8601, UTC), and the very bytes that were handed out."""

    at: str
    body: str

    @property
    def release(self) -> Release:
        """Return the figures."""
        return _release.decode(self.body)


def tallies_of(journal: Path, month: str) -> dict[Tally, int]:
    """Return what was counted in that month; nothing while there is no journal."""
    connection = open_reader(journal, "tallies")
    if connection is None:
        return {}
    with closing(connection):
        rows = connection.execute("SELECT month, kind, first, second, count FROM tallies WHERE month = ?", (month,))
        return _tallies(rows)


def people_said(connection: sqlite3.Connection) -> dict[Tally, int]:
    """Return the numbers of people that the journal holds, for whoever goes on counting."""
    marks = ", ".join("?" * len(_PEOPLE))
    rows = connection.execute(f"SELECT month, kind, first, second, count FROM tallies WHERE kind IN ({marks})", _PEOPLE)  # noqa: S608 - only marks are put in
    return _tallies(rows)


def agency_names(roster: Path) -> dict[str, str]:
    """Return the agencies' names by id, as the roster has them; nothing while there is no roster."""
    connection = open_reader(roster, "schedule")
    if connection is None:
        return {}
    with closing(connection):
        return dict(connection.execute("SELECT id, name FROM agencies"))


class Releases:
    """The months that were released. Used from one thread, and by one process at a time."""

    def __init__(self, path: Path) -> None:
        """Open or create the file; raise `AlreadyOpenError` if another process writes it."""
        self._writer = Writer(path, Shape.RESEARCH)

    def of(self, month: str) -> Released | None:
        """Return the month as it was released, or None if it was not."""
        row = self._writer.conn.execute("SELECT at, body FROM releases WHERE month = ?", (month,)).fetchone()
        return None if row is None else Released(*row)

    def months(self) -> tuple[str, ...]:
        """Return the months that were released, oldest first."""
        return tuple(row[0] for row in self._writer.conn.execute("SELECT month FROM releases ORDER BY month"))

    def add(self, release: Release, at: Instant) -> Released:
        """Release a month for good, and return what was released first: a month has one release and never another."""
        body = msgspec.json.encode(release, order="deterministic").decode()
        with self._writer.transaction() as db:
            db.execute(
                "INSERT INTO releases (month, at, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (release.month, at.wall.isoformat(), body),
            )
        kept = self.of(release.month)
        assert kept is not None  # noqa: S101 - narrows for the type checker; it is there now, ours or an earlier one
        return kept

    def close(self) -> None:
        """Close the file."""
        self._writer.close()


def _tallies(rows: sqlite3.Cursor) -> dict[Tally, int]:
    """Return the rows as tallies; kinds that this version does not know are passed over."""
    return {
        Tally(month, _KINDS[kind], first, second): number
        for month, kind, first, second, number in rows
        if kind in _KINDS
    }
