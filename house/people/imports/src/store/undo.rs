//! The SQL of taking an import back: what stays because something came to rely on it.

use foundation::database::{Ask, Community, ask};
use foundation::ids::Id;
use foundation::params;

/// Marks a record that an undo leaves, within the write that undoes.
const LEFT: i64 = 2;

/// Marks what stays and unties what hangs on it, in this order.
pub fn untie(c: Community, import: Id) -> Vec<Ask> {
    [
        // A relation that changed keeps its room and its party.
        "UPDATE relation SET import = '' WHERE community = $1 AND import = $2 AND import <> '' AND version <> 1",
        "UPDATE room SET held = 2 WHERE community = $1 AND import = $2 AND import <> '' AND (version <> 1 OR held = 1 \
         OR EXISTS (SELECT 1 FROM relation r WHERE r.community = $1 AND r.room = room.id AND r.import <> $2) \
         OR EXISTS (SELECT 1 FROM vehicle v WHERE v.community = $1 AND v.room = room.id AND v.import <> $2))",
        // A room that stays keeps who lives there.
        "UPDATE relation SET import = '' WHERE community = $1 AND import = $2 AND import <> '' AND EXISTS \
         (SELECT 1 FROM room r WHERE r.community = $1 AND r.id = relation.room AND r.import = $2 AND r.held = 2)",
        "UPDATE vehicle SET import = '' WHERE community = $1 AND import = $2 AND import <> '' AND EXISTS \
         (SELECT 1 FROM room r WHERE r.community = $1 AND r.id = vehicle.room AND r.import = $2 AND r.held = 2)",
        "UPDATE party SET held = 2 WHERE community = $1 AND import = $2 AND import <> '' AND (version <> 1 OR held = 1 \
         OR EXISTS (SELECT 1 FROM relation r WHERE r.community = $1 AND r.party = party.id AND r.import <> $2) \
         OR EXISTS (SELECT 1 FROM party_phone p WHERE p.community = $1 AND p.party = party.id AND p.import <> $2) \
         OR EXISTS (SELECT 1 FROM party_document d WHERE d.community = $1 AND d.party = party.id AND d.import <> $2))",
        // Phones and documents of a party that was there before go; of one that stays, stay.
        "UPDATE party_phone SET import = '' WHERE community = $1 AND import = $2 AND import <> '' AND EXISTS \
         (SELECT 1 FROM party p WHERE p.community = $1 AND p.id = party_phone.party AND p.import = $2 AND p.held = 2)",
        "UPDATE party_document SET import = '' WHERE community = $1 AND import = $2 AND import <> '' AND EXISTS \
         (SELECT 1 FROM party p WHERE p.community = $1 AND p.id = party_document.party AND p.import = $2 AND p.held = 2)",
    ]
    .map(|sql| ask(sql, params![c, import]))
    .into()
}

/// Rooms that stay, on the shelf's order.
pub fn rooms_left(c: Community, import: Id, limit: i64) -> Ask {
    ask(
        "SELECT code FROM room WHERE community = $1 AND import = $2 AND import <> '' AND held = $3 \
         ORDER BY sort_key LIMIT $4",
        params![c, import, LEFT, limit],
    )
}

/// People who stay.
pub fn people_left(c: Community, import: Id, limit: i64) -> Ask {
    ask(
        "SELECT id, name FROM party WHERE community = $1 AND import = $2 AND import <> '' AND held = $3 \
         ORDER BY id LIMIT $4",
        params![c, import, LEFT, limit],
    )
}

/// What stays belongs to no import any more.
pub fn leave(c: Community, import: Id) -> [Ask; 2] {
    [
        "UPDATE room SET import = '', held = 1 WHERE community = $1 AND import = $2 AND import <> '' AND held = 2",
        "UPDATE party SET import = '', held = 1 WHERE community = $1 AND import = $2 AND import <> '' AND held = 2",
    ]
    .map(|sql| ask(sql, params![c, import]))
}

pub fn code_of(c: Community, room: Id) -> Ask {
    ask(
        "SELECT code FROM room WHERE community = $1 AND id = $2",
        params![c, room],
    )
}

pub fn name_of(c: Community, party: Id) -> Ask {
    ask(
        "SELECT id, name FROM party WHERE community = $1 AND id = $2",
        params![c, party],
    )
}
