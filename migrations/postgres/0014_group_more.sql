-- 群聊, more: what a message carries besides its text, who is named in it, what homes
-- answer, what is found again, and who keeps order for a while.

-- Pictures, files, names, a poll or a card, as JSON; empty for text alone. Read with the
-- message, so that a page and the live stream ask once.
ALTER TABLE group_message ADD COLUMN parts TEXT COLLATE "C" NOT NULL DEFAULT '';
-- What changed in one channel since: a stream asks for its own channels alone.
CREATE INDEX group_message_changed ON group_message (community, channel, tick);

-- Who is named in which message; an empty account is everybody.
CREATE TABLE group_mention (
  community BIGINT NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  channel TEXT COLLATE "C" NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (community, account, channel, seq)
);

-- The answers of a poll: a home's, or a person's where each may answer.
CREATE TABLE group_vote (
  community BIGINT NOT NULL,
  message TEXT COLLATE "C" NOT NULL,
  voter TEXT COLLATE "C" NOT NULL,
  choice BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (community, message, voter, choice)
);

-- Where a card repeats what was said elsewhere, so that it goes when that goes.
CREATE TABLE group_forward (
  community BIGINT NOT NULL,
  source TEXT COLLATE "C" NOT NULL,
  message TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, source, message)
);

-- Which words occur in which stretch of 128 messages of a channel: a gram is a digest of
-- two signs or three letters. A million messages are some eight thousand stretches.
CREATE TABLE group_gram (
  community BIGINT NOT NULL,
  channel TEXT COLLATE "C" NOT NULL,
  gram BIGINT NOT NULL,
  stretch BIGINT NOT NULL,
  PRIMARY KEY (community, channel, gram, stretch)
);

-- How far what was said has been taken into the grams.
CREATE TABLE group_indexed (
  community BIGINT NOT NULL PRIMARY KEY,
  tick BIGINT NOT NULL
);

-- 代理管理員: appointed by the host for a while, until stewards are elected.
CREATE TABLE group_acting (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  member TEXT COLLATE "C" NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  ended_at BIGINT,
  -- term, host, left
  ended_why TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX group_acting_now ON group_acting (community, account) WHERE ended_at IS NULL;
