"""Taking in the roster: a list arrives page by page beside the one in force, and takes its place at once or not at all.

A list that is cut off, empty or suddenly short never takes anybody's rights away.
"""

import hashlib
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from kiosk.domain.instant import Instant
from kiosk.domain.members import Agency, Member
from kiosk.store import brake
from kiosk.store.database import Writer
from kiosk.store.enrolment import Enrolled, Page, Refusal

AGENCY_COLUMNS = "id, name, seats, enrolled, at_once, policy"
MEMBER_COLUMNS = "id, name, agency, active, valid_from, valid_until, language"
BADGE_COLUMNS = "key, key_version, member, status, level"
"""Every column by its name: a newer version may have added some, and its file must serve us too."""

AGENCY_VALUES = f"({AGENCY_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)"
MEMBER_VALUES = f"({MEMBER_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"
BADGE_VALUES = f"({BADGE_COLUMNS}) VALUES (?, ?, ?, ?, ?)"

_BEGIN = (
    "INSERT INTO intake (one, phase, cursor, start_index, round, round_version, centre_version, paging, began, epoch,"
    " position) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_REFUSED = "INSERT INTO refused (kind, id, reason, hash, own) SELECT kind, id, reason, hash, own FROM incoming_refused"
_REFUSE = "INSERT OR REPLACE INTO incoming_refused (kind, id, reason) VALUES (?, ?, ?)"
_PLACE_FIELDS = "phase, cursor, start_index, round, round_version, centre_version, paging, epoch, position"


@dataclass(frozen=True, slots=True)
class Place:
    """How far the list has come. `phase` names what is read now, `round` counts readings of the whole list.

    `round_version` is the content of the round before, `centre_version` the centre's own name of its state; `epoch` and
    `position` are where its changes go on from there, -1 where it has no such thing.
    """

    phase: str
    cursor: str = ""
    start_index: int = 1
    round: int = 1
    round_version: str = ""
    centre_version: str = ""
    paging: str = "cursor"
    epoch: str = ""
    position: int = -1


@dataclass(frozen=True, slots=True)
class Applied:
    """What the list did: members now known, members gone, records refused.

    `is_held` says that nobody was removed although the list lacked as many known members as `lacking`.
    """

    members: int
    gone: int
    refused: int
    is_held: bool
    lacking: int


class Intake:
    """The writing side of the roster."""

    def __init__(self, writer: Writer) -> None:
        """Use the open file."""
        self._writer = writer

    def place(self) -> Place | None:
        """Return how far the list being taken in has come, or None when there is none."""
        row = self._writer.conn.execute(f"SELECT {_PLACE_FIELDS} FROM intake").fetchone()  # noqa: S608 - our own columns
        return None if row is None else Place(*row)

    def centre_version(self) -> str:
        """Return the centre's name of the state that the whole roster was last confirmed at, or nothing."""
        return str(self._writer.conn.execute("SELECT centre_version FROM contact").fetchone()[0])

    def begin(self, place: Place, at: Instant) -> None:
        """Start a list from nothing; one already under way is dropped. `at` is the moment it will be true of."""
        began = msgspec.json.encode(at).decode()
        with self._writer.transaction() as db:
            _clear(db)
            values = [place.phase, place.cursor, place.start_index, place.round, place.round_version]
            values += [place.centre_version, place.paging, began, place.epoch, place.position]
            db.execute(_BEGIN, values)

    def take(self, page: Page, then: Place) -> None:
        """Keep the page and move the place, both or neither. A later page speaks before an earlier one."""
        with self._writer.transaction() as db:
            rows = [agency_row(one) for one in page.agencies]
            db.executemany(f"INSERT OR REPLACE INTO incoming_agencies {AGENCY_VALUES}", rows)
            for one in page.people:
                _take_person(db, one)
            db.executemany(_REFUSE, _refusals(page.refused))
            values = [then.phase, then.cursor, then.start_index]
            db.execute("UPDATE intake SET phase = ?, cursor = ?, start_index = ?", values)

    def taken(self, what: str) -> int:
        """Return how many different `agencies` or `members` the list has brought, the refused among them."""
        kinds = {"agencies": "agency", "members": "member"}
        counts = (
            f"SELECT (SELECT COUNT(*) FROM incoming_{what}) + (SELECT COUNT(*) FROM incoming_refused WHERE kind = ?)"  # noqa: S608 - a name out of `kinds`
        )
        return int(self._writer.conn.execute(counts, [kinds[what]]).fetchone()[0])

    def incoming_version(self) -> str:
        """Return the name of the incoming list's content."""
        return _version(self._writer.conn, "incoming_")

    def again(self) -> None:
        """Read the whole list once more, to see whether it comes out the same."""
        place = self.place()
        if place is None:
            return
        version = self.incoming_version()
        began = self._writer.conn.execute("SELECT began FROM intake").fetchone()[0]
        then = replace(place, phase="agencies", cursor="", start_index=1, round=place.round + 1, round_version=version)
        self.begin(then, msgspec.json.decode(began, type=Instant))

    def abandon(self) -> None:
        """Drop the list; the roster in force stays as it is."""
        with self._writer.transaction() as db:
            _clear(db)

    def apply(self, *, is_whole: bool) -> Applied:
        """Put the list in force in one transaction, and drop it.

        What it says of somebody holds at once. Whoever it lacks is gone, unless it lacks too many or is not known to be
        the whole list. A list that lacks too many is believed once the brake has been lifted for just them.
        """
        with self._writer.transaction() as db:
            known = _count(db, "SELECT COUNT(*) FROM members")
            _refuse_strangers(db)
            absent = "id NOT IN (SELECT id FROM incoming_members) AND id NOT IN (SELECT id FROM incoming_refused)"
            gone = [row[0] for row in db.execute(f"SELECT id FROM members WHERE {absent}")]  # noqa: S608 - a constant of ours
            lost = len(gone)
            is_held = not is_whole or (lost > 0 and brake.is_too_short(known, lost) and not brake.is_meant(db, gone))
            _merge(db)
            if not is_held:
                db.execute(f"DELETE FROM members WHERE {absent}")  # noqa: S608 - as above
                _sweep(db)
            db.execute("DELETE FROM refused")
            db.execute(_REFUSED)
            _sign(db, gone, is_held=is_held)
            members = _count(db, "SELECT COUNT(*) FROM members")
            refused = _count(db, "SELECT COUNT(*) FROM refused")
            _clear(db)
        return Applied(members, 0 if is_held else lost, refused, is_held=is_held, lacking=lost)

    def lift(self, removal: str) -> bool:
        """Let the removal of that code through the brake, if it is the one held now; return whether it is."""
        with self._writer.transaction() as db:
            return brake.lift(db, removal)

    def confirm(self, at: Instant) -> None:
        """Keep that at that moment the centre said nothing has changed."""
        with self._writer.transaction() as db:
            db.execute("UPDATE contact SET confirmed = ?", [msgspec.json.encode(at).decode()])


def agency_row(one: Agency) -> tuple[str, str, int, int | None, int | None, str]:
    """Return the agency as a row of its table."""
    return one.id, one.name, one.seats, one.enrolled, one.at_once, one.policy.value


def member_row(one: Member) -> tuple[str, str, str, int, str | None, str | None, str]:
    """Return the member as a row of its table."""
    start, end = (None if bound is None else bound.isoformat() for bound in (one.valid_from, one.valid_until))
    return one.id, one.name, one.agency, int(one.active), start, end, one.language.value


def _take_person(db: sqlite3.Connection, enrolled: Enrolled) -> None:
    one = enrolled.member
    db.execute(f"INSERT OR REPLACE INTO incoming_members {MEMBER_VALUES}", member_row(one))
    db.execute("DELETE FROM incoming_badges WHERE member = ?", [one.id])
    for badge in enrolled.badges:
        values = [badge.key, badge.key_version, one.id, badge.status.value, badge.level.value]
        taken = db.execute(f"INSERT OR IGNORE INTO incoming_badges {BADGE_VALUES}", values).rowcount
        if not taken:
            reason = "holds a badge that another member holds: it stays with the first"
            db.execute(_REFUSE, ["badge", one.id, reason])


def _refusals(refused: Iterable[Refusal]) -> list[tuple[str, str, str]]:
    return [(one.kind, one.id, one.reason) for one in refused]


def _refuse_strangers(db: sqlite3.Connection) -> None:
    unknown = "FROM incoming_members WHERE agency NOT IN (SELECT id FROM incoming_agencies)"
    refuse = "INSERT OR REPLACE INTO incoming_refused (kind, id, reason)"
    db.execute(f"{refuse} SELECT 'member', id, 'is of an unknown agency' {unknown}")
    db.execute(f"DELETE FROM incoming_badges WHERE member IN (SELECT id {unknown})")  # noqa: S608 - as above
    db.execute(f"DELETE {unknown}")


def _merge(db: sqlite3.Connection) -> None:
    _upsert(db, "agencies", "id", ("name", "seats", "enrolled", "at_once", "policy"))
    _upsert(db, "members", "id", ("name", "agency", "active", "valid_from", "valid_until", "language"))
    db.execute(
        "DELETE FROM badges WHERE member IN (SELECT id FROM incoming_members)"
        " AND key NOT IN (SELECT key FROM incoming_badges)"
    )
    _upsert(db, "badges", "key", ("key_version", "member", "status", "level"))


def _upsert(db: sqlite3.Connection, table: str, key: str, columns: tuple[str, ...]) -> None:
    # Rows that say the same are not written: an SD card wears.
    sets = ", ".join(f"{one} = excluded.{one}" for one in columns)
    old = ", ".join(f"{table}.{one}" for one in columns)
    new = ", ".join(f"excluded.{one}" for one in columns)
    names = ", ".join((key, *columns))
    db.execute(
        f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming_{table} WHERE true"  # noqa: S608 - names of ours
        f" ON CONFLICT ({key}) DO UPDATE SET {sets} WHERE ({old}) IS NOT ({new})"
    )


def _sweep(db: sqlite3.Connection) -> None:
    db.execute("DELETE FROM badges WHERE member NOT IN (SELECT id FROM members)")
    db.execute(
        "DELETE FROM agencies WHERE id NOT IN (SELECT id FROM incoming_agencies)"
        " AND id NOT IN (SELECT agency FROM members)"
    )


def _sign(db: sqlite3.Connection, gone: Collection[str], *, is_held: bool) -> None:
    # A held list does not confirm anything: the roster goes on ageing, and the next contact asks again.
    version = content_version(db)
    if is_held:
        brake.hold(db, gone, str(db.execute("SELECT began FROM intake").fetchone()[0]))
        db.execute("UPDATE contact SET version = ?", [version])
        return
    brake.let_go(db)
    db.execute(
        "UPDATE contact SET version = ?, centre_version = (SELECT centre_version FROM intake),"
        " confirmed = (SELECT began FROM intake), epoch = (SELECT epoch FROM intake),"
        " position = (SELECT position FROM intake)",
        [version],
    )


def _clear(db: sqlite3.Connection) -> None:
    for table in ("incoming_agencies", "incoming_members", "incoming_badges", "incoming_refused", "intake"):
        db.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours


def content_version(db: sqlite3.Connection) -> str:
    """Return the name of the content of the roster in force."""
    return _version(db, "")


def _version(db: sqlite3.Connection, prefix: str) -> str:
    digest = hashlib.sha256()
    for table, columns in (("agencies", AGENCY_COLUMNS), ("members", MEMBER_COLUMNS), ("badges", BADGE_COLUMNS)):
        for row in db.execute(f"SELECT {columns} FROM {prefix}{table} ORDER BY 1"):  # noqa: S608 - names of ours
            digest.update(repr(row).encode())
    return digest.hexdigest()[:32]


def _count(db: sqlite3.Connection, question: str) -> int:
    row: tuple[Any, ...] = db.execute(question).fetchone()
    return int(row[0])
