-- 信息發布: what the office tells the households, and whether it reached each of them.
CREATE TABLE notice (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  -- ordinary, important, emergency or greeting
  class TEXT COLLATE "C" NOT NULL,
  -- draft, review, scheduled, published, amended, recalled, superseded, archived, cancelled
  state TEXT COLLATE "C" NOT NULL,
  title TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  -- of the text, from 1; an amendment makes the next
  version BIGINT NOT NULL,
  -- whom it is for, as JSON
  audience TEXT COLLATE "C" NOT NULL,
  -- group, push, sms, mail
  ways TEXT COLLATE "C" NOT NULL,
  -- each household is asked to confirm that it knows
  asks BIGINT NOT NULL,
  -- hours between reminders of those who have not; 0 for none
  remind_hours BIGINT NOT NULL,
  author TEXT COLLATE "C" NOT NULL,
  author_name TEXT COLLATE "C" NOT NULL,
  reviewer TEXT COLLATE "C",
  -- the notice that this one takes the place of
  replaces TEXT COLLATE "C",
  -- the festival and year that it greets for: spring-festival/2027
  festival TEXT COLLATE "C" NOT NULL,
  -- why it was sent back, recalled or cancelled
  words TEXT COLLATE "C" NOT NULL,
  -- when it shall go out; NULL is as soon as it is approved
  publish_at BIGINT,
  published_at BIGINT,
  -- an emergency goes out first and is reviewed within a day
  review_due BIGINT,
  reviewed_at BIGINT,
  -- an emergency is over when every household knows
  covered_at BIGINT,
  households BIGINT NOT NULL,
  row_version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE INDEX notice_list ON notice (community, state, changed_at);
CREATE INDEX notice_changed ON notice (community, changed_at);
CREATE INDEX notice_open ON notice (community, published_at)
  WHERE class = 'emergency' AND covered_at IS NULL AND published_at IS NOT NULL;
CREATE UNIQUE INDEX notice_festival ON notice (community, festival) WHERE festival <> '';

-- Every version that went out, and why it was amended.
CREATE TABLE notice_text (
  community BIGINT NOT NULL,
  notice TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  title TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  -- a material change asks everybody to confirm again
  material BIGINT NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C",
  at BIGINT NOT NULL,
  PRIMARY KEY (community, notice, version)
);

-- The households that it is for, frozen when it went out, and how far each is.
CREATE TABLE notice_household (
  community BIGINT NOT NULL,
  notice TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C" NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  sort_key BYTEA NOT NULL,
  building TEXT COLLATE "C" NOT NULL,
  unit TEXT COLLATE "C" NOT NULL,
  -- came into its audience after it went out
  late BIGINT NOT NULL,
  -- 0 queued, 1 delivered, 2 opened, 3 acknowledged; moves up only within a version
  stage BIGINT NOT NULL,
  -- empty, reached (by hand) or posted (on the door)
  side TEXT COLLATE "C" NOT NULL,
  delivered_at BIGINT,
  opened_at BIGINT,
  acked_at BIGINT,
  side_at BIGINT,
  -- the ways that failed for it: push sms mail
  failed TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, notice, room)
);
CREATE INDEX notice_household_shelf ON notice_household (community, notice, sort_key);
CREATE INDEX notice_household_stage ON notice_household (community, notice, late, side, stage);
CREATE INDEX notice_household_room ON notice_household (community, room, notice);

-- What people did about a household: acknowledged, reached by hand, posted on the door.
CREATE TABLE notice_receipt (
  community BIGINT NOT NULL,
  notice TEXT COLLATE "C" NOT NULL,
  room TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  -- acknowledged, reached or posted
  kind TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C",
  -- phone, door, desk or other
  how TEXT COLLATE "C" NOT NULL,
  -- who of the household, sealed under the notice's key
  whom BYTEA,
  picture TEXT COLLATE "C",
  at BIGINT NOT NULL,
  PRIMARY KEY (community, notice, room, id)
);

-- Questions under a notice, answered there.
CREATE TABLE notice_question (
  community BIGINT NOT NULL,
  notice TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  byline TEXT COLLATE "C" NOT NULL,
  text TEXT COLLATE "C" NOT NULL,
  -- the case that a person looks at, where there is one
  case_id TEXT COLLATE "C",
  at BIGINT NOT NULL,
  answer TEXT COLLATE "C" NOT NULL,
  answered_by TEXT COLLATE "C" NOT NULL,
  answered_at BIGINT,
  PRIMARY KEY (community, notice, id)
);
CREATE INDEX notice_question_open ON notice_question (community, at) WHERE answered_at IS NULL;

-- Texts that the office uses again.
CREATE TABLE notice_template (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  class TEXT COLLATE "C" NOT NULL,
  title TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX notice_template_name ON notice_template (community, name);

-- What the outbox carries for a version: 0 the first telling, then each reminder.
CREATE TABLE notice_letter (
  community BIGINT NOT NULL,
  notice TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  rung BIGINT NOT NULL,
  letter TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, notice, version, rung)
);
CREATE UNIQUE INDEX notice_letter_of ON notice_letter (community, letter);

-- How far this room has followed the outbox.
CREATE TABLE notice_cursor (
  community BIGINT NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL
);
