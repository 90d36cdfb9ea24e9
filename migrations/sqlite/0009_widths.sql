-- The widths that a compound's blind indexes had before it outgrew them: whoever looks for
-- a number asks under these as well, so that nothing is missed while rows are moved.
CREATE TABLE blind_widths (
  community INTEGER NOT NULL,
  -- counted from 1, oldest first
  number INTEGER NOT NULL,
  phone_bits INTEGER NOT NULL,
  tail_bits INTEGER NOT NULL,
  document_bits INTEGER NOT NULL,
  replaced_at INTEGER NOT NULL,
  PRIMARY KEY (community, number)
) STRICT, WITHOUT ROWID;

-- How far the rows have been moved to the widths of today.
CREATE TABLE blind_move (
  community INTEGER NOT NULL,
  -- the widths that are left
  number INTEGER NOT NULL,
  -- party_phone or party_document
  part TEXT NOT NULL,
  -- the last row that was looked at
  after_party TEXT NOT NULL,
  after_id TEXT NOT NULL,
  moved INTEGER NOT NULL,
  -- when all rows stood under the widths of today
  done_at INTEGER,
  PRIMARY KEY (community, number)
) STRICT, WITHOUT ROWID;
