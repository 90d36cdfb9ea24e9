-- 排架次序: the office's own order of buildings, units and floors, which wins over the rules.

CREATE TABLE shelf_order (
  community BIGINT NOT NULL,
  -- building, unit or floor
  level TEXT COLLATE "C" NOT NULL,
  -- as a room code names it: 二期3栋, 3栋2单元, 3-3A层
  name TEXT COLLATE "C" NOT NULL,
  -- of a building or unit its place among its like; of a floor its height in tenths of a storey
  ord BIGINT NOT NULL,
  PRIMARY KEY (community, level, name)
);

-- How often the order was set, and which setting the keys of all rooms were made by.
CREATE TABLE shelf_order_state (
  community BIGINT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  made BIGINT NOT NULL
);
