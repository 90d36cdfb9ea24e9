-- The archive handed to a successor company at the end of the contract (民法典 949).

CREATE TABLE succession (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  -- asked, refused, writing, written or delivered
  state TEXT NOT NULL,
  -- the company that takes over
  successor TEXT NOT NULL,
  -- empty says all
  building TEXT NOT NULL,
  -- room codes between which it lies, in shelf order; empty says from the first, to the last
  from_room TEXT NOT NULL,
  to_room TEXT NOT NULL,
  -- an age public key; empty says in clear
  recipient TEXT NOT NULL,
  -- YYYY-MM-DD by which it must be handed over
  due_day TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  asked_name TEXT NOT NULL,
  -- the person on the roster that the account is tied to, or empty
  asked_person TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  decided_name TEXT NOT NULL,
  decided_at INTEGER,
  -- of all, and how many are done
  dossiers INTEGER NOT NULL,
  dossiers_done INTEGER NOT NULL,
  documents_done INTEGER NOT NULL,
  bytes_done INTEGER NOT NULL,
  -- SHA-512 of the bag's tag manifest
  digest TEXT NOT NULL,
  written_at INTEGER,
  -- YYYY-MM-DD on which both signed
  delivered_day TEXT NOT NULL,
  delivered_at INTEGER,
  -- the bag was removed from this machine
  cleared_at INTEGER,
  version INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX succession_asked ON succession (community, asked_at, id);
