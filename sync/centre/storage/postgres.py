"""The centre's rows in PostgreSQL, for several processes and many houses. The only place that knows the driver."""

import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from operator import itemgetter
from queue import Empty, LifoQueue
from typing import Any

from sync.centre.storage.migrate import bring_up_to_date
from sync.centre.storage.room import CentreError, Lock, Row, UnavailableError

try:
    import psycopg
except ImportError as error:  # pragma: no cover - the test takes the driver away in another process
    MISSING = "a postgresql:// database needs the driver: pip install 'samverk[postgres]'"
    raise CentreError(MISSING) from error

CONNECTIONS_MAX = 4
"""The most connections of one process: more only wait for each other on the processors of one server."""
CONNECT_S = 10
STATEMENT_MS = 60_000
"""How long one statement may take before it is given up."""
COPY_ROWS_MIN = 50
"""From so many rows on, a COPY is quicker than arrays: straight into the table, or, if some of the rows are there
already, to a table of the session and from that by one INSERT."""

STAGED_MB = 32
"""Memory of a session for rows on their way in: a full batch of 10,000 fits."""

EVENT_PARTITIONS = 8
"""Into how many parts the events are spread by source. More does not help one server; Citus makes its own."""

_TYPES = {"sequence": "bigint", "digest": "bytea"}
_LOST = (psycopg.OperationalError, psycopg.InterfaceError)


class PostgresWork:
    """One transaction of a connection."""

    def __init__(self, connection: "psycopg.Connection[Row]") -> None:
        """Use the connection; its owner begins and ends the transaction."""
        self._connection = connection
        self.depth = 1

    def rows(self, question: str, values: Sequence[Any] = ()) -> list[Row]:
        """Return all rows."""
        return self._connection.execute(_translated(question), values).fetchall()

    def row(self, question: str, values: Sequence[Any] = ()) -> Row | None:
        """Return the first row, or None."""
        return self._connection.execute(_translated(question), values).fetchone()

    def run(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Carry out the statement and return how many rows it touched."""
        return self._connection.execute(_translated(statement), values).rowcount

    def run_many(self, statement: str, values: Iterable[Sequence[Any]]) -> None:
        """Carry out the statement once for each row of values, without waiting for each answer."""
        with self._connection.cursor() as cursor:
            cursor.executemany(_translated(statement), values)

    def add_new(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> set[tuple[str, str]]:
        """Add those rows whose key, the first two columns, is not there yet. Return the keys that were added."""
        if not rows:
            return set()
        # In the order of the keys, so that two transactions with the same rows wait for each other and never in a ring.
        ordered = sorted(rows, key=itemgetter(0, 1))
        names, key = ",".join(columns), f"{columns[0]},{columns[1]}"
        into = f"INSERT INTO {table} ({names})"
        if len(ordered) < COPY_ROWS_MIN:
            arrays = ",".join(f"%s::{_TYPES.get(one, 'text')}[]" for one in columns)
            statement = f"{into} SELECT * FROM unnest({arrays}) ON CONFLICT ({key}) DO NOTHING RETURNING {key}"  # noqa: S608 - our own names
            values = [list(column) for column in zip(*ordered, strict=True)]
            return _keys(self._connection.execute(statement.encode(), values).fetchall())
        if self._copied(table, columns, ordered):
            return {(row[0], row[1]) for row in ordered}
        staged = self._staged(table, columns, ordered)
        count = self.run(f"{into} SELECT * FROM {staged} ON CONFLICT ({key}) DO NOTHING")  # noqa: S608 - our own names
        if count == len(ordered):
            return {(row[0], row[1]) for row in ordered}
        return self._written_now(table, staged, key) if count else set()

    def of_source(self, table: str, columns: str, key: str, source: str, values: Collection[str]) -> list[Row]:
        """Return those columns of the rows of the source whose second key column, `key`, is one of the values."""
        # One look at the key for each value. Asked as a list, a server that has not counted its rows yet reads all of
        # the source.
        one = f"SELECT {columns} FROM {table} WHERE source = ? AND {key} = asked.{key} LIMIT 1"  # noqa: S608 - our own names
        question = f"SELECT kept.* FROM unnest(?::text[]) AS asked ({key}), LATERAL ({one}) AS kept"  # noqa: S608 - our own names
        return self._connection.execute(_translated(question), (list(values), source), binary=True).fetchall()

    def listed(self, column: str, values: Collection[str]) -> tuple[str, list[Any]]:
        """Return a condition that the column is one of the values, and what it is asked with."""
        return f"{column} = ANY(?)", [list(values)]

    def lock(self, lock: Lock) -> None:
        """Wait until no other transaction holds the lock, and hold it until this one ends."""
        self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (int(lock),))

    def try_lock(self, lock: Lock) -> bool:
        """Hold the lock until this transaction ends and return True, or return False if another has it."""
        found = self._connection.execute("SELECT pg_try_advisory_xact_lock(%s)", (int(lock),)).fetchone()
        return bool(found and found[0])

    def shape(self) -> int:
        """Return how many changes of shape the database has been through."""
        self.lock(Lock.SHAPE)
        self.run("CREATE TABLE IF NOT EXISTS shape (number BIGINT NOT NULL)")
        found = self.row("SELECT COALESCE(MAX(number), 0) FROM shape")
        return int(found[0]) if found else 0

    def reshape(self, number: int, statements: Iterable[str]) -> None:
        """Carry out the change of shape of that number."""
        for statement in statements:
            for one in _reshaped(statement):
                self.run(one)
        self.run("INSERT INTO shape VALUES (?)", (number,))

    def _written_now(self, table: str, staged: str, key: str) -> set[tuple[str, str]]:
        """Return the keys of the staged rows that this very transaction wrote."""
        # Without figures on the staged rows the planner may choose to read all of the table for each.
        self.run(f"ANALYZE {staged}")
        self.run("SET LOCAL enable_seqscan = off")
        mine = "kept.xmin::text = pg_current_xact_id()::xid::text"
        return _keys(self.rows(f"SELECT {key} FROM {staged} JOIN {table} AS kept USING ({key}) WHERE {mine}"))  # noqa: S608 - our own names

    def _staged(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> str:
        name = f"staged_{table}"
        types = ",".join(f"{one} {_TYPES.get(one, 'text')}" for one in columns)
        self.run(f"CREATE TEMPORARY TABLE IF NOT EXISTS {name} ({types}) ON COMMIT DELETE ROWS")
        self._copy(name, columns, rows)
        return name

    def _copied(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> bool:
        """Write the rows straight into the table if none of them is there. Return whether that was so."""
        self.run("SAVEPOINT straight")
        try:
            self._copy(table, columns, rows)
        except psycopg.errors.UniqueViolation:
            self.run("ROLLBACK TO SAVEPOINT straight")
            # Rows written within it would be of another transaction than this one: see `_written_now`.
            self.run("RELEASE SAVEPOINT straight")
            return False
        self.run("RELEASE SAVEPOINT straight")
        return True

    def _copy(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        statement = f"COPY {table} ({','.join(columns)}) FROM STDIN".encode()
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)


class PostgresRoom:
    """A few connections, handed to whoever works."""

    def __init__(self, url: str) -> None:
        """Connect and bring the tables up to date."""
        self._url = url
        self._free: LifoQueue[psycopg.Connection[Row] | None] = LifoQueue()
        for _ in range(CONNECTIONS_MAX):
            self._free.put(None)
        self._mine = threading.local()
        with self.transaction() as work:
            bring_up_to_date(work)

    @contextmanager
    def transaction(self) -> Iterator[PostgresWork]:
        """Commit at the end, durably, or undo everything. One inside another of the same thread joins it."""
        with self._begun("BEGIN") as work:
            yield work

    @contextmanager
    def reading(self) -> Iterator[PostgresWork]:
        """Read from one state of the database."""
        with self._begun("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") as work:
            yield work

    def close(self) -> None:
        """Let go of the connections that are not at work."""
        for _ in range(CONNECTIONS_MAX):
            with suppress(Empty):
                free = self._free.get_nowait()
                if free is not None:
                    free.close()

    @contextmanager
    def _begun(self, begin: str) -> Iterator[PostgresWork]:
        current: PostgresWork | None = getattr(self._mine, "work", None)
        if current is not None:
            yield current
            return
        connection = self._free.get()
        try:
            connection = self._opened(connection, begin)
            work = PostgresWork(connection)
            self._mine.work = work
            try:
                yield work
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            else:
                connection.execute("COMMIT")
        except _LOST as error:
            _drop(connection)
            connection = None
            message = "the centre's database cannot be reached"
            raise UnavailableError(message) from error
        except BaseException:
            if connection is not None and connection.broken:
                _drop(connection)
                connection = None
            raise
        finally:
            self._mine.work = None
            self._free.put(connection)

    def _opened(self, connection: "psycopg.Connection[Row] | None", begin: str) -> "psycopg.Connection[Row]":
        if connection is not None:
            try:
                connection.execute(begin.encode())
            except _LOST:
                # The server was restarted since: once more, at once, with a new connection.
                _drop(connection)
            else:
                return connection
        made: psycopg.Connection[Row] = psycopg.connect(self._url, autocommit=True, connect_timeout=CONNECT_S)
        # A plan that was made while a table was empty reads all of it for ever: plans are made for each question.
        settings = f"statement_timeout = {STATEMENT_MS}; SET temp_buffers = '{STAGED_MB}MB'"
        made.execute(f"SET {settings}; SET plan_cache_mode = force_custom_plan".encode())
        made.execute(begin.encode())
        return made


def _keys(rows: Iterable[Row]) -> set[tuple[str, str]]:
    return {(str(row[0]), str(row[1])) for row in rows}


def _drop(connection: "psycopg.Connection[Row] | None") -> None:
    if connection is not None:
        with suppress(psycopg.Error):
            connection.close()


@cache
def _translated(statement: str) -> bytes:
    return statement.replace("%", "%%").replace("?", "%s").encode()


def _reshaped(statement: str) -> list[str]:
    plain = statement.strip().removesuffix(" STRICT, WITHOUT ROWID").removesuffix(" STRICT")
    plain = plain.replace(" BLOB", " BYTEA").replace(" INTEGER", " BIGINT")
    # So that rows come in the same order as from SQLite and as Python sorts.
    plain = plain.replace(" TEXT", ' TEXT COLLATE "C"')
    if plain.startswith("CREATE INDEX events_by_received "):
        # Rows lie in the order they came: the bounds of each stretch of them suffice, and cost next to nothing to keep.
        return ["CREATE INDEX events_by_received ON events USING brin (received)"]
    if not plain.startswith("CREATE TABLE events "):
        return [plain]
    parts = [
        f"CREATE TABLE events_{part} PARTITION OF events FOR VALUES WITH (MODULUS {EVENT_PARTITIONS}, REMAINDER {part})"
        for part in range(EVENT_PARTITIONS)
    ]
    return [f"{plain} PARTITION BY HASH (source)", *parts]
