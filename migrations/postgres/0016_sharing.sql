-- 分享互助: posts of the sharing channel, thanks, and what neighbours can do for each other.

-- A post is a message of the sharing channel with a title; what answers it answers the
-- message. Here stands what the list is read by.
CREATE TABLE group_post (
  community BIGINT NOT NULL,
  message TEXT COLLATE "C" NOT NULL,
  -- its place in the channel
  place BIGINT NOT NULL,
  -- experience, ask, lend, find or lost
  topic TEXT COLLATE "C" NOT NULL,
  -- settled: answered, lent, found
  done BIGINT NOT NULL,
  -- the place of what was last said under it
  bumped BIGINT NOT NULL,
  PRIMARY KEY (community, place)
);
CREATE UNIQUE INDEX group_post_message ON group_post (community, message);
CREATE INDEX group_post_bumped ON group_post (community, bumped);
CREATE INDEX group_post_topic ON group_post (community, topic, bumped);

-- What answers a message.
CREATE INDEX group_message_replies ON group_message (community, channel, reply_to, seq) WHERE reply_to IS NOT NULL;

-- Who thanked for what; counted beside the message.
CREATE TABLE group_thanks (
  community BIGINT NOT NULL,
  message TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (community, message, account)
);

-- 鄰里能手: what a neighbour offers to be asked about, by consent and until they take it back.
CREATE TABLE group_skill (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  -- room and name as the group shows them
  byline TEXT COLLATE "C" NOT NULL,
  skill TEXT COLLATE "C" NOT NULL,
  note TEXT COLLATE "C" NOT NULL,
  -- shown, held or hidden
  state TEXT COLLATE "C" NOT NULL,
  consented_at BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE INDEX group_skill_account ON group_skill (community, account);
