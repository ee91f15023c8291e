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

_COLUMNS = "key, key_version, member, status, level, seq, is_confirmed"
_PUT = f"""
INSERT INTO badges ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, 0)
ON CONFLICT (key) DO UPDATE SET status = excluded.status, seq = excluded.seq, is_confirmed = 0
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
        """Return the badge known here by any of these keys, the newest first, or None."""
        found = {one.badge.key: one for one in self._where(f"key IN ({_marks(keys)})", *keys)}
        return next((found[one] for one in keys if one in found), None)

    def of_member(self, member: MemberId) -> tuple[OwnBadge, ...]:
        """Return the member's badges as far as they were changed here."""
        return self._where("member = ?", member)

    def between(self, low: BadgeKey, high: BadgeKey) -> tuple[OwnBadge, ...]:
        """Return the badges with keys from `low` to `high`."""
        return self._where("key BETWEEN ? AND ?", low, high)

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
            connection.execute("DELETE FROM badges WHERE key = ?", (was,))
            connection.execute("UPDATE OR REPLACE counters SET badge = ? WHERE badge = ?", (event.badge, was))
            _put(connection, seq, event, BadgeStatus.ACTIVE, level)
        case events.BadgeReportedLost():
            _put(connection, seq, event, BadgeStatus.LOST, BadgeLevel.UID)
        case events.BadgeFound():
            _put(connection, seq, event, BadgeStatus.ACTIVE, BadgeLevel.UID)


def raise_counters(connection: sqlite3.Connection, counters: Iterable[ProofCounter]) -> None:
    """Keep these counters where they are higher than those kept, inside the caller's transaction."""
    connection.executemany(_RAISE, [astuple(one) for one in counters])


def forget_member(connection: sqlite3.Connection, member: MemberId) -> None:
    """Forget the member's badges and their counters, inside the caller's transaction."""
    connection.execute("DELETE FROM counters WHERE member = ?", (member,))
    connection.execute("DELETE FROM badges WHERE member = ?", (member,))


def _put(
    connection: sqlite3.Connection, seq: int, event: events.BadgeEvent, status: BadgeStatus, level: BadgeLevel
) -> None:
    values = (event.badge, event.key_version, event.member, status.value, level.value, seq)
    connection.execute(_PUT, values)


def _own(row: tuple[Any, ...]) -> OwnBadge:
    badge = Badge(BadgeKey(row[0]), int(row[1]), MemberId(row[2]), BadgeStatus(row[3]), BadgeLevel(row[4]))
    return OwnBadge(badge, int(row[5]), bool(row[6]))


def _marks(keys: Sequence[BadgeKey]) -> str:
    return ",".join("?" * len(keys))
