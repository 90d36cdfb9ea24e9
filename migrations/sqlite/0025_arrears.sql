-- Arrears that are followed up: what is owed to follow up and by when, contacts, holds, letters.

-- One row for each room that owes something, due or not. Worked out from the fees' bills and
-- the rows below, and made anew from them by `linli arrears rebuild`; days as YYYY-MM-DD.
CREATE TABLE arrears_account (
  community INTEGER NOT NULL,
  room TEXT NOT NULL,
  -- as on the shelf, repeated from the roster
  code TEXT NOT NULL,
  sort_key BLOB NOT NULL,
  building TEXT NOT NULL,
  -- as the fees have it: what shows that the row is to be worked out anew
  bills_due TEXT NOT NULL,
  bills_fen INTEGER NOT NULL,
  -- the earliest unpaid due day, an instalment's where a plan runs
  anchor TEXT NOT NULL,
  scope_from TEXT NOT NULL,
  contact_on TEXT,
  reached_on TEXT,
  promised_on TEXT,
  -- the last day of the latest hold, and why it is held
  held_until TEXT,
  held_why TEXT NOT NULL,
  deadline TEXT NOT NULL,
  -- the last working day on which it is done
  work_by TEXT NOT NULL,
  -- from when it stands on the day's list
  task_on TEXT NOT NULL,
  reach_by TEXT NOT NULL,
  limit_on TEXT NOT NULL,
  -- how far collecting has gone, or empty
  stage TEXT NOT NULL,
  -- 0, 1 the supervisor was told, 2 the manager
  escalated INTEGER NOT NULL,
  -- the anchor that the ledger knows of, or empty
  told TEXT NOT NULL,
  PRIMARY KEY (community, room)
) STRICT, WITHOUT ROWID;
CREATE INDEX arrears_account_deadline ON arrears_account (community, deadline, room, scope_from, task_on);
-- The chips' counts are read from this alone.
CREATE INDEX arrears_account_scope ON arrears_account (community, scope_from, deadline, task_on, work_by, promised_on, held_until, escalated, reach_by, limit_on, anchor, building);
CREATE INDEX arrears_account_shelf ON arrears_account (community, sort_key, room);
CREATE INDEX arrears_account_sum ON arrears_account (community, bills_fen, room);
CREATE INDEX arrears_account_limit ON arrears_account (community, limit_on, room);
CREATE INDEX arrears_account_told ON arrears_account (community, told, room) WHERE told <> '';

-- A follow-up. Never changed: what was wrong is corrected by another row.
CREATE TABLE arrears_contact (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  room TEXT NOT NULL,
  -- when it took place, in Shanghai
  on_day TEXT NOT NULL,
  minute INTEGER NOT NULL,
  -- phone, message, visit, desk, letter
  way TEXT NOT NULL,
  -- owner, family, tenant, agent or nobody
  reached TEXT NOT NULL,
  -- 1 where the household came or called by itself
  incoming INTEGER NOT NULL,
  -- 1 where it can be shown that the demand arrived (訴訟時效規定 8)
  arrived INTEGER NOT NULL,
  -- what was overdue when it was said
  shown_fen INTEGER NOT NULL,
  result TEXT NOT NULL,
  -- what the office said, and what was answered; sealed under the room's key
  said TEXT NOT NULL,
  answered TEXT NOT NULL,
  promised_on TEXT,
  promised_fen INTEGER,
  -- the edition of the words that it was said in
  edition INTEGER NOT NULL,
  -- a document of the room's dossier as evidence
  document TEXT,
  -- the letter that was handed over
  letter TEXT,
  -- the row that this one puts in its place, and the one that took this one's
  corrects TEXT,
  corrected_by TEXT,
  by_account TEXT NOT NULL,
  by_name TEXT NOT NULL,
  logged_at INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX arrears_contact_room ON arrears_contact (community, room, on_day, minute, id);
CREATE INDEX arrears_contact_day ON arrears_contact (community, on_day, by_account);

-- A hold: asked for by the office or the owner, decided by the manager.
CREATE TABLE arrears_hold (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  room TEXT NOT NULL,
  -- dispute, plan, litigation, hardship or death
  why TEXT NOT NULL,
  -- in the asker's words, and the decider's; sealed under the room's key
  note TEXT NOT NULL,
  answer TEXT NOT NULL,
  -- asked, granted, refused or lifted
  state TEXT NOT NULL,
  from_day TEXT,
  until_day TEXT,
  asked_by TEXT NOT NULL,
  asked_name TEXT NOT NULL,
  -- the asker on the roster, where known: who asks never decides
  asked_person TEXT,
  -- 1 where the owner asked
  by_owner INTEGER NOT NULL,
  asked_at INTEGER NOT NULL,
  decided_name TEXT NOT NULL,
  decided_at INTEGER,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX arrears_hold_room ON arrears_hold (community, room, asked_at);
CREATE INDEX arrears_hold_state ON arrears_hold (community, state, asked_at, id);

-- A written demand, numbered within its year.
CREATE TABLE arrears_letter (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  room TEXT NOT NULL,
  year INTEGER NOT NULL,
  nth INTEGER NOT NULL,
  -- demand or last
  kind TEXT NOT NULL,
  issued_on TEXT NOT NULL,
  pay_by TEXT NOT NULL,
  owed_fen INTEGER NOT NULL,
  -- the items as they stood, as JSON sealed under the room's key
  items TEXT NOT NULL,
  -- issued, delivered or returned
  state TEXT NOT NULL,
  -- signed, left, post or refused
  delivery TEXT NOT NULL,
  delivered_on TEXT,
  by_name TEXT NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX arrears_letter_nth ON arrears_letter (community, year, nth);
CREATE INDEX arrears_letter_room ON arrears_letter (community, room, issued_on);

-- Who follows up the rooms of a building.
CREATE TABLE arrears_share (
  community INTEGER NOT NULL,
  building TEXT NOT NULL,
  account TEXT NOT NULL,
  PRIMARY KEY (community, building)
) STRICT, WITHOUT ROWID;

CREATE TABLE arrears_policy (
  community INTEGER NOT NULL,
  -- days that a demand gives to pay
  term_days INTEGER NOT NULL,
  -- days after a missed deadline on which the manager is told
  manager_days INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (community)
) STRICT, WITHOUT ROWID;

CREATE TABLE arrears_cursor (
  community INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (community)
) STRICT, WITHOUT ROWID;
