-- The roster: places, rooms, parties, their relations; and imports, whose rows stay
-- unseen until they are committed (docs/decisions/006-imports-are-born-hidden.md).
-- Read the views *_seen; the bare tables hold rows of imports under way as well.
CREATE TABLE place (
  community BIGINT NOT NULL,
  -- level and name with those above it: building/二期/3
  key TEXT COLLATE "C" NOT NULL,
  -- phase, zone, building or unit
  level TEXT COLLATE "C" NOT NULL,
  parent TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  sort_key BYTEA NOT NULL,
  import TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, key)
);

CREATE TABLE room (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  -- as the office types it, and the one normal form
  code TEXT COLLATE "C" NOT NULL,
  normal TEXT COLLATE "C" NOT NULL,
  -- the last part of the normal form: 1801
  tail TEXT COLLATE "C" NOT NULL,
  -- byte order is shelf order
  sort_key BYTEA NOT NULL,
  phase TEXT COLLATE "C" NOT NULL,
  zone TEXT COLLATE "C" NOT NULL,
  building TEXT COLLATE "C" NOT NULL,
  unit TEXT COLLATE "C" NOT NULL,
  -- exclusive area in 0.01 m2; unknown is NULL
  area BIGINT,
  floor TEXT COLLATE "C",
  -- residence, shop, parking, other
  purpose TEXT COLLATE "C",
  -- not_handed_over, handed_over, vacant, owner_occupied, let
  state TEXT COLLATE "C",
  moved_in TEXT COLLATE "C",
  -- sealed under the room's own key
  note BYTEA,
  version BIGINT NOT NULL,
  -- 1 when another room of the house relies on it: an undo then leaves it
  held BIGINT NOT NULL,
  -- the import that brought it, or empty
  import TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX room_normal ON room (community, normal);
CREATE INDEX room_shelf ON room (community, sort_key);
CREATE INDEX room_building ON room (community, building, unit, sort_key);
CREATE INDEX room_tail ON room (community, tail, sort_key);
CREATE INDEX room_import ON room (community, import) WHERE import <> '';

-- Other codes under which a room is known (a former code, the developer's).
CREATE TABLE room_alias (
  community BIGINT NOT NULL,
  alias TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C" NOT NULL,
  typed TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, alias)
);

CREATE TABLE party (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  -- person or organisation
  kind TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  name_key TEXT COLLATE "C" NOT NULL,
  -- alive or deceased
  state TEXT COLLATE "C" NOT NULL,
  guardian TEXT COLLATE "C",
  -- the party that this one was found to be
  merged_into TEXT COLLATE "C",
  uscc TEXT COLLATE "C",
  representative TEXT COLLATE "C",
  -- sealed under the party's key
  birth BYTEA,
  workplace BYTEA,
  emergency BYTEA,
  address BYTEA,
  needs BYTEA,
  note BYTEA,
  version BIGINT NOT NULL,
  held BIGINT NOT NULL,
  import TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE INDEX party_name ON party (community, name_key);
CREATE INDEX party_uscc ON party (community, uscc) WHERE uscc IS NOT NULL;
CREATE INDEX party_import ON party (community, import) WHERE import <> '';

-- Keys by which a name is found: whole, without its surname, and its initials.
CREATE TABLE party_word (
  community BIGINT NOT NULL,
  word TEXT COLLATE "C" NOT NULL,
  party TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, word, party)
);
CREATE INDEX party_word_party ON party_word (community, party);

CREATE TABLE party_phone (
  community BIGINT NOT NULL,
  party TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  sealed BYTEA NOT NULL,
  blind_phone BIGINT NOT NULL,
  blind_tail BIGINT NOT NULL,
  main BIGINT NOT NULL,
  added_at BIGINT NOT NULL,
  ended_at BIGINT,
  import TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, party, id)
);
CREATE INDEX party_phone_blind ON party_phone (community, blind_tail, blind_phone);
CREATE INDEX party_phone_import ON party_phone (community, import) WHERE import <> '';

CREATE TABLE party_document (
  community BIGINT NOT NULL,
  party TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  -- resident_id, passport, hong_kong_macau, taiwan, other
  kind TEXT COLLATE "C" NOT NULL,
  sealed BYTEA NOT NULL,
  blind BIGINT NOT NULL,
  added_at BIGINT NOT NULL,
  ended_at BIGINT,
  import TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, party, id)
);
CREATE INDEX party_document_blind ON party_document (community, blind);
CREATE INDEX party_document_import ON party_document (community, import) WHERE import <> '';

-- Ownership, tenancy and household: dated, never deleted by an act.
CREATE TABLE relation (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C" NOT NULL,
  party TEXT COLLATE "C" NOT NULL,
  -- owner, co_owner, tenant or family
  kind TEXT COLLATE "C" NOT NULL,
  -- lowest terms; 0/0 is owned jointly; unknown is NULL
  share_part BIGINT,
  share_whole BIGINT,
  from_day TEXT COLLATE "C",
  until_day TEXT COLLATE "C",
  -- when the house learnt that it ended; NULL while it stands
  ended_at BIGINT,
  -- why it ended: transfer, moved_out, mistake, merged
  ended_why TEXT COLLATE "C" NOT NULL,
  -- for tenants: the party who vouches
  vouched_by TEXT COLLATE "C",
  version BIGINT NOT NULL,
  import TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE INDEX relation_room ON relation (community, room);
CREATE INDEX relation_party ON relation (community, party);
CREATE INDEX relation_import ON relation (community, import) WHERE import <> '';

CREATE TABLE vehicle (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C" NOT NULL,
  party TEXT COLLATE "C",
  plate TEXT COLLATE "C" NOT NULL,
  -- the plate without its province and letter
  tail TEXT COLLATE "C" NOT NULL,
  ended_at BIGINT,
  import TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE INDEX vehicle_plate ON vehicle (community, plate);
CREATE INDEX vehicle_tail ON vehicle (community, tail);
CREATE INDEX vehicle_room ON vehicle (community, room);
CREATE INDEX vehicle_import ON vehicle (community, import) WHERE import <> '';

-- What a contact or a relation was before, and after; sealed where it is personal.
CREATE TABLE roster_change (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  -- room or party, and its id
  what TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,
  field TEXT COLLATE "C" NOT NULL,
  was BYTEA,
  became BYTEA,
  actor TEXT COLLATE "C" NOT NULL,
  import TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE INDEX roster_change_subject ON roster_change (community, subject, id);

CREATE TABLE import (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  -- roster or fees
  kind TEXT COLLATE "C" NOT NULL,
  file_name TEXT COLLATE "C" NOT NULL,
  -- keyed digest of the file's bytes
  digest BYTEA NOT NULL,
  -- read, staged, applying, committed, undone, dropped
  state TEXT COLLATE "C" NOT NULL,
  -- how each sheet is read, as JSON; samples left out
  mapping TEXT COLLATE "C" NOT NULL,
  -- counts as JSON
  outcome TEXT COLLATE "C" NOT NULL,
  chunks BIGINT NOT NULL,
  chunks_done BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  -- the last sign of life of whoever applies it
  beat_at BIGINT NOT NULL,
  finished_at BIGINT,
  actor TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE INDEX import_state ON import (community, state, id);
-- One import at a time is applied to a compound.
CREATE UNIQUE INDEX import_one ON import (community) WHERE state = 'applying';

-- Imports whose rows nobody sees: under way, or undone and being cleared away.
CREATE TABLE import_hidden (
  community BIGINT NOT NULL,
  import TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, import)
);

-- The file, the planned chunks and the faults, sealed under the import's own key.
CREATE TABLE import_piece (
  community BIGINT NOT NULL,
  import TEXT COLLATE "C" NOT NULL,
  what TEXT COLLATE "C" NOT NULL,
  number BIGINT NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (community, import, what, number)
);

-- Changes to rooms that were there: switched by one statement, undone by another.
CREATE TABLE import_room (
  community BIGINT NOT NULL,
  import TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  area BIGINT, floor TEXT COLLATE "C", purpose TEXT COLLATE "C", state TEXT COLLATE "C", moved_in TEXT COLLATE "C", note BYTEA,
  was_area BIGINT, was_floor TEXT COLLATE "C", was_purpose TEXT COLLATE "C", was_state TEXT COLLATE "C", was_moved_in TEXT COLLATE "C", was_note BYTEA,
  PRIMARY KEY (community, import, room)
);

-- The same for parties.
CREATE TABLE import_party (
  community BIGINT NOT NULL,
  import TEXT COLLATE "C" NOT NULL,
  party TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  uscc TEXT COLLATE "C", representative TEXT COLLATE "C", birth BYTEA, workplace BYTEA, emergency BYTEA, note BYTEA,
  was_uscc TEXT COLLATE "C", was_representative TEXT COLLATE "C", was_birth BYTEA, was_workplace BYTEA, was_emergency BYTEA, was_note BYTEA,
  PRIMARY KEY (community, import, party)
);

-- The same for shares and dates of relations.
CREATE TABLE import_relation (
  community BIGINT NOT NULL,
  import TEXT COLLATE "C" NOT NULL,
  relation TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  share_part BIGINT, share_whole BIGINT, from_day TEXT COLLATE "C", until_day TEXT COLLATE "C",
  was_share_part BIGINT, was_share_whole BIGINT, was_from_day TEXT COLLATE "C", was_until_day TEXT COLLATE "C",
  PRIMARY KEY (community, import, relation)
);

-- The nightly exchange of files with the office's other system: when it last went well.
CREATE TABLE exchange (
  community BIGINT NOT NULL,
  folder TEXT COLLATE "C" NOT NULL,
  last_in BIGINT,
  last_out BIGINT,
  last_error TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community)
);

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
