-- Who was erased, and on what ground: read at each start.
CREATE TABLE erasure (
  community INTEGER NOT NULL,
  person TEXT NOT NULL,
  at INTEGER NOT NULL,
  ground TEXT NOT NULL,
  PRIMARY KEY (community, person)
) STRICT;
