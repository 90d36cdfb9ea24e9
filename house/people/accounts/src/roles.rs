//! What an account is in a compound: given with an end or without, taken back, looked
//! up at every request.

use super::{AccountError, Side, events, sessions, store};
use foundation::clock::Moment;
use foundation::database::{Community, DbError, HOUSE, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Door, Event};
use permissions::actor::Actor;
use permissions::{Permission, Role};

/// Gives a role inside a write whose scope holds `community`. `until` ends it.
pub fn grant(
    tx: &mut Tx<'_>,
    community: Community,
    account: Id,
    role: Role,
    person: Option<Id>,
    until: Option<Moment>,
) -> Result<(), DbError> {
    let now = tx.now();
    tx.execute(store::upsert_grant(
        community, account, role, person, now, until,
    ))?;
    let event = Event::new(events::ROLE_GRANTED)
        .about("account", account)
        .with("role", role.word())
        .with_some("person", person)
        .with_some("until", until);
    tx.also_in(community, event)?;
    Ok(())
}

/// Takes a role back inside a write whose scope holds `community`; whether it was there.
pub fn revoke(
    tx: &mut Tx<'_>,
    community: Community,
    account: Id,
    role: Role,
) -> Result<bool, DbError> {
    if tx.execute(store::delete_grant(community, account, role))? == 0 {
        return Ok(false);
    }
    let event = Event::new(events::ROLE_REVOKED)
        .about("account", account)
        .with("role", role.word());
    tx.also_in(community, event)?;
    Ok(true)
}

/// The actor that an account is in a compound on one side. The house's operators are
/// operators in every compound.
pub async fn actor(
    house: &House,
    account: Id,
    side: Side,
    community: Community,
    door: Door,
) -> Result<Actor, DbError> {
    let grants: Vec<store::GrantRow> = house
        .db
        .all(store::grants_in(account, community, house.now()))
        .await?;
    let mut roles = Vec::new();
    let mut person = None;
    for grant in grants {
        let here = grant.community == community || grant.role == Role::Operator;
        if here && side.holds(grant.role) && !roles.contains(&grant.role) {
            person = person.or(grant.person);
            roles.push(grant.role);
        }
    }
    Ok(Actor::account(account, person, community, roles, door))
}

/// The person on a compound's roster that an account is tied to, on whichever side it acts:
/// one cannot be two persons by two roles.
pub async fn person_of(
    house: &House,
    account: Id,
    community: Community,
) -> Result<Option<Id>, DbError> {
    let grants: Vec<store::GrantRow> = house
        .db
        .all(store::grants_in(account, community, house.now()))
        .await?;
    let here = grants.into_iter().filter(|g| g.community == community);
    Ok(here.filter_map(|g| g.person).next())
}

/// The account that a person of a compound signs in with, if there is one.
pub async fn account_of(
    house: &House,
    community: Community,
    person: Id,
) -> Result<Option<Id>, DbError> {
    let found: Option<(Id,)> = house
        .db
        .optional(store::account_of_person(community, person, house.now()))
        .await?;
    Ok(found.map(|(id,)| id))
}

/// A compound where an account is something.
#[derive(Clone, Debug)]
pub struct Place {
    pub community: Community,
    pub name: String,
    pub slug: String,
    pub side: Side,
    pub roles: Vec<Role>,
}

/// Everywhere an account is something, for the switcher.
pub async fn places(house: &House, account: Id) -> Result<Vec<Place>, DbError> {
    let grants: Vec<store::GrantRow> = house.db.all(store::grants(account, house.now())).await?;
    let mut places: Vec<Place> = Vec::new();
    for grant in grants {
        let side = if grant.role.is_staff() {
            Side::Staff
        } else {
            Side::Owner
        };
        let same = |p: &&mut Place| p.community == grant.community && p.side == side;
        if let Some(place) = places.iter_mut().find(same) {
            place.roles.push(grant.role);
            continue;
        }
        if grant.community == HOUSE {
            places.extend(everywhere(house, side, grant.role).await?);
            continue;
        }
        let found: Option<(String, String)> =
            house.db.optional(store::community(grant.community)).await?;
        let Some((name, slug)) = found else { continue };
        places.push(Place {
            community: grant.community,
            name,
            slug,
            side,
            roles: vec![grant.role],
        });
    }
    Ok(places)
}

/// The house's operators are operators in every compound.
async fn everywhere(house: &House, side: Side, role: Role) -> Result<Vec<Place>, DbError> {
    let all: Vec<(Community, String, String)> = house.db.all(store::communities()).await?;
    let place = |(community, name, slug)| Place {
        community,
        name,
        slug,
        side,
        roles: vec![role],
    };
    Ok(all.into_iter().map(place).collect())
}

/// Shuts an account: nobody signs in with it, and every session of it ends.
pub async fn disable(house: &House, by: &Actor, account: Id) -> Result<(), AccountError> {
    by.may(Permission::HouseOperate)?;
    let who = by.who_for(Permission::HouseOperate);
    house
        .write(HOUSE, &who, move |mut tx| {
            if tx.execute(store::set_state(account, false))? == 0 {
                return Err(AccountError::Unknown);
            }
            sessions::end_all(&mut tx, account, None)?;
            Ok(tx.record(Event::new(events::DISABLED).about("account", account), ())?)
        })
        .await
}

/// Opens a shut account again.
pub async fn enable(house: &House, by: &Actor, account: Id) -> Result<(), AccountError> {
    by.may(Permission::HouseOperate)?;
    let who = by.who_for(Permission::HouseOperate);
    house
        .write(HOUSE, &who, move |mut tx| {
            if tx.execute(store::set_state(account, true))? == 0 {
                return Err(AccountError::Unknown);
            }
            Ok(tx.record(Event::new(events::ENABLED).about("account", account), ())?)
        })
        .await
}
