//! The SQL of handovers.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask, list};
use foundation::ids::Id;
use foundation::params;

const ROW: &str = "dossier, begun_at, identity_at, identity_name, fees_at, fees_name, fees_fen, \
                   done_at, done_name";

/// Homes of a building in shelf order: what people live in or trade in, under its present
/// tenure.
pub fn homes(c: Community, building: &str, limit: i64) -> Ask {
    ask(
        "SELECT d.id, d.room, d.number, d.code, d.building, d.state, d.began_day FROM dossier d \
         JOIN room_seen r ON r.community = d.community AND r.id = d.room \
         WHERE d.community = $1 AND d.building = $2 AND d.state = 'open' \
         AND (r.purpose IS NULL OR r.purpose NOT IN ('parking', 'other')) \
         ORDER BY d.sort_key, d.id LIMIT $3",
        params![c, building, limit],
    )
}

pub fn of(c: Community, dossiers: &[Id]) -> Ask {
    let mut params = params![c];
    let dossiers = list(&mut params, dossiers);
    ask(
        format!(
            "SELECT {ROW} FROM handover WHERE community = $1 AND dossier IN ({dossiers}) LIMIT 1000"
        ),
        params,
    )
}

/// Which kinds of documents some dossiers hold.
pub fn documents(c: Community, dossiers: &[Id]) -> Ask {
    let mut params = params![c];
    let dossiers = list(&mut params, dossiers);
    ask(
        format!(
            "SELECT DISTINCT dossier, kind FROM document WHERE community = $1 \
             AND dossier IN ({dossiers}) AND state IN ('received', 'filed') LIMIT 10000"
        ),
        params,
    )
}

/// Nothing where it was begun.
pub fn insert(c: Community, dossier: Id, now: Moment) -> Ask {
    ask(
        "INSERT INTO handover (community, dossier, begun_at, identity_at, identity_name, fees_at, \
         fees_name, fees_fen, done_at, done_name) \
         VALUES ($1, $2, $3, NULL, '', NULL, '', 0, NULL, '') ON CONFLICT DO NOTHING",
        params![c, dossier, now],
    )
}

pub fn identity(c: Community, dossier: Id, name: &str, now: Moment) -> Ask {
    ask(
        "UPDATE handover SET identity_at = $4, identity_name = $3 \
         WHERE community = $1 AND dossier = $2 AND done_at IS NULL",
        params![c, dossier, name, now],
    )
}

pub fn fees(c: Community, dossier: Id, name: &str, fen: i64, now: Moment) -> Ask {
    ask(
        "UPDATE handover SET fees_at = $5, fees_name = $3, fees_fen = $4 \
         WHERE community = $1 AND dossier = $2 AND done_at IS NULL",
        params![c, dossier, name, fen, now],
    )
}

pub fn done(c: Community, dossier: Id, name: &str, now: Moment) -> Ask {
    ask(
        "UPDATE handover SET done_at = $4, done_name = $3 \
         WHERE community = $1 AND dossier = $2 AND done_at IS NULL",
        params![c, dossier, name, now],
    )
}
