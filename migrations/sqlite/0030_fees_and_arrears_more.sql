-- Late fees that are charged or given up, tiers that count a whole year, pictures of dials,
-- a city's own rules in letters.

-- 違約金: for which debt, for which days, and what became of it. Days are from `from_day`, that
-- day not counted, until `until_day`, that day counted: none is charged twice.
CREATE TABLE fee_late (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  -- the bill that is overdue
  bill TEXT NOT NULL,
  room TEXT NOT NULL,
  from_day TEXT NOT NULL,
  until_day TEXT NOT NULL,
  -- what was owed on it, and what the rule came to
  debt INTEGER NOT NULL,
  fee INTEGER NOT NULL,
  -- the bill that charges it; empty where it was given up
  charged TEXT NOT NULL,
  -- why it was given up, sealed; empty where it was charged
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX fee_late_bill ON fee_late (community, bill, until_day);
CREATE INDEX fee_late_room ON fee_late (community, room, at);

-- month: tiers begin anew each month; year: they count what was billed since January (階梯)
ALTER TABLE fee_rate ADD COLUMN tier_span TEXT NOT NULL DEFAULT 'month';

-- 1 where a picture of the dial came with it; it lies sealed beside the database
ALTER TABLE fee_reading ADD COLUMN picture INTEGER NOT NULL DEFAULT 0;

-- What letters say of a city's own rules, and the words that are refused there; each saving is a
-- version, and a letter keeps the one that it was issued with.
CREATE TABLE arrears_pack (
  community INTEGER NOT NULL,
  version INTEGER NOT NULL,
  -- the shipped pack that it began as, or empty
  city TEXT NOT NULL,
  name TEXT NOT NULL,
  text TEXT NOT NULL,
  -- a word a line, folded
  words TEXT NOT NULL,
  -- the rule and its articles, and where it was read
  article TEXT NOT NULL,
  origin TEXT NOT NULL,
  by_account TEXT NOT NULL,
  by_name TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, version)
) STRICT, WITHOUT ROWID;
ALTER TABLE arrears_letter ADD COLUMN pack INTEGER NOT NULL DEFAULT 0;
