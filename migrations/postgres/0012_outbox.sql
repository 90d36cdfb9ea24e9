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
  -- of its letter: what has not left by then never leaves
  expires_at BIGINT NOT NULL,
  -- whose hands it is in until then; also tells whether it still is in theirs
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
CREATE INDEX outbox_expiry ON outbox_item (way, expires_at) WHERE fate = 'queued';
CREATE INDEX outbox_failed ON outbox_item (way, at) WHERE fate = 'failed';
CREATE UNIQUE INDEX outbox_settled ON outbox_item (community, settled) WHERE settled IS NOT NULL;

-- Counts what is settled, so that rooms follow it with a cursor.
CREATE TABLE outbox_clock (
  community BIGINT NOT NULL PRIMARY KEY,
  settled BIGINT NOT NULL
);

-- How a way is set up: one sealed text with its secrets.
CREATE TABLE outbox_way (
  way TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  -- under whose key it is sealed
  id TEXT COLLATE "C" NOT NULL,
  sealed TEXT COLLATE "C" NOT NULL,
  per_minute BIGINT NOT NULL,
  set_at BIGINT NOT NULL
);

-- How a way fares: it is left alone for a while when it is down.
CREATE TABLE outbox_breaker (
  way TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  failing_since BIGINT,
  bad BIGINT NOT NULL,
  paused_until BIGINT NOT NULL,
  why TEXT COLLATE "C" NOT NULL,
  sent_at BIGINT
);

-- A browser that takes messages.
CREATE TABLE outbox_device (
  community BIGINT NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  -- finds the same browser again
  digest BYTEA NOT NULL,
  -- its address and keys, sealed for the account
  sealed BYTEA NOT NULL,
  agent TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (community, account, id),
  UNIQUE (community, account, digest)
);

-- Somebody's own address for mail, sealed for the account; confirmed by a mailed link.
CREATE TABLE outbox_mail (
  community BIGINT NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  sealed BYTEA NOT NULL,
  confirmed_at BIGINT,
  -- of the link's secret; NULL once it is used
  link BYTEA,
  link_until BIGINT NOT NULL,
  -- links asked for since this day began
  asked BIGINT NOT NULL,
  asked_from BIGINT NOT NULL,
  PRIMARY KEY (community, account)
);

-- What somebody wants to be told, and when not.
CREATE TABLE outbox_wish (
  community BIGINT NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  -- all, mentions, notices or nothing
  level TEXT COLLATE "C" NOT NULL,
  -- minutes of the day; the same twice is no quiet
  quiet_from BIGINT NOT NULL,
  quiet_until BIGINT NOT NULL,
  PRIMARY KEY (community, account)
);
