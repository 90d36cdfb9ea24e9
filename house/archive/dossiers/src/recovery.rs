//! What a crash or a full disk cut off between the two events of an intake is finished, or
//! moved aside and told: before the doors open, and after an intake that failed.

use std::collections::BTreeMap;

use foundation::communities;
use foundation::database::{Community, HOUSE};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;
use strongroom::{Digest, Head, ObjectId, Prepared};

use crate::document::{Document, State};
use crate::store::documents;
use crate::vault::{self, Opened, Vault};
use crate::{ArchiveError, describe, escrow, events, intake, rotation};

/// A version whose end is not known.
pub(crate) struct Open {
    c: Community,
    dossier: Id,
    /// The dossier's own number where the version only says anew what lies in it.
    document: Id,
    pub(crate) prepared: Prepared,
}

/// What recovery did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    pub finished: usize,
    pub given_up: usize,
}

/// Puts right what was cut off. Where there is no strongroom yet, nothing was.
///
/// # Errors
/// [`ArchiveError::Elsewhere`] while another process writes; it can be run again.
pub async fn recover(house: &House) -> Result<Recovered, ArchiveError> {
    if !Vault::is_made(house) {
        return Ok(Recovered::default());
    }
    let vault = Vault::of(house);
    let opened = vault.open(house).await?;
    let alone = vault.alone(house, &opened).await?;
    let open = open_versions(house).await?;
    let prepared: Vec<Prepared> = open.iter().map(|o| o.prepared.clone()).collect();
    let committed = heads(house, &open).await?;
    let done = alone
        .writing(house, move |room| room.recover(&prepared, &committed))
        .await?;
    // What changed keys and was cut off is ended too.
    let by = Actor::system(HOUSE).who();
    escrow::tend(house, &by, &opened, &alone).await?;
    rotation::end(house, &by, &alone).await?;
    let mut out = Recovered::default();
    for one in open {
        let by = Actor::system(one.c);
        // A later version may stand upon it already: then it was published as well.
        let inside = done.finished.contains(&one.prepared) || holds(house, &opened, &one).await?;
        if inside {
            if one.document == one.dossier {
                describe::finish(house, one.c, one.dossier, &one.prepared).await?;
            } else {
                intake::finish(house, &by, one.dossier, one.document, &one.prepared).await?;
            }
            out.finished += 1;
        } else {
            give_up(house, &by, &one).await?;
            out.given_up += 1;
        }
    }
    Ok(out)
}

pub(crate) async fn open_versions(house: &House) -> Result<Vec<Open>, ArchiveError> {
    let mut open = Vec::new();
    let mut after = HOUSE;
    loop {
        let part = communities::list(&house.db, after).await?;
        let Some(last) = part.last() else { break };
        after = last.number;
        for c in part.iter().map(|c| c.number) {
            let rows: Vec<(Id, i64, String, Id)> =
                house.db.all(documents::open_versions(c)).await?;
            for (dossier, version, inventory, document) in rows {
                let Some(digest) = digest(&inventory) else {
                    continue;
                };
                open.push(Open {
                    c,
                    dossier,
                    document,
                    prepared: Prepared {
                        object: vault::object(c, dossier),
                        version: u32::try_from(version).unwrap_or(u32::MAX),
                        inventory_sha512: digest,
                    },
                });
            }
        }
    }
    Ok(open)
}

/// Whether the strongroom's object holds the document that a version was made for.
async fn holds(house: &House, opened: &Opened, one: &Open) -> Result<bool, ArchiveError> {
    let asked = documents::document(one.c, one.document);
    let Some(d): Option<Document> = house.db.optional(asked).await? else {
        return Ok(false);
    };
    let (room, object) = (opened.room.clone(), one.prepared.object.clone());
    let stored = tokio::task::spawn_blocking(move || room.documents(&object));
    let stored = stored.await.map_err(std::io::Error::other)?;
    // No object, or a damaged one, holds nothing that could be told.
    Ok(stored.is_ok_and(|all| all.keys().any(|id| id.as_str() == d.stored_as)))
}

fn digest(hex: &str) -> Option<Digest> {
    hex.parse().ok()
}

/// The ledger's heads of the objects concerned.
async fn heads(house: &House, open: &[Open]) -> Result<BTreeMap<ObjectId, Head>, ArchiveError> {
    let mut heads = BTreeMap::new();
    for one in open {
        let asked = documents::head_of(one.c, one.dossier);
        let found: Option<(i64, String)> = house.db.optional(asked).await?;
        if let Some((version, inventory)) = found
            && let Some(inventory_sha512) = digest(&inventory)
        {
            let head = Head {
                version: u32::try_from(version).unwrap_or(u32::MAX),
                inventory_sha512,
            };
            heads.insert(vault::object(one.c, one.dossier), head);
        }
    }
    Ok(heads)
}

async fn give_up(house: &House, by: &Actor, one: &Open) -> Result<(), ArchiveError> {
    let (c, dossier, document) = (one.c, one.dossier, one.document);
    let version = i64::from(one.prepared.version);
    let inventory = one.prepared.inventory_sha512.to_string();
    house
        .write(c, &by.who(), move |mut tx| {
            let ended = documents::end_version(c, dossier, version, &inventory, "given_up");
            tx.execute(ended)?;
            let (from, to) = (State::Preparing.word(), State::Lost.word());
            tx.execute(documents::settle(c, document, from, to))?;
            let what = if document == dossier {
                "dossier"
            } else {
                "document"
            };
            let event = Event::new(events::GIVEN_UP)
                .about(what, document)
                .to(Audience::Staff)
                .with("dossier", dossier)
                .with("version", version);
            Ok::<_, ArchiveError>(tx.record(event, ())?)
        })
        .await
}
