"""Out of a damaged database into a new one: every row that can still be read, and the journal chained anew.

What cannot be read is lost and said to be. Nothing here changes the damaged file.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.domain.house import House, replay
from kiosk.domain.presence import IllegalEvent
from kiosk.store import checkpoint, standing
from kiosk.store.chain import GENESIS, commitment, link
from kiosk.store.codec import event_from_json
from kiosk.store.database import Shape, Writer
from kiosk.store.errors import StoreError

_EVENTS = "events"
_DERIVED = frozenset({_EVENTS, "sqlite_sequence", "_sqlite_migrations"})
_ADD = "INSERT INTO events (seq, id, commitment, chain, salt, type, payload) VALUES (?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What was brought over: rows by table, and the tables of which some could not be read.

    `events` of a journal are in its new sequence. `newer` tells, for a sequence of the old journal, how many events of
    the new one are not newer than it.
    """

    rows: dict[str, int]
    incomplete: tuple[str, ...]
    events: int = 0
    newer: tuple[int, ...] = ()

    def place_for(self, old_place: int) -> int:
        """Return the place in the new journal up to which all had been read when the old one was read to that place."""
        return sum(1 for one in self.newer if one <= old_place)


def salvage(damaged: Path, target: Path) -> Salvaged:
    """Make `target`, named like the file it replaces, of all that can be read of `damaged`."""
    writer = Writer(target, Shape(target.stem))
    source = sqlite3.connect(f"{damaged.absolute().as_uri()}?mode=ro", uri=True)
    try:
        with writer.transaction() as db:
            return _brought_over(source, db, is_journal=target.name == "journal.db")
    finally:
        source.close()
        writer.close()


def start_clean(target: Path) -> None:
    """Make an empty database of the shape that its name tells."""
    Writer(target, Shape(target.stem)).close()


def vacuum(path: Path) -> None:
    """Write the file anew without its unused pages, and empty its log; raise `AlreadyOpenError` while it is in use."""
    writer = Writer(path, Shape(path.stem))
    try:
        writer.scrub(is_whole=True)
    finally:
        writer.close()


def move_place(path: Path, salvaged: Salvaged) -> None:
    """Let the outbox in that roster.db go on where the salvaged journal has what the old one had up to its place."""
    writer = Writer(path, Shape.ROSTER)
    try:
        with writer.transaction() as db:
            place = int(db.execute("SELECT journal_seq FROM place").fetchone()[0])
            db.execute("UPDATE place SET journal_seq = ?", [salvaged.place_for(place)])
    finally:
        writer.close()


def _brought_over(source: sqlite3.Connection, target: sqlite3.Connection, *, is_journal: bool) -> Salvaged:
    counts, incomplete = dict[str, int](), list[str]()
    tables = target.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in tables:
        if table not in _DERIVED:
            rows, is_whole = _read(source, target, table)
            counts[table] = _insert(target, table, rows)
            incomplete += [] if is_whole else [table]
    if not is_journal:
        return Salvaged(counts, tuple(incomplete))
    events, is_whole = _read(source, target, _EVENTS)
    incomplete += [] if is_whole else [_EVENTS]
    newer = _chain_anew(target, events)
    _settle_house(target, newer, is_presence_whole=not {"presence", "standing"} & set(incomplete))
    return Salvaged({**counts, _EVENTS: len(newer)}, tuple(incomplete), len(newer), newer)


def _read(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> tuple[list[dict[str, Any]], bool]:
    """Return the rows that can be read from either end, and whether those are all. Columns are the new file's."""
    shape = target.execute(f'PRAGMA table_info("{table}")').fetchall()
    columns = [row[1] for row in shape]
    order = [row[1] for row in sorted(shape, key=lambda row: row[5]) if row[5]] or ["rowid"]
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for direction in ("ASC", "DESC"):
        by = ", ".join(f'"{one}" {direction}' for one in order)
        try:
            for row in _rows(source, table, by):
                found.setdefault(tuple(row.values()), {one: row[one] for one in columns if one in row})
        except sqlite3.DatabaseError:
            continue
        return list(found.values()), True
    return list(found.values()), False


def _rows(source: sqlite3.Connection, table: str, by: str) -> Iterator[dict[str, Any]]:
    cursor = source.execute(f'SELECT * FROM "{table}" ORDER BY {by}')  # noqa: S608 - names out of our own schema
    names = [one[0] for one in cursor.description]
    for row in cursor:
        yield dict(zip(names, row, strict=True))


def _insert(target: sqlite3.Connection, table: str, rows: list[dict[str, Any]]) -> int:
    done = 0
    for row in rows:
        names, marks = ", ".join(f'"{one}"' for one in row), ", ".join("?" for _ in row)
        statement = f'INSERT OR REPLACE INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608 - names of our own schema
        with suppress(sqlite3.Error):
            # A row that the damage has made impossible is lost like one that cannot be read.
            done += target.execute(statement, list(row.values())).rowcount
    return done


def _chain_anew(target: sqlite3.Connection, rows: list[dict[str, Any]]) -> tuple[int, ...]:
    """Write the events, and return the old sequence of each.

    Up to the first that is missing or broken they stay as they are; after it whatever still is what was committed to
    follows in its order, with new sequences and a new chain.
    """
    chain, old, is_whole = GENESIS, list[int](), True
    for row in sorted(rows, key=lambda row: int(row["seq"])):
        seq = len(old) + 1
        linked = link(chain, seq, row["id"], row["commitment"])
        is_kept = row["payload"] is not None and _is_true(row)
        is_whole = is_whole and row["seq"] == seq and row["chain"] == linked and (is_kept or row["payload"] is None)
        if is_whole or is_kept:
            chain = linked
            values = [seq, row["id"], row["commitment"], linked, row["salt"], row["type"], row["payload"]]
            target.execute(_ADD, values)
            old.append(int(row["seq"]))
    return tuple(old)


def _is_true(row: dict[str, Any]) -> bool:
    try:
        event_from_json(row["type"], row["payload"])
    except (StoreError, TypeError):
        return False
    return commitment(row["salt"], row["type"], row["payload"]) == bytes(row["commitment"])


def _settle_house(target: sqlite3.Connection, newer: tuple[int, ...], *, is_presence_whole: bool) -> None:
    """Keep who is in the house as the file said it, or as the events amount to where it cannot be read."""
    kept = checkpoint.load(target)
    house = standing.load(target)
    if not is_presence_whole:
        since = sum(1 for one in newer if one <= kept.seq)
        replayed = _replayed(target, kept.house, since)
        after = House(
            presences={**replayed.presences, **house.presences},
            guests={**replayed.guests, **house.guests},
            preferences={**replayed.preferences, **house.preferences},
            activities={**replayed.activities, **house.activities},
            rule_numbers=house.rule_numbers or replayed.rule_numbers,
        )
        standing.save(target, house, after)
        house = after
    # The events no longer tell the whole of it: from here on the journal is replayed from this house.
    checkpoint.save(target, len(newer), house)


def _replayed(target: sqlite3.Connection, house: House, since: int) -> House:
    """Return the house after the events since then, each that still fits what is known."""
    question = "SELECT type, payload FROM events WHERE seq > ? AND payload IS NOT NULL ORDER BY seq"
    for name, payload in target.execute(question, (since,)):
        with suppress(IllegalEvent, LookupError, StoreError):
            house = replay([event_from_json(name, payload)], house)
    return house
