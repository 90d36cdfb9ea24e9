//! The roster's SQL: what a change took away and brought, and taking it back.

use crate::tracking::Terms;
use foundation::clock::Moment;
use foundation::database::{Ask, Community, Value, ask, list};
use foundation::ids::Id;
use foundation::params;

pub fn lines(c: Community, ids: &[Id]) -> Ask {
    let mut params = params![c];
    let ids = list(&mut params, ids);
    ask(
        format!(
            "SELECT id, what, subject, field, was, became FROM roster_change \
             WHERE community = $1 AND id IN ({ids}) ORDER BY id"
        ),
        params,
    )
}

pub fn relation(c: Community, id: Id) -> Ask {
    ask(
        "SELECT party, room, kind FROM relation_seen WHERE community = $1 AND id = $2",
        params![c, id],
    )
}

pub fn plate(c: Community, id: Id) -> Ask {
    ask(
        "SELECT plate FROM vehicle_seen WHERE community = $1 AND id = $2",
        params![c, id],
    )
}

/// A phone's sealed number while it stands.
pub fn phone_sealed(c: Community, party: Id, phone: Id) -> Ask {
    ask(
        "SELECT sealed FROM party_phone WHERE community = $1 AND party = $2 AND id = $3 \
         AND ended_at IS NULL",
        params![c, party, phone],
    )
}

/// The phone with this very seal ends.
pub fn end_phone(c: Community, party: Id, sealed: &[u8], at: Moment) -> Ask {
    ask(
        "UPDATE party_phone SET ended_at = $4, main = 0 WHERE community = $1 AND party = $2 \
         AND sealed = $3 AND ended_at IS NULL",
        params![c, party, sealed, at],
    )
}

pub fn reopen_phone(c: Community, party: Id, sealed: &[u8]) -> Ask {
    ask(
        "UPDATE party_phone SET ended_at = NULL WHERE community = $1 AND party = $2 \
         AND sealed = $3 AND ended_at IS NOT NULL",
        params![c, party, sealed],
    )
}

pub fn rename(c: Community, party: Id, old: &str, new: &str) -> Ask {
    ask(
        "UPDATE party SET name = $3, name_key = $4 WHERE community = $1 AND id = $2 AND name = $5",
        params![c, party, old, hanzi::name::name_key(old), new],
    )
}

/// A column becomes what it was, where it still is what it became. `column` is one of the
/// room's own words; sealed ones hold bytes, the others text.
pub fn put_back(c: Community, party: Id, column: &'static str, was: Value, became: Value) -> Ask {
    ask(
        format!(
            "UPDATE party SET {column} = $3 WHERE community = $1 AND id = $2 \
             AND {column} IS NOT DISTINCT FROM $4"
        ),
        params![c, party, was, became],
    )
}

/// The party, where its phone of this very seal stands.
pub fn phone_stands(c: Community, party: Id, sealed: &[u8]) -> Ask {
    ask(
        "SELECT party FROM party_phone_seen WHERE community = $1 AND party = $2 AND sealed = $3 \
         AND ended_at IS NULL LIMIT 1",
        params![c, party, sealed],
    )
}

/// The party, where a column is as a change left it.
pub fn datum_stands(c: Community, party: Id, column: &'static str, became: Value) -> Ask {
    ask(
        format!(
            "SELECT id FROM party_seen WHERE community = $1 AND id = $2 \
             AND {column} IS NOT DISTINCT FROM $3"
        ),
        params![c, party, became],
    )
}

/// Share and dates of a relation that stands.
pub fn terms(c: Community, id: Id) -> Ask {
    ask(
        "SELECT share_part, share_whole, from_day, until_day FROM relation_seen \
         WHERE community = $1 AND id = $2 AND ended_at IS NULL",
        params![c, id],
    )
}

pub fn put_terms(c: Community, id: Id, t: &Terms) -> Ask {
    let (part, whole) = (t.share.map(|s| s.0), t.share.map(|s| s.1));
    ask(
        "UPDATE relation SET share_part = $3, share_whole = $4, from_day = $5, until_day = $6, \
         version = version + 1 WHERE community = $1 AND id = $2 AND ended_at IS NULL",
        params![c, id, part, whole, t.from.as_deref(), t.until.as_deref()],
    )
}

pub fn reopen_relation(c: Community, id: Id) -> Ask {
    ask(
        "UPDATE relation SET until_day = NULL, ended_at = NULL, ended_why = '', \
         version = version + 1 WHERE community = $1 AND id = $2 AND ended_at IS NOT NULL",
        params![c, id],
    )
}

pub fn reopen_vehicle(c: Community, id: Id) -> Ask {
    ask(
        "UPDATE vehicle SET ended_at = NULL WHERE community = $1 AND id = $2 \
         AND ended_at IS NOT NULL",
        params![c, id],
    )
}

/// Somebody who stands in no home any more is found no more.
pub fn seal_party(c: Community, party: Id) -> Ask {
    ask(
        "INSERT INTO party_sealed (community, party) SELECT CAST($1 AS BIGINT), $2 \
         WHERE NOT EXISTS (SELECT 1 FROM relation WHERE community = $1 AND party = $2 \
         AND ended_at IS NULL) ON CONFLICT DO NOTHING",
        params![c, party],
    )
}

pub fn unseal_party(c: Community, party: Id) -> Ask {
    ask(
        "DELETE FROM party_sealed WHERE community = $1 AND party = $2",
        params![c, party],
    )
}
