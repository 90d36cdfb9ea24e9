//! The account of somebody who joins: prepared outside the write, inserted in it, and
//! what the last membership takes with it when it ends.

use zeroize::Zeroizing;

use super::{MembershipError, store};
use accounts::{self, NewAccount, PrepareError, Prepared};
use foundation::database::{Community, DbError, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use permissions::Role;

pub(super) async fn prepare(
    house: &House,
    name: &str,
    phone: &str,
    password: Zeroizing<String>,
) -> Result<Prepared, MembershipError> {
    let new = NewAccount {
        name: name.to_owned(),
        handle: None,
        phone: Some(phone.to_owned()),
        password: Some(password),
    };
    accounts::prepare(house, new).await.map_err(|e| match e {
        PrepareError::Phone => MembershipError::Account(AccountFault::Phone),
        PrepareError::PhoneTaken | PrepareError::HandleTaken => {
            MembershipError::Account(AccountFault::PhoneTaken)
        }
        PrepareError::Weak(_) => MembershipError::Account(AccountFault::Password),
        PrepareError::Busy(_) => MembershipError::Database(DbError::Busy),
        PrepareError::Database(e) => MembershipError::Database(e),
        PrepareError::Keys(e) => MembershipError::Keys(e),
    })
}

/// What is to be mended about the way to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountFault {
    Phone,
    /// There is an account with it: sign in, then open the invitation again.
    PhoneTaken,
    Password,
}

pub(super) fn insert(tx: &mut Tx<'_>, new: Prepared) -> Result<Id, MembershipError> {
    accounts::insert(tx, new).map_err(|e| match e {
        DbError::Duplicate => MembershipError::Account(AccountFault::PhoneTaken),
        e => MembershipError::Database(e),
    })
}

pub(super) fn grant_owner(
    tx: &mut Tx<'_>,
    c: Community,
    account: Id,
    person: Option<Id>,
) -> Result<(), MembershipError> {
    Ok(accounts::grant(tx, c, account, Role::Owner, person, None)?)
}

/// Takes the owner's role when no membership of the account is left here: somebody
/// may be a member with two homes.
pub(super) fn end_owner(tx: &mut Tx<'_>, c: Community, account: Id) -> Result<(), MembershipError> {
    let (left,): (i64,) = tx.one(store::count_standing(c, account))?;
    if left == 0 {
        accounts::revoke(tx, c, account, Role::Owner)?;
    }
    Ok(())
}
