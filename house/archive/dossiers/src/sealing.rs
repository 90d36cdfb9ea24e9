//! 封存: a dossier whose time has come is kept and safe, and nothing else (个人信息保护法 47): it
//! leaves every list, search and figure. Copies of papers of identity are sealed with the end
//! of their tenure. Who decides when lies elsewhere; here is what it does, inside their write.

use foundation::clock::Moment;
use foundation::database::{Community, DbError, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};

use crate::dossier::{Dossier, Life};
use crate::store;
use crate::{ArchiveError, describe, events};

/// An ended tenure that is not sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    pub dossier: Id,
    pub room: Id,
    pub code: String,
    pub sort_key: Vec<u8>,
    /// `YYYY-MM-DD`
    pub day: String,
}

/// Ended tenures behind an id, by id.
pub async fn ended(
    house: &House,
    c: Community,
    after: &str,
    limit: i64,
) -> Result<Vec<Ended>, DbError> {
    type Found = (Id, Id, String, Vec<u8>, Option<String>);
    let rows: Vec<Found> = house.db.all(store::ended(c, after, limit)).await?;
    Ok(rows
        .into_iter()
        .map(|(dossier, room, code, sort_key, day)| Ended {
            dossier,
            room,
            code,
            sort_key,
            day: day.unwrap_or_default(),
        })
        .collect())
}

/// A dossier as it stands, sealed ones too. For rooms' own use; it asks nobody's permission.
pub async fn dossier(house: &House, c: Community, id: Id) -> Result<Dossier, ArchiveError> {
    let found: Option<Dossier> = house.db.optional(store::dossier(c, id)).await?;
    found.ok_or(ArchiveError::NotFound)
}

/// The tenures of a room, the newest first. For rooms' own use.
pub async fn tenures(house: &House, c: Community, room: Id) -> Result<Vec<Dossier>, DbError> {
    house.db.all(store::of_room(c, room)).await
}

/// The open dossiers that a party owns.
pub async fn owned(house: &House, c: Community, party: Id) -> Result<Vec<Id>, DbError> {
    let rows: Vec<(Id,)> = house.db.all(store::owned(c, party)).await?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

/// The parties that owned in a dossier's tenure.
pub async fn owners(house: &House, c: Community, dossier: Id) -> Result<Vec<Id>, DbError> {
    let rows: Vec<(Id, Id, String, String)> = house.db.all(store::owners(c, &[dossier])).await?;
    Ok(rows.into_iter().map(|r| r.1).collect())
}

/// What the end of a tenure seals at once.
pub(crate) fn seal_identity(tx: &mut Tx<'_>, dossier: Id) -> Result<(), DbError> {
    let c = tx.community();
    let (papers,): (i64,) = tx.one(store::identity_papers(c, dossier))?;
    if papers > 0 {
        tx.also(
            Event::new(events::IDENTITY_SEALED)
                .about("dossier", dossier)
                .to(Audience::Staff)
                .with("papers", papers),
        )?;
    }
    Ok(())
}

/// Seals an ended tenure; the event is to be recorded with it.
///
/// # Errors
/// [`ArchiveError::Changed`] when it has not ended, or is sealed already.
pub fn seal_in(tx: &mut Tx<'_>, dossier: Id, why: &'static str) -> Result<Event, ArchiveError> {
    let c = tx.community();
    let ended = [Life::Closed, Life::Opened];
    if tx.execute(store::turn(c, dossier, &ended, Life::Sealed))? == 0 {
        return Err(ArchiveError::Changed);
    }
    Ok(Event::new(events::SEALED)
        .about("dossier", dossier)
        .to(Audience::Staff)
        .with("why", why))
}

/// Opens a sealed dossier for a purpose; the event is to be recorded with it.
///
/// # Errors
/// [`ArchiveError::Changed`] when it is not sealed.
pub fn unseal_in(
    tx: &mut Tx<'_>,
    dossier: Id,
    purpose: &'static str,
    until: Moment,
) -> Result<Event, ArchiveError> {
    let c = tx.community();
    if tx.execute(store::turn(c, dossier, &[Life::Sealed], Life::Opened))? == 0 {
        return Err(ArchiveError::Changed);
    }
    Ok(Event::new(events::UNSEALED)
        .about("dossier", dossier)
        .to(Audience::Staff)
        .with("purpose", purpose)
        .with("until", until))
}

/// A transfer is taken back: its tenure goes on, and the one that had begun is void; the event
/// is to be recorded with it.
///
/// # Errors
/// [`ArchiveError::Changed`] when something lies in the one that had begun.
pub fn reopen_in(tx: &mut Tx<'_>, former: Id, next: Option<Id>) -> Result<Event, ArchiveError> {
    let (c, now) = (tx.community(), tx.now());
    if let Some(next) = next {
        if tx.execute(store::void_empty(c, next, now))? == 0 {
            return Err(ArchiveError::Changed);
        }
        tx.execute(store::reopen(c, former))?;
        describe::plan(tx, former)?;
    }
    Ok(Event::new(events::REOPENED)
        .about("dossier", former)
        .to(Audience::Staff)
        .with_some("void", next))
}
