-- The assistant: answers that the office wrote, and what was asked.

CREATE TABLE assistant_entry (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  topic TEXT NOT NULL,
  -- of what is in force: draft (nothing was yet), published, expired or withdrawn
  state TEXT NOT NULL,
  -- what was written last: title, phrasings, answer, scope, days and source, as JSON
  body TEXT NOT NULL,
  version INTEGER NOT NULL,
  -- what was let out last, and as which version; empty and 0 where nothing was
  in_force TEXT NOT NULL,
  in_force_version INTEGER NOT NULL,
  keeper TEXT,
  why TEXT NOT NULL,
  confirmed_at INTEGER,
  changed_at INTEGER NOT NULL,
  row_version INTEGER NOT NULL,
  -- repeated from what is in force: what a source's end is looked up by
  source_ref TEXT NOT NULL,
  -- what the regression set said of the version written last, as JSON
  checked TEXT NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX assistant_entry_topic ON assistant_entry (community, topic);
CREATE INDEX assistant_entry_state ON assistant_entry (community, state, topic);
CREATE INDEX assistant_entry_source ON assistant_entry (community, source_ref, id) WHERE source_ref <> '';

-- What an entry was before, for going back.
CREATE TABLE assistant_version (
  community INTEGER NOT NULL,
  entry TEXT NOT NULL,
  version INTEGER NOT NULL,
  body TEXT NOT NULL,
  by_account TEXT,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, entry, version)
) STRICT, WITHOUT ROWID;

-- Counts what came into force, so that a base in memory knows when it is old; what the office
-- says in the places of the answers and how the assistant behaves, as JSON; and of how many
-- questions of the regression set how many found their answer at the last publishing.
CREATE TABLE assistant_base (
  community INTEGER NOT NULL PRIMARY KEY,
  edition INTEGER NOT NULL,
  fills TEXT NOT NULL,
  manner TEXT NOT NULL,
  hits INTEGER NOT NULL,
  hits_of INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What was asked; the text sealed under the asker's key, kept for a bounded time.
CREATE TABLE assistant_question (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  account TEXT NOT NULL,
  -- whose key seals the text
  whose TEXT NOT NULL,
  text TEXT NOT NULL,
  -- answer, clarify, refuse, danger, or handed while people have the word
  band TEXT NOT NULL,
  -- the entry that was shown, or empty
  entry TEXT NOT NULL,
  -- 1 while nobody worked it off: a miss, a down-vote
  open INTEGER NOT NULL,
  down INTEGER NOT NULL,
  -- since when somebody waits for a person, and until one came
  waiting_since INTEGER,
  met_at INTEGER,
  at INTEGER NOT NULL,
  -- the number of the ticket that it became, or empty
  ticket TEXT NOT NULL,
  -- the message of the group that asked it, or empty
  message TEXT NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX assistant_question_account ON assistant_question (community, account, at, id);
CREATE INDEX assistant_question_open ON assistant_question (community, open, at, id) WHERE open = 1;
CREATE INDEX assistant_question_at ON assistant_question (community, at, band, down, waiting_since);
CREATE UNIQUE INDEX assistant_question_message ON assistant_question (community, message) WHERE message <> '';

CREATE TABLE assistant_cursor (
  community INTEGER NOT NULL PRIMARY KEY,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How far the assistant has listened to the group.
CREATE TABLE assistant_heard (
  community INTEGER NOT NULL PRIMARY KEY,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A spreadsheet that somebody looks at before its rows become drafts; thrown away at night.
CREATE TABLE assistant_import (
  community INTEGER NOT NULL,
  account TEXT NOT NULL,
  rows TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX assistant_import_at ON assistant_import (community, at);
