//! The SQL of buildings that are prepared.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask};
use foundation::ids::Id;
use foundation::params;

use crate::preparing::Preparing;

const ROW: &str = "id, building, account, lang, asked_at, mark_key, mark_id, homes, done, ready, \
                   ended_at";
/// Homes of a building under their present tenure; see [`super::handover::homes`].
const HOMES: &str = "dossier d JOIN room_seen r ON r.community = d.community AND r.id = d.room \
                     WHERE d.community = $1 AND d.building = $2 AND d.state = 'open' \
                     AND (r.purpose IS NULL OR r.purpose NOT IN ('parking', 'other'))";

pub fn count(c: Community, building: &str) -> Ask {
    ask(
        format!("/* whole: the homes of a building */ SELECT COUNT(*) FROM {HOMES}"),
        params![c, building],
    )
}

/// In shelf order, behind one.
pub fn homes_after(c: Community, building: &str, (key, id): &(Vec<u8>, String), limit: i64) -> Ask {
    ask(
        format!(
            "SELECT d.id, d.room, d.number, d.code, d.building, d.state, d.began_day, d.sort_key \
             FROM {HOMES} AND d.sort_key >= $3 AND (d.sort_key, d.id) > ($3, $4) \
             ORDER BY d.sort_key, d.id LIMIT $5"
        ),
        params![c, building, key.as_slice(), id.as_str(), limit],
    )
}

pub fn one(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {ROW} FROM handover_preparing WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

pub fn newest(c: Community, building: &str) -> Ask {
    ask(
        format!(
            "SELECT {ROW} FROM handover_preparing WHERE community = $1 AND building = $2 \
             ORDER BY asked_at DESC, id DESC LIMIT 1"
        ),
        params![c, building],
    )
}

/// Nothing where the building is being prepared.
pub fn insert(c: Community, p: &Preparing) -> Ask {
    ask(
        format!(
            "INSERT INTO handover_preparing (community, {ROW}) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL) ON CONFLICT DO NOTHING"
        ),
        params![
            c,
            p.id,
            p.building.as_str(),
            p.account,
            p.lang.as_str(),
            p.asked_at,
            p.mark.0.as_slice(),
            p.mark.1.as_str(),
            p.homes,
            p.done,
            p.ready
        ],
    )
}

/// How far it is, if it is still as far as was seen.
pub fn went_on(
    c: Community,
    id: Id,
    before: i64,
    (done, ready): (i64, i64),
    (key, mark): &(Vec<u8>, String),
    ended: Option<Moment>,
) -> Ask {
    ask(
        "UPDATE handover_preparing SET done = $4, ready = $5, mark_key = $6, mark_id = $7, \
         ended_at = $8 WHERE community = $1 AND id = $2 AND done = $3 AND ended_at IS NULL",
        params![
            c,
            id,
            before,
            done,
            ready,
            key.as_slice(),
            mark.as_str(),
            ended
        ],
    )
}
