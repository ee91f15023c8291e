"""The house beside its journal: everybody's presence, the guests and what else the events amount to, as rows."""

import sqlite3
from collections.abc import Hashable, Mapping
from typing import TypeVar

import msgspec

from kiosk.domain.activities import Activity
from kiosk.domain.guests import Guest
from kiosk.domain.house import House
from kiosk.domain.ids import GuestId, MemberId
from kiosk.domain.preferences import Preferences
from kiosk.domain.presence import Presence

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_encoder = msgspec.json.Encoder(order="deterministic")
_presence = msgspec.json.Decoder(Presence)
_guest = msgspec.json.Decoder(Guest)
_preferences = msgspec.json.Decoder(Preferences)
_activity = msgspec.json.Decoder(Activity)
_rule = msgspec.json.Decoder(dict[str, int])

_RULE = "numbers"
"""The one row of what the rule is: it is not many things."""


def save(connection: sqlite3.Connection, before: House, after: House) -> None:
    """Write what differs between two houses, inside the caller's transaction."""
    if before.presences is not after.presences:
        _save_presences(connection, before.presences, after.presences)
    _save(connection, "guest", before.guests, after.guests)
    _save(connection, "preferences", before.preferences, after.preferences)
    _save(connection, "activity", before.activities, after.activities)
    if before.rule_numbers != after.rule_numbers:
        _put(connection, "rule", _RULE, after.rule_numbers)


def _save_presences(
    connection: sqlite3.Connection, before: Mapping[MemberId, Presence], after: Mapping[MemberId, Presence]
) -> None:
    for one in [one for key, one in after.items() if before.get(key) is not one]:
        connection.execute(
            "INSERT INTO presence (member, inside, body) VALUES (?, ?, ?)"
            " ON CONFLICT (member) DO UPDATE SET inside = excluded.inside, body = excluded.body",
            (one.member, int(one.inside), _encoder.encode(one).decode()),
        )
    for member in [one for one in before if one not in after]:
        connection.execute("DELETE FROM presence WHERE member = ?", (member,))


def load(connection: sqlite3.Connection) -> House:
    """Return the house as last saved."""
    presences = [_presence.decode(row[0]) for row in connection.execute("SELECT body FROM presence")]
    presences.sort(key=lambda one: one.arrived_event)
    guests = sorted((_guest.decode(one) for one in _bodies(connection, "guest")), key=lambda one: one.id)
    preferences = [_preferences.decode(one) for one in _bodies(connection, "preferences")]
    activities = [_activity.decode(one) for one in _bodies(connection, "activity")]
    numbers = [_rule.decode(one) for one in _bodies(connection, "rule")]
    return House(
        presences={one.member: one for one in presences},
        guests={one.id: one for one in guests},
        preferences={one.member: one for one in preferences},
        activities={one.id: one for one in activities},
        rule_numbers=numbers[0] if numbers else {},
    )


def add_names(connection: sqlite3.Connection, names: Mapping[GuestId, str]) -> None:
    """Keep the names of guests, inside the caller's transaction."""
    connection.executemany("INSERT INTO guest_names (guest, name) VALUES (?, ?)", names.items())


def guest_names(connection: sqlite3.Connection) -> dict[GuestId, str]:
    """Return the names still kept, by guest."""
    return {GuestId(row[0]): row[1] for row in connection.execute("SELECT guest, name FROM guest_names")}


def _save(connection: sqlite3.Connection, kind: str, before: Mapping[Key, Value], after: Mapping[Key, Value]) -> None:
    if before is after:
        return
    for key, one in after.items():
        if before.get(key) is not one:
            _put(connection, kind, str(key), one)
    for key in before.keys() - after.keys():
        connection.execute("DELETE FROM standing WHERE kind = ? AND id = ?", (kind, str(key)))


def _put(connection: sqlite3.Connection, kind: str, key: str, value: object) -> None:
    connection.execute(
        "INSERT INTO standing (kind, id, body) VALUES (?, ?, ?)"
        " ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
        (kind, key, _encoder.encode(value).decode()),
    )


def _bodies(connection: sqlite3.Connection, kind: str) -> list[str]:
    rows = connection.execute("SELECT body FROM standing WHERE kind = ? ORDER BY id", (kind,))
    return [row[0] for row in rows]
