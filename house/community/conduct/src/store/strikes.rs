//! Strikes: confirmed breaches.

use super::word;
use crate::state::StrikeState;
use foundation::clock::Moment;
use foundation::database::{Ask, Community, DbError, FromRow, Row, ask};
use foundation::ids::Id;
use foundation::params;

/// A strike as it lies in the database.
#[derive(Clone, Debug)]
pub struct Strike {
    pub id: Id,
    pub case: Id,
    pub account: Id,
    pub member: Option<Id>,
    pub room: Option<Id>,
    pub category: String,
    pub rule: String,
    pub rules_version: i64,
    pub policy_version: i64,
    pub digest: Vec<u8>,
    pub open_before: i64,
    pub issued_by: Option<Id>,
    pub issued_at: Moment,
    pub expires_at: Moment,
    pub state: StrikeState,
}

const STRIKE: &str = "id, case_id, account, member, room, category, rule, rules_version, policy_version, digest, \
     open_before, issued_by, issued_at, expires_at, state";

impl FromRow for Strike {
    fn from_row(row: &mut Row) -> Result<Strike, DbError> {
        Ok(Strike {
            id: row.next()?,
            case: row.next()?,
            account: row.next()?,
            member: row.next()?,
            room: row.next()?,
            category: row.next()?,
            rule: row.next()?,
            rules_version: row.next()?,
            policy_version: row.next()?,
            digest: row.next()?,
            open_before: row.next()?,
            issued_by: row.next()?,
            issued_at: row.next()?,
            expires_at: row.next()?,
            state: word(row, StrikeState::from_word)?,
        })
    }
}

pub fn insert_strike(c: Community, s: &Strike) -> Ask {
    ask(
        format!(
            "INSERT INTO conduct_strike (community, {STRIKE}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, \
             $12, $13, $14, $15, $16)"
        ),
        params![
            c,
            s.id,
            s.case,
            s.account,
            s.member,
            s.room,
            &s.category,
            &s.rule,
            s.rules_version,
            s.policy_version,
            s.digest.clone(),
            s.open_before,
            s.issued_by,
            s.issued_at,
            s.expires_at,
            s.state.word()
        ],
    )
}

pub fn strike(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {STRIKE} FROM conduct_strike WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

/// The newest strike of a case (an undone decision may have left an overruled one).
pub fn strike_of_case(c: Community, case: Id) -> Ask {
    ask(
        format!(
            "SELECT {STRIKE} FROM conduct_strike WHERE community = $1 AND case_id = $2 ORDER BY issued_at DESC, id DESC LIMIT 1"
        ),
        params![c, case],
    )
}

pub fn strikes_of(c: Community, account: Id) -> Ask {
    ask(
        format!(
            "SELECT {STRIKE} FROM conduct_strike WHERE community = $1 AND account = $2 \
             ORDER BY issued_at DESC, id DESC LIMIT 100"
        ),
        params![c, account],
    )
}

/// How many strikes of an account count at `now`.
pub fn count_open(c: Community, account: Id, now: Moment) -> Ask {
    ask(
        "SELECT COUNT(*) FROM conduct_strike WHERE community = $1 AND account = $2 AND state = 'issued' \
         AND expires_at > $3",
        params![c, account, now],
    )
}

/// As [`count_open`], of those issued before one of `at` and `id`: what that one would have
/// stood on.
pub fn count_open_before(c: Community, account: Id, at: Moment, id: Id) -> Ask {
    ask(
        "SELECT COUNT(*) FROM conduct_strike WHERE community = $1 AND account = $2 AND state <> 'overruled' \
         AND (issued_at < $3 OR (issued_at = $3 AND id < $4)) AND expires_at > $3",
        params![c, account, at, id],
    )
}

pub fn set_strike(c: Community, id: Id, state: StrikeState) -> Ask {
    ask(
        "UPDATE conduct_strike SET state = $3 WHERE community = $1 AND id = $2 AND state = 'issued'",
        params![c, id, state.word()],
    )
}
