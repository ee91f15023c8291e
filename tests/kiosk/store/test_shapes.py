"""A database gets its shape when it is opened; one that has it is opened without what shapes it."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.store.database import Shape, Writer

pytestmark = pytest.mark.slow

_OPEN = """
import sys
from pathlib import Path
from kiosk.store.database import Shape, Writer
Writer(Path(sys.argv[1]), Shape(sys.argv[2])).close()
print("sqlite_utils" in sys.modules)
"""


def opened(path: Path, shape: Shape) -> bool:
    """Open the file in a process of its own; return whether that loaded sqlite-utils."""
    told = subprocess.run(
        [sys.executable, "-c", _OPEN, str(path), shape], capture_output=True, text=True, check=True
    ).stdout
    return told.strip() == "True"


def tables(path: Path) -> set[str]:
    """Return the names of the file's tables."""
    with closing(sqlite3.connect(path)) as connection:
        return {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


@pytest.mark.parametrize("shape", Shape)
def test_a_new_file_gets_its_shape_and_an_old_one_opens_without_what_shapes_it(tmp_path: Path, shape: Shape) -> None:
    path = tmp_path / f"{shape}.db"
    assert opened(path, shape), "a new file cannot have a shape already"
    before = tables(path)
    assert len(before) > 1
    assert not opened(path, shape)
    assert tables(path) == before


def test_a_file_from_before_the_last_steps_is_taken_through_them(tmp_path: Path) -> None:
    path = tmp_path / "zones.db"
    Writer(path, Shape.ZONES).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE contact")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'contact_with_the_broker'")
        connection.execute("PRAGMA user_version = 7")
        connection.commit()
    Writer(path, Shape.ZONES).close()
    assert "contact" in tables(path)
    assert not opened(path, Shape.ZONES)


def test_what_sqlite_utils_adds_is_of_the_same_connection(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "zones.db", Shape.ZONES)
    try:
        with writer.transaction():
            writer.db.table("zones").insert({"zone": "lagerelden", "seq": 1, "body": "{}"})
            assert writer.conn.in_transaction
        assert writer.conn.execute("SELECT zone FROM zones").fetchall() == [("lagerelden",)]
    finally:
        writer.close()
