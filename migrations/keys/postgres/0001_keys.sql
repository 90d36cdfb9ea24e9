-- The key store, apart from the database: wrapping keys, a key per person, the
-- house's own secrets, and which people were erased.
CREATE TABLE wrapping_key (
  number BIGINT PRIMARY KEY,
  created_at BIGINT NOT NULL,
  retired_at BIGINT,
  wrapped BYTEA NOT NULL
);

CREATE TABLE person_key (
  community BIGINT NOT NULL,
  person TEXT COLLATE "C" NOT NULL,
  wrapping BIGINT NOT NULL,
  wrapped BYTEA NOT NULL,
  PRIMARY KEY (community, person)
);
CREATE INDEX person_key_wrapping ON person_key (wrapping);

CREATE TABLE secret (
  name TEXT COLLATE "C" PRIMARY KEY,
  wrapping BIGINT NOT NULL,
  wrapped BYTEA NOT NULL
);

CREATE TABLE shredded (
  community BIGINT NOT NULL,
  person TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, person)
);

CREATE TABLE kept_head (
  community BIGINT PRIMARY KEY,
  size BIGINT NOT NULL,
  root BYTEA NOT NULL,
  -- the roots of the perfect subtrees: from here on the log is followed leaf by leaf
  frontier BYTEA NOT NULL,
  at BIGINT NOT NULL,
  note TEXT COLLATE "C" NOT NULL
);
