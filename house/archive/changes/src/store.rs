//! The SQL of changes; [`transfers`] and [`seals`] hold theirs.

pub mod seals;
pub mod transfers;

use foundation::clock::Moment;
use foundation::database::{Ask, Community, Value, ask, list};
use foundation::ids::Id;
use foundation::params;

use crate::listing::{Filter, Sort, Spot};
use crate::record::{Record, State};

const RECORD: &str = "id, seq, item, party, room, code, sort_key, field, tie, was, became, \
                      source, maker, maker_person, maker_name, at, state, evidence, evidence_of, \
                      evidence_why, checker_name, checked_at, why, reprint, version";

/// Nothing where the event's item has its record already.
pub fn insert(c: Community, r: &Record) -> Ask {
    ask(
        format!(
            "INSERT INTO change_record (community, {RECORD}, checker) VALUES ($1, $2, $3, $4, $5, \
             $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, \
             $23, $24, $25, $26, NULL) ON CONFLICT DO NOTHING"
        ),
        params![
            c,
            r.id,
            r.seq,
            r.item,
            r.party,
            r.room.as_str(),
            r.code.as_str(),
            r.sort_key.as_slice(),
            r.field.as_str(),
            r.tie.as_str(),
            r.was.as_deref(),
            r.became.as_deref(),
            r.source.as_str(),
            r.maker.as_str(),
            r.maker_person,
            r.maker_name.as_str(),
            r.at,
            r.state.word(),
            r.evidence.as_str(),
            r.evidence_of.as_str(),
            r.evidence_why.as_deref(),
            r.checker_name.as_str(),
            r.checked_at,
            r.why.as_deref(),
            r.reprint,
            r.version
        ],
    )
}

pub fn belongs(c: Community, dossier: Id, record: Id) -> Ask {
    ask(
        "INSERT INTO change_in (community, dossier, record) VALUES ($1, $2, $3) \
         ON CONFLICT DO NOTHING",
        params![c, dossier, record],
    )
}

pub fn record(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {RECORD} FROM change_record WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

/// The dossiers that a change belongs to.
pub fn dossiers_of(c: Community, record: Id) -> Ask {
    ask(
        "SELECT n.dossier, d.code, d.number, d.state FROM change_in n JOIN dossier d \
         ON d.community = n.community AND d.id = n.dossier \
         WHERE n.community = $1 AND n.record = $2 ORDER BY d.sort_key, d.tenure LIMIT 200",
        params![c, record],
    )
}

/// A dossier's changes, the newest first.
pub fn of_dossier(c: Community, dossier: Id, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {RECORD} FROM change_record WHERE community = $1 AND id IN \
             (SELECT record FROM change_in WHERE community = $1 AND dossier = $2) \
             ORDER BY at DESC, id DESC LIMIT $3"
        ),
        params![c, dossier, limit],
    )
}

/// A person's own changes, the newest first.
pub fn of_party(c: Community, party: Id, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {RECORD} FROM change_record WHERE community = $1 AND party = $2 \
             ORDER BY at DESC, id DESC LIMIT $3"
        ),
        params![c, party, limit],
    )
}

/// How many changes of a dossier wait.
pub fn waiting_in(c: Community, dossier: Id) -> Ask {
    ask(
        "SELECT COUNT(*) FROM change_in n JOIN change_record r ON r.community = n.community \
         AND r.id = n.record WHERE n.community = $1 AND n.dossier = $2 AND r.state = 'waiting'",
        params![c, dossier],
    )
}

/// How many wait, up to a hundred.
pub fn waiting_few(c: Community) -> Ask {
    ask(
        "SELECT COUNT(*) FROM (SELECT 1 FROM change_record WHERE community = $1 \
         AND state = 'waiting' LIMIT 100) AS few",
        params![c],
    )
}

/// How many wait for somebody who may check, up to a hundred: not those of their own making,
/// nor those about themselves.
pub fn waiting_for(c: Community, account: Id, person: Option<Id>) -> Ask {
    ask(
        "SELECT COUNT(*) FROM (SELECT 1 FROM change_record WHERE community = $1 \
         AND state = 'waiting' AND maker <> $2 AND COALESCE(maker_person, '') <> $3 \
         AND COALESCE(party, '') <> $3 LIMIT 100) AS few",
        params![
            c,
            format!("a:{account}"),
            person.map_or_else(|| "nobody".to_owned(), |p| p.to_string())
        ],
    )
}

/// Whether they were told since.
pub fn told_since(c: Community, since: Moment) -> Ask {
    ask(
        "SELECT seq FROM ledger WHERE community = $1 AND kind = 'changes.told' AND at >= $2 \
         ORDER BY seq DESC LIMIT 1",
        params![c, since],
    )
}

/// Not a change whose every dossier is sealed.
const LISTED: &str = "(NOT EXISTS (SELECT 1 FROM change_in n WHERE n.community = \
     change_record.community AND n.record = change_record.id) OR EXISTS (SELECT 1 FROM change_in n \
     JOIN dossier d ON d.community = n.community AND d.id = n.dossier WHERE n.community = \
     change_record.community AND n.record = change_record.id AND d.state <> 'sealed'))";

fn conditions(c: Community, f: &Filter) -> (String, Vec<Value>) {
    let mut params = params![c];
    let mut sql = format!("community = $1 AND {LISTED}");
    let mut equals = |column: &str, value: &str| {
        if !value.is_empty() {
            params.push(value.into());
            sql.push_str(&format!(" AND {column} = ${}", params.len()));
        }
    };
    equals("state", f.state.map_or("", State::word));
    equals("source", &f.source);
    equals("field", &f.field);
    if f.reprint {
        sql.push_str(" AND reprint = 1");
    }
    if let Some((rooms, parties)) = &f.found {
        let rooms = if rooms.is_empty() {
            "''".to_owned()
        } else {
            list(&mut params, rooms)
        };
        let parties = if parties.is_empty() {
            "''".to_owned()
        } else {
            list(&mut params, parties)
        };
        sql.push_str(&format!(" AND (room IN ({rooms}) OR party IN ({parties}))"));
    }
    (sql, params)
}

/// Changes behind a place, as the filter sorts them.
pub fn page(c: Community, f: &Filter, after: Option<&Spot>, limit: i64) -> Ask {
    let (mut sql, mut params) = conditions(c, f);
    let column = match f.sort {
        Sort::At => "at",
        Sort::Shelf => "sort_key",
    };
    let (sign, way) = if f.backwards {
        ("<", " DESC")
    } else {
        (">", "")
    };
    if let Some(after) = after {
        match f.sort {
            Sort::At => params.push(after.at.into()),
            Sort::Shelf => params.push(after.key.as_slice().into()),
        }
        params.push(after.id.into());
        let n = params.len();
        sql.push_str(&format!(" AND ({column}, id) {sign} (${}, ${n})", n - 1));
    }
    params.push(limit.into());
    ask(
        format!(
            "SELECT {RECORD} FROM change_record WHERE {sql} \
             ORDER BY {column}{way}, id{way} LIMIT ${}",
            params.len()
        ),
        params,
    )
}

pub fn count(c: Community, f: &Filter) -> Ask {
    let (sql, params) = conditions(c, f);
    ask(
        format!(
            "/* whole: a count of a compound's changes */ SELECT COUNT(*) FROM change_record \
             WHERE {sql}"
        ),
        params,
    )
}

/// Changes of an import that wait.
pub fn waiting_of_import(c: Community, import: Id, after: &str, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {RECORD} FROM change_record WHERE community = $1 AND evidence_of = $2 \
             AND state = 'waiting' AND id > $3 ORDER BY id LIMIT $4"
        ),
        params![c, import.as_str(), after, limit],
    )
}

/// They went with their import.
pub fn taken_back(c: Community, ids: &[Id], name: &str, at: Moment) -> Ask {
    let mut params = params![c, name, at];
    let ids = list(&mut params, ids);
    ask(
        format!(
            "UPDATE change_record SET state = 'rejected', reprint = 0, checker_name = $2, \
             checked_at = $3, version = version + 1 WHERE community = $1 \
             AND state = 'waiting' AND id IN ({ids})"
        ),
        params,
    )
}

pub fn evidence(c: Community, r: &Record, kind: &str, of: &str, why: Option<&[u8]>) -> Ask {
    ask(
        "UPDATE change_record SET evidence = $4, evidence_of = $5, evidence_why = $6, \
         version = version + 1 WHERE community = $1 AND id = $2 AND version = $3 \
         AND state = 'waiting'",
        params![c, r.id, r.version, kind, of, why],
    )
}

/// Decides, if it still waits as it was seen.
pub fn decide(
    c: Community,
    r: &Record,
    state: State,
    checker: (Id, &str),
    why: Option<&[u8]>,
    now: Moment,
) -> Ask {
    ask(
        "UPDATE change_record SET state = $4, checker = $5, checker_name = $6, checked_at = $7, \
         why = $8, reprint = CASE WHEN CAST($4 AS TEXT) = 'rejected' THEN 0 ELSE reprint END, \
         version = version + 1 \
         WHERE community = $1 AND id = $2 AND version = $3 AND state = 'waiting'",
        params![
            c,
            r.id,
            r.version,
            state.word(),
            checker.0,
            checker.1,
            now,
            why
        ],
    )
}

/// What waits to be printed anew was.
pub fn reprinted(c: Community, ids: &[Id]) -> Ask {
    let mut params = params![c];
    let ids = list(&mut params, ids);
    ask(
        format!(
            "UPDATE change_record SET reprint = 0, version = version + 1 WHERE community = $1 \
             AND reprint = 1 AND id IN ({ids})"
        ),
        params,
    )
}
