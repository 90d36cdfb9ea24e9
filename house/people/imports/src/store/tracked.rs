//! The SQL of what an import changed of what was there.

use foundation::database::{Ask, Community, ask};
use foundation::ids::Id;
use foundation::params;

pub fn parties(c: Community, import: Id, after: &str, limit: i64) -> Ask {
    ask(
        "SELECT party, birth, workplace, emergency, note, was_birth, was_workplace, \
         was_emergency, was_note, uscc, representative, was_uscc, was_representative \
         FROM import_party WHERE community = $1 AND import = $2 \
         AND party > $3 ORDER BY party LIMIT $4",
        params![c, import, after, limit],
    )
}

pub fn phones(c: Community, import: Id, after: &str, limit: i64) -> Ask {
    ask(
        "SELECT n.id, n.party, n.sealed FROM party_phone n JOIN party p \
         ON p.community = n.community AND p.id = n.party WHERE n.community = $1 \
         AND n.import = $2 AND n.import <> '' AND p.import <> n.import AND n.ended_at IS NULL \
         AND n.id > $3 ORDER BY n.id LIMIT $4",
        params![c, import, after, limit],
    )
}

pub fn came(c: Community, import: Id, after: &str, limit: i64) -> Ask {
    ask(
        "SELECT t.id, t.party, t.room, t.kind FROM relation t JOIN room r \
         ON r.community = t.community AND r.id = t.room WHERE t.community = $1 \
         AND t.import = $2 AND t.import <> '' AND r.import <> t.import AND t.ended_at IS NULL \
         AND t.id > $3 ORDER BY t.id LIMIT $4",
        params![c, import, after, limit],
    )
}

/// Vehicles that were registered with rooms which were there before.
pub fn vehicles(c: Community, import: Id, after: &str, limit: i64) -> Ask {
    ask(
        "SELECT v.id, v.room FROM vehicle v JOIN room r ON r.community = v.community \
         AND r.id = v.room WHERE v.community = $1 AND v.import = $2 AND v.import <> '' \
         AND r.import <> v.import AND v.ended_at IS NULL AND v.id > $3 ORDER BY v.id LIMIT $4",
        params![c, import, after, limit],
    )
}

pub fn rooms(c: Community, import: Id, after: &str, limit: i64) -> Ask {
    ask(
        "SELECT room, was_area, was_floor, was_purpose, was_state, was_moved_in, area, floor, \
         purpose, state, moved_in FROM import_room WHERE community = $1 AND import = $2 \
         AND room > $3 ORDER BY room LIMIT $4",
        params![c, import, after, limit],
    )
}

/// Relations whose share or dates became others.
pub fn terms(c: Community, import: Id, after: &str, limit: i64) -> Ask {
    ask(
        "SELECT s.relation, t.party, t.room, t.kind, s.was_share_part, s.was_share_whole, \
         s.was_from_day, s.was_until_day, s.share_part, s.share_whole, s.from_day, s.until_day \
         FROM import_relation s JOIN relation t ON t.community = s.community AND t.id = s.relation \
         WHERE s.community = $1 AND s.import = $2 AND s.relation > $3 ORDER BY s.relation LIMIT $4",
        params![c, import, after, limit],
    )
}
