"""The shape of journal.db."""

from sqlite_utils import Database, Migrations

journal = Migrations("journal")


@journal()
def events_and_presence(db: Database) -> None:
    """Make the chain of events, the presences they amount to, and the access log.

    `payload` and `salt` may be dropped for good; sequence, id, commitment and chain stay and still verify.
    """
    db.table("events").create(
        {
            "seq": int,
            "id": str,
            "commitment": bytes,
            "chain": bytes,
            "salt": bytes,
            "type": str,
            "payload": str,
        },
        pk="seq",
        not_null={"id", "commitment", "chain"},
    )
    db.table("events").create_index(["id"], unique=True)
    db.table("presence").create({"member": str, "inside": int, "body": str}, pk="member", not_null={"inside", "body"})
    db.table("access").create(
        {"id": int, "at": str, "by": str, "what": str, "purpose": str},
        pk="id",
        not_null={"at", "by", "what", "purpose"},
    )


_STANDING = """
CREATE TABLE standing (kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id))
  STRICT, WITHOUT ROWID;
CREATE TABLE guest_names (guest TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE tallies (
  month TEXT NOT NULL, kind TEXT NOT NULL, first TEXT NOT NULL, second TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (month, kind, first, second)
) STRICT, WITHOUT ROWID;
"""


@journal()
def guests_choices_and_tallies(db: Database) -> None:
    """Make what stands besides presences (guests, choices, activities, the rule), guests' names apart, and the counts.

    `body` is JSON. A tally counts something of one month (YYYY-MM) and one kind, about `first` and `second`, which
    name zones, hours or agencies and never a person.
    """
    for statement in filter(str.strip, _STANDING.split(";\n")):
        db.execute(statement)


_KEEPING = """
CREATE INDEX events_kept ON events (seq) WHERE payload IS NOT NULL;
CREATE INDEX events_by_visit ON events (json_extract(payload, '$.visit')) WHERE payload IS NOT NULL;
CREATE INDEX events_retention ON events (seq) WHERE type = 'retention_ran';
ALTER TABLE access ADD COLUMN about TEXT NOT NULL DEFAULT '';
CREATE TABLE last_visits (member TEXT PRIMARY KEY, month TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""


@journal()
def keeping_and_erasing(db: Database) -> None:
    """Make what removing needs: the payloads still kept, those of a visit, and the months of last visits.

    `about` is the member whom a look concerned, or nothing. A last visit's month (YYYY-MM) is kept for members who have
    made choices, for as long as the choices are.
    """
    for statement in filter(str.strip, _KEEPING.split(";\n")):
        db.execute(statement)


_BADGES = """
CREATE TABLE badges (
  key TEXT PRIMARY KEY, key_version INTEGER NOT NULL, member TEXT NOT NULL, status TEXT NOT NULL, level TEXT NOT NULL,
  seq INTEGER NOT NULL, is_confirmed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX badges_by_member ON badges (member);
CREATE TABLE counters (badge TEXT PRIMARY KEY, member TEXT NOT NULL, counter INTEGER NOT NULL) STRICT, WITHOUT ROWID;
"""


@journal()
def badges_and_counters(db: Database) -> None:
    """Make the badges that were enrolled, lost or found here, and the last counter of each badge that proves itself.

    `seq` is that of the event that changed the badge last; once the centre is known to have it, it is confirmed.
    """
    for statement in filter(str.strip, _BADGES.split(";\n")):
        db.execute(statement)


_INBOX = """
CREATE TABLE inbox_place (one INTEGER PRIMARY KEY CHECK (one = 1), epoch TEXT NOT NULL, seq INTEGER NOT NULL) STRICT;
INSERT INTO inbox_place VALUES (1, '', 0);
CREATE TABLE zone_taps (outcome TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
"""


@journal()
def place_in_the_inbox(db: Database) -> None:
    """Make how far the sensors' inbox of zone taps was taken, and what became of how many taps."""
    for statement in filter(str.strip, _INBOX.split(";\n")):
        db.execute(statement)


@journal()
def badges_between_two_keys(db: Database) -> None:
    """Keep of a badge that got a newer key here which one it had, and whether the house has said how it stands."""
    db.execute("ALTER TABLE badges ADD COLUMN was TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE badges ADD COLUMN is_said INTEGER NOT NULL DEFAULT 1")
    db.execute("CREATE INDEX badges_by_older_key ON badges (was) WHERE was <> ''")
