-- How far the devices of those who are away were told of a channel.
CREATE TABLE group_nudge (
  community INTEGER NOT NULL,
  channel TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, channel)
) STRICT, WITHOUT ROWID;
