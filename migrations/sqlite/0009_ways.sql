-- Ways to rows that were asked for without one: the office's own among all who hold a role,
-- the few requests and removals that are open, the buildings by name.
CREATE INDEX role_grant_role ON role_grant (community, role, account, until_at);
CREATE INDEX account_reset_open ON account_reset (community, asked_at) WHERE confirmed_at IS NULL;
CREATE INDEX member_removal ON member (community, room_code, id) WHERE removal_by IS NOT NULL;
CREATE INDEX member_code ON member (community, room_code, id);
CREATE INDEX place_name ON place (community, level, name, sort_key, key);
