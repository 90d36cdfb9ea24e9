//! The SQL of the day's list and its counts.

use foundation::database::{Ask, Community, Value, ask, list};
use foundation::ids::Id;
use foundation::params;
use jiff::ToSpan;
use jiff::civil::Date;

use super::ACCOUNT;
use crate::listing::{Place, Query, Show, Sort};
use crate::rule::{LIMITATION_WARNINGS, months_later};

/// What a filter asks of an account, over `$2` = today and `$3` = the first limitation warning.
fn condition(show: Show) -> &'static str {
    match show {
        Show::Today => "a.scope_from <= $2 AND a.task_on <= $2",
        Show::Overdue => "a.scope_from <= $2 AND a.deadline < $2",
        Show::Due => "a.scope_from <= $2 AND a.work_by <= $2 AND a.deadline >= $2",
        Show::Ahead => "a.scope_from <= $2 AND a.task_on <= $2 AND a.work_by > $2",
        Show::Promised => {
            "a.scope_from <= $2 AND a.promised_on < $2 \
             AND (a.held_until IS NULL OR a.held_until < $2)"
        }
        Show::Escalated => "a.scope_from <= $2 AND a.escalated > 0",
        Show::Unreached => {
            "a.scope_from <= $2 AND a.reach_by < $2 \
             AND (a.held_until IS NULL OR a.held_until < $2)"
        }
        Show::Lapsing => "a.scope_from <= $2 AND a.limit_on <= $3",
        Show::Held => "a.scope_from <= $2 AND a.held_until >= $2",
        Show::Scope => "a.scope_from <= $2",
        Show::Month => "a.scope_from > $2 AND a.anchor < $2 AND a.scope_from <= $4",
    }
}

/// Compound, today, the day on which limitation warnings begin, a month on.
fn days(c: Community, today: Date) -> Vec<Value> {
    let lapse = today.saturating_add(LIMITATION_WARNINGS[0].days());
    let month = months_later(today, 1).saturating_add(1.days());
    params![c, today.to_string(), lapse.to_string(), month.to_string()]
}

fn narrow(query: &Query, params: &mut Vec<Value>) -> String {
    let mut sql = String::new();
    if let Some(buildings) = &query.buildings {
        if buildings.is_empty() {
            sql.push_str(" AND 1 = 0");
        } else {
            let members = list(params, buildings);
            sql.push_str(&format!(" AND a.building IN ({members})"));
        }
    }
    if let Some(room) = query.room {
        params.push(room.into());
        sql.push_str(&format!(" AND a.room = ${}", params.len()));
    }
    sql
}

/// A page of accounts behind a place.
pub fn page(c: Community, today: Date, query: &Query, after: Option<&Place>, limit: i64) -> Ask {
    let mut params = days(c, today);
    let narrowed = narrow(query, &mut params);
    let (column, direction, beyond) = match query.sort {
        Sort::Deadline => ("a.deadline", "ASC", ">"),
        Sort::Amount => ("a.bills_fen", "DESC", "<"),
        Sort::Room => ("a.sort_key", "ASC", ">"),
    };
    let mut behind = String::new();
    if let Some(place) = after {
        params.push(place.key.clone());
        params.push(place.room.into());
        let n = params.len();
        behind = format!(
            " AND ({column} {beyond} ${} OR ({column} = ${} AND a.room > ${n}))",
            n - 1,
            n - 1
        );
    }
    params.push(limit.into());
    ask(
        format!(
            "SELECT {ACCOUNT} FROM arrears_account a WHERE a.community = $1 AND $3 <> '' \
             AND $4 <> '' AND {}{narrowed}{behind} ORDER BY {column} {direction}, a.room LIMIT ${}",
            condition(query.show),
            params.len()
        ),
        params,
    )
}

/// How many accounts each filter shows, in one pass over the accounts that are overdue.
pub fn counts(c: Community, today: Date, query: &Query) -> Ask {
    let mut params = days(c, today);
    let narrowed = narrow(query, &mut params);
    let sums: Vec<String> = Show::ALL
        .into_iter()
        .map(|show| {
            let condition = condition(show);
            format!("COALESCE(CAST(SUM(CASE WHEN {condition} THEN 1 ELSE 0 END) AS BIGINT), 0)")
        })
        .collect();
    ask(
        // Whose month is not complete has his day within the coming month and a day.
        format!(
            "/* whole: the counts of a compound's overdue accounts */ SELECT {} \
             FROM arrears_account a WHERE a.community = $1 AND a.scope_from <= $4 \
             AND $3 <> ''{narrowed}",
            sums.join(", ")
        ),
        params,
    )
}

/// Whose tasks of today are counted for a reminder: building and how many.
pub fn tasks_by_building(c: Community, today: Date, limit: i64) -> Ask {
    ask(
        "/* whole: the counts of a compound's overdue accounts */ \
         SELECT building, COUNT(*) FROM arrears_account WHERE community = $1 \
         AND scope_from <= $2 AND task_on <= $2 GROUP BY building ORDER BY building LIMIT $3",
        params![c, today.to_string(), limit],
    )
}

/// How many tasks wait today, for the bar; more than a hundred are a hundred.
pub fn waiting(c: Community, today: Date) -> Ask {
    ask(
        "SELECT COUNT(*) FROM (SELECT 1 FROM arrears_account WHERE community = $1 \
         AND scope_from <= $2 AND task_on <= $2 LIMIT 100) AS few",
        params![c, today.to_string()],
    )
}

/// Follow-ups in scope whose deadline has passed, counted up to a thousand.
pub fn overdue(c: Community, today: Date) -> Ask {
    ask(
        "SELECT COUNT(*) FROM (SELECT 1 FROM arrears_account WHERE community = $1 \
         AND scope_from <= $2 AND deadline < $2 LIMIT 1000) AS few",
        params![c, today.to_string()],
    )
}

/// Rooms that somebody owns today: id and code.
pub fn rooms_owned_by(c: Community, person: Id, today: Date) -> Ask {
    ask(
        "SELECT DISTINCT r.id, r.code, r.sort_key FROM relation_seen w \
         JOIN room_seen r ON r.community = w.community AND r.id = w.room \
         WHERE w.community = $1 AND w.party = $2 AND w.kind IN ('owner', 'co_owner') \
         AND w.ended_at IS NULL AND (w.until_day IS NULL OR w.until_day >= $3) \
         ORDER BY r.sort_key LIMIT 100",
        params![c, person, today.to_string()],
    )
}

/// Owners' names of a room, for a letter.
pub fn owners_of(c: Community, room: Id, today: Date) -> Ask {
    ask(
        "SELECT p.name FROM relation_seen w JOIN party_seen p \
         ON p.community = w.community AND p.id = w.party WHERE w.community = $1 \
         AND w.room = $2 AND w.kind IN ('owner', 'co_owner') AND w.ended_at IS NULL \
         AND (w.until_day IS NULL OR w.until_day >= $3) ORDER BY w.id LIMIT 8",
        params![c, room, today.to_string()],
    )
}

/// Whether today's tasks were told.
pub fn reminded_since(c: Community, since: foundation::clock::Moment) -> Ask {
    ask(
        "SELECT seq FROM ledger WHERE community = $1 AND kind = 'arrears.reminded' \
         AND at >= $2 ORDER BY seq DESC LIMIT 1",
        params![c, since],
    )
}
