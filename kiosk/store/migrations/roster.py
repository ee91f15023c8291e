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

_BOTH_WAYS = """
ALTER TABLE agencies ADD COLUMN enrolled INTEGER;
ALTER TABLE agencies ADD COLUMN at_once INTEGER;
ALTER TABLE agencies ADD COLUMN policy TEXT NOT NULL DEFAULT 'warn';
ALTER TABLE incoming_agencies ADD COLUMN enrolled INTEGER;
ALTER TABLE incoming_agencies ADD COLUMN at_once INTEGER;
ALTER TABLE incoming_agencies ADD COLUMN policy TEXT NOT NULL DEFAULT 'warn';
ALTER TABLE refused ADD COLUMN hash TEXT NOT NULL DEFAULT '';
ALTER TABLE refused ADD COLUMN own TEXT NOT NULL DEFAULT '';
ALTER TABLE incoming_refused ADD COLUMN hash TEXT NOT NULL DEFAULT '';
ALTER TABLE incoming_refused ADD COLUMN own TEXT NOT NULL DEFAULT '';
ALTER TABLE contact ADD COLUMN epoch TEXT NOT NULL DEFAULT '';
ALTER TABLE contact ADD COLUMN position INTEGER NOT NULL DEFAULT -1;
ALTER TABLE contact ADD COLUMN drifted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contact ADD COLUMN drifted_at TEXT;
ALTER TABLE contact ADD COLUMN lifted TEXT NOT NULL DEFAULT '';
ALTER TABLE intake ADD COLUMN epoch TEXT NOT NULL DEFAULT '';
ALTER TABLE intake ADD COLUMN position INTEGER NOT NULL DEFAULT -1;
ALTER TABLE place ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE place ADD COLUMN epoch TEXT NOT NULL DEFAULT '';
ALTER TABLE place ADD COLUMN fixed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE place ADD COLUMN centre_epoch TEXT NOT NULL DEFAULT '';
ALTER TABLE place ADD COLUMN dispute INTEGER NOT NULL DEFAULT 0;
UPDATE place SET sequence = (SELECT COALESCE(MAX(sequence), 0) FROM outbox),
  fixed = (SELECT COALESCE(MAX(sequence), 0) FROM outbox);
CREATE TABLE sending (
  sequence INTEGER PRIMARY KEY, journal_seq INTEGER NOT NULL, event_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
  visit TEXT NOT NULL, body TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'waiting', reason TEXT NOT NULL DEFAULT '',
  since TEXT NOT NULL, first_tried TEXT, last_tried TEXT, attempts INTEGER NOT NULL DEFAULT 0,
  epoch TEXT NOT NULL DEFAULT '', at TEXT, confirmed INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO sending SELECT sequence, journal_seq, event_id, kind, visit, body, state, reason, since, first_tried,
  last_tried, attempts, '', NULL, 0 FROM outbox;
DROP TABLE outbox;
ALTER TABLE sending RENAME TO outbox;
CREATE INDEX outbox_waiting ON outbox (sequence) WHERE state = 'waiting';
CREATE INDEX outbox_by_visit ON outbox (visit, kind);
CREATE INDEX outbox_unconfirmed ON outbox (sequence) WHERE confirmed = 0;
CREATE INDEX outbox_apart ON outbox (sequence) WHERE state IN ('disputed', 'conflict', 'invalid');
CREATE TABLE held (
  event_id TEXT PRIMARY KEY, journal_seq INTEGER NOT NULL, kind TEXT NOT NULL, visit TEXT NOT NULL, body TEXT NOT NULL,
  at TEXT NOT NULL, since TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX held_by_visit ON held (visit, kind);
CREATE TABLE boots (
  boot TEXT PRIMARY KEY, number INTEGER NOT NULL, elapsed_s REAL, server TEXT, error_s REAL, last_server TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE disputes (
  event_id TEXT PRIMARY KEY, number INTEGER, reason TEXT NOT NULL, since TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""


@roster()
def first_shape(db: Database) -> None:
    """Create every table: once for the roster in force and once, as `incoming_`, for the list being taken in."""
    for statements in (_PEOPLE.format(""), _PEOPLE.format("incoming_"), _REST):
        _run(db, statements)


@roster()
def both_ways(db: Database) -> None:
    """Keep epochs and positions of either side, what is held back, the boots' times, disputes, and refusals' hashes.

    `sequence` and `epoch` of `place` are the last number given and the life it was given in; bodies up to `fixed` never
    change again. An event's `at` is its moment as JSON.
    """
    _run(db, _BOTH_WAYS)


@roster()
def lost_badges_first(db: Database) -> None:
    """Find the badges that were reported lost among very many events that wait."""
    _run(db, "CREATE INDEX outbox_urgent ON outbox (sequence) WHERE state = 'waiting' AND kind = 'badge.lost'")


@roster()
def badges_that_prove_themselves(db: Database) -> None:
    """Keep of each badge what it must show to be accepted."""
    for prefix in ("", "incoming_"):
        db.execute(f"ALTER TABLE {prefix}badges ADD COLUMN level TEXT NOT NULL DEFAULT 'uid'")


@roster()
def a_brake_lifted_for_one_removal(db: Database) -> None:
    """Keep which removal is held, by its code, and since when one has been."""
    for name in ("held_since", "removal"):
        db.execute(f"ALTER TABLE contact ADD COLUMN {name} TEXT NOT NULL DEFAULT ''")


@roster()
def what_waits_found_quickly(db: Database) -> None:
    """Find by its place in the journal what became of an event, among very many that wait; and count all by state."""
    db.execute("CREATE INDEX outbox_by_journal ON outbox (journal_seq, state)")


def _run(db: Database, statements: str) -> None:
    for statement in filter(str.strip, statements.split(";\n")):
        db.execute(statement)
