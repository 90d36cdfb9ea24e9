//! What a successor company is handed when the contract ends (民法典 949): dossiers with their
//! owners' names in clear, and each document's original and photographs decrypted, in the
//! ledger before their bytes are read. Only an act of two persons comes here: see the room
//! `successions`.

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

/// A document's files, ready to be read.
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
    Ok(ending(d.stored()?.1.media_type()))
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
    /// The photographs that it was bound of, as they were taken: by number, and what the file's
    /// name ends in. It blocks.
    ///
    /// # Errors
    /// Where the strongroom's record is damaged.
    pub fn photos(&self) -> io::Result<Vec<(u16, &'static str)>> {
        let documents = self.opened.room.documents(&self.object);
        let documents = documents.map_err(io::Error::other)?;
        let parts = documents.get(&self.stored).into_iter();
        let photos = parts.flat_map(|d| &d.parts).filter_map(|(part, sealed)| {
            let Part::Photo(nth) = part else { return None };
            Some((*nth, ending(&sealed.media.to_string())))
        });
        Ok(photos.collect())
    }

    /// Copies the original, piece by piece; it blocks.
    ///
    /// # Errors
    /// Where the strongroom's copy is damaged: what was written until then is no document.
    pub fn copy_into(&self, out: &mut dyn Write) -> io::Result<u64> {
        self.copy(Part::Original, out)
    }

    /// Copies one of its photographs, as [`Original::copy_into`].
    ///
    /// # Errors
    /// As there.
    pub fn copy_photo_into(&self, nth: u16, out: &mut dyn Write) -> io::Result<u64> {
        self.copy(Part::Photo(nth), out)
    }

    fn copy(&self, part: Part, out: &mut dyn Write) -> io::Result<u64> {
        let Opened { room, opener } = &self.opened;
        let mut sealed = room
            .read(&self.object, &self.stored, part, opener)
            .map_err(io::Error::other)?;
        io::copy(&mut sealed, out)
    }
}

fn ending(media: &str) -> &'static str {
    match media {
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
