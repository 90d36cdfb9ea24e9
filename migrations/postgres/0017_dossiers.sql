-- 業主檔案: a dossier for each tenure, its documents, and what the strongroom keeps of them.

-- A room under one ownership. What the list in shelf order needs of the room stands here
-- as well, so that it is read by one index; the roster is followed.
CREATE TABLE dossier (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C" NOT NULL,
  -- the ownerships of a room are counted from 1
  tenure BIGINT NOT NULL,
  -- 檔案編號 with its check character
  number TEXT COLLATE "C" NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  sort_key BYTEA NOT NULL,
  building TEXT COLLATE "C" NOT NULL,
  -- open, closed (the room changed hands) or void (opened by an import that was undone)
  state TEXT COLLATE "C" NOT NULL,
  -- the kinds that the room's state asks for, those filed, and the difference: bit 0 is a
  asked BIGINT NOT NULL,
  have BIGINT NOT NULL,
  missing BIGINT NOT NULL,
  -- documents that are not filed yet; documents and pages that are
  waiting BIGINT NOT NULL,
  documents BIGINT NOT NULL,
  pages BIGINT NOT NULL,
  -- YYYY-MM-DD, or empty
  began_day TEXT COLLATE "C" NOT NULL,
  ended_day TEXT COLLATE "C",
  opened_at BIGINT NOT NULL,
  closed_at BIGINT,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX dossier_room ON dossier (community, room, tenure);
CREATE UNIQUE INDEX dossier_number ON dossier (community, number);
CREATE INDEX dossier_shelf ON dossier (community, sort_key, tenure);
CREATE INDEX dossier_missing ON dossier (community, sort_key, tenure) WHERE missing <> 0 AND state = 'open';
CREATE INDEX dossier_began ON dossier (community, began_day, id);
CREATE INDEX dossier_pages ON dossier (community, pages, id);
CREATE INDEX dossier_building ON dossier (community, building, sort_key, tenure);

-- Who owned in a tenure: a co-owner may come and go within it.
CREATE TABLE dossier_owner (
  community BIGINT NOT NULL,
  dossier TEXT COLLATE "C" NOT NULL,
  party TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, dossier, party)
);
CREATE INDEX dossier_owner_party ON dossier_owner (community, party);

CREATE TABLE document (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  dossier TEXT COLLATE "C" NOT NULL,
  -- a to j, and its number among those of its kind
  kind TEXT COLLATE "C" NOT NULL,
  nth BIGINT NOT NULL,
  -- sealed under the dossier's key
  title TEXT COLLATE "C" NOT NULL,
  signed_by TEXT COLLATE "C" NOT NULL,
  note TEXT COLLATE "C" NOT NULL,
  -- the date on it
  day TEXT COLLATE "C",
  -- preparing, received, filed, replaced, withdrawn or lost
  state TEXT COLLATE "C" NOT NULL,
  -- an earlier document that this one is the newer version of, and its version from 1
  replaces TEXT COLLATE "C",
  version BIGINT NOT NULL,
  -- counted by the parser, and by the person who held the paper
  pages BIGINT NOT NULL,
  confirmed BIGINT,
  -- how many have a picture, once they were drawn, and the numbers of those that have none
  pictures BIGINT,
  unseen TEXT COLLATE "C" NOT NULL,
  -- whether the paper itself is kept, and in which box where not the dossier's own
  paper BIGINT NOT NULL,
  box TEXT COLLATE "C" NOT NULL,
  media TEXT COLLATE "C" NOT NULL,
  bytes BIGINT NOT NULL,
  -- words of what the parser noticed
  noticed TEXT COLLATE "C" NOT NULL,
  retention TEXT COLLATE "C" NOT NULL,
  -- the strongroom's name for it
  stored_as TEXT COLLATE "C" NOT NULL,
  taken_by TEXT COLLATE "C" NOT NULL,
  taken_name TEXT COLLATE "C" NOT NULL,
  checker TEXT COLLATE "C" NOT NULL,
  checker_name TEXT COLLATE "C" NOT NULL,
  -- why it was withdrawn, in a frozen word
  why TEXT COLLATE "C" NOT NULL,
  received_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  filed_at BIGINT,
  row_version BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX document_nth ON document (community, dossier, kind, nth);
CREATE INDEX document_waiting ON document (community, due_at, id) WHERE state = 'received';
CREATE INDEX document_preparing ON document (community, id) WHERE state = 'preparing';
CREATE INDEX document_filed ON document (community, filed_at) WHERE filed_at IS NOT NULL;

-- The versions of a dossier's object in the strongroom: prepared, published or given_up.
CREATE TABLE strongroom_version (
  community BIGINT NOT NULL,
  dossier TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  -- the inventory's SHA-512 in hexadecimal: it vouches for every byte of the object
  inventory TEXT COLLATE "C" NOT NULL,
  document TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (community, dossier, version, inventory)
);
CREATE INDEX strongroom_version_open ON strongroom_version (community, dossier, version) WHERE state = 'prepared';

-- What a complete dossier holds and how numbers are made; without a row the house's own.
CREATE TABLE dossier_policy (
  community BIGINT NOT NULL PRIMARY KEY,
  -- kinds asked of a home handed over, and of one that is lived in
  handed_over BIGINT NOT NULL,
  lived_in BIGINT NOT NULL,
  number_rule TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL
);

CREATE TABLE dossier_cursor (
  community BIGINT NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL
);
