-- Boxes that are lent: their place stays theirs, and an audit does not miss them.
CREATE TABLE box_away (
  community INTEGER NOT NULL,
  box TEXT NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (community, box)
) STRICT, WITHOUT ROWID;
INSERT INTO box_away (community, box, since)
  SELECT community, box, at FROM viewing_loan WHERE back_at IS NULL;
