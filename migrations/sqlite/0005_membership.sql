-- Membership: applications to join, their pictures and consents, invitations, members,
-- and the compound's policy and texts.
CREATE TABLE application_draft (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  -- keyed digest of the secret in the applicant's link
  link BLOB NOT NULL,
  -- the answers so far as JSON, sealed under the applicant's key
  body BLOB NOT NULL,
  updated_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX application_draft_link ON application_draft (community, link);
CREATE INDEX application_draft_expiry ON application_draft (community, expires_at);

CREATE TABLE application (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  link BLOB NOT NULL,
  state TEXT NOT NULL,
  -- counts every change, so that two reviewers notice each other
  version INTEGER NOT NULL,
  -- the room as typed; its id, code and shelf key where the roster knows it
  room_typed TEXT NOT NULL,
  room TEXT,
  room_code TEXT NOT NULL,
  -- owner, co_owner, family, tenant
  relation TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  -- sealed; found by blind indexes
  phone BLOB,
  blind_phone INTEGER NOT NULL,
  blind_tail INTEGER NOT NULL,
  document BLOB,
  note TEXT NOT NULL,
  -- whose key the phone is sealed under; the rest lies under the application's own, which is
  -- destroyed with the pictures
  keyed TEXT NOT NULL,
  -- the party on the roster that the checks found
  party TEXT,
  -- checks with their evidence as JSON, and what they advise
  checks TEXT NOT NULL,
  advice TEXT NOT NULL,
  -- what was asked for, or why it was refused, to be shown to the applicant
  words TEXT NOT NULL,
  reason TEXT NOT NULL,
  -- the account that looks at it, and the one that decided
  verifier TEXT,
  verifier_at INTEGER,
  decided_by TEXT,
  decided_at INTEGER,
  -- set when the applicant asked for another reviewer: who it may not be
  not_by TEXT,
  again_of TEXT,
  submitted_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  joined_at INTEGER,
  pictures_erased_at INTEGER,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX application_link ON application (community, link);
CREATE INDEX application_queue ON application (community, state, submitted_at, id);
CREATE INDEX application_phone ON application (community, blind_phone);
CREATE INDEX application_tail ON application (community, blind_tail);
CREATE INDEX application_room ON application (community, room);
CREATE INDEX application_joined ON application (community, joined_at) WHERE joined_at IS NOT NULL;

CREATE TABLE application_picture (
  community INTEGER NOT NULL,
  application TEXT NOT NULL,
  id TEXT NOT NULL,
  -- deed, contract, authority, identity or other
  kind TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  added_at INTEGER NOT NULL,
  erased_at INTEGER,
  PRIMARY KEY (community, application, id)
) STRICT, WITHOUT ROWID;

-- Why a phone or an identity number was shown in clear.
CREATE TABLE application_unmasking (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  application TEXT NOT NULL,
  -- phone or document
  datum TEXT NOT NULL,
  account TEXT,
  at INTEGER NOT NULL,
  -- sealed: it may name people
  reason BLOB NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX application_unmasking_of ON application_unmasking (community, application);

CREATE TABLE membership_consent (
  community INTEGER NOT NULL,
  application TEXT NOT NULL,
  -- privacy, identity, archive, rules
  purpose TEXT NOT NULL,
  text_version INTEGER NOT NULL,
  given_at INTEGER NOT NULL,
  withdrawn_at INTEGER,
  PRIMARY KEY (community, application, purpose)
) STRICT, WITHOUT ROWID;

CREATE TABLE invitation (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  application TEXT NOT NULL,
  link BLOB NOT NULL,
  -- printed on the slip, so that desk and owner can speak of it
  number INTEGER NOT NULL,
  -- open, used, replaced, expired, withdrawn
  state TEXT NOT NULL,
  issued_by TEXT,
  issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX invitation_link ON invitation (community, link);
CREATE INDEX invitation_application ON invitation (community, application, state);
CREATE UNIQUE INDEX invitation_number ON invitation (community, number);

CREATE TABLE member (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  application TEXT,
  account TEXT NOT NULL,
  party TEXT,
  room TEXT NOT NULL,
  room_code TEXT NOT NULL,
  relation TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  state TEXT NOT NULL,
  version INTEGER NOT NULL,
  since INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  -- when a suspension, a leaving or a removal's term ends
  until_at INTEGER,
  ended_at INTEGER,
  reason TEXT NOT NULL,
  words TEXT NOT NULL,
  -- keeps notices, tickets and votes without the group
  notice_only INTEGER NOT NULL,
  -- a removal that waits for its second person
  removal_by TEXT,
  removal_at INTEGER,
  removal_words TEXT NOT NULL,
  removal_days INTEGER,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_account ON member (community, account);
CREATE INDEX member_room ON member (community, room);
CREATE INDEX member_list ON member (community, state, room_code, id);
CREATE INDEX member_name ON member (community, name_key);

CREATE TABLE membership_policy (
  community INTEGER NOT NULL,
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  account TEXT,
  body TEXT NOT NULL,
  PRIMARY KEY (community, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE community_text (
  community INTEGER NOT NULL,
  -- rules, privacy, identity, archive
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  account TEXT,
  zh_hant TEXT NOT NULL,
  en TEXT NOT NULL,
  PRIMARY KEY (community, name, version)
) STRICT, WITHOUT ROWID;

-- How far this room has followed the compound's ledger.
CREATE TABLE membership_cursor (
  community INTEGER PRIMARY KEY,
  seq INTEGER NOT NULL
) STRICT;
