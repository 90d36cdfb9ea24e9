-- The widths that a compound's blind indexes had before it outgrew them: whoever looks for
-- a number asks under these as well, so that nothing is missed while rows are moved.
CREATE TABLE blind_widths (
  community BIGINT NOT NULL,
  -- counted from 1, oldest first
  number BIGINT NOT NULL,
  phone_bits BIGINT NOT NULL,
  tail_bits BIGINT NOT NULL,
  document_bits BIGINT NOT NULL,
  replaced_at BIGINT NOT NULL,
  PRIMARY KEY (community, number)
);

-- How far the rows have been moved to the widths of today.
CREATE TABLE blind_move (
  community BIGINT NOT NULL,
  -- the widths that are left
  number BIGINT NOT NULL,
  -- party_phone or party_document
  part TEXT COLLATE "C" NOT NULL,
  -- the last row that was looked at
  after_party TEXT COLLATE "C" NOT NULL,
  after_id TEXT COLLATE "C" NOT NULL,
  moved BIGINT NOT NULL,
  -- when all rows stood under the widths of today
  done_at BIGINT,
  PRIMARY KEY (community, number)
);
