-- The house: installation, companies, compounds, ledger, checkpoints, jobs.
CREATE TABLE installation (
  name TEXT COLLATE "C" PRIMARY KEY,
  value TEXT COLLATE "C" NOT NULL
);

CREATE TABLE company (
  id TEXT COLLATE "C" PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE community (
  number BIGINT PRIMARY KEY,
  slug TEXT COLLATE "C" NOT NULL UNIQUE,
  name TEXT COLLATE "C" NOT NULL UNIQUE,
  company TEXT COLLATE "C",
  created_at BIGINT NOT NULL,
  -- widths of the blind indexes in bits, planned from the number of people
  phone_bits BIGINT NOT NULL,
  tail_bits BIGINT NOT NULL,
  document_bits BIGINT NOT NULL,
  settings TEXT COLLATE "C" NOT NULL
);

CREATE TABLE ledger_head (
  community BIGINT PRIMARY KEY,
  size BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  frontier BYTEA NOT NULL
);
INSERT INTO ledger_head (community, size, last_at, frontier) VALUES (0, 0, 0, ''::bytea);

CREATE TABLE ledger (
  community BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  role TEXT COLLATE "C" NOT NULL,
  behalf TEXT COLLATE "C" NOT NULL,
  door TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,
  audience TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  leaf BYTEA NOT NULL,
  PRIMARY KEY (community, seq)
);
CREATE INDEX ledger_subject ON ledger (community, subject, seq) WHERE subject <> '';

CREATE TABLE checkpoint (
  community BIGINT NOT NULL,
  size BIGINT NOT NULL,
  root BYTEA NOT NULL,
  at BIGINT NOT NULL,
  note TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, size)
);

CREATE TABLE job (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  -- ids and numbers only, as JSON
  payload TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  due_at BIGINT NOT NULL,
  lease_until BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  last_error TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE INDEX job_due ON job (state, due_at);
