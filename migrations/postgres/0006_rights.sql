-- Who was erased, and on what ground: read at each start.
CREATE TABLE erasure (
  community BIGINT NOT NULL,
  person TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  ground TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, person)
);
