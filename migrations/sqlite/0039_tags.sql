-- Words that an office puts on rooms, to find them again and to write to them alone. The
-- ledger names a tag by its id; what it says stands here only.
CREATE TABLE tag (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX tag_name ON tag (community, name);
CREATE TABLE room_tag (
  community INTEGER NOT NULL,
  tag TEXT NOT NULL,
  room TEXT NOT NULL,
  PRIMARY KEY (community, tag, room)
) STRICT, WITHOUT ROWID;
CREATE INDEX room_tag_of ON room_tag (community, room);
