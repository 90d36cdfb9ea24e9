-- Fees: items and their rates, bills, payments, what pays what, corrections, plans.
-- Money is integer fen. As in the roster, the views *_seen leave out the rows of
-- imports under way. Rooms are the roster's.
CREATE TABLE fee_item (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  -- the folded name, by which an imported sheet finds it
  name_key TEXT NOT NULL,
  -- property, water, electricity, parking, other
  kind TEXT NOT NULL,
  -- area: rate x area; fixed: rate a room; given: no rate, bills by hand or import
  basis TEXT NOT NULL,
  -- a room's purpose, or empty for all rooms
  applies_to TEXT NOT NULL,
  -- bills of a month fall due on this day, so many months later
  due_day INTEGER NOT NULL,
  due_months INTEGER NOT NULL,
  active_from TEXT NOT NULL,
  active_until TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX fee_item_name ON fee_item (community, name_key);

-- A rate holds from its month until the next one's.
CREATE TABLE fee_rate (
  community INTEGER NOT NULL,
  item TEXT NOT NULL,
  from_period TEXT NOT NULL,
  -- area: 0.01 fen per m2 and month; fixed: fen per month
  rate INTEGER NOT NULL,
  PRIMARY KEY (community, item, from_period)
) STRICT, WITHOUT ROWID;

CREATE TABLE fee_bill (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  room TEXT NOT NULL,
  item TEXT NOT NULL,
  -- the first and the last month that it is for
  period TEXT NOT NULL,
  period_last TEXT NOT NULL,
  amount INTEGER NOT NULL,
  -- sums of fee_correction and fee_allocation, kept with every change of them
  adjusted INTEGER NOT NULL,
  written_off INTEGER NOT NULL,
  allocated INTEGER NOT NULL,
  -- amount + adjusted - written_off - allocated; 0 when void
  owed INTEGER NOT NULL,
  due TEXT NOT NULL,
  -- rates, desk or import
  source TEXT NOT NULL,
  -- open, settled or void
  state TEXT NOT NULL,
  void_reason TEXT NOT NULL,
  -- the import that brought it, or empty
  import TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX fee_bill_once ON fee_bill (community, room, item, period);
CREATE INDEX fee_bill_owed ON fee_bill (community, room, due, owed, import) WHERE owed > 0;
CREATE INDEX fee_bill_due ON fee_bill (community, due, owed, room, import) WHERE owed > 0;
CREATE INDEX fee_bill_room ON fee_bill (community, room, due, id);
CREATE INDEX fee_bill_period ON fee_bill (community, period, item);
CREATE INDEX fee_bill_import ON fee_bill (community, import) WHERE import <> '';

CREATE TABLE fee_payment (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  room TEXT NOT NULL,
  paid_on TEXT NOT NULL,
  -- cash, transfer, wechat, alipay, card, other
  way TEXT NOT NULL,
  amount INTEGER NOT NULL,
  -- what is not yet set against a bill; 0 when void
  credit INTEGER NOT NULL,
  receipt TEXT NOT NULL,
  payer TEXT NOT NULL,
  note TEXT NOT NULL,
  -- received or void
  state TEXT NOT NULL,
  void_reason TEXT NOT NULL,
  -- desk or import
  source TEXT NOT NULL,
  -- digest of an imported row without a receipt number, so that it is taken once
  source_key TEXT,
  import TEXT NOT NULL,
  -- the account that recorded it, or empty
  recorded_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX fee_payment_receipt ON fee_payment (community, receipt) WHERE receipt <> '';
CREATE UNIQUE INDEX fee_payment_source ON fee_payment (community, source_key) WHERE source_key IS NOT NULL;
CREATE INDEX fee_payment_room ON fee_payment (community, room, paid_on, id);
CREATE INDEX fee_payment_day ON fee_payment (community, paid_on, id);
CREATE INDEX fee_payment_credit ON fee_payment (community, room, credit, import) WHERE credit > 0;
CREATE INDEX fee_payment_import ON fee_payment (community, import) WHERE import <> '';

CREATE TABLE fee_allocation (
  community INTEGER NOT NULL,
  bill TEXT NOT NULL,
  payment TEXT NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (community, bill, payment)
) STRICT, WITHOUT ROWID;
CREATE INDEX fee_allocation_payment ON fee_allocation (community, payment);

-- Adjustments (amount either way) and write-offs (amount positive, taken off).
CREATE TABLE fee_correction (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  bill TEXT NOT NULL,
  -- adjustment or write_off
  kind TEXT NOT NULL,
  amount INTEGER NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX fee_correction_bill ON fee_correction (community, bill);

-- An agreement to pay arrears in instalments.
CREATE TABLE fee_plan (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  room TEXT NOT NULL,
  from_day TEXT NOT NULL,
  -- the last instalment's date
  until_day TEXT NOT NULL,
  note TEXT NOT NULL,
  -- active or ended
  state TEXT NOT NULL,
  made_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX fee_plan_active ON fee_plan (community, room) WHERE state = 'active';
CREATE INDEX fee_plan_room ON fee_plan (community, room, id);

CREATE TABLE fee_plan_part (
  community INTEGER NOT NULL,
  plan TEXT NOT NULL,
  due TEXT NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (community, plan, due)
) STRICT, WITHOUT ROWID;

-- The last receipt number of a year, so that receipts are without gaps.
CREATE TABLE fee_receipt_number (
  community INTEGER NOT NULL,
  year INTEGER NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (community, year)
) STRICT, WITHOUT ROWID;

-- Bills that an import changes: switched when it is committed, back when undone.
CREATE TABLE fee_import_bill (
  community INTEGER NOT NULL,
  import TEXT NOT NULL,
  bill TEXT NOT NULL,
  amount INTEGER NOT NULL,
  due TEXT NOT NULL,
  was_amount INTEGER NOT NULL,
  was_due TEXT NOT NULL,
  PRIMARY KEY (community, import, bill)
) STRICT, WITHOUT ROWID;

CREATE VIEW fee_bill_seen AS SELECT t.* FROM fee_bill t WHERE t.import = '' OR NOT EXISTS
  (SELECT 1 FROM import_hidden h WHERE h.community = t.community AND h.import = t.import);

CREATE VIEW fee_payment_seen AS SELECT t.* FROM fee_payment t WHERE t.import = '' OR NOT EXISTS
  (SELECT 1 FROM import_hidden h WHERE h.community = t.community AND h.import = t.import);
