-- 業主檔案: a dossier for each tenure, its documents, and what the strongroom keeps of them.

-- A room under one ownership. What the list in shelf order needs of the room stands here
-- as well, so that it is read by one index; the roster is followed.
CREATE TABLE dossier (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  room TEXT NOT NULL,
  -- the ownerships of a room are counted from 1
  tenure INTEGER NOT NULL,
  -- 檔案編號 with its check character
  number TEXT NOT NULL,
  code TEXT NOT NULL,
  sort_key BLOB NOT NULL,
  building TEXT NOT NULL,
  -- open, closed (the room changed hands) or void (opened by an import that was undone)
  state TEXT NOT NULL,
  -- the kinds that the room's state asks for, those filed, and the difference: bit 0 is a
  asked INTEGER NOT NULL,
  have INTEGER NOT NULL,
  missing INTEGER NOT NULL,
  -- documents that are not filed yet; documents and pages that are
  waiting INTEGER NOT NULL,
  documents INTEGER NOT NULL,
  pages INTEGER NOT NULL,
  -- YYYY-MM-DD, or empty
  began_day TEXT NOT NULL,
  ended_day TEXT,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX dossier_room ON dossier (community, room, tenure);
CREATE UNIQUE INDEX dossier_number ON dossier (community, number);
CREATE INDEX dossier_shelf ON dossier (community, sort_key, tenure);
CREATE INDEX dossier_missing ON dossier (community, sort_key, tenure) WHERE missing <> 0 AND state = 'open';
CREATE INDEX dossier_began ON dossier (community, began_day, id);
CREATE INDEX dossier_pages ON dossier (community, pages, id);
CREATE INDEX dossier_building ON dossier (community, building, sort_key, tenure);

-- Who owned in a tenure: a co-owner may come and go within it.
CREATE TABLE dossier_owner (
  community INTEGER NOT NULL,
  dossier TEXT NOT NULL,
  party TEXT NOT NULL,
  PRIMARY KEY (community, dossier, party)
) STRICT, WITHOUT ROWID;
CREATE INDEX dossier_owner_party ON dossier_owner (community, party);

CREATE TABLE document (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  dossier TEXT NOT NULL,
  -- a to j, and its number among those of its kind
  kind TEXT NOT NULL,
  nth INTEGER NOT NULL,
  -- sealed under the dossier's key
  title TEXT NOT NULL,
  signed_by TEXT NOT NULL,
  note TEXT NOT NULL,
  -- the date on it
  day TEXT,
  -- preparing, received, filed, replaced, withdrawn or lost
  state TEXT NOT NULL,
  -- an earlier document that this one is the newer version of, and its version from 1
  replaces TEXT,
  version INTEGER NOT NULL,
  -- counted by the parser, and by the person who held the paper
  pages INTEGER NOT NULL,
  confirmed INTEGER,
  -- how many have a picture, once they were drawn, and the numbers of those that have none
  pictures INTEGER,
  unseen TEXT NOT NULL,
  -- whether the paper itself is kept, and in which box where not the dossier's own
  paper INTEGER NOT NULL,
  box TEXT NOT NULL,
  media TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  -- words of what the parser noticed
  noticed TEXT NOT NULL,
  retention TEXT NOT NULL,
  -- the strongroom's name for it
  stored_as TEXT NOT NULL,
  taken_by TEXT NOT NULL,
  taken_name TEXT NOT NULL,
  checker TEXT NOT NULL,
  checker_name TEXT NOT NULL,
  -- why it was withdrawn, in a frozen word
  why TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  filed_at INTEGER,
  row_version INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX document_nth ON document (community, dossier, kind, nth);
CREATE INDEX document_waiting ON document (community, due_at, id) WHERE state = 'received';
CREATE INDEX document_preparing ON document (community, id) WHERE state = 'preparing';
CREATE INDEX document_filed ON document (community, filed_at) WHERE filed_at IS NOT NULL;

-- The versions of a dossier's object in the strongroom: prepared, published or given_up.
CREATE TABLE strongroom_version (
  community INTEGER NOT NULL,
  dossier TEXT NOT NULL,
  version INTEGER NOT NULL,
  -- the inventory's SHA-512 in hexadecimal: it vouches for every byte of the object
  inventory TEXT NOT NULL,
  document TEXT NOT NULL,
  state TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, dossier, version, inventory)
) STRICT, WITHOUT ROWID;
CREATE INDEX strongroom_version_open ON strongroom_version (community, dossier, version) WHERE state = 'prepared';

-- What a complete dossier holds and how numbers are made; without a row the house's own.
CREATE TABLE dossier_policy (
  community INTEGER NOT NULL PRIMARY KEY,
  -- kinds asked of a home handed over, and of one that is lived in
  handed_over INTEGER NOT NULL,
  lived_in INTEGER NOT NULL,
  number_rule TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;

CREATE TABLE dossier_cursor (
  community INTEGER NOT NULL PRIMARY KEY,
  seq INTEGER NOT NULL
) STRICT;
