"""Whether a database file is whole: read through from outside, beside whoever writes it."""

import sqlite3
from pathlib import Path

DATABASES = ("journal.db", "roster.db", "zones.db", "board.db", "research.db")
"""Every database of a house. Each has one writer."""

DAMAGE_MAX = 120
"""The longest description of a damage, in characters."""


def damage(path: Path) -> str:
    """Return what is wrong with the file in SQLite's words, or nothing. A file that is not there is not damaged."""
    if not path.exists():
        return ""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5.0)
    try:
        row = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        # Locked, or not ours to read: that says nothing of the file.
        if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            return ""
        return str(error)[:DAMAGE_MAX]
    except sqlite3.DatabaseError as error:
        return str(error)[:DAMAGE_MAX]
    finally:
        connection.close()
    return "" if row[0] == "ok" else str(row[0]).splitlines()[-1][:DAMAGE_MAX]
