"""What stands in the centre's tables, read past the centre's own code."""

import sqlite3
from collections import Counter
from pathlib import Path

from deploy.up.example import SOURCE


def rows_by_type(database: Path) -> Counter[str]:
    """Return how many events of each type the centre has of this house; none while it has no tables yet."""
    try:
        connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    except sqlite3.OperationalError:
        return Counter()
    try:
        rows = connection.execute("SELECT type, COUNT(*) FROM events WHERE source = ? GROUP BY type", (SOURCE,))
        return Counter({str(kind): int(count) for kind, count in rows})
    except sqlite3.OperationalError:
        return Counter()
    finally:
        connection.close()
