-- The assistant: answers that the office wrote, and what was asked.

CREATE TABLE assistant_entry (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  topic TEXT NOT NULL,
  -- draft, published, expired or withdrawn
  state TEXT NOT NULL,
  -- title, phrasings, answer, scope, days and source, as JSON
  body TEXT NOT NULL,
  version INTEGER NOT NULL,
  keeper TEXT,
  why TEXT NOT NULL,
  confirmed_at INTEGER,
  changed_at INTEGER NOT NULL,
  row_version INTEGER NOT NULL,
  -- repeated from the body: what a source's end is looked up by
  source_ref TEXT NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX assistant_entry_topic ON assistant_entry (community, topic);
CREATE INDEX assistant_entry_state ON assistant_entry (community, state, topic);
CREATE INDEX assistant_entry_source ON assistant_entry (community, source_ref, id) WHERE source_ref <> '';

-- What an entry was before, for undoing.
CREATE TABLE assistant_version (
  community INTEGER NOT NULL,
  entry TEXT NOT NULL,
  version INTEGER NOT NULL,
  body TEXT NOT NULL,
  by_account TEXT,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, entry, version)
) STRICT, WITHOUT ROWID;

-- Counts what came into force, so that a base in memory knows when it is old; and what the
-- office says in the places of the answers, as JSON.
CREATE TABLE assistant_base (
  community INTEGER NOT NULL PRIMARY KEY,
  edition INTEGER NOT NULL,
  fills TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What was asked; the text sealed under the asker's key, kept for a bounded time.
CREATE TABLE assistant_question (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  account TEXT NOT NULL,
  -- whose key seals the text
  whose TEXT NOT NULL,
  text TEXT NOT NULL,
  -- answer, clarify, refuse or danger
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
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX assistant_question_account ON assistant_question (community, account, at, id);
CREATE INDEX assistant_question_open ON assistant_question (community, open, at, id) WHERE open = 1;
CREATE INDEX assistant_question_at ON assistant_question (community, at, band, down, waiting_since);

CREATE TABLE assistant_cursor (
  community INTEGER NOT NULL PRIMARY KEY,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
