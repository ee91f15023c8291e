"""The shape of the centre's database, as small ordered changes. One that has been released is never edited.

Every unique key of events starts with `source`, so that the table can be spread over machines by it.
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

SHAPES = (_FIRST,)
