//! Membership: how somebody who lives here joins the owners' group, and how they leave it.
//!
//! An applicant without an account says who they are; the house compares it with the
//! roster; a person of the office decides; an invitation that admits exactly one is
//! handed over; whoever accepts the rules is a member. A machine never refuses alone,
//! and being out of the group never takes away notices, tickets, votes or rights.

mod account_side;
pub mod apply;
pub mod checks;
pub mod desk;
pub mod directory;
pub mod draft;
pub mod events;
pub mod follow;
pub mod invite;
pub mod jobs;
pub mod join;
pub mod members;
pub mod pages;
pub mod pictures;
pub mod policy;
pub mod recheck;
pub mod reconcile;
mod roster_side;
pub mod state;
mod store;
mod successor;
#[cfg(test)]
mod tests;
pub mod texts;
pub mod unmask;
pub mod view;

use serde::{Deserialize, Serialize};

use foundation::database::{Community, DbError};
use foundation::house::House;
use foundation::ids::Id;
use foundation::keys::KeyError;
use permissions::actor::Forbidden;

pub use account_side::AccountFault;
pub use jobs::jobs;
pub use pages::{paragraphs, routes};
pub use state::State;

/// What the applicant is to the home.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// 業主
    #[default]
    Owner,
    /// 共有人
    CoOwner,
    /// 家屬
    Family,
    /// 租戶
    Tenant,
}

impl Relation {
    pub const ALL: [Relation; 4] = [
        Relation::Owner,
        Relation::CoOwner,
        Relation::Family,
        Relation::Tenant,
    ];

    /// As stored, on this room's tables and on the roster's.
    pub fn word(self) -> &'static str {
        match self {
            Relation::Owner => "owner",
            Relation::CoOwner => "co_owner",
            Relation::Family => "family",
            Relation::Tenant => "tenant",
        }
    }

    pub fn from_word(word: &str) -> Option<Relation> {
        Relation::ALL.into_iter().find(|r| r.word() == word)
    }

    /// Whether somebody the roster has as `self` may say to be `claimed`. Owner and
    /// co-owner are one thing to the law, people tick either.
    pub fn fits(self, claimed: Relation) -> bool {
        self == claimed || (self.owns() && claimed.owns())
    }

    pub fn owns(self) -> bool {
        matches!(self, Relation::Owner | Relation::CoOwner)
    }
}

/// Whom the two of "verifier is not inviter" are compared by.
pub type AccountId = Id;

/// Longest name taken: the longest registered ones are below it.
pub const NAME_CHARS_MAX: usize = 60;
/// Longest words to or from an applicant.
pub const WORDS_CHARS_MAX: usize = 500;

/// What can stand in the way of a verb of this room.
#[derive(Debug, thiserror::Error)]
pub enum MembershipError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// No such link, application or member here; secret things are simply not there.
    #[error("not found")]
    NotFound,
    #[error(transparent)]
    Illegal(#[from] state::Illegal),
    /// Somebody else changed it a moment ago.
    #[error("changed by another since it was read")]
    Changed,
    /// Whoever refused may not review the refusal.
    #[error("another reviewer was asked for")]
    NotThisReviewer,
    #[error("the policy of this compound does not admit this relation")]
    NotAdmitted,
    /// The same person has an application on its way for this room.
    #[error("an application of the same person is on its way")]
    AlreadyApplied,
    #[error("already a member with this room")]
    AlreadyMember,
    /// It was decided; what comes now is another matter.
    #[error("decided already")]
    Decided,
    /// The pictures' time is over, and their key gone.
    #[error("the time for pictures is over")]
    PapersOver,
    /// An identity document without the consent of its own.
    #[error("a picture of an identity document needs its own consent")]
    NoConsent,
    #[error("no such room on the roster")]
    UnknownRoom,
    #[error("a reason has at least {} characters", unmask::REASON_CHARS_MIN)]
    Reason,
    #[error("{0} is missing")]
    Missing(&'static str),
    /// The rules or the privacy text changed while they were being read.
    #[error("a newer version of the text is in force")]
    OlderText,
    #[error("the invitation has ended")]
    InvitationEnded,
    #[error("at most {0} at a time")]
    TooMany(usize),
    #[error(transparent)]
    Picture(#[from] foundation::pictures::PictureRefused),
    #[error("the account cannot be made: {0:?}")]
    Account(account_side::AccountFault),
    #[error(transparent)]
    Database(#[from] DbError),
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error("a file could not be kept: {0}")]
    File(#[from] std::io::Error),
}

impl From<foundation::keys::DoesNotOpen> for MembershipError {
    fn from(e: foundation::keys::DoesNotOpen) -> Self {
        MembershipError::Keys(e.into())
    }
}

/// The widths of a compound's blind indexes, in bits.
pub(crate) async fn widths(
    house: &foundation::house::House,
    c: Community,
) -> Result<(u32, u32), DbError> {
    Ok(house
        .db
        .optional(store::widths(c))
        .await?
        .unwrap_or((16, 12)))
}

/// Seals what applicants and the office wrote before such texts were sealed; see
/// [`foundation::keys::seal_clear`]. Returns how many.
pub async fn seal_clear(house: &House) -> Result<u64, KeyError> {
    let mut done = 0;
    for place in &store::TEXTS {
        done += foundation::keys::seal_clear(house, place).await?;
    }
    Ok(done)
}
