-- The desk: tickets with their log, what they are sorted by, who works on them and when.

-- The last number of a year: taken within the write that opens a ticket, so none is left out.
CREATE TABLE desk_counter (
  community INTEGER NOT NULL,
  year INTEGER NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (community, year)
) STRICT, WITHOUT ROWID;

CREATE TABLE desk_team (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  -- the account that leads it
  lead TEXT,
  -- assign, grab or rotate
  mode TEXT NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE desk_worker (
  community INTEGER NOT NULL,
  team TEXT NOT NULL,
  account TEXT NOT NULL,
  -- ids of categories, none for all; buildings as the roster has them, none for all
  skills TEXT NOT NULL,
  buildings TEXT NOT NULL,
  -- when a ticket was last given to them in turn
  turn_at INTEGER NOT NULL,
  PRIMARY KEY (community, team, account)
) STRICT, WITHOUT ROWID;

-- What tickets are about; a term that is empty is the parent's.
CREATE TABLE desk_category (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  parent TEXT,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  team TEXT,
  priority TEXT,
  first_minutes INTEGER,
  update_minutes INTEGER,
  resolve_minutes INTEGER,
  accept_minutes INTEGER,
  round_the_clock INTEGER,
  paid INTEGER NOT NULL,
  -- the code of a category that linli proposes, or empty
  code TEXT NOT NULL,
  -- who set the terms and when; empty while they are the trade's usual ones
  set_by TEXT NOT NULL,
  set_at INTEGER,
  place INTEGER NOT NULL,
  retired_at INTEGER,
  version INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE desk_settings (
  community INTEGER NOT NULL,
  -- the office's hours
  calendar TEXT NOT NULL,
  silent_days INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (community)
) STRICT, WITHOUT ROWID;

CREATE TABLE desk_ticket (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  year INTEGER NOT NULL,
  number INTEGER NOT NULL,
  kind TEXT NOT NULL,
  category TEXT,
  priority TEXT NOT NULL,
  source TEXT NOT NULL,
  state TEXT NOT NULL,
  -- 1 until nothing is owed any more
  open INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  -- sealed under the key of `whose`: the reporter, the room or the ticket itself
  whose TEXT NOT NULL,
  words TEXT NOT NULL,
  phone TEXT NOT NULL,
  reporter_name TEXT NOT NULL,
  -- the own room, or the place of a common area in words
  room TEXT,
  room_code TEXT NOT NULL,
  building TEXT NOT NULL,
  place TEXT NOT NULL,
  reporter TEXT,
  reporter_account TEXT,
  taken_by TEXT,
  team TEXT,
  assignee TEXT,
  assignee_name TEXT NOT NULL,
  -- who worked on it last: another calls back
  worker TEXT,
  -- who a complaint is about, where it is a colleague
  subject TEXT,
  -- who outside answers for it, or empty
  outside TEXT NOT NULL,
  -- 0 ordinary, 1 a confidential complaint, 2 one that the office does not see
  veil INTEGER NOT NULL,
  -- the incident that it belongs to
  incident TEXT,
  is_incident INTEGER NOT NULL,
  households INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  since INTEGER NOT NULL,
  state_at INTEGER NOT NULL,
  waits_for TEXT NOT NULL,
  waits_until INTEGER,
  accept_by INTEGER,
  price_fen INTEGER,
  price_yes_at INTEGER,
  -- wrong codes typed at the door
  code_tries INTEGER NOT NULL,
  rating INTEGER,
  -- 1 where silence confirmed it
  silent INTEGER NOT NULL,
  reopened INTEGER NOT NULL,
  -- when the clock looks at it next, and the next deadline as it was then: a hint to sort by
  look_at INTEGER,
  due_at INTEGER,
  version INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX desk_ticket_number ON desk_ticket (community, year, number);
CREATE INDEX desk_ticket_look ON desk_ticket (community, look_at, id) WHERE look_at IS NOT NULL;
CREATE INDEX desk_ticket_due ON desk_ticket (community, open, due_at, id);
CREATE INDEX desk_ticket_state ON desk_ticket (community, state, due_at, id);
CREATE INDEX desk_ticket_kind ON desk_ticket (community, open, kind, due_at, id);
CREATE INDEX desk_ticket_team ON desk_ticket (community, open, team, due_at, id);
CREATE INDEX desk_ticket_building ON desk_ticket (community, open, building, due_at, id);
CREATE INDEX desk_ticket_assignee ON desk_ticket (community, assignee, open, due_at, id) WHERE assignee IS NOT NULL;
CREATE INDEX desk_ticket_reporter ON desk_ticket (community, reporter, id) WHERE reporter IS NOT NULL;
CREATE INDEX desk_ticket_account ON desk_ticket (community, reporter_account, id) WHERE reporter_account IS NOT NULL;
CREATE INDEX desk_ticket_incident ON desk_ticket (community, incident, id) WHERE incident IS NOT NULL;
CREATE INDEX desk_ticket_common ON desk_ticket (community, is_incident, open, id);
CREATE INDEX desk_ticket_outside ON desk_ticket (community, outside, id) WHERE outside <> '';
CREATE INDEX desk_ticket_room ON desk_ticket (community, room, id) WHERE room IS NOT NULL;

-- How many tickets stand where: exact totals of lists of a million rows.
CREATE TABLE desk_tally (
  community INTEGER NOT NULL,
  state TEXT NOT NULL,
  kind TEXT NOT NULL,
  veil INTEGER NOT NULL,
  tickets INTEGER NOT NULL,
  PRIMARY KEY (community, state, kind, veil)
) STRICT, WITHOUT ROWID;

-- The log of a ticket: what clocks are worked out from. Never changed.
CREATE TABLE desk_step (
  community INTEGER NOT NULL,
  ticket TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  -- an act of the table of states, or opened, said, asked, price, priced, part, picture, code
  act TEXT NOT NULL,
  state TEXT NOT NULL,
  by_account TEXT,
  by_name TEXT NOT NULL,
  hand TEXT NOT NULL,
  -- 1 where the reporter sees it
  public INTEGER NOT NULL,
  words TEXT NOT NULL,
  until_at INTEGER,
  -- made by a device, the same when it sends again
  sent_id TEXT NOT NULL,
  PRIMARY KEY (community, ticket, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX desk_step_sent ON desk_step (community, by_account, sent_id) WHERE sent_id <> '';

-- An alarm that was given: once for a clock's round and step.
CREATE TABLE desk_alarm (
  community INTEGER NOT NULL,
  ticket TEXT NOT NULL,
  clock TEXT NOT NULL,
  round INTEGER NOT NULL,
  step TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, ticket, clock, round, step)
) STRICT, WITHOUT ROWID;
CREATE INDEX desk_alarm_at ON desk_alarm (community, at, ticket);

CREATE TABLE desk_part (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  ticket TEXT NOT NULL,
  name TEXT NOT NULL,
  -- in thousandths, as cable is cut
  amount INTEGER NOT NULL,
  unit TEXT NOT NULL,
  fen INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX desk_part_ticket ON desk_part (community, ticket, id);

CREATE TABLE desk_picture (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  ticket TEXT NOT NULL,
  -- reported, before or after
  moment TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX desk_picture_ticket ON desk_picture (community, ticket, id);

-- +1: a household that the same incident concerns.
CREATE TABLE desk_household (
  community INTEGER NOT NULL,
  incident TEXT NOT NULL,
  room TEXT NOT NULL,
  account TEXT,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, incident, room)
) STRICT, WITHOUT ROWID;

-- What occurs in which ticket, as keyed digests of two signs or three letters.
CREATE TABLE desk_gram (
  community INTEGER NOT NULL,
  gram INTEGER NOT NULL,
  ticket TEXT NOT NULL,
  PRIMARY KEY (community, gram, ticket)
) STRICT, WITHOUT ROWID;

CREATE TABLE desk_call (
  community INTEGER NOT NULL,
  ticket TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  -- due, done or missed
  state TEXT NOT NULL,
  by_account TEXT,
  by_name TEXT NOT NULL,
  done_at INTEGER,
  content INTEGER,
  words TEXT NOT NULL,
  PRIMARY KEY (community, ticket)
) STRICT, WITHOUT ROWID;
CREATE INDEX desk_call_due ON desk_call (community, state, due_at, ticket);

CREATE TABLE desk_duty (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  until_at INTEGER NOT NULL,
  -- what the one who comes after has to know, sealed under the key of the duty
  note TEXT NOT NULL,
  noted_at INTEGER,
  taken_by TEXT,
  taken_name TEXT NOT NULL,
  taken_at INTEGER,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX desk_duty_from ON desk_duty (community, from_at, id);

-- A saved filter of the work list, of one person.
CREATE TABLE desk_view (
  community INTEGER NOT NULL,
  account TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  PRIMARY KEY (community, account, id)
) STRICT, WITHOUT ROWID;
