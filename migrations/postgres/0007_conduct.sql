-- Conduct: what was said and found, reports, strikes, sanctions, appeals, and the
-- compound's policy. What was said lies sealed under a key of the case's own.
CREATE TABLE conduct_policy (
  community BIGINT NOT NULL,
  version BIGINT NOT NULL,
  at BIGINT NOT NULL,
  account TEXT COLLATE "C",
  body TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, version)
);

CREATE TABLE conduct_case (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  -- what it is about: message, note, name …, and that record's id
  source_kind TEXT COLLATE "C" NOT NULL,
  source TEXT COLLATE "C" NOT NULL,
  -- where it was said: a channel's id, or empty
  place TEXT COLLATE "C" NOT NULL,
  -- who said it; an applicant has no account yet
  author TEXT COLLATE "C",
  member TEXT COLLATE "C",
  room TEXT COLLATE "C",
  -- auto or report
  origin TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  visible TEXT COLLATE "C" NOT NULL,
  -- counts every change, so that two reviewers notice each other
  version BIGINT NOT NULL,
  -- the gravest finding's category, rule and weight; the queue's order
  category TEXT COLLATE "C" NOT NULL,
  rule TEXT COLLATE "C" NOT NULL,
  severity BIGINT NOT NULL,
  -- the model's score in thousandths
  score BIGINT NOT NULL,
  policy_version BIGINT NOT NULL,
  -- keyed digest of the folded text: floods are found by it
  digest BYTEA NOT NULL,
  -- text, neighbours and findings as JSON, sealed under the case's key
  body BYTEA,
  -- criticism of the property company: it does not judge that alone
  about_company BIGINT NOT NULL,
  opened_at BIGINT NOT NULL,
  claimed_by TEXT COLLATE "C",
  claimed_at BIGINT,
  -- the first of two where two must agree, and what was proposed
  proposed_by TEXT COLLATE "C",
  proposed_rung BIGINT,
  decided_by TEXT COLLATE "C",
  decided_at BIGINT,
  -- why, sealed
  reason BYTEA,
  -- the decision as it was when it could be undone
  before_state TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX conduct_case_source ON conduct_case (community, source_kind, source);
CREATE INDEX conduct_case_queue ON conduct_case (community, state, severity DESC, opened_at, id);
CREATE INDEX conduct_case_digest ON conduct_case (community, digest, state);
CREATE INDEX conduct_case_author ON conduct_case (community, author, opened_at);
CREATE INDEX conduct_case_decided ON conduct_case (community, decided_at);

CREATE TABLE conduct_report (
  community BIGINT NOT NULL,
  case_id TEXT COLLATE "C" NOT NULL,
  reporter TEXT COLLATE "C" NOT NULL,
  -- one of the reasons offered
  reason TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  -- open, right, wrong
  verdict TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, case_id, reporter)
);
CREATE INDEX conduct_report_reporter ON conduct_report (community, reporter, at);

CREATE TABLE conduct_strike (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  case_id TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  member TEXT COLLATE "C",
  room TEXT COLLATE "C",
  category TEXT COLLATE "C" NOT NULL,
  rule TEXT COLLATE "C" NOT NULL,
  rules_version BIGINT NOT NULL,
  policy_version BIGINT NOT NULL,
  digest BYTEA NOT NULL,
  -- how many strikes stood when it was issued
  open_before BIGINT NOT NULL,
  issued_by TEXT COLLATE "C",
  issued_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX conduct_strike_case ON conduct_strike (community, case_id, issued_at);
CREATE INDEX conduct_strike_account ON conduct_strike (community, account, issued_at);
CREATE INDEX conduct_strike_issued ON conduct_strike (community, issued_at);

CREATE TABLE conduct_sanction (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  strike TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  member TEXT COLLATE "C",
  kind TEXT COLLATE "C" NOT NULL,
  severity BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  starts_at BIGINT NOT NULL,
  ends_at BIGINT,
  imposed_by TEXT COLLATE "C",
  confirmed_by TEXT COLLATE "C",
  -- the one that took its place
  superseded_by TEXT COLLATE "C",
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE INDEX conduct_sanction_account ON conduct_sanction (community, account, state);
CREATE INDEX conduct_sanction_strike ON conduct_sanction (community, strike);
CREATE INDEX conduct_sanction_state ON conduct_sanction (community, state, starts_at);

CREATE TABLE conduct_appeal (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  strike TEXT COLLATE "C" NOT NULL,
  case_id TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  -- 1, or 2 before the owners' committee
  level BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  -- the appellant's words and the reasons of the decision, sealed under the case's key
  words BYTEA NOT NULL,
  reasons BYTEA,
  filed_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  assigned_to TEXT COLLATE "C",
  decided_by TEXT COLLATE "C",
  decided_at BIGINT,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX conduct_appeal_level ON conduct_appeal (community, strike, level);
CREATE INDEX conduct_appeal_queue ON conduct_appeal (community, state, due_at, id);
CREATE INDEX conduct_appeal_decided ON conduct_appeal (community, decided_at);

-- 違法信息: its own path, closed by the report's number.
CREATE TABLE conduct_illegal (
  community BIGINT NOT NULL,
  case_id TEXT COLLATE "C" NOT NULL,
  -- hidden, reported, closed
  state TEXT COLLATE "C" NOT NULL,
  hidden_at BIGINT NOT NULL,
  reported_at BIGINT,
  reported_to TEXT COLLATE "C" NOT NULL,
  report_number TEXT COLLATE "C" NOT NULL,
  closed_at BIGINT,
  closed_by TEXT COLLATE "C",
  PRIMARY KEY (community, case_id)
);

-- What people decided, to learn from: benign or violation.
CREATE TABLE conduct_lesson (
  community BIGINT NOT NULL,
  case_id TEXT COLLATE "C" NOT NULL,
  category TEXT COLLATE "C" NOT NULL,
  rule TEXT COLLATE "C" NOT NULL,
  -- 1 confirmed, 0 not a breach
  breach BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (community, case_id)
);
CREATE INDEX conduct_lesson_rule ON conduct_lesson (community, rule, at);

CREATE TABLE conduct_acceptance (
  community BIGINT NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  rules_version BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (community, account, rules_version)
);

CREATE TABLE conduct_quarter (
  community BIGINT NOT NULL,
  -- year * 10 + quarter
  quarter BIGINT NOT NULL,
  at BIGINT NOT NULL,
  account TEXT COLLATE "C",
  -- counts only
  body TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, quarter)
);
