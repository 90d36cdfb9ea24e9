-- 檔案盒: cabinets and their layers, the boxes of dossiers and where they stand, the labels
-- printed for them.

-- A cabinet: layers of one width, counted from the top.
CREATE TABLE cabinet (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  -- as written on its door
  name TEXT COLLATE "C" NOT NULL,
  -- its place among the cabinets
  ord BIGINT NOT NULL,
  layers BIGINT NOT NULL,
  -- millimetres of one layer between its sides
  width BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX cabinet_name ON cabinet (community, name);
CREATE INDEX cabinet_row ON cabinet (community, ord, name);

-- How a compound's shelves are filled. The version counts whatever changes a plan.
CREATE TABLE shelf (
  community BIGINT NOT NULL,
  -- none, building or unit: what begins on a layer of its own
  apart TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (community)
);

-- A box holds a dossier's papers, or one of several that do.
CREATE TABLE archive_box (
  community BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  dossier TEXT COLLATE "C" NOT NULL,
  -- which of how many, from 1
  nth BIGINT NOT NULL,
  among BIGINT NOT NULL,
  -- width of the spine in millimetres
  spine BIGINT NOT NULL,
  -- where it stands; an empty cabinet says nowhere
  cabinet TEXT COLLATE "C" NOT NULL,
  layer BIGINT NOT NULL,
  slot BIGINT NOT NULL,
  -- what its label has to say, since when, and what the label on it says
  says TEXT COLLATE "C" NOT NULL,
  changed_at BIGINT NOT NULL,
  label TEXT COLLATE "C" NOT NULL,
  labelled TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX archive_box_dossier ON archive_box (community, dossier, nth);
CREATE INDEX archive_box_stands ON archive_box (community, cabinet, layer, slot);

-- A dossier whose papers lie in the box of another: a parking space with its flat.
CREATE TABLE box_guest (
  community BIGINT NOT NULL,
  dossier TEXT COLLATE "C" NOT NULL,
  box TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (community, dossier)
);
CREATE INDEX box_guest_box ON box_guest (community, box);

-- Every label that was printed. The serial stands in its code and says nothing by itself.
CREATE TABLE label_print (
  community BIGINT NOT NULL,
  serial TEXT COLLATE "C" NOT NULL,
  box TEXT COLLATE "C" NOT NULL,
  -- counted for each box from 1
  copy BIGINT NOT NULL,
  -- the act of printing, as it stands in the ledger
  print TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  -- when a reprint made it void
  voided_at BIGINT,
  PRIMARY KEY (community, serial)
);
CREATE UNIQUE INDEX label_print_box ON label_print (community, box, copy);

-- The last look at each layer.
CREATE TABLE shelf_audit (
  community BIGINT NOT NULL,
  cabinet TEXT COLLATE "C" NOT NULL,
  layer BIGINT NOT NULL,
  at BIGINT NOT NULL,
  scanned BIGINT NOT NULL,
  unknown BIGINT NOT NULL,
  voided BIGINT NOT NULL,
  missing BIGINT NOT NULL,
  misplaced BIGINT NOT NULL,
  PRIMARY KEY (community, cabinet, layer)
);
