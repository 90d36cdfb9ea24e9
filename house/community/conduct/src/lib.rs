//! Conduct: what members may not say, what follows when they do, and how they are heard.
//!
//! A machine finds and holds; only a person decides. A confirmed breach is a strike with
//! its evidence; what follows is a sanction with start and end, a rung of the ladder;
//! an appeal targets the strike, is decided by somebody uninvolved, and undoes every
//! effect when it succeeds. Sanctions act on speech and on nothing else ([`channels`]).

pub mod appeals;
pub mod channels;
pub mod desk;
mod engine;
pub mod events;
pub mod follow;
pub mod illegal;
pub mod jobs;
pub mod judge;
pub mod ladder;
pub mod learned;
pub mod lessons;
pub mod pages;
pub mod policy;
pub mod quarter;
pub mod removal;
pub mod replay;
pub mod report;
mod reversal;
pub mod rules;
pub mod speech;
pub mod state;
mod store;
#[cfg(test)]
mod tests;
pub mod view;

use foundation::database::{Community, DbError, Look};
use foundation::ids::Id;
use foundation::keys::{DoesNotOpen, KeyError};
use permissions::Role;
use permissions::actor::{Actor, Forbidden};

pub use jobs::jobs;
pub use store::{Appeal, Case, QueueFilter, Sanction, Strike};

/// The shortest reason of a decision: one that says something.
pub const REASON_CHARS_MIN: usize = 5;
/// The longest reason, and the longest words of an appeal (as the best known of its kind).
pub const WORDS_CHARS_MAX: usize = 2_000;

/// What can stand in the way of a verb of this room.
#[derive(Debug, thiserror::Error)]
pub enum ConductError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("not found")]
    NotFound,
    /// Somebody else changed it since it was read.
    #[error("changed by another since it was read")]
    Changed,
    /// It was decided, or is not at this point.
    #[error("this cannot follow now")]
    NotPending,
    /// Nobody decides on their own words, report, appeal or household.
    #[error("a party to it does not decide it")]
    Party,
    /// Whoever had a hand in it already is not the second person, nor hears the appeal.
    #[error("somebody uninvolved has to do this")]
    Involved,
    /// The property company does not judge criticism of itself alone.
    #[error("a steward or the owners' committee has to agree")]
    NeedsOwnerSide,
    /// A steward's limit, or two rungs at once.
    #[error("a rung beyond what may be chosen here")]
    BeyondLimits,
    #[error("a reason has {REASON_CHARS_MIN} to {WORDS_CHARS_MAX} characters")]
    Words,
    #[error("appeals close after {0} days")]
    TooLate(u32),
    #[error("appealed already")]
    AlreadyAppealed,
    #[error("decisions can be undone for {0} minutes by whoever made them")]
    UndoOver(u32),
    #[error("at most {0} reports a day")]
    TooManyReports(i64),
    #[error("{0}")]
    Policy(String),
    #[error(transparent)]
    Ladder(#[from] ladder::LadderFault),
    #[error("the membership: {0}")]
    Membership(#[from] membership::MembershipError),
    #[error(transparent)]
    Database(#[from] DbError),
    #[error(transparent)]
    Keys(#[from] KeyError),
}

impl From<DoesNotOpen> for ConductError {
    fn from(e: DoesNotOpen) -> Self {
        ConductError::Keys(e.into())
    }
}

/// Words within bounds, without the blanks around them.
fn words(text: &str) -> Result<&str, ConductError> {
    let text = text.trim();
    if (REASON_CHARS_MIN..=WORDS_CHARS_MAX).contains(&text.chars().count()) {
        Ok(text)
    } else {
        Err(ConductError::Words)
    }
}

/// Whether the actor stands on the owners' side: elected, not paid by the company.
fn owner_side(by: &Actor) -> bool {
    by.roles
        .iter()
        .any(|r| matches!(r, Role::Steward | Role::Committee))
}

/// Whether the compound has anybody on the owners' side besides `account`: where it has
/// none, a second person of the office takes their place, so that nothing stands still.
fn has_owner_side(tx: &mut impl Look, c: Community, account: Id) -> Result<bool, ConductError> {
    for role in [Role::Steward, Role::Committee] {
        let (n,): (i64,) = tx.one(store::count_roles(c, role.word(), Some(account)))?;
        if n > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Refuses whoever is a party to the case: its author, of the author's home, or a reporter.
fn not_a_party(
    tx: &mut impl Look,
    c: Community,
    case: &Case,
    account: Id,
) -> Result<(), ConductError> {
    if let Some(author) = case.author {
        let (home,): (i64,) = tx.one(store::same_household(c, account, author))?;
        if author == account || home > 0 {
            return Err(ConductError::Party);
        }
    }
    let (reports,): (i64,) = tx.one(store::is_reporter(c, case.id, account))?;
    if reports > 0 {
        return Err(ConductError::Party);
    }
    Ok(())
}

impl From<roster::RosterError> for ConductError {
    fn from(e: roster::RosterError) -> Self {
        match e {
            roster::RosterError::Database(e) => ConductError::Database(e),
            roster::RosterError::Keys(e) => ConductError::Keys(e),
            _ => ConductError::NotFound,
        }
    }
}
