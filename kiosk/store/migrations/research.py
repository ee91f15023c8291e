"""The shape of research.db."""

from sqlite_utils import Database, Migrations

research = Migrations("research")

_RELEASES = """
CREATE TABLE releases (month TEXT PRIMARY KEY, at TEXT NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TRIGGER releases_never_change BEFORE UPDATE ON releases
  BEGIN SELECT RAISE(ABORT, 'a month that was released never changes'); END;
CREATE TRIGGER releases_never_go BEFORE DELETE ON releases
  BEGIN SELECT RAISE(ABORT, 'a month that was released is never released anew'); END;
"""


@research()
def releases(db: Database) -> None:
    """Keep each released month as it was released: `at` is UTC, `body` JSON. Rows are added and never touched again."""
    for statement in filter(str.strip, _RELEASES.split(";\nCREATE")):
        db.execute(statement if statement.lstrip().startswith("CREATE") else f"CREATE{statement}")
