-- 季度普查: a plan per quarter, what each tenure owes, visits, answers and the links by which
-- households check themselves.

-- A quarter's plan, and once it is closed, how it ended.
CREATE TABLE census_plan (
  community INTEGER NOT NULL,
  -- 2026-Q1
  quarter TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  tended_at INTEGER NOT NULL,
  -- when the households were told last that they may check themselves
  told_at INTEGER,
  closed_at INTEGER,
  PRIMARY KEY (community, quarter)
) STRICT, WITHOUT ROWID;

-- What a tenure owes in a quarter. What the list in shelf order needs of the dossier stands
-- here as well, so that it is read by one index.
CREATE TABLE census_task (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  quarter TEXT NOT NULL,
  dossier TEXT NOT NULL,
  room TEXT NOT NULL,
  code TEXT NOT NULL,
  sort_key BLOB NOT NULL,
  building TEXT NOT NULL,
  unit TEXT NOT NULL,
  -- lived or vacant, as the roster had it
  standing TEXT NOT NULL,
  -- open, counted, vacant, registered, refused or excused
  state TEXT NOT NULL,
  -- who visits; empty for nobody yet
  assignee TEXT NOT NULL,
  assignee_name TEXT NOT NULL,
  -- from this day on another visit is no trouble; empty for always
  rested_from TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  last_at INTEGER,
  -- when it was counted, and that day; empty while it is not
  done_at INTEGER,
  done_day TEXT NOT NULL,
  done_by TEXT NOT NULL,
  done_name TEXT NOT NULL,
  -- visit, phone, paper, self, vacancy or registration
  method TEXT NOT NULL,
  -- fields that were changed
  changes INTEGER NOT NULL,
  -- counted after the quarter's end: late for ever
  late INTEGER NOT NULL,
  -- meter, neighbour, access: why it is held to be empty
  signs TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX census_task_tenure ON census_task (community, dossier, quarter);
CREATE INDEX census_task_shelf ON census_task (community, quarter, sort_key, id);
CREATE INDEX census_task_state ON census_task (community, quarter, state, sort_key, id);
CREATE INDEX census_task_mine ON census_task (community, quarter, assignee, state, sort_key, id);
CREATE INDEX census_task_building ON census_task (community, quarter, building, unit, sort_key, id);
CREATE INDEX census_task_room ON census_task (community, quarter, room);
CREATE INDEX census_task_done ON census_task (community, quarter, done_day, state);

-- Nobody was at home: when, and in which part of the day.
CREATE TABLE census_attempt (
  community INTEGER NOT NULL,
  task TEXT NOT NULL,
  n INTEGER NOT NULL,
  at INTEGER NOT NULL,
  -- morning, afternoon, evening or weekend
  part TEXT NOT NULL,
  by_name TEXT NOT NULL,
  PRIMARY KEY (community, task, n)
) STRICT, WITHOUT ROWID;

-- What a household said, or a visitor for it. Its fields lie sealed under the dossier's key.
CREATE TABLE census_answer (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  -- made by the device: sent twice is sent once
  sent_id TEXT NOT NULL,
  task TEXT NOT NULL,
  dossier TEXT NOT NULL,
  -- visit, phone, paper or self
  method TEXT NOT NULL,
  fields TEXT NOT NULL,
  -- waiting, conflict, counted or dropped
  state TEXT NOT NULL,
  -- the account; empty for a household by its link
  sent_by TEXT NOT NULL,
  sent_name TEXT NOT NULL,
  at INTEGER NOT NULL,
  settled_at INTEGER,
  settled_name TEXT NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX census_answer_sent ON census_answer (community, sent_id);
CREATE INDEX census_answer_state ON census_answer (community, state, at, id);
CREATE INDEX census_answer_task ON census_answer (community, task, at);

-- A link by which one household checks itself, once. Only the secret's digest is kept.
CREATE TABLE census_link (
  community INTEGER NOT NULL,
  digest TEXT NOT NULL,
  task TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  made_name TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  -- a newer one takes its place
  voided_at INTEGER,
  PRIMARY KEY (community, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX census_link_task ON census_link (community, task, made_at);

-- Who visits which building, quarter after quarter.
CREATE TABLE census_share (
  community INTEGER NOT NULL,
  building TEXT NOT NULL,
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (community, building)
) STRICT, WITHOUT ROWID;
