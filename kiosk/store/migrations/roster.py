"""The shape of roster.db: the roster, the list being taken in, what waits for the centre, and when to try again."""

from sqlite_utils import Database, Migrations

roster = Migrations("roster")

_PEOPLE = """
CREATE TABLE {0}agencies (id TEXT PRIMARY KEY, name TEXT NOT NULL, seats INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE {0}members (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, agency TEXT NOT NULL, active INTEGER NOT NULL,
  valid_from TEXT, valid_until TEXT, language TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE {0}badges (
  key TEXT PRIMARY KEY, key_version INTEGER NOT NULL, member TEXT NOT NULL, status TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX {0}badges_by_member ON {0}badges (member);
CREATE TABLE {0}refused (kind TEXT NOT NULL, id TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (kind, id))
  STRICT, WITHOUT ROWID;
"""
_REST = """
CREATE TABLE contact (
  one INTEGER PRIMARY KEY CHECK (one = 1), version TEXT NOT NULL DEFAULT '', centre_version TEXT NOT NULL DEFAULT '',
  confirmed TEXT, held INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO contact (one) VALUES (1);
CREATE TABLE intake (
  one INTEGER PRIMARY KEY CHECK (one = 1), phase TEXT NOT NULL, cursor TEXT NOT NULL, start_index INTEGER NOT NULL,
  round INTEGER NOT NULL, round_version TEXT NOT NULL, centre_version TEXT NOT NULL, paging TEXT NOT NULL,
  began TEXT NOT NULL
) STRICT;
CREATE TABLE place (one INTEGER PRIMARY KEY CHECK (one = 1), journal_seq INTEGER NOT NULL) STRICT;
INSERT INTO place VALUES (1, 0);
CREATE TABLE outbox (
  sequence INTEGER PRIMARY KEY, journal_seq INTEGER NOT NULL UNIQUE, event_id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL, visit TEXT NOT NULL, body TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'waiting',
  reason TEXT NOT NULL DEFAULT '', since TEXT NOT NULL, first_tried TEXT, last_tried TEXT,
  attempts INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX outbox_waiting ON outbox (sequence) WHERE state = 'waiting';
CREATE INDEX outbox_by_visit ON outbox (visit, kind);
CREATE TABLE schedule (
  what TEXT PRIMARY KEY, since TEXT NOT NULL, delay_s REAL NOT NULL, why TEXT NOT NULL, failures INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""


@roster()
def first_shape(db: Database) -> None:
    """Create every table: once for the roster in force and once, as `incoming_`, for the list being taken in."""
    for statements in (_PEOPLE.format(""), _PEOPLE.format("incoming_"), _REST):
        for statement in filter(str.strip, statements.split(";\n")):
            db.execute(statement)
