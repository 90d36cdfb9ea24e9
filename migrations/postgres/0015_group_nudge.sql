-- How far the devices of those who are away were told of a channel.
CREATE TABLE group_nudge (
  community BIGINT NOT NULL,
  channel TEXT COLLATE "C" NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (community, channel)
);
