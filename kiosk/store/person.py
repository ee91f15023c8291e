"""All that the files of the house hold about one member, for the member to read. Only reads; other people stay out."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from kiosk.domain.ids import MemberId
from kiosk.domain.roll_call import RollCall
from kiosk.store import checkpoint, standing
from kiosk.store.database import open_reader
from kiosk.store.retention import open_kept
from kiosk.store.roll_calls import named_calls

_EVENTS = """
SELECT seq, type, payload FROM events WHERE payload IS NOT NULL AND json_extract(payload, '$.member') = ? ORDER BY seq
"""
_ACCESS = (
    "SELECT at, \"by\", what, purpose FROM access WHERE about = ? OR (about = '' AND at BETWEEN ? AND ?) ORDER BY id"
)
_ALL_ACCESS = "SELECT at, \"by\", what, purpose, about FROM access WHERE ?1 = '' OR about = ?1 ORDER BY id"
_BODY = "json_extract(body, '$.data.member') IN (?, ?)"
_DISPUTED = f"""
SELECT event_id, reason, since FROM disputes WHERE event_id IN (SELECT event_id FROM outbox WHERE {_BODY})
"""  # noqa: S608 - a constant
_Part = dict[str, Any]


def about(state_dir: Path, member: MemberId, pseudonym: str = "") -> _Part:
    """Return everything by the file that holds it, as plain values; empty parts are left out.

    `pseudonym` is what the member is called in events that have waited for long, if that can be told. Looks at
    everybody in the house, like the list of people, are among the accesses if the member may have been in.
    """
    parts = {
        "journal": _journal(state_dir, member),
        "roster": _roster(state_dir, member, pseudonym or member),
        "board": _board(state_dir, member),
    }
    return {name: part for name, part in parts.items() if part}


def accesses(state_dir: Path, member: str = "") -> list[_Part]:
    """Return the lines of the access log, oldest first; with a member, those about them alone."""
    connection = open_kept(state_dir)
    if connection is None:
        return []
    with closing(connection):
        return _named(connection.execute(_ALL_ACCESS, (member,)), ("at", "by", "what", "purpose", "about"))


def _journal(state_dir: Path, member: MemberId) -> _Part:
    connection = open_kept(state_dir)
    if connection is None:
        return {}
    with closing(connection):
        house = standing.load(connection)
        kept = checkpoint.load(connection)
        events = [
            {"seq": seq, "type": name, **msgspec.json.decode(payload)}
            for seq, name, payload in connection.execute(_EVENTS, (member,))
        ]
        walls = [one["at"]["wall"] for one in events]
        span = (min(walls), max(walls)) if walls else ("", "")
        presence = house.presences.get(member)
        visits = {one["visit"] for one in events if "visit" in one} | ({presence.visit} if presence else set())
        found = {
            "presence": presence,
            "presence_at_checkpoint": kept.house.presences.get(member),
            "preferences": house.preferences.get(member),
            "last_visit": _first(connection.execute("SELECT month FROM last_visits WHERE member = ?", (member,))),
            "badges_changed_here": _named(
                connection.execute("SELECT key, key_version, status, level FROM badges WHERE member = ?", (member,)),
                ("key", "key_version", "status", "level"),
            ),
            "badge_counters": _named(
                connection.execute("SELECT badge, counter FROM counters WHERE member = ?", (member,)),
                ("badge", "counter"),
            ),
            "guests": sum(one.visit in visits for one in house.guests.values()),
            "events": events,
            "accesses": _named(connection.execute(_ACCESS, (member, *span)), ("at", "by", "what", "purpose")),
        }
    return {name: msgspec.to_builtins(part) for name, part in found.items() if part}


def _roster(state_dir: Path, member: MemberId, pseudonym: str) -> _Part:
    connection = open_reader(state_dir / "roster.db", "disputes")
    if connection is None:
        return {}
    with closing(connection):
        called = (member, pseudonym)
        people = connection.execute("SELECT * FROM members WHERE id = ?", (member,))
        columns = [one[0] for one in people.description]
        badges = connection.execute("SELECT key, key_version, status, level FROM badges WHERE member = ?", (member,))
        queued = connection.execute(f"SELECT sequence, kind, state, body FROM outbox WHERE {_BODY}", called)  # noqa: S608 - a constant
        held = connection.execute(f"SELECT journal_seq, kind, 'held', body FROM held WHERE {_BODY}", called)  # noqa: S608 - as above
        refused = connection.execute("SELECT kind, reason FROM refused WHERE id = ? AND kind <> 'agency'", (member,))
        names = ("sequence", "kind", "state", "body")
        found = {
            "member": _named(people, columns),
            "badges": _named(badges, ("key", "key_version", "status", "level")),
            "to_the_centre": [*_named(queued, names), *_named(held, names)],
            "disputes": _named(connection.execute(_DISPUTED, called), ("event_id", "reason", "since")),
            "refused": _named(refused, ("kind", "reason")),
        }
    return {name: part for name, part in found.items() if part}


def _board(state_dir: Path, member: MemberId) -> _Part:
    calls = [_on_list(one, member) for one in named_calls(state_dir / "board.db")]
    found = [one for one in calls if one]
    return {"roll_calls": found} if found else {}


def _on_list(call: RollCall, member: MemberId) -> _Part:
    """Return how the member stood on the list of that roll call, without the hosts; empty if they did not."""
    own = next((one for one in call.rows if one.member == member and one.guest is None), None)
    if own is None:
        return {}
    found: _Part = msgspec.to_builtins(own)
    ticks = [one for one in call.ticks if one.person == own.key]
    return {
        "began": call.began.isoformat(),
        "ended": call.ended.isoformat() if call.ended else None,
        "is_drill": call.is_drill,
        **{name: found[name] for name in ("name", "agency", "certain", "last_zone", "seen", "visit")},
        "found": [{"at": one.at.isoformat(), "is_taken_back": one.is_taken_back} for one in ticks],
        "guests": sum(one.member == member and one.guest is not None for one in call.rows),
    }


def _named(rows: sqlite3.Cursor, names: Sequence[str]) -> list[_Part]:
    return [dict(zip(names, row, strict=True)) for row in rows]


def _first(rows: sqlite3.Cursor) -> str | None:
    row = rows.fetchone()
    return None if row is None else str(row[0])
