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
CREATE UNIQUE INDEX outbox_settled ON outbox_item (community, settled) WHERE settled IS NOT NULL;

-- Counts what is settled, so that rooms follow it with a cursor.
CREATE TABLE outbox_clock (
  community INTEGER NOT NULL PRIMARY KEY,
  settled INTEGER NOT NULL
) STRICT;
