-- The archive's forms c to h filled on the screen, the keys of homes, renovations and breaches
-- as processes, and the handover of homes.

-- A filled form. What stands in its fields lies sealed under the dossier's key.
CREATE TABLE office_form (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  dossier TEXT NOT NULL,
  room TEXT NOT NULL,
  -- c to h
  kind TEXT NOT NULL,
  -- counted within dossier and kind
  nth INTEGER NOT NULL,
  -- draft, printed, signed or void
  state TEXT NOT NULL,
  fields TEXT NOT NULL,
  version INTEGER NOT NULL,
  -- the edition that stands on the paper: one more with each print
  edition INTEGER NOT NULL,
  taken_by TEXT NOT NULL,
  taken_name TEXT NOT NULL,
  begun_at INTEGER NOT NULL,
  printed_at INTEGER,
  signed_at INTEGER,
  -- the attached scan
  document TEXT,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX office_form_nth ON office_form (community, dossier, kind, nth);
CREATE INDEX office_form_state ON office_form (community, state, begun_at);
CREATE UNIQUE INDEX office_form_document ON office_form (community, document) WHERE document IS NOT NULL;

-- The office's settings for forms, keys and processes.
CREATE TABLE form_policy (
  community INTEGER NOT NULL,
  -- working days for looking at an application to renovate
  review_days INTEGER NOT NULL,
  -- months between acceptance and the second check
  recheck_months INTEGER NOT NULL,
  -- the longest loan of a key
  loan_hours INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (community)
) STRICT, WITHOUT ROWID;

-- A key of a home that lies with the office. Who brought it and took it back lies sealed.
CREATE TABLE held_key (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  dossier TEXT NOT NULL,
  room TEXT NOT NULL,
  -- on the tag: never used twice
  code TEXT NOT NULL,
  -- door, room, mailbox, card or other
  what TEXT NOT NULL,
  -- kept, lent, given_back or lost
  state TEXT NOT NULL,
  brought_by TEXT NOT NULL,
  -- somebody with a written authority, not the owner
  by_agent INTEGER NOT NULL,
  deposited_at INTEGER NOT NULL,
  deposit_name TEXT NOT NULL,
  given_to TEXT NOT NULL,
  given_at INTEGER,
  given_name TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX held_key_code ON held_key (community, code);
CREATE INDEX held_key_state ON held_key (community, state, code);
CREATE INDEX held_key_dossier ON held_key (community, dossier, code);

-- A loan of a key; borrower, phone, paper of identity and reason lie sealed.
CREATE TABLE key_loan (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  held_key TEXT NOT NULL,
  dossier TEXT NOT NULL,
  borrower TEXT NOT NULL,
  -- whom to call when it is late
  phone TEXT NOT NULL,
  -- resident_id, work_pass, passport or other
  proof TEXT NOT NULL,
  proof_number TEXT NOT NULL,
  reason TEXT NOT NULL,
  lent_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  lent_name TEXT NOT NULL,
  back_at INTEGER,
  back_name TEXT NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
-- A key is with one borrower at a time.
CREATE UNIQUE INDEX key_loan_out ON key_loan (community, held_key) WHERE back_at IS NULL;
CREATE INDEX key_loan_due ON key_loan (community, due_at) WHERE back_at IS NULL;
CREATE INDEX key_loan_key ON key_loan (community, held_key, lent_at);

-- 《鑰匙管理備忘錄》: the borrower was called about a loan that is overdue.
CREATE TABLE key_call (
  community INTEGER NOT NULL,
  loan TEXT NOT NULL,
  n INTEGER NOT NULL,
  at INTEGER NOT NULL,
  by_name TEXT NOT NULL,
  result TEXT NOT NULL,
  PRIMARY KEY (community, loan, n)
) STRICT, WITHOUT ROWID;

-- The monthly stock-take.
CREATE TABLE key_count (
  community INTEGER NOT NULL,
  -- YYYY-MM
  month TEXT NOT NULL,
  at INTEGER NOT NULL,
  by_name TEXT NOT NULL,
  asked INTEGER NOT NULL,
  missing INTEGER NOT NULL,
  PRIMARY KEY (community, month)
) STRICT, WITHOUT ROWID;
CREATE TABLE key_count_missing (
  community INTEGER NOT NULL,
  month TEXT NOT NULL,
  held_key TEXT NOT NULL,
  PRIMARY KEY (community, month, held_key)
) STRICT, WITHOUT ROWID;

-- A renovation (g) or a breach (h) on its way.
CREATE TABLE office_case (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  dossier TEXT NOT NULL,
  room TEXT NOT NULL,
  -- g or h
  kind TEXT NOT NULL,
  -- counted within the year
  year INTEGER NOT NULL,
  nth INTEGER NOT NULL,
  state TEXT NOT NULL,
  -- the application, or the notice
  form TEXT,
  -- of a breach: the renovation that it happened in
  renovation TEXT,
  -- what was found, sealed
  fields TEXT NOT NULL,
  fee_fen INTEGER NOT NULL,
  deposit_fen INTEGER NOT NULL,
  refund_fen INTEGER NOT NULL,
  -- when the next step is owed
  due_at INTEGER,
  version INTEGER NOT NULL,
  opened_by TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX office_case_nth ON office_case (community, kind, year, nth);
CREATE INDEX office_case_due ON office_case (community, due_at) WHERE closed_at IS NULL;
CREATE INDEX office_case_open ON office_case (community, kind, opened_at) WHERE closed_at IS NULL;
CREATE INDEX office_case_dossier ON office_case (community, dossier, opened_at);
CREATE UNIQUE INDEX office_case_form ON office_case (community, form) WHERE form IS NOT NULL;

-- What was done in a case; what was said with it lies sealed.
CREATE TABLE office_step (
  community INTEGER NOT NULL,
  case_id TEXT NOT NULL,
  n INTEGER NOT NULL,
  act TEXT NOT NULL,
  state TEXT NOT NULL,
  at INTEGER NOT NULL,
  by_name TEXT NOT NULL,
  fields TEXT NOT NULL,
  PRIMARY KEY (community, case_id, n)
) STRICT, WITHOUT ROWID;

-- Documents of the dossier that belong to a case: drawings, the contractor's papers, evidence.
CREATE TABLE office_case_paper (
  community INTEGER NOT NULL,
  case_id TEXT NOT NULL,
  document TEXT NOT NULL,
  -- drawing, contractor, workers, evidence, agreement or other
  what TEXT NOT NULL,
  PRIMARY KEY (community, case_id, document)
) STRICT, WITHOUT ROWID;

-- 入伙: how far a home's handover is, beside its forms and documents.
CREATE TABLE handover (
  community INTEGER NOT NULL,
  dossier TEXT NOT NULL,
  begun_at INTEGER NOT NULL,
  identity_at INTEGER,
  identity_name TEXT NOT NULL,
  fees_at INTEGER,
  fees_name TEXT NOT NULL,
  -- what was overdue when the fees were looked at
  fees_fen INTEGER NOT NULL,
  done_at INTEGER,
  done_name TEXT NOT NULL,
  PRIMARY KEY (community, dossier)
) STRICT, WITHOUT ROWID;
