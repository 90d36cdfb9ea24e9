//! The SQL of following the roster: tenures without a dossier, and what dossiers repeat of
//! their rooms.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask, list};
use foundation::ids::Id;
use foundation::params;

use crate::kind::Kinds;

const HOME: &str = "r.id, r.code, r.normal, r.sort_key, r.phase, r.zone, r.building, r.unit, \
                    r.purpose, r.state, r.moved_in";

/// Rooms behind a place on the shelf.
pub fn homes_after(c: Community, after: &[u8], id: &str, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {HOME} FROM room_seen r WHERE r.community = $1 \
             AND (r.sort_key, r.id) > ($2, $3) ORDER BY r.sort_key, r.id LIMIT $4"
        ),
        params![c, after, id, limit],
    )
}

pub fn homes(c: Community, ids: &[Id]) -> Ask {
    let mut params = params![c];
    let ids = list(&mut params, ids);
    ask(
        format!("SELECT {HOME} FROM room_seen r WHERE r.community = $1 AND r.id IN ({ids})"),
        params,
    )
}

/// Who owns some rooms today: room, party, since when.
pub fn owners_of(c: Community, rooms: &[Id]) -> Ask {
    let mut params = params![c];
    let rooms = list(&mut params, rooms);
    ask(
        format!(
            "SELECT room, party, from_day FROM relation_seen WHERE community = $1 \
             AND room IN ({rooms}) AND ended_at IS NULL AND kind IN ('owner', 'co_owner') \
             ORDER BY room, created_at, id LIMIT 5000"
        ),
        params,
    )
}

/// The newest dossier of some rooms that is not void, with the highest tenure there ever was:
/// room, id, tenure, state, asked, code, sort key, building.
pub fn newest_of(c: Community, rooms: &[Id]) -> Ask {
    let mut params = params![c];
    let rooms = list(&mut params, rooms);
    ask(
        format!(
            "SELECT d.room, d.id, (SELECT MAX(m.tenure) FROM dossier m \
             WHERE m.community = d.community AND m.room = d.room), d.state, d.asked, d.code, d.sort_key, d.building \
             FROM dossier d WHERE d.community = $1 AND d.room IN ({rooms}) AND NOT EXISTS \
             (SELECT 1 FROM dossier n WHERE n.community = d.community AND n.room = d.room \
             AND ((n.state = 'open' AND d.state <> 'open') OR ((n.state = 'open') = \
             (d.state = 'open') AND n.tenure > d.tenure))) LIMIT 5000"
        ),
        params,
    )
}

/// Dossier and party of the owners of some dossiers.
pub fn parties_of(c: Community, dossiers: &[Id]) -> Ask {
    let mut params = params![c];
    let dossiers = list(&mut params, dossiers);
    ask(
        format!(
            // Whoever was found to be another is that other from then on.
            "SELECT o.dossier, COALESCE(p.merged_into, o.party) FROM dossier_owner o \
             LEFT JOIN party_seen p ON p.community = o.community AND p.id = o.party \
             WHERE o.community = $1 AND o.dossier IN ({dossiers}) LIMIT 10000"
        ),
        params,
    )
}

/// What a dossier repeats of its room.
pub fn repeat(c: Community, id: Id, code: &str, key: &[u8], building: &str, asked: Kinds) -> Ask {
    ask(
        "UPDATE dossier SET code = $3, sort_key = $4, building = $5, asked = $6, \
         missing = $6 & ~have WHERE community = $1 AND id = $2",
        params![c, id, code, key, building, asked.0],
    )
}

/// Dossiers of some rooms, closed ones too, that stand under another key than their room.
pub fn elsewhere(c: Community, rooms: &[Id]) -> Ask {
    let mut params = params![c];
    let rooms = list(&mut params, rooms);
    ask(
        format!(
            "SELECT d.id, r.sort_key FROM dossier d JOIN room_seen r \
             ON r.community = d.community AND r.id = d.room WHERE d.community = $1 \
             AND d.room IN ({rooms}) AND d.sort_key <> r.sort_key LIMIT 5000"
        ),
        params,
    )
}

pub fn stand(c: Community, id: Id, key: &[u8]) -> Ask {
    ask(
        "UPDATE dossier SET sort_key = $3 WHERE community = $1 AND id = $2",
        params![c, id, key],
    )
}

/// Empty dossiers of rooms that are not there any more.
pub fn orphans(c: Community, limit: i64) -> Ask {
    ask(
        "SELECT d.id FROM dossier d WHERE d.community = $1 AND d.state = 'open' \
         AND d.documents = 0 AND d.waiting = 0 AND NOT EXISTS \
         (SELECT 1 FROM room_seen r WHERE r.community = d.community AND r.id = d.room) \
         AND NOT EXISTS (SELECT 1 FROM document o WHERE o.community = d.community \
         AND o.dossier = d.id) LIMIT $2",
        params![c, limit],
    )
}

pub fn void(c: Community, ids: &[Id], now: Moment) -> Ask {
    let mut params = params![c, now];
    let ids = list(&mut params, ids);
    ask(
        format!(
            "UPDATE dossier SET state = 'void', closed_at = $2 WHERE community = $1 \
             AND id IN ({ids}) AND state = 'open'"
        ),
        params,
    )
}
