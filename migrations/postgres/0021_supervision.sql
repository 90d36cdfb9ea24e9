-- 督導: what each person did, counted from the ledger.

-- How often a person did what a measure counts, on a day of Asia/Shanghai.
CREATE TABLE supervision_tally (
  community BIGINT NOT NULL,
  -- YYYY-MM-DD
  day TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  measure TEXT COLLATE "C" NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (community, day, account, measure)
);

-- Up to where the ledger is counted.
CREATE TABLE supervision_cursor (
  community BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (community)
);
