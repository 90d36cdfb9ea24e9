-- Words that an office puts on rooms, to find them again and to write to them alone. The
-- ledger names a tag by its id; what it says stands here only.
CREATE TABLE tag (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX tag_name ON tag (community, name);
CREATE TABLE room_tag (
  community BIGINT NOT NULL,
  tag TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, tag, room)
);
CREATE INDEX room_tag_of ON room_tag (community, room);
