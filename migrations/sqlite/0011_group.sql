-- 群聊: channels and what is said in them. What is said is clear (people of the compound
-- read it); a case about it lies sealed with conduct.
CREATE TABLE group_channel (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  -- main, building, stewards or open
  kind TEXT NOT NULL,
  -- empty for main and stewards, which are named by the house in the reader's language
  name TEXT NOT NULL,
  -- whose members are in it; empty for other kinds
  building TEXT NOT NULL,
  announce_only INTEGER NOT NULL,
  slow_seconds INTEGER NOT NULL,
  -- minutes of the day; equal when there are none
  quiet_from INTEGER NOT NULL,
  quiet_until INTEGER NOT NULL,
  -- everybody but the office is silent until then
  hushed_until INTEGER,
  last_seq INTEGER NOT NULL,
  last_at INTEGER,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  version INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX group_channel_once ON group_channel (community, kind, building, name);

-- Each change of a message takes the next tick, so that whoever knows a tick asks for all
-- that is new since with one question, after a minute or a month.
CREATE TABLE group_clock (
  community INTEGER NOT NULL PRIMARY KEY,
  tick INTEGER NOT NULL
) STRICT;

CREATE TABLE group_message (
  community INTEGER NOT NULL,
  channel TEXT NOT NULL,
  seq INTEGER NOT NULL,
  id TEXT NOT NULL,
  tick INTEGER NOT NULL,
  -- made by whoever sends, so that sending twice is sending once
  sent_id TEXT NOT NULL,
  author TEXT NOT NULL,
  -- room and name as they were shown then
  byline TEXT NOT NULL,
  -- host, steward, staff or empty
  badge TEXT NOT NULL,
  text TEXT NOT NULL,
  reply_to INTEGER,
  -- shown, held, hidden or recalled
  state TEXT NOT NULL,
  at INTEGER NOT NULL,
  pinned_at INTEGER,
  PRIMARY KEY (community, channel, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX group_message_id ON group_message (community, id);
CREATE UNIQUE INDEX group_message_sent ON group_message (community, author, sent_id);
CREATE UNIQUE INDEX group_message_tick ON group_message (community, tick);
CREATE INDEX group_message_author ON group_message (community, author, at);
CREATE INDEX group_message_pinned ON group_message (community, channel, pinned_at) WHERE pinned_at IS NOT NULL;

-- How far somebody has read.
CREATE TABLE group_read (
  community INTEGER NOT NULL,
  account TEXT NOT NULL,
  channel TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, account, channel)
) STRICT, WITHOUT ROWID;

-- How far the group has followed what conduct decides.
CREATE TABLE group_cursor (
  community INTEGER NOT NULL PRIMARY KEY,
  seq INTEGER NOT NULL
) STRICT;
