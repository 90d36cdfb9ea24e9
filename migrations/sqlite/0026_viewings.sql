-- Viewings (查閱) of dossiers: asked, approved, registered, open for a while, closed; their
-- pages, printed copies and boxes on loan; deputies, and who is frozen.

CREATE TABLE viewing (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  -- counted within the year
  year INTEGER NOT NULL,
  nth INTEGER NOT NULL,
  -- draft, submitted, approved, registered, active, closed, denied, withdrawn, expired, revoked,
  -- emergency, review_due, justified or violation
  state TEXT NOT NULL,
  -- ordinary, own or emergency
  way TEXT NOT NULL,
  purpose TEXT NOT NULL,
  -- reason, visitor, refusals: sealed under a key of the viewing's own
  texts TEXT NOT NULL,
  rooms INTEGER NOT NULL,
  -- the rooms' codes, as the register lists them
  codes TEXT NOT NULL,
  -- asked and granted: kinds (bit 0 is a), modes (bit 0 is view), window in milliseconds
  asked_kinds INTEGER NOT NULL,
  asked_modes INTEGER NOT NULL,
  asked_window INTEGER NOT NULL,
  granted_kinds INTEGER NOT NULL,
  granted_modes INTEGER NOT NULL,
  granted_window INTEGER NOT NULL,
  -- account, the person behind it, and the name at that time
  asker TEXT NOT NULL,
  asker_as TEXT NOT NULL,
  asker_name TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  approver TEXT,
  approver_as TEXT,
  approver_name TEXT NOT NULL,
  -- whether the approver was the manager's deputy
  deputed INTEGER NOT NULL,
  approved_at INTEGER,
  second_as TEXT,
  second_name TEXT NOT NULL,
  registrar TEXT,
  registrar_as TEXT,
  registrar_name TEXT NOT NULL,
  -- 登記簿 number: year and number without gaps
  register_year INTEGER,
  register_nth INTEGER,
  registered_at INTEGER,
  -- the manager vouched for a registration by who asked
  tapped_name TEXT NOT NULL,
  tapped INTEGER NOT NULL,
  witness_as TEXT,
  witness_name TEXT NOT NULL,
  -- the next step is taken by then
  until_at INTEGER,
  from_at INTEGER,
  began_at INTEGER,
  ends_at INTEGER,
  ended_at INTEGER,
  frozen INTEGER NOT NULL,
  reviewer_name TEXT NOT NULL,
  reviewed_at INTEGER,
  -- an answer to a person about their own data is owed by then
  answer_at INTEGER,
  pages INTEGER NOT NULL,
  copies INTEGER NOT NULL,
  -- the owner is told then, unless a lawful order withholds it
  tell_at INTEGER,
  told_at INTEGER,
  withheld INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX viewing_nth ON viewing (community, year, nth);
CREATE UNIQUE INDEX viewing_register ON viewing (community, register_year, register_nth) WHERE register_nth IS NOT NULL;
CREATE INDEX viewing_state ON viewing (community, state, asked_at, id);
CREATE INDEX viewing_asked ON viewing (community, asked_at, id);
CREATE INDEX viewing_asker ON viewing (community, asker, asked_at, id);

-- The dossiers that a viewing is of.
CREATE TABLE viewing_dossier (
  community INTEGER NOT NULL,
  viewing TEXT NOT NULL,
  dossier TEXT NOT NULL,
  room TEXT NOT NULL,
  code TEXT NOT NULL,
  number TEXT NOT NULL,
  PRIMARY KEY (community, viewing, dossier)
) STRICT, WITHOUT ROWID;
CREATE INDEX viewing_of_dossier ON viewing_dossier (community, dossier, viewing);

-- The documents that it is narrowed to; without any, all of its kinds.
CREATE TABLE viewing_document (
  community INTEGER NOT NULL,
  viewing TEXT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (community, viewing, document)
) STRICT, WITHOUT ROWID;

-- Bands of a page that are covered in a viewing of one's own data: what is of others.
CREATE TABLE viewing_cover (
  community INTEGER NOT NULL,
  viewing TEXT NOT NULL,
  document TEXT NOT NULL,
  page INTEGER NOT NULL,
  -- twenty bands from top to bottom, bit 0 is the top
  bands INTEGER NOT NULL,
  PRIMARY KEY (community, viewing, document, page)
) STRICT, WITHOUT ROWID;

-- Each picture of a page that was shown or printed carries a code of its own.
CREATE TABLE viewing_page (
  community INTEGER NOT NULL,
  code INTEGER NOT NULL,
  viewing TEXT NOT NULL,
  document TEXT NOT NULL,
  page INTEGER NOT NULL,
  reader TEXT NOT NULL,
  reader_name TEXT NOT NULL,
  at INTEGER NOT NULL,
  -- the printed copy that it stands on
  copy INTEGER,
  PRIMARY KEY (community, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX viewing_page_of ON viewing_page (community, viewing, at);
CREATE INDEX viewing_page_reader ON viewing_page (community, reader, at);

-- Numbered copies on paper: due back, shredded, or handed out.
CREATE TABLE viewing_copy (
  community INTEGER NOT NULL,
  viewing TEXT NOT NULL,
  nth INTEGER NOT NULL,
  document TEXT NOT NULL,
  pages INTEGER NOT NULL,
  at INTEGER NOT NULL,
  by_name TEXT NOT NULL,
  due_at INTEGER,
  -- returned, shredded or handed_out; empty while it is out
  ended TEXT NOT NULL,
  ended_at INTEGER,
  ended_name TEXT NOT NULL,
  PRIMARY KEY (community, viewing, nth)
) STRICT, WITHOUT ROWID;
CREATE INDEX viewing_copy_out ON viewing_copy (community, due_at) WHERE ended = '';

-- A box on loan under a viewing.
CREATE TABLE viewing_loan (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  viewing TEXT NOT NULL,
  box TEXT NOT NULL,
  label TEXT NOT NULL,
  at INTEGER NOT NULL,
  by_name TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  -- how far its being late was carried: 0, 1 after an hour, 2 after a day
  rung INTEGER NOT NULL,
  back_at INTEGER,
  back_name TEXT NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
-- A box is with one borrower at a time.
CREATE UNIQUE INDEX viewing_loan_out ON viewing_loan (community, box) WHERE back_at IS NULL;
CREATE INDEX viewing_loan_due ON viewing_loan (community, due_at) WHERE back_at IS NULL;
CREATE INDEX viewing_loan_of ON viewing_loan (community, viewing, at);

-- Who decides for the manager, for a week at most, named by one and confirmed by another.
CREATE TABLE viewing_deputy (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  account TEXT NOT NULL,
  person TEXT NOT NULL,
  name TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  until_at INTEGER NOT NULL,
  named_as TEXT NOT NULL,
  named_name TEXT NOT NULL,
  confirmed_name TEXT NOT NULL,
  confirmed_at INTEGER,
  ended_at INTEGER,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX viewing_deputy_until ON viewing_deputy (community, until_at);

-- Persons whom this room does nothing for until somebody looked into it.
CREATE TABLE viewing_frozen (
  community INTEGER NOT NULL,
  person TEXT NOT NULL,
  viewing TEXT NOT NULL,
  since_at INTEGER NOT NULL,
  PRIMARY KEY (community, person, viewing)
) STRICT, WITHOUT ROWID;

CREATE TABLE viewing_policy (
  community INTEGER NOT NULL PRIMARY KEY,
  -- hours that a request waits, minutes of a window
  wait_hours INTEGER NOT NULL,
  window_minutes INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;
