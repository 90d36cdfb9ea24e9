//! The room's SQL about plans and households; [`answers`] holds that about answers, attempts and
//! links.

pub mod answers;

use foundation::clock::Moment;
use foundation::database::{Ask, Community, Value, ask, list};
use foundation::ids::Id;
use foundation::params;

use crate::rule::Quarter;
use crate::task::{State, Task};
use crate::work::{Filter, NO_BUILDING, Spot};

const TASK: &str = "id, quarter, dossier, room, code, sort_key, building, unit, standing, state, \
                    assignee, assignee_name, rested_from, attempts, last_at, done_at, done_name, \
                    method, changes, late, signs, version";

pub fn plan(c: Community, q: Quarter) -> Ask {
    ask(
        "SELECT made_at, tended_at, told_at, closed_at FROM census_plan \
         WHERE community = $1 AND quarter = $2",
        params![c, q.word()],
    )
}

/// The quarters that have a plan, the newest first.
pub fn quarters(c: Community, limit: i64) -> Ask {
    ask(
        "SELECT quarter FROM census_plan WHERE community = $1 ORDER BY quarter DESC LIMIT $2",
        params![c, limit],
    )
}

pub fn keep_plan(c: Community, q: Quarter, now: Moment) -> Ask {
    ask(
        "INSERT INTO census_plan (community, quarter, made_at, tended_at, told_at, \
         closed_at) VALUES ($1, $2, $3, $3, NULL, NULL) ON CONFLICT (community, quarter) \
         DO UPDATE SET tended_at = excluded.tended_at",
        params![c, q.word(), now],
    )
}

pub fn close_plan(c: Community, q: Quarter, now: Moment) -> Ask {
    ask(
        "UPDATE census_plan SET closed_at = $3 WHERE community = $1 AND quarter = $2 \
         AND closed_at IS NULL",
        params![c, q.word(), now],
    )
}

/// Tenures behind a place in shelf order: id, room, code, key, building, unit, purpose, state,
/// whether it was given up, begun, ended, and when its form c was signed first.
pub fn tenures(c: Community, after: &[u8], tenure: i64, id: &str, limit: i64) -> Ask {
    ask(
        "SELECT d.id, d.room, d.tenure, d.code, d.sort_key, d.building, r.unit, r.purpose, r.state, \
         d.state, d.began_day, d.ended_day, (SELECT MIN(f.signed_at) FROM office_form f \
         WHERE f.community = d.community AND f.dossier = d.id AND f.kind = 'c' \
         AND f.state = 'signed') \
         FROM dossier d JOIN room_seen r ON r.community = d.community AND r.id = d.room \
         WHERE d.community = $1 AND (d.sort_key, d.tenure, d.id) > ($2, $3, $4) \
         ORDER BY d.sort_key, d.tenure, d.id LIMIT $5",
        params![c, after.to_vec(), tenure, id, limit],
    )
}

/// What some tenures owe in a quarter already: dossier, id, state, code, key.
pub fn owed(c: Community, q: Quarter, dossiers: &[Id]) -> Ask {
    let mut params = params![c, q.word()];
    let dossiers = list(&mut params, dossiers);
    ask(
        format!(
            "SELECT dossier, id, state, code, sort_key FROM census_task WHERE community = $1 \
             AND quarter = $2 AND dossier IN ({dossiers}) LIMIT 500"
        ),
        params,
    )
}

/// What a household repeats of its room.
pub fn repeat(c: Community, id: Id, code: &str, key: &[u8]) -> Ask {
    ask(
        "UPDATE census_task SET code = $3, sort_key = $4 WHERE community = $1 AND id = $2",
        params![c, id, code, key.to_vec()],
    )
}

/// When the households were told; only where that is not later than a time.
pub fn told(c: Community, q: Quarter, now: Moment, not_after: Moment) -> Ask {
    ask(
        "UPDATE census_plan SET told_at = $3 WHERE community = $1 AND quarter = $2 \
         AND (told_at IS NULL OR told_at <= $4)",
        params![c, q.word(), now, not_after],
    )
}

/// Owners' accounts behind a place, with the person each is.
pub fn owners(c: Community, after: &str, limit: i64) -> Ask {
    ask(
        "SELECT account, person FROM role_grant WHERE community = $1 AND role = 'owner' \
         AND account > $2 AND until_at IS NULL ORDER BY account LIMIT $3",
        params![c, after, limit],
    )
}

/// Of some people: in which rooms their household has no record yet.
pub fn open_homes_of(c: Community, q: Quarter, people: &[Id]) -> Ask {
    let mut params = params![c, q.word()];
    let people = list(&mut params, people);
    ask(
        format!(
            "SELECT r.party, t.room FROM relation_seen r JOIN census_task t \
             ON t.community = r.community AND t.quarter = $2 AND t.room = r.room \
             WHERE r.community = $1 AND r.party IN ({people}) AND r.ended_at IS NULL \
             AND t.state = 'open' LIMIT 5000"
        ),
        params,
    )
}

/// When some tenures' records of a quarter were completed by talking to them.
pub fn last_talks(c: Community, q: Quarter, dossiers: &[Id]) -> Ask {
    let mut params = params![c, q.word()];
    let dossiers = list(&mut params, dossiers);
    ask(
        format!(
            "SELECT dossier, done_day FROM census_task WHERE community = $1 AND quarter = $2 \
             AND dossier IN ({dossiers}) AND state = 'counted' LIMIT 500"
        ),
        params,
    )
}

/// The columns of a new household's row, in the order of [`insert_tasks`].
pub fn task_row(c: Community, t: &Task) -> Vec<Value> {
    params![
        c,
        t.id,
        t.quarter.word(),
        t.dossier,
        t.room,
        &t.code,
        t.sort_key.clone(),
        &t.building,
        &t.unit,
        t.standing.word(),
        t.state.word(),
        t.assignee.map_or(String::new(), |id| id.to_string()),
        &t.assignee_name,
        &t.rested_from,
        0,
        None::<Moment>,
        t.done_at,
        t.done_at.map_or(String::new(), |at| at.date().to_string()),
        "",
        "",
        &t.method,
        0,
        false,
        "",
        1
    ]
}

pub const INSERT_TASKS: &str = "INSERT INTO census_task (community, id, quarter, dossier, room, \
     code, sort_key, building, unit, standing, state, assignee, assignee_name, rested_from, \
     attempts, last_at, done_at, done_day, done_by, done_name, method, changes, late, signs, \
     version) VALUES";
pub const TASK_WIDTH: usize = 25;

pub fn task(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {TASK} FROM census_task WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

/// A tenure's quarters, the newest first.
pub fn of_dossier(c: Community, dossier: Id, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {TASK} FROM census_task WHERE community = $1 AND dossier = $2 \
             ORDER BY quarter DESC LIMIT $3"
        ),
        params![c, dossier, limit],
    )
}

/// The newest household of a room in a quarter.
pub fn of_room(c: Community, q: Quarter, room: Id) -> Ask {
    ask(
        format!(
            "SELECT {TASK} FROM census_task WHERE community = $1 AND quarter = $2 AND room = $3 \
             AND state <> 'excused' ORDER BY id DESC LIMIT 1"
        ),
        params![c, q.word(), room],
    )
}

/// A page of a quarter's households in shelf order.
pub fn page(c: Community, q: Quarter, f: &Filter, after: Option<&Spot>, limit: i64) -> Ask {
    let mut params = params![c, q.word(), limit];
    let mut sql = format!("SELECT {TASK} FROM census_task WHERE community = $1 AND quarter = $2");
    narrowed(&mut sql, &mut params, f);
    if let Some(spot) = after {
        params.push(spot.key.clone().into());
        params.push(spot.id.into());
        sql += &format!(
            " AND (sort_key, id) > (${}, ${})",
            params.len() - 1,
            params.len()
        );
    }
    sql += " ORDER BY sort_key, id LIMIT $3";
    ask(sql, params)
}

pub fn count(c: Community, q: Quarter, f: &Filter) -> Ask {
    let mut params = params![c, q.word()];
    let mut sql = "SELECT COUNT(*) FROM census_task /* whole: an exact total of the filter */ \
                   WHERE community = $1 AND quarter = $2"
        .to_owned();
    narrowed(&mut sql, &mut params, f);
    ask(sql, params)
}

fn narrowed(sql: &mut String, params: &mut Vec<Value>, f: &Filter) {
    let mut by = |column: &str, value: Value| {
        params.push(value);
        *sql += &format!(" AND {column} = ${}", params.len());
    };
    if let Some(state) = f.state {
        by("state", state.word().into());
    }
    if !f.building.is_empty() {
        let building = f.building.as_str();
        let building = if building == NO_BUILDING {
            ""
        } else {
            building
        };
        by("building", building.into());
    }
    if !f.unit.is_empty() {
        by("unit", f.unit.as_str().into());
    }
    if let Some(who) = &f.assignee {
        by("assignee", who.as_str().into());
    }
    if f.late {
        by("late", 1.into());
    }
}

/// Open households of somebody's in shelf order: who was left in peace until today, or the
/// others. Who answered already waits for the desk, not for a visit.
pub fn waiting(
    c: Community,
    q: Quarter,
    assignee: Id,
    today: &str,
    rested: bool,
    limit: i64,
) -> Ask {
    let sign = if rested { "<=" } else { ">" };
    ask(
        format!(
            "SELECT {TASK} FROM census_task WHERE community = $1 AND quarter = $2 \
             AND assignee = $3 AND state = 'open' AND rested_from {sign} $4 \
             AND NOT EXISTS (SELECT 1 FROM census_answer a \
             WHERE a.community = census_task.community AND a.task = census_task.id \
             AND a.state IN ('waiting', 'conflict')) ORDER BY sort_key, id LIMIT $5"
        ),
        params![c, q.word(), assignee, today, limit],
    )
}

/// Of a quarter's households by state, assignee and lateness: how many.
pub fn tallies(c: Community, q: Quarter) -> Ask {
    ask(
        "SELECT assignee, assignee_name, state, late, COUNT(*) \
         FROM census_task /* whole: the figures of a quarter */ \
         WHERE community = $1 AND quarter = $2 GROUP BY assignee, assignee_name, state, late \
         ORDER BY assignee, state LIMIT 2000",
        params![c, q.word()],
    )
}

/// The same by building.
pub fn tallies_by_building(c: Community, q: Quarter) -> Ask {
    ask(
        "SELECT building, assignee, assignee_name, state, COUNT(*) \
         FROM census_task /* whole: the figures of a quarter */ \
         WHERE community = $1 AND quarter = $2 \
         GROUP BY building, assignee, assignee_name, state ORDER BY building LIMIT 5000",
        params![c, q.word()],
    )
}

/// What was done on each day: day, whose, state, how many.
pub fn done_by_day(c: Community, q: Quarter) -> Ask {
    ask(
        "SELECT done_day, state, COUNT(*) FROM census_task /* whole: the figures of a quarter */ \
         WHERE community = $1 AND quarter = $2 AND done_day <> '' \
         GROUP BY done_day, state ORDER BY done_day LIMIT 2000",
        params![c, q.word()],
    )
}

/// How many of somebody's were settled since a day.
pub fn done_since(c: Community, q: Quarter, assignee: Id, day: &str) -> Ask {
    ask(
        "SELECT COUNT(*) FROM census_task WHERE community = $1 AND quarter = $2 \
         AND assignee = $3 AND done_day >= $4 /* whole: one person's quarter */",
        params![c, q.word(), assignee, day],
    )
}

pub fn open_of(c: Community, q: Quarter, assignee: Id) -> Ask {
    ask(
        "SELECT COUNT(*) FROM census_task WHERE community = $1 AND quarter = $2 \
         AND assignee = $3 AND state = 'open' /* whole: one person's quarter */",
        params![c, q.word(), assignee],
    )
}

/// A household's end: counted, vacant, registered or refused.
pub struct End<'e> {
    pub state: State,
    pub at: Moment,
    pub day: String,
    pub by: String,
    pub name: &'e str,
    pub method: &'e str,
    pub changes: i64,
    pub late: bool,
    pub signs: &'e str,
}

/// Settles a household that is open.
pub fn end(c: Community, id: Id, e: &End<'_>) -> Ask {
    ask(
        "UPDATE census_task SET state = $3, done_at = $4, done_day = $5, done_by = $6, \
         done_name = $7, method = $8, changes = $9, late = $10, signs = $11, \
         version = version + 1 WHERE community = $1 AND id = $2 AND state = 'open'",
        params![
            c,
            id,
            e.state.word(),
            e.at,
            &e.day,
            &e.by,
            e.name,
            e.method,
            e.changes,
            e.late,
            e.signs
        ],
    )
}

/// Not due any more, whatever it was but counted.
pub fn excuse(c: Community, ids: &[Id]) -> Ask {
    let mut params = params![c];
    let ids = list(&mut params, ids);
    ask(
        format!(
            "UPDATE census_task SET state = 'excused', version = version + 1 \
             WHERE community = $1 AND id IN ({ids}) AND state = 'open'"
        ),
        params,
    )
}

/// Due again: a refusal taken back, or an excuse that does not hold any more.
pub fn reopen(c: Community, id: Id, from: State) -> Ask {
    ask(
        "UPDATE census_task SET state = 'open', done_at = NULL, done_day = '', done_by = '', \
         done_name = '', method = '', version = version + 1 \
         WHERE community = $1 AND id = $2 AND state = $3",
        params![c, id, from.word()],
    )
}

pub fn attempted(c: Community, id: Id, n: i64, now: Moment) -> Ask {
    ask(
        "UPDATE census_task SET attempts = $3, last_at = $4, version = version + 1 \
         WHERE community = $1 AND id = $2 AND state = 'open' AND attempts = $3 - 1",
        params![c, id, n, now],
    )
}

pub fn shares(c: Community) -> Ask {
    ask(
        "SELECT building, account, name FROM census_share WHERE community = $1 \
         ORDER BY building LIMIT 2000",
        params![c],
    )
}

pub fn set_share(c: Community, building: &str, account: Id, name: &str) -> Ask {
    ask(
        "INSERT INTO census_share (community, building, account, name) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (community, building) \
         DO UPDATE SET account = excluded.account, name = excluded.name",
        params![c, building, account, name],
    )
}

/// The open households of a building go to somebody.
pub fn assign_building(c: Community, q: Quarter, building: &str, account: Id, name: &str) -> Ask {
    ask(
        "UPDATE census_task SET assignee = $4, assignee_name = $5, version = version + 1 \
         WHERE community = $1 AND quarter = $2 AND building = $3 AND state = 'open' \
         AND assignee <> $4",
        params![c, q.word(), building, account, name],
    )
}

pub fn assign(c: Community, id: Id, account: Id, name: &str) -> Ask {
    ask(
        "UPDATE census_task SET assignee = $3, assignee_name = $4, version = version + 1 \
         WHERE community = $1 AND id = $2 AND state = 'open'",
        params![c, id, account, name],
    )
}

/// Rooms that somebody of the roster owns today.
pub fn rooms_of_person(c: Community, person: Id) -> Ask {
    ask(
        "SELECT DISTINCT room FROM relation_seen WHERE community = $1 AND party = $2 \
         AND ended_at IS NULL AND kind IN ('owner', 'co_owner') LIMIT 200",
        params![c, person],
    )
}
