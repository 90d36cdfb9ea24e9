//! The desk's questions to the database: the ticket and its log here, lists and what the office
//! sets beside.

pub mod lists;
pub mod office;

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
    t.price_yes_at, t.code_tries, t.rating, t.silent, t.reopened, t.look_at, t.due_at, t.version";

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
         waits_for, waits_until, accept_by, price_fen, price_yes_at, code_tries, rating, silent, \
         reopened, look_at, due_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, \
         $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, \
         $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, \
         $45, $46, $47)",
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
            t.code_tries,
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
         price_yes_at = $22, code_tries = $23, rating = $24, silent = $25, reopened = $26, \
         look_at = $27, due_at = $28, kind = $29, version = version + 1 \
         WHERE community = $1 AND id = $2 AND version = $30",
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
            t.code_tries,
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

/// One ticket more, or fewer, stands in a state.
pub fn tally(c: Community, t: &Ticket, by: i64) -> Ask {
    ask(
        "INSERT INTO desk_tally (community, state, kind, veil, tickets) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (community, state, kind, veil) \
         DO UPDATE SET tickets = desk_tally.tickets + excluded.tickets",
        params![c, t.state, t.kind, t.veil.number(), by],
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

pub fn steps_of(c: Community, tickets: &[Id]) -> Ask {
    let mut params = params![c];
    let tickets = list(&mut params, tickets);
    ask(
        format!(
            "/* whole: the logs of one page of tickets, each bounded when it is written */ \
             SELECT s.ticket, s.at, s.act, s.public, s.until_at FROM desk_step s \
             WHERE s.community = $1 AND s.ticket IN ({tickets}) ORDER BY s.ticket, s.seq"
        ),
        params,
    )
}

/// The state that a ticket had before its present one; for the steps of a log.
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
        "UPDATE desk_ticket SET look_at = $2 WHERE community = $1 AND open = 1",
        params![c, now],
    )
}

pub fn insert_gram(c: Community, gram: i64, ticket: Id) -> Ask {
    ask(
        "INSERT INTO desk_gram (community, gram, ticket) VALUES ($1, $2, $3) \
         ON CONFLICT (community, gram, ticket) DO NOTHING",
        params![c, gram, ticket],
    )
}

pub mod work {
    //! Pictures, materials, calls, households.

    use super::*;
    use crate::calls::Call;
    use crate::work::{Part, Picture};

    pub fn pictures(c: Community, ticket: Id) -> Ask {
        ask(
            "SELECT id, moment, width, height, at FROM desk_picture \
             WHERE community = $1 AND ticket = $2 ORDER BY id LIMIT 60",
            params![c, ticket],
        )
    }

    pub fn insert_picture(c: Community, ticket: Id, p: &Picture) -> Ask {
        ask(
            "INSERT INTO desk_picture (community, id, ticket, moment, width, height, at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            params![c, p.id, ticket, p.moment, p.width, p.height, p.at],
        )
    }

    pub fn parts(c: Community, ticket: Id) -> Ask {
        ask(
            "SELECT id, name, amount, unit, fen FROM desk_part \
             WHERE community = $1 AND ticket = $2 ORDER BY id LIMIT 100",
            params![c, ticket],
        )
    }

    pub fn insert_part(c: Community, ticket: Id, p: &Part, at: Moment) -> Ask {
        ask(
            "INSERT INTO desk_part (community, id, ticket, name, amount, unit, fen, at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            params![
                c,
                p.id,
                ticket,
                p.name.as_str(),
                p.thousandths,
                p.unit.as_str(),
                p.fen,
                at
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

    /// The accounts of the households of an incident, page by page.
    pub fn concerned(c: Community, incident: Id, after: &str, limit: i64) -> Ask {
        ask(
            "SELECT room, account FROM desk_household WHERE community = $1 AND incident = $2 \
             AND room > $3 ORDER BY room LIMIT $4",
            params![c, incident, after, limit],
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

    pub fn under(c: Community, incident: Id, limit: i64) -> Ask {
        ask(
            format!(
                "SELECT {TICKET} FROM desk_ticket t WHERE t.community = $1 AND t.incident = $2 \
                 ORDER BY t.id LIMIT $3"
            ),
            params![c, incident, limit],
        )
    }
}
