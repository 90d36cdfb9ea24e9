-- Accounts: who can sign in, with what, where they are signed in, and what they
-- are in which compound. House tables but for role_grant, account_reset and behalf.
CREATE TABLE account (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  -- the staff's sign-in name, folded; owners sign in with their phone
  handle TEXT UNIQUE,
  -- sealed under the account's key in the house (community 0)
  phone BLOB,
  phone_blind INTEGER,
  state TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX account_phone ON account (phone_blind);

CREATE TABLE credential (
  account TEXT NOT NULL,
  id TEXT NOT NULL,
  -- password, totp, passkey, recovery
  kind TEXT NOT NULL,
  secret BLOB NOT NULL,
  label TEXT NOT NULL,
  -- the time step of the last code taken, so that no code is taken twice
  last_step INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (account, id)
) STRICT;

CREATE TABLE session (
  digest BLOB PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL,
  side TEXT NOT NULL,
  agent TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  second_at INTEGER,
  fresh_at INTEGER,
  behalf_community INTEGER,
  behalf_person TEXT,
  behalf_until INTEGER,
  ended_at INTEGER
) STRICT;
CREATE INDEX session_account ON session (account, created_at);

-- browsers that have signed in before: guessing elsewhere cannot lock them out
CREATE TABLE device (
  account TEXT NOT NULL,
  digest BLOB NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (account, digest)
) STRICT;

CREATE TABLE role_grant (
  community INTEGER NOT NULL,
  account TEXT NOT NULL,
  role TEXT NOT NULL,
  person TEXT,
  from_at INTEGER NOT NULL,
  until_at INTEGER,
  PRIMARY KEY (community, account, role)
) STRICT;
CREATE INDEX role_grant_account ON role_grant (account, community);

-- single-use links: invite, operator, reset, demo
CREATE TABLE account_link (
  digest BLOB PRIMARY KEY,
  purpose TEXT NOT NULL,
  community INTEGER NOT NULL,
  role TEXT NOT NULL,
  name TEXT NOT NULL,
  account TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;
CREATE INDEX account_link_open ON account_link (community, purpose, expires_at);

CREATE TABLE account_reset (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  account TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  confirmed_by TEXT,
  confirmed_at INTEGER,
  PRIMARY KEY (community, id)
) STRICT;

CREATE TABLE throttle (
  digest BLOB PRIMARY KEY,
  failures INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  until_at INTEGER NOT NULL
) STRICT;
CREATE INDEX throttle_last ON throttle (last_at);

-- what a passkey was asked to sign, for five minutes
CREATE TABLE passkey_challenge (
  digest BLOB PRIMARY KEY,
  account TEXT,
  state BLOB NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;

-- who acted for whom and why; the session says for whom just now
CREATE TABLE behalf (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  account TEXT NOT NULL,
  person TEXT NOT NULL,
  reason TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  until_at INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT;
