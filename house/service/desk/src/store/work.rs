//! What hangs on a ticket: pictures, materials, calls, households.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask, list};
use foundation::ids::Id;
use foundation::params;

use crate::calls::Call;
use crate::price::Part;
use crate::work::Picture;

pub fn pictures(c: Community, ticket: Id, limit: i64) -> Ask {
    ask(
        "SELECT id, moment, width, height, at FROM desk_picture \
         WHERE community = $1 AND ticket = $2 ORDER BY id LIMIT $3",
        params![c, ticket, limit],
    )
}

pub fn count_pictures(c: Community, ticket: Id) -> Ask {
    ask(
        "SELECT COUNT(*) FROM desk_picture WHERE community = $1 AND ticket = $2",
        params![c, ticket],
    )
}

pub fn insert_picture(c: Community, ticket: Id, p: &Picture) -> Ask {
    ask(
        "INSERT INTO desk_picture (community, id, ticket, moment, width, height, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![c, p.id, ticket, p.shows, p.width, p.height, p.at],
    )
}

pub fn parts(c: Community, ticket: Id, limit: i64) -> Ask {
    ask(
        "SELECT id, name, amount, unit, fen, at FROM desk_part \
         WHERE community = $1 AND ticket = $2 ORDER BY id LIMIT $3",
        params![c, ticket, limit],
    )
}

/// How many lines, and what they come to.
pub fn sum_parts(c: Community, ticket: Id) -> Ask {
    ask(
        "SELECT COUNT(*), CAST(COALESCE(SUM(fen), 0) AS BIGINT) FROM desk_part \
         WHERE community = $1 AND ticket = $2",
        params![c, ticket],
    )
}

pub fn insert_part(c: Community, ticket: Id, p: &Part) -> Ask {
    ask(
        "INSERT INTO desk_part (community, ticket, id, name, amount, unit, fen, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            c,
            ticket,
            p.id,
            p.name.as_str(),
            p.amount,
            p.unit.as_str(),
            p.fen,
            p.at
        ],
    )
}

pub fn call(c: Community, ticket: Id) -> Ask {
    ask(
        "SELECT ticket, due_at, state, by_name, done_at, content, words FROM desk_call \
         WHERE community = $1 AND ticket = $2",
        params![c, ticket],
    )
}

pub fn owe_call(c: Community, ticket: Id, due: Moment) -> Ask {
    ask(
        "INSERT INTO desk_call (community, ticket, due_at, state, by_account, by_name, \
         done_at, content, words) VALUES ($1, $2, $3, 'due', NULL, '', NULL, NULL, '') \
         ON CONFLICT (community, ticket) DO UPDATE SET due_at = excluded.due_at, state = 'due'",
        params![c, ticket, due],
    )
}

pub fn settle_call(c: Community, call: &Call, by: Option<Id>) -> Ask {
    ask(
        "UPDATE desk_call SET state = $3, by_account = $4, by_name = $5, done_at = $6, \
         content = $7, words = $8 WHERE community = $1 AND ticket = $2 AND state = 'due'",
        params![
            c,
            call.ticket,
            call.state.as_str(),
            by,
            call.by_name.as_str(),
            call.done_at,
            call.content,
            call.words.as_str()
        ],
    )
}

/// What was reopened is asked about when it is done again.
pub fn drop_call(c: Community, ticket: Id) -> Ask {
    ask(
        "DELETE FROM desk_call WHERE community = $1 AND ticket = $2 AND state = 'due'",
        params![c, ticket],
    )
}

pub fn calls_due(c: Community, limit: i64) -> Ask {
    ask(
        "SELECT ticket, due_at, state, by_name, done_at, content, words FROM desk_call \
         WHERE community = $1 AND state = 'due' ORDER BY due_at, ticket LIMIT $2",
        params![c, limit],
    )
}

pub fn join(c: Community, incident: Id, room: Id, account: Option<Id>, at: Moment) -> Ask {
    ask(
        "INSERT INTO desk_household (community, incident, room, account, at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (community, incident, room) DO NOTHING",
        params![c, incident, room, account, at],
    )
}

/// One account of each household of an incident.
pub fn concerned(c: Community, incident: Id, limit: i64) -> Ask {
    ask(
        "SELECT account FROM desk_household WHERE community = $1 AND incident = $2 \
         AND account IS NOT NULL ORDER BY room LIMIT $3",
        params![c, incident, limit],
    )
}

pub fn has_joined(c: Community, incident: Id, rooms: &[Id]) -> Ask {
    let mut params = params![c, incident];
    let rooms = list(&mut params, rooms);
    ask(
        format!(
            "SELECT room FROM desk_household WHERE community = $1 AND incident = $2 \
             AND room IN ({rooms}) LIMIT 1"
        ),
        params,
    )
}
