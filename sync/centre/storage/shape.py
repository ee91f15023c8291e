"""The shape of the centre's database, as small ordered changes. One that has been released is never edited.

Every unique key of what houses tell starts with `source`, so that those tables can be spread over machines by it.
Written for SQLite; the PostgreSQL room reads it with other names for the types.
"""

_FIRST = """
CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE tokens (
  hash BLOB PRIMARY KEY, role TEXT NOT NULL, site TEXT NOT NULL, source TEXT NOT NULL, issued TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE resources (
  type TEXT NOT NULL, id TEXT NOT NULL, version TEXT NOT NULL, created TEXT NOT NULL, modified TEXT NOT NULL,
  document TEXT NOT NULL, PRIMARY KEY (type, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE unique_values (
  urn TEXT NOT NULL, value TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (urn, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX unique_values_by_resource ON unique_values (type, id);
CREATE TABLE events (
  source TEXT NOT NULL, id TEXT NOT NULL, sequence INTEGER NOT NULL, type TEXT NOT NULL, time TEXT NOT NULL,
  digest BLOB NOT NULL, body TEXT NOT NULL, received TEXT NOT NULL, PRIMARY KEY (source, id)
) STRICT;
CREATE INDEX events_by_sequence ON events (source, sequence);
"""

_FEED = """
DROP INDEX events_by_sequence;
CREATE TABLE records (
  kind TEXT NOT NULL, id TEXT NOT NULL, bucket INTEGER NOT NULL, hash TEXT NOT NULL, agency TEXT NOT NULL,
  standing TEXT NOT NULL, position INTEGER NOT NULL, withdrawal INTEGER NOT NULL, gone TEXT NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX records_by_position ON records (position);
CREATE INDEX records_by_withdrawal ON records (withdrawal) WHERE withdrawal > 0;
CREATE INDEX records_by_bucket ON records (bucket, kind, id);
CREATE INDEX records_by_agency ON records (agency, standing);
CREATE TABLE badges (key TEXT PRIMARY KEY, member TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX badges_by_member ON badges (member);
CREATE TABLE doubts (
  member TEXT NOT NULL, since TEXT NOT NULL, until TEXT NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (member, kind, since)
) STRICT, WITHOUT ROWID;
CREATE TABLE rechecks (member TEXT NOT NULL, number TEXT NOT NULL, PRIMARY KEY (member, number)) STRICT, WITHOUT ROWID;
CREATE TABLE batches (source TEXT NOT NULL, number TEXT NOT NULL, ids TEXT NOT NULL, PRIMARY KEY (source, number))
 STRICT, WITHOUT ROWID;
CREATE INDEX batches_by_number ON batches (number);
CREATE TABLE streams (
  source TEXT NOT NULL, epoch TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  PRIMARY KEY (source, epoch, first)
) STRICT, WITHOUT ROWID;
CREATE TABLE findings (
  source TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, told TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (source, kind, subject)
) STRICT, WITHOUT ROWID;
CREATE TABLE tallies (source TEXT NOT NULL, type TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (source, type))
 STRICT, WITHOUT ROWID;
CREATE TABLE visits (
  source TEXT NOT NULL, visit TEXT NOT NULL, member TEXT NOT NULL, agency TEXT NOT NULL, arrival TEXT NOT NULL,
  arrived_at TEXT NOT NULL, arrived_by INTEGER NOT NULL, left_at TEXT NOT NULL, left_by INTEGER NOT NULL,
  took_part INTEGER NOT NULL, told_at TEXT NOT NULL, PRIMARY KEY (source, visit)
) STRICT, WITHOUT ROWID;
CREATE INDEX visits_by_member ON visits (member, arrived_at);
CREATE INDEX visits_by_agency ON visits (agency, arrived_at);
CREATE TABLE disputes (
  source TEXT NOT NULL, event TEXT NOT NULL, number INTEGER NOT NULL, member TEXT NOT NULL, visit TEXT NOT NULL,
  reason TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (source, event)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX disputes_by_number ON disputes (source, number);
CREATE TABLE overlapping (
  source TEXT NOT NULL, visit TEXT NOT NULL, other_source TEXT NOT NULL, other_visit TEXT NOT NULL,
  member TEXT NOT NULL, latest TEXT NOT NULL, PRIMARY KEY (source, visit, other_source, other_visit)
) STRICT, WITHOUT ROWID;
CREATE INDEX overlapping_by_member ON overlapping (member);
CREATE TABLE excesses (
  source TEXT NOT NULL, agency TEXT NOT NULL, day TEXT NOT NULL, seats INTEGER NOT NULL, inside INTEGER NOT NULL,
  PRIMARY KEY (source, agency, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE houses (
  source TEXT PRIMARY KEY, site TEXT NOT NULL, seen TEXT NOT NULL, health TEXT NOT NULL, refused INTEGER NOT NULL,
  silent TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE alarms (
  key TEXT PRIMARY KEY, kind TEXT NOT NULL, told TEXT NOT NULL, contact TEXT NOT NULL, at TEXT NOT NULL,
  sent TEXT NOT NULL, attempts INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE sessions (hash BLOB PRIMARY KEY, kind TEXT NOT NULL, until TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""

_LOSSES = """
CREATE TABLE losses (badge TEXT NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (badge, at, kind))
 STRICT, WITHOUT ROWID;
ALTER TABLE visits ADD COLUMN badge TEXT NOT NULL DEFAULT '';
CREATE INDEX events_by_received ON events (received) WHERE body <> '';
"""

_KIN = """
CREATE TABLE kin (key TEXT PRIMARY KEY, badge TEXT NOT NULL, version INTEGER NOT NULL, at TEXT NOT NULL)
 STRICT, WITHOUT ROWID;
CREATE INDEX kin_by_badge ON kin (badge);
"""

SHAPES = (_FIRST, _FEED, _LOSSES, _KIN)
