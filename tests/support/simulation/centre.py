"""The centre of the simulation: the real application over a real database, whose disk may be put back."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Literal

from kiosk.domain.ids import SiteId
from sync.centre.app import build
from sync.centre.enrolment import Enrolment, NewAgency, NewBadge, NewMember
from sync.centre.limits import Rates
from sync.centre.registry import Registry
from sync.centre.schemas import USER
from tests.support.house import CountedIds
from tests.support.simulation.clocks import DeviceClock
from tests.support.simulation.line import Application

AGENCIES = tuple(NewAgency(f"agency-{number}", f"Myndighet {number}", 1000) for number in range(3))
NO_LIMIT = 1e12
Status = Literal["active", "lost", "withdrawn"]
STATUSES: tuple[Status, ...] = ("active", "active", "active", "lost", "withdrawn")
BACKUP_S_MAX = 13 * 86400.0
"""Houses keep for 14 days what they have sent."""


class Centre:
    """The centre. Members are known by number."""

    def __init__(self, folder: Path, clock: DeviceClock, chance: Random) -> None:
        """Open the centre's database in that folder."""
        self._path = folder / "centre.db"
        self._backup: bytes | None = None
        self._backed_up_s = 0.0
        self._clock = clock
        self._ids = CountedIds()
        self._chance = chance
        self.members: dict[int, NewMember] = {}
        self._kept: dict[int, NewMember] = {}
        self._open()

    @property
    def application(self) -> Application:
        """Return what answers requests now."""
        return self._application

    def token(self, site: str, source: str) -> str:
        """Return a token for that house."""
        return self.registry.issue_token(SiteId(site), source)

    def enrol_agencies(self) -> None:
        """Enrol the agencies."""
        self.registry.enrol(Enrolment(agencies=AGENCIES))

    def enrol(self, number: int) -> None:
        """Enrol the member of that number, or change the one there is in some way."""
        active = self._chance.random() < 0.8
        status: Status = self._chance.choice(STATUSES)
        badges = (NewBadge(f"{number:064x}", 1, status),) if self._chance.random() < 0.9 else ()
        agency = self._chance.choice(AGENCIES).id
        name = f"Exempel {number}.{self._chance.randrange(100)}"
        one = NewMember(f"m{number:05}", name, agency, active=active, badges=badges)
        self.registry.enrol(Enrolment(members=(one,)))
        self.members[number] = one

    def remove(self, number: int) -> None:
        """Remove that member."""
        if self.members.pop(number, None) is not None:
            self.registry.resources.delete(USER, f"m{number:05}")

    def back_up(self) -> None:
        """Take a backup."""
        self._close()
        self._backup, self._kept = self._path.read_bytes(), dict(self.members)
        self._backed_up_s = self._clock().elapsed_s
        self._open()

    def put_back(self) -> bool:
        """Put the last backup back. Return whether there was one, not older than what houses keep."""
        if self._backup is None or self._clock().elapsed_s - self._backed_up_s > BACKUP_S_MAX:
            return False
        self._close()
        self._path.write_bytes(self._backup)
        self.members = dict(self._kept)
        self._open()
        return True

    def lose_event(self) -> str:
        """Take the newest event away, if there is one, behind the centre's back: no harm of the world may do so.

        Return its id.
        """
        connection = sqlite3.connect(self._path)
        row = connection.execute("SELECT rowid, id FROM events ORDER BY rowid DESC LIMIT 1").fetchone()
        if row is not None:
            connection.execute("DELETE FROM events WHERE rowid = ?", [row[0]])
        connection.commit()
        connection.close()
        return "" if row is None else str(row[1])

    def close(self) -> None:
        """Let go of the database."""
        self._close()

    def read(self, question: str, *values: object) -> list[tuple[object, ...]]:
        """Return the rows of a question to the database."""
        connection = sqlite3.connect(self._path)
        try:
            return connection.execute(question, values).fetchall()
        finally:
            connection.close()

    def _open(self) -> None:
        self.registry = Registry(self._path, self._clock, self._ids)
        for room in {id(one): one for one in (self.registry.people, self.registry.happenings)}.values():
            hurry(room._connection)  # type: ignore[attr-defined] # noqa: SLF001 - only in made-up time may a disk be quick
        self._application: Application = build(self.registry, Rates(NO_LIMIT, NO_LIMIT))

    def _close(self) -> None:
        self.registry.close()


def hurry(connection: sqlite3.Connection) -> None:
    """Let the connection write without waiting for the disk: here the disk's harm is made up."""
    connection.execute("PRAGMA synchronous=OFF")


Open = Callable[[], Application]
