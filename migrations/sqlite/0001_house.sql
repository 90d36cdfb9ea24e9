-- The house: installation, companies, compounds, ledger, checkpoints, jobs.
CREATE TABLE installation (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE company (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE community (
  number INTEGER PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  company TEXT,
  created_at INTEGER NOT NULL,
  -- widths of the blind indexes in bits, planned from the number of people
  phone_bits INTEGER NOT NULL,
  tail_bits INTEGER NOT NULL,
  document_bits INTEGER NOT NULL,
  settings TEXT NOT NULL
) STRICT;

CREATE TABLE ledger_head (
  community INTEGER PRIMARY KEY,
  size INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  frontier BLOB NOT NULL
) STRICT;
INSERT INTO ledger_head (community, size, last_at, frontier) VALUES (0, 0, 0, x'');

CREATE TABLE ledger (
  community INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  version INTEGER NOT NULL,
  actor TEXT NOT NULL,
  role TEXT NOT NULL,
  behalf TEXT NOT NULL,
  door TEXT NOT NULL,
  subject TEXT NOT NULL,
  audience TEXT NOT NULL,
  body TEXT NOT NULL,
  leaf BLOB NOT NULL,
  PRIMARY KEY (community, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_subject ON ledger (community, subject, seq) WHERE subject <> '';

CREATE TABLE checkpoint (
  community INTEGER NOT NULL,
  size INTEGER NOT NULL,
  root BLOB NOT NULL,
  at INTEGER NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (community, size)
) STRICT;

CREATE TABLE job (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  -- ids and numbers only, as JSON
  payload TEXT NOT NULL,
  state TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  lease_until INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  last_error TEXT NOT NULL,
  PRIMARY KEY (community, id)
) STRICT;
CREATE INDEX job_due ON job (state, due_at);
