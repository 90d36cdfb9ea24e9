//! Lists of tickets: the work list by its filters, and what somebody reported.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, Value, ask};
use foundation::ids::Id;
use foundation::params;

use super::TICKET;
use super::tally::ANY;
use crate::alarms::Step;
use crate::listing::{Order, Query, Show};
use crate::moving::NEVER;
use crate::ticket::Veil;

/// The filters as conditions of `t`, their values behind those that there are.
fn conditions(params: &mut Vec<Value>, c: Community, q: &Query, now: Moment) -> String {
    let mut text = String::new();
    let mut also = |condition: &str, value: Value| {
        params.push(value);
        if !text.is_empty() {
            text.push_str(" AND ");
        }
        text.push_str(&condition.replace('?', &format!("${}", params.len())));
    };
    also("t.community = ?", c.into());
    match q.assignee {
        Some(account) => {
            also("t.assignee = ?", account.into());
            also("t.veil <= ?", Veil::Complaint.number().into());
        }
        None => also("t.veil = ?", q.veil.number().into()),
    }
    if let Some(subject) = q.not_about {
        also("(t.subject IS NULL OR t.subject <> ?)", subject.into());
    }
    match q.show {
        Show::Open => also("t.open = ?", true.into()),
        Show::Overdue => {
            also("t.open = ?", true.into());
            also("t.due_at < ?", now.into());
        }
        Show::State(state) => {
            also("t.state = ?", state.into());
            // The index of what is filtered for goes on by this.
            if q.is_narrowed() {
                also("t.open = ?", (!state.is_over()).into());
            }
        }
        Show::All => {}
    }
    if let Some(kind) = q.kind {
        also("t.kind = ?", kind.into());
    }
    if let Some(priority) = q.priority {
        also("t.priority = ?", priority.into());
    }
    if let Some(category) = q.category {
        also("t.category = ?", category.into());
    }
    if let Some(team) = q.team {
        also("t.team = ?", team.into());
    }
    if !q.building.is_empty() {
        also("t.building = ?", q.building.as_str().into());
    }
    if let Some(room) = q.room {
        also("t.room = ?", room.into());
    }
    text
}

/// A page of the work list, behind a place in its order.
pub fn page(
    c: Community,
    q: &Query,
    now: Moment,
    after: Option<&(Moment, String)>,
    limit: i64,
) -> Ask {
    if q.order() == Order::Newest && q.is_narrowed() {
        return newest_of(c, q, now, after, limit);
    }
    let mut params = Vec::new();
    let mut text = conditions(&mut params, c, q, now);
    let order = match q.order() {
        Order::Due => {
            if let Some((due, id)) = after {
                params.push((*due).into());
                params.push(id.as_str().into());
                let n = params.len();
                text.push_str(&format!(" AND (t.due_at, t.id) > (${}, ${n})", n - 1));
            }
            "t.due_at, t.id"
        }
        Order::Newest => {
            if let Some((_, id)) = after {
                params.push(id.as_str().into());
                text.push_str(&format!(" AND t.id < ${}", params.len()));
            }
            "t.id DESC"
        }
    };
    params.push(limit.into());
    let n = params.len();
    ask(
        format!("SELECT {TICKET} FROM desk_ticket t WHERE {text} ORDER BY {order} LIMIT ${n}"),
        params,
    )
}

/// The newest of a filter, whether open or over. Each index has the open ones, which are few, by
/// their deadlines, and behind them what is over, all at [`NEVER`] and so by its age: both halves
/// are read in order, and the shorter way to a page never sorts what was ever reported.
fn newest_of(
    c: Community,
    q: &Query,
    now: Moment,
    after: Option<&(Moment, String)>,
    limit: i64,
) -> Ask {
    let mut params = Vec::new();
    let mut half = |open: bool, order: &str| {
        let mut text = conditions(&mut params, c, q, now);
        params.push(open.into());
        text.push_str(&format!(" AND t.open = ${}", params.len()));
        if !open {
            params.push(NEVER.into());
            text.push_str(&format!(" AND t.due_at = ${}", params.len()));
        }
        if let Some((_, id)) = after {
            params.push(id.as_str().into());
            text.push_str(&format!(" AND t.id < ${}", params.len()));
        }
        params.push(limit.into());
        let n = params.len();
        format!(
            "SELECT * FROM (SELECT {TICKET} FROM desk_ticket t WHERE {text} \
             ORDER BY {order} LIMIT ${n}) h"
        )
    };
    let open = half(true, "t.id DESC");
    let over = half(false, "t.due_at DESC, t.id DESC");
    let n = params.len();
    ask(
        format!("{open} UNION ALL {over} ORDER BY id DESC LIMIT ${n}"),
        params,
    )
}

/// How many a filter finds, one by one.
pub fn count(c: Community, q: &Query, now: Moment) -> Ask {
    let mut params = Vec::new();
    let text = conditions(&mut params, c, q, now);
    ask(
        format!("SELECT COUNT(*) FROM desk_ticket t WHERE {text}"),
        params,
    )
}

/// How many of a filter stand where, by the tally's row for just that filter.
pub fn tallies(c: Community, q: &Query) -> Ask {
    let any = || Value::from(ANY);
    ask(
        "/* whole: a row for each state and kind */ \
         SELECT state, kind, tickets FROM desk_tally WHERE community = $1 AND veil = $2 \
         AND priority = $3 AND building = $4 AND category = $5 AND team = $6",
        params![
            c,
            q.veil.number(),
            q.priority.map_or_else(any, Value::from),
            if q.building.is_empty() {
                any()
            } else {
                q.building.as_str().into()
            },
            q.category.map_or_else(any, Value::from),
            q.team.map_or_else(any, Value::from),
        ],
    )
}

/// The open complaints that the company left unanswered and those outside have for it.
pub fn handed_outside(c: Community, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {TICKET} FROM desk_ticket t WHERE t.community = $1 AND t.veil = $2 \
             AND t.open = 1 AND t.outside <> '' ORDER BY t.due_at, t.id LIMIT $3"
        ),
        params![c, Veil::Complaint.number(), limit],
    )
}

/// What is open and no complaint, and so late that those outside were told.
pub fn late_outside(c: Community, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {TICKET} FROM desk_ticket t WHERE t.community = $1 AND t.veil = $2 \
             AND t.open = 1 AND EXISTS (SELECT 1 FROM desk_alarm a WHERE a.community = $1 \
             AND a.ticket = t.id AND a.step = $3) ORDER BY t.due_at, t.id LIMIT $4"
        ),
        params![c, Veil::Office.number(), Step::Outside, limit],
    )
}

/// What an account reported, the newest first.
pub fn by_account(c: Community, account: Id, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {TICKET} FROM desk_ticket t WHERE t.community = $1 AND t.reporter_account = $2 \
             ORDER BY t.id DESC LIMIT $3"
        ),
        params![c, account, limit],
    )
}

/// What a person reported, the newest first.
pub fn by_person(c: Community, person: Id, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {TICKET} FROM desk_ticket t WHERE t.community = $1 AND t.reporter = $2 \
             ORDER BY t.id DESC LIMIT $3"
        ),
        params![c, person, limit],
    )
}

/// The open incidents of a building, or of the whole compound where it is empty.
pub fn incidents(c: Community, building: &str, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {TICKET} FROM desk_ticket t WHERE t.community = $1 AND t.building = $2 \
             AND t.is_incident = 1 AND t.open = 1 ORDER BY t.id DESC LIMIT $3"
        ),
        params![c, building, limit],
    )
}

/// The tickets that were gathered under one.
pub fn gathered(c: Community, incident: Id, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {TICKET} FROM desk_ticket t WHERE t.community = $1 AND t.incident = $2 \
             ORDER BY t.id LIMIT $3"
        ),
        params![c, incident, limit],
    )
}

/// Digests put down by one statement.
pub const GRAMS_AT_ONCE: usize = 64;

pub fn insert_grams(c: Community, ticket: Id, grams: &[i64]) -> Ask {
    let mut params = params![c, ticket];
    let mut rows = Vec::with_capacity(grams.len());
    for gram in grams {
        params.push((*gram).into());
        rows.push(format!("($1, ${}, $2)", params.len()));
    }
    ask(
        format!(
            "INSERT INTO desk_gram (community, gram, ticket) VALUES {} \
             ON CONFLICT (community, gram, ticket) DO NOTHING",
            rows.join(", ")
        ),
        params,
    )
}

/// The newest tickets that hold all of some digests.
pub fn with_grams(c: Community, grams: &[i64], limit: i64) -> Ask {
    let mut params = params![c];
    let mut text = String::new();
    for (nth, gram) in grams.iter().enumerate() {
        params.push((*gram).into());
        let n = params.len();
        if nth == 0 {
            text.push_str(&format!(
                "SELECT g.ticket FROM desk_gram g WHERE g.community = $1 AND g.gram = ${n}"
            ));
        } else {
            text.push_str(&format!(
                " AND EXISTS (SELECT 1 FROM desk_gram h WHERE h.community = $1 \
                 AND h.gram = ${n} AND h.ticket = g.ticket)"
            ));
        }
    }
    params.push(limit.into());
    text.push_str(&format!(" ORDER BY g.ticket DESC LIMIT ${}", params.len()));
    ask(text, params)
}

/// What the figures need of the newest tickets.
pub fn newest(c: Community, veil: Veil, limit: i64) -> Ask {
    ask(
        "SELECT kind, state, category, rating, silent, reopened, opened_at FROM desk_ticket \
         WHERE community = $1 AND veil = $2 ORDER BY id DESC LIMIT $3",
        params![c, veil.number(), limit],
    )
}
