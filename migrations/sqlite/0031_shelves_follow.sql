-- How far the shelves followed the dossiers: each that was opened gets its box.

CREATE TABLE shelf_cursor (
  community INTEGER NOT NULL PRIMARY KEY,
  seq INTEGER NOT NULL
) STRICT;
