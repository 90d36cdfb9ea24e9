-- 分享互助: posts of the sharing channel, thanks, and what neighbours can do for each other.

-- A post is a message of the sharing channel with a title; what answers it answers the
-- message. Here stands what the list is read by.
CREATE TABLE group_post (
  community INTEGER NOT NULL,
  message TEXT NOT NULL,
  -- its place in the channel
  place INTEGER NOT NULL,
  -- experience, ask, lend, find or lost
  topic TEXT NOT NULL,
  -- settled: answered, lent, found
  done INTEGER NOT NULL,
  -- the place of what was last said under it
  bumped INTEGER NOT NULL,
  PRIMARY KEY (community, place)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX group_post_message ON group_post (community, message);
CREATE INDEX group_post_bumped ON group_post (community, bumped);
CREATE INDEX group_post_topic ON group_post (community, topic, bumped);

-- What answers a message.
CREATE INDEX group_message_replies ON group_message (community, channel, reply_to, seq) WHERE reply_to IS NOT NULL;

-- Who thanked for what; counted beside the message.
CREATE TABLE group_thanks (
  community INTEGER NOT NULL,
  message TEXT NOT NULL,
  account TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, message, account)
) STRICT, WITHOUT ROWID;

-- 鄰里能手: what a neighbour offers to be asked about, by consent and until they take it back.
CREATE TABLE group_skill (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  account TEXT NOT NULL,
  -- room and name as the group shows them
  byline TEXT NOT NULL,
  skill TEXT NOT NULL,
  note TEXT NOT NULL,
  -- shown, held or hidden
  state TEXT NOT NULL,
  consented_at INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_skill_account ON group_skill (community, account);
