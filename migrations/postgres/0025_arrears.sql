-- Arrears that are followed up: what is owed to follow up and by when, contacts, holds, letters.

-- One row for each room that owes something, due or not. Worked out from the fees' bills and
-- the rows below, and made anew from them by `linli arrears rebuild`; days as YYYY-MM-DD.
CREATE TABLE arrears_account (
  community BIGINT NOT NULL,
  room TEXT COLLATE "C" NOT NULL,
  -- as on the shelf, repeated from the roster
  code TEXT COLLATE "C" NOT NULL,
  sort_key BYTEA NOT NULL,
  building TEXT COLLATE "C" NOT NULL,
  -- as the fees have it: what shows that the row is to be worked out anew
  bills_due TEXT COLLATE "C" NOT NULL,
  bills_fen BIGINT NOT NULL,
  -- the earliest unpaid due day, an instalment's where a plan runs
  anchor TEXT COLLATE "C" NOT NULL,
  scope_from TEXT COLLATE "C" NOT NULL,
  contact_on TEXT COLLATE "C",
  reached_on TEXT COLLATE "C",
  promised_on TEXT COLLATE "C",
  -- the last day of the latest hold, and why it is held
  held_until TEXT COLLATE "C",
  held_why TEXT COLLATE "C" NOT NULL,
  deadline TEXT COLLATE "C" NOT NULL,
  -- the last working day on which it is done
  work_by TEXT COLLATE "C" NOT NULL,
  -- from when it stands on the day's list
  task_on TEXT COLLATE "C" NOT NULL,
  reach_by TEXT COLLATE "C" NOT NULL,
  limit_on TEXT COLLATE "C" NOT NULL,
  -- how far collecting has gone, or empty
  stage TEXT COLLATE "C" NOT NULL,
  -- 0, 1 the supervisor was told, 2 the manager
  escalated BIGINT NOT NULL,
  -- the anchor that the ledger knows of, or empty
  told TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, room)
);
CREATE INDEX arrears_account_deadline ON arrears_account (community, deadline, room, scope_from, task_on);
-- The chips' counts are read from this alone.
CREATE INDEX arrears_account_scope ON arrears_account (community, scope_from, deadline, task_on, work_by, promised_on, held_until, escalated, reach_by, limit_on, anchor, building);
CREATE INDEX arrears_account_shelf ON arrears_account (community, sort_key, room);
CREATE INDEX arrears_account_sum ON arrears_account (community, bills_fen, room);
CREATE INDEX arrears_account_limit ON arrears_account (community, limit_on, room);
CREATE INDEX arrears_account_told ON arrears_account (community, told, room) WHERE told <> '';

-- A follow-up. Never changed: what was wrong is corrected by another row.
CREATE TABLE arrears_contact (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C" NOT NULL,
  -- when it took place, in Shanghai
  on_day TEXT COLLATE "C" NOT NULL,
  minute BIGINT NOT NULL,
  -- phone, message, visit, desk, letter
  way TEXT COLLATE "C" NOT NULL,
  -- owner, family, tenant, agent or nobody
  reached TEXT COLLATE "C" NOT NULL,
  -- 1 where the household came or called by itself
  incoming BIGINT NOT NULL,
  -- 1 where it can be shown that the demand arrived (訴訟時效規定 8)
  arrived BIGINT NOT NULL,
  -- what was overdue when it was said
  shown_fen BIGINT NOT NULL,
  result TEXT COLLATE "C" NOT NULL,
  -- what the office said, and what was answered; sealed under the room's key
  said TEXT COLLATE "C" NOT NULL,
  answered TEXT COLLATE "C" NOT NULL,
  promised_on TEXT COLLATE "C",
  promised_fen BIGINT,
  -- the edition of the words that it was said in
  edition BIGINT NOT NULL,
  -- a document of the room's dossier as evidence
  document TEXT COLLATE "C",
  -- the letter that was handed over
  letter TEXT COLLATE "C",
  -- the row that this one puts in its place, and the one that took this one's
  corrects TEXT COLLATE "C",
  corrected_by TEXT COLLATE "C",
  by_account TEXT COLLATE "C" NOT NULL,
  by_name TEXT COLLATE "C" NOT NULL,
  logged_at BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE INDEX arrears_contact_room ON arrears_contact (community, room, on_day, minute, id);
CREATE INDEX arrears_contact_day ON arrears_contact (community, on_day, by_account);

-- A hold: asked for by the office or the owner, decided by the manager.
CREATE TABLE arrears_hold (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C" NOT NULL,
  -- dispute, plan, litigation, hardship or death
  why TEXT COLLATE "C" NOT NULL,
  -- in the asker's words, and the decider's; sealed under the room's key
  note TEXT COLLATE "C" NOT NULL,
  answer TEXT COLLATE "C" NOT NULL,
  -- asked, granted, refused or lifted
  state TEXT COLLATE "C" NOT NULL,
  from_day TEXT COLLATE "C",
  until_day TEXT COLLATE "C",
  asked_by TEXT COLLATE "C" NOT NULL,
  asked_name TEXT COLLATE "C" NOT NULL,
  -- the asker on the roster, where known: who asks never decides
  asked_person TEXT COLLATE "C",
  -- 1 where the owner asked
  by_owner BIGINT NOT NULL,
  asked_at BIGINT NOT NULL,
  decided_name TEXT COLLATE "C" NOT NULL,
  decided_at BIGINT,
  PRIMARY KEY (community, id)
);
CREATE INDEX arrears_hold_room ON arrears_hold (community, room, asked_at);
CREATE INDEX arrears_hold_state ON arrears_hold (community, state, asked_at, id);

-- A written demand, numbered within its year.
CREATE TABLE arrears_letter (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C" NOT NULL,
  year BIGINT NOT NULL,
  nth BIGINT NOT NULL,
  -- demand or last
  kind TEXT COLLATE "C" NOT NULL,
  issued_on TEXT COLLATE "C" NOT NULL,
  pay_by TEXT COLLATE "C" NOT NULL,
  owed_fen BIGINT NOT NULL,
  -- the items as they stood, as JSON sealed under the room's key
  items TEXT COLLATE "C" NOT NULL,
  -- issued, delivered or returned
  state TEXT COLLATE "C" NOT NULL,
  -- signed, left, post or refused
  delivery TEXT COLLATE "C" NOT NULL,
  delivered_on TEXT COLLATE "C",
  by_name TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX arrears_letter_nth ON arrears_letter (community, year, nth);
CREATE INDEX arrears_letter_room ON arrears_letter (community, room, issued_on);

-- Who follows up the rooms of a building.
CREATE TABLE arrears_share (
  community BIGINT NOT NULL,
  building TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, building)
);

CREATE TABLE arrears_policy (
  community BIGINT NOT NULL,
  -- days that a demand gives to pay
  term_days BIGINT NOT NULL,
  -- days after a missed deadline on which the manager is told
  manager_days BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (community)
);

CREATE TABLE arrears_cursor (
  community BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (community)
);
