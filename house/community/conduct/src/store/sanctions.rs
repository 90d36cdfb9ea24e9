//! Sanctions: what followed a strike, with start and end.

use super::word;
use crate::channels::SanctionKind;
use crate::state::SanctionState;
use foundation::clock::Moment;
use foundation::database::{Ask, Community, DbError, FromRow, Row, ask};
use foundation::ids::Id;
use foundation::params;

/// A sanction as it lies in the database.
#[derive(Clone, Debug)]
pub struct Sanction {
    pub id: Id,
    pub strike: Id,
    pub account: Id,
    pub member: Option<Id>,
    pub kind: SanctionKind,
    pub severity: i64,
    pub state: SanctionState,
    pub starts_at: Moment,
    pub ends_at: Option<Moment>,
    pub imposed_by: Option<Id>,
    pub confirmed_by: Option<Id>,
    pub superseded_by: Option<Id>,
}

const SANCTION: &str = "id, strike, account, member, kind, severity, state, starts_at, ends_at, imposed_by, \
     confirmed_by, superseded_by";

impl FromRow for Sanction {
    fn from_row(row: &mut Row) -> Result<Sanction, DbError> {
        Ok(Sanction {
            id: row.next()?,
            strike: row.next()?,
            account: row.next()?,
            member: row.next()?,
            kind: word(row, SanctionKind::from_word)?,
            severity: row.next()?,
            state: word(row, SanctionState::from_word)?,
            starts_at: row.next()?,
            ends_at: row.next()?,
            imposed_by: row.next()?,
            confirmed_by: row.next()?,
            superseded_by: row.next()?,
        })
    }
}

pub fn insert_sanction(c: Community, s: &Sanction) -> Ask {
    ask(
        format!(
            "INSERT INTO conduct_sanction (community, {SANCTION}, changed_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $9)"
        ),
        params![
            c,
            s.id,
            s.strike,
            s.account,
            s.member,
            s.kind.word(),
            s.severity,
            s.state.word(),
            s.starts_at,
            s.ends_at,
            s.imposed_by,
            s.confirmed_by,
            s.superseded_by
        ],
    )
}

pub fn sanction(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {SANCTION} FROM conduct_sanction WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

pub fn sanctions_of_strike(c: Community, strike: Id) -> Ask {
    ask(
        format!(
            "SELECT {SANCTION} FROM conduct_sanction WHERE community = $1 AND strike = $2 ORDER BY starts_at, id LIMIT 50"
        ),
        params![c, strike],
    )
}

/// Mutes in force; the clock's job may be late, the end is not.
pub fn silent(c: Community, account: Id, now: Moment) -> Ask {
    ask(
        format!(
            "SELECT {SANCTION} FROM conduct_sanction WHERE community = $1 AND account = $2 AND state = 'active' \
             AND kind <> 'warning' AND (ends_at IS NULL OR ends_at > $3) ORDER BY severity DESC, id LIMIT 20"
        ),
        params![c, account, now],
    )
}

/// Sanctions that wait for a second person.
pub fn proposals(c: Community) -> Ask {
    ask(
        format!(
            "SELECT {SANCTION} FROM conduct_sanction WHERE community = $1 AND state = 'proposed' \
             ORDER BY starts_at, id LIMIT 100"
        ),
        params![c],
    )
}

/// Those whose place `by` took.
pub fn superseded_by(c: Community, by: Id) -> Ask {
    ask(
        format!(
            "SELECT {SANCTION} FROM conduct_sanction WHERE community = $1 AND state = 'superseded' \
             AND superseded_by = $2 ORDER BY starts_at, id LIMIT 50"
        ),
        params![c, by],
    )
}

/// Moves a sanction on from exactly `from`; nothing changes when it stands elsewhere.
pub fn move_sanction(
    c: Community,
    id: Id,
    from: SanctionState,
    to: SanctionState,
    now: Moment,
) -> Ask {
    ask(
        "UPDATE conduct_sanction SET state = $4, changed_at = $5, \
         superseded_by = CASE WHEN $4 = 'active' THEN NULL ELSE superseded_by END \
         WHERE community = $1 AND id = $2 AND state = $3",
        params![c, id, from.word(), to.word(), now],
    )
}

pub fn supersede(c: Community, id: Id, by: Id, now: Moment) -> Ask {
    ask(
        "UPDATE conduct_sanction SET state = 'superseded', superseded_by = $3, changed_at = $4 \
         WHERE community = $1 AND id = $2 AND state IN ('active', 'paused')",
        params![c, id, by, now],
    )
}

pub fn confirm_removal(c: Community, id: Id, by: Id, now: Moment) -> Ask {
    ask(
        "UPDATE conduct_sanction SET state = 'active', confirmed_by = $3, starts_at = $4, changed_at = $4 \
         WHERE community = $1 AND id = $2 AND state = 'proposed'",
        params![c, id, by, now],
    )
}

/// Makes a sanction milder, from its own start.
pub fn lessen(
    c: Community,
    id: Id,
    kind: SanctionKind,
    severity: i64,
    ends: Option<Moment>,
    now: Moment,
) -> Ask {
    ask(
        "UPDATE conduct_sanction SET kind = $3, severity = $4, ends_at = $5, changed_at = $6 \
         WHERE community = $1 AND id = $2",
        params![c, id, kind.word(), severity, ends, now],
    )
}
