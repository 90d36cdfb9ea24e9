//! The SQL of boxes that are away.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask};
use foundation::ids::Id;
use foundation::params;

pub fn leaves(c: Community, one: Id, now: Moment) -> Ask {
    ask(
        "INSERT INTO box_away (community, box, since) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        params![c, one, now],
    )
}

pub fn is_back(c: Community, one: Id) -> Ask {
    ask(
        "DELETE FROM box_away WHERE community = $1 AND box = $2",
        params![c, one],
    )
}

pub fn since(c: Community, one: Id) -> Ask {
    ask(
        "SELECT since FROM box_away WHERE community = $1 AND box = $2",
        params![c, one],
    )
}

/// Those of a layer.
pub fn of_layer(c: Community, cabinet: Id, layer: i64) -> Ask {
    ask(
        "SELECT b.id FROM archive_box b JOIN box_away a ON a.community = b.community \
         AND a.box = b.id WHERE b.community = $1 AND b.cabinet = $2 AND b.layer = $3 LIMIT 1000",
        params![c, cabinet, layer],
    )
}
