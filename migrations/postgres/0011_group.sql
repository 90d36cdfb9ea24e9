-- 群聊: channels and what is said in them. What is said is clear (people of the compound
-- read it); a case about it lies sealed with conduct.
CREATE TABLE group_channel (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  -- main, building, stewards or open
  kind TEXT COLLATE "C" NOT NULL,
  -- empty for main and stewards, which are named by the house in the reader's language
  name TEXT COLLATE "C" NOT NULL,
  -- whose members are in it; empty for other kinds
  building TEXT COLLATE "C" NOT NULL,
  announce_only BIGINT NOT NULL,
  slow_seconds BIGINT NOT NULL,
  -- minutes of the day; equal when there are none
  quiet_from BIGINT NOT NULL,
  quiet_until BIGINT NOT NULL,
  -- everybody but the office is silent until then
  hushed_until BIGINT,
  last_seq BIGINT NOT NULL,
  last_at BIGINT,
  opened_at BIGINT NOT NULL,
  closed_at BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX group_channel_once ON group_channel (community, kind, building, name);

-- Each change of a message takes the next tick, so that whoever knows a tick asks for all
-- that is new since with one question, after a minute or a month.
CREATE TABLE group_clock (
  community BIGINT NOT NULL PRIMARY KEY,
  tick BIGINT NOT NULL
);

CREATE TABLE group_message (
  community BIGINT NOT NULL,
  channel TEXT COLLATE "C" NOT NULL,
  seq BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  tick BIGINT NOT NULL,
  -- made by whoever sends, so that sending twice is sending once
  sent_id TEXT COLLATE "C" NOT NULL,
  author TEXT COLLATE "C" NOT NULL,
  -- room and name as they were shown then
  byline TEXT COLLATE "C" NOT NULL,
  -- host, steward, staff or empty
  badge TEXT COLLATE "C" NOT NULL,
  text TEXT COLLATE "C" NOT NULL,
  reply_to BIGINT,
  -- shown, held, hidden or recalled
  state TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  pinned_at BIGINT,
  PRIMARY KEY (community, channel, seq)
);
CREATE UNIQUE INDEX group_message_id ON group_message (community, id);
CREATE UNIQUE INDEX group_message_sent ON group_message (community, author, sent_id);
CREATE UNIQUE INDEX group_message_tick ON group_message (community, tick);
CREATE INDEX group_message_author ON group_message (community, author, at);
CREATE INDEX group_message_pinned ON group_message (community, channel, pinned_at) WHERE pinned_at IS NOT NULL;

-- How far somebody has read.
CREATE TABLE group_read (
  community BIGINT NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  channel TEXT COLLATE "C" NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (community, account, channel)
);

-- How far the group has followed what conduct decides.
CREATE TABLE group_cursor (
  community BIGINT NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL
);
