-- 變更跟蹤、過戶與封存 (SY-WI-KF-09 4.4.1): what changed about owners and residents, transfers of
-- ownership from draft to deed, and which tenures are sealed or wait to be.

-- A change, from whichever door: what it was and became stays sealed under the person's key.
CREATE TABLE change_record (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  -- the event of the roster that it follows, and what that event was about: a line of the
  -- change history, a relation, a vehicle or a party
  seq INTEGER NOT NULL,
  item TEXT NOT NULL,
  party TEXT,
  -- the home it is shown under; empty for somebody who lives nowhere
  room TEXT NOT NULL,
  code TEXT NOT NULL,
  sort_key BLOB NOT NULL,
  -- phone, emergency, address … or began, ended, registered, taken_off, transfer
  field TEXT NOT NULL,
  -- how the party belongs to the room, where that changed
  tie TEXT NOT NULL,
  was BLOB,
  became BLOB,
  -- desk, own, import, census or transfer
  source TEXT NOT NULL,
  maker TEXT NOT NULL,
  maker_person TEXT,
  maker_name TEXT NOT NULL,
  at INTEGER NOT NULL,
  -- waiting, checked or rejected
  state TEXT NOT NULL,
  -- empty, said, document, form, own, import, census or transfer
  evidence TEXT NOT NULL,
  evidence_of TEXT NOT NULL,
  -- sealed under the record's own key
  evidence_why BLOB,
  checker TEXT,
  checker_name TEXT NOT NULL,
  checked_at INTEGER,
  why BLOB,
  -- the catalog or a label shows what it was until printed anew
  reprint INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX change_record_event ON change_record (community, seq, item, field);
CREATE INDEX change_record_state ON change_record (community, state, at, id);
CREATE INDEX change_record_shelf ON change_record (community, state, sort_key, id);
CREATE INDEX change_record_room ON change_record (community, room, at, id);
CREATE INDEX change_record_party ON change_record (community, party, at, id);

-- The dossiers that a change belongs to: one person may own several homes.
CREATE TABLE change_in (
  community INTEGER NOT NULL,
  dossier TEXT NOT NULL,
  record TEXT NOT NULL,
  PRIMARY KEY (community, dossier, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_in_record ON change_in (community, record);

CREATE TABLE change_cursor (
  community INTEGER NOT NULL PRIMARY KEY,
  seq INTEGER NOT NULL
) STRICT;

-- 過戶: one guided act, kept as a draft until it is done.
CREATE TABLE transfer (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  room TEXT NOT NULL,
  code TEXT NOT NULL,
  -- the dossier of the tenure that ends, and of the one that begins
  dossier TEXT NOT NULL,
  next TEXT,
  -- draft, done, undone or dropped
  state TEXT NOT NULL,
  -- what was filled in, sealed under the transfer's own key
  draft BLOB NOT NULL,
  -- what it did, as ids in JSON: for taking it back on its day
  did TEXT NOT NULL,
  -- whether what remains to be paid is the former owners' duty
  former_pays INTEGER NOT NULL,
  begun_by TEXT NOT NULL,
  begun_name TEXT NOT NULL,
  begun_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  done_by TEXT NOT NULL,
  done_name TEXT NOT NULL,
  done_at INTEGER,
  version INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX transfer_state ON transfer (community, state, changed_at, id);
CREATE INDEX transfer_room ON transfer (community, room, begun_at, id);
CREATE UNIQUE INDEX transfer_draft ON transfer (community, room) WHERE state = 'draft';
CREATE INDEX transfer_next ON transfer (community, id) WHERE state = 'done' AND next IS NULL;

-- 封存: which ended tenures wait to be sealed and why, and which are.
CREATE TABLE tenure_seal (
  community INTEGER NOT NULL,
  dossier TEXT NOT NULL,
  room TEXT NOT NULL,
  code TEXT NOT NULL,
  sort_key BLOB NOT NULL,
  -- waiting, sealed or opened
  state TEXT NOT NULL,
  -- words of what it waits for, separated by blanks
  waits TEXT NOT NULL,
  -- when it is sealed at the latest, YYYY-MM-DD; empty where nothing limits it
  due_day TEXT NOT NULL,
  owed INTEGER NOT NULL,
  -- litigation, authority, subject or handover
  purpose TEXT NOT NULL,
  -- sealed under the dossier's key
  why BLOB,
  sealed_at INTEGER,
  opened_until INTEGER,
  looked_at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (community, dossier)
) STRICT, WITHOUT ROWID;
CREATE INDEX tenure_seal_state ON tenure_seal (community, state, sort_key, dossier);
CREATE INDEX dossier_closed ON dossier (community, id) WHERE state = 'closed';

-- People who stand in the roster by sealed tenures alone: nobody finds them there.
CREATE TABLE party_sealed (
  community INTEGER NOT NULL,
  party TEXT NOT NULL,
  PRIMARY KEY (community, party)
) STRICT, WITHOUT ROWID;
CREATE INDEX role_grant_person ON role_grant (community, person) WHERE person IS NOT NULL;
