-- Fees whole: a month's run as a batch that can be gone on with and taken back, meters, money
-- given back, debts given up by two, the cashier's closing, numbered copies of receipts.
ALTER TABLE fee_bill ADD COLUMN run TEXT COLLATE "C" NOT NULL DEFAULT '';
-- the days of the month that it is for; 0 for whole months
ALTER TABLE fee_bill ADD COLUMN days BIGINT NOT NULL DEFAULT 0;
CREATE INDEX fee_bill_run ON fee_bill (community, run, id) WHERE run <> '';
-- handed back to the household out of what was paid
ALTER TABLE fee_payment ADD COLUMN refunded BIGINT NOT NULL DEFAULT 0;
-- whole: a room pays a month whole; days: from the day it was moved into, by days
ALTER TABLE fee_item ADD COLUMN part_month TEXT COLLATE "C" NOT NULL DEFAULT 'whole';
-- the paper that the rate stands on: a contract and its clause
ALTER TABLE fee_rate ADD COLUMN grounds TEXT COLLATE "C" NOT NULL DEFAULT '';
DROP VIEW fee_bill_seen;
DROP VIEW fee_payment_seen;
CREATE VIEW fee_bill_seen AS SELECT t.* FROM fee_bill t WHERE t.import = '' OR NOT EXISTS
  (SELECT 1 FROM import_hidden h WHERE h.community = t.community AND h.import = t.import);
CREATE VIEW fee_payment_seen AS SELECT t.* FROM fee_payment t WHERE t.import = '' OR NOT EXISTS
  (SELECT 1 FROM import_hidden h WHERE h.community = t.community AND h.import = t.import);

-- A batch of a month's bills.
CREATE TABLE fee_run (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  period TEXT COLLATE "C" NOT NULL,
  -- the items' ids, parted by spaces, in the order in which they are billed
  items TEXT COLLATE "C" NOT NULL,
  -- running, done, undoing or undone
  state TEXT COLLATE "C" NOT NULL,
  -- where it goes on: the place of the item, and the last room that was billed
  item_place BIGINT NOT NULL,
  after_room TEXT COLLATE "C" NOT NULL,
  bills BIGINT NOT NULL,
  fen BIGINT NOT NULL,
  made_by TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  ended_at BIGINT,
  -- why it is taken back, sealed; empty where it is not
  undone_why TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, id)
);

-- Rates by quantity: from `above` on another rate (階梯).
CREATE TABLE fee_tier (
  community BIGINT NOT NULL,
  item TEXT COLLATE "C" NOT NULL,
  from_period TEXT COLLATE "C" NOT NULL,
  -- thousandths of a unit
  above BIGINT NOT NULL,
  -- 0.01 fen a unit
  rate BIGINT NOT NULL,
  PRIMARY KEY (community, item, from_period, above)
);

CREATE TABLE fee_meter (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  item TEXT COLLATE "C" NOT NULL,
  -- empty: a shared meter, of a building or of all
  room TEXT COLLATE "C" NOT NULL,
  building TEXT COLLATE "C" NOT NULL,
  number TEXT COLLATE "C" NOT NULL,
  -- digits before the point, after which it begins at nought again; 0: it never does
  digits BIGINT NOT NULL,
  installed_on TEXT COLLATE "C" NOT NULL,
  -- thousandths of a unit, as the dial stood
  start BIGINT NOT NULL,
  removed_on TEXT COLLATE "C",
  -- all that went through it, and how much of that was billed
  total BIGINT NOT NULL,
  billed BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE INDEX fee_meter_room ON fee_meter (community, room, item, id);
CREATE UNIQUE INDEX fee_meter_number ON fee_meter (community, item, number);

CREATE TABLE fee_reading (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  meter TEXT COLLATE "C" NOT NULL,
  day TEXT COLLATE "C" NOT NULL,
  -- the dial, and all that went through the meter until then; thousandths of a unit
  value BIGINT NOT NULL,
  total BIGINT NOT NULL,
  -- desk, owner, import, estimate or last
  way TEXT COLLATE "C" NOT NULL,
  -- taken, asked (not plausible, waits for a person) or void
  state TEXT COLLATE "C" NOT NULL,
  read_by TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE INDEX fee_reading_meter ON fee_reading (community, meter, day, id);
CREATE INDEX fee_reading_asked ON fee_reading (community, id) WHERE state = 'asked';

-- From where to where a meter was billed.
CREATE TABLE fee_metered (
  community BIGINT NOT NULL,
  bill TEXT COLLATE "C" NOT NULL,
  meter TEXT COLLATE "C" NOT NULL,
  from_total BIGINT NOT NULL,
  until_total BIGINT NOT NULL,
  PRIMARY KEY (community, bill, meter)
);

CREATE INDEX fee_metered_meter ON fee_metered (community, meter, bill);

-- Shared meters that a run has shared out already.
CREATE TABLE fee_shared (
  community BIGINT NOT NULL,
  run TEXT COLLATE "C" NOT NULL,
  meter TEXT COLLATE "C" NOT NULL,
  from_total BIGINT NOT NULL,
  until_total BIGINT NOT NULL,
  PRIMARY KEY (community, run, meter)
);

CREATE TABLE fee_refund (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  payment TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C" NOT NULL,
  amount BIGINT NOT NULL,
  paid_on TEXT COLLATE "C" NOT NULL,
  way TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  made_by TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (community, id, payment)
);
CREATE INDEX fee_refund_room ON fee_refund (community, room, at);
CREATE INDEX fee_refund_at ON fee_refund (community, at);

-- What the office set; no row is the convention.
CREATE TABLE fee_policy (
  community BIGINT NOT NULL,
  -- fen: above it a second person agrees to a write-off
  write_off_limit BIGINT NOT NULL,
  -- 違約金: millionths of the debt a day, 0 is none; at most so many percent of the debt
  late_rate BIGINT NOT NULL,
  late_cap BIGINT NOT NULL,
  -- the clause that it stands on
  late_grounds TEXT COLLATE "C" NOT NULL,
  -- 1 where owners hand in readings
  owners_read BIGINT NOT NULL,
  PRIMARY KEY (community)
);

-- Write-offs that wait for a second person.
CREATE TABLE fee_wish (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  bill TEXT COLLATE "C" NOT NULL,
  amount BIGINT NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  -- asked, agreed or refused
  state TEXT COLLATE "C" NOT NULL,
  asked_by TEXT COLLATE "C" NOT NULL,
  asked_at BIGINT NOT NULL,
  decided_by TEXT COLLATE "C" NOT NULL,
  decided_at BIGINT,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX fee_wish_open ON fee_wish (community, bill) WHERE state = 'asked';

-- The cashier's closing: what the desk took since the one before, counted by one and confirmed
-- by another.
CREATE TABLE fee_closing (
  community BIGINT NOT NULL,
  nth BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  -- fen by way, as JSON: what the books say, what was counted
  expected TEXT COLLATE "C" NOT NULL,
  counted TEXT COLLATE "C" NOT NULL,
  difference BIGINT NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  -- counted or closed
  state TEXT COLLATE "C" NOT NULL,
  counted_by TEXT COLLATE "C" NOT NULL,
  counted_at BIGINT NOT NULL,
  closed_by TEXT COLLATE "C" NOT NULL,
  closed_at BIGINT,
  PRIMARY KEY (community, nth)
);
CREATE UNIQUE INDEX fee_closing_id ON fee_closing (community, id);
CREATE INDEX fee_payment_made ON fee_payment (community, created_at);

-- Each printing of a receipt, numbered.
CREATE TABLE fee_receipt_copy (
  community BIGINT NOT NULL,
  payment TEXT COLLATE "C" NOT NULL,
  nth BIGINT NOT NULL,
  printed_by TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (community, payment, nth)
);

-- Lines of a bank's list that say no room: they wait for a person. The payment that a line
-- becomes has the line's id.
CREATE TABLE fee_bank_line (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  -- keyed digest of the line and its place among equal ones: the same list is taken once
  source_key TEXT COLLATE "C" NOT NULL,
  paid_on TEXT COLLATE "C" NOT NULL,
  amount BIGINT NOT NULL,
  text TEXT COLLATE "C" NOT NULL,
  -- the room that it may be for, or empty
  guess TEXT COLLATE "C" NOT NULL,
  -- waiting, taken or left
  state TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX fee_bank_line_source ON fee_bank_line (community, source_key);
CREATE INDEX fee_bank_line_waiting ON fee_bank_line (community, id) WHERE state = 'waiting';
