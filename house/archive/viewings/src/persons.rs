//! Who acts, as the table asks: which person stands behind the account, what they may decide,
//! and whether the matter is their own home's.

use accounts::{roles, staff};
use foundation::database::{Community, DbError, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{ActorRef, Who};
use permissions::actor::Actor;
use permissions::{Permission, Role};

use crate::states::Hand;
use crate::viewing::Viewing;
use crate::{ViewingError, deputy, store};

/// The person behind an account; an account that is tied to nobody stands for itself.
pub async fn behind(house: &House, c: Community, account: Id) -> Result<Id, DbError> {
    let person = roles::person_of(house, account, c).await?;
    Ok(person.unwrap_or(account))
}

/// The person who acts.
///
/// # Errors
/// [`ViewingError::NotFound`] for who has no account, and for who acts for another: one's own
/// eyes are nobody else's.
pub async fn acting(house: &House, by: &Actor) -> Result<Id, ViewingError> {
    let account = by.account.filter(|_| by.behalf.is_none());
    let account = account.ok_or(ViewingError::NotFound)?;
    match by.person {
        Some(person) => Ok(person),
        None => Ok(behind(house, by.community, account).await?),
    }
}

/// Whether there is no other specialist than this person.
async fn alone(house: &House, c: Community, person: Id) -> Result<bool, DbError> {
    for one in staff::holders(house, c, &[Role::Specialist]).await? {
        if one.active && behind(house, c, one.id).await? != person {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Who acts on a viewing. `fresh`: the door asked for a second factor within five minutes.
pub async fn hand(
    house: &House,
    by: &Actor,
    v: &Viewing,
    fresh: bool,
) -> Result<Hand<Id>, ViewingError> {
    let c = by.community;
    let person = acting(house, by).await?;
    let dossiers: Vec<(Id, Id, String, String)> = house.db.all(store::dossiers_of(c, v.id)).await?;
    let rooms: Vec<Id> = dossiers.into_iter().map(|(_, room, ..)| room).collect();
    let registers = by.roles.contains(&Role::Specialist);
    let frozen: Option<(i64,)> = house
        .db
        .optional(store::people::is_frozen(c, person))
        .await?;
    let covered: Option<(i64,)> = house
        .db
        .optional(store::cover::is_by(c, v.id, person))
        .await?;
    Ok(Hand {
        covered: covered.is_some(),
        person,
        decides: by.roles.contains(&Role::Manager) || deputy::holds(house, c, by.account).await?,
        company: by.roles.contains(&Role::Host),
        registers,
        alone: registers && alone(house, c, person).await?,
        near: roster::belongs(house, c, person, &rooms).await?,
        fresh,
        frozen: frozen.is_some(),
        clock: false,
    })
}

/// For the ledger: whoever decides, as the manager where they are.
pub(crate) fn deciding(by: &Actor) -> Who {
    by.who_as(&[Role::Manager], Permission::ViewingDecide)
}

/// For the ledger: whoever decides as the manager or for the company.
pub(crate) fn reviewing(by: &Actor) -> Who {
    by.who_as(&[Role::Manager, Role::Host], Permission::ViewingDecide)
}

/// For the ledger: whoever registers, as the specialist where they are.
pub(crate) fn registering(by: &Actor) -> Who {
    by.who_as(&[Role::Specialist], Permission::ViewingRegister)
}

/// What may be otherwise since `hand` was read: a deputy's time, the right to look, what they
/// covered.
///
/// # Errors
/// [`ViewingError::Refused`].
pub(crate) fn still(
    tx: &mut Tx<'_>,
    v: Id,
    hand: &Hand<Id>,
    who: &Who,
) -> Result<Hand<Id>, ViewingError> {
    let (c, now) = (tx.community(), tx.now());
    let frozen: Option<(i64,)> = tx.optional(store::people::is_frozen(c, hand.person))?;
    let covered: Option<(i64,)> = tx.optional(store::cover::is_by(c, v, hand.person))?;
    let mut hand = Hand {
        frozen: frozen.is_some(),
        covered: covered.is_some(),
        ..*hand
    };
    if let ActorRef::Account(account) = who.actor
        && hand.decides
        && who.role != Role::Manager.word()
    {
        let all: Vec<deputy::Deputy> = tx.all(store::people::deputies(c, now))?;
        hand.decides = all.iter().any(|d| d.account == account && d.holds(now));
    }
    Ok(hand)
}

/// The house's clock: nobody, named by an id that nobody has.
pub fn clock_hand(house: &House) -> Hand<Id> {
    Hand {
        person: house.id(),
        decides: false,
        company: false,
        registers: false,
        alone: false,
        covered: false,
        near: false,
        fresh: false,
        frozen: false,
        clock: true,
    }
}
