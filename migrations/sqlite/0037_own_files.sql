-- An own file is covered by one and released by another; a page keeps its code for a while; the
-- pages of a box are counted when it comes back.
ALTER TABLE viewing ADD COLUMN covered_as TEXT;
ALTER TABLE viewing ADD COLUMN covered_name TEXT NOT NULL DEFAULT '';
ALTER TABLE viewing ADD COLUMN covered_at INTEGER;
-- whoever covered was the only specialist: the manager releases
ALTER TABLE viewing ADD COLUMN cover_alone INTEGER NOT NULL DEFAULT 0;
ALTER TABLE viewing ADD COLUMN released_as TEXT;
ALTER TABLE viewing ADD COLUMN released_name TEXT NOT NULL DEFAULT '';
ALTER TABLE viewing ADD COLUMN released_at INTEGER;

-- What was covered unseen, in bands, is covered anew.
DROP TABLE viewing_cover;
CREATE TABLE viewing_cover (
  community INTEGER NOT NULL,
  viewing TEXT NOT NULL,
  document TEXT NOT NULL,
  page INTEGER NOT NULL,
  -- left,top,width,height in thousandths of the page, separated by blanks; empty where nothing
  -- is of others
  areas TEXT NOT NULL,
  -- the person who went through the page last
  covered_as TEXT NOT NULL,
  PRIMARY KEY (community, viewing, document, page)
) STRICT, WITHOUT ROWID;
CREATE INDEX viewing_cover_by ON viewing_cover (community, viewing, covered_as);

-- read, cover or release
ALTER TABLE viewing_page ADD COLUMN task TEXT NOT NULL DEFAULT 'read';
-- when it was shown last under this code, and how often
ALTER TABLE viewing_page ADD COLUMN last_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE viewing_page ADD COLUMN times INTEGER NOT NULL DEFAULT 1;
UPDATE viewing_page SET last_at = at;

-- Pages that a box left with and came back with; they differ, and nobody found why yet.
ALTER TABLE viewing_loan ADD COLUMN pages_out INTEGER;
ALTER TABLE viewing_loan ADD COLUMN pages_back INTEGER;
ALTER TABLE viewing_loan ADD COLUMN amiss INTEGER NOT NULL DEFAULT 0;
-- recovered, miscounted or lost; words about it lie sealed under the viewing's key
ALTER TABLE viewing_loan ADD COLUMN found TEXT NOT NULL DEFAULT '';
ALTER TABLE viewing_loan ADD COLUMN found_name TEXT NOT NULL DEFAULT '';
ALTER TABLE viewing_loan ADD COLUMN found_at INTEGER;
ALTER TABLE viewing_loan ADD COLUMN found_text TEXT NOT NULL DEFAULT '';
CREATE INDEX viewing_loan_amiss ON viewing_loan (community, back_at) WHERE amiss = 1;
