-- Accounts: who can sign in, with what, where they are signed in, and what they
-- are in which compound. House tables but for role_grant, account_reset and behalf.
CREATE TABLE account (
  id TEXT COLLATE "C" PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  -- the staff's sign-in name, folded; owners sign in with their phone
  handle TEXT COLLATE "C" UNIQUE,
  -- sealed under the account's key in the house (community 0)
  phone BYTEA,
  phone_blind BIGINT,
  state TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX account_phone ON account (phone_blind);

CREATE TABLE credential (
  account TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  -- password, totp, passkey, recovery
  kind TEXT COLLATE "C" NOT NULL,
  secret BYTEA NOT NULL,
  label TEXT COLLATE "C" NOT NULL,
  -- the time step of the last code taken, so that no code is taken twice
  last_step BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (account, id)
);

CREATE TABLE session (
  digest BYTEA PRIMARY KEY,
  id TEXT COLLATE "C" NOT NULL UNIQUE,
  account TEXT COLLATE "C" NOT NULL,
  side TEXT COLLATE "C" NOT NULL,
  agent TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  second_at BIGINT,
  fresh_at BIGINT,
  behalf_community BIGINT,
  behalf_person TEXT COLLATE "C",
  behalf_until BIGINT,
  ended_at BIGINT
);
CREATE INDEX session_account ON session (account, created_at);

-- browsers that have signed in before: guessing elsewhere cannot lock them out
CREATE TABLE device (
  account TEXT COLLATE "C" NOT NULL,
  digest BYTEA NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (account, digest)
);

CREATE TABLE role_grant (
  community BIGINT NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  role TEXT COLLATE "C" NOT NULL,
  person TEXT COLLATE "C",
  from_at BIGINT NOT NULL,
  until_at BIGINT,
  PRIMARY KEY (community, account, role)
);
CREATE INDEX role_grant_account ON role_grant (account, community);

-- single-use links: invite, operator, reset, demo
CREATE TABLE account_link (
  digest BYTEA PRIMARY KEY,
  purpose TEXT COLLATE "C" NOT NULL,
  community BIGINT NOT NULL,
  role TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C",
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX account_link_open ON account_link (community, purpose, expires_at);

CREATE TABLE account_reset (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  asked_by TEXT COLLATE "C" NOT NULL,
  asked_at BIGINT NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  confirmed_by TEXT COLLATE "C",
  confirmed_at BIGINT,
  PRIMARY KEY (community, id)
);

CREATE TABLE throttle (
  digest BYTEA PRIMARY KEY,
  failures BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL
);
CREATE INDEX throttle_last ON throttle (last_at);

-- what a passkey was asked to sign, for five minutes
CREATE TABLE passkey_challenge (
  digest BYTEA PRIMARY KEY,
  account TEXT COLLATE "C",
  state BYTEA NOT NULL,
  expires_at BIGINT NOT NULL
);

-- who acted for whom and why; the session says for whom just now
CREATE TABLE behalf (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  person TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
