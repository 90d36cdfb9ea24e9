-- 督導: what each person did, counted from the ledger.

-- How often a person did what a measure counts, on a day of Asia/Shanghai.
CREATE TABLE supervision_tally (
  community INTEGER NOT NULL,
  -- YYYY-MM-DD
  day TEXT NOT NULL,
  account TEXT NOT NULL,
  measure TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (community, day, account, measure)
) STRICT, WITHOUT ROWID;

-- Up to where the ledger is counted.
CREATE TABLE supervision_cursor (
  community INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (community)
) STRICT, WITHOUT ROWID;
