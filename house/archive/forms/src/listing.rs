//! Which forms there are.

use dossiers::Kind;
use foundation::clock::Moment;
use foundation::house::House;
use foundation::ids::Id;
use permissions::Permission;
use permissions::actor::Actor;

use crate::filled::{Filled, Head, State};
use crate::{FormsError, store};

/// Forms on one page of the list.
pub const PAGE: i64 = 50;

/// A page of forms in a state, the newest first, and whether there are more.
pub async fn page(
    house: &House,
    by: &Actor,
    state: State,
    kind: Option<Kind>,
    after: Option<(Moment, Id)>,
) -> Result<(Vec<Filled>, bool), FormsError> {
    by.may(Permission::ArchiveRead)?;
    let asked = store::page(by.community, state, kind, after, PAGE + 1);
    let mut found: Vec<Filled> = house.db.all(asked).await?;
    let more = found.len() as i64 > PAGE;
    found.truncate(PAGE as usize);
    Ok((found, more))
}

/// How many there are in a state, of a kind or of any.
pub async fn count(
    house: &House,
    by: &Actor,
    state: State,
    kind: Option<Kind>,
) -> Result<i64, FormsError> {
    by.may(Permission::ArchiveRead)?;
    let (n,): (i64,) = house
        .db
        .one(store::count(by.community, state, kind))
        .await?;
    Ok(n)
}

/// The forms of a dossier.
pub async fn of_dossier(house: &House, by: &Actor, dossier: Id) -> Result<Vec<Filled>, FormsError> {
    by.may(Permission::ArchiveRead)?;
    Ok(house
        .db
        .all(store::of_dossier(by.community, dossier))
        .await?)
}

/// The present dossier of a room, however the room is typed.
pub async fn find(house: &House, by: &Actor, typed: &str) -> Result<Option<Head>, FormsError> {
    by.may(Permission::ArchiveRead)?;
    let c = by.community;
    let Some(room) = roster::find_room(house, c, typed).await? else {
        return Ok(None);
    };
    Ok(house.db.optional(store::head_of_room(c, room.id)).await?)
}
