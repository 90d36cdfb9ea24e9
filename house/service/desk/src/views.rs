//! Filters that a colleague keeps under a name, and what is done to several tickets at once.

use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

use crate::acts::{self, Doing};
use crate::states::Act;
use crate::{Refused, events, some_name, store};

/// Filters that one keeps.
pub const VIEWS_MAX: i64 = 20;
const QUERY_BYTES_MAX: usize = 500;
/// Tickets that are done at once.
pub const BULK_MAX: usize = 100;

/// One's own filters: id, name, query of the address.
pub async fn list(house: &House, by: &Actor) -> Result<Vec<(Id, String, String)>, Refused> {
    let account = by.account.ok_or(Refused::NotFound)?;
    let asked = store::office::views(by.community, account, VIEWS_MAX);
    Ok(house.db.all(asked).await?)
}

/// Keeps a filter.
pub async fn keep(house: &House, by: &Actor, name: &str, query: &str) -> Result<(), Refused> {
    by.may(Permission::DeskEnter)?;
    let (c, account) = (by.community, by.account.ok_or(Refused::NotFound)?);
    let name = some_name(name)?;
    let query = query.trim_start_matches('?').to_owned();
    if query.len() > QUERY_BYTES_MAX || query.chars().any(char::is_control) {
        return Err(Refused::Words);
    }
    if list(house, by).await?.len() as i64 >= VIEWS_MAX {
        return Err(Refused::TooMany);
    }
    let id = house.id();
    house
        .write(c, &by.who_for(Permission::DeskEnter), move |mut tx| {
            tx.execute(store::office::insert_view(c, account, id, &name, &query))?;
            let event = Event::new(events::VIEW_SET)
                .to(Audience::Account(account))
                .with("what", "kept");
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Lets a filter go.
pub async fn forget(house: &House, by: &Actor, id: Id) -> Result<(), Refused> {
    by.may(Permission::DeskEnter)?;
    let (c, account) = (by.community, by.account.ok_or(Refused::NotFound)?);
    house
        .write(c, &by.who_for(Permission::DeskEnter), move |mut tx| {
            if tx.execute(store::office::remove_view(c, account, id))? == 0 {
                return Err(Refused::NotFound);
            }
            let event = Event::new(events::VIEW_SET)
                .to(Audience::Account(account))
                .with("what", "forgotten");
            Ok(tx.record(event, ())?)
        })
        .await
}

/// What came of an act on several tickets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bulk {
    pub done: usize,
    pub refused: usize,
}

/// Does one act to several tickets, each by its own guards and in its own write; what cannot be
/// done to one does not stop the others.
///
/// # Errors
/// [`Refused::TooMany`] beyond [`BULK_MAX`]; what is the house's own failure.
pub async fn each(
    house: &House,
    by: &Actor,
    ids: &[Id],
    act: Act,
    doing: &Doing,
) -> Result<Bulk, Refused> {
    if ids.len() > BULK_MAX {
        return Err(Refused::TooMany);
    }
    let mut out = Bulk::default();
    for id in ids {
        match acts::act(house, by, *id, act, doing.clone()).await {
            Ok(_) => out.done += 1,
            Err(e @ (Refused::Database(_) | Refused::Keys(_))) => return Err(e),
            Err(_) => out.refused += 1,
        }
    }
    Ok(out)
}
