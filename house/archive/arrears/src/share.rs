//! Who follows up which building. A building that is nobody's is everybody's.

use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

use crate::{ArrearsError, events, store};

/// More buildings than any compound has.
pub const BUILDINGS_MAX: i64 = 500;

/// Building and account.
pub async fn all(house: &House, by: &Actor) -> Result<Vec<(String, Id)>, ArrearsError> {
    by.may(Permission::ArrearsRead)?;
    let asked = store::shares(by.community, BUILDINGS_MAX);
    Ok(house.db.all(asked).await?)
}

/// Who can have a building: account and name.
pub async fn hands(house: &House, by: &Actor) -> Result<Vec<(Id, String)>, ArrearsError> {
    by.may(Permission::ArrearsRead)?;
    let roles = Permission::ArrearsFollow.roles();
    let holders = accounts::staff::holders(house, by.community, roles).await?;
    let mut out: Vec<(Id, String)> = Vec::new();
    for one in holders.into_iter().filter(|one| one.active) {
        if !out.iter().any(|(id, _)| *id == one.id) {
            out.push((one.id, one.name));
        }
    }
    Ok(out)
}

/// Gives a building to somebody, or to nobody.
///
/// # Errors
/// [`ArrearsError::NotFound`] for a building or a colleague that is not there.
pub async fn give(
    house: &House,
    by: &Actor,
    building: &str,
    to: Option<Id>,
) -> Result<(), ArrearsError> {
    by.may(Permission::ArrearsSet)?;
    let c = by.community;
    let buildings = roster::buildings(house, c).await?;
    let nth = buildings.iter().position(|b| b == building);
    let nth = nth.ok_or(ArrearsError::NotFound)? as i64;
    if let Some(account) = to
        && !hands(house, by).await?.iter().any(|(id, _)| *id == account)
    {
        return Err(ArrearsError::NotFound);
    }
    let building = building.to_owned();
    house
        .write(c, &by.who_for(Permission::ArrearsSet), move |mut tx| {
            tx.execute(match to {
                Some(account) => store::give_share(c, &building, account),
                None => store::end_share(c, &building),
            })?;
            let event = Event::new(events::SHARED)
                .to(Audience::Staff)
                .with("building", nth)
                .with_some("to", to);
            Ok(tx.record(event, ())?)
        })
        .await
}
