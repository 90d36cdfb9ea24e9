//! Accounts: who can sign in, with what, where they are signed in, and what they are
//! in which compound.
//!
//! An account is one person's way in, over all compounds. Owners sign in with their
//! phone and a password or a passkey; staff with their name or phone, a password and
//! a second factor, or a passkey. A session belongs to one of two sides, owners' or
//! staff's, and never to both. What an account may do in a compound stands in its
//! role grants there.

pub mod behalf;
mod codes;
pub mod events;
pub mod flash;
pub mod links;
pub mod new_account;
pub mod pages;
pub mod passkeys;
mod password;
mod password_rules;
pub mod reset;
pub mod roles;
pub mod second_factor;
pub mod sessions;
pub mod sign_in;
pub mod site;
pub mod staff;
pub mod store;
pub mod throttle;

use foundation::house::House;
use foundation::keys::KeyError;

pub use links::{LinkError, demo_link, first_operator_link, mark_as_demo};
pub use new_account::{NewAccount, PrepareError, Prepared, insert, prepare};
pub use pages::routes;
pub use password::Busy;
pub use password_rules::WeakPassword;
pub use roles::{grant, revoke};
pub use sessions::{Session, Token};
pub use site::Site;

/// Which half of the house a session is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Owners, stewards, committee members.
    Owner,
    /// The office.
    Staff,
}

impl Side {
    pub fn word(self) -> &'static str {
        match self {
            Side::Owner => "owner",
            Side::Staff => "staff",
        }
    }

    pub fn from_word(word: &str) -> Option<Side> {
        match word {
            "owner" => Some(Side::Owner),
            "staff" => Some(Side::Staff),
            _ => None,
        }
    }

    pub fn other(self) -> Side {
        match self {
            Side::Owner => Side::Staff,
            Side::Staff => Side::Owner,
        }
    }

    /// Whether a role belongs to this side.
    pub fn holds(self, role: permissions::Role) -> bool {
        role.is_staff() == (self == Side::Staff)
    }
}

/// What a verb of this room can fail with outside its own rules.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error(transparent)]
    Database(#[from] foundation::database::DbError),
    #[error(transparent)]
    Keys(#[from] foundation::keys::KeyError),
    #[error(transparent)]
    Busy(#[from] Busy),
    #[error("too many tries; wait")]
    Wait(foundation::clock::Moment),
    #[error(transparent)]
    Forbidden(#[from] permissions::actor::Forbidden),
    #[error("there is no such account, session or way in")]
    Unknown,
    #[error("this does not match")]
    Wrong,
}

impl From<throttle::Held> for AccountError {
    fn from(held: throttle::Held) -> AccountError {
        match held {
            throttle::Held::Until(at) => AccountError::Wait(at),
            throttle::Held::Database(e) => AccountError::Database(e),
        }
    }
}

impl From<foundation::keys::DoesNotOpen> for AccountError {
    fn from(e: foundation::keys::DoesNotOpen) -> AccountError {
        AccountError::Keys(e.into())
    }
}

/// Seals what colleagues wrote before such texts were sealed; see
/// [`foundation::keys::seal_clear`]. Returns how many.
pub async fn seal_clear(house: &House) -> Result<u64, KeyError> {
    let mut done = 0;
    for place in &store::TEXTS {
        done += foundation::keys::seal_clear(house, place).await?;
    }
    Ok(done)
}

/// The name of an account as it signs in and is shown to colleagues.
///
/// # Errors
/// [`DbError::Missing`] when there is none.
pub async fn name_of(
    house: &House,
    account: foundation::ids::Id,
) -> Result<String, foundation::database::DbError> {
    let row: store::AccountRow = house.db.one(store::account(account)).await?;
    Ok(row.name)
}
