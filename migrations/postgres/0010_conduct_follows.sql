-- How far the conduct room has read the ledger: what applicants wrote is judged once.
CREATE TABLE conduct_cursor (
  community BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (community)
);

-- The trained part that a compound uses instead of the shipped one; the newest is in force.
CREATE TABLE conduct_model (
  community BIGINT NOT NULL,
  version BIGINT NOT NULL,
  at BIGINT NOT NULL,
  -- SHA-256 of the model's bytes, in hex; empty for the shipped one
  digest TEXT COLLATE "C" NOT NULL,
  -- the model, at most a megabyte; none for the shipped one
  body BYTEA,
  PRIMARY KEY (community, version)
);
