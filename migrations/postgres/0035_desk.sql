-- The desk: what owners ask, report and complain of.

-- The last number of a year; taken in the write that opens a ticket, so that none is lost.
CREATE TABLE desk_counter (
  community BIGINT NOT NULL,
  year BIGINT NOT NULL,
  last BIGINT NOT NULL,
  PRIMARY KEY (community, year)
);

-- A ticket as it stands; how it came there lies in desk_step.
CREATE TABLE desk_ticket (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  year BIGINT NOT NULL,
  number BIGINT NOT NULL,
  -- enquiry, repair or complaint
  kind TEXT COLLATE "C" NOT NULL,
  category TEXT COLLATE "C",
  priority TEXT COLLATE "C" NOT NULL,
  source TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  -- 1 while something is owed
  open BIGINT NOT NULL,
  -- how it ended, or empty
  outcome TEXT COLLATE "C" NOT NULL,
  -- under whose key its words lie: the reporter's, or its own
  whose TEXT COLLATE "C" NOT NULL,
  -- sealed: what was reported, a phone to call, a name to ask for
  words TEXT COLLATE "C" NOT NULL,
  phone TEXT COLLATE "C" NOT NULL,
  reporter_name TEXT COLLATE "C" NOT NULL,
  -- one's own room, or a place of all
  room TEXT COLLATE "C",
  room_code TEXT COLLATE "C" NOT NULL,
  building TEXT COLLATE "C" NOT NULL,
  place TEXT COLLATE "C" NOT NULL,
  reporter TEXT COLLATE "C",
  reporter_account TEXT COLLATE "C",
  taken_by TEXT COLLATE "C",
  team TEXT COLLATE "C",
  assignee TEXT COLLATE "C",
  assignee_name TEXT COLLATE "C" NOT NULL,
  -- who did the work last: never the one who calls back
  worker TEXT COLLATE "C",
  -- the colleague that a complaint is about
  subject TEXT COLLATE "C",
  -- the body outside that answers for it, or empty
  outside TEXT COLLATE "C" NOT NULL,
  -- who may see it: 0 the office, 1 who decides on complaints, 2 those outside
  veil BIGINT NOT NULL,
  -- the ticket that gathers it
  incident TEXT COLLATE "C",
  is_incident BIGINT NOT NULL,
  households BIGINT NOT NULL,
  opened_at BIGINT NOT NULL,
  -- the first word that nobody answered
  since BIGINT NOT NULL,
  state_at BIGINT NOT NULL,
  waits_for TEXT COLLATE "C" NOT NULL,
  waits_until BIGINT,
  -- until when whom it was given to is to accept it
  accept_by BIGINT,
  price_fen BIGINT,
  price_yes_at BIGINT,
  rating BIGINT,
  -- 1 where silence confirmed it
  silent BIGINT NOT NULL,
  reopened BIGINT NOT NULL,
  -- when the clock is to look at it again
  look_at BIGINT,
  -- the next deadline as of the last write: the order of the list, nothing else
  due_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
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
  community BIGINT NOT NULL,
  veil BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  tickets BIGINT NOT NULL,
  PRIMARY KEY (community, veil, state, kind)
);

-- What was done about a ticket and said of it, in order; never changed.
CREATE TABLE desk_step (
  community BIGINT NOT NULL,
  ticket TEXT COLLATE "C" NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  -- an act of the table, or a note
  act TEXT COLLATE "C" NOT NULL,
  -- the state that it led to
  state TEXT COLLATE "C" NOT NULL,
  by_account TEXT COLLATE "C",
  by_name TEXT COLLATE "C" NOT NULL,
  hand TEXT COLLATE "C" NOT NULL,
  -- 1 where the reporter sees it
  public BIGINT NOT NULL,
  -- sealed
  words TEXT COLLATE "C" NOT NULL,
  -- how long it waits at most
  until_at BIGINT,
  -- what the device calls it, so that a second sending is the same
  sent_id TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, ticket, seq)
);
CREATE UNIQUE INDEX desk_step_sent ON desk_step (community, by_account, sent_id) WHERE sent_id <> '';

-- Pictures of a ticket; the bytes lie sealed in the data folder.
CREATE TABLE desk_picture (
  community BIGINT NOT NULL,
  ticket TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  -- report, before or after
  moment TEXT COLLATE "C" NOT NULL,
  width BIGINT NOT NULL,
  height BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (community, ticket, id)
);

-- What was used for a ticket, and what it costs the household.
CREATE TABLE desk_part (
  community BIGINT NOT NULL,
  ticket TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  -- in thousandths of the unit
  amount BIGINT NOT NULL,
  unit TEXT COLLATE "C" NOT NULL,
  fen BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (community, ticket, id)
);

-- Another person asks whether it was done (回訪).
CREATE TABLE desk_call (
  community BIGINT NOT NULL,
  ticket TEXT COLLATE "C" NOT NULL,
  due_at BIGINT NOT NULL,
  -- due, done or unreached
  state TEXT COLLATE "C" NOT NULL,
  by_account TEXT COLLATE "C",
  by_name TEXT COLLATE "C" NOT NULL,
  done_at BIGINT,
  -- 1 where the household was content
  content BIGINT,
  -- sealed
  words TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, ticket)
);
CREATE INDEX desk_call_due ON desk_call (community, due_at, ticket) WHERE state = 'due';

-- The households that have the same, one row each.
CREATE TABLE desk_household (
  community BIGINT NOT NULL,
  incident TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C" NOT NULL,
  -- who is told for it, where somebody has an account
  account TEXT COLLATE "C",
  at BIGINT NOT NULL,
  PRIMARY KEY (community, incident, room)
);

-- An alarm that was given: once for a clock, its round and how far it goes.
CREATE TABLE desk_alarm (
  community BIGINT NOT NULL,
  ticket TEXT COLLATE "C" NOT NULL,
  clock TEXT COLLATE "C" NOT NULL,
  round BIGINT NOT NULL,
  step TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (community, ticket, clock, round, step)
);

-- What tickets are about: a tree; what is empty is the parent's.
CREATE TABLE desk_category (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  parent TEXT COLLATE "C",
  kind TEXT COLLATE "C" NOT NULL,
  -- empty where it goes by the name that linli proposes for its code
  name TEXT COLLATE "C" NOT NULL,
  team TEXT COLLATE "C",
  priority TEXT COLLATE "C",
  -- minutes of working time
  first_minutes BIGINT,
  update_minutes BIGINT,
  resolve_minutes BIGINT,
  accept_minutes BIGINT,
  round_the_clock BIGINT,
  paid BIGINT NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  -- who set the terms and when; empty where linli proposed them
  set_by TEXT COLLATE "C" NOT NULL,
  set_at BIGINT,
  place BIGINT NOT NULL,
  retired_at BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);

-- The office's hours, as JSON, and when silence confirms.
CREATE TABLE desk_settings (
  community BIGINT NOT NULL,
  calendar TEXT COLLATE "C" NOT NULL,
  silent_days BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (community)
);

CREATE TABLE desk_team (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  lead TEXT COLLATE "C",
  -- assign, grab or rotate
  mode TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, id)
);

CREATE TABLE desk_worker (
  community BIGINT NOT NULL,
  team TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  -- lines of category ids and of buildings; empty means all
  skills TEXT COLLATE "C" NOT NULL,
  buildings TEXT COLLATE "C" NOT NULL,
  -- when they were last given one in turn
  turn_at BIGINT NOT NULL,
  PRIMARY KEY (community, team, account)
);

-- What a report holds, as keyed digests of pairs of signs; by it a search finds what it opens.
CREATE TABLE desk_gram (
  community BIGINT NOT NULL,
  gram BIGINT NOT NULL,
  ticket TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, gram, ticket)
);

-- Who is on duty when, and what they hand over.
CREATE TABLE desk_duty (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  -- sealed under a key of the duty's own
  note TEXT COLLATE "C" NOT NULL,
  noted_at BIGINT,
  taken_by TEXT COLLATE "C",
  taken_name TEXT COLLATE "C" NOT NULL,
  taken_at BIGINT,
  PRIMARY KEY (community, id)
);
CREATE INDEX desk_duty_time ON desk_duty (community, from_at, id);

-- Filters that a colleague keeps under a name.
CREATE TABLE desk_view (
  community BIGINT NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  query TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, account, id)
);
