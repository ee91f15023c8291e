"""Erasing one person from a file of the house: rows, payloads and what waits to be sent. The chain stays whole.

The owner of a file erases in it, and scrubs it afterwards.
"""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from kiosk.domain.erasure import meant
from kiosk.domain.events import PersonErased
from kiosk.domain.house import House
from kiosk.domain.ids import MemberId, VisitId
from kiosk.store import badges, checkpoint
from kiosk.store.outgoing import AT_CENTRE

_OWNERS = """
SELECT json_extract(payload, '$.guest'), json_extract(payload, '$.visit') FROM events
WHERE payload IS NOT NULL AND type IN ('guest_arrived', 'guest_handed_over') ORDER BY seq
"""
_DROP = """
UPDATE events SET payload = NULL, salt = NULL, type = NULL WHERE payload IS NOT NULL AND (
  json_extract(payload, '$.member') = ?1
  OR json_extract(payload, '$.visit') IN (SELECT value FROM json_each(?2))
  OR json_extract(payload, '$.guest') IN (SELECT value FROM json_each(?3)))
"""
_MEMBERS = (
    ("members", "id"),
    ("incoming_members", "id"),
    ("badges", "member"),
    ("incoming_badges", "member"),
    ("refused", "id"),
    ("incoming_refused", "id"),
)
"""The tables of the roster that may name a member, and the column that does."""
_BODIES = ("outbox", "held")
_AT_CENTRE = json.dumps([one.value for one in AT_CENTRE])


@dataclass(frozen=True, slots=True)
class ErasedRows:
    """What was erased from roster.db: rows of the roster, and events; `unsent` of these the centre will never get."""

    roster: int = 0
    events: int = 0
    unsent: int = 0


def visits_of(connection: sqlite3.Connection, member: MemberId) -> frozenset[VisitId]:
    """Return the member's visits of which anything is kept."""
    question = (
        "SELECT DISTINCT json_extract(payload, '$.visit') FROM events"
        " WHERE payload IS NOT NULL AND json_extract(payload, '$.member') = ?"
    )
    return frozenset(VisitId(row[0]) for row in connection.execute(question, (member,)) if row[0] is not None)


def erase_from_journal(
    connection: sqlite3.Connection, member: MemberId, visits: Collection[VisitId], after: House
) -> int:
    """Drop every payload about the member, their visits and the guests of these, inside the caller's transaction.

    A guest who was handed over to somebody else's visit is a guest of that one. `after` is the house without all of
    them. Return how many events lost their payload.
    """
    owners = dict(connection.execute(_OWNERS).fetchall())
    guests = [guest for guest, visit in owners.items() if visit in visits]
    dropped = connection.execute(_DROP, (member, json.dumps(list(visits)), json.dumps(guests))).rowcount
    connection.executemany("DELETE FROM guest_names WHERE guest = ?", [(one,) for one in guests])
    connection.execute("DELETE FROM last_visits WHERE member = ?", (member,))
    badges.forget_member(connection, member)
    connection.execute("UPDATE access SET about = '' WHERE about = ?", (member,))
    last = int(connection.execute("SELECT COALESCE(MAX(seq), 0) FROM events").fetchone()[0])
    checkpoint.save(connection, last, after)
    return dropped


def erase_from_roster(
    connection: sqlite3.Connection, order: PersonErased, pseudonym: Callable[[str], str] = str
) -> ErasedRows:
    """Carry the order out in roster.db, inside the caller's transaction; a second time it finds nothing.

    `pseudonym` gives what a member is called in events that have waited for long.

    What waits for the centre about the member is erased too, and leaves a gap in the sequence that the centre can see:
    the decision goes before the sending.
    """
    members = meant(order, _members(connection))
    roster = sum(
        connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (member,)).rowcount  # noqa: S608 - names of ours
        for table, column in _MEMBERS
        for member in members
    )
    events = unsent = 0
    for member in members:
        told, waiting = _erase_events(connection, json.dumps([member, pseudonym(member)]))
        events, unsent = events + told + waiting, unsent + waiting
    return ErasedRows(roster, events, unsent)


def _members(connection: sqlite3.Connection) -> Iterable[str]:
    for table, column in _MEMBERS:
        yield from (row[0] for row in connection.execute(f"SELECT DISTINCT {column} FROM {table}"))  # noqa: S608 - as above
    for table in _BODIES:
        question = f"SELECT DISTINCT json_extract(body, '$.data.member') FROM {table}"  # noqa: S608 - as above
        yield from (row[0] for row in connection.execute(question) if row[0] is not None)


def _erase_events(connection: sqlite3.Connection, member: str) -> tuple[int, int]:
    """Return how many of the member's events the centre had, and how many it did not; `member` is a JSON list."""
    is_theirs = "json_extract(body, '$.data.member') IN (SELECT value FROM json_each(?1))"
    visits = f"SELECT visit FROM outbox WHERE {is_theirs} UNION SELECT visit FROM held WHERE {is_theirs}"  # noqa: S608 - as above
    theirs = json.dumps([row[0] for row in connection.execute(visits, (member,))])
    where = f"{is_theirs} OR visit IN (SELECT value FROM json_each(?2))"  # noqa: S608 - as above
    disputed = f"DELETE FROM disputes WHERE event_id IN (SELECT event_id FROM outbox WHERE {where})"  # noqa: S608 - as above
    connection.execute(disputed, (member, theirs))
    at_centre = f"SELECT COUNT(*) FROM outbox WHERE ({where}) AND state IN (SELECT value FROM json_each(?3))"  # noqa: S608 - as above
    told = int(connection.execute(at_centre, (member, theirs, _AT_CENTRE)).fetchone()[0])
    gone = sum(
        connection.execute(f"DELETE FROM {table} WHERE {where}", (member, theirs)).rowcount  # noqa: S608 - as above
        for table in _BODIES
    )
    return told, gone - told
