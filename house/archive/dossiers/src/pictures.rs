//! The pictures of a document's pages, drawn once after it was handed in and kept sealed beside
//! it: a viewing shows them, never the file itself. A page that cannot be drawn is told while the
//! paper can still be scanned anew.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::sync::Arc;

use foundation::database::{Community, DbError, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::{Job, Runner, enqueue};
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;
use scans::jail::{Answer, Operation};
use scans::{Limits, Look, Refused};
use serde_json::json;
use strongroom::{Cause, Media, Part, Prepared};

use crate::document::{Document, State};
use crate::store::documents;
use crate::vault::{self, Vault};
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
        match draw(&house, job.community, id).await {
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

/// What came of drawing: the version with the pictures, and pages without one.
struct Drawn {
    prepared: Option<Prepared>,
    without: Vec<u32>,
}

/// Draws the pictures of a document that has none yet. Safe to do again.
pub async fn draw(house: &House, c: Community, id: Id) -> Result<(), ArchiveError> {
    let found: Option<Document> = house.db.optional(documents::document(c, id)).await?;
    let d = found
        .filter(|d| matches!(d.state, State::Received | State::Filed))
        .ok_or(ArchiveError::NotFound)?;
    if d.pictures.is_some() {
        return Ok(());
    }
    let vault = Vault::of(house);
    let opened = vault.open(house).await?;
    let _turn = vault.turn.read().await;
    let object = vault.object_turn(d.dossier);
    let _object = object.lock().await;
    // Another may have drawn them, or somebody taken the document back, while this one waited.
    let d: Document = house.db.one(documents::document(c, id)).await?;
    if d.pictures.is_some() || !matches!(d.state, State::Received | State::Filed) {
        return Ok(());
    }
    let reader = Reader::of(house);
    let (_hand, worker) = reader.hand().await?;
    let (object, pages, now) = (vault::object(c, d.dossier), d.pages, house.now());
    let (stored, kind) = d.stored()?;
    let opener = opened.opener.clone();
    let drawn = opened
        .writing(now, move |room| {
            let mut plain = Vec::new();
            room.read(&object, &stored, Part::Original, &opener)?
                .read_to_end(&mut plain)?;
            let cause: Cause = events::PICTURED.name.parse().expect("a word of the ledger");
            let mut staged = room.intake(&object, now.0, cause)?;
            staged.revise(&stored)?;
            let mut without = Vec::new();
            let last = u16::try_from(pages).unwrap_or(u16::MAX);
            for page in 1..=last {
                let operation = Operation::Render {
                    kind,
                    page: page.into(),
                    look: Look::default(),
                };
                match worker.run(operation, &plain, &Limits::default()) {
                    Ok(Answer::File(jpeg)) => {
                        let media: Media = "image/jpeg".parse().expect("a media type");
                        staged.file(&stored, Part::Page(page), media, &mut jpeg.as_slice())?;
                    }
                    // The reader did not start: that says nothing of the page.
                    Err(Refused::TooHeavy(scans::Heavy::NotStarted)) => {
                        return Err(std::io::Error::other("no reader").into());
                    }
                    _ => without.push(page.into()),
                }
            }
            let none = without.len() == usize::from(last);
            let prepared = if none {
                None
            } else {
                Some(staged.prepare(BTreeMap::new())?)
            };
            Ok(Drawn { prepared, without })
        })
        .await?;
    if let Some(prepared) = &drawn.prepared {
        announce(house, c, &d, prepared).await?;
        let publishing = prepared.clone();
        opened
            .writing(house.now(), move |room| room.publish(&publishing))
            .await?;
    }
    finish(house, c, &d, drawn).await
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

async fn finish(
    house: &House,
    c: Community,
    d: &Document,
    drawn: Drawn,
) -> Result<(), ArchiveError> {
    let (document, dossier) = (d.id, d.dossier);
    let without: Vec<String> = drawn.without.iter().map(u32::to_string).collect();
    let pictures = d.pages - drawn.without.len() as i64;
    house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            let unseen = without.join(" ");
            tx.execute(documents::pictured(c, document, pictures, &unseen))?;
            let mut event = Event::new(events::PICTURED)
                .about("document", document)
                .to(Audience::Staff)
                .with("dossier", dossier)
                .with("pictures", pictures)
                .with("without", without.len() as i64);
            if let Some(prepared) = drawn.prepared {
                let (version, digest) = (i64::from(prepared.version), prepared.inventory_sha512);
                let inventory = digest.to_string();
                let ended = documents::end_version(c, dossier, version, &inventory, "published");
                tx.execute(ended)?;
                event = event.with("version", version).with("inventory", digest.0);
            }
            Ok(tx.record(event, ())?)
        })
        .await
}
