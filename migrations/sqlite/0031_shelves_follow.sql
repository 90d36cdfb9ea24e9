-- How far the shelves followed the dossiers: each that was opened gets its box.

CREATE TABLE shelf_cursor (
  community INTEGER NOT NULL PRIMARY KEY,
  seq INTEGER NOT NULL
) STRICT;

-- 入伙: buildings whose forms are made by a job, in the name of whoever asked.
CREATE TABLE handover_preparing (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  building TEXT NOT NULL,
  account TEXT NOT NULL,
  lang TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  -- behind which home it goes on
  mark_key BLOB NOT NULL,
  mark_id TEXT NOT NULL,
  -- homes when it was asked, those gone through, papers that are ready
  homes INTEGER NOT NULL,
  done INTEGER NOT NULL,
  ready INTEGER NOT NULL,
  ended_at INTEGER,
  PRIMARY KEY (community, id)
) STRICT;
CREATE UNIQUE INDEX handover_preparing_now ON handover_preparing (community, building) WHERE ended_at IS NULL;
CREATE INDEX handover_preparing_newest ON handover_preparing (community, building, asked_at, id);
