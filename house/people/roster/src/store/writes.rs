//! The roster's SQL: what changes of rows that are there.

use super::rows::RoomFacts;
use foundation::clock::Moment;
use foundation::database::{Ask, Community, Value, ask};
use foundation::ids::Id;
use foundation::params;

/// One line of the change history; `was` and `became` are sealed where they are personal.
pub struct History {
    pub id: Id,
    pub what: &'static str,
    pub subject: Id,
    pub field: &'static str,
    pub was: Option<Vec<u8>>,
    pub became: Option<Vec<u8>>,
}

pub fn remember(c: Community, at: Moment, actor: String, h: History) -> Ask {
    ask(
        "INSERT INTO roster_change (community, id, at, what, subject, field, was, became, actor, import) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '')",
        params![
            c, h.id, at, h.what, h.subject, h.field, h.was, h.became, actor
        ],
    )
}

/// Whether the place is taken: asked of the bare table, because a room that an import is
/// bringing takes it too.
pub fn room_taken(c: Community, normal: String) -> Ask {
    ask(
        "SELECT id FROM room WHERE community = $1 AND normal = $2",
        params![c, normal],
    )
}

/// Changes a room that is still as it was seen; 0 rows when it is not.
pub fn edit_room(
    c: Community,
    id: Id,
    version: i64,
    facts: RoomFacts,
    keeps_note: bool,
    note: Option<Vec<u8>>,
) -> Ask {
    ask(
        "UPDATE room SET area = $4, floor = $5, purpose = $6, state = $7, moved_in = $8, \
         note = CASE WHEN CAST($9 AS BIGINT) = 1 THEN note ELSE $10 END, version = version + 1 \
         WHERE community = $1 AND id = $2 AND version = $3",
        params![
            c,
            id,
            version,
            facts.area,
            facts.floor,
            facts.purpose,
            facts.state,
            facts.moved_in,
            keeps_note,
            note
        ],
    )
}

/// Something relies on the room: an undone import leaves it.
pub fn hold_room(c: Community, room: Id) -> Ask {
    ask(
        "UPDATE room SET held = 1 WHERE community = $1 AND id = $2 AND held = 0",
        params![c, room],
    )
}

/// Something relies on the party: an undone import leaves it.
pub fn hold_party(c: Community, party: Id) -> Ask {
    ask(
        "UPDATE party SET held = 1 WHERE community = $1 AND id = $2 AND held = 0",
        params![c, party],
    )
}

/// Changes a party that is still as it was seen; `values` are the community, the id, the
/// version and then the columns in this order.
pub fn edit_party(values: Vec<Value>) -> Ask {
    ask(
        "UPDATE party SET name = $4, name_key = $5, state = $6, guardian = $7, uscc = $8, \
         representative = $9, birth = $10, workplace = $11, emergency = $12, \
         address = $13, needs = $14, note = $15, version = version + 1 \
         WHERE community = $1 AND id = $2 AND version = $3",
        values,
    )
}

/// A name's words, before the new ones are written.
pub fn forget_words(c: Community, party: Id) -> Ask {
    ask(
        "DELETE FROM party_word WHERE community = $1 AND party = $2",
        params![c, party],
    )
}

/// No phone of the party is the main one, before another becomes it.
pub fn no_main_phone(c: Community, party: Id) -> Ask {
    ask(
        "UPDATE party_phone SET main = 0 WHERE community = $1 AND party = $2",
        params![c, party],
    )
}

pub fn end_phone(c: Community, party: Id, phone: Id, at: Moment) -> Ask {
    ask(
        "UPDATE party_phone SET ended_at = $4, main = 0 WHERE community = $1 \
         AND party = $2 AND id = $3 AND ended_at IS NULL",
        params![c, party, phone, at],
    )
}

/// Somebody must be called first: the oldest phone that stands, where none is the main one.
pub fn some_main_phone(c: Community, party: Id) -> Ask {
    ask(
        "UPDATE party_phone SET main = 1 WHERE community = $1 AND party = $2 AND id = \
         (SELECT MIN(id) FROM party_phone WHERE community = $1 AND party = $2 \
         AND ended_at IS NULL) AND NOT EXISTS (SELECT 1 FROM party_phone m \
         WHERE m.community = $1 AND m.party = $2 AND m.main = 1)",
        params![c, party],
    )
}

/// Counts a change of what hangs on a party.
pub fn touch_party(c: Community, party: Id) -> Ask {
    ask(
        "UPDATE party SET version = version + 1 WHERE community = $1 AND id = $2",
        params![c, party],
    )
}

/// Counts a merge on a party that is still as it was seen and was not merged before.
pub fn touch_unmerged(c: Community, party: Id, version: i64) -> Ask {
    ask(
        "UPDATE party SET version = version + 1 WHERE community = $1 AND id = $2 \
         AND version = $3 AND merged_into IS NULL",
        params![c, party, version],
    )
}

/// What two parties stand in, for finding what both have.
pub fn relations_of_both(c: Community, keep: Id, gone: Id) -> Ask {
    ask(
        "SELECT id, room, kind, party FROM relation WHERE community = $1 \
         AND party IN ($2, $3) AND ended_at IS NULL ORDER BY id LIMIT 1000",
        params![c, keep, gone],
    )
}

/// A relation that both of two merged parties had.
pub fn end_double(c: Community, relation: Id, at: Moment) -> Ask {
    ask(
        "UPDATE relation SET ended_at = $3, ended_why = 'merged', version = version + 1 \
         WHERE community = $1 AND id = $2",
        params![c, relation, at],
    )
}

/// Everything of `gone` becomes that of `keep`; its own contacts end.
pub fn move_all(c: Community, gone: Id, keep: Id, at: Moment) -> Vec<Ask> {
    let moved = [
        "UPDATE relation SET party = $3, version = version + 1 WHERE community = $1 AND party = $2",
        "UPDATE relation SET vouched_by = $3 WHERE community = $1 AND vouched_by = $2",
        "UPDATE vehicle SET party = $3 WHERE community = $1 AND party = $2",
        "UPDATE party SET guardian = $3 WHERE community = $1 AND guardian = $2",
        "UPDATE party SET merged_into = $3 WHERE community = $1 AND id = $2",
    ]
    .map(|sql| ask(sql, params![c, gone, keep]));
    let ended = [
        "UPDATE party_phone SET ended_at = $3, main = 0 WHERE community = $1 AND party = $2 \
         AND ended_at IS NULL",
        "UPDATE party_document SET ended_at = $3 WHERE community = $1 AND party = $2 \
         AND ended_at IS NULL",
    ]
    .map(|sql| ask(sql, params![c, gone, at]));
    moved.into_iter().chain(ended).collect()
}

/// The ownerships of a room that stand.
pub fn ownerships(c: Community, room: Id) -> Ask {
    ask(
        "SELECT id, party FROM relation_seen WHERE community = $1 AND room = $2 \
         AND ended_at IS NULL AND kind IN ('owner', 'co_owner') ORDER BY id LIMIT 500",
        params![c, room],
    )
}

/// An ownership ends on the day of a transfer; it stays in the history.
pub fn end_by_transfer(c: Community, relation: Id, day: &str, at: Moment) -> Ask {
    ask(
        "UPDATE relation SET until_day = $3, ended_at = $4, ended_why = 'transfer', \
         version = version + 1 WHERE community = $1 AND id = $2",
        params![c, relation, day, at],
    )
}

/// A vehicle goes; it stays in the history. An import that is undone leaves it.
pub fn end_vehicle(c: Community, vehicle: Id, at: Moment) -> Ask {
    ask(
        "UPDATE vehicle SET ended_at = $3, import = '' WHERE community = $1 AND id = $2 \
         AND ended_at IS NULL",
        params![c, vehicle, at],
    )
}
