-- How many tickets stand where, by everything that a list filters them by: its total is read and
-- not counted. '*' counts whatever a ticket says there; no category and no team are ''.
DROP TABLE desk_tally;
CREATE TABLE desk_tally (
  community BIGINT NOT NULL,
  veil BIGINT NOT NULL,
  priority TEXT COLLATE "C" NOT NULL,
  building TEXT COLLATE "C" NOT NULL,
  category TEXT COLLATE "C" NOT NULL,
  team TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  tickets BIGINT NOT NULL,
  PRIMARY KEY (community, veil, priority, building, category, team, state, kind)
);
INSERT INTO desk_tally
  (community, veil, priority, building, category, team, state, kind, tickets)
SELECT t.community, t.veil,
  CASE m.column1 WHEN 1 THEN t.priority ELSE '*' END,
  CASE m.column2 WHEN 1 THEN t.building ELSE '*' END,
  CASE m.column3 WHEN 1 THEN COALESCE(t.category, '') ELSE '*' END,
  CASE m.column4 WHEN 1 THEN COALESCE(t.team, '') ELSE '*' END,
  t.state, t.kind, COUNT(*)
FROM desk_ticket t CROSS JOIN (VALUES
  (0, 0, 0, 0), (1, 0, 0, 0), (0, 1, 0, 0), (1, 1, 0, 0), (0, 0, 1, 0), (1, 0, 1, 0), (0, 1, 1, 0), (1, 1, 1, 0),
  (0, 0, 0, 1), (1, 0, 0, 1), (0, 1, 0, 1), (1, 1, 0, 1), (0, 0, 1, 1), (1, 0, 1, 1), (0, 1, 1, 1), (1, 1, 1, 1)) m
GROUP BY t.community, t.veil,
  CASE m.column1 WHEN 1 THEN t.priority ELSE '*' END,
  CASE m.column2 WHEN 1 THEN t.building ELSE '*' END,
  CASE m.column3 WHEN 1 THEN COALESCE(t.category, '') ELSE '*' END,
  CASE m.column4 WHEN 1 THEN COALESCE(t.team, '') ELSE '*' END,
  t.state, t.kind;

-- What is over waits for nothing, so that lists have it by its age.
UPDATE desk_ticket SET due_at = 9223372036854775807
WHERE open = 0 AND due_at <> 9223372036854775807;
