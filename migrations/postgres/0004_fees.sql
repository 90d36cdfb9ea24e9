-- Fees: items and their rates, bills, payments, what pays what, corrections, plans.
-- Money is integer fen. As in the roster, the views *_seen leave out the rows of
-- imports under way. Rooms are the roster's.
CREATE TABLE fee_item (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  -- the folded name, by which an imported sheet finds it
  name_key TEXT COLLATE "C" NOT NULL,
  -- property, water, electricity, parking, other
  kind TEXT COLLATE "C" NOT NULL,
  -- area: rate x area; fixed: rate a room; given: no rate, bills by hand or import
  basis TEXT COLLATE "C" NOT NULL,
  -- a room's purpose, or empty for all rooms
  applies_to TEXT COLLATE "C" NOT NULL,
  -- bills of a month fall due on this day, so many months later
  due_day BIGINT NOT NULL,
  due_months BIGINT NOT NULL,
  active_from TEXT COLLATE "C" NOT NULL,
  active_until TEXT COLLATE "C",
  created_at BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX fee_item_name ON fee_item (community, name_key);

-- A rate holds from its month until the next one's.
CREATE TABLE fee_rate (
  community BIGINT NOT NULL,
  item TEXT COLLATE "C" NOT NULL,
  from_period TEXT COLLATE "C" NOT NULL,
  -- area: 0.01 fen per m2 and month; fixed: fen per month
  rate BIGINT NOT NULL,
  PRIMARY KEY (community, item, from_period)
);

CREATE TABLE fee_bill (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C" NOT NULL,
  item TEXT COLLATE "C" NOT NULL,
  -- the first and the last month that it is for
  period TEXT COLLATE "C" NOT NULL,
  period_last TEXT COLLATE "C" NOT NULL,
  amount BIGINT NOT NULL,
  -- sums of fee_correction and fee_allocation, kept with every change of them
  adjusted BIGINT NOT NULL,
  written_off BIGINT NOT NULL,
  allocated BIGINT NOT NULL,
  -- amount + adjusted - written_off - allocated; 0 when void
  owed BIGINT NOT NULL,
  due TEXT COLLATE "C" NOT NULL,
  -- rates, desk or import
  source TEXT COLLATE "C" NOT NULL,
  -- open, settled or void
  state TEXT COLLATE "C" NOT NULL,
  void_reason TEXT COLLATE "C" NOT NULL,
  -- the import that brought it, or empty
  import TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX fee_bill_once ON fee_bill (community, room, item, period);
CREATE INDEX fee_bill_owed ON fee_bill (community, room, due, owed, import) WHERE owed > 0;
CREATE INDEX fee_bill_due ON fee_bill (community, due, owed, room, import) WHERE owed > 0;
CREATE INDEX fee_bill_room ON fee_bill (community, room, due, id);
CREATE INDEX fee_bill_period ON fee_bill (community, period, item);
CREATE INDEX fee_bill_import ON fee_bill (community, import) WHERE import <> '';

CREATE TABLE fee_payment (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C" NOT NULL,
  paid_on TEXT COLLATE "C" NOT NULL,
  -- cash, transfer, wechat, alipay, card, other
  way TEXT COLLATE "C" NOT NULL,
  amount BIGINT NOT NULL,
  -- what is not yet set against a bill; 0 when void
  credit BIGINT NOT NULL,
  receipt TEXT COLLATE "C" NOT NULL,
  payer TEXT COLLATE "C" NOT NULL,
  note TEXT COLLATE "C" NOT NULL,
  -- received or void
  state TEXT COLLATE "C" NOT NULL,
  void_reason TEXT COLLATE "C" NOT NULL,
  -- desk or import
  source TEXT COLLATE "C" NOT NULL,
  -- digest of an imported row without a receipt number, so that it is taken once
  source_key TEXT COLLATE "C",
  import TEXT COLLATE "C" NOT NULL,
  -- the account that recorded it, or empty
  recorded_by TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX fee_payment_receipt ON fee_payment (community, receipt) WHERE receipt <> '';
CREATE UNIQUE INDEX fee_payment_source ON fee_payment (community, source_key) WHERE source_key IS NOT NULL;
CREATE INDEX fee_payment_room ON fee_payment (community, room, paid_on, id);
CREATE INDEX fee_payment_day ON fee_payment (community, paid_on, id);
CREATE INDEX fee_payment_credit ON fee_payment (community, room, credit, import) WHERE credit > 0;
CREATE INDEX fee_payment_import ON fee_payment (community, import) WHERE import <> '';

CREATE TABLE fee_allocation (
  community BIGINT NOT NULL,
  bill TEXT COLLATE "C" NOT NULL,
  payment TEXT COLLATE "C" NOT NULL,
  amount BIGINT NOT NULL,
  PRIMARY KEY (community, bill, payment)
);
CREATE INDEX fee_allocation_payment ON fee_allocation (community, payment);

-- Adjustments (amount either way) and write-offs (amount positive, taken off).
CREATE TABLE fee_correction (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  bill TEXT COLLATE "C" NOT NULL,
  -- adjustment or write_off
  kind TEXT COLLATE "C" NOT NULL,
  amount BIGINT NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  made_by TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE INDEX fee_correction_bill ON fee_correction (community, bill);

-- An agreement to pay arrears in instalments.
CREATE TABLE fee_plan (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C" NOT NULL,
  from_day TEXT COLLATE "C" NOT NULL,
  -- the last instalment's date
  until_day TEXT COLLATE "C" NOT NULL,
  note TEXT COLLATE "C" NOT NULL,
  -- active or ended
  state TEXT COLLATE "C" NOT NULL,
  made_by TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX fee_plan_active ON fee_plan (community, room) WHERE state = 'active';
CREATE INDEX fee_plan_room ON fee_plan (community, room, id);

CREATE TABLE fee_plan_part (
  community BIGINT NOT NULL,
  plan TEXT COLLATE "C" NOT NULL,
  due TEXT COLLATE "C" NOT NULL,
  amount BIGINT NOT NULL,
  PRIMARY KEY (community, plan, due)
);

-- The last receipt number of a year, so that receipts are without gaps.
CREATE TABLE fee_receipt_number (
  community BIGINT NOT NULL,
  year BIGINT NOT NULL,
  last BIGINT NOT NULL,
  PRIMARY KEY (community, year)
);

-- Bills that an import changes: switched when it is committed, back when undone.
CREATE TABLE fee_import_bill (
  community BIGINT NOT NULL,
  import TEXT COLLATE "C" NOT NULL,
  bill TEXT COLLATE "C" NOT NULL,
  amount BIGINT NOT NULL,
  due TEXT COLLATE "C" NOT NULL,
  was_amount BIGINT NOT NULL,
  was_due TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, import, bill)
);

CREATE VIEW fee_bill_seen AS SELECT t.* FROM fee_bill t WHERE t.import = '' OR NOT EXISTS
  (SELECT 1 FROM import_hidden h WHERE h.community = t.community AND h.import = t.import);

CREATE VIEW fee_payment_seen AS SELECT t.* FROM fee_payment t WHERE t.import = '' OR NOT EXISTS
  (SELECT 1 FROM import_hidden h WHERE h.community = t.community AND h.import = t.import);
