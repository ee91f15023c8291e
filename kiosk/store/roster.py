"""The roster: who may come, as the centre last told us, for the desk to look up. Only the sync service writes it.

Nothing here waits for the network, and nothing here decides whether somebody may come in.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from kiosk.domain.events import PersonErased
from kiosk.domain.ids import AgencyId, BadgeKey, MemberId
from kiosk.domain.instant import Instant
from kiosk.domain.members import Agency, Badge, BadgeLevel, BadgeStatus, Holder, Language, Member, SeatPolicy
from kiosk.store.boots import Boots
from kiosk.store.database import Shape, Writer, open_reader
from kiosk.store.erasure import ErasedRows, erase_from_roster
from kiosk.store.intake import Intake
from kiosk.store.outbox import Outbox
from kiosk.store.outgoing import AT_CENTRE
from kiosk.store.pseudonyms import Pseudonyms
from kiosk.store.replica import Replica
from kiosk.store.resend import Resend
from kiosk.store.schedule import Schedule

ASKED_MAX = 900
"""The most members or keys in one question: below SQLite's oldest limit of 999 variables."""

_PERSON = (
    "m.id, m.name, m.active, m.valid_from, m.valid_until, m.language,"
    " a.id, a.name, a.seats, a.enrolled, a.at_once, a.policy"
)
_HOLDER_OF_BADGE = f"""
SELECT {_PERSON}, badges.key, badges.key_version, badges.status, %s
FROM badges JOIN members m ON m.id = badges.member JOIN agencies a ON a.id = m.agency
WHERE badges.key IN (%s) ORDER BY badges.status = 'active', badges.key_version DESC LIMIT 1
"""  # noqa: S608 - only our own column names are put in
_BADGES_OF = "SELECT key, key_version, status, %s FROM badges WHERE member = ? ORDER BY key_version DESC, key LIMIT 100"
_BADGES_BETWEEN = (
    "SELECT key, key_version, status, %s, member FROM badges WHERE key BETWEEN ? AND ? ORDER BY key LIMIT 10"
)
_STATES = ", ".join(repr(one.value) for one in AT_CENTRE)
_ACKNOWLEDGED = f"SELECT journal_seq FROM outbox WHERE journal_seq IN (%s) AND state IN ({_STATES})"  # noqa: S608 - as above
_WITHDRAWN = BadgeStatus.WITHDRAWN
_HOLDERS = f"SELECT {_PERSON} FROM members m JOIN agencies a ON a.id = m.agency WHERE m.id IN (%s)"  # noqa: S608 - as above

_LEVEL = "badges.level"
_VERIFIED = "SELECT COUNT(*) FROM badges WHERE status = ? AND %s <> ?"
_STATUS = {one.value: one for one in BadgeStatus}
_POLICY = {one.value: one for one in SeatPolicy}
_LANGUAGE = {one.value: one for one in Language}
_instant = msgspec.json.Decoder(Instant)


class RosterWriter:
    """The sync service's own side of roster.db. Used from one thread."""

    def __init__(self, path: Path) -> None:
        """Open or create the file; raise `AlreadyOpenError` if another process writes it."""
        self._writer = Writer(path, Shape.ROSTER)
        self.intake = Intake(self._writer)
        self.replica = Replica(self._writer)
        self.outbox = Outbox(self._writer)
        self.resend = Resend(self._writer)
        self.boots = Boots(self._writer)
        self.schedule = Schedule(self._writer)
        self._is_unclean = False

    def pseudonyms(self, key: bytes) -> Pseudonyms:
        """Return what keeps names out of a queue that is long in waiting; the key must not lie beside this file."""
        return Pseudonyms(self._writer, key)

    def erase(self, order: PersonErased, pseudonym: Callable[[str], str] = str) -> ErasedRows:
        """Erase whom the order is about from the roster and from what goes to the centre, and leave no trace of them.

        `pseudonym` gives what a member is called in events that have waited for long. The centre's own list brings them
        back if it still has them. Somebody who reads the file at that moment keeps a trace in the log until `clean`.
        """
        with self._writer.transaction() as db:
            erased = erase_from_roster(db, order, pseudonym)
        self._is_unclean = not self._writer.scrub(is_whole=True)
        return erased

    def clean(self) -> None:
        """Leave no trace of whoever was erased, if somebody kept us from it."""
        if self._is_unclean:
            self._is_unclean = not self._writer.scrub(is_whole=False)

    def close(self) -> None:
        """Close the file and let go of it."""
        self._writer.close()


class RosterReader:
    """Other processes' view of roster.db. The file may come into being later; until then nobody is known."""

    def __init__(self, path: Path) -> None:
        """Remember the file; it is opened when first asked."""
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._has_levels = False

    def holder_of_badge(self, keys: Sequence[BadgeKey]) -> Holder | None:
        """Return who holds the badge known by any of these keys, one for each live version of the secret.

        When several are known, one that is lost or withdrawn speaks before an active one, then the newest version.
        """
        asked = tuple(keys[:ASKED_MAX])
        row = self._first(_HOLDER_OF_BADGE % (_LEVEL, _marks(len(asked))), asked)
        return None if row is None else _holder(row, _badge(row))

    def holder_of_member(self, member: MemberId) -> Holder | None:
        """Return the member of that id; `badge` is None."""
        row = self._first(_HOLDERS % "?", (member,))
        return None if row is None else _holder(row, None)

    def badges_of(self, member: MemberId) -> tuple[Badge, ...]:
        """Return the member's badges, lost and withdrawn ones too, the newest version first."""
        rows = self._all(_BADGES_OF % _LEVEL, (member,))
        return tuple(
            Badge(BadgeKey(row[0]), row[1], member, _STATUS.get(row[2], _WITHDRAWN), _level(row[3])) for row in rows
        )

    def badges_between(self, low: BadgeKey, high: BadgeKey) -> tuple[Badge, ...]:
        """Return the badges with keys from `low` to `high`, a few at most."""
        rows = self._all(_BADGES_BETWEEN % _LEVEL, (low, high))
        return tuple(
            Badge(BadgeKey(row[0]), row[1], MemberId(row[4]), _STATUS.get(row[2], _WITHDRAWN), _level(row[3]))
            for row in rows
        )

    def verified_badges(self) -> int:
        """Return how many badges in use must prove themselves."""
        row = self._first(_VERIFIED % _LEVEL, (BadgeStatus.ACTIVE.value, BadgeLevel.UID.value))
        return 0 if row is None else int(row[0])

    def at_centre(self, seqs: Sequence[int]) -> frozenset[int]:
        """Return which of the events with these sequences in the journal the centre has acknowledged."""
        asked = tuple(str(one) for one in seqs[:ASKED_MAX])
        rows = self._all(_ACKNOWLEDGED % _marks(len(asked)), asked)
        return frozenset(int(row[0]) for row in rows)

    def people(self, members: Iterable[MemberId]) -> dict[MemberId, Holder]:
        """Return those of the members whom the roster knows, by id."""
        asked, found = list(dict.fromkeys(members)), {}
        for start in range(0, len(asked), ASKED_MAX):
            part = tuple(asked[start : start + ASKED_MAX])
            for row in self._all(_HOLDERS % _marks(len(part)), part):
                found[MemberId(row[0])] = _holder(row, None)
        return found

    def age_s(self, now: Instant) -> float | None:
        """Return the seconds since the centre last confirmed the whole roster; None while it never has."""
        row = self._first("SELECT confirmed FROM contact", ())
        return None if row is None or row[0] is None else now.seconds_since(_instant.decode(row[0]))

    def version(self) -> str:
        """Return the name of the roster's content: equal names, equal content; empty while there is none."""
        row = self._first("SELECT version FROM contact", ())
        return "" if row is None else str(row[0])

    def close(self) -> None:
        """Close the file if it was opened."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _first(self, question: str, values: tuple[str, ...]) -> tuple[Any, ...] | None:
        connection = self._connection or self._open()
        if connection is None:
            return None
        row: tuple[Any, ...] | None = connection.execute(self._fit(question), values).fetchone()
        return row

    def _all(self, question: str, values: tuple[str, ...]) -> list[tuple[Any, ...]]:
        connection = self._connection or self._open()
        return [] if connection is None else connection.execute(self._fit(question), values).fetchall()

    def _fit(self, question: str) -> str:
        # The sync service may not have run since the upgrade that brought levels: nobody is turned away for that.
        return question if self._has_levels else question.replace(_LEVEL, "'uid'")

    def _open(self) -> sqlite3.Connection | None:
        connection = open_reader(self._path)
        if connection is not None and not _has_shape(connection):
            connection.close()
            return None
        self._has_levels = connection is not None and _has_levels(connection)
        self._connection = connection
        return connection


def _has_shape(connection: sqlite3.Connection) -> bool:
    # The writer creates the file a moment before its tables.
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'disputes'").fetchone() is not None


def _has_levels(connection: sqlite3.Connection) -> bool:
    return any(row[1] == "level" for row in connection.execute("PRAGMA table_info(badges)"))


def _marks(count: int) -> str:
    return ",".join("?" * count)


def _holder(row: tuple[Any, ...], badge: Badge | None) -> Holder:
    agency = Agency(AgencyId(row[6]), row[7], row[8], row[9], row[10], _POLICY.get(row[11], SeatPolicy.WARN))
    language = _LANGUAGE.get(row[5], Language.SV)
    member = Member(MemberId(row[0]), row[1], agency.id, bool(row[2]), _moment(row[3]), _moment(row[4]), language)
    return Holder(member, agency, badge)


def _badge(row: tuple[Any, ...]) -> Badge:
    status = _STATUS.get(row[14], _WITHDRAWN)
    return Badge(BadgeKey(row[12]), row[13], MemberId(row[0]), status, _level(row[15]))


def _level(text: str) -> BadgeLevel:
    # What this version does not know asks for more than a number.
    return BadgeLevel.UID if text == BadgeLevel.UID else BadgeLevel.VERIFIED


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
