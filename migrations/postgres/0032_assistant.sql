-- The assistant: answers that the office wrote, and what was asked.

CREATE TABLE assistant_entry (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  topic TEXT COLLATE "C" NOT NULL,
  -- of what is in force: draft (nothing was yet), published, expired or withdrawn
  state TEXT COLLATE "C" NOT NULL,
  -- what was written last: title, phrasings, answer, scope, days and source, as JSON
  body TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  -- what was let out last, and as which version; empty and 0 where nothing was
  in_force TEXT COLLATE "C" NOT NULL,
  in_force_version BIGINT NOT NULL,
  keeper TEXT COLLATE "C",
  why TEXT COLLATE "C" NOT NULL,
  confirmed_at BIGINT,
  changed_at BIGINT NOT NULL,
  row_version BIGINT NOT NULL,
  -- repeated from what is in force: what a source's end is looked up by
  source_ref TEXT COLLATE "C" NOT NULL,
  -- what the regression set said of the version written last, as JSON
  checked TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX assistant_entry_topic ON assistant_entry (community, topic);
CREATE INDEX assistant_entry_state ON assistant_entry (community, state, topic);
CREATE INDEX assistant_entry_source ON assistant_entry (community, source_ref, id) WHERE source_ref <> '';

-- What an entry was before, for going back.
CREATE TABLE assistant_version (
  community BIGINT NOT NULL,
  entry TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  by_account TEXT COLLATE "C",
  at BIGINT NOT NULL,
  PRIMARY KEY (community, entry, version)
);

-- Counts what came into force, so that a base in memory knows when it is old; what the office
-- says in the places of the answers and how the assistant behaves, as JSON; and of how many
-- questions of the regression set how many found their answer at the last publishing.
CREATE TABLE assistant_base (
  community BIGINT NOT NULL PRIMARY KEY,
  edition BIGINT NOT NULL,
  fills TEXT COLLATE "C" NOT NULL,
  manner TEXT COLLATE "C" NOT NULL,
  hits BIGINT NOT NULL,
  hits_of BIGINT NOT NULL
);

-- What was asked; the text sealed under the asker's key, kept for a bounded time.
CREATE TABLE assistant_question (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  -- whose key seals the text
  whose TEXT COLLATE "C" NOT NULL,
  text TEXT COLLATE "C" NOT NULL,
  -- answer, clarify, refuse, danger, or handed while people have the word
  band TEXT COLLATE "C" NOT NULL,
  -- the entry that was shown, or empty
  entry TEXT COLLATE "C" NOT NULL,
  -- 1 while nobody worked it off: a miss, a down-vote
  open BIGINT NOT NULL,
  down BIGINT NOT NULL,
  -- since when somebody waits for a person, and until one came
  waiting_since BIGINT,
  met_at BIGINT,
  at BIGINT NOT NULL,
  -- the number of the ticket that it became, or empty
  ticket TEXT COLLATE "C" NOT NULL,
  -- the message of the group that asked it, or empty
  message TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE INDEX assistant_question_account ON assistant_question (community, account, at, id);
CREATE INDEX assistant_question_open ON assistant_question (community, open, at, id) WHERE open = 1;
CREATE INDEX assistant_question_at ON assistant_question (community, at, band, down, waiting_since);
CREATE UNIQUE INDEX assistant_question_message ON assistant_question (community, message) WHERE message <> '';

CREATE TABLE assistant_cursor (
  community BIGINT NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL
);

-- How far the assistant has listened to the group.
CREATE TABLE assistant_heard (
  community BIGINT NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL
);

-- A spreadsheet that somebody looks at before its rows become drafts; thrown away at night.
CREATE TABLE assistant_import (
  community BIGINT NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  rows TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (community, account)
);
CREATE INDEX assistant_import_at ON assistant_import (community, at);
