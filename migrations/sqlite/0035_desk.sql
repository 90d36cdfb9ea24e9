-- The desk: what owners ask, report and complain of.

-- The last number of a year; taken in the write that opens a ticket, so that none is lost.
CREATE TABLE desk_counter (
  community INTEGER NOT NULL,
  year INTEGER NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (community, year)
) STRICT, WITHOUT ROWID;

-- A ticket as it stands; how it came there lies in desk_step.
CREATE TABLE desk_ticket (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  year INTEGER NOT NULL,
  number INTEGER NOT NULL,
  -- enquiry, repair or complaint
  kind TEXT NOT NULL,
  category TEXT,
  priority TEXT NOT NULL,
  source TEXT NOT NULL,
  state TEXT NOT NULL,
  -- 1 while something is owed
  open INTEGER NOT NULL,
  -- how it ended, or empty
  outcome TEXT NOT NULL,
  -- under whose key its words lie: the reporter's, or its own
  whose TEXT NOT NULL,
  -- sealed: what was reported, a phone to call, a name to ask for
  words TEXT NOT NULL,
  phone TEXT NOT NULL,
  reporter_name TEXT NOT NULL,
  -- one's own room, or a place of all
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
  -- who did the work last: never the one who calls back
  worker TEXT,
  -- the colleague that a complaint is about
  subject TEXT,
  -- the body outside that answers for it, or empty
  outside TEXT NOT NULL,
  -- who may see it: 0 the office, 1 who decides on complaints, 2 those outside
  veil INTEGER NOT NULL,
  -- the ticket that gathers it
  incident TEXT,
  is_incident INTEGER NOT NULL,
  households INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  -- the first word that nobody answered
  since INTEGER NOT NULL,
  state_at INTEGER NOT NULL,
  waits_for TEXT NOT NULL,
  waits_until INTEGER,
  -- until when whom it was given to is to accept it
  accept_by INTEGER,
  price_fen INTEGER,
  price_yes_at INTEGER,
  rating INTEGER,
  -- 1 where silence confirmed it
  silent INTEGER NOT NULL,
  reopened INTEGER NOT NULL,
  -- when the clock is to look at it again
  look_at INTEGER,
  -- the next deadline as of the last write: the order of the list, nothing else
  due_at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX desk_ticket_number ON desk_ticket (community, year, number);
CREATE INDEX desk_ticket_open ON desk_ticket (community, veil, open, due_at, id);
CREATE INDEX desk_ticket_state ON desk_ticket (community, veil, state, due_at, id);
CREATE INDEX desk_ticket_newest ON desk_ticket (community, veil, id);
CREATE INDEX desk_ticket_kind ON desk_ticket (community, veil, kind, open, due_at, id);
CREATE INDEX desk_ticket_building ON desk_ticket (community, veil, building, open, due_at, id);
CREATE INDEX desk_ticket_category ON desk_ticket (community, veil, category, open, due_at, id);
CREATE INDEX desk_ticket_team ON desk_ticket (community, veil, team, open, due_at, id);
CREATE INDEX desk_ticket_priority ON desk_ticket (community, veil, priority, open, due_at, id);
CREATE INDEX desk_ticket_assignee ON desk_ticket (community, assignee, open, due_at, id) WHERE assignee IS NOT NULL;
CREATE INDEX desk_ticket_room ON desk_ticket (community, room, id) WHERE room IS NOT NULL;
CREATE INDEX desk_ticket_reporter ON desk_ticket (community, reporter, id) WHERE reporter IS NOT NULL;
CREATE INDEX desk_ticket_account ON desk_ticket (community, reporter_account, id) WHERE reporter_account IS NOT NULL;
CREATE INDEX desk_ticket_look ON desk_ticket (community, look_at, id) WHERE look_at IS NOT NULL;
CREATE INDEX desk_ticket_gathered ON desk_ticket (community, incident, id) WHERE incident IS NOT NULL;
CREATE INDEX desk_ticket_incident ON desk_ticket (community, building, id) WHERE is_incident = 1 AND open = 1;

-- How many tickets stand where: a list says its total without counting.
CREATE TABLE desk_tally (
  community INTEGER NOT NULL,
  veil INTEGER NOT NULL,
  state TEXT NOT NULL,
  kind TEXT NOT NULL,
  tickets INTEGER NOT NULL,
  PRIMARY KEY (community, veil, state, kind)
) STRICT, WITHOUT ROWID;

-- What was done about a ticket and said of it, in order; never changed.
CREATE TABLE desk_step (
  community INTEGER NOT NULL,
  ticket TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  -- an act of the table, or a note
  act TEXT NOT NULL,
  -- the state that it led to
  state TEXT NOT NULL,
  by_account TEXT,
  by_name TEXT NOT NULL,
  hand TEXT NOT NULL,
  -- 1 where the reporter sees it
  public INTEGER NOT NULL,
  -- sealed
  words TEXT NOT NULL,
  -- how long it waits at most
  until_at INTEGER,
  -- what the device calls it, so that a second sending is the same
  sent_id TEXT NOT NULL,
  PRIMARY KEY (community, ticket, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX desk_step_sent ON desk_step (community, by_account, sent_id) WHERE sent_id <> '';

-- Pictures of a ticket; the bytes lie sealed in the data folder.
CREATE TABLE desk_picture (
  community INTEGER NOT NULL,
  ticket TEXT NOT NULL,
  id TEXT NOT NULL,
  -- report, before or after
  moment TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, ticket, id)
) STRICT, WITHOUT ROWID;

-- What was used for a ticket, and what it costs the household.
CREATE TABLE desk_part (
  community INTEGER NOT NULL,
  ticket TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  -- in thousandths of the unit
  amount INTEGER NOT NULL,
  unit TEXT NOT NULL,
  fen INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, ticket, id)
) STRICT, WITHOUT ROWID;

-- Another person asks whether it was done (回訪).
CREATE TABLE desk_call (
  community INTEGER NOT NULL,
  ticket TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  -- due, done or unreached
  state TEXT NOT NULL,
  by_account TEXT,
  by_name TEXT NOT NULL,
  done_at INTEGER,
  -- 1 where the household was content
  content INTEGER,
  -- sealed
  words TEXT NOT NULL,
  PRIMARY KEY (community, ticket)
) STRICT, WITHOUT ROWID;
CREATE INDEX desk_call_due ON desk_call (community, due_at, ticket) WHERE state = 'due';

-- The households that have the same, one row each.
CREATE TABLE desk_household (
  community INTEGER NOT NULL,
  incident TEXT NOT NULL,
  room TEXT NOT NULL,
  -- who is told for it, where somebody has an account
  account TEXT,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, incident, room)
) STRICT, WITHOUT ROWID;

-- An alarm that was given: once for a clock, its round and how far it goes.
CREATE TABLE desk_alarm (
  community INTEGER NOT NULL,
  ticket TEXT NOT NULL,
  clock TEXT NOT NULL,
  round INTEGER NOT NULL,
  step TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, ticket, clock, round, step)
) STRICT, WITHOUT ROWID;

-- What tickets are about: a tree; what is empty is the parent's.
CREATE TABLE desk_category (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  parent TEXT,
  kind TEXT NOT NULL,
  -- empty where it goes by the name that linli proposes for its code
  name TEXT NOT NULL,
  team TEXT,
  priority TEXT,
  -- minutes of working time
  first_minutes INTEGER,
  update_minutes INTEGER,
  resolve_minutes INTEGER,
  accept_minutes INTEGER,
  round_the_clock INTEGER,
  paid INTEGER NOT NULL,
  code TEXT NOT NULL,
  -- who set the terms and when; empty where linli proposed them
  set_by TEXT NOT NULL,
  set_at INTEGER,
  place INTEGER NOT NULL,
  retired_at INTEGER,
  version INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;

-- The office's hours, as JSON, and when silence confirms.
CREATE TABLE desk_settings (
  community INTEGER NOT NULL,
  calendar TEXT NOT NULL,
  silent_days INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (community)
) STRICT, WITHOUT ROWID;

CREATE TABLE desk_team (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  lead TEXT,
  -- assign, grab or rotate
  mode TEXT NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE desk_worker (
  community INTEGER NOT NULL,
  team TEXT NOT NULL,
  account TEXT NOT NULL,
  -- lines of category ids and of buildings; empty means all
  skills TEXT NOT NULL,
  buildings TEXT NOT NULL,
  -- when they were last given one in turn
  turn_at INTEGER NOT NULL,
  PRIMARY KEY (community, team, account)
) STRICT, WITHOUT ROWID;

-- What a report holds, as keyed digests of pairs of signs; by it a search finds what it opens.
CREATE TABLE desk_gram (
  community INTEGER NOT NULL,
  gram INTEGER NOT NULL,
  ticket TEXT NOT NULL,
  PRIMARY KEY (community, gram, ticket)
) STRICT, WITHOUT ROWID;

-- Who is on duty when, and what they hand over.
CREATE TABLE desk_duty (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  until_at INTEGER NOT NULL,
  -- sealed under a key of the duty's own
  note TEXT NOT NULL,
  noted_at INTEGER,
  taken_by TEXT,
  taken_name TEXT NOT NULL,
  taken_at INTEGER,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX desk_duty_time ON desk_duty (community, from_at, id);

-- Filters that a colleague keeps under a name.
CREATE TABLE desk_view (
  community INTEGER NOT NULL,
  account TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  PRIMARY KEY (community, account, id)
) STRICT, WITHOUT ROWID;
