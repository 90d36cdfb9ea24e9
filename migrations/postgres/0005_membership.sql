-- Membership: applications to join, their pictures and consents, invitations, members,
-- and the compound's policy and texts.
CREATE TABLE application_draft (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  -- keyed digest of the secret in the applicant's link
  link BYTEA NOT NULL,
  -- the answers so far as JSON, sealed under the applicant's key
  body BYTEA NOT NULL,
  updated_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX application_draft_link ON application_draft (community, link);
CREATE INDEX application_draft_expiry ON application_draft (community, expires_at);

CREATE TABLE application (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  link BYTEA NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  -- counts every change, so that two reviewers notice each other
  version BIGINT NOT NULL,
  -- the room as typed; its id, code and shelf key where the roster knows it
  room_typed TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C",
  room_code TEXT COLLATE "C" NOT NULL,
  -- owner, co_owner, family, tenant
  relation TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  name_key TEXT COLLATE "C" NOT NULL,
  -- sealed; found by blind indexes
  phone BYTEA,
  blind_phone BIGINT NOT NULL,
  blind_tail BIGINT NOT NULL,
  document BYTEA,
  note TEXT COLLATE "C" NOT NULL,
  -- whose key the phone is sealed under; the rest lies under the application's own, which is
  -- destroyed with the pictures
  keyed TEXT COLLATE "C" NOT NULL,
  -- the party on the roster that the checks found
  party TEXT COLLATE "C",
  -- checks with their evidence as JSON, and what they advise
  checks TEXT COLLATE "C" NOT NULL,
  advice TEXT COLLATE "C" NOT NULL,
  -- what was asked for, or why it was refused, to be shown to the applicant
  words TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  -- the account that looks at it, and the one that decided
  verifier TEXT COLLATE "C",
  verifier_at BIGINT,
  decided_by TEXT COLLATE "C",
  decided_at BIGINT,
  -- set when the applicant asked for another reviewer: who it may not be
  not_by TEXT COLLATE "C",
  again_of TEXT COLLATE "C",
  submitted_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  joined_at BIGINT,
  pictures_erased_at BIGINT,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX application_link ON application (community, link);
CREATE INDEX application_queue ON application (community, state, submitted_at, id);
CREATE INDEX application_phone ON application (community, blind_phone);
CREATE INDEX application_tail ON application (community, blind_tail);
CREATE INDEX application_room ON application (community, room);
CREATE INDEX application_joined ON application (community, joined_at) WHERE joined_at IS NOT NULL;

CREATE TABLE application_picture (
  community BIGINT NOT NULL,
  application TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  -- deed, contract, authority, identity or other
  kind TEXT COLLATE "C" NOT NULL,
  width BIGINT NOT NULL,
  height BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  added_at BIGINT NOT NULL,
  erased_at BIGINT,
  PRIMARY KEY (community, application, id)
);

-- Why a phone or an identity number was shown in clear.
CREATE TABLE application_unmasking (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  application TEXT COLLATE "C" NOT NULL,
  -- phone or document
  datum TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C",
  at BIGINT NOT NULL,
  -- sealed: it may name people
  reason BYTEA NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE INDEX application_unmasking_of ON application_unmasking (community, application);

CREATE TABLE membership_consent (
  community BIGINT NOT NULL,
  application TEXT COLLATE "C" NOT NULL,
  -- privacy, identity, archive, rules
  purpose TEXT COLLATE "C" NOT NULL,
  text_version BIGINT NOT NULL,
  given_at BIGINT NOT NULL,
  withdrawn_at BIGINT,
  PRIMARY KEY (community, application, purpose)
);

CREATE TABLE invitation (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  application TEXT COLLATE "C" NOT NULL,
  link BYTEA NOT NULL,
  -- printed on the slip, so that desk and owner can speak of it
  number BIGINT NOT NULL,
  -- open, used, replaced, expired, withdrawn
  state TEXT COLLATE "C" NOT NULL,
  issued_by TEXT COLLATE "C",
  issued_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at BIGINT,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX invitation_link ON invitation (community, link);
CREATE INDEX invitation_application ON invitation (community, application, state);
CREATE UNIQUE INDEX invitation_number ON invitation (community, number);

CREATE TABLE member (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  application TEXT COLLATE "C",
  account TEXT COLLATE "C" NOT NULL,
  party TEXT COLLATE "C",
  room TEXT COLLATE "C" NOT NULL,
  room_code TEXT COLLATE "C" NOT NULL,
  relation TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  name_key TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  since BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  -- when a suspension, a leaving or a removal's term ends
  until_at BIGINT,
  ended_at BIGINT,
  reason TEXT COLLATE "C" NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  -- keeps notices, tickets and votes without the group
  notice_only BIGINT NOT NULL,
  -- a removal that waits for its second person
  removal_by TEXT COLLATE "C",
  removal_at BIGINT,
  removal_words TEXT COLLATE "C" NOT NULL,
  removal_days BIGINT,
  PRIMARY KEY (community, id)
);
CREATE INDEX member_account ON member (community, account);
CREATE INDEX member_room ON member (community, room);
CREATE INDEX member_list ON member (community, state, room_code, id);
CREATE INDEX member_name ON member (community, name_key);

CREATE TABLE membership_policy (
  community BIGINT NOT NULL,
  version BIGINT NOT NULL,
  at BIGINT NOT NULL,
  account TEXT COLLATE "C",
  body TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, version)
);

CREATE TABLE community_text (
  community BIGINT NOT NULL,
  -- rules, privacy, identity, archive
  name TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  at BIGINT NOT NULL,
  account TEXT COLLATE "C",
  zh_hant TEXT COLLATE "C" NOT NULL,
  en TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, name, version)
);

-- How far this room has followed the compound's ledger.
CREATE TABLE membership_cursor (
  community BIGINT PRIMARY KEY,
  seq BIGINT NOT NULL
);
