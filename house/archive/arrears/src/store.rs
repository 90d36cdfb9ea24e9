//! The arrears' questions to the database: the accounts here, what is written down beside.

pub mod letters;
pub mod lists;
pub mod packs;
pub mod said;

use foundation::database::{Ask, Community, DbError, Value, ask, list};
use foundation::ids::Id;
use foundation::params;
use jiff::civil::Date;

use crate::account::Account;
use crate::policy::Policy;
use crate::stage::Stage;

pub fn parse_day(text: &str) -> Result<Date, DbError> {
    text.parse()
        .map_err(|_| DbError::Shape("a stored date is damaged".into()))
}

/// A day as it is stored, or nothing.
pub fn some_day(day: Option<Date>) -> Option<String> {
    day.map(|d| d.to_string())
}

pub const ACCOUNT: &str = "a.room, a.code, a.sort_key, a.building, a.bills_due, a.bills_fen, \
    a.anchor, a.scope_from, a.contact_on, a.reached_on, a.promised_on, a.held_until, a.held_why, \
    a.deadline, a.work_by, a.task_on, a.reach_by, a.limit_on, a.stage, a.escalated, a.told";

pub fn account(c: Community, room: Id) -> Ask {
    ask(
        format!("SELECT {ACCOUNT} FROM arrears_account a WHERE a.community = $1 AND a.room = $2"),
        params![c, room],
    )
}

pub fn accounts(c: Community, rooms: &[Id]) -> Ask {
    let mut params = params![c];
    let rooms = list(&mut params, rooms);
    ask(
        format!(
            "SELECT {ACCOUNT} FROM arrears_account a WHERE a.community = $1 AND a.room IN ({rooms})"
        ),
        params,
    )
}

/// Writes an account in the place of the one that was there.
pub fn put(c: Community, a: &Account) -> Ask {
    ask(
        "INSERT INTO arrears_account (community, room, code, sort_key, building, bills_due, \
         bills_fen, anchor, scope_from, contact_on, reached_on, promised_on, held_until, \
         held_why, deadline, work_by, task_on, reach_by, limit_on, stage, escalated, told) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
         $18, $19, $20, $21, $22) ON CONFLICT (community, room) DO UPDATE SET \
         code = excluded.code, sort_key = excluded.sort_key, building = excluded.building, \
         bills_due = excluded.bills_due, bills_fen = excluded.bills_fen, \
         anchor = excluded.anchor, scope_from = excluded.scope_from, \
         contact_on = excluded.contact_on, reached_on = excluded.reached_on, \
         promised_on = excluded.promised_on, held_until = excluded.held_until, \
         held_why = excluded.held_why, deadline = excluded.deadline, \
         work_by = excluded.work_by, task_on = excluded.task_on, \
         reach_by = excluded.reach_by, limit_on = excluded.limit_on, \
         stage = excluded.stage, escalated = excluded.escalated, told = excluded.told",
        params![
            c,
            a.room,
            a.code.as_str(),
            a.sort_key.clone(),
            a.building.as_str(),
            a.bills_due.to_string(),
            a.bills_fen,
            a.anchor.to_string(),
            a.scope_from.to_string(),
            some_day(a.contact_on),
            some_day(a.reached_on),
            some_day(a.promised_on),
            some_day(a.held_until),
            a.held_why.as_str(),
            a.deadline.to_string(),
            a.work_by.to_string(),
            a.task_on.to_string(),
            a.reach_by.to_string(),
            a.limit_on.to_string(),
            a.stage.map_or("", Stage::word),
            a.escalated,
            some_day(a.told).unwrap_or_default()
        ],
    )
}

pub fn remove(c: Community, rooms: &[Id]) -> Ask {
    let mut params = params![c];
    let rooms = list(&mut params, rooms);
    ask(
        format!("DELETE FROM arrears_account WHERE community = $1 AND room IN ({rooms})"),
        params,
    )
}

/// What the roster says of some rooms: id, code, shelf key, building.
pub fn heads(c: Community, rooms: &[Id]) -> Ask {
    let mut params = params![c];
    let rooms = list(&mut params, rooms);
    ask(
        format!(
            "SELECT id, code, sort_key, building FROM room_seen \
             WHERE community = $1 AND id IN ({rooms})"
        ),
        params,
    )
}

/// What the fees have open behind a room, room by room: id, earliest due day, sum.
pub fn open_after(c: Community, after: &str, limit: i64) -> Ask {
    ask(
        "/* whole: a page of rooms behind a place, read along the index of open bills */ \
         SELECT room, MIN(due), CAST(SUM(owed) AS BIGINT) FROM fee_bill_seen \
         WHERE community = $1 AND owed > 0 AND room > $2 GROUP BY room ORDER BY room LIMIT $3",
        params![c, after, limit],
    )
}

/// The same as the accounts have it, up to a room.
pub fn known_between(c: Community, after: &str, upto: Option<&str>, limit: i64) -> Ask {
    let mut params: Vec<Value> = params![c, after, limit];
    let end = upto.map_or("", |last| {
        params.push(last.into());
        " AND room <= $4"
    });
    ask(
        format!(
            "SELECT room, bills_due, bills_fen FROM arrears_account \
             WHERE community = $1 AND room > $2{end} ORDER BY room LIMIT $3"
        ),
        params,
    )
}

/// Rooms that came into scope since the ledger was told.
pub fn untold(c: Community, today: Date, limit: i64) -> Ask {
    ask(
        "SELECT room FROM arrears_account WHERE community = $1 AND scope_from <= $2 \
         AND told <> anchor ORDER BY scope_from, room LIMIT $3",
        params![c, today.to_string(), limit],
    )
}

pub fn set_escalated(c: Community, rooms: &[Id], level: i64) -> Ask {
    let mut params = params![c, level];
    let rooms = list(&mut params, rooms);
    ask(
        format!(
            "UPDATE arrears_account SET escalated = $2 WHERE community = $1 \
             AND room IN ({rooms}) AND escalated < $2"
        ),
        params,
    )
}

/// Rooms whose deadline lies before a day and that were not told so high yet.
pub fn missed(c: Community, today: Date, before: Date, level: i64, limit: i64) -> Ask {
    ask(
        "SELECT room FROM arrears_account WHERE community = $1 AND deadline < $2 \
         AND scope_from <= $3 AND escalated < $4 ORDER BY deadline, room LIMIT $5",
        params![c, before.to_string(), today.to_string(), level, limit],
    )
}

pub fn set_stage(c: Community, room: Id, stage: Stage) -> Ask {
    ask(
        "UPDATE arrears_account SET stage = $3 WHERE community = $1 AND room = $2",
        params![c, room, stage.word()],
    )
}

/// Whether a person owns a room today.
pub fn owns(c: Community, person: Id, room: Id, today: Date) -> Ask {
    ask(
        "SELECT id FROM relation_seen WHERE community = $1 AND room = $2 AND party = $3 \
         AND kind IN ('owner', 'co_owner') AND ended_at IS NULL \
         AND (until_day IS NULL OR until_day >= $4) LIMIT 1",
        params![c, room, person, today.to_string()],
    )
}

pub fn room_code(c: Community, room: Id) -> Ask {
    ask(
        "SELECT code FROM room_seen WHERE community = $1 AND id = $2",
        params![c, room],
    )
}

pub fn policy(c: Community) -> Ask {
    ask(
        "SELECT term_days, manager_days, version FROM arrears_policy WHERE community = $1",
        params![c],
    )
}

pub fn set_policy(c: Community, p: &Policy) -> Ask {
    ask(
        "INSERT INTO arrears_policy (community, term_days, manager_days, version) \
         VALUES ($1, $2, $3, 1) ON CONFLICT (community) DO UPDATE SET \
         term_days = excluded.term_days, manager_days = excluded.manager_days, \
         version = arrears_policy.version + 1 WHERE arrears_policy.version = $4",
        params![c, p.term_days, p.manager_days, p.version],
    )
}

pub fn shares(c: Community, limit: i64) -> Ask {
    ask(
        "SELECT building, account FROM arrears_share WHERE community = $1 ORDER BY building LIMIT $2",
        params![c, limit],
    )
}

pub fn give_share(c: Community, building: &str, account: Id) -> Ask {
    ask(
        "INSERT INTO arrears_share (community, building, account) VALUES ($1, $2, $3) \
         ON CONFLICT (community, building) DO UPDATE SET account = excluded.account",
        params![c, building, account],
    )
}

pub fn end_share(c: Community, building: &str) -> Ask {
    ask(
        "DELETE FROM arrears_share WHERE community = $1 AND building = $2",
        params![c, building],
    )
}
