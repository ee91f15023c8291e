"""The roster in force, changed record by record: by what the centre says has changed, and by what a comparison finds.

A step is one transaction: what changed and how far it was read move together.
"""

import itertools
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from kiosk.domain.instant import Instant
from kiosk.store import brake
from kiosk.store.database import Shape, Writer
from kiosk.store.enrolment import BadgeRow, Enrolled, Key, MemberRow, Page, Refused, badge_row
from kiosk.store.intake import (
    AGENCY_VALUES,
    BADGE_VALUES,
    MEMBER_COLUMNS,
    MEMBER_VALUES,
    agency_row,
    content_version,
    member_row,
)


@dataclass(frozen=True, slots=True)
class Reached:
    """How far the centre's changes have been read: the centre's epoch, and the position; -1 is nowhere."""

    epoch: str = ""
    position: int = -1


class Replica:
    """The writing side of the roster in force."""

    def __init__(self, writer: Writer) -> None:
        """Use the open file."""
        self._writer = writer
        # Naming the content means reading all of it: only when it may have changed.
        self._changed = True

    def reached(self) -> Reached:
        """Return how far the changes have been read."""
        return Reached(*self._writer.conn.execute("SELECT epoch, position FROM contact").fetchone())

    def age_s(self, now: Instant) -> float | None:
        """Return the seconds since the centre last confirmed the whole roster; None while it never has."""
        row = self._writer.conn.execute("SELECT confirmed FROM contact").fetchone()
        return None if row[0] is None else now.seconds_since(msgspec.json.decode(row[0], type=Instant))

    def lose_place(self) -> None:
        """Forget how far the changes have been read: the roster is to be read in full."""
        with self._writer.transaction() as db:
            db.execute("UPDATE contact SET epoch = '', position = -1, centre_version = ''")

    def people_known(self) -> int:
        """Return how many members are known."""
        return int(self._writer.conn.execute("SELECT COUNT(*) FROM members").fetchone()[0])

    def records_known(self) -> int:
        """Return how many members and agencies are known."""
        question = "SELECT (SELECT COUNT(*) FROM members) + (SELECT COUNT(*) FROM agencies)"
        return int(self._writer.conn.execute(question).fetchone()[0])

    def changed(self) -> None:
        """Take note that the roster was changed by other means."""
        self._changed = True

    def members(self) -> Iterator[tuple[MemberRow, list[BadgeRow]]]:
        """Yield every member with their badges, sorted by key and version."""
        rows = self._writer.conn.execute(
            "SELECT m.id, m.name, m.agency, m.active, m.valid_from, m.valid_until, m.language,"
            " b.key, b.key_version, b.status, b.level FROM members m LEFT JOIN badges b ON b.member = m.id"
            " ORDER BY m.id, b.key, b.key_version"
        )
        for _, group in itertools.groupby(rows, key=lambda row: row[0]):
            whole = list(group)
            yield whole[0][:7], [badge_row(*row[7:]) for row in whole if row[7] is not None]

    def member(self, member: str) -> tuple[MemberRow, list[BadgeRow]] | None:
        """Return that member with their badges, or None."""
        db = self._writer.conn
        row = db.execute(f"SELECT {MEMBER_COLUMNS} FROM members WHERE id = ?", [member]).fetchone()  # noqa: S608 - ours
        badges = db.execute(
            "SELECT key, key_version, status, level FROM badges WHERE member = ? ORDER BY key, key_version", [member]
        ).fetchall()
        return None if row is None else (row, [badge_row(*one) for one in badges])

    def agencies(self) -> list[tuple[str, str, int, int | None, str]]:
        """Return every agency: id, name, seats, how many at once, policy."""
        return self._writer.conn.execute("SELECT id, name, seats, at_once, policy FROM agencies").fetchall()

    def refused(self) -> dict[Key, Refused]:
        """Return the refused records whose hash at the centre is known."""
        rows = self._writer.conn.execute("SELECT kind, id, hash, own FROM refused WHERE hash <> ''")
        return {(row[0], row[1]): Refused(row[2], row[3]) for row in rows}

    def change(self, page: Page, gone: Iterable[Key], then: Reached | None, *, steals: bool = True) -> int:
        """Put these records in force and take the gone away, all or nothing. Return how many were there to take away.

        `then` is how far the changes are read with that; None leaves it. A badge that another member holds goes to the
        one told of now, unless it does not `steal`.
        """
        self._changed = True
        with self._writer.transaction() as db:
            for agency in page.agencies:
                db.execute(f"INSERT OR REPLACE INTO agencies {AGENCY_VALUES}", agency_row(agency))
                _accept(db, "agency", agency.id)
            for one in page.people:
                _put(db, one, steals=steals)
                _accept(db, "member", one.member.id)
            for refusal in page.refused:
                row = [refusal.kind, refusal.id, refusal.reason, refusal.hash, refusal.own]
                db.execute("INSERT OR REPLACE INTO refused (kind, id, reason, hash, own) VALUES (?, ?, ?, ?, ?)", row)
            taken = sum(_remove(db, kind, name) for kind, name in gone)
            if then is not None:
                db.execute("UPDATE contact SET epoch = ?, position = ?", [then.epoch, then.position])
        return taken

    def confirm(self, centre_version: str, at: Instant) -> None:
        """Keep that the roster was found equal to the centre's, whose state then had that name, at that moment.

        Nothing is held any more, and what was said of it is used up.
        """
        self._name_content()
        with self._writer.transaction() as db:
            values = [centre_version, msgspec.json.encode(at).decode()]
            brake.let_go(db)
            db.execute("UPDATE contact SET centre_version = ?, confirmed = ?", values)

    def hold(self, gone: Collection[str], at: datetime) -> None:
        """Keep that at that moment these members are lacking at the centre and are not taken away."""
        self._name_content()
        with self._writer.transaction() as db:
            brake.hold(db, gone, at.isoformat())

    def drifted(self, records: int, at: datetime) -> None:
        """Keep how many records a comparison found to differ, and repaired."""
        with self._writer.transaction() as db:
            db.execute("UPDATE contact SET drifted = ?, drifted_at = ?", [records, at.isoformat()])

    def _name_content(self) -> None:
        if self._changed:
            with self._writer.transaction() as db:
                db.execute("UPDATE contact SET version = ?", [content_version(db)])
            self._changed = False

    def is_unbelievable(self, gone: Collection[str]) -> bool:
        """Return whether the removal of these members at once is not to be believed."""
        if not gone or not brake.is_too_short(self.people_known(), len(gone)):
            return False
        return not brake.is_meant(self._writer.conn, gone)

    def held_removal(self) -> str:
        """Return the code of the removal that is held, or nothing."""
        return brake.held_removal(self._writer.conn)


def _put(db: sqlite3.Connection, one: Enrolled, *, steals: bool) -> None:
    db.execute(f"INSERT OR REPLACE INTO members {MEMBER_VALUES}", member_row(one.member))
    db.execute("DELETE FROM badges WHERE member = ?", [one.member.id])
    put = "INSERT OR REPLACE" if steals else "INSERT OR IGNORE"
    for badge in one.badges:
        values: list[Any] = [badge.key, badge.key_version, one.member.id, badge.status.value, badge.level.value]
        db.execute(f"{put} INTO badges {BADGE_VALUES}", values)


def _accept(db: sqlite3.Connection, kind: str, name: str) -> None:
    kinds = ("member", "badge") if kind == "member" else (kind,)
    for each in kinds:
        db.execute("DELETE FROM refused WHERE kind = ? AND id = ?", [each, name])


def _remove(db: sqlite3.Connection, kind: str, name: str) -> int:
    _accept(db, kind, name)
    if kind == "member":
        db.execute("DELETE FROM badges WHERE member = ?", [name])
        return int(db.execute("DELETE FROM members WHERE id = ?", [name]).rowcount)
    return int(db.execute("DELETE FROM agencies WHERE id = ?", [name]).rowcount)


def read_anew(path: Path, *, journal_too: bool) -> None:
    """Let the roster in that roster.db be read in full at the next contact; what is known holds until then.

    With `journal_too` the journal is looked at from its beginning as well, for what the queue may have lost.
    """
    writer = Writer(path, Shape.ROSTER)
    try:
        with writer.transaction() as db:
            db.execute("UPDATE contact SET centre_version = '', epoch = '', position = -1")
            if journal_too:
                db.execute("UPDATE place SET journal_seq = 0")
    finally:
        writer.close()
