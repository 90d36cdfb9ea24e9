-- The archive handed to a successor company at the end of the contract (民法典 949).

CREATE TABLE succession (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  -- asked, refused, writing, written or delivered
  state TEXT COLLATE "C" NOT NULL,
  -- the company that takes over
  successor TEXT COLLATE "C" NOT NULL,
  -- empty says all
  building TEXT COLLATE "C" NOT NULL,
  -- room codes between which it lies, in shelf order; empty says from the first, to the last
  from_room TEXT COLLATE "C" NOT NULL,
  to_room TEXT COLLATE "C" NOT NULL,
  -- an age public key; empty says in clear
  recipient TEXT COLLATE "C" NOT NULL,
  -- YYYY-MM-DD by which it must be handed over
  due_day TEXT COLLATE "C" NOT NULL,
  asked_by TEXT COLLATE "C" NOT NULL,
  asked_name TEXT COLLATE "C" NOT NULL,
  -- the person on the roster that the account is tied to, or empty
  asked_person TEXT COLLATE "C" NOT NULL,
  asked_at BIGINT NOT NULL,
  decided_name TEXT COLLATE "C" NOT NULL,
  decided_at BIGINT,
  -- of all, and how many are done
  dossiers BIGINT NOT NULL,
  dossiers_done BIGINT NOT NULL,
  documents_done BIGINT NOT NULL,
  bytes_done BIGINT NOT NULL,
  -- SHA-512 of the bag's tag manifest
  digest TEXT COLLATE "C" NOT NULL,
  written_at BIGINT,
  -- YYYY-MM-DD on which both signed
  delivered_day TEXT COLLATE "C" NOT NULL,
  delivered_at BIGINT,
  -- the bag was removed from this machine
  cleared_at BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE INDEX succession_asked ON succession (community, asked_at, id);
