-- The archive's forms c to h filled on the screen, the keys of homes, renovations and breaches
-- as processes, and the handover of homes.

-- A filled form. What stands in its fields lies sealed under the dossier's key.
CREATE TABLE office_form (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  dossier TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C" NOT NULL,
  -- c to h
  kind TEXT COLLATE "C" NOT NULL,
  -- counted within dossier and kind
  nth BIGINT NOT NULL,
  -- draft, printed, signed or void
  state TEXT COLLATE "C" NOT NULL,
  fields TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  -- the edition that stands on the paper: one more with each print
  edition BIGINT NOT NULL,
  taken_by TEXT COLLATE "C" NOT NULL,
  taken_name TEXT COLLATE "C" NOT NULL,
  begun_at BIGINT NOT NULL,
  printed_at BIGINT,
  signed_at BIGINT,
  -- the attached scan
  document TEXT COLLATE "C",
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX office_form_nth ON office_form (community, dossier, kind, nth);
CREATE INDEX office_form_state ON office_form (community, state, begun_at);
CREATE UNIQUE INDEX office_form_document ON office_form (community, document) WHERE document IS NOT NULL;

-- The office's settings for forms, keys and processes.
CREATE TABLE form_policy (
  community BIGINT NOT NULL,
  -- working days for looking at an application to renovate
  review_days BIGINT NOT NULL,
  -- months between acceptance and the second check
  recheck_months BIGINT NOT NULL,
  -- the longest loan of a key
  loan_hours BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (community)
);

-- A key of a home that lies with the office. Who brought it and took it back lies sealed.
CREATE TABLE held_key (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  dossier TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C" NOT NULL,
  -- on the tag: never used twice
  code TEXT COLLATE "C" NOT NULL,
  -- door, room, mailbox, card or other
  what TEXT COLLATE "C" NOT NULL,
  -- kept, lent, given_back or lost
  state TEXT COLLATE "C" NOT NULL,
  brought_by TEXT COLLATE "C" NOT NULL,
  -- somebody with a written authority, not the owner
  by_agent BIGINT NOT NULL,
  deposited_at BIGINT NOT NULL,
  deposit_name TEXT COLLATE "C" NOT NULL,
  given_to TEXT COLLATE "C" NOT NULL,
  given_at BIGINT,
  given_name TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX held_key_code ON held_key (community, code);
CREATE INDEX held_key_state ON held_key (community, state, code);
CREATE INDEX held_key_dossier ON held_key (community, dossier, code);

-- A loan of a key; borrower, phone, paper of identity and reason lie sealed.
CREATE TABLE key_loan (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  held_key TEXT COLLATE "C" NOT NULL,
  dossier TEXT COLLATE "C" NOT NULL,
  borrower TEXT COLLATE "C" NOT NULL,
  -- whom to call when it is late
  phone TEXT COLLATE "C" NOT NULL,
  -- resident_id, work_pass, passport or other
  proof TEXT COLLATE "C" NOT NULL,
  proof_number TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  lent_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  lent_name TEXT COLLATE "C" NOT NULL,
  back_at BIGINT,
  back_name TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, id)
);
-- A key is with one borrower at a time.
CREATE UNIQUE INDEX key_loan_out ON key_loan (community, held_key) WHERE back_at IS NULL;
CREATE INDEX key_loan_due ON key_loan (community, due_at) WHERE back_at IS NULL;
CREATE INDEX key_loan_key ON key_loan (community, held_key, lent_at);

-- 《鑰匙管理備忘錄》: the borrower was called about a loan that is overdue.
CREATE TABLE key_call (
  community BIGINT NOT NULL,
  loan TEXT COLLATE "C" NOT NULL,
  n BIGINT NOT NULL,
  at BIGINT NOT NULL,
  by_name TEXT COLLATE "C" NOT NULL,
  result TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, loan, n)
);

-- The monthly stock-take.
CREATE TABLE key_count (
  community BIGINT NOT NULL,
  -- YYYY-MM
  month TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  by_name TEXT COLLATE "C" NOT NULL,
  asked BIGINT NOT NULL,
  missing BIGINT NOT NULL,
  PRIMARY KEY (community, month)
);
CREATE TABLE key_count_missing (
  community BIGINT NOT NULL,
  month TEXT COLLATE "C" NOT NULL,
  held_key TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, month, held_key)
);

-- A renovation (g) or a breach (h) on its way.
CREATE TABLE office_case (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  dossier TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C" NOT NULL,
  -- g or h
  kind TEXT COLLATE "C" NOT NULL,
  -- counted within the year
  year BIGINT NOT NULL,
  nth BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  -- the application, or the notice
  form TEXT COLLATE "C",
  -- of a breach: the renovation that it happened in
  renovation TEXT COLLATE "C",
  -- what was found, sealed
  fields TEXT COLLATE "C" NOT NULL,
  fee_fen BIGINT NOT NULL,
  deposit_fen BIGINT NOT NULL,
  refund_fen BIGINT NOT NULL,
  -- when the next step is owed
  due_at BIGINT,
  version BIGINT NOT NULL,
  opened_by TEXT COLLATE "C" NOT NULL,
  opened_at BIGINT NOT NULL,
  closed_at BIGINT,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX office_case_nth ON office_case (community, kind, year, nth);
CREATE INDEX office_case_due ON office_case (community, due_at) WHERE closed_at IS NULL;
CREATE INDEX office_case_open ON office_case (community, kind, opened_at) WHERE closed_at IS NULL;
CREATE INDEX office_case_dossier ON office_case (community, dossier, opened_at);
CREATE UNIQUE INDEX office_case_form ON office_case (community, form) WHERE form IS NOT NULL;

-- What was done in a case; what was said with it lies sealed.
CREATE TABLE office_step (
  community BIGINT NOT NULL,
  case_id TEXT COLLATE "C" NOT NULL,
  n BIGINT NOT NULL,
  act TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  by_name TEXT COLLATE "C" NOT NULL,
  fields TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, case_id, n)
);

-- Documents of the dossier that belong to a case: drawings, the contractor's papers, evidence.
CREATE TABLE office_case_paper (
  community BIGINT NOT NULL,
  case_id TEXT COLLATE "C" NOT NULL,
  document TEXT COLLATE "C" NOT NULL,
  -- drawing, contractor, workers, evidence, agreement or other
  what TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, case_id, document)
);

-- 入伙: how far a home's handover is, beside its forms and documents.
CREATE TABLE handover (
  community BIGINT NOT NULL,
  dossier TEXT COLLATE "C" NOT NULL,
  begun_at BIGINT NOT NULL,
  identity_at BIGINT,
  identity_name TEXT COLLATE "C" NOT NULL,
  fees_at BIGINT,
  fees_name TEXT COLLATE "C" NOT NULL,
  -- what was overdue when the fees were looked at
  fees_fen BIGINT NOT NULL,
  done_at BIGINT,
  done_name TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, dossier)
);
