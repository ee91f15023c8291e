"""Which database a centre has: SQLite by a path, PostgreSQL by a URL."""

from pathlib import Path

from sync.centre.storage.room import Room
from sync.centre.storage.sqlite import SqliteRoom

URL_SCHEMES = ("postgresql://", "postgres://")


def open_rooms(database: str | Path) -> tuple[Room, Room]:
    """Open the database, brought up to date, as two rooms whose long work does not keep the other waiting.

    Both may be the same object, which then is closed twice.
    """
    name = str(database)
    if name.startswith(URL_SCHEMES):
        # Loaded only here: the driver is an extra that a centre on SQLite does not need.
        from sync.centre.storage.postgres import PostgresRoom  # noqa: PLC0415 - see above

        room = PostgresRoom(name)
        return room, room
    return SqliteRoom(Path(name)), SqliteRoom(Path(name))
