-- The nightly exchange of files with the office's own fee system: a folder per compound,
-- and what was taken from it.
-- What was planned for it before; nothing was ever kept there.
DROP TABLE exchange;

CREATE TABLE fee_exchange (
  community BIGINT NOT NULL,
  -- absolute; in/, out/, done/ and failed/ lie in it
  folder TEXT COLLATE "C" NOT NULL,
  -- minutes after midnight
  minute BIGINT NOT NULL,
  -- 1 while it runs each night
  active BIGINT NOT NULL,
  -- the last one; NULL before the first
  synced_at BIGINT,
  -- good, faults or failed; empty before the first
  outcome TEXT COLLATE "C" NOT NULL,
  -- why it failed, one of our words; else empty
  why TEXT COLLATE "C" NOT NULL,
  -- counts of the last one, as JSON
  counts TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community)
);

CREATE TABLE fee_exchange_file (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  file_name TEXT COLLATE "C" NOT NULL,
  -- keyed digest of its bytes: the same file is taken once
  digest BYTEA NOT NULL,
  -- good, faults, failed or again
  outcome TEXT COLLATE "C" NOT NULL,
  why TEXT COLLATE "C" NOT NULL,
  counts TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE INDEX fee_exchange_file_digest ON fee_exchange_file (community, digest);
