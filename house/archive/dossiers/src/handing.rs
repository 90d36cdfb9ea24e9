//! What a successor company is handed when the contract ends (民法典 949): dossiers with their
//! owners' names in clear, and each document's original decrypted, in the ledger before its
//! bytes are read. Only an act of two persons comes here: see the room `successions`.

use std::io::{self, Write};

use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Event;
use permissions::actor::Actor;
use strongroom::{ObjectId, OpaqueId, Part};

use crate::document::{Document, State};
use crate::dossier::Dossier;
use crate::listing::{Filter, Show, Spot};
use crate::store::{self, documents};
use crate::vault::{self, Opened, Vault};
use crate::{ArchiveError, events, filing};

/// Dossiers read at a time.
const TAKE: i64 = 200;

/// A dossier as it is handed over.
#[derive(Clone, Debug)]
pub struct Handed {
    pub dossier: Dossier,
    /// In clear.
    pub owners: Vec<String>,
}

/// The next dossiers in shelf order, open and closed, of a building or of all; none at the end.
///
/// # Errors
/// [`ArchiveError::Database`].
pub async fn page(
    house: &House,
    c: Community,
    building: &str,
    after: Option<&Spot>,
) -> Result<Vec<Handed>, ArchiveError> {
    let filter = Filter {
        show: Show::Shelf,
        building: building.to_owned(),
        ..Filter::default()
    };
    let asked = store::page(c, &filter, after, TAKE);
    let found: Vec<Dossier> = house.db.all(asked).await?;
    let ids: Vec<Id> = found.iter().map(|d| d.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let owners: Vec<(Id, Id, String, String)> = house.db.all(store::owners(c, &ids)).await?;
    let names = |id: Id| owners.iter().filter(move |o| o.0 == id);
    Ok(found
        .into_iter()
        .map(|dossier| Handed {
            owners: names(dossier.id).map(|o| o.3.clone()).collect(),
            dossier,
        })
        .collect())
}

/// What lies in a dossier, older versions too, its words opened.
///
/// # Errors
/// [`ArchiveError::Keys`] where the dossier's key is gone.
pub async fn documents(
    house: &House,
    c: Community,
    dossier: Id,
) -> Result<Vec<Document>, ArchiveError> {
    let rows: Vec<Document> = house.db.all(documents::of_dossier(c, dossier)).await?;
    let kept = |d: &Document| matches!(d.state, State::Received | State::Filed | State::Replaced);
    let rows = rows.into_iter().filter(kept).collect();
    filing::opened(house, &Actor::system(c), rows).await
}

/// A document's original, ready to be read.
pub struct Original {
    opened: Opened,
    object: ObjectId,
    stored: OpaqueId,
}

/// What a document's file name ends in.
///
/// # Errors
/// [`ArchiveError::NotFound`] before it is in the strongroom.
pub fn ending_of(d: &Document) -> Result<&'static str, ArchiveError> {
    Ok(ending(d.stored()?.1))
}

/// Opens a document for a succession; the ledger has it before this returns.
///
/// # Errors
/// [`ArchiveError::NotFound`] before it is in the strongroom.
pub async fn open(
    house: &House,
    c: Community,
    succession: Id,
    d: &Document,
) -> Result<Original, ArchiveError> {
    let (stored, _) = d.stored()?;
    let (document, dossier) = (d.id, d.dossier);
    house
        .write::<_, ArchiveError, _>(c, &Actor::system(c).who(), move |tx| {
            let event = Event::new(events::HANDED)
                .about("document", document)
                .with("dossier", dossier)
                .with("succession", succession);
            Ok(tx.record(event, ())?)
        })
        .await?;
    Ok(Original {
        opened: Vault::of(house).open(house).await?,
        object: vault::object(c, dossier),
        stored,
    })
}

impl Original {
    /// Copies the original, piece by piece; it blocks.
    ///
    /// # Errors
    /// Where the strongroom's copy is damaged: what was written until then is no document.
    pub fn copy_into(&self, out: &mut dyn Write) -> io::Result<u64> {
        let Opened { room, opener } = &self.opened;
        let mut sealed = room
            .read(&self.object, &self.stored, Part::Original, opener)
            .map_err(io::Error::other)?;
        io::copy(&mut sealed, out)
    }
}

fn ending(kind: scans::Kind) -> &'static str {
    match kind.media_type() {
        "application/pdf" => "pdf",
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/webp" => "webp",
        "image/tiff" => "tif",
        "image/heic" => "heic",
        "application/ofd" => "ofd",
        _ => "bin",
    }
}
