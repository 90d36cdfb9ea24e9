-- An own file is covered by one and released by another; a page keeps its code for a while; the
-- pages of a box are counted when it comes back.
ALTER TABLE viewing ADD COLUMN covered_as TEXT COLLATE "C";
ALTER TABLE viewing ADD COLUMN covered_name TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE viewing ADD COLUMN covered_at BIGINT;
-- whoever covered was the only specialist: the manager releases
ALTER TABLE viewing ADD COLUMN cover_alone BIGINT NOT NULL DEFAULT 0;
ALTER TABLE viewing ADD COLUMN released_as TEXT COLLATE "C";
ALTER TABLE viewing ADD COLUMN released_name TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE viewing ADD COLUMN released_at BIGINT;

-- What was covered unseen, in bands, is covered anew.
DROP TABLE viewing_cover;
CREATE TABLE viewing_cover (
  community BIGINT NOT NULL,
  viewing TEXT COLLATE "C" NOT NULL,
  document TEXT COLLATE "C" NOT NULL,
  page BIGINT NOT NULL,
  -- left,top,width,height in thousandths of the page, separated by blanks; empty where nothing
  -- is of others
  areas TEXT COLLATE "C" NOT NULL,
  -- the person who went through the page last
  covered_as TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, viewing, document, page)
);
CREATE INDEX viewing_cover_by ON viewing_cover (community, viewing, covered_as);

-- read, cover or release
ALTER TABLE viewing_page ADD COLUMN task TEXT COLLATE "C" NOT NULL DEFAULT 'read';
-- when it was shown last under this code, and how often
ALTER TABLE viewing_page ADD COLUMN last_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE viewing_page ADD COLUMN times BIGINT NOT NULL DEFAULT 1;
UPDATE viewing_page SET last_at = at;

-- Pages that a box left with and came back with; they differ, and nobody found why yet.
ALTER TABLE viewing_loan ADD COLUMN pages_out BIGINT;
ALTER TABLE viewing_loan ADD COLUMN pages_back BIGINT;
ALTER TABLE viewing_loan ADD COLUMN amiss BIGINT NOT NULL DEFAULT 0;
-- recovered, miscounted or lost; words about it lie sealed under the viewing's key
ALTER TABLE viewing_loan ADD COLUMN found TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE viewing_loan ADD COLUMN found_name TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE viewing_loan ADD COLUMN found_at BIGINT;
ALTER TABLE viewing_loan ADD COLUMN found_text TEXT COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX viewing_loan_amiss ON viewing_loan (community, back_at) WHERE amiss = 1;
