-- The roster: places, rooms, parties, their relations; and imports, whose rows stay
-- unseen until they are committed (docs/decisions/006-imports-are-born-hidden.md).
-- Read the views *_seen; the bare tables hold rows of imports under way as well.
CREATE TABLE place (
  community INTEGER NOT NULL,
  -- level and name with those above it: building/二期/3
  key TEXT NOT NULL,
  -- phase, zone, building or unit
  level TEXT NOT NULL,
  parent TEXT NOT NULL,
  name TEXT NOT NULL,
  sort_key BLOB NOT NULL,
  import TEXT NOT NULL,
  PRIMARY KEY (community, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE room (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  -- as the office types it, and the one normal form
  code TEXT NOT NULL,
  normal TEXT NOT NULL,
  -- the last part of the normal form: 1801
  tail TEXT NOT NULL,
  -- byte order is shelf order
  sort_key BLOB NOT NULL,
  phase TEXT NOT NULL,
  zone TEXT NOT NULL,
  building TEXT NOT NULL,
  unit TEXT NOT NULL,
  -- exclusive area in 0.01 m2; unknown is NULL
  area INTEGER,
  floor TEXT,
  -- residence, shop, parking, other
  purpose TEXT,
  -- not_handed_over, handed_over, vacant, owner_occupied, let
  state TEXT,
  moved_in TEXT,
  -- sealed under the room's own key
  note BLOB,
  version INTEGER NOT NULL,
  -- 1 when another room of the house relies on it: an undo then leaves it
  held INTEGER NOT NULL,
  -- the import that brought it, or empty
  import TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX room_normal ON room (community, normal);
CREATE INDEX room_shelf ON room (community, sort_key);
CREATE INDEX room_building ON room (community, building, unit, sort_key);
CREATE INDEX room_tail ON room (community, tail, sort_key);
CREATE INDEX room_import ON room (community, import) WHERE import <> '';

-- Other codes under which a room is known (a former code, the developer's).
CREATE TABLE room_alias (
  community INTEGER NOT NULL,
  alias TEXT NOT NULL,
  room TEXT NOT NULL,
  typed TEXT NOT NULL,
  PRIMARY KEY (community, alias)
) STRICT, WITHOUT ROWID;

CREATE TABLE party (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  -- person or organisation
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  -- alive or deceased
  state TEXT NOT NULL,
  guardian TEXT,
  -- the party that this one was found to be
  merged_into TEXT,
  uscc TEXT,
  representative TEXT,
  -- sealed under the party's key
  birth BLOB,
  workplace BLOB,
  emergency BLOB,
  address BLOB,
  needs BLOB,
  note BLOB,
  version INTEGER NOT NULL,
  held INTEGER NOT NULL,
  import TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX party_name ON party (community, name_key);
CREATE INDEX party_uscc ON party (community, uscc) WHERE uscc IS NOT NULL;
CREATE INDEX party_import ON party (community, import) WHERE import <> '';

-- Keys by which a name is found: whole, without its surname, and its initials.
CREATE TABLE party_word (
  community INTEGER NOT NULL,
  word TEXT NOT NULL,
  party TEXT NOT NULL,
  PRIMARY KEY (community, word, party)
) STRICT, WITHOUT ROWID;
CREATE INDEX party_word_party ON party_word (community, party);

CREATE TABLE party_phone (
  community INTEGER NOT NULL,
  party TEXT NOT NULL,
  id TEXT NOT NULL,
  sealed BLOB NOT NULL,
  blind_phone INTEGER NOT NULL,
  blind_tail INTEGER NOT NULL,
  main INTEGER NOT NULL,
  added_at INTEGER NOT NULL,
  ended_at INTEGER,
  import TEXT NOT NULL,
  PRIMARY KEY (community, party, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX party_phone_blind ON party_phone (community, blind_tail, blind_phone);
CREATE INDEX party_phone_import ON party_phone (community, import) WHERE import <> '';

CREATE TABLE party_document (
  community INTEGER NOT NULL,
  party TEXT NOT NULL,
  id TEXT NOT NULL,
  -- resident_id, passport, hong_kong_macau, taiwan, other
  kind TEXT NOT NULL,
  sealed BLOB NOT NULL,
  blind INTEGER NOT NULL,
  added_at INTEGER NOT NULL,
  ended_at INTEGER,
  import TEXT NOT NULL,
  PRIMARY KEY (community, party, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX party_document_blind ON party_document (community, blind);
CREATE INDEX party_document_import ON party_document (community, import) WHERE import <> '';

-- Ownership, tenancy and household: dated, never deleted by an act.
CREATE TABLE relation (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  room TEXT NOT NULL,
  party TEXT NOT NULL,
  -- owner, co_owner, tenant or family
  kind TEXT NOT NULL,
  -- lowest terms; 0/0 is owned jointly; unknown is NULL
  share_part INTEGER,
  share_whole INTEGER,
  from_day TEXT,
  until_day TEXT,
  -- when the house learnt that it ended; NULL while it stands
  ended_at INTEGER,
  -- why it ended: transfer, moved_out, mistake, merged
  ended_why TEXT NOT NULL,
  -- for tenants: the party who vouches
  vouched_by TEXT,
  version INTEGER NOT NULL,
  import TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX relation_room ON relation (community, room);
CREATE INDEX relation_party ON relation (community, party);
CREATE INDEX relation_import ON relation (community, import) WHERE import <> '';

CREATE TABLE vehicle (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  room TEXT NOT NULL,
  party TEXT,
  plate TEXT NOT NULL,
  -- the plate without its province and letter
  tail TEXT NOT NULL,
  ended_at INTEGER,
  import TEXT NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX vehicle_plate ON vehicle (community, plate);
CREATE INDEX vehicle_tail ON vehicle (community, tail);
CREATE INDEX vehicle_room ON vehicle (community, room);
CREATE INDEX vehicle_import ON vehicle (community, import) WHERE import <> '';

-- What a contact or a relation was before, and after; sealed where it is personal.
CREATE TABLE roster_change (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  at INTEGER NOT NULL,
  -- room or party, and its id
  what TEXT NOT NULL,
  subject TEXT NOT NULL,
  field TEXT NOT NULL,
  was BLOB,
  became BLOB,
  actor TEXT NOT NULL,
  import TEXT NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX roster_change_subject ON roster_change (community, subject, id);

CREATE TABLE import (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  -- roster or fees
  kind TEXT NOT NULL,
  file_name TEXT NOT NULL,
  -- keyed digest of the file's bytes
  digest BLOB NOT NULL,
  -- read, staged, applying, committed, undone, dropped
  state TEXT NOT NULL,
  -- how each sheet is read, as JSON; samples left out
  mapping TEXT NOT NULL,
  -- counts as JSON
  outcome TEXT NOT NULL,
  chunks INTEGER NOT NULL,
  chunks_done INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  -- the last sign of life of whoever applies it
  beat_at INTEGER NOT NULL,
  finished_at INTEGER,
  actor TEXT NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_state ON import (community, state, id);
-- One import at a time is applied to a compound.
CREATE UNIQUE INDEX import_one ON import (community) WHERE state = 'applying';

-- Imports whose rows nobody sees: under way, or undone and being cleared away.
CREATE TABLE import_hidden (
  community INTEGER NOT NULL,
  import TEXT NOT NULL,
  PRIMARY KEY (community, import)
) STRICT, WITHOUT ROWID;

-- The file, the planned chunks and the faults, sealed under the import's own key.
CREATE TABLE import_piece (
  community INTEGER NOT NULL,
  import TEXT NOT NULL,
  what TEXT NOT NULL,
  number INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (community, import, what, number)
) STRICT;

-- Changes to rooms that were there: switched by one statement, undone by another.
CREATE TABLE import_room (
  community INTEGER NOT NULL,
  import TEXT NOT NULL,
  room TEXT NOT NULL,
  version INTEGER NOT NULL,
  area INTEGER, floor TEXT, purpose TEXT, state TEXT, moved_in TEXT, note BLOB,
  was_area INTEGER, was_floor TEXT, was_purpose TEXT, was_state TEXT, was_moved_in TEXT, was_note BLOB,
  PRIMARY KEY (community, import, room)
) STRICT, WITHOUT ROWID;

-- The same for parties.
CREATE TABLE import_party (
  community INTEGER NOT NULL,
  import TEXT NOT NULL,
  party TEXT NOT NULL,
  version INTEGER NOT NULL,
  uscc TEXT, representative TEXT, birth BLOB, workplace BLOB, emergency BLOB, note BLOB,
  was_uscc TEXT, was_representative TEXT, was_birth BLOB, was_workplace BLOB, was_emergency BLOB, was_note BLOB,
  PRIMARY KEY (community, import, party)
) STRICT, WITHOUT ROWID;

-- The same for shares and dates of relations.
CREATE TABLE import_relation (
  community INTEGER NOT NULL,
  import TEXT NOT NULL,
  relation TEXT NOT NULL,
  version INTEGER NOT NULL,
  share_part INTEGER, share_whole INTEGER, from_day TEXT, until_day TEXT,
  was_share_part INTEGER, was_share_whole INTEGER, was_from_day TEXT, was_until_day TEXT,
  PRIMARY KEY (community, import, relation)
) STRICT, WITHOUT ROWID;

-- The nightly exchange of files with the office's other system: when it last went well.
CREATE TABLE exchange (
  community INTEGER NOT NULL,
  folder TEXT NOT NULL,
  last_in INTEGER,
  last_out INTEGER,
  last_error TEXT NOT NULL,
  PRIMARY KEY (community)
) STRICT, WITHOUT ROWID;

CREATE VIEW place_seen AS SELECT t.* FROM place t WHERE t.import = '' OR NOT EXISTS
  (SELECT 1 FROM import_hidden h WHERE h.community = t.community AND h.import = t.import);

CREATE VIEW room_seen AS SELECT t.* FROM room t WHERE t.import = '' OR NOT EXISTS
  (SELECT 1 FROM import_hidden h WHERE h.community = t.community AND h.import = t.import);

CREATE VIEW party_seen AS SELECT t.* FROM party t WHERE t.import = '' OR NOT EXISTS
  (SELECT 1 FROM import_hidden h WHERE h.community = t.community AND h.import = t.import);

CREATE VIEW party_phone_seen AS SELECT t.* FROM party_phone t WHERE t.import = '' OR NOT EXISTS
  (SELECT 1 FROM import_hidden h WHERE h.community = t.community AND h.import = t.import);

CREATE VIEW party_document_seen AS SELECT t.* FROM party_document t WHERE t.import = '' OR NOT EXISTS
  (SELECT 1 FROM import_hidden h WHERE h.community = t.community AND h.import = t.import);

CREATE VIEW relation_seen AS SELECT t.* FROM relation t WHERE t.import = '' OR NOT EXISTS
  (SELECT 1 FROM import_hidden h WHERE h.community = t.community AND h.import = t.import);

CREATE VIEW vehicle_seen AS SELECT t.* FROM vehicle t WHERE t.import = '' OR NOT EXISTS
  (SELECT 1 FROM import_hidden h WHERE h.community = t.community AND h.import = t.import);
