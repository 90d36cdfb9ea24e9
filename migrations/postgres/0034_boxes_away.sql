-- Boxes that are lent: their place stays theirs, and an audit does not miss them.
CREATE TABLE box_away (
  community BIGINT NOT NULL,
  box TEXT COLLATE "C" NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (community, box)
);
INSERT INTO box_away (community, box, since)
  SELECT community, box, at FROM viewing_loan WHERE back_at IS NULL;
