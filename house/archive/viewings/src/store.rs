//! The SQL of viewings.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, Value, ask, list};
use foundation::ids::Id;
use foundation::params;

use crate::policy::Policy;
use crate::states::State;
use crate::viewing::{COLUMNS, Viewing};

pub mod cover;
pub mod lent;
pub mod people;
pub mod read;

pub fn viewing(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {COLUMNS} FROM viewing WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

/// As [`viewing`], held for the rest of a write.
pub fn held(c: Community, id: Id, for_update: &str) -> Ask {
    ask(
        format!("SELECT {COLUMNS} FROM viewing WHERE community = $1 AND id = $2{for_update}"),
        params![c, id],
    )
}

fn values(c: Community, v: &Viewing) -> Vec<Value> {
    params![
        c,
        v.id,
        v.year,
        v.nth,
        v.state.word(),
        v.way.word(),
        v.purpose.word(),
        v.texts.as_str(),
        v.rooms,
        v.codes.as_str(),
        v.asked.kinds.0,
        v.asked.modes.0,
        v.asked.window,
        v.granted.kinds.0,
        v.granted.modes.0,
        v.granted.window,
        v.asker,
        v.asker_as,
        v.asker_name.as_str(),
        v.asked_at,
        v.approver,
        v.approver_as,
        v.approver_name.as_str(),
        v.deputed,
        v.approved_at,
        v.second_as,
        v.second_name.as_str(),
        v.registrar,
        v.registrar_as,
        v.registrar_name.as_str(),
        v.register_year,
        v.register_nth,
        v.registered_at,
        v.tapped_name.as_str(),
        v.tapped,
        v.witness_as,
        v.witness_name.as_str(),
        v.until_at,
        v.from_at,
        v.began_at,
        v.ends_at,
        v.ended_at,
        v.frozen,
        v.reviewer_name.as_str(),
        v.reviewed_at,
        v.answer_at,
        v.pages,
        v.copies,
        v.tell_at,
        v.told_at,
        v.withheld,
        v.covered_as,
        v.covered_name.as_str(),
        v.covered_at,
        v.cover_alone,
        v.released_as,
        v.released_name.as_str(),
        v.released_at,
        v.version,
    ]
}

pub fn insert(c: Community, v: &Viewing) -> Ask {
    let values = values(c, v);
    let places: Vec<String> = (1..=values.len()).map(|n| format!("${n}")).collect();
    ask(
        format!(
            "INSERT INTO viewing (community, {COLUMNS}) VALUES ({})",
            places.join(", ")
        ),
        values,
    )
}

/// Keeps what became of it, if it is still as it was read.
pub fn keep(c: Community, v: &Viewing) -> Ask {
    let mut values = values(c, v);
    let sets: Vec<String> = COLUMNS
        .split(", ")
        .enumerate()
        .skip(1)
        .map(|(at, column)| format!("{} = ${}", column.trim(), at + 2))
        .collect();
    values.push(Value::from(v.version - 1));
    ask(
        format!(
            "UPDATE viewing SET {} WHERE community = $1 AND id = $2 AND version = ${}",
            sets.join(", "),
            values.len()
        ),
        values,
    )
}

pub fn last_nth(c: Community, year: i64) -> Ask {
    ask(
        "SELECT COALESCE(MAX(nth), 0) FROM viewing WHERE community = $1 AND year = $2",
        params![c, year],
    )
}

pub fn last_register(c: Community, year: i64) -> Ask {
    ask(
        "SELECT COALESCE(MAX(register_nth), 0) FROM viewing \
         WHERE community = $1 AND register_year = $2 AND register_nth IS NOT NULL",
        params![c, year],
    )
}

pub fn add_dossier(c: Community, viewing: Id, d: &dossiers::Dossier) -> Ask {
    ask(
        "INSERT INTO viewing_dossier (community, viewing, dossier, room, code, number) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        params![c, viewing, d.id, d.room, d.code.as_str(), d.number.as_str()],
    )
}

/// The dossiers of a viewing: dossier, room, code, number.
pub fn dossiers_of(c: Community, viewing: Id) -> Ask {
    ask(
        "SELECT dossier, room, code, number FROM viewing_dossier \
         WHERE community = $1 AND viewing = $2 ORDER BY code, dossier LIMIT 50",
        params![c, viewing],
    )
}

pub fn add_document(c: Community, viewing: Id, document: Id) -> Ask {
    ask(
        "INSERT INTO viewing_document (community, viewing, document) VALUES ($1, $2, $3) \
         ON CONFLICT DO NOTHING",
        params![c, viewing, document],
    )
}

pub fn drop_documents(c: Community, viewing: Id) -> Ask {
    ask(
        "DELETE FROM viewing_document WHERE community = $1 AND viewing = $2",
        params![c, viewing],
    )
}

pub fn documents_of(c: Community, viewing: Id) -> Ask {
    ask(
        "SELECT document FROM viewing_document WHERE community = $1 AND viewing = $2 \
         ORDER BY document LIMIT 50",
        params![c, viewing],
    )
}

/// Viewings in some states, the oldest first.
pub fn in_states(c: Community, states: &[State], limit: i64) -> Ask {
    let mut params = params![c, limit];
    let words: Vec<&str> = states.iter().map(|s| s.word()).collect();
    let states = list(&mut params, &words);
    ask(
        format!(
            "SELECT {COLUMNS} FROM viewing WHERE community = $1 AND state IN ({states}) \
             ORDER BY asked_at, id LIMIT $2"
        ),
        params,
    )
}

/// What somebody asked for since, the newest first.
pub fn of_asker(c: Community, account: Id, since: Moment, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {COLUMNS} FROM viewing WHERE community = $1 AND asker = $2 AND asked_at >= $3 \
             ORDER BY asked_at DESC, id DESC LIMIT $4"
        ),
        params![c, account, since, limit],
    )
}

/// Viewings of some dossiers that were opened, the newest first.
pub fn of_dossiers(c: Community, dossiers: &[Id], limit: i64) -> Ask {
    let mut params = params![c, limit];
    let dossiers = list(&mut params, dossiers);
    let columns = COLUMNS.replace(", ", ", v.");
    ask(
        format!(
            "SELECT DISTINCT v.{columns} FROM viewing_dossier d JOIN viewing v \
             ON v.community = d.community AND v.id = d.viewing \
             WHERE d.community = $1 AND d.dossier IN ({dossiers}) AND v.began_at IS NOT NULL \
             ORDER BY v.asked_at DESC, v.id DESC LIMIT $2"
        ),
        params,
    )
}

/// How the register is looked through.
#[derive(Clone, Debug, Default)]
pub struct Sieve {
    /// `None`: all that were sent.
    pub state: Option<State>,
    /// Part of a room's code, a number or a name.
    pub text: String,
    pub since: Option<Moment>,
    pub before: Option<Moment>,
    /// Oldest first.
    pub upwards: bool,
}

fn sieve(c: Community, s: &Sieve) -> (String, Vec<Value>) {
    let mut params = params![c];
    let mut text = "community = $1".to_owned();
    match s.state {
        Some(state) => {
            params.push(Value::from(state.word()));
            text += &format!(" AND state = ${}", params.len());
        }
        None => text += " AND state <> 'draft'",
    }
    if let Some(since) = s.since {
        params.push(Value::from(since));
        text += &format!(" AND asked_at >= ${}", params.len());
    }
    if let Some(before) = s.before {
        params.push(Value::from(before));
        text += &format!(" AND asked_at < ${}", params.len());
    }
    if !s.text.is_empty() {
        let like = s.text.replace(['%', '_', '\\'], "");
        params.push(Value::from(format!("%{like}%")));
        let n = params.len();
        text += &format!(
            " AND (codes LIKE ${n} OR asker_name LIKE ${n} OR approver_name LIKE ${n} \
             OR registrar_name LIKE ${n})"
        );
    }
    (text, params)
}

/// A page of the register behind a place in it.
pub fn register(c: Community, s: &Sieve, after: Option<(Moment, Id)>, limit: i64) -> Ask {
    let (mut text, mut params) = sieve(c, s);
    let (order, behind) = if s.upwards { ("", ">") } else { (" DESC", "<") };
    if let Some((at, id)) = after {
        params.push(Value::from(at));
        params.push(Value::from(id));
        let n = params.len();
        text += &format!(" AND (asked_at, id) {behind} (${}, ${n})", n - 1);
    }
    params.push(Value::from(limit));
    ask(
        format!(
            "SELECT {COLUMNS} FROM viewing WHERE {text} \
             ORDER BY asked_at{order}, id{order} LIMIT ${}",
            params.len()
        ),
        params,
    )
}

pub fn register_count(c: Community, s: &Sieve) -> Ask {
    let (text, params) = sieve(c, s);
    ask(
        format!(
            "/* whole: the register as it is sieved */ SELECT COUNT(*) FROM viewing WHERE {text}"
        ),
        params,
    )
}

/// How many viewings are in a state, more than a hundred being a hundred.
pub fn waiting(c: Community, state: State) -> Ask {
    ask(
        "SELECT COUNT(*) FROM (SELECT 1 FROM viewing WHERE community = $1 AND state = $2 \
         LIMIT 100) AS few",
        params![c, state.word()],
    )
}

pub fn policy(c: Community) -> Ask {
    ask(
        "SELECT wait_hours, window_minutes, version FROM viewing_policy WHERE community = $1",
        params![c],
    )
}

pub fn set_policy(c: Community, p: &Policy) -> Ask {
    ask(
        "INSERT INTO viewing_policy (community, wait_hours, window_minutes, version) \
         VALUES ($1, $2, $3, $4 + 1) ON CONFLICT (community) DO UPDATE SET \
         wait_hours = excluded.wait_hours, window_minutes = excluded.window_minutes, \
         version = excluded.version WHERE viewing_policy.version = $4",
        params![c, p.wait_hours, p.window_minutes, p.version],
    )
}
