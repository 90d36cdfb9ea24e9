-- How far the shelves followed the dossiers: each that was opened gets its box.

CREATE TABLE shelf_cursor (
  community BIGINT NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL
);
