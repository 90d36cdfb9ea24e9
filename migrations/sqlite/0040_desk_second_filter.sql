-- A list filtered twice (a building's urgent ones) found the first filter by its index and then
-- fetched ten rows for each that it showed. What a list is filtered by stands behind the order
-- now, so that the second filter is looked at in the index.
DROP INDEX desk_ticket_building;
DROP INDEX desk_ticket_category;
DROP INDEX desk_ticket_team;
DROP INDEX desk_ticket_priority;
DROP INDEX desk_ticket_kind;
DROP INDEX desk_ticket_assignee;
CREATE INDEX desk_ticket_building ON desk_ticket (community, veil, building, open, due_at, id, priority, category, team, kind, state);
CREATE INDEX desk_ticket_category ON desk_ticket (community, veil, category, open, due_at, id, priority, building, kind, state);
CREATE INDEX desk_ticket_team ON desk_ticket (community, veil, team, open, due_at, id, priority, building, category, kind, state);
CREATE INDEX desk_ticket_priority ON desk_ticket (community, veil, priority, open, due_at, id, building, category, team, kind, state);
CREATE INDEX desk_ticket_kind ON desk_ticket (community, veil, kind, open, due_at, id, priority, building, category, team, state);
CREATE INDEX desk_ticket_assignee ON desk_ticket (community, assignee, open, due_at, id, veil, priority) WHERE assignee IS NOT NULL;
