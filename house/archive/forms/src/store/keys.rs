//! The SQL of the key register.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask, list};
use foundation::ids::Id;
use foundation::params;

use crate::keys::{HeldKey, KeyState, Lending};

const KEY: &str = "k.id, k.dossier, k.room, k.code, k.what, k.state, k.brought_by, k.by_agent, \
                   k.deposited_at, k.deposit_name, k.given_to, k.given_at, k.given_name, \
                   k.version, d.code, d.number";
const KEYS: &str = "held_key k JOIN dossier d ON d.community = k.community AND d.id = k.dossier";
const LOAN: &str = "l.id, l.held_key, l.dossier, l.borrower, l.phone, l.proof, l.proof_number, l.reason, \
                    l.lent_at, l.due_at, l.lent_name, l.back_at, l.back_name, k.code, d.code";
const LOANS: &str = "key_loan l JOIN held_key k ON k.community = l.community AND k.id = l.held_key \
                     JOIN dossier d ON d.community = l.community AND d.id = l.dossier";

pub fn key(c: Community, id: Id) -> Ask {
    ask(
        format!(
            "SELECT {KEY} FROM {KEYS} WHERE k.community = $1 AND k.id = $2 AND d.state <> 'sealed'"
        ),
        params![c, id],
    )
}

/// Keys of a state by code, behind a code.
pub fn page(c: Community, state: KeyState, after: &str, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {KEY} FROM {KEYS} WHERE k.community = $1 AND k.state = $2 AND k.code > $3 \
             AND d.state <> 'sealed' ORDER BY k.code LIMIT $4"
        ),
        params![c, state.word(), after, limit],
    )
}

pub fn of_dossier(c: Community, dossier: Id) -> Ask {
    ask(
        format!(
            "SELECT {KEY} FROM {KEYS} WHERE k.community = $1 AND k.dossier = $2 \
             ORDER BY k.code LIMIT 500"
        ),
        params![c, dossier],
    )
}

pub fn by_code(c: Community, code: &str) -> Ask {
    ask(
        format!("SELECT {KEY} FROM {KEYS} WHERE k.community = $1 AND k.code = $2"),
        params![c, code],
    )
}

pub fn counts(c: Community) -> Ask {
    ask(
        "/* whole: the keys of a compound */ SELECT \
         CAST(COALESCE(SUM(CASE WHEN state = 'kept' THEN 1 ELSE 0 END), 0) AS BIGINT), \
         CAST(COALESCE(SUM(CASE WHEN state = 'lent' THEN 1 ELSE 0 END), 0) AS BIGINT), \
         CAST(COALESCE(SUM(CASE WHEN state = 'lost' THEN 1 ELSE 0 END), 0) AS BIGINT), \
         CAST(COALESCE(SUM(CASE WHEN state = 'given_back' THEN 1 ELSE 0 END), 0) AS BIGINT) \
         FROM held_key WHERE community = $1",
        params![c],
    )
}

/// The last code that the house gave in a year: `K26-0017`.
pub fn last_code(c: Community, from: &str, below: &str) -> Ask {
    ask(
        "SELECT COALESCE(MAX(code), '') FROM held_key \
         WHERE community = $1 AND code >= $2 AND code < $3",
        params![c, from, below],
    )
}

/// Nothing where the code is on another key.
pub fn insert(c: Community, k: &HeldKey) -> Ask {
    ask(
        "INSERT INTO held_key (community, id, dossier, room, code, what, state, brought_by, \
         by_agent, deposited_at, deposit_name, given_to, given_at, given_name, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', NULL, '', 1) \
         ON CONFLICT DO NOTHING",
        params![
            c,
            k.id,
            k.dossier,
            k.room,
            k.code.as_str(),
            k.what.as_str(),
            k.state.word(),
            k.brought_by.as_str(),
            k.by_agent,
            k.deposited_at,
            k.deposit_name.as_str()
        ],
    )
}

/// From one state to another, if it is still in it.
pub fn settle(c: Community, id: Id, from: KeyState, to: KeyState) -> Ask {
    ask(
        "UPDATE held_key SET state = $4, version = version + 1 \
         WHERE community = $1 AND id = $2 AND state = $3",
        params![c, id, from.word(), to.word()],
    )
}

/// The owner takes it back.
pub fn give_back(c: Community, id: Id, to: &str, name: &str, now: Moment) -> Ask {
    ask(
        "UPDATE held_key SET state = 'given_back', given_to = $3, given_name = $4, given_at = $5, \
         version = version + 1 WHERE community = $1 AND id = $2 AND state = 'kept'",
        params![c, id, to, name, now],
    )
}

pub fn lend(c: Community, l: &Lending) -> Ask {
    ask(
        "INSERT INTO key_loan (community, id, held_key, dossier, borrower, phone, proof, \
         proof_number, reason, lent_at, due_at, lent_name, back_at, back_name) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, NULL, '')",
        params![
            c,
            l.id,
            l.key,
            l.dossier,
            l.borrower.as_str(),
            l.phone.as_str(),
            l.proof.as_str(),
            l.proof_number.as_str(),
            l.reason.as_str(),
            l.lent_at,
            l.due_at,
            l.lent_name.as_str()
        ],
    )
}

pub fn loan(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {LOAN} FROM {LOANS} WHERE l.community = $1 AND l.id = $2"),
        params![c, id],
    )
}

/// A key's loans, the newest first.
pub fn loans_of(c: Community, key: Id) -> Ask {
    ask(
        format!(
            "SELECT {LOAN} FROM {LOANS} WHERE l.community = $1 AND l.held_key = $2 \
             ORDER BY l.lent_at DESC, l.id DESC LIMIT 200"
        ),
        params![c, key],
    )
}

/// Loans that are out, the first due first.
pub fn out(c: Community, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {LOAN} FROM {LOANS} WHERE l.community = $1 AND l.back_at IS NULL \
             ORDER BY l.due_at, l.id LIMIT $2"
        ),
        params![c, limit],
    )
}

pub fn overdue_count(c: Community, now: Moment) -> Ask {
    ask(
        "SELECT COUNT(*) FROM key_loan WHERE community = $1 AND back_at IS NULL AND due_at < $2",
        params![c, now],
    )
}

pub fn back(c: Community, loan: Id, name: &str, now: Moment) -> Ask {
    ask(
        "UPDATE key_loan SET back_at = $3, back_name = $4 \
         WHERE community = $1 AND id = $2 AND back_at IS NULL",
        params![c, loan, now, name],
    )
}

pub fn last_call(c: Community, loan: Id) -> Ask {
    ask(
        "SELECT COALESCE(MAX(n), 0) FROM key_call WHERE community = $1 AND loan = $2",
        params![c, loan],
    )
}

pub fn call(c: Community, loan: Id, n: i64, name: &str, result: &str, now: Moment) -> Ask {
    ask(
        "INSERT INTO key_call (community, loan, n, at, by_name, result) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        params![c, loan, n, now, name, result],
    )
}

/// Calls about some loans: loan, when, who, what came of it.
pub fn calls(c: Community, loans: &[Id]) -> Ask {
    let mut params = params![c];
    let loans = list(&mut params, loans);
    ask(
        format!(
            "SELECT loan, at, by_name, result FROM key_call WHERE community = $1 \
             AND loan IN ({loans}) ORDER BY loan, n LIMIT 2000"
        ),
        params,
    )
}

/// What must lie in the cupboard.
pub fn kept(c: Community, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {KEY} FROM {KEYS} WHERE k.community = $1 AND k.state = 'kept' \
             ORDER BY k.code LIMIT $2"
        ),
        params![c, limit],
    )
}

/// Nothing where the month was counted.
pub fn count(c: Community, month: &str, name: &str, asked: i64, missing: i64, now: Moment) -> Ask {
    ask(
        "INSERT INTO key_count (community, month, at, by_name, asked, missing) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        params![c, month, now, name, asked, missing],
    )
}

pub fn count_missing(c: Community, month: &str, key: Id) -> Ask {
    ask(
        "INSERT INTO key_count_missing (community, month, held_key) VALUES ($1, $2, $3)",
        params![c, month, key],
    )
}

/// The latest stock-takes: month, when, who, how many, how many missing.
pub fn counted(c: Community) -> Ask {
    ask(
        "SELECT month, at, by_name, asked, missing FROM key_count WHERE community = $1 \
         ORDER BY month DESC LIMIT 24",
        params![c],
    )
}
