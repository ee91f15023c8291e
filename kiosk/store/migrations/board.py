"""The shape of board.db."""

from sqlite_utils import Database, Migrations

board = Migrations("board")


@board()
def links_and_sessions(db: Database) -> None:
    """Make the tables of one-time links and of sessions: the secret's SHA-256, whose it is, and when it was made."""
    for name in ("links", "sessions"):
        db.table(name).create(
            {"id": int, "digest": bytes, "host": str, "wall": str, "boot": str, "elapsed_s": float},
            pk="id",
            not_null={"digest", "host", "wall", "boot", "elapsed_s"},
        )
        db.table(name).create_index(["digest"], unique=True)


@board()
def passwords_and_sessions(db: Database) -> None:
    """Remember under which password a session began; empty for one that began with a link."""
    db.execute("ALTER TABLE sessions ADD COLUMN stamp TEXT NOT NULL DEFAULT ''")


@board()
def roll_calls_and_ticks(db: Database) -> None:
    """Make the tables of roll calls and of their ticks.

    `rows` is JSON of whom the call is about, and null once names may be kept no longer; the counts stay. Times are
    ISO 8601 in UTC. `noted` is 1 once the desk has the opening in its access log.
    """
    db.execute(
        "CREATE TABLE roll_calls (id TEXT PRIMARY KEY, is_drill INTEGER NOT NULL, began TEXT NOT NULL, ended TEXT,"
        " host TEXT NOT NULL, rows TEXT, sought INTEGER NOT NULL, found INTEGER NOT NULL DEFAULT 0,"
        " noted INTEGER NOT NULL DEFAULT 0) STRICT"
    )
    db.execute(
        "CREATE TABLE roll_ticks (roll_call TEXT NOT NULL REFERENCES roll_calls (id), id TEXT NOT NULL,"
        " person TEXT NOT NULL, at TEXT NOT NULL, host TEXT NOT NULL, is_taken_back INTEGER NOT NULL DEFAULT 0,"
        " PRIMARY KEY (roll_call, id)) STRICT, WITHOUT ROWID"
    )
