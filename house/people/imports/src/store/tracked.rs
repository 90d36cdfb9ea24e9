//! The SQL of what an import changed of what was there.

use foundation::database::{Ask, Community, ask};
use foundation::ids::Id;
use foundation::params;

pub fn parties(c: Community, import: Id, after: &str, limit: i64) -> Ask {
    ask(
        "SELECT party, birth, workplace, emergency, note, was_birth, was_workplace, \
         was_emergency, was_note FROM import_party WHERE community = $1 AND import = $2 \
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
