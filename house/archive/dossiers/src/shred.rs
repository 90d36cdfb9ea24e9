//! A document is shredded: its keys are destroyed, on a legal basis and by two persons, and
//! nobody opens it again, here or in any copy of the strongroom. Its ciphertext stays, so that
//! the root is what the ledger says; where its keys were stands a tombstone. Copies of the key
//! store made before still open it until they are gone.

use std::sync::Arc;

use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::{Job, Runner, enqueue};
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;
use serde_json::json;
use strongroom::{Reason, RoomError, StrongRoom};

use crate::document::{Document, State};
use crate::store::{self, documents};
use crate::vault::{self, Vault};
use crate::{ArchiveError, describe, events, for_viewing};

/// The job that destroys the keys, should whoever decided it be cut off.
pub const SHRED: &str = "archive.shred";

/// On what basis: 个人信息保护法 47 upheld, a court's order, or a paper of somebody else that
/// should never have come here.
pub const REASONS: [&str; 3] = ["pipl-47", "court-order", "not-ours"];

/// Registers the job.
pub fn jobs(runner: Runner<House>) -> Runner<House> {
    runner.on(SHRED, |house: Arc<House>, job: Job| async move {
        let id = job.payload["document"].as_str().unwrap_or_default();
        let id: Id = id
            .parse()
            .map_err(|_| "the job names no document".to_owned())?;
        let why = job.payload["why"].as_str().unwrap_or_default();
        match destroy(&house, job.community, id, why).await {
            Ok(_) => Ok(()),
            Err(e) => Err(e.to_string()),
        }
    })
}

/// A document by its dossier's number, or its room, and its own label: `a-001`.
///
/// # Errors
/// [`ArchiveError::NotFound`].
pub async fn find(
    house: &House,
    c: Community,
    dossier: &str,
    label: &str,
) -> Result<Document, ArchiveError> {
    for d in for_viewing::find(house, c, dossier).await? {
        let rows: Vec<Document> = house.db.all(documents::of_dossier(c, d.id)).await?;
        let found = rows.into_iter().find(|r| r.label() == label);
        if let Some(found) = found {
            return Ok(found);
        }
    }
    Err(ArchiveError::NotFound)
}

/// Decides that a document is shredded, and does it; gives how many slots were destroyed. Both
/// persons have shown that they are who they say.
///
/// # Errors
/// [`ArchiveError::OwnDocument`] when they are one person; [`ArchiveError::State`] for what is
/// not in the strongroom.
pub async fn shred(
    house: &House,
    by: &Actor,
    with: &Actor,
    document: Id,
    why: &str,
) -> Result<usize, ArchiveError> {
    by.may(Permission::ArchiveDecide)?;
    with.may(Permission::ArchiveDecide)?;
    let c = by.community;
    let (first, second) = (by.account, with.account);
    let one_person = first == second || (by.person.is_some() && by.person == with.person);
    if first.is_none() || one_person || with.community != c {
        return Err(ArchiveError::OwnDocument);
    }
    let second = second.ok_or(ArchiveError::NotFound)?;
    let why = REASONS.into_iter().find(|w| *w == why);
    let why = why.ok_or(ArchiveError::Words)?;
    let found: Option<Document> = house.db.optional(documents::document(c, document)).await?;
    let d = found.ok_or(ArchiveError::NotFound)?;
    if matches!(d.state, State::Preparing | State::Lost) {
        return Err(ArchiveError::State(d.state));
    }
    if d.state != State::Shredded {
        let (dossier, version) = (d.dossier, d.row_version);
        let who = by.who_for(Permission::ArchiveDecide);
        house
            .write(c, &who, move |mut tx| {
                if tx.execute(documents::shred(c, document, version))? == 0 {
                    return Err(ArchiveError::Changed);
                }
                tx.execute(store::recount(c, dossier))?;
                describe::plan(&mut tx, dossier)?;
                let now = tx.now();
                let payload = json!({ "document": document, "why": why });
                enqueue(
                    &mut tx,
                    SHRED,
                    &format!("{SHRED}:{document}"),
                    &payload,
                    now,
                )?;
                let event = Event::new(events::SHREDDED)
                    .about("document", document)
                    .to(Audience::Staff)
                    .with("dossier", dossier)
                    .with("why", why)
                    .with("confirmed_by", second);
                Ok(tx.record(event, ())?)
            })
            .await?;
    }
    destroy(house, c, document, why).await
}

/// Destroys the keys of a document whose shredding was decided, and of all that was said of it
/// beside the documents: what is said from now on leaves its title out. Safe to do again.
async fn destroy(
    house: &House,
    c: Community,
    document: Id,
    why: &str,
) -> Result<usize, ArchiveError> {
    let d: Document = house.db.one(documents::document(c, document)).await?;
    if d.state != State::Shredded {
        return Err(ArchiveError::State(d.state));
    }
    let (stored, _) = d.stored()?;
    let reason: Reason = why.parse().map_err(|_| ArchiveError::Words)?;
    let (object, now) = (vault::object(c, d.dossier), house.now());
    let (of, because) = (object.clone(), reason.clone());
    let slots = writing(house, d.dossier, move |room| {
        Ok(room.shred(&of, &stored, &because, now.0)?.len())
    })
    .await?;
    describe::describe(house, c, d.dossier).await?;
    writing(house, d.dossier, move |room| {
        room.shred_older_meta(&object, &reason, now.0)
    })
    .await?;
    Ok(slots)
}

/// A change of the strongroom with a dossier's object to itself.
async fn writing(
    house: &House,
    dossier: Id,
    change: impl FnOnce(&StrongRoom) -> Result<usize, RoomError> + Send + 'static,
) -> Result<usize, ArchiveError> {
    let vault = Vault::of(house);
    let opened = vault.open(house).await?;
    let lock = vault.object_turn(dossier);
    let _object = lock.lock().await;
    let turn = vault.turn(house, &opened).await?;
    turn.writing(house, change).await
}
