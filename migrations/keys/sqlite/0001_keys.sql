-- The key store, apart from the database: wrapping keys, a key per person, the
-- house's own secrets, and which people were erased.
CREATE TABLE wrapping_key (
  number INTEGER PRIMARY KEY,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  wrapped BLOB NOT NULL
) STRICT;

CREATE TABLE person_key (
  community INTEGER NOT NULL,
  person TEXT NOT NULL,
  wrapping INTEGER NOT NULL,
  wrapped BLOB NOT NULL,
  PRIMARY KEY (community, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_key_wrapping ON person_key (wrapping);

CREATE TABLE secret (
  name TEXT PRIMARY KEY,
  wrapping INTEGER NOT NULL,
  wrapped BLOB NOT NULL
) STRICT;

CREATE TABLE shredded (
  community INTEGER NOT NULL,
  person TEXT NOT NULL,
  at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (community, person)
) STRICT;

CREATE TABLE kept_head (
  community INTEGER PRIMARY KEY,
  size INTEGER NOT NULL,
  root BLOB NOT NULL,
  -- the roots of the perfect subtrees: from here on the log is followed leaf by leaf
  frontier BLOB NOT NULL,
  at INTEGER NOT NULL,
  note TEXT NOT NULL
) STRICT;
