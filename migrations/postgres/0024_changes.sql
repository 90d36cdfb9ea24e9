-- 變更跟蹤、過戶與封存 (SY-WI-KF-09 4.4.1): what changed about owners and residents, transfers of
-- ownership from draft to deed, and which tenures are sealed or wait to be.

-- A change, from whichever door: what it was and became stays sealed under the person's key.
CREATE TABLE change_record (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  -- the event of the roster that it follows, and what that event was about: a line of the
  -- change history, a relation, a vehicle or a party
  seq BIGINT NOT NULL,
  item TEXT COLLATE "C" NOT NULL,
  party TEXT COLLATE "C",
  -- the home it is shown under; empty for somebody who lives nowhere
  room TEXT COLLATE "C" NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  sort_key BYTEA NOT NULL,
  -- phone, emergency, address … or began, ended, registered, taken_off, transfer
  field TEXT COLLATE "C" NOT NULL,
  -- how the party belongs to the room, where that changed
  tie TEXT COLLATE "C" NOT NULL,
  was BYTEA,
  became BYTEA,
  -- desk, own, import, census or transfer
  source TEXT COLLATE "C" NOT NULL,
  maker TEXT COLLATE "C" NOT NULL,
  maker_person TEXT COLLATE "C",
  maker_name TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  -- waiting, checked or rejected
  state TEXT COLLATE "C" NOT NULL,
  -- empty, said, document, form, own, import, census or transfer
  evidence TEXT COLLATE "C" NOT NULL,
  evidence_of TEXT COLLATE "C" NOT NULL,
  -- sealed under the record's own key
  evidence_why BYTEA,
  checker TEXT COLLATE "C",
  checker_name TEXT COLLATE "C" NOT NULL,
  checked_at BIGINT,
  why BYTEA,
  -- the catalog or a label shows what it was until printed anew
  reprint BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX change_record_event ON change_record (community, seq, item, field);
CREATE INDEX change_record_state ON change_record (community, state, at, id);
CREATE INDEX change_record_shelf ON change_record (community, state, sort_key, id);
CREATE INDEX change_record_room ON change_record (community, room, at, id);
CREATE INDEX change_record_party ON change_record (community, party, at, id);

-- The dossiers that a change belongs to: one person may own several homes.
CREATE TABLE change_in (
  community BIGINT NOT NULL,
  dossier TEXT COLLATE "C" NOT NULL,
  record TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, dossier, record)
);
CREATE INDEX change_in_record ON change_in (community, record);

CREATE TABLE change_cursor (
  community BIGINT NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL
);

-- 過戶: one guided act, kept as a draft until it is done.
CREATE TABLE transfer (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C" NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  -- the dossier of the tenure that ends, and of the one that begins
  dossier TEXT COLLATE "C" NOT NULL,
  next TEXT COLLATE "C",
  -- draft, done, undone or dropped
  state TEXT COLLATE "C" NOT NULL,
  -- what was filled in, sealed under the transfer's own key
  draft BYTEA NOT NULL,
  -- what it did, as ids in JSON: for taking it back on its day
  did TEXT COLLATE "C" NOT NULL,
  -- whether what remains to be paid is the former owners' duty
  former_pays BIGINT NOT NULL,
  begun_by TEXT COLLATE "C" NOT NULL,
  begun_name TEXT COLLATE "C" NOT NULL,
  begun_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  done_by TEXT COLLATE "C" NOT NULL,
  done_name TEXT COLLATE "C" NOT NULL,
  done_at BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE INDEX transfer_state ON transfer (community, state, changed_at, id);
CREATE INDEX transfer_room ON transfer (community, room, begun_at, id);
CREATE UNIQUE INDEX transfer_draft ON transfer (community, room) WHERE state = 'draft';
CREATE INDEX transfer_next ON transfer (community, id) WHERE state = 'done' AND next IS NULL;

-- 封存: which ended tenures wait to be sealed and why, and which are.
CREATE TABLE tenure_seal (
  community BIGINT NOT NULL,
  dossier TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C" NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  sort_key BYTEA NOT NULL,
  -- waiting, sealed or opened
  state TEXT COLLATE "C" NOT NULL,
  -- words of what it waits for, separated by blanks
  waits TEXT COLLATE "C" NOT NULL,
  -- when it is sealed at the latest, YYYY-MM-DD; empty where nothing limits it
  due_day TEXT COLLATE "C" NOT NULL,
  owed BIGINT NOT NULL,
  -- litigation, authority, subject or handover
  purpose TEXT COLLATE "C" NOT NULL,
  -- sealed under the dossier's key
  why BYTEA,
  sealed_at BIGINT,
  opened_until BIGINT,
  looked_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (community, dossier)
);
CREATE INDEX tenure_seal_state ON tenure_seal (community, state, sort_key, dossier);
CREATE INDEX dossier_closed ON dossier (community, id) WHERE state = 'closed';

-- People who stand in the roster by sealed tenures alone: nobody finds them there.
CREATE TABLE party_sealed (
  community BIGINT NOT NULL,
  party TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, party)
);
CREATE INDEX role_grant_person ON role_grant (community, person) WHERE person IS NOT NULL;
