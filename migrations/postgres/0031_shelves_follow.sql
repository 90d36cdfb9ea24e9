-- How far the shelves followed the dossiers: each that was opened gets its box.

CREATE TABLE shelf_cursor (
  community BIGINT NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL
);

-- 入伙: buildings whose forms are made by a job, in the name of whoever asked.
CREATE TABLE handover_preparing (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  building TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  lang TEXT COLLATE "C" NOT NULL,
  asked_at BIGINT NOT NULL,
  -- behind which home it goes on
  mark_key BYTEA NOT NULL,
  mark_id TEXT COLLATE "C" NOT NULL,
  -- homes when it was asked, those gone through, papers that are ready
  homes BIGINT NOT NULL,
  done BIGINT NOT NULL,
  ready BIGINT NOT NULL,
  ended_at BIGINT,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX handover_preparing_now ON handover_preparing (community, building) WHERE ended_at IS NULL;
CREATE INDEX handover_preparing_newest ON handover_preparing (community, building, asked_at, id);
