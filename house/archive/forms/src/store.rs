//! The room's SQL about filled forms and settings; that about keys is in
//! [`keys`], about processes in [`cases`], about buildings that are prepared in [`preparing`].

pub mod cases;
pub mod handover;
pub mod keys;
pub mod preparing;

use dossiers::Kind;
use foundation::clock::Moment;
use foundation::database::{Ask, Community, Value, ask, list};
use foundation::ids::Id;
use foundation::params;

use crate::filled::{Filled, State};
use crate::policy::Policy;

/// The newest event of a kind about a record.
pub fn last_said(c: Community, subject: &str, kind: &'static str) -> Ask {
    ask(
        "SELECT body FROM ledger WHERE community = $1 AND subject = $2 AND kind = $3 \
         ORDER BY seq DESC LIMIT 1",
        params![c, subject, kind],
    )
}

const FORM: &str = "f.id, f.dossier, f.room, f.kind, f.nth, f.state, f.fields, f.version, \
                    f.edition, f.taken_by, f.taken_name, f.begun_at, f.printed_at, f.signed_at, \
                    f.document, d.code, d.number";
const JOINED: &str =
    "office_form f JOIN dossier d ON d.community = f.community AND d.id = f.dossier";
const HEAD: &str = "id, room, number, code, building, state, began_day";

pub fn head(c: Community, dossier: Id) -> Ask {
    ask(
        format!(
            "SELECT {HEAD} FROM dossier WHERE community = $1 AND id = $2 \
             AND state NOT IN ('void', 'sealed')"
        ),
        params![c, dossier],
    )
}

/// The present tenure of a room.
pub fn head_of_room(c: Community, room: Id) -> Ask {
    ask(
        format!(
            "SELECT {HEAD} FROM dossier WHERE community = $1 AND room = $2 AND state = 'open' \
             ORDER BY tenure DESC LIMIT 1"
        ),
        params![c, room],
    )
}

pub fn form(c: Community, id: Id) -> Ask {
    ask(
        format!(
            "SELECT {FORM} FROM {JOINED} WHERE f.community = $1 AND f.id = $2 AND d.state <> 'sealed'"
        ),
        params![c, id],
    )
}

/// A dossier's forms, by kind and number.
pub fn of_dossier(c: Community, dossier: Id) -> Ask {
    ask(
        format!(
            "SELECT {FORM} FROM {JOINED} WHERE f.community = $1 AND f.dossier = $2 \
             AND d.state <> 'sealed' ORDER BY f.kind, f.nth LIMIT 1000"
        ),
        params![c, dossier],
    )
}

/// Those of some dossiers that count, for a building's list.
pub fn of_dossiers(c: Community, dossiers: &[Id]) -> Ask {
    let mut params = params![c];
    let dossiers = list(&mut params, dossiers);
    ask(
        format!(
            "SELECT {FORM} FROM {JOINED} WHERE f.community = $1 AND f.dossier IN ({dossiers}) \
             AND f.state <> 'void' ORDER BY f.dossier, f.kind, f.nth LIMIT 5000"
        ),
        params,
    )
}

/// Forms in a state, of a kind or of any, the newest first, behind a place.
pub fn page(
    c: Community,
    state: State,
    kind: Option<Kind>,
    after: Option<(Moment, Id)>,
    limit: i64,
) -> Ask {
    let mut params: Vec<Value> = params![c, state.word()];
    let mut sql = String::new();
    if let Some(kind) = kind {
        params.push(kind.letter().into());
        sql.push_str(&format!(" AND f.kind = ${}", params.len()));
    }
    if let Some((at, id)) = after {
        params.push(at.into());
        params.push(id.into());
        let n = params.len();
        sql.push_str(&format!(" AND (f.begun_at, f.id) < (${}, ${n})", n - 1));
    }
    params.push(limit.into());
    ask(
        format!(
            "SELECT {FORM} FROM {JOINED} WHERE f.community = $1 AND f.state = $2 \
             AND d.state <> 'sealed'{sql} \
             ORDER BY f.begun_at DESC, f.id DESC LIMIT ${}",
            params.len()
        ),
        params,
    )
}

pub fn count(c: Community, state: State, kind: Option<Kind>) -> Ask {
    let kind = kind.map_or("", Kind::letter);
    ask(
        "/* whole: a count of a compound's forms */ SELECT COUNT(*) FROM office_form f \
         WHERE f.community = $1 AND f.state = $2 AND ($3 = '' OR f.kind = $3) AND NOT EXISTS \
         (SELECT 1 FROM dossier d WHERE d.community = f.community AND d.id = f.dossier \
         AND d.state = 'sealed')",
        params![c, state.word(), kind],
    )
}

pub fn last_nth(c: Community, dossier: Id, kind: Kind) -> Ask {
    ask(
        "SELECT COALESCE(MAX(nth), 0) FROM office_form \
         WHERE community = $1 AND dossier = $2 AND kind = $3",
        params![c, dossier, kind.letter()],
    )
}

pub fn insert(c: Community, f: &Filled) -> Ask {
    ask(
        "INSERT INTO office_form (community, id, dossier, room, kind, nth, state, fields, version, \
         edition, taken_by, taken_name, begun_at, printed_at, signed_at, document) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, NULL, NULL, NULL)",
        params![
            c,
            f.id,
            f.dossier,
            f.room,
            f.kind.letter(),
            f.nth,
            f.state.word(),
            f.fields.as_str(),
            f.version,
            f.edition,
            f.taken_by,
            f.taken_name.as_str(),
            f.begun_at
        ],
    )
}

/// What stands in a form, if it is still the one that was read.
pub fn save(c: Community, id: Id, version: i64, fields: &str) -> Ask {
    ask(
        "UPDATE office_form SET fields = $4, version = version + 1 \
         WHERE community = $1 AND id = $2 AND version = $3 AND state IN ('draft', 'printed')",
        params![c, id, version, fields],
    )
}

/// A draft becomes paper.
pub fn print(c: Community, id: Id, version: i64, now: Moment) -> Ask {
    ask(
        "UPDATE office_form SET state = 'printed', edition = edition + 1, printed_at = $4, \
         version = version + 1 WHERE community = $1 AND id = $2 AND version = $3 AND state = 'draft'",
        params![c, id, version, now],
    )
}

/// From one state to another, if it is still the one that was read.
pub fn settle(c: Community, id: Id, version: i64, from: State, to: State) -> Ask {
    ask(
        "UPDATE office_form SET state = $5, version = version + 1 \
         WHERE community = $1 AND id = $2 AND version = $3 AND state = $4",
        params![c, id, version, from.word(), to.word()],
    )
}

pub fn take_over(c: Community, id: Id, version: i64, account: Id, name: &str) -> Ask {
    ask(
        "UPDATE office_form SET taken_by = $4, taken_name = $5, version = version + 1 \
         WHERE community = $1 AND id = $2 AND version = $3 AND state IN ('draft', 'printed')",
        params![c, id, version, account, name],
    )
}

/// The scan belongs to the form from now on.
pub fn sign(c: Community, f: &Filled, document: Id, now: Moment) -> Ask {
    ask(
        "UPDATE office_form SET state = 'signed', document = $4, signed_at = $5, \
         version = version + 1 WHERE community = $1 AND id = $2 AND version = $3 \
         AND state IN ('printed', 'signed')",
        params![c, f.id, f.version, document, now],
    )
}

/// The form that a document belongs to.
pub fn of_document(c: Community, document: Id) -> Ask {
    ask(
        "SELECT id FROM office_form WHERE community = $1 AND document = $2",
        params![c, document],
    )
}

pub fn policy(c: Community) -> Ask {
    ask(
        "SELECT review_days, recheck_months, loan_hours, version FROM form_policy \
         WHERE community = $1",
        params![c],
    )
}

/// Sets the policy, if its row is still the one that was read.
pub fn set_policy(c: Community, p: &Policy) -> Ask {
    ask(
        "INSERT INTO form_policy (community, review_days, recheck_months, loan_hours, version) \
         VALUES ($1, $2, $3, $4, $5 + 1) ON CONFLICT (community) DO UPDATE SET \
         review_days = excluded.review_days, recheck_months = excluded.recheck_months, \
         loan_hours = excluded.loan_hours, version = excluded.version \
         WHERE form_policy.version = $5",
        params![c, p.review_days, p.recheck_months, p.loan_hours, p.version],
    )
}
