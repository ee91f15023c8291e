"""Made events for measuring the centre, and what bare PostgreSQL and SQLite do with the same rows."""

import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sync.centre.registry import Registry
from sync.centre.storage.feed import POSITION
from sync.centre.storage.room import set_state

SOURCE, SITE, AGENCY = "se.samverket.bench", "bench", "bench-agency"
COLUMNS = "source, id, sequence, type, time, digest, body, received"
_KINDS = ("arrived", "took_part", "left")

Body = dict[str, Any]
Row = tuple[Any, ...]


def body(number: int, source: str = SOURCE) -> Body:
    """Return the event of that number: three make a visit."""
    visit, kind = number // 3, _KINDS[number % 3]
    data = {"site": SITE, "visit": f"v{visit:09}", "member": f"m{visit % 5000:06}", "clock": "synced"}
    seconds = number % 86_400
    return {
        "specversion": "1.0",
        "id": f"01936f5e-{number // 65536:04x}-7{number % 4096:03x}-8000-{number:012x}",
        "source": source,
        "type": f"se.samverket.visit.{kind}",
        "subject": data["visit"],
        "time": f"2026-11-23T{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.000Z",
        "sequence": f"{number + 1:016}",
        "datacontenttype": "application/json",
        "data": data | ({"agency": AGENCY} if kind == "arrived" else {}),
    }


def batches(count: int, size: int, first: int = 0, source: str = SOURCE) -> Iterator[bytes]:
    """Yield so many events in batches of that size."""
    for start in range(first, first + count, size):
        stop = min(start + size, first + count)
        yield json.dumps([body(number, source) for number in range(start, stop)], separators=(",", ":")).encode()


def bare_sqlite(path: Path, rows: Sequence[Row], size: int) -> float:
    """Return how many rows a second one connection keeps in batches of that size, each durable, without our code."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=TRUNCATE")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"CREATE TABLE events ({COLUMNS}, PRIMARY KEY (source, id))")
    began = time.perf_counter()
    for start in range(0, len(rows), size):
        connection.execute("BEGIN IMMEDIATE")
        part = rows[start : start + size]
        connection.executemany("INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", part)
        connection.execute("COMMIT")
    took = time.perf_counter() - began
    connection.close()
    return len(rows) / took


def bare_copy(url: str, rows: Sequence[Row], size: int) -> float:
    """Return how many rows a second COPY keeps, a commit for each `size`: it cannot tell what comes twice."""
    import psycopg  # noqa: PLC0415 - only a measure on PostgreSQL needs the driver

    with psycopg.connect(url, autocommit=True) as connection:
        _bare_table(connection, "bare_copy")
        began = time.perf_counter()
        for start in range(0, len(rows), size):
            with connection.cursor() as cursor, cursor.copy("COPY bare_copy FROM STDIN") as copy:
                for row in rows[start : start + size]:
                    copy.write_row(row)
        return len(rows) / (time.perf_counter() - began)


def bare_insert(url: str, rows: Sequence[Row], size: int) -> float:
    """Return how many rows a second batched INSERT .. ON CONFLICT DO NOTHING keeps, a commit for each `size`."""
    import psycopg  # noqa: PLC0415 - as above

    one = f"({','.join(['%s'] * 8)})"
    with psycopg.connect(url, autocommit=True) as connection:
        _bare_table(connection, "bare_insert")
        began = time.perf_counter()
        for start in range(0, len(rows), size):
            part = rows[start : start + size]
            statement = f"INSERT INTO bare_insert VALUES {','.join([one] * len(part))} ON CONFLICT DO NOTHING"  # noqa: S608 - our own names
            connection.execute(statement.encode(), [value for row in part for value in row])
        return len(rows) / (time.perf_counter() - began)


def _bare_table(connection: Any, name: str) -> None:
    kinds = [
        f"{one} {'bigint' if one == 'sequence' else 'bytea' if one == 'digest' else 'text'}"
        for one in COLUMNS.split(", ")
    ]
    connection.execute(f"DROP TABLE IF EXISTS {name}")
    connection.execute(f"CREATE TABLE {name} ({', '.join(kinds)}, PRIMARY KEY (source, id))")


def roster_of(store: Registry, members: int) -> None:
    """Give the centre's feed so many members that are nothing but their hash: all that a digest reads."""
    columns = "kind, id, bucket, hash, agency, standing, position, withdrawal, gone"
    statement = f"INSERT INTO records ({columns}) VALUES ('member', ?, ?, ?, '', '', ?, 0, '')"  # noqa: S608 - our own names
    with store.people.transaction() as work:
        work.run("DELETE FROM records")
        for start in range(0, members, 10_000):
            numbers = range(start, min(start + 10_000, members))
            work.run_many(
                statement, [(f"m{one:07}", one % 256, f"{one * 2654435761 % 2**64:016x}", one + 1) for one in numbers]
            )
        set_state(work, POSITION, str(members))
