//! The SQL of the office's own shelf order, and of the keys that are made by it.

use foundation::database::{Ask, Community, ask};
use foundation::ids::Id;
use foundation::params;

use crate::order::LISTED_MAX;

pub fn listed(c: Community) -> Ask {
    ask(
        "SELECT level, name, ord FROM shelf_order WHERE community = $1 \
         ORDER BY level, ord, name LIMIT $2",
        params![c, LISTED_MAX as i64],
    )
}

/// How often the order was set, and by which setting the keys were made.
pub fn state(c: Community) -> Ask {
    ask(
        "SELECT version, made FROM shelf_order_state WHERE community = $1",
        params![c],
    )
}

pub fn set_state(c: Community, version: i64) -> Ask {
    ask(
        "INSERT INTO shelf_order_state (community, version, made) VALUES ($1, $2, 0) \
         ON CONFLICT (community) DO UPDATE SET version = excluded.version",
        params![c, version],
    )
}

/// Nobody sets another order before this transaction ends; there is a row from then on.
pub fn hold(c: Community) -> Ask {
    ask(
        "INSERT INTO shelf_order_state (community, version, made) VALUES ($1, 0, 0) \
         ON CONFLICT (community) DO UPDATE SET version = shelf_order_state.version",
        params![c],
    )
}

pub fn made(c: Community, version: i64) -> Ask {
    ask(
        "UPDATE shelf_order_state SET made = $2 WHERE community = $1 AND version = $2",
        params![c, version],
    )
}

pub fn unlist(c: Community) -> Ask {
    ask("DELETE FROM shelf_order WHERE community = $1", params![c])
}

pub fn list(c: Community, level: &'static str, name: &str, ord: i64) -> Ask {
    ask(
        "INSERT INTO shelf_order (community, level, name, ord) VALUES ($1, $2, $3, $4)",
        params![c, level, name, ord],
    )
}

/// Every room that is shown.
pub fn shown(c: Community) -> Ask {
    ask(
        "/* whole: an order is one of all rooms */ \
         SELECT id, normal FROM room_seen WHERE community = $1",
        params![c],
    )
}

/// One room of each unit (of each building that has none).
pub fn units(c: Community) -> Ask {
    ask(
        "/* whole: a unit may be any room's */ SELECT MIN(normal) FROM room_seen \
         WHERE community = $1 GROUP BY phase, zone, building, unit",
        params![c],
    )
}

/// Rooms with their keys, those that an import is bringing too.
pub fn keys_after(c: Community, id: &str, limit: i64) -> Ask {
    ask(
        "SELECT id, normal, sort_key FROM room WHERE community = $1 AND id > $2 \
         ORDER BY id LIMIT $3",
        params![c, id, limit],
    )
}

pub fn places_after(c: Community, key: &str, limit: i64) -> Ask {
    ask(
        "SELECT key, sort_key FROM place WHERE community = $1 AND key > $2 \
         ORDER BY key LIMIT $3",
        params![c, key, limit],
    )
}

pub fn set_room(c: Community, id: Id, sort_key: &[u8]) -> Ask {
    ask(
        "UPDATE room SET sort_key = $3 WHERE community = $1 AND id = $2",
        params![c, id, sort_key],
    )
}

pub fn set_place(c: Community, key: &str, sort_key: &[u8]) -> Ask {
    ask(
        "UPDATE place SET sort_key = $3 WHERE community = $1 AND key = $2",
        params![c, key, sort_key],
    )
}
