//! The roster's SQL: questions here, new rows in `rows`, changes in `writes`.

pub mod order;
pub mod rows;
pub mod tags;
pub mod tracking;
pub mod writes;

use crate::Spot;
use crate::room::Filter;
use foundation::clock::Moment;
use foundation::database::{Ask, Community, Value, ask, list};
use foundation::ids::Id;
use foundation::params;

const REF: &str = "r.id, r.code, r.normal, r.sort_key";
const ROOM: &str = "r.id, r.code, r.normal, r.sort_key, r.phase, r.zone, r.building, r.unit, \
                    r.area, r.floor, r.purpose, r.state, r.moved_in, \
                    CASE WHEN r.note IS NULL THEN 0 ELSE 1 END, r.version";
/// A relation `t` stands on the day `$n`.
fn stands(day: usize) -> String {
    format!("t.ended_at IS NULL AND (t.until_day IS NULL OR t.until_day >= ${day})")
}

pub fn room_by_normal(c: Community, normal: &str) -> Ask {
    ask(
        format!("SELECT {REF} FROM room_seen r WHERE r.community = $1 AND r.normal = $2"),
        params![c, normal],
    )
}

pub fn room_by_alias(c: Community, normal: &str, key: &str) -> Ask {
    ask(
        format!(
            "SELECT {REF} FROM room_alias a JOIN room_seen r \
             ON r.community = a.community AND r.id = a.room \
             WHERE a.community = $1 AND a.alias IN ($2, $3) LIMIT 1"
        ),
        params![c, normal, key],
    )
}

pub fn room(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {ROOM} FROM room_seen r WHERE r.community = $1 AND r.id = $2"),
        params![c, id],
    )
}

fn conditions(c: Community, f: &Filter) -> (String, Vec<Value>) {
    let mut sql = String::from("r.community = $1");
    let mut params = params![c];
    for (column, value) in [
        ("building", &f.building),
        ("unit", &f.unit),
        ("purpose", &f.purpose),
        ("state", &f.state),
    ] {
        if !value.is_empty() {
            params.push(value.into());
            sql.push_str(&format!(" AND r.{column} = ${}", params.len()));
        }
    }
    if let Some(tag) = f.tag {
        params.push(tag.into());
        sql.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM room_tag g WHERE g.community = r.community \
             AND g.room = r.id AND g.tag = ${})",
            params.len()
        ));
    }
    if f.ownerless {
        sql.push_str(
            " AND NOT EXISTS (SELECT 1 FROM relation_seen t WHERE t.community = r.community \
             AND t.room = r.id AND t.ended_at IS NULL AND t.kind IN ('owner', 'co_owner'))",
        );
    }
    (sql, params)
}

/// Rooms on the shelf behind `after`; where two have one place there, by their ids.
pub fn rooms_page(c: Community, f: &Filter, after: &Spot, limit: i64) -> Ask {
    let (mut sql, mut params) = conditions(c, f);
    let (sign, order) = if f.backwards {
        ("<", "DESC")
    } else {
        (">", "ASC")
    };
    if !after.is_start() {
        params.push(after.key.as_slice().into());
        params.push(after.id.as_str().into());
        let n = params.len();
        sql.push_str(&format!(
            " AND (r.sort_key, r.id) {sign} (${}, ${n})",
            n - 1
        ));
    }
    params.push(limit.into());
    ask(
        format!(
            "SELECT {ROOM} FROM room_seen r WHERE {sql} \
             ORDER BY r.sort_key {order}, r.id {order} LIMIT ${}",
            params.len()
        ),
        params,
    )
}

pub fn rooms_count(c: Community, f: &Filter) -> Ask {
    let (sql, params) = conditions(c, f);
    ask(
        format!(
            "/* whole: a count of a compound's rooms */ \
             SELECT COUNT(*) FROM room_seen r WHERE {sql}"
        ),
        params,
    )
}

/// Names of those who live in or own these rooms today.
pub fn names_in(c: Community, rooms: &[Id], today: &str) -> Ask {
    let mut params = params![c, today];
    let members = list(&mut params, rooms);
    ask(
        format!(
            "SELECT t.room, t.kind, p.name FROM relation_seen t JOIN party_seen p \
             ON p.community = t.community AND p.id = t.party \
             WHERE t.community = $1 AND t.room IN ({members}) AND {} \
             ORDER BY t.created_at, t.id LIMIT 5000",
            stands(2)
        ),
        params,
    )
}

pub fn buildings(c: Community) -> Ask {
    ask(
        // The first of each name: not every database has a MIN of bytes.
        "SELECT p.name FROM place p WHERE p.community = $1 AND p.level = 'building' AND EXISTS \
         (SELECT 1 FROM room_seen r WHERE r.community = $1 AND r.building = p.name) AND NOT EXISTS \
         (SELECT 1 FROM place e WHERE e.community = $1 AND e.level = 'building' AND e.name = p.name \
         AND (e.sort_key < p.sort_key OR (e.sort_key = p.sort_key AND e.key < p.key))) \
         ORDER BY p.sort_key, p.key LIMIT 1000",
        params![c],
    )
}

/// A relation with its party, the standing ones first.
pub fn people_of_room(c: Community, room: Id, today: &str) -> Ask {
    ask(
        format!(
            "SELECT t.id, t.party, t.kind, t.share_part, t.share_whole, t.from_day, t.until_day, \
             t.vouched_by, CASE WHEN {} THEN 1 ELSE 0 END, t.version \
             FROM relation_seen t WHERE t.community = $1 AND t.room = $2 AND {} \
             ORDER BY 9 DESC, t.created_at, t.id LIMIT 500",
            stands(3),
            unsealed("t.party")
        ),
        params![c, room, today],
    )
}

/// As [`people_of_room`], of one party.
pub fn rooms_of_party(c: Community, party: Id, today: &str) -> Ask {
    ask(
        format!(
            "SELECT t.id, t.room, t.kind, t.share_part, t.share_whole, t.from_day, t.until_day, \
             t.vouched_by, CASE WHEN {} THEN 1 ELSE 0 END, t.version \
             FROM relation_seen t WHERE t.community = $1 AND t.party = $2 \
             ORDER BY 9 DESC, t.created_at, t.id LIMIT 500",
            stands(3)
        ),
        params![c, party, today],
    )
}

pub fn rooms(c: Community, ids: &[Id]) -> Ask {
    let mut params = params![c];
    let members = list(&mut params, ids);
    ask(
        format!("SELECT {REF} FROM room_seen r WHERE r.community = $1 AND r.id IN ({members})"),
        params,
    )
}

pub const PARTY: &str = "p.id, p.kind, p.name, p.state, p.guardian, p.merged_into, p.uscc, \
                         p.representative, p.version";

pub fn parties(c: Community, ids: &[Id]) -> Ask {
    let mut params = params![c];
    let members = list(&mut params, ids);
    ask(
        format!("SELECT {PARTY} FROM party_seen p WHERE p.community = $1 AND p.id IN ({members})"),
        params,
    )
}

/// Parties of one name key that were not merged into another.
pub fn parties_named(c: Community, name_key: &str, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {PARTY} FROM party_seen p WHERE p.community = $1 AND p.name_key = $2 \
             AND p.merged_into IS NULL AND {} ORDER BY p.id LIMIT $3",
            unsealed("p.id")
        ),
        params![c, name_key, limit],
    )
}

/// The sealed columns: birth, workplace, emergency, address, needs, note.
pub fn sealed(c: Community, party: Id) -> Ask {
    ask(
        "SELECT birth, workplace, emergency, address, needs, note FROM party_seen \
         WHERE community = $1 AND id = $2",
        params![c, party],
    )
}

/// As [`sealed`], of many, with whose they are.
pub fn sealed_of(c: Community, parties: &[Id]) -> Ask {
    let mut params = params![c];
    let members = list(&mut params, parties);
    ask(
        format!(
            "SELECT id, birth, workplace, emergency, address, needs, note FROM party_seen \
             WHERE community = $1 AND id IN ({members})"
        ),
        params,
    )
}

/// The relations of these rooms that stand today, with their rooms.
pub fn ties_in(c: Community, rooms: &[Id], today: &str) -> Ask {
    let mut params = params![c, today];
    let members = list(&mut params, rooms);
    ask(
        format!(
            "SELECT t.room, t.id, t.party, t.kind, t.share_part, t.share_whole, t.from_day, \
             t.until_day, t.vouched_by, 1, t.version FROM relation_seen t \
             WHERE t.community = $1 AND t.room IN ({members}) AND {} \
             ORDER BY t.room, t.created_at, t.id",
            stands(2)
        ),
        params,
    )
}

/// Number plates of these rooms.
pub fn plates_in(c: Community, rooms: &[Id]) -> Ask {
    let mut params = params![c];
    let members = list(&mut params, rooms);
    ask(
        format!(
            "SELECT room, plate FROM vehicle_seen WHERE community = $1 AND ended_at IS NULL \
             AND room IN ({members}) ORDER BY room, id"
        ),
        params,
    )
}

/// Sealed notes of these rooms.
pub fn notes_in(c: Community, rooms: &[Id]) -> Ask {
    let mut params = params![c];
    let members = list(&mut params, rooms);
    ask(
        format!(
            "SELECT r.id, r.note FROM room_seen r WHERE r.community = $1 \
             AND r.note IS NOT NULL AND r.id IN ({members}) ORDER BY r.id"
        ),
        params,
    )
}

/// Phones in force of these parties, the main one first.
pub fn phones(c: Community, parties: &[Id]) -> Ask {
    let mut params = params![c];
    let members = list(&mut params, parties);
    ask(
        format!(
            "SELECT party, id, sealed, main FROM party_phone_seen WHERE community = $1 \
             AND ended_at IS NULL AND party IN ({members}) ORDER BY main DESC, id LIMIT 5000"
        ),
        params,
    )
}

/// Documents in force of these parties.
pub fn documents(c: Community, parties: &[Id]) -> Ask {
    let mut params = params![c];
    let members = list(&mut params, parties);
    ask(
        format!(
            "SELECT party, kind, sealed FROM party_document_seen WHERE community = $1 \
             AND ended_at IS NULL AND party IN ({members}) ORDER BY id LIMIT 5000"
        ),
        params,
    )
}

/// Phones of this blind tail (and whole number, where that is given), at most `limit`.
pub fn phones_like(c: Community, tail: i64, whole: Option<i64>, limit: i64) -> Ask {
    let both = if whole.is_some() {
        " AND blind_phone = $4"
    } else {
        ""
    };
    let mut params = params![c, tail, limit];
    params.extend(whole.map(Value::from));
    ask(
        format!(
            "SELECT party, sealed FROM party_phone_seen WHERE community = $1 AND blind_tail = $2 \
             AND ended_at IS NULL{both} AND {} ORDER BY blind_tail, blind_phone LIMIT $3",
            unsealed("party")
        ),
        params,
    )
}

/// Standing rooms of these parties.
pub fn rooms_of(c: Community, parties: &[Id], today: &str) -> Ask {
    let mut params = params![c, today];
    let members = list(&mut params, parties);
    ask(
        format!(
            "SELECT t.party, {REF} FROM relation_seen t JOIN room_seen r \
             ON r.community = t.community AND r.id = t.room \
             WHERE t.community = $1 AND t.party IN ({members}) AND {} \
             ORDER BY r.sort_key LIMIT 2000",
            stands(2)
        ),
        params,
    )
}

/// Text that begins with `prefix`, as a range: `LIKE` differs between the databases.
fn after(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}

/// Not somebody who stood here in sealed tenures alone: `whose` is the column of the party,
/// `$1` the community.
fn unsealed(whose: &str) -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM party_sealed s WHERE s.community = $1 AND s.party = {whose} \
         AND NOT EXISTS (SELECT 1 FROM relation e WHERE e.community = $1 \
         AND e.party = {whose} AND e.ended_at IS NULL))"
    )
}

pub fn words_from(c: Community, prefix: &str, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT DISTINCT w.party FROM (SELECT party FROM party_word WHERE community = $1 \
             AND word >= $2 AND word < $3 ORDER BY word LIMIT 10000) w JOIN party_seen p \
             ON p.community = $1 AND p.id = w.party WHERE p.merged_into IS NULL AND {} LIMIT $4",
            unsealed("p.id")
        ),
        params![c, prefix, after(prefix), limit],
    )
}

pub fn rooms_from(c: Community, prefix: &str, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {REF} FROM room_seen r WHERE r.community = $1 AND r.normal >= $2 \
             AND r.normal < $3 ORDER BY r.normal LIMIT $4"
        ),
        params![c, prefix, after(prefix), limit],
    )
}

pub fn rooms_of_tail(c: Community, tail: &str, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {REF} FROM room_seen r WHERE r.community = $1 AND r.tail = $2 \
             ORDER BY r.sort_key LIMIT $3"
        ),
        params![c, tail, limit],
    )
}

/// Rooms with a plate that begins so, or whose part behind the letter does.
pub fn rooms_of_plate(c: Community, plate: &str, limit: i64) -> Vec<Ask> {
    ["plate", "tail"]
        .into_iter()
        .map(|column| {
            ask(
                format!(
                    "SELECT v.plate, {REF} FROM vehicle_seen v JOIN room_seen r \
                     ON r.community = v.community AND r.id = v.room \
                     WHERE v.community = $1 AND v.ended_at IS NULL AND v.{column} >= $2 \
                     AND v.{column} < $3 ORDER BY v.{column} LIMIT $4"
                ),
                params![c, plate, after(plate), limit],
            )
        })
        .collect()
}

pub fn vehicles(c: Community, room: Id) -> Ask {
    ask(
        "SELECT id, plate FROM vehicle_seen WHERE community = $1 AND room = $2 \
         AND ended_at IS NULL ORDER BY id LIMIT 100",
        params![c, room],
    )
}

pub fn bits(c: Community) -> Ask {
    ask(
        "SELECT phone_bits, tail_bits, document_bits FROM community WHERE number = $1",
        params![c],
    )
}

/// The known shares of a room's owners, as part and whole.
pub fn shares(c: Community, room: Id) -> Ask {
    ask(
        "SELECT share_part, share_whole FROM relation WHERE community = $1 AND room = $2 \
         AND ended_at IS NULL AND kind IN ('owner', 'co_owner') AND share_whole > 0 LIMIT 500",
        params![c, room],
    )
}

/// The room and the party of a relation that has not ended.
pub fn open_relation(c: Community, relation: Id) -> Ask {
    ask(
        "SELECT room, party FROM relation_seen WHERE community = $1 AND id = $2 \
         AND ended_at IS NULL",
        params![c, relation],
    )
}

/// As [`open_relation`], with what kind it is.
pub fn open_tie(c: Community, relation: Id) -> Ask {
    ask(
        "SELECT room, party, kind FROM relation_seen \
         WHERE community = $1 AND id = $2 AND ended_at IS NULL",
        params![c, relation],
    )
}

pub fn end_relation(c: Community, relation: Id, day: &str, now: Moment, why: &'static str) -> Ask {
    ask(
        "UPDATE relation SET until_day = $3, ended_at = $4, ended_why = $5, \
         version = version + 1 WHERE community = $1 AND id = $2",
        params![c, relation, day, now, why],
    )
}

/// The sealed reasons for which something of a party was shown in clear, the latest first.
pub fn unmasking_reasons(c: Community, party: Id, most: i64) -> Ask {
    ask(
        "SELECT became FROM roster_change WHERE community = $1 AND subject = $2 \
         AND field = 'unmasked' ORDER BY at DESC, id DESC LIMIT $3",
        params![c, party, most],
    )
}

/// A room's note, sealed.
pub fn note_of_room(c: Community, room: Id) -> Ask {
    ask(
        "SELECT note FROM room_seen WHERE community = $1 AND id = $2",
        params![c, room],
    )
}

/// A vehicle that stands: its room and its plate.
pub fn vehicle(c: Community, id: Id) -> Ask {
    ask(
        "SELECT room, plate FROM vehicle_seen WHERE community = $1 AND id = $2 \
         AND ended_at IS NULL",
        params![c, id],
    )
}
