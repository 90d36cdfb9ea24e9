//! The roster's rows as they are written: by one verb for one room, or by an import in
//! chunks. Everything personal is sealed before it gets here.

use hanzi::fold;
use hanzi::name::name_key;
use serde::{Deserialize, Serialize};

use crate::place::Places;
use foundation::clock::Moment;
use foundation::database::{Ask, Community, Value, ask, list};
use foundation::ids::Id;
use foundation::params;

/// Parameters of one statement; both databases take many more, the text stays short.
const PARAMETERS_MAX: usize = 2_000;

/// What a room is for.
pub const PURPOSES: [&str; 4] = ["residence", "shop", "parking", "other"];
/// How far a room is in use.
pub const STATES: [&str; 5] = [
    "not_handed_over",
    "handed_over",
    "vacant",
    "owner_occupied",
    "let",
];

/// What is known of a room beside its code; what is not known is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomFacts {
    /// Exclusive area in 0.01 m².
    pub area: Option<i64>,
    pub floor: Option<String>,
    /// `residence`, `shop`, `parking` or `other`.
    pub purpose: Option<String>,
    /// `not_handed_over`, `handed_over`, `vacant`, `owner_occupied` or `let`.
    pub state: Option<String>,
    /// `YYYY-MM-DD`.
    pub moved_in: Option<String>,
}

/// A room about to be written.
pub struct RoomInsert {
    pub id: Id,
    pub code: String,
    pub places: Places,
    pub facts: RoomFacts,
    pub note: Option<Vec<u8>>,
}

/// A party about to be written, its personal columns sealed.
pub struct PartyInsert {
    pub id: Id,
    pub kind: &'static str,
    pub name: String,
    pub guardian: Option<Id>,
    pub uscc: Option<String>,
    pub representative: Option<String>,
    pub sealed: SealedParty,
}

/// The sealed columns of a party.
#[derive(Default)]
pub struct SealedParty {
    pub birth: Option<Vec<u8>>,
    pub workplace: Option<Vec<u8>>,
    pub emergency: Option<Vec<u8>>,
    pub address: Option<Vec<u8>>,
    pub needs: Option<Vec<u8>>,
    pub note: Option<Vec<u8>>,
}

/// A phone about to be written.
pub struct PhoneInsert {
    pub party: Id,
    pub id: Id,
    pub sealed: Vec<u8>,
    pub blind_phone: i64,
    pub blind_tail: i64,
    pub main: bool,
}

/// An identity document about to be written.
pub struct DocumentInsert {
    pub party: Id,
    pub id: Id,
    pub kind: String,
    pub sealed: Vec<u8>,
    pub blind: i64,
}

/// A relation about to be written.
pub struct RelationInsert {
    pub id: Id,
    pub room: Id,
    pub party: Id,
    pub kind: &'static str,
    pub share: Option<(i64, i64)>,
    pub from: Option<String>,
    pub until: Option<String>,
    pub vouched_by: Option<Id>,
}

/// A vehicle about to be written.
pub struct VehicleInsert {
    pub id: Id,
    pub room: Id,
    pub party: Option<Id>,
    pub plate: String,
}

/// Where rows belong and which import brings them (`""` for none).
pub struct Origin {
    pub community: Community,
    pub import: String,
    pub at: Moment,
}

/// Many rows by few statements: `prefix` ends in `VALUES`. A row that is there already is
/// left, so that a chunk may be written twice.
pub(super) fn many(prefix: &str, rows: Vec<Vec<Value>>) -> Vec<Ask> {
    let Some(width) = rows.first().map(Vec::len) else {
        return Vec::new();
    };
    let per = (PARAMETERS_MAX / width).max(1);
    let mut asks = Vec::with_capacity(rows.len() / per + 1);
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let mut sql = String::with_capacity(prefix.len() + per * width * 6);
        sql.push_str(prefix);
        let mut params = Vec::with_capacity(per * width);
        for (i, row) in rows.by_ref().take(per).enumerate() {
            sql.push_str(if i == 0 { " (" } else { ",(" });
            for (k, value) in row.into_iter().enumerate() {
                if k > 0 {
                    sql.push(',');
                }
                params.push(value);
                sql.push('$');
                sql.push_str(&params.len().to_string());
            }
            sql.push(')');
        }
        sql.push_str(" ON CONFLICT DO NOTHING");
        asks.push(ask(sql, params));
    }
    asks
}

/// Rooms, and the phases, zones, buildings and units that they stand in. A place belongs
/// to no import: others may stand in it too, and an empty one is not shown.
pub fn rooms(o: &Origin, list: Vec<RoomInsert>) -> Vec<Ask> {
    let mut places = std::collections::BTreeMap::new();
    for room in &list {
        for place in room.places.tree() {
            places.entry(place.key.clone()).or_insert(place);
        }
    }
    let mut asks = many(
        "INSERT INTO place (community, key, level, parent, name, sort_key, import) VALUES",
        places
            .into_values()
            .map(|p| {
                params![
                    o.community,
                    p.key,
                    p.level,
                    p.parent,
                    p.name,
                    p.sort_key,
                    ""
                ]
            })
            .collect(),
    );
    let aliases = list
        .iter()
        .flat_map(|r| {
            let aliases = r.places.aliases.iter();
            aliases.map(|a| params![o.community, a, r.id, &r.code])
        })
        .collect();
    asks.extend(many(
        "INSERT INTO room_alias (community, alias, room, typed) VALUES",
        aliases,
    ));
    asks.extend(many(
        "INSERT INTO room (community, id, code, normal, tail, sort_key, phase, zone, building, \
         unit, area, floor, purpose, state, moved_in, note, version, held, import, created_at) VALUES",
        list.into_iter()
            .map(|r| {
                params![
                    o.community, r.id, r.code, r.places.normal, r.places.tail, r.places.sort_key,
                    r.places.phase, r.places.zone, r.places.building, r.places.unit,
                    r.facts.area, r.facts.floor, r.facts.purpose, r.facts.state,
                    r.facts.moved_in, r.note, 1, 0, &o.import, o.at
                ]
            })
            .collect(),
    ));
    asks
}

/// Parties, and the words by which their names are found.
pub fn parties(o: &Origin, list: Vec<PartyInsert>) -> Vec<Ask> {
    let words = list
        .iter()
        .flat_map(|p| words_of(o, p.id, &p.name))
        .collect();
    let mut asks = many(
        "INSERT INTO party (community, id, kind, name, name_key, state, guardian, merged_into, \
         uscc, representative, birth, workplace, emergency, address, needs, note, version, held, \
         import, created_at) VALUES",
        list.into_iter()
            .map(|p| {
                params![
                    o.community,
                    p.id,
                    p.kind,
                    &p.name,
                    name_key(&p.name),
                    "alive",
                    p.guardian,
                    None::<Id>,
                    p.uscc,
                    p.representative,
                    p.sealed.birth,
                    p.sealed.workplace,
                    p.sealed.emergency,
                    p.sealed.address,
                    p.sealed.needs,
                    p.sealed.note,
                    1,
                    0,
                    &o.import,
                    o.at
                ]
            })
            .collect(),
    );
    asks.extend(many(
        "INSERT INTO party_word (community, word, party) VALUES",
        words,
    ));
    asks
}

/// The words of one party, for a name that was changed.
pub fn words(o: &Origin, party: Id, name: &str) -> Vec<Ask> {
    many(
        "INSERT INTO party_word (community, word, party) VALUES",
        words_of(o, party, name),
    )
}

/// The words by which a name is found: whole, without its surname, its initials.
fn words_of(o: &Origin, party: Id, name: &str) -> Vec<Vec<Value>> {
    let key = name_key(name);
    let given: String = key.chars().skip(1).collect();
    let mut words = vec![fold::initials(name), given, key];
    words.sort();
    words.dedup();
    words
        .into_iter()
        .filter(|w| !w.is_empty())
        .map(|w| params![o.community, w, party])
        .collect()
}

/// Phones of parties.
pub fn phones(o: &Origin, list: Vec<PhoneInsert>) -> Vec<Ask> {
    many(
        "INSERT INTO party_phone (community, party, id, sealed, blind_phone, blind_tail, main, \
         added_at, ended_at, import) VALUES",
        list.into_iter()
            .map(|p| {
                params![
                    o.community,
                    p.party,
                    p.id,
                    p.sealed,
                    p.blind_phone,
                    p.blind_tail,
                    p.main,
                    o.at,
                    None::<i64>,
                    &o.import
                ]
            })
            .collect(),
    )
}

/// Identity documents of parties.
pub fn documents(o: &Origin, list: Vec<DocumentInsert>) -> Vec<Ask> {
    many(
        "INSERT INTO party_document (community, party, id, kind, sealed, blind, added_at, \
         ended_at, import) VALUES",
        list.into_iter()
            .map(|d| {
                params![
                    o.community,
                    d.party,
                    d.id,
                    d.kind,
                    d.sealed,
                    d.blind,
                    o.at,
                    None::<i64>,
                    &o.import
                ]
            })
            .collect(),
    )
}

/// Relations of parties to rooms.
pub fn relations(o: &Origin, list: Vec<RelationInsert>) -> Vec<Ask> {
    many(
        "INSERT INTO relation (community, id, room, party, kind, share_part, share_whole, \
         from_day, until_day, ended_at, ended_why, vouched_by, version, import, created_at) VALUES",
        list.into_iter()
            .map(|r| {
                params![
                    o.community,
                    r.id,
                    r.room,
                    r.party,
                    r.kind,
                    r.share.map(|s| s.0),
                    r.share.map(|s| s.1),
                    r.from,
                    r.until,
                    None::<i64>,
                    "",
                    r.vouched_by,
                    1,
                    &o.import,
                    o.at
                ]
            })
            .collect(),
    )
}

/// Vehicles of rooms.
pub fn vehicles(o: &Origin, list: Vec<VehicleInsert>) -> Vec<Ask> {
    many(
        "INSERT INTO vehicle (community, id, room, party, plate, tail, ended_at, import) VALUES",
        list.into_iter()
            .map(|v| {
                let tail: String = v.plate.chars().skip(2).collect();
                params![
                    o.community,
                    v.id,
                    v.room,
                    v.party,
                    v.plate,
                    tail,
                    None::<i64>,
                    &o.import
                ]
            })
            .collect(),
    )
}

/// Person, name and room code of every relation that stands.
pub(crate) fn standing(c: Community, rows: i64) -> Ask {
    ask(
        "SELECT p.id, p.name, m.code FROM relation_seen r \
         JOIN party_seen p ON p.community = r.community AND p.id = r.party \
         JOIN room_seen m ON m.community = r.community AND m.id = r.room \
         WHERE r.community = $1 AND r.ended_at IS NULL ORDER BY r.id LIMIT $2",
        params![c, rows],
    )
}

/// The rooms that a party belongs to now, and how.
pub(crate) fn homes_of(c: Community, party: Id, limit: i64) -> Ask {
    ask(
        "SELECT room, kind FROM relation_seen WHERE community = $1 AND party = $2 \
         AND ended_at IS NULL ORDER BY room, id LIMIT $3",
        params![c, party, limit],
    )
}

/// A relation of a party to one of some rooms that stands, if there is any.
pub(crate) fn belongs(c: Community, party: Id, rooms: &[Id]) -> Ask {
    let mut params = params![c, party];
    let rooms = list(&mut params, rooms);
    ask(
        format!(
            "SELECT id FROM relation_seen WHERE community = $1 AND party = $2 \
             AND room IN ({rooms}) AND ended_at IS NULL LIMIT 1"
        ),
        params,
    )
}

/// Who owns or rents some rooms now and has a phone: room, person and tie.
pub(crate) fn phoned_in(c: Community, rooms: &[Id], limit: i64) -> Ask {
    let mut params = params![c];
    let rooms = list(&mut params, rooms);
    params.push(limit.into());
    ask(
        format!(
            "SELECT r.room, r.party, r.kind FROM relation_seen r WHERE r.community = $1 \
             AND r.room IN ({rooms}) AND r.ended_at IS NULL \
             AND r.kind IN ('owner', 'co_owner', 'tenant') \
             AND EXISTS (SELECT 1 FROM party_phone_seen f WHERE f.community = r.community \
             AND f.party = r.party AND f.ended_at IS NULL) ORDER BY r.room, r.id LIMIT ${}",
            params.len()
        ),
        params,
    )
}
