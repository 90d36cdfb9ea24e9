//! The SQL of seals.

use dossiers::sealing::Ended;
use foundation::clock::Moment;
use foundation::database::{Ask, Community, Value, ask};
use foundation::ids::Id;
use foundation::params;

use crate::sealing::Seal;

const TENURE: &str = "s.dossier, s.room, s.code, s.sort_key, s.state, s.waits, s.due_day, s.owed, \
                      s.purpose, s.sealed_at, s.opened_until, s.version, d.number, d.ended_day";
/// Seals come before dossiers (`CROSS JOIN` keeps SQLite to it): the other way round every closed
/// dossier of the compound is read and then sorted.
const FROM_TENURES: &str = "FROM tenure_seal s CROSS JOIN dossier d \
     WHERE d.community = s.community AND d.id = s.dossier";

/// What holds a tenure, as it was last seen.
pub fn held(c: Community, dossier: Id) -> Ask {
    ask(
        "SELECT waits, due_day, owed FROM tenure_seal \
         WHERE community = $1 AND dossier = $2 AND state = 'waiting'",
        params![c, dossier],
    )
}

/// Keeps what holds a tenure.
pub fn keep(c: Community, e: &Ended, waits: &str, due: &str, owed: i64, now: Moment) -> Ask {
    ask(
        "INSERT INTO tenure_seal (community, dossier, room, code, sort_key, state, waits, \
         due_day, owed, purpose, why, sealed_at, opened_until, looked_at, version) \
         VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $7, $8, '', NULL, NULL, NULL, $9, 1) \
         ON CONFLICT (community, dossier) DO UPDATE SET waits = excluded.waits, \
         due_day = excluded.due_day, owed = excluded.owed, looked_at = excluded.looked_at, \
         sort_key = excluded.sort_key, version = tenure_seal.version + 1 \
         WHERE tenure_seal.state = 'waiting'",
        params![
            c,
            e.dossier,
            e.room,
            e.code.as_str(),
            e.sort_key.as_slice(),
            waits,
            due,
            owed,
            now
        ],
    )
}

pub fn sealed(c: Community, dossier: Id, now: Moment) -> Ask {
    ask(
        "UPDATE tenure_seal SET state = 'sealed', waits = '', due_day = '', sealed_at = $3, \
         opened_until = NULL, version = version + 1 WHERE community = $1 AND dossier = $2",
        params![c, dossier, now],
    )
}

pub fn opened(c: Community, dossier: Id, purpose: &str, why: &[u8], until: Moment) -> Ask {
    ask(
        "UPDATE tenure_seal SET state = 'opened', purpose = $3, why = $4, opened_until = $5, \
         version = version + 1 WHERE community = $1 AND dossier = $2",
        params![c, dossier, purpose, why, until],
    )
}

/// Opened ones whose time is over.
pub fn over(c: Community, now: Moment) -> Ask {
    ask(
        "SELECT dossier FROM tenure_seal WHERE community = $1 AND state = 'opened' \
         AND opened_until <= $2 ORDER BY sort_key, dossier LIMIT 1000",
        params![c, now],
    )
}

/// A tenure whose transfer was taken back is not ended: it is in no list.
fn of_state(seal: Seal) -> &'static str {
    match seal {
        Seal::Waiting => " AND d.state = 'closed'",
        Seal::Sealed | Seal::Opened => "",
    }
}

pub fn page(c: Community, seal: Seal, after: Option<(Vec<u8>, Id)>, limit: i64) -> Ask {
    let mut params: Vec<Value> = params![c, seal.word()];
    let mut sql = of_state(seal).to_owned();
    if let Some((key, id)) = after {
        params.push(key.as_slice().into());
        params.push(id.into());
        sql.push_str(" AND (s.sort_key, s.dossier) > ($3, $4)");
    }
    params.push(limit.into());
    ask(
        format!(
            "SELECT {TENURE} {FROM_TENURES} AND s.community = $1 AND s.state = $2{sql} \
             ORDER BY s.sort_key, s.dossier LIMIT ${}",
            params.len()
        ),
        params,
    )
}

pub fn count(c: Community, seal: Seal) -> Ask {
    ask(
        format!(
            "/* whole: a count of a compound's ended tenures */ SELECT COUNT(*) {FROM_TENURES} \
             AND s.community = $1 AND s.state = $2{}",
            of_state(seal)
        ),
        params![c, seal.word()],
    )
}

pub fn one(c: Community, dossier: Id) -> Ask {
    ask(
        format!("SELECT {TENURE} {FROM_TENURES} AND s.community = $1 AND s.dossier = $2"),
        params![c, dossier],
    )
}

pub fn why(c: Community, dossier: Id) -> Ask {
    ask(
        "SELECT why FROM tenure_seal WHERE community = $1 AND dossier = $2",
        params![c, dossier],
    )
}
