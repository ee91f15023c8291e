"""The shape of zones.db."""

from sqlite_utils import Database, Migrations

zones = Migrations("zones")


@zones()
def occupancies_and_evidence(db: Database) -> None:
    """Make what is said of the zones, what the sensors' memory needs after a restart, a day of changes, and counters.

    `body` is JSON; that of `sensors` belongs to the sensors' service alone. `at` is wall time in ISO 8601, UTC.
    """
    db.table("zones").create({"zone": str, "seq": int, "body": str}, pk="zone", not_null={"seq", "body"})
    db.table("sensors").create({"sensor": str, "body": str}, pk="sensor", not_null={"body"})
    db.table("history").create(
        {"id": int, "at": str, "zone": str, "state": str, "body": str},
        pk="id",
        not_null={"at", "zone", "state", "body"},
    )
    db.table("history").create_index(["at"])
    db.table("counters").create({"about": str, "what": str, "count": int}, pk=("about", "what"), not_null={"count"})


@zones()
def contact_with_the_broker(db: Database) -> None:
    """Make the one row that says since when the sensors' service has no broker: ISO 8601, UTC; null while it has."""
    db.execute("CREATE TABLE contact (one INTEGER PRIMARY KEY CHECK (one = 1), broker_lost TEXT) STRICT")
    db.execute("INSERT INTO contact VALUES (1, NULL)")


_INBOX = """
CREATE TABLE taps (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, reader TEXT NOT NULL, zone TEXT NOT NULL, keys TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
CREATE TABLE inbox (one INTEGER PRIMARY KEY CHECK (one = 1), epoch TEXT NOT NULL) STRICT;
INSERT INTO inbox VALUES (1, lower(hex(randomblob(8))));
"""


@zones()
def inbox_of_zone_taps(db: Database) -> None:
    """Make the inbox that the desk reads: taps at the zones' readers by badge keys, and a name that no other has.

    `keys` is a JSON list, the newest secret's first; `at` an instant as JSON. No sequence is ever given twice.
    """
    for statement in filter(str.strip, _INBOX.split(";\n")):
        db.execute(statement)
