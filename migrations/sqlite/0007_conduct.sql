-- Conduct: what was said and found, reports, strikes, sanctions, appeals, and the
-- compound's policy. What was said lies sealed under a key of the case's own.
CREATE TABLE conduct_policy (
  community INTEGER NOT NULL,
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  account TEXT,
  body TEXT NOT NULL,
  PRIMARY KEY (community, version)
) STRICT;

CREATE TABLE conduct_case (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  -- what it is about: message, note, name …, and that record's id
  source_kind TEXT NOT NULL,
  source TEXT NOT NULL,
  -- where it was said: a channel's id, or empty
  place TEXT NOT NULL,
  -- who said it; an applicant has no account yet
  author TEXT,
  member TEXT,
  room TEXT,
  -- auto or report
  origin TEXT NOT NULL,
  state TEXT NOT NULL,
  visible TEXT NOT NULL,
  -- counts every change, so that two reviewers notice each other
  version INTEGER NOT NULL,
  -- the gravest finding's category, rule and weight; the queue's order
  category TEXT NOT NULL,
  rule TEXT NOT NULL,
  severity INTEGER NOT NULL,
  -- the model's score in thousandths
  score INTEGER NOT NULL,
  policy_version INTEGER NOT NULL,
  -- keyed digest of the folded text: floods are found by it
  digest BLOB NOT NULL,
  -- text, neighbours and findings as JSON, sealed under the case's key
  body BLOB,
  -- criticism of the property company: it does not judge that alone
  about_company INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  claimed_by TEXT,
  claimed_at INTEGER,
  -- the first of two where two must agree, and what was proposed
  proposed_by TEXT,
  proposed_rung INTEGER,
  decided_by TEXT,
  decided_at INTEGER,
  -- why, sealed
  reason BLOB,
  -- the decision as it was when it could be undone
  before_state TEXT NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX conduct_case_source ON conduct_case (community, source_kind, source);
CREATE INDEX conduct_case_queue ON conduct_case (community, state, severity DESC, opened_at, id);
CREATE INDEX conduct_case_digest ON conduct_case (community, digest, state);
CREATE INDEX conduct_case_author ON conduct_case (community, author, opened_at);
CREATE INDEX conduct_case_decided ON conduct_case (community, decided_at);

CREATE TABLE conduct_report (
  community INTEGER NOT NULL,
  case_id TEXT NOT NULL,
  reporter TEXT NOT NULL,
  -- one of the reasons offered
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  -- open, right, wrong
  verdict TEXT NOT NULL,
  PRIMARY KEY (community, case_id, reporter)
) STRICT, WITHOUT ROWID;
CREATE INDEX conduct_report_reporter ON conduct_report (community, reporter, at);

CREATE TABLE conduct_strike (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  account TEXT NOT NULL,
  member TEXT,
  room TEXT,
  category TEXT NOT NULL,
  rule TEXT NOT NULL,
  rules_version INTEGER NOT NULL,
  policy_version INTEGER NOT NULL,
  digest BLOB NOT NULL,
  -- how many strikes stood when it was issued
  open_before INTEGER NOT NULL,
  issued_by TEXT,
  issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX conduct_strike_case ON conduct_strike (community, case_id, issued_at);
CREATE INDEX conduct_strike_account ON conduct_strike (community, account, issued_at);
CREATE INDEX conduct_strike_issued ON conduct_strike (community, issued_at);

CREATE TABLE conduct_sanction (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  strike TEXT NOT NULL,
  account TEXT NOT NULL,
  member TEXT,
  kind TEXT NOT NULL,
  severity INTEGER NOT NULL,
  state TEXT NOT NULL,
  starts_at INTEGER NOT NULL,
  ends_at INTEGER,
  imposed_by TEXT,
  confirmed_by TEXT,
  -- the one that took its place
  superseded_by TEXT,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX conduct_sanction_account ON conduct_sanction (community, account, state);
CREATE INDEX conduct_sanction_strike ON conduct_sanction (community, strike);
CREATE INDEX conduct_sanction_state ON conduct_sanction (community, state, starts_at);

CREATE TABLE conduct_appeal (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  strike TEXT NOT NULL,
  case_id TEXT NOT NULL,
  account TEXT NOT NULL,
  -- 1, or 2 before the owners' committee
  level INTEGER NOT NULL,
  state TEXT NOT NULL,
  version INTEGER NOT NULL,
  -- the appellant's words and the reasons of the decision, sealed under the case's key
  words BLOB NOT NULL,
  reasons BLOB,
  filed_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  assigned_to TEXT,
  decided_by TEXT,
  decided_at INTEGER,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX conduct_appeal_level ON conduct_appeal (community, strike, level);
CREATE INDEX conduct_appeal_queue ON conduct_appeal (community, state, due_at, id);
CREATE INDEX conduct_appeal_decided ON conduct_appeal (community, decided_at);

-- 違法信息: its own path, closed by the report's number.
CREATE TABLE conduct_illegal (
  community INTEGER NOT NULL,
  case_id TEXT NOT NULL,
  -- hidden, reported, closed
  state TEXT NOT NULL,
  hidden_at INTEGER NOT NULL,
  reported_at INTEGER,
  reported_to TEXT NOT NULL,
  report_number TEXT NOT NULL,
  closed_at INTEGER,
  closed_by TEXT,
  PRIMARY KEY (community, case_id)
) STRICT, WITHOUT ROWID;

-- What people decided, to learn from: benign or violation.
CREATE TABLE conduct_lesson (
  community INTEGER NOT NULL,
  case_id TEXT NOT NULL,
  category TEXT NOT NULL,
  rule TEXT NOT NULL,
  -- 1 confirmed, 0 not a breach
  breach INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, case_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX conduct_lesson_rule ON conduct_lesson (community, rule, at);

CREATE TABLE conduct_acceptance (
  community INTEGER NOT NULL,
  account TEXT NOT NULL,
  rules_version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, account, rules_version)
) STRICT, WITHOUT ROWID;

CREATE TABLE conduct_quarter (
  community INTEGER NOT NULL,
  -- year * 10 + quarter
  quarter INTEGER NOT NULL,
  at INTEGER NOT NULL,
  account TEXT,
  -- counts only
  body TEXT NOT NULL,
  PRIMARY KEY (community, quarter)
) STRICT, WITHOUT ROWID;
