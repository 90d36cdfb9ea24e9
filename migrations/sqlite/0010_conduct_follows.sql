-- How far the conduct room has read the ledger: what applicants wrote is judged once.
CREATE TABLE conduct_cursor (
  community INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (community)
) STRICT;

-- The trained part that a compound uses instead of the shipped one; the newest is in force.
CREATE TABLE conduct_model (
  community INTEGER NOT NULL,
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  -- SHA-256 of the model's bytes, in hex; empty for the shipped one
  digest TEXT NOT NULL,
  -- the model, at most a megabyte; none for the shipped one
  body BLOB,
  PRIMARY KEY (community, version)
) STRICT;
