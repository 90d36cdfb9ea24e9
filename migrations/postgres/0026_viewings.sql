-- Viewings (查閱) of dossiers: asked, approved, registered, open for a while, closed; their
-- pages, printed copies and boxes on loan; deputies, and who is frozen.

CREATE TABLE viewing (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  -- counted within the year
  year BIGINT NOT NULL,
  nth BIGINT NOT NULL,
  -- draft, submitted, approved, registered, active, closed, denied, withdrawn, expired, revoked,
  -- emergency, review_due, justified or violation
  state TEXT COLLATE "C" NOT NULL,
  -- ordinary, own or emergency
  way TEXT COLLATE "C" NOT NULL,
  purpose TEXT COLLATE "C" NOT NULL,
  -- reason, visitor, refusals: sealed under a key of the viewing's own
  texts TEXT COLLATE "C" NOT NULL,
  rooms BIGINT NOT NULL,
  -- the rooms' codes, as the register lists them
  codes TEXT COLLATE "C" NOT NULL,
  -- asked and granted: kinds (bit 0 is a), modes (bit 0 is view), window in milliseconds
  asked_kinds BIGINT NOT NULL,
  asked_modes BIGINT NOT NULL,
  asked_window BIGINT NOT NULL,
  granted_kinds BIGINT NOT NULL,
  granted_modes BIGINT NOT NULL,
  granted_window BIGINT NOT NULL,
  -- account, the person behind it, and the name at that time
  asker TEXT COLLATE "C" NOT NULL,
  asker_as TEXT COLLATE "C" NOT NULL,
  asker_name TEXT COLLATE "C" NOT NULL,
  asked_at BIGINT NOT NULL,
  approver TEXT COLLATE "C",
  approver_as TEXT COLLATE "C",
  approver_name TEXT COLLATE "C" NOT NULL,
  -- whether the approver was the manager's deputy
  deputed BIGINT NOT NULL,
  approved_at BIGINT,
  second_as TEXT COLLATE "C",
  second_name TEXT COLLATE "C" NOT NULL,
  registrar TEXT COLLATE "C",
  registrar_as TEXT COLLATE "C",
  registrar_name TEXT COLLATE "C" NOT NULL,
  -- 登記簿 number: year and number without gaps
  register_year BIGINT,
  register_nth BIGINT,
  registered_at BIGINT,
  -- the manager vouched for a registration by who asked
  tapped_name TEXT COLLATE "C" NOT NULL,
  tapped BIGINT NOT NULL,
  witness_as TEXT COLLATE "C",
  witness_name TEXT COLLATE "C" NOT NULL,
  -- the next step is taken by then
  until_at BIGINT,
  from_at BIGINT,
  began_at BIGINT,
  ends_at BIGINT,
  ended_at BIGINT,
  frozen BIGINT NOT NULL,
  reviewer_name TEXT COLLATE "C" NOT NULL,
  reviewed_at BIGINT,
  -- an answer to a person about their own data is owed by then
  answer_at BIGINT,
  pages BIGINT NOT NULL,
  copies BIGINT NOT NULL,
  -- the owner is told then, unless a lawful order withholds it
  tell_at BIGINT,
  told_at BIGINT,
  withheld BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX viewing_nth ON viewing (community, year, nth);
CREATE UNIQUE INDEX viewing_register ON viewing (community, register_year, register_nth) WHERE register_nth IS NOT NULL;
CREATE INDEX viewing_state ON viewing (community, state, asked_at, id);
CREATE INDEX viewing_asked ON viewing (community, asked_at, id);
CREATE INDEX viewing_asker ON viewing (community, asker, asked_at, id);

-- The dossiers that a viewing is of.
CREATE TABLE viewing_dossier (
  community BIGINT NOT NULL,
  viewing TEXT COLLATE "C" NOT NULL,
  dossier TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C" NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  number TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, viewing, dossier)
);
CREATE INDEX viewing_of_dossier ON viewing_dossier (community, dossier, viewing);

-- The documents that it is narrowed to; without any, all of its kinds.
CREATE TABLE viewing_document (
  community BIGINT NOT NULL,
  viewing TEXT COLLATE "C" NOT NULL,
  document TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, viewing, document)
);

-- Bands of a page that are covered in a viewing of one's own data: what is of others.
CREATE TABLE viewing_cover (
  community BIGINT NOT NULL,
  viewing TEXT COLLATE "C" NOT NULL,
  document TEXT COLLATE "C" NOT NULL,
  page BIGINT NOT NULL,
  -- twenty bands from top to bottom, bit 0 is the top
  bands BIGINT NOT NULL,
  PRIMARY KEY (community, viewing, document, page)
);

-- Each picture of a page that was shown or printed carries a code of its own.
CREATE TABLE viewing_page (
  community BIGINT NOT NULL,
  code BIGINT NOT NULL,
  viewing TEXT COLLATE "C" NOT NULL,
  document TEXT COLLATE "C" NOT NULL,
  page BIGINT NOT NULL,
  reader TEXT COLLATE "C" NOT NULL,
  reader_name TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  -- the printed copy that it stands on
  copy BIGINT,
  PRIMARY KEY (community, code)
);
CREATE INDEX viewing_page_of ON viewing_page (community, viewing, at);
CREATE INDEX viewing_page_reader ON viewing_page (community, reader, at);

-- Numbered copies on paper: due back, shredded, or handed out.
CREATE TABLE viewing_copy (
  community BIGINT NOT NULL,
  viewing TEXT COLLATE "C" NOT NULL,
  nth BIGINT NOT NULL,
  document TEXT COLLATE "C" NOT NULL,
  pages BIGINT NOT NULL,
  at BIGINT NOT NULL,
  by_name TEXT COLLATE "C" NOT NULL,
  due_at BIGINT,
  -- returned, shredded or handed_out; empty while it is out
  ended TEXT COLLATE "C" NOT NULL,
  ended_at BIGINT,
  ended_name TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, viewing, nth)
);
CREATE INDEX viewing_copy_out ON viewing_copy (community, due_at) WHERE ended = '';

-- A box on loan under a viewing.
CREATE TABLE viewing_loan (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  viewing TEXT COLLATE "C" NOT NULL,
  box TEXT COLLATE "C" NOT NULL,
  label TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  by_name TEXT COLLATE "C" NOT NULL,
  due_at BIGINT NOT NULL,
  -- how far its being late was carried: 0, 1 after an hour, 2 after a day
  rung BIGINT NOT NULL,
  back_at BIGINT,
  back_name TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, id)
);
-- A box is with one borrower at a time.
CREATE UNIQUE INDEX viewing_loan_out ON viewing_loan (community, box) WHERE back_at IS NULL;
CREATE INDEX viewing_loan_due ON viewing_loan (community, due_at) WHERE back_at IS NULL;
CREATE INDEX viewing_loan_of ON viewing_loan (community, viewing, at);

-- Who decides for the manager, for a week at most, named by one and confirmed by another.
CREATE TABLE viewing_deputy (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  person TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  named_as TEXT COLLATE "C" NOT NULL,
  named_name TEXT COLLATE "C" NOT NULL,
  confirmed_name TEXT COLLATE "C" NOT NULL,
  confirmed_at BIGINT,
  ended_at BIGINT,
  PRIMARY KEY (community, id)
);
CREATE INDEX viewing_deputy_until ON viewing_deputy (community, until_at);

-- Persons whom this room does nothing for until somebody looked into it.
CREATE TABLE viewing_frozen (
  community BIGINT NOT NULL,
  person TEXT COLLATE "C" NOT NULL,
  viewing TEXT COLLATE "C" NOT NULL,
  since_at BIGINT NOT NULL,
  PRIMARY KEY (community, person, viewing)
);

CREATE TABLE viewing_policy (
  community BIGINT NOT NULL PRIMARY KEY,
  -- hours that a request waits, minutes of a window
  wait_hours BIGINT NOT NULL,
  window_minutes BIGINT NOT NULL,
  version BIGINT NOT NULL
);
