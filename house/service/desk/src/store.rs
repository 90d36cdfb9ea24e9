//! The desk's questions to the database: the ticket and its log here, lists and what the office
//! sets beside.

pub mod lists;
pub mod office;
pub mod tally;
pub mod work;

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask, list};
use foundation::ids::Id;
use foundation::params;

use crate::alarms::Alarm;
use crate::log::Step;
use crate::ticket::{Ticket, word};
use crate::words::{Outcome, Outside, WaitsFor};

/// The columns of a ticket in the order that it is read.
pub const TICKET: &str = "t.id, t.year, t.number, t.kind, t.category, t.priority, t.source, t.state, \
    t.outcome, t.whose, t.words, t.phone, t.reporter_name, t.room, t.room_code, t.building, \
    t.place, t.reporter, t.reporter_account, t.taken_by, t.team, t.assignee, t.assignee_name, \
    t.worker, t.subject, t.outside, t.veil, t.incident, t.is_incident, t.households, \
    t.opened_at, t.since, t.state_at, t.waits_for, t.waits_until, t.accept_by, t.price_fen, \
    t.price_yes_at, t.rating, t.silent, t.reopened, t.look_at, t.due_at, t.version";

pub fn ticket(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {TICKET} FROM desk_ticket t WHERE t.community = $1 AND t.id = $2"),
        params![c, id],
    )
}

pub fn tickets(c: Community, ids: &[Id]) -> Ask {
    let mut params = params![c];
    let ids = list(&mut params, ids);
    ask(
        format!("SELECT {TICKET} FROM desk_ticket t WHERE t.community = $1 AND t.id IN ({ids})"),
        params,
    )
}

pub fn by_number(c: Community, year: i64, number: i64) -> Ask {
    ask(
        format!(
            "SELECT {TICKET} FROM desk_ticket t \
             WHERE t.community = $1 AND t.year = $2 AND t.number = $3"
        ),
        params![c, year, number],
    )
}

/// The next number of a year; within a write, so that a write that fails takes none.
pub fn next_number(c: Community, year: i64) -> Ask {
    ask(
        "INSERT INTO desk_counter (community, year, last) VALUES ($1, $2, 1) \
         ON CONFLICT (community, year) DO UPDATE SET last = desk_counter.last + 1 \
         RETURNING last",
        params![c, year],
    )
}

pub fn insert_ticket(c: Community, t: &Ticket) -> Ask {
    ask(
        "INSERT INTO desk_ticket (community, id, year, number, kind, category, priority, source, \
         state, open, outcome, whose, words, phone, reporter_name, room, room_code, building, \
         place, reporter, reporter_account, taken_by, team, assignee, assignee_name, worker, \
         subject, outside, veil, incident, is_incident, households, opened_at, since, state_at, \
         waits_for, waits_until, accept_by, price_fen, price_yes_at, rating, silent, \
         reopened, look_at, due_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, \
         $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, \
         $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, \
         $45, $46)",
        params![
            c,
            t.id,
            t.number.year,
            t.number.number,
            t.kind,
            t.category,
            t.priority,
            t.source,
            t.state,
            !t.state.is_over(),
            word(t.outcome, Outcome::word),
            t.whose,
            t.words.as_str(),
            t.phone.as_str(),
            t.reporter_name.as_str(),
            t.room,
            t.room_code.as_str(),
            t.building.as_str(),
            t.place.as_str(),
            t.reporter,
            t.reporter_account,
            t.taken_by,
            t.team,
            t.assignee,
            t.assignee_name.as_str(),
            t.worker,
            t.subject,
            word(t.outside, Outside::word),
            t.veil.number(),
            t.incident,
            t.is_incident,
            t.households,
            t.opened_at,
            t.since,
            t.state_at,
            word(t.waits_for, WaitsFor::word),
            t.waits_until,
            t.accept_by,
            t.price_fen,
            t.price_yes_at,
            t.rating,
            t.silent,
            t.reopened,
            t.look_at,
            t.due_at,
            t.version
        ],
    )
}

/// Keeps a ticket as it is now, in the place of the version that was read.
pub fn put(c: Community, t: &Ticket) -> Ask {
    ask(
        "UPDATE desk_ticket SET category = $3, priority = $4, state = $5, open = $6, \
         outcome = $7, team = $8, assignee = $9, assignee_name = $10, worker = $11, \
         outside = $12, veil = $13, incident = $14, is_incident = $15, households = $16, \
         state_at = $17, waits_for = $18, waits_until = $19, accept_by = $20, price_fen = $21, \
         price_yes_at = $22, rating = $23, silent = $24, reopened = $25, \
         look_at = $26, due_at = $27, kind = $28, version = version + 1 \
         WHERE community = $1 AND id = $2 AND version = $29",
        params![
            c,
            t.id,
            t.category,
            t.priority,
            t.state,
            !t.state.is_over(),
            word(t.outcome, Outcome::word),
            t.team,
            t.assignee,
            t.assignee_name.as_str(),
            t.worker,
            word(t.outside, Outside::word),
            t.veil.number(),
            t.incident,
            t.is_incident,
            t.households,
            t.state_at,
            word(t.waits_for, WaitsFor::word),
            t.waits_until,
            t.accept_by,
            t.price_fen,
            t.price_yes_at,
            t.rating,
            t.silent,
            t.reopened,
            t.look_at,
            t.due_at,
            t.kind,
            t.version
        ],
    )
}

pub const STEP: &str =
    "s.seq, s.at, s.act, s.state, s.by_account, s.by_name, s.hand, s.public, s.words, s.until_at";

/// The longest log that is read: a ticket that was said more about than that is read from its
/// beginning, and no verb lets a log grow beyond it.
pub const STEPS_MAX: i64 = 500;

pub fn steps(c: Community, ticket: Id) -> Ask {
    ask(
        format!(
            "SELECT {STEP} FROM desk_step s WHERE s.community = $1 AND s.ticket = $2 \
             ORDER BY s.seq LIMIT {STEPS_MAX}"
        ),
        params![c, ticket],
    )
}

/// Writes one line of a log.
pub fn insert_step(c: Community, ticket: Id, step: &Step, sent_id: &str) -> Ask {
    ask(
        "INSERT INTO desk_step (community, ticket, seq, at, act, state, by_account, by_name, \
         hand, public, words, until_at, sent_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        params![
            c,
            ticket,
            step.seq,
            step.at,
            step.act.as_str(),
            step.state,
            step.by_account,
            step.by_name.as_str(),
            step.hand.as_str(),
            step.public,
            step.words.as_str(),
            step.until_at,
            sent_id
        ],
    )
}

pub fn next_seq(c: Community, ticket: Id) -> Ask {
    ask(
        "SELECT COALESCE(MAX(seq), 0) + 1 FROM desk_step WHERE community = $1 AND ticket = $2",
        params![c, ticket],
    )
}

/// What a device sent before under an id.
pub fn sent(c: Community, account: Id, sent_id: &str) -> Ask {
    ask(
        "SELECT ticket FROM desk_step WHERE community = $1 AND by_account = $2 AND sent_id = $3 \
         AND sent_id <> ''",
        params![c, account, sent_id],
    )
}

pub fn alarms(c: Community, ticket: Id) -> Ask {
    ask(
        "/* whole: three clocks, their rounds and four steps of one ticket */ \
         SELECT clock, round, step FROM desk_alarm WHERE community = $1 AND ticket = $2",
        params![c, ticket],
    )
}

pub fn insert_alarm(c: Community, ticket: Id, alarm: &Alarm, at: Moment) -> Ask {
    ask(
        "INSERT INTO desk_alarm (community, ticket, clock, round, step, at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        params![c, ticket, alarm.clock, alarm.round, alarm.step, at],
    )
}

pub fn to_look_at(c: Community, now: Moment, limit: i64) -> Ask {
    ask(
        "SELECT id FROM desk_ticket WHERE community = $1 AND look_at IS NOT NULL \
         AND look_at <= $2 ORDER BY look_at, id LIMIT $3",
        params![c, now, limit],
    )
}

/// After terms or hours changed, every open ticket is looked at again.
pub fn look_at_all(c: Community, now: Moment) -> Ask {
    ask(
        // Every veil, so that the index of what is open leads there.
        "UPDATE desk_ticket SET look_at = $2 WHERE community = $1 AND veil IN (0, 1, 2) \
         AND open = 1",
        params![c, now],
    )
}

/// When a ticket is looked at again, where nothing happened to it since it was read.
pub fn set_look(c: Community, id: Id, at: Option<Moment>, due: Moment, version: i64) -> Ask {
    ask(
        "UPDATE desk_ticket SET look_at = $3, due_at = $4 \
         WHERE community = $1 AND id = $2 AND version = $5",
        params![c, id, at, due, version],
    )
}
