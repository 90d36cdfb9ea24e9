-- What leaves the house by push, message or mail: one letter, an item for each who gets it.
CREATE TABLE outbox_letter (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  -- the record that it comes from: notice:ID
  source TEXT NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  -- where it is read in the compound: /my/notices/ID
  path TEXT NOT NULL,
  urgent INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox_item (
  community INTEGER NOT NULL,
  letter TEXT NOT NULL,
  -- push, sms or mail
  way TEXT NOT NULL,
  -- a:ACCOUNT or p:PARTY; the address itself is looked up when it is sent
  recipient TEXT NOT NULL,
  room TEXT,
  -- queued, sent, confirmed, failed, expired, cancelled
  fate TEXT NOT NULL,
  -- before ordinary ones of the same moment
  urgent INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  -- of its letter: what has not left by then never leaves
  expires_at INTEGER NOT NULL,
  -- whose hands it is in until then; also tells whether it still is in theirs
  lease_until INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  -- a fixed word, never an address
  why TEXT NOT NULL,
  at INTEGER NOT NULL,
  -- its place among what is settled, in the compound; NULL while it is queued
  settled INTEGER,
  PRIMARY KEY (community, letter, way, recipient)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_due ON outbox_item (way, urgent DESC, due_at) WHERE fate = 'queued';
CREATE INDEX outbox_expiry ON outbox_item (way, expires_at) WHERE fate = 'queued';
CREATE INDEX outbox_failed ON outbox_item (way, at) WHERE fate = 'failed';
CREATE UNIQUE INDEX outbox_settled ON outbox_item (community, settled) WHERE settled IS NOT NULL;

-- Counts what is settled, so that rooms follow it with a cursor.
CREATE TABLE outbox_clock (
  community INTEGER NOT NULL PRIMARY KEY,
  settled INTEGER NOT NULL
) STRICT;

-- How a way is set up: one sealed text with its secrets.
CREATE TABLE outbox_way (
  way TEXT NOT NULL PRIMARY KEY,
  -- under whose key it is sealed
  id TEXT NOT NULL,
  sealed TEXT NOT NULL,
  per_minute INTEGER NOT NULL,
  set_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How a way fares: it is left alone for a while when it is down.
CREATE TABLE outbox_breaker (
  way TEXT NOT NULL PRIMARY KEY,
  failing_since INTEGER,
  bad INTEGER NOT NULL,
  paused_until INTEGER NOT NULL,
  why TEXT NOT NULL,
  sent_at INTEGER
) STRICT, WITHOUT ROWID;

-- A browser that takes messages.
CREATE TABLE outbox_device (
  community INTEGER NOT NULL,
  account TEXT NOT NULL,
  id TEXT NOT NULL,
  -- finds the same browser again
  digest BLOB NOT NULL,
  -- its address and keys, sealed for the account
  sealed BLOB NOT NULL,
  agent TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (community, account, id),
  UNIQUE (community, account, digest)
) STRICT, WITHOUT ROWID;

-- Somebody's own address for mail, sealed for the account; confirmed by a mailed link.
CREATE TABLE outbox_mail (
  community INTEGER NOT NULL,
  account TEXT NOT NULL,
  sealed BLOB NOT NULL,
  confirmed_at INTEGER,
  -- of the link's secret; NULL once it is used
  link BLOB,
  link_until INTEGER NOT NULL,
  -- links asked for since this day began
  asked INTEGER NOT NULL,
  asked_from INTEGER NOT NULL,
  PRIMARY KEY (community, account)
) STRICT, WITHOUT ROWID;

-- What somebody wants to be told, and when not.
CREATE TABLE outbox_wish (
  community INTEGER NOT NULL,
  account TEXT NOT NULL,
  -- all, mentions, notices or nothing
  level TEXT NOT NULL,
  -- minutes of the day; the same twice is no quiet
  quiet_from INTEGER NOT NULL,
  quiet_until INTEGER NOT NULL,
  PRIMARY KEY (community, account)
) STRICT, WITHOUT ROWID;
