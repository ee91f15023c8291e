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
