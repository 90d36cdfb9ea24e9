//! The manager's deputy: named for a week at most, confirmed by another, before anything is
//! decided (archive.md P2).

use foundation::clock::{DAY, Moment};
use foundation::database::{Community, DbError, FromRow, Look, Row};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::actor::{Actor, Forbidden};
use permissions::{Permission, Role};

use crate::store::people as store;
use crate::{ViewingError, events, persons};

/// The longest that somebody decides for the manager.
pub const DAYS_MAX: i64 = 7;
/// Who may be named: whoever may decide by permission at all.
const MAY_BE: [Role; 2] = [Role::Supervisor, Role::Host];

/// A deputy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deputy {
    pub id: Id,
    pub account: Id,
    /// Who stands behind the account.
    pub person: Id,
    pub name: String,
    pub from_at: Moment,
    pub until_at: Moment,
    pub named_as: Id,
    pub named_name: String,
    pub confirmed_name: String,
    pub confirmed_at: Option<Moment>,
    pub ended_at: Option<Moment>,
}

impl FromRow for Deputy {
    fn from_row(row: &mut Row) -> Result<Deputy, DbError> {
        Ok(Deputy {
            id: row.next()?,
            account: row.next()?,
            person: row.next()?,
            name: row.next()?,
            from_at: row.next()?,
            until_at: row.next()?,
            named_as: row.next()?,
            named_name: row.next()?,
            confirmed_name: row.next()?,
            confirmed_at: row.next()?,
            ended_at: row.next()?,
        })
    }
}

impl Deputy {
    /// Whether it holds now.
    pub fn holds(&self, now: Moment) -> bool {
        self.confirmed_at.is_some()
            && self.ended_at.is_none()
            && self.from_at <= now
            && now < self.until_at
    }
}

/// Whether an account is a deputy now.
pub(crate) async fn holds(
    house: &House,
    c: Community,
    account: Option<Id>,
) -> Result<bool, DbError> {
    let now = house.now();
    let all: Vec<Deputy> = house.db.all(store::deputies(c, now)).await?;
    Ok(all
        .iter()
        .any(|d| Some(d.account) == account && d.holds(now)))
}

/// The deputies whose time is not over.
pub async fn all(house: &House, by: &Actor) -> Result<Vec<Deputy>, ViewingError> {
    by.may(Permission::ViewingDecide)?;
    let asked = store::deputies(by.community, house.now());
    Ok(house.db.all(asked).await?)
}

/// Colleagues who may be named.
pub async fn eligible(house: &House, by: &Actor) -> Result<Vec<(Id, String)>, ViewingError> {
    by.may(Permission::ViewingDecide)?;
    let found = accounts::staff::holders(house, by.community, &MAY_BE).await?;
    let mut out: Vec<(Id, String)> = found
        .into_iter()
        .filter(|one| one.active && Some(one.id) != by.account)
        .map(|one| (one.id, one.name))
        .collect();
    out.dedup();
    Ok(out)
}

/// The manager names a deputy. Nothing is decided by them until another has confirmed it.
///
/// # Errors
/// [`ViewingError::Deputy`] for oneself, for too long, for who may not be one.
pub async fn name(house: &House, by: &Actor, account: Id, days: i64) -> Result<Id, ViewingError> {
    by.may(Permission::ViewingDecide)?;
    if !by.roles.contains(&Role::Manager) {
        return Err(Forbidden(Permission::ViewingDecide).into());
    }
    let c = by.community;
    let found = eligible(house, by).await?;
    let named = found.into_iter().find(|(id, _)| *id == account);
    let (account, name) = named.ok_or(ViewingError::Deputy)?;
    let (mine, person) = (
        persons::acting(house, by).await?,
        persons::behind(house, c, account).await?,
    );
    if !(1..=DAYS_MAX).contains(&days) || mine == person {
        return Err(ViewingError::Deputy);
    }
    let now = house.now();
    let deputy = Deputy {
        id: house.id(),
        account,
        person,
        name,
        from_at: now,
        until_at: now.plus(days * DAY),
        named_as: mine,
        named_name: accounts::name_of(house, by.account.unwrap_or(mine)).await?,
        confirmed_name: String::new(),
        confirmed_at: None,
        ended_at: None,
    };
    house
        .write(c, &persons::deciding(by), move |mut tx| {
            tx.execute(store::insert_deputy(c, &deputy))?;
            let event = Event::new(events::DEPUTY_NAMED)
                .about("deputy", deputy.id)
                .to(Audience::Staff)
                .with("account", account)
                .with("person", person)
                .with("named_as", mine)
                .with("until", deputy.until_at);
            Ok(tx.record(event, deputy.id)?)
        })
        .await
}

/// Another than who named them, and than the deputy, confirms it.
///
/// # Errors
/// [`ViewingError::Deputy`] for one of these two.
pub async fn confirm(house: &House, by: &Actor, id: Id) -> Result<(), ViewingError> {
    by.may(Permission::ViewingDecide)?;
    let c = by.community;
    let mine = persons::acting(house, by).await?;
    let name = accounts::name_of(house, by.account.unwrap_or(mine)).await?;
    house
        .write(c, &persons::deciding(by), move |mut tx| {
            let found: Option<Deputy> = tx.optional(store::deputy(c, id))?;
            let found = found.ok_or(ViewingError::NotFound)?;
            if mine == found.named_as || mine == found.person {
                return Err(ViewingError::Deputy);
            }
            let now = tx.now();
            if tx.execute(store::confirm_deputy(c, id, &name, now))? == 0 {
                return Err(ViewingError::Changed);
            }
            let event = Event::new(events::DEPUTY_CONFIRMED)
                .about("deputy", id)
                .to(Audience::Staff)
                .with("account", found.account)
                .with("person", found.person)
                .with("confirmed_as", mine)
                .with("until", found.until_at);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// It ends before its time.
pub async fn end(house: &House, by: &Actor, id: Id) -> Result<(), ViewingError> {
    by.may(Permission::ViewingDecide)?;
    let c = by.community;
    house
        .write(c, &persons::deciding(by), move |mut tx| {
            let now = tx.now();
            if tx.execute(store::end_deputy(c, id, now))? == 0 {
                return Err(ViewingError::NotFound);
            }
            let event = Event::new(events::DEPUTY_ENDED)
                .about("deputy", id)
                .to(Audience::Staff);
            Ok(tx.record(event, ())?)
        })
        .await
}
