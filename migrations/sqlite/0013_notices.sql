-- 信息發布: what the office tells the households, and whether it reached each of them.
CREATE TABLE notice (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  -- ordinary, important, emergency or greeting
  class TEXT NOT NULL,
  -- draft, review, scheduled, published, amended, recalled, superseded, archived, cancelled
  state TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  -- of the text, from 1; an amendment makes the next
  version INTEGER NOT NULL,
  -- whom it is for, as JSON
  audience TEXT NOT NULL,
  -- group, push, sms, mail
  ways TEXT NOT NULL,
  -- each household is asked to confirm that it knows
  asks INTEGER NOT NULL,
  -- hours between reminders of those who have not; 0 for none
  remind_hours INTEGER NOT NULL,
  author TEXT NOT NULL,
  author_name TEXT NOT NULL,
  reviewer TEXT,
  -- the notice that this one takes the place of
  replaces TEXT,
  -- the festival and year that it greets for: spring-festival/2027
  festival TEXT NOT NULL,
  -- why it was sent back, recalled or cancelled
  words TEXT NOT NULL,
  -- when it shall go out; NULL is as soon as it is approved
  publish_at INTEGER,
  published_at INTEGER,
  -- an emergency goes out first and is reviewed within a day
  review_due INTEGER,
  reviewed_at INTEGER,
  -- an emergency is over when every household knows
  covered_at INTEGER,
  households INTEGER NOT NULL,
  row_version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_list ON notice (community, state, changed_at);
CREATE INDEX notice_changed ON notice (community, changed_at);
CREATE INDEX notice_open ON notice (community, published_at)
  WHERE class = 'emergency' AND covered_at IS NULL AND published_at IS NOT NULL;
CREATE UNIQUE INDEX notice_festival ON notice (community, festival) WHERE festival <> '';

-- Every version that went out, and why it was amended.
CREATE TABLE notice_text (
  community INTEGER NOT NULL,
  notice TEXT NOT NULL,
  version INTEGER NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  -- a material change asks everybody to confirm again
  material INTEGER NOT NULL,
  words TEXT NOT NULL,
  account TEXT,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, notice, version)
) STRICT, WITHOUT ROWID;

-- The households that it is for, frozen when it went out, and how far each is.
CREATE TABLE notice_household (
  community INTEGER NOT NULL,
  notice TEXT NOT NULL,
  room TEXT NOT NULL,
  code TEXT NOT NULL,
  sort_key BLOB NOT NULL,
  building TEXT NOT NULL,
  unit TEXT NOT NULL,
  -- came into its audience after it went out
  late INTEGER NOT NULL,
  -- 0 queued, 1 delivered, 2 opened, 3 acknowledged; moves up only within a version
  stage INTEGER NOT NULL,
  -- empty, reached (by hand) or posted (on the door)
  side TEXT NOT NULL,
  delivered_at INTEGER,
  opened_at INTEGER,
  acked_at INTEGER,
  side_at INTEGER,
  -- the ways that failed for it: push sms mail
  failed TEXT NOT NULL,
  PRIMARY KEY (community, notice, room)
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_household_shelf ON notice_household (community, notice, sort_key);
CREATE INDEX notice_household_stage ON notice_household (community, notice, late, side, stage);
CREATE INDEX notice_household_room ON notice_household (community, room, notice);

-- What people did about a household: acknowledged, reached by hand, posted on the door.
CREATE TABLE notice_receipt (
  community INTEGER NOT NULL,
  notice TEXT NOT NULL,
  room TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  -- acknowledged, reached or posted
  kind TEXT NOT NULL,
  account TEXT,
  -- phone, door, desk or other
  how TEXT NOT NULL,
  -- who of the household, sealed under the notice's key
  whom BLOB,
  picture TEXT,
  at INTEGER NOT NULL,
  PRIMARY KEY (community, notice, room, id)
) STRICT, WITHOUT ROWID;

-- Questions under a notice, answered there.
CREATE TABLE notice_question (
  community INTEGER NOT NULL,
  notice TEXT NOT NULL,
  id TEXT NOT NULL,
  account TEXT NOT NULL,
  byline TEXT NOT NULL,
  text TEXT NOT NULL,
  -- the case that a person looks at, where there is one
  case_id TEXT,
  at INTEGER NOT NULL,
  answer TEXT NOT NULL,
  answered_by TEXT NOT NULL,
  answered_at INTEGER,
  PRIMARY KEY (community, notice, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_question_open ON notice_question (community, at) WHERE answered_at IS NULL;

-- Texts that the office uses again.
CREATE TABLE notice_template (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  class TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX notice_template_name ON notice_template (community, name);

-- What the outbox carries for a version: 0 the first telling, then each reminder.
CREATE TABLE notice_letter (
  community INTEGER NOT NULL,
  notice TEXT NOT NULL,
  version INTEGER NOT NULL,
  rung INTEGER NOT NULL,
  letter TEXT NOT NULL,
  PRIMARY KEY (community, notice, version, rung)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX notice_letter_of ON notice_letter (community, letter);

-- How far this room has followed the outbox.
CREATE TABLE notice_cursor (
  community INTEGER NOT NULL PRIMARY KEY,
  seq INTEGER NOT NULL
) STRICT;
