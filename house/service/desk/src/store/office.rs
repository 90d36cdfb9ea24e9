//! What the office sets: categories, hours, teams.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask};
use foundation::ids::Id;
use foundation::params;

use crate::category::Category;
use crate::team::{Team, Worker};

const CATEGORY: &str = "id, parent, kind, name, team, priority, first_minutes, update_minutes, \
    resolve_minutes, accept_minutes, round_the_clock, paid, code, set_by, set_at, place, \
    retired_at, version";

pub fn categories(c: Community, limit: i64) -> Ask {
    ask(
        format!(
            "/* whole: an office has few hundred categories */ \
             SELECT {CATEGORY} FROM desk_category WHERE community = $1 ORDER BY place, id LIMIT $2"
        ),
        params![c, limit],
    )
}

pub fn put_category(c: Community, k: &Category) -> Ask {
    ask(
        "INSERT INTO desk_category (community, id, parent, kind, name, team, priority, \
         first_minutes, update_minutes, resolve_minutes, accept_minutes, round_the_clock, paid, \
         code, set_by, set_at, place, retired_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, \
         $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 1) \
         ON CONFLICT (community, id) DO UPDATE SET name = excluded.name, team = excluded.team, \
         priority = excluded.priority, first_minutes = excluded.first_minutes, \
         update_minutes = excluded.update_minutes, resolve_minutes = excluded.resolve_minutes, \
         accept_minutes = excluded.accept_minutes, \
         round_the_clock = excluded.round_the_clock, paid = excluded.paid, \
         set_by = excluded.set_by, set_at = excluded.set_at, retired_at = excluded.retired_at, \
         version = desk_category.version + 1 WHERE desk_category.version = $19",
        params![
            c,
            k.id,
            k.parent,
            k.kind,
            k.name.as_str(),
            k.team,
            k.priority.map(|p| p.word()),
            k.first,
            k.update,
            k.resolve,
            k.accept,
            k.round_the_clock,
            k.paid,
            k.code.as_str(),
            k.set_by.as_str(),
            k.set_at,
            k.place,
            k.retired_at,
            k.version
        ],
    )
}

pub fn settings(c: Community) -> Ask {
    ask(
        "SELECT calendar, silent_days, version FROM desk_settings WHERE community = $1",
        params![c],
    )
}

pub fn put_settings(c: Community, calendar: &str, silent_days: i64, version: i64) -> Ask {
    ask(
        "INSERT INTO desk_settings (community, calendar, silent_days, version) \
         VALUES ($1, $2, $3, 1) ON CONFLICT (community) DO UPDATE SET \
         calendar = excluded.calendar, silent_days = excluded.silent_days, \
         version = desk_settings.version + 1 WHERE desk_settings.version = $4",
        params![c, calendar, silent_days, version],
    )
}

pub fn teams(c: Community, limit: i64) -> Ask {
    ask(
        "SELECT id, name, lead, mode FROM desk_team WHERE community = $1 ORDER BY id LIMIT $2",
        params![c, limit],
    )
}

pub fn put_team(c: Community, t: &Team) -> Ask {
    ask(
        "INSERT INTO desk_team (community, id, name, lead, mode) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (community, id) DO UPDATE SET name = excluded.name, lead = excluded.lead, \
         mode = excluded.mode",
        params![c, t.id, t.name.as_str(), t.lead, t.mode],
    )
}

pub fn workers(c: Community, limit: i64) -> Ask {
    ask(
        "SELECT team, account, skills, buildings, turn_at FROM desk_worker \
         WHERE community = $1 ORDER BY team, account LIMIT $2",
        params![c, limit],
    )
}

pub fn put_worker(c: Community, w: &Worker) -> Ask {
    ask(
        "INSERT INTO desk_worker (community, team, account, skills, buildings, turn_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (community, team, account) DO UPDATE SET \
         skills = excluded.skills, buildings = excluded.buildings",
        params![
            c,
            w.team,
            w.account,
            w.skills.join("\n"),
            w.buildings.join("\n"),
            w.turn_at
        ],
    )
}

pub fn end_worker(c: Community, team: Id, account: Id) -> Ask {
    ask(
        "DELETE FROM desk_worker WHERE community = $1 AND team = $2 AND account = $3",
        params![c, team, account],
    )
}

/// Whose turn it was, and when.
pub fn turn(c: Community, team: Id, account: Id, at: Moment) -> Ask {
    ask(
        "UPDATE desk_worker SET turn_at = $4 WHERE community = $1 AND team = $2 AND account = $3",
        params![c, team, account, at],
    )
}

/// How many open tickets each colleague has.
pub fn loads(c: Community) -> Ask {
    ask(
        "/* whole: open tickets by assignee, along the index of assignees */ \
         SELECT assignee, COUNT(*) FROM desk_ticket WHERE community = $1 \
         AND assignee IS NOT NULL AND open = 1 GROUP BY assignee",
        params![c],
    )
}

const DUTY: &str = "id, account, name, from_at, until_at, note, noted_at, taken_name, taken_at";

pub fn duties(c: Community, from: Moment, to: Moment, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {DUTY} FROM desk_duty WHERE community = $1 AND from_at >= $2 \
             AND from_at < $3 ORDER BY from_at, id LIMIT $4"
        ),
        params![c, from, to, limit],
    )
}

pub fn duty(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {DUTY} FROM desk_duty WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

pub fn insert_duty(
    c: Community,
    id: Id,
    account: Id,
    name: &str,
    from: Moment,
    until: Moment,
) -> Ask {
    ask(
        "INSERT INTO desk_duty (community, id, account, name, from_at, until_at, note, noted_at, \
         taken_by, taken_name, taken_at) VALUES ($1, $2, $3, $4, $5, $6, '', NULL, NULL, '', NULL)",
        params![c, id, account, name, from, until],
    )
}

pub fn note_duty(c: Community, id: Id, note: &str, at: Moment) -> Ask {
    ask(
        "UPDATE desk_duty SET note = $3, noted_at = $4 WHERE community = $1 AND id = $2 \
         AND taken_at IS NULL",
        params![c, id, note, at],
    )
}

pub fn take_duty(c: Community, id: Id, by: Id, name: &str, at: Moment) -> Ask {
    ask(
        "UPDATE desk_duty SET taken_by = $3, taken_name = $4, taken_at = $5 \
         WHERE community = $1 AND id = $2 AND noted_at IS NOT NULL AND taken_at IS NULL",
        params![c, id, by, name, at],
    )
}

pub fn remove_duty(c: Community, id: Id, now: Moment) -> Ask {
    ask(
        "DELETE FROM desk_duty WHERE community = $1 AND id = $2 AND from_at > $3",
        params![c, id, now],
    )
}

pub fn views(c: Community, account: Id, limit: i64) -> Ask {
    ask(
        "SELECT id, name, query FROM desk_view WHERE community = $1 AND account = $2 \
         ORDER BY id LIMIT $3",
        params![c, account, limit],
    )
}

pub fn insert_view(c: Community, account: Id, id: Id, name: &str, query: &str) -> Ask {
    ask(
        "INSERT INTO desk_view (community, account, id, name, query) VALUES ($1, $2, $3, $4, $5)",
        params![c, account, id, name, query],
    )
}

pub fn remove_view(c: Community, account: Id, id: Id) -> Ask {
    ask(
        "DELETE FROM desk_view WHERE community = $1 AND account = $2 AND id = $3",
        params![c, account, id],
    )
}
