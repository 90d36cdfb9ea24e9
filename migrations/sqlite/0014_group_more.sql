-- 群聊, more: what a message carries besides its text, who is named in it, what homes
-- answer, what is found again, and who keeps order for a while.

-- Pictures, files, names, a poll or a card, as JSON; empty for text alone. Read with the
-- message, so that a page and the live stream ask once.
ALTER TABLE group_message ADD COLUMN parts TEXT NOT NULL DEFAULT '';
-- What changed in one channel since: a stream asks for its own channels alone.
CREATE INDEX group_message_changed ON group_message (community, channel, tick);

-- Who is named in which message; an empty account is everybody.
CREATE TABLE group_mention (
  community INTEGER NOT NULL,
  account TEXT NOT NULL,
  channel TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (community, account, channel, seq)
) STRICT, WITHOUT ROWID;

-- The answers of a poll: a home's, or a person's where each may answer.
CREATE TABLE group_vote (
  community INTEGER NOT NULL,
  message TEXT NOT NULL,
  voter TEXT NOT NULL,
  choice INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, message, voter, choice)
) STRICT, WITHOUT ROWID;

-- Where a card repeats what was said elsewhere, so that it goes when that goes.
CREATE TABLE group_forward (
  community INTEGER NOT NULL,
  source TEXT NOT NULL,
  message TEXT NOT NULL,
  PRIMARY KEY (community, source, message)
) STRICT, WITHOUT ROWID;

-- Which words occur in which stretch of 128 messages of a channel: a gram is a digest of
-- two signs or three letters. A million messages are some eight thousand stretches.
CREATE TABLE group_gram (
  community INTEGER NOT NULL,
  channel TEXT NOT NULL,
  gram INTEGER NOT NULL,
  stretch INTEGER NOT NULL,
  PRIMARY KEY (community, channel, gram, stretch)
) STRICT, WITHOUT ROWID;

-- How far what was said has been taken into the grams.
CREATE TABLE group_indexed (
  community INTEGER NOT NULL PRIMARY KEY,
  tick INTEGER NOT NULL
) STRICT;

-- 代理管理員: appointed by the host for a while, until stewards are elected.
CREATE TABLE group_acting (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  account TEXT NOT NULL,
  member TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  until_at INTEGER NOT NULL,
  ended_at INTEGER,
  -- term, host, left
  ended_why TEXT NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX group_acting_now ON group_acting (community, account) WHERE ended_at IS NULL;
