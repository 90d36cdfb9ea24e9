-- Fees whole: a month's run as a batch that can be gone on with and taken back, meters, money
-- given back, debts given up by two, the cashier's closing, numbered copies of receipts.
ALTER TABLE fee_bill ADD COLUMN run TEXT NOT NULL DEFAULT '';
-- the days of the month that it is for; 0 for whole months
ALTER TABLE fee_bill ADD COLUMN days INTEGER NOT NULL DEFAULT 0;
CREATE INDEX fee_bill_run ON fee_bill (community, run, id) WHERE run <> '';
-- handed back to the household out of what was paid
ALTER TABLE fee_payment ADD COLUMN refunded INTEGER NOT NULL DEFAULT 0;
-- whole: a room pays a month whole; days: from the day it was moved into, by days
ALTER TABLE fee_item ADD COLUMN part_month TEXT NOT NULL DEFAULT 'whole';
-- the paper that the rate stands on: a contract and its clause
ALTER TABLE fee_rate ADD COLUMN grounds TEXT NOT NULL DEFAULT '';
DROP VIEW fee_bill_seen;
DROP VIEW fee_payment_seen;
CREATE VIEW fee_bill_seen AS SELECT t.* FROM fee_bill t WHERE t.import = '' OR NOT EXISTS
  (SELECT 1 FROM import_hidden h WHERE h.community = t.community AND h.import = t.import);
CREATE VIEW fee_payment_seen AS SELECT t.* FROM fee_payment t WHERE t.import = '' OR NOT EXISTS
  (SELECT 1 FROM import_hidden h WHERE h.community = t.community AND h.import = t.import);

-- A batch of a month's bills.
CREATE TABLE fee_run (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  period TEXT NOT NULL,
  -- the items' ids, parted by spaces, in the order in which they are billed
  items TEXT NOT NULL,
  -- running, done, undoing or undone
  state TEXT NOT NULL,
  -- where it goes on: the place of the item, and the last room that was billed
  item_place INTEGER NOT NULL,
  after_room TEXT NOT NULL,
  bills INTEGER NOT NULL,
  fen INTEGER NOT NULL,
  made_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  ended_at INTEGER,
  -- why it is taken back, sealed; empty where it is not
  undone_why TEXT NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;

-- Rates by quantity: from `above` on another rate (階梯).
CREATE TABLE fee_tier (
  community INTEGER NOT NULL,
  item TEXT NOT NULL,
  from_period TEXT NOT NULL,
  -- thousandths of a unit
  above INTEGER NOT NULL,
  -- 0.01 fen a unit
  rate INTEGER NOT NULL,
  PRIMARY KEY (community, item, from_period, above)
) STRICT, WITHOUT ROWID;

CREATE TABLE fee_meter (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  item TEXT NOT NULL,
  -- empty: a shared meter, of a building or of all
  room TEXT NOT NULL,
  building TEXT NOT NULL,
  number TEXT NOT NULL,
  -- digits before the point, after which it begins at nought again; 0: it never does
  digits INTEGER NOT NULL,
  installed_on TEXT NOT NULL,
  -- thousandths of a unit, as the dial stood
  start INTEGER NOT NULL,
  removed_on TEXT,
  -- all that went through it, and how much of that was billed
  total INTEGER NOT NULL,
  billed INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX fee_meter_room ON fee_meter (community, room, item, id);
CREATE UNIQUE INDEX fee_meter_number ON fee_meter (community, item, number);

CREATE TABLE fee_reading (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  meter TEXT NOT NULL,
  day TEXT NOT NULL,
  -- the dial, and all that went through the meter until then; thousandths of a unit
  value INTEGER NOT NULL,
  total INTEGER NOT NULL,
  -- desk, owner, import, estimate or last
  way TEXT NOT NULL,
  -- taken, asked (not plausible, waits for a person) or void
  state TEXT NOT NULL,
  read_by TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX fee_reading_meter ON fee_reading (community, meter, day, id);
CREATE INDEX fee_reading_asked ON fee_reading (community, id) WHERE state = 'asked';

-- From where to where a meter was billed.
CREATE TABLE fee_metered (
  community INTEGER NOT NULL,
  bill TEXT NOT NULL,
  meter TEXT NOT NULL,
  from_total INTEGER NOT NULL,
  until_total INTEGER NOT NULL,
  PRIMARY KEY (community, bill, meter)
) STRICT, WITHOUT ROWID;

CREATE INDEX fee_metered_meter ON fee_metered (community, meter, bill);

-- Shared meters that a run has shared out already.
CREATE TABLE fee_shared (
  community INTEGER NOT NULL,
  run TEXT NOT NULL,
  meter TEXT NOT NULL,
  from_total INTEGER NOT NULL,
  until_total INTEGER NOT NULL,
  PRIMARY KEY (community, run, meter)
) STRICT, WITHOUT ROWID;

CREATE TABLE fee_refund (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  payment TEXT NOT NULL,
  room TEXT NOT NULL,
  amount INTEGER NOT NULL,
  paid_on TEXT NOT NULL,
  way TEXT NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, id, payment)
) STRICT, WITHOUT ROWID;
CREATE INDEX fee_refund_room ON fee_refund (community, room, at);
CREATE INDEX fee_refund_at ON fee_refund (community, at);

-- What the office set; no row is the convention.
CREATE TABLE fee_policy (
  community INTEGER NOT NULL,
  -- fen: above it a second person agrees to a write-off
  write_off_limit INTEGER NOT NULL,
  -- 違約金: millionths of the debt a day, 0 is none; at most so many percent of the debt
  late_rate INTEGER NOT NULL,
  late_cap INTEGER NOT NULL,
  -- the clause that it stands on
  late_grounds TEXT NOT NULL,
  -- 1 where owners hand in readings
  owners_read INTEGER NOT NULL,
  PRIMARY KEY (community)
) STRICT, WITHOUT ROWID;

-- Write-offs that wait for a second person.
CREATE TABLE fee_wish (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  bill TEXT NOT NULL,
  amount INTEGER NOT NULL,
  reason TEXT NOT NULL,
  -- asked, agreed or refused
  state TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at INTEGER,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX fee_wish_open ON fee_wish (community, bill) WHERE state = 'asked';

-- The cashier's closing: what the desk took since the one before, counted by one and confirmed
-- by another.
CREATE TABLE fee_closing (
  community INTEGER NOT NULL,
  nth INTEGER NOT NULL,
  id TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  until_at INTEGER NOT NULL,
  -- fen by way, as JSON: what the books say, what was counted
  expected TEXT NOT NULL,
  counted TEXT NOT NULL,
  difference INTEGER NOT NULL,
  reason TEXT NOT NULL,
  -- counted or closed
  state TEXT NOT NULL,
  counted_by TEXT NOT NULL,
  counted_at INTEGER NOT NULL,
  closed_by TEXT NOT NULL,
  closed_at INTEGER,
  PRIMARY KEY (community, nth)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX fee_closing_id ON fee_closing (community, id);
CREATE INDEX fee_payment_made ON fee_payment (community, created_at);

-- Each printing of a receipt, numbered.
CREATE TABLE fee_receipt_copy (
  community INTEGER NOT NULL,
  payment TEXT NOT NULL,
  nth INTEGER NOT NULL,
  printed_by TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, payment, nth)
) STRICT, WITHOUT ROWID;

-- Lines of a bank's list that say no room: they wait for a person. The payment that a line
-- becomes has the line's id.
CREATE TABLE fee_bank_line (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  -- keyed digest of the line and its place among equal ones: the same list is taken once
  source_key TEXT NOT NULL,
  paid_on TEXT NOT NULL,
  amount INTEGER NOT NULL,
  text TEXT NOT NULL,
  -- the room that it may be for, or empty
  guess TEXT NOT NULL,
  -- waiting, taken or left
  state TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX fee_bank_line_source ON fee_bank_line (community, source_key);
CREATE INDEX fee_bank_line_waiting ON fee_bank_line (community, id) WHERE state = 'waiting';
