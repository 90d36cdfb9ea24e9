-- 季度普查: a plan per quarter, what each tenure owes, visits, answers and the links by which
-- households check themselves.

-- A quarter's plan, and once it is closed, how it ended.
CREATE TABLE census_plan (
  community BIGINT NOT NULL,
  -- 2026-Q1
  quarter TEXT COLLATE "C" NOT NULL,
  made_at BIGINT NOT NULL,
  tended_at BIGINT NOT NULL,
  -- when the households were told last that they may check themselves
  told_at BIGINT,
  closed_at BIGINT,
  PRIMARY KEY (community, quarter)
);

-- What a tenure owes in a quarter. What the list in shelf order needs of the dossier stands
-- here as well, so that it is read by one index.
CREATE TABLE census_task (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  quarter TEXT COLLATE "C" NOT NULL,
  dossier TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C" NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  sort_key BYTEA NOT NULL,
  building TEXT COLLATE "C" NOT NULL,
  unit TEXT COLLATE "C" NOT NULL,
  -- lived or vacant, as the roster had it
  standing TEXT COLLATE "C" NOT NULL,
  -- open, counted, vacant, registered, refused or excused
  state TEXT COLLATE "C" NOT NULL,
  -- who visits; empty for nobody yet
  assignee TEXT COLLATE "C" NOT NULL,
  assignee_name TEXT COLLATE "C" NOT NULL,
  -- from this day on another visit is no trouble; empty for always
  rested_from TEXT COLLATE "C" NOT NULL,
  attempts BIGINT NOT NULL,
  last_at BIGINT,
  -- when it was counted, and that day; empty while it is not
  done_at BIGINT,
  done_day TEXT COLLATE "C" NOT NULL,
  done_by TEXT COLLATE "C" NOT NULL,
  done_name TEXT COLLATE "C" NOT NULL,
  -- visit, phone, paper, self, vacancy or registration
  method TEXT COLLATE "C" NOT NULL,
  -- fields that were changed
  changes BIGINT NOT NULL,
  -- counted after the quarter's end: late for ever
  late BIGINT NOT NULL,
  -- meter, neighbour, access: why it is held to be empty
  signs TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX census_task_tenure ON census_task (community, dossier, quarter);
CREATE INDEX census_task_shelf ON census_task (community, quarter, sort_key, id);
CREATE INDEX census_task_state ON census_task (community, quarter, state, sort_key, id);
CREATE INDEX census_task_mine ON census_task (community, quarter, assignee, state, sort_key, id);
CREATE INDEX census_task_building ON census_task (community, quarter, building, unit, sort_key, id);
CREATE INDEX census_task_room ON census_task (community, quarter, room);
CREATE INDEX census_task_done ON census_task (community, quarter, done_day, state);

-- Nobody was at home: when, and in which part of the day.
CREATE TABLE census_attempt (
  community BIGINT NOT NULL,
  task TEXT COLLATE "C" NOT NULL,
  n BIGINT NOT NULL,
  at BIGINT NOT NULL,
  -- morning, afternoon, evening or weekend
  part TEXT COLLATE "C" NOT NULL,
  by_name TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, task, n)
);

-- What a household said, or a visitor for it. Its fields lie sealed under the dossier's key.
CREATE TABLE census_answer (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  -- made by the device: sent twice is sent once
  sent_id TEXT COLLATE "C" NOT NULL,
  task TEXT COLLATE "C" NOT NULL,
  dossier TEXT COLLATE "C" NOT NULL,
  -- visit, phone, paper or self
  method TEXT COLLATE "C" NOT NULL,
  fields TEXT COLLATE "C" NOT NULL,
  -- waiting, conflict, counted or dropped
  state TEXT COLLATE "C" NOT NULL,
  -- the account; empty for a household by its link
  sent_by TEXT COLLATE "C" NOT NULL,
  sent_name TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  settled_at BIGINT,
  settled_name TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX census_answer_sent ON census_answer (community, sent_id);
CREATE INDEX census_answer_state ON census_answer (community, state, at, id);
CREATE INDEX census_answer_task ON census_answer (community, task, at);

-- A link by which one household checks itself, once. Only the secret's digest is kept.
CREATE TABLE census_link (
  community BIGINT NOT NULL,
  digest TEXT COLLATE "C" NOT NULL,
  task TEXT COLLATE "C" NOT NULL,
  made_at BIGINT NOT NULL,
  made_name TEXT COLLATE "C" NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  -- a newer one takes its place
  voided_at BIGINT,
  PRIMARY KEY (community, digest)
);
CREATE INDEX census_link_task ON census_link (community, task, made_at);

-- Who visits which building, quarter after quarter.
CREATE TABLE census_share (
  community BIGINT NOT NULL,
  building TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, building)
);
