-- The desk: tickets with their log, what they are sorted by, who works on them and when.

-- The last number of a year: taken within the write that opens a ticket, so none is left out.
CREATE TABLE desk_counter (
  community BIGINT NOT NULL,
  year BIGINT NOT NULL,
  last BIGINT NOT NULL,
  PRIMARY KEY (community, year)
);

CREATE TABLE desk_team (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  -- the account that leads it
  lead TEXT COLLATE "C",
  -- assign, grab or rotate
  mode TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, id)
);

CREATE TABLE desk_worker (
  community BIGINT NOT NULL,
  team TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  -- ids of categories, none for all; buildings as the roster has them, none for all
  skills TEXT COLLATE "C" NOT NULL,
  buildings TEXT COLLATE "C" NOT NULL,
  -- when a ticket was last given to them in turn
  turn_at BIGINT NOT NULL,
  PRIMARY KEY (community, team, account)
);

-- What tickets are about; a term that is empty is the parent's.
CREATE TABLE desk_category (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  parent TEXT COLLATE "C",
  kind TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  team TEXT COLLATE "C",
  priority TEXT COLLATE "C",
  first_minutes BIGINT,
  update_minutes BIGINT,
  resolve_minutes BIGINT,
  accept_minutes BIGINT,
  round_the_clock BIGINT,
  paid BIGINT NOT NULL,
  -- the code of a category that linli proposes, or empty
  code TEXT COLLATE "C" NOT NULL,
  -- who set the terms and when; empty while they are the trade's usual ones
  set_by TEXT COLLATE "C" NOT NULL,
  set_at BIGINT,
  place BIGINT NOT NULL,
  retired_at BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);

CREATE TABLE desk_settings (
  community BIGINT NOT NULL,
  -- the office's hours
  calendar TEXT COLLATE "C" NOT NULL,
  silent_days BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (community)
);

CREATE TABLE desk_ticket (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  year BIGINT NOT NULL,
  number BIGINT NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  category TEXT COLLATE "C",
  priority TEXT COLLATE "C" NOT NULL,
  source TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  -- 1 until nothing is owed any more
  open BIGINT NOT NULL,
  outcome TEXT COLLATE "C" NOT NULL,
  -- sealed under the key of `whose`: the reporter, the room or the ticket itself
  whose TEXT COLLATE "C" NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  phone TEXT COLLATE "C" NOT NULL,
  reporter_name TEXT COLLATE "C" NOT NULL,
  -- the own room, or the place of a common area in words
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
  -- who worked on it last: another calls back
  worker TEXT COLLATE "C",
  -- who a complaint is about, where it is a colleague
  subject TEXT COLLATE "C",
  -- who outside answers for it, or empty
  outside TEXT COLLATE "C" NOT NULL,
  -- 0 ordinary, 1 a confidential complaint, 2 one that the office does not see
  veil BIGINT NOT NULL,
  -- the incident that it belongs to
  incident TEXT COLLATE "C",
  is_incident BIGINT NOT NULL,
  households BIGINT NOT NULL,
  opened_at BIGINT NOT NULL,
  since BIGINT NOT NULL,
  state_at BIGINT NOT NULL,
  waits_for TEXT COLLATE "C" NOT NULL,
  waits_until BIGINT,
  accept_by BIGINT,
  price_fen BIGINT,
  price_yes_at BIGINT,
  -- wrong codes typed at the door
  code_tries BIGINT NOT NULL,
  rating BIGINT,
  -- 1 where silence confirmed it
  silent BIGINT NOT NULL,
  reopened BIGINT NOT NULL,
  -- when the clock looks at it next, and the next deadline as it was then: a hint to sort by
  look_at BIGINT,
  due_at BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
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
  community BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  veil BIGINT NOT NULL,
  tickets BIGINT NOT NULL,
  PRIMARY KEY (community, state, kind, veil)
);

-- The log of a ticket: what clocks are worked out from. Never changed.
CREATE TABLE desk_step (
  community BIGINT NOT NULL,
  ticket TEXT COLLATE "C" NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  -- an act of the table of states, or opened, said, asked, price, priced, part, picture, code
  act TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  by_account TEXT COLLATE "C",
  by_name TEXT COLLATE "C" NOT NULL,
  hand TEXT COLLATE "C" NOT NULL,
  -- 1 where the reporter sees it
  public BIGINT NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  until_at BIGINT,
  -- made by a device, the same when it sends again
  sent_id TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, ticket, seq)
);
CREATE UNIQUE INDEX desk_step_sent ON desk_step (community, by_account, sent_id) WHERE sent_id <> '';

-- An alarm that was given: once for a clock's round and step.
CREATE TABLE desk_alarm (
  community BIGINT NOT NULL,
  ticket TEXT COLLATE "C" NOT NULL,
  clock TEXT COLLATE "C" NOT NULL,
  round BIGINT NOT NULL,
  step TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (community, ticket, clock, round, step)
);
CREATE INDEX desk_alarm_at ON desk_alarm (community, at, ticket);

CREATE TABLE desk_part (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  ticket TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  -- in thousandths, as cable is cut
  amount BIGINT NOT NULL,
  unit TEXT COLLATE "C" NOT NULL,
  fen BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE INDEX desk_part_ticket ON desk_part (community, ticket, id);

CREATE TABLE desk_picture (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  ticket TEXT COLLATE "C" NOT NULL,
  -- reported, before or after
  moment TEXT COLLATE "C" NOT NULL,
  width BIGINT NOT NULL,
  height BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE INDEX desk_picture_ticket ON desk_picture (community, ticket, id);

-- +1: a household that the same incident concerns.
CREATE TABLE desk_household (
  community BIGINT NOT NULL,
  incident TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C",
  at BIGINT NOT NULL,
  PRIMARY KEY (community, incident, room)
);

-- What occurs in which ticket, as keyed digests of two signs or three letters.
CREATE TABLE desk_gram (
  community BIGINT NOT NULL,
  gram BIGINT NOT NULL,
  ticket TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, gram, ticket)
);

CREATE TABLE desk_call (
  community BIGINT NOT NULL,
  ticket TEXT COLLATE "C" NOT NULL,
  due_at BIGINT NOT NULL,
  -- due, done or missed
  state TEXT COLLATE "C" NOT NULL,
  by_account TEXT COLLATE "C",
  by_name TEXT COLLATE "C" NOT NULL,
  done_at BIGINT,
  content BIGINT,
  words TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, ticket)
);
CREATE INDEX desk_call_due ON desk_call (community, state, due_at, ticket);

CREATE TABLE desk_duty (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  -- what the one who comes after has to know, sealed under the key of the duty
  note TEXT COLLATE "C" NOT NULL,
  noted_at BIGINT,
  taken_by TEXT COLLATE "C",
  taken_name TEXT COLLATE "C" NOT NULL,
  taken_at BIGINT,
  PRIMARY KEY (community, id)
);
CREATE INDEX desk_duty_from ON desk_duty (community, from_at, id);

-- A saved filter of the work list, of one person.
CREATE TABLE desk_view (
  community BIGINT NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  query TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, account, id)
);
