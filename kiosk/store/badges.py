"""Badges as this house last changed them, and the counters of those that prove themselves: both in journal.db.

Every change is made in the transaction that records why.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from typing import Any

from kiosk.domain import events
from kiosk.domain.badge_books import OwnBadge, ProofCounter
from kiosk.domain.ids import BadgeKey, MemberId
from kiosk.domain.members import Badge, BadgeLevel, BadgeStatus
from kiosk.store.database import Writer

OPEN_MAX = 1000
"""How many unconfirmed badges are looked at in one go."""

_COLUMNS = "key, key_version, member, status, level, seq, is_confirmed, was, is_said"
_PUT = f"""
INSERT INTO badges ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?)
ON CONFLICT (key) DO UPDATE SET status = excluded.status, seq = excluded.seq, is_confirmed = 0, is_said = 1
"""  # noqa: S608 - our own columns
_RAISE = """
INSERT INTO counters (badge, member, counter) VALUES (?, ?, ?)
ON CONFLICT (badge) DO UPDATE SET counter = MAX(counter, excluded.counter)
"""


class OwnBadges:
    """The desk's view of its own badges and counters. Used from the desk's thread."""

    def __init__(self, writer: Writer) -> None:
        """Use the open file."""
        self._writer = writer

    def of_keys(self, keys: Sequence[BadgeKey]) -> OwnBadge | None:
        """Return the badge that is or was known here by any of these keys, or None.

        Of several rows that one counts by which the house last said how the badge stands, while the centre may not know
        it yet; else the newest key's.
        """
        marks = _marks(keys)
        found = self._where(f"key IN ({marks}) OR (was <> '' AND was IN ({marks}))", *keys, *keys)
        rank = {one: number for number, one in enumerate(keys)}

        def order(one: OwnBadge) -> tuple[int, int]:
            said = one.seq if one.is_said and not one.is_confirmed else 0
            return -said, min(rank.get(key, len(rank)) for key in one.badge.keys)

        return min(found, key=order, default=None)

    def of_member(self, member: MemberId) -> tuple[OwnBadge, ...]:
        """Return the member's badges as far as they were changed here."""
        return self._where("member = ?", member)

    def between(self, low: BadgeKey, high: BadgeKey) -> tuple[OwnBadge, ...]:
        """Return the badges with keys, or keys that they had, from `low` to `high`."""
        return self._where("key BETWEEN ?1 AND ?2 OR (was <> '' AND was BETWEEN ?1 AND ?2)", low, high)

    def unconfirmed(self) -> tuple[OwnBadge, ...]:
        """Return badges that the centre is not known to have, at most `OPEN_MAX`."""
        return self._where("is_confirmed = 0 ORDER BY seq LIMIT ?", OPEN_MAX)

    def counter(self, keys: Sequence[BadgeKey]) -> int | None:
        """Return the last counter that a proof of this badge was accepted with, or None."""
        question = f"SELECT MAX(counter) FROM counters WHERE badge IN ({_marks(keys)})"  # noqa: S608 - question marks
        row = self._writer.conn.execute(question, tuple(keys)).fetchone()
        return None if row[0] is None else int(row[0])

    def confirm(self, badges: Iterable[OwnBadge]) -> None:
        """Keep that the centre has these; what only the roster needs to know from now on is forgotten here."""
        with self._writer.transaction() as db:
            for one in badges:
                if one.badge.level is BadgeLevel.VERIFIED:
                    db.execute("UPDATE badges SET is_confirmed = 1 WHERE key = ? AND seq = ?", (one.badge.key, one.seq))
                else:
                    db.execute("DELETE FROM badges WHERE key = ? AND seq = ?", (one.badge.key, one.seq))

    def _where(self, condition: str, *values: object) -> tuple[OwnBadge, ...]:
        rows = self._writer.conn.execute(f"SELECT {_COLUMNS} FROM badges WHERE {condition}", values)  # noqa: S608 - ours
        return tuple(_own(row) for row in rows)


def record(connection: sqlite3.Connection, seq: int, event: events.Happened) -> None:
    """Change the badges as the event with that sequence says, inside the caller's transaction."""
    match event:
        case events.BadgeEnrolled(level=level):
            connection.execute("DELETE FROM badges WHERE key = ?", (event.badge,))
            _put(connection, seq, event, BadgeStatus.ACTIVE, level)
        case events.BadgeRekeyed(level=level, was=was):
            # The key that the centre knows, and what was said of the badge and is not there yet, go with it.
            question = "SELECT was, is_said FROM badges WHERE key = ? AND is_confirmed = 0"
            older, is_said = connection.execute(question, (was,)).fetchone() or ("", 0)
            connection.execute("DELETE FROM badges WHERE key = ?", (was,))
            connection.execute("UPDATE OR REPLACE counters SET badge = ? WHERE badge = ?", (event.badge, was))
            _put(connection, seq, event, BadgeStatus.ACTIVE, level, was=older or was, is_said=bool(is_said))
        case events.BadgeReportedLost(was=was):
            _put(connection, seq, event, BadgeStatus.LOST, BadgeLevel.UID, was=was)
        case events.BadgeFound(was=was):
            _put(connection, seq, event, BadgeStatus.ACTIVE, BadgeLevel.UID, was=was)


def raise_counters(connection: sqlite3.Connection, counters: Iterable[ProofCounter]) -> None:
    """Keep these counters where they are higher than those kept, inside the caller's transaction."""
    connection.executemany(_RAISE, [astuple(one) for one in counters])


def forget_member(connection: sqlite3.Connection, member: MemberId) -> None:
    """Forget the member's badges and their counters, inside the caller's transaction."""
    connection.execute("DELETE FROM counters WHERE member = ?", (member,))
    connection.execute("DELETE FROM badges WHERE member = ?", (member,))


def _put(  # noqa: PLR0913 - the columns of one row
    connection: sqlite3.Connection,
    seq: int,
    event: events.BadgeEvent,
    status: BadgeStatus,
    level: BadgeLevel,
    *,
    was: str | None = None,
    is_said: bool = True,
) -> None:
    values = (event.badge, event.key_version, event.member, status.value, level.value, seq, was or "", int(is_said))
    connection.execute(_PUT, values)


def _own(row: tuple[Any, ...]) -> OwnBadge:
    was = BadgeKey(row[7]) if row[7] else None
    badge = Badge(BadgeKey(row[0]), int(row[1]), MemberId(row[2]), BadgeStatus(row[3]), BadgeLevel(row[4]), was)
    return OwnBadge(badge, int(row[5]), bool(row[6]), bool(row[8]))


def _marks(keys: Sequence[BadgeKey]) -> str:
    return ",".join("?" * len(keys))
