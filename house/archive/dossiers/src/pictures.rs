//! The pictures of a document's pages, drawn once after it was handed in and kept sealed beside
//! it: a viewing shows them, never the file itself. A page that cannot be drawn is told while the
//! paper can still be scanned anew; one that the machine was too busy for is drawn later.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::sync::Arc;

use foundation::clock::MINUTE;
use foundation::database::{Community, DbError, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::{Job, Runner, enqueue};
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;
use scans::{Heavy, Refused};
use serde_json::json;
use strongroom::{Cause, Media, ObjectId, OpaqueId, Part, Prepared};

use crate::document::{Document, State};
use crate::store::documents;
use crate::vault::{self, Opened, Vault};
use crate::{ArchiveError, Reader, events, intake};

/// The job that draws the pictures of one document.
pub const DRAW: &str = "archive.draw";

/// Registers this room's jobs.
pub fn jobs(runner: Runner<House>) -> Runner<House> {
    runner.on(DRAW, |house: Arc<House>, job: Job| async move {
        let id = job.payload["document"].as_str().unwrap_or_default();
        let id: Id = id
            .parse()
            .map_err(|_| "the job names no document".to_owned())?;
        let tries = job.payload["tries"].as_u64().unwrap_or_default();
        match draw(&house, job.community, id, tries).await {
            Ok(()) | Err(ArchiveError::NotFound) => Ok(()),
            Err(e) => Err(e.to_string()),
        }
    })
}

pub(crate) fn plan(tx: &mut Tx<'_>, document: Id) -> Result<(), DbError> {
    let now = tx.now();
    let name = format!("{DRAW}:{document}");
    enqueue(tx, DRAW, &name, &json!({ "document": document }), now)
}

/// Pages drawn between two versions: what waits in memory, and how long the strongroom is not
/// asked. Nobody waits for a long document: it is drawn beside the dossier, not within its turn.
const PAGES_A_VERSION: usize = 40;
/// A page that the machine was too busy for is tried again after so long, and so often.
const AGAIN_AFTER: i64 = 30 * MINUTE;
const AGAIN_MAX: u64 = 8;

/// Draws the pictures of a document, those that are not kept yet. Safe to do again: it goes on
/// where it was cut off. `tries` counts earlier goes at pages that the machine was too busy for.
pub async fn draw(house: &House, c: Community, id: Id, tries: u64) -> Result<(), ArchiveError> {
    let found: Option<Document> = house.db.optional(documents::document(c, id)).await?;
    let d = found
        .filter(|d| matches!(d.state, State::Received | State::Filed | State::Replaced))
        .ok_or(ArchiveError::NotFound)?;
    if d.pictures.is_some() && tries == 0 {
        return Ok(());
    }
    let opened = Vault::of(house).open(house).await?;
    let (stored, kind) = d.stored()?;
    let (plain, kept) = original(&opened, vault::object(c, d.dossier), stored.clone()).await?;
    let last = u16::try_from(d.pages).unwrap_or(u16::MAX);
    let mut left: Vec<u16> = (1..=last).filter(|page| !kept.contains(page)).collect();
    left.reverse();
    let (mut without, mut busy) = (Vec::new(), Vec::new());
    let mut kept = kept.len();
    while !left.is_empty() {
        let mut drawn = Vec::new();
        while drawn.len() < PAGES_A_VERSION
            && let Some(page) = left.pop()
        {
            let picture = Reader::of(house)
                .picture(plain.clone(), kind, page.into())
                .await;
            match picture {
                Ok(jpeg) => drawn.push((page, jpeg)),
                Err(ArchiveError::File(Refused::TooHeavy(Heavy::NotStarted))) => {
                    // The reader did not start: that says nothing of the page.
                    return Err(std::io::Error::other("no reader").into());
                }
                Err(ArchiveError::File(Refused::TooHeavy(Heavy::Time))) => busy.push(page),
                Err(ArchiveError::File(_)) => without.push(page),
                Err(e) => return Err(e),
            }
        }
        if !drawn.is_empty() {
            kept += drawn.len();
            if !keep(house, c, &d, &opened, &stored, drawn).await? {
                return Ok(());
            }
        }
    }
    let again = !busy.is_empty() && tries < AGAIN_MAX;
    without.append(&mut busy);
    without.sort_unstable();
    finish(house, c, &d, kept, &without, again.then_some(tries + 1)).await
}

/// The document's original, and which pages have a picture already.
async fn original(
    opened: &Opened,
    object: ObjectId,
    stored: OpaqueId,
) -> Result<(Arc<Vec<u8>>, BTreeSet<u16>), ArchiveError> {
    let (room, opener) = (opened.room.clone(), opened.opener.clone());
    let read = tokio::task::spawn_blocking(move || {
        let mut plain = Vec::new();
        room.read(&object, &stored, Part::Original, &opener)?
            .read_to_end(&mut plain)?;
        let documents = room.documents(&object)?;
        let parts = documents
            .get(&stored)
            .into_iter()
            .flat_map(|d| d.parts.keys());
        let kept = parts.filter_map(|part| match part {
            Part::Page(page) => Some(*page),
            _ => None,
        });
        let kept = kept.collect();
        Ok::<_, ArchiveError>((Arc::new(plain), kept))
    });
    read.await.map_err(std::io::Error::other)?
}

/// Keeps pictures of some pages as a version of the dossier; `false` where the document was
/// taken back meanwhile.
async fn keep(
    house: &House,
    c: Community,
    d: &Document,
    opened: &Opened,
    stored: &OpaqueId,
    drawn: Vec<(u16, Vec<u8>)>,
) -> Result<bool, ArchiveError> {
    let vault = Vault::of(house);
    let lock = vault.object_turn(d.dossier);
    let _object = lock.lock().await;
    let turn = vault.turn(house, opened).await?;
    let now: Document = house.db.one(documents::document(c, d.id)).await?;
    if matches!(now.state, State::Withdrawn | State::Shredded) {
        return Ok(false);
    }
    let (object, stored, now) = (vault::object(c, d.dossier), stored.clone(), house.now());
    let pages = drawn.len();
    let prepared = turn
        .writing(house, move |room| {
            // Another node may have drawn some of them in the same time.
            let parts = room.documents(&object)?.remove(&stored);
            let is_kept = |page| {
                let parts = parts.as_ref().map(|d| &d.parts);
                parts.is_some_and(|p| p.contains_key(&Part::Page(page)))
            };
            let cause: Cause = events::PICTURED.name.parse().expect("a word of the ledger");
            let new: Vec<_> = drawn.iter().filter(|(page, _)| !is_kept(*page)).collect();
            if new.is_empty() {
                return Ok(None);
            }
            let mut staged = room.intake(&object, now.0, cause)?;
            staged.revise(&stored)?;
            for (page, jpeg) in new {
                let media: Media = "image/jpeg".parse().expect("a media type");
                staged.file(&stored, Part::Page(*page), media, &mut jpeg.as_slice())?;
            }
            Ok(Some(staged.prepare(BTreeMap::new())?))
        })
        .await?;
    let Some(prepared) = prepared else {
        return Ok(true);
    };
    announce(house, c, d, &prepared).await?;
    let publishing = prepared.clone();
    turn.writing(house, move |room| room.publish(&publishing))
        .await?;
    published(house, c, d, &prepared, pages).await?;
    Ok(true)
}

async fn announce(
    house: &House,
    c: Community,
    d: &Document,
    prepared: &Prepared,
) -> Result<(), ArchiveError> {
    let (document, dossier, prepared) = (d.id, d.dossier, prepared.clone());
    house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            let event = intake::prepare_in(&mut tx, dossier, document, &prepared)?;
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Records pictures that are in the strongroom: the dossier's head.
async fn published(
    house: &House,
    c: Community,
    d: &Document,
    prepared: &Prepared,
    pages: usize,
) -> Result<(), ArchiveError> {
    let (document, dossier) = (d.id, d.dossier);
    let (version, digest) = (i64::from(prepared.version), prepared.inventory_sha512);
    house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            let inventory = digest.to_string();
            let ended = documents::end_version(c, dossier, version, &inventory, "published");
            if tx.execute(ended)? == 0 {
                return Err(ArchiveError::Changed);
            }
            let event = Event::new(events::PICTURED)
                .about("document", document)
                .to(Audience::Staff)
                .with("dossier", dossier)
                .with("pictures", pages as i64)
                .with("version", version)
                .with("inventory", digest.0);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Notes which pages have pictures, and when those are tried again that the machine was too
/// busy for.
async fn finish(
    house: &House,
    c: Community,
    d: &Document,
    kept: usize,
    without: &[u16],
    again: Option<u64>,
) -> Result<(), ArchiveError> {
    let (document, dossier) = (d.id, d.dossier);
    let without: Vec<String> = without.iter().map(u16::to_string).collect();
    house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            let (unseen, lost) = (without.join(" "), without.len() as i64);
            tx.execute(documents::pictured(c, document, kept as i64, &unseen))?;
            if let Some(tries) = again {
                let name = format!("{DRAW}:{document}:{tries}");
                let payload = json!({ "document": document, "tries": tries });
                let due = tx.now().plus(AGAIN_AFTER);
                enqueue(&mut tx, DRAW, &name, &payload, due)?;
            }
            let event = Event::new(events::PAGES_DRAWN)
                .about("document", document)
                .to(Audience::Staff)
                .with("dossier", dossier)
                .with("pictures", kept as i64)
                .with("without", lost)
                .with("again", again.is_some());
            Ok::<_, ArchiveError>(tx.record(event, ())?)
        })
        .await
}
