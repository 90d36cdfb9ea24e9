-- Late fees that are charged or given up, tiers that count a whole year, pictures of dials,
-- a city's own rules in letters.

-- 違約金: for which debt, for which days, and what became of it. Days are from `from_day`, that
-- day not counted, until `until_day`, that day counted: none is charged twice.
CREATE TABLE fee_late (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  -- the bill that is overdue
  bill TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C" NOT NULL,
  from_day TEXT COLLATE "C" NOT NULL,
  until_day TEXT COLLATE "C" NOT NULL,
  -- what was owed on it, and what the rule came to
  debt BIGINT NOT NULL,
  fee BIGINT NOT NULL,
  -- the bill that charges it; empty where it was given up
  charged TEXT COLLATE "C" NOT NULL,
  -- why it was given up, sealed; empty where it was charged
  reason TEXT COLLATE "C" NOT NULL,
  made_by TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE INDEX fee_late_bill ON fee_late (community, bill, until_day);
CREATE INDEX fee_late_room ON fee_late (community, room, at);

-- month: tiers begin anew each month; year: they count what was billed since January (階梯)
ALTER TABLE fee_rate ADD COLUMN tier_span TEXT COLLATE "C" NOT NULL DEFAULT 'month';

-- 1 where a picture of the dial came with it; it lies sealed beside the database
ALTER TABLE fee_reading ADD COLUMN picture BIGINT NOT NULL DEFAULT 0;

-- What letters say of a city's own rules, and the words that are refused there; each saving is a
-- version, and a letter keeps the one that it was issued with.
CREATE TABLE arrears_pack (
  community BIGINT NOT NULL,
  version BIGINT NOT NULL,
  -- the shipped pack that it began as, or empty
  city TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  text TEXT COLLATE "C" NOT NULL,
  -- a word a line, folded
  words TEXT COLLATE "C" NOT NULL,
  -- the rule and its articles, and where it was read
  article TEXT COLLATE "C" NOT NULL,
  origin TEXT COLLATE "C" NOT NULL,
  by_account TEXT COLLATE "C" NOT NULL,
  by_name TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (community, version)
);
ALTER TABLE arrears_letter ADD COLUMN pack BIGINT NOT NULL DEFAULT 0;
