-- The nightly exchange of files with the office's own fee system: a folder per compound,
-- and what was taken from it.
-- What was planned for it before; nothing was ever kept there.
DROP TABLE exchange;

CREATE TABLE fee_exchange (
  community INTEGER NOT NULL,
  -- absolute; in/, out/, done/ and failed/ lie in it
  folder TEXT NOT NULL,
  -- minutes after midnight
  minute INTEGER NOT NULL,
  -- 1 while it runs each night
  active INTEGER NOT NULL,
  -- the last one; NULL before the first
  synced_at INTEGER,
  -- good, faults or failed; empty before the first
  outcome TEXT NOT NULL,
  -- why it failed, one of our words; else empty
  why TEXT NOT NULL,
  -- counts of the last one, as JSON
  counts TEXT NOT NULL,
  PRIMARY KEY (community)
) STRICT, WITHOUT ROWID;

CREATE TABLE fee_exchange_file (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  at INTEGER NOT NULL,
  file_name TEXT NOT NULL,
  -- keyed digest of its bytes: the same file is taken once
  digest BLOB NOT NULL,
  -- good, faults, failed or again
  outcome TEXT NOT NULL,
  why TEXT NOT NULL,
  counts TEXT NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX fee_exchange_file_digest ON fee_exchange_file (community, digest);
