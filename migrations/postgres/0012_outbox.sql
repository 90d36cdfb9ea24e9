-- What leaves the house by push, message or mail: one letter, an item for each who gets it.
CREATE TABLE outbox_letter (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  -- the record that it comes from: notice:ID
  source TEXT COLLATE "C" NOT NULL,
  title TEXT COLLATE "C" NOT NULL,
  text TEXT COLLATE "C" NOT NULL,
  -- where it is read in the compound: /my/notices/ID
  path TEXT COLLATE "C" NOT NULL,
  urgent BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);

CREATE TABLE outbox_item (
  community BIGINT NOT NULL,
  letter TEXT COLLATE "C" NOT NULL,
  -- push, sms or mail
  way TEXT COLLATE "C" NOT NULL,
  -- a:ACCOUNT or p:PARTY; the address itself is looked up when it is sent
  recipient TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C",
  -- queued, sent, confirmed, failed, expired, cancelled
  fate TEXT COLLATE "C" NOT NULL,
  -- before ordinary ones of the same moment
  urgent BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  lease_until BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  -- a fixed word, never an address
  why TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  -- its place among what is settled, in the compound; NULL while it is queued
  settled BIGINT,
  PRIMARY KEY (community, letter, way, recipient)
);
CREATE INDEX outbox_due ON outbox_item (way, urgent DESC, due_at) WHERE fate = 'queued';
CREATE UNIQUE INDEX outbox_settled ON outbox_item (community, settled) WHERE settled IS NOT NULL;

-- Counts what is settled, so that rooms follow it with a cursor.
CREATE TABLE outbox_clock (
  community BIGINT NOT NULL PRIMARY KEY,
  settled BIGINT NOT NULL
);
