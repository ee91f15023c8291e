"""Copies of databases while their writers go on: SQLite's own backup, one read transaction, checked afterwards."""

import sqlite3
from pathlib import Path

from kiosk.store.database import BUSY_TIMEOUT_S
from kiosk.store.errors import StoreError
from kiosk.store.whole import damage


def copy(source: Path, target: Path) -> None:
    """Make `target`, which must not exist, the database that `source` is at this moment, readable to its owner only.

    It stands alone, without a write-ahead log. Raise `StoreError` if either is not whole: then there is no target.
    """
    target.touch(mode=0o600, exist_ok=False)
    try:
        _copy(source, target)
        wrong = damage(target)
    except sqlite3.Error as error:
        wrong = str(error)
    if wrong:
        target.unlink()
        message = f"{source.name} cannot be copied ({wrong}): run `samverk doctor`"
        raise StoreError(message)


def _copy(source: Path, target: Path) -> None:
    read = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_TIMEOUT_S)
    written = sqlite3.connect(target)
    try:
        read.backup(written)
        written.execute("PRAGMA journal_mode=DELETE")
    finally:
        written.close()
        read.close()
