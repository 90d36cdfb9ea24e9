-- 檔案盒: cabinets and their layers, the boxes of dossiers and where they stand, the labels
-- printed for them.

-- A cabinet: layers of one width, counted from the top.
CREATE TABLE cabinet (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  -- as written on its door
  name TEXT NOT NULL,
  -- its place among the cabinets
  ord INTEGER NOT NULL,
  layers INTEGER NOT NULL,
  -- millimetres of one layer between its sides
  width INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX cabinet_name ON cabinet (community, name);
CREATE INDEX cabinet_row ON cabinet (community, ord, name);

-- How a compound's shelves are filled. The version counts whatever changes a plan.
CREATE TABLE shelf (
  community INTEGER NOT NULL,
  -- none, building or unit: what begins on a layer of its own
  apart TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (community)
) STRICT, WITHOUT ROWID;

-- A box holds a dossier's papers, or one of several that do.
CREATE TABLE archive_box (
  community INTEGER NOT NULL,
  id TEXT NOT NULL,
  dossier TEXT NOT NULL,
  -- which of how many, from 1
  nth INTEGER NOT NULL,
  among INTEGER NOT NULL,
  -- width of the spine in millimetres
  spine INTEGER NOT NULL,
  -- where it stands; an empty cabinet says nowhere
  cabinet TEXT NOT NULL,
  layer INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  -- what its label has to say, since when, and what the label on it says
  says TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  label TEXT NOT NULL,
  labelled TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (community, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX archive_box_dossier ON archive_box (community, dossier, nth);
CREATE INDEX archive_box_stands ON archive_box (community, cabinet, layer, slot);

-- A dossier whose papers lie in the box of another: a parking space with its flat.
CREATE TABLE box_guest (
  community INTEGER NOT NULL,
  dossier TEXT NOT NULL,
  box TEXT NOT NULL,
  PRIMARY KEY (community, dossier)
) STRICT, WITHOUT ROWID;
CREATE INDEX box_guest_box ON box_guest (community, box);

-- Every label that was printed. The serial stands in its code and says nothing by itself.
CREATE TABLE label_print (
  community INTEGER NOT NULL,
  serial TEXT NOT NULL,
  box TEXT NOT NULL,
  -- counted for each box from 1
  copy INTEGER NOT NULL,
  -- the act of printing, as it stands in the ledger
  print TEXT NOT NULL,
  at INTEGER NOT NULL,
  account TEXT NOT NULL,
  -- when a reprint made it void
  voided_at INTEGER,
  PRIMARY KEY (community, serial)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX label_print_box ON label_print (community, box, copy);

-- The last look at each layer.
CREATE TABLE shelf_audit (
  community INTEGER NOT NULL,
  cabinet TEXT NOT NULL,
  layer INTEGER NOT NULL,
  at INTEGER NOT NULL,
  scanned INTEGER NOT NULL,
  unknown INTEGER NOT NULL,
  voided INTEGER NOT NULL,
  missing INTEGER NOT NULL,
  misplaced INTEGER NOT NULL,
  PRIMARY KEY (community, cabinet, layer)
) STRICT, WITHOUT ROWID;
