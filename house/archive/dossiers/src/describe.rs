//! What the strongroom keeps sealed beside the documents, so that it can be read without this
//! house: which paper is what, whose and of which room. Each intake brings it, and what is said
//! of a paper later (that it was filed, taken back, shredded; a new owner, a new code of the
//! room) follows as a version of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use foundation::clock::{MINUTE, Moment};
use foundation::database::{Community, DbError, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::{Job, Runner, arm, enqueue};
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;
use serde_json::{Value, json};
use strongroom::{Cause, OpaqueId, Prepared};

use crate::document::{Document, State};
use crate::dossier::Dossier;
use crate::store::{self, documents};
use crate::vault::{self, Vault};
use crate::{ArchiveError, events};

/// The job that says anew what lies in a dossier.
pub const DESCRIBE: &str = "archive.describe";
/// What changes within so long is said once: a dossier has 10,000 versions for all time.
const TOGETHER: i64 = 10 * MINUTE;

/// Registers the job.
pub fn jobs(runner: Runner<House>) -> Runner<House> {
    runner.on(DESCRIBE, |house: Arc<House>, job: Job| async move {
        let id = job.payload["dossier"].as_str().unwrap_or_default();
        let id: Id = id
            .parse()
            .map_err(|_| "the job names no dossier".to_owned())?;
        match describe(&house, job.community, id).await {
            Ok(_) | Err(ArchiveError::NotFound) => Ok(()),
            Err(e) => Err(e.to_string()),
        }
    })
}

/// The job's name and day: one for all changes of a few minutes.
fn when(dossier: Id, now: Moment) -> (String, Moment) {
    let slot = now.0.div_euclid(TOGETHER) + 1;
    (
        format!("{DESCRIBE}:{dossier}:{slot}"),
        Moment(slot * TOGETHER),
    )
}

/// With a change of what is said of a dossier's papers.
pub(crate) fn plan(tx: &mut Tx<'_>, dossier: Id) -> Result<(), DbError> {
    let c = tx.community();
    // Where nothing lies, nothing is said.
    let head: Option<(i64, String)> = tx.optional(documents::head_of(c, dossier))?;
    if head.is_none() {
        return Ok(());
    }
    let (name, due) = when(dossier, tx.now());
    enqueue(tx, DESCRIBE, &name, &json!({ "dossier": dossier }), due)
}

/// The same for the dossiers of rooms whose roster changed.
pub(crate) async fn follow(house: &House, c: Community, rooms: &[Id]) -> Result<(), ArchiveError> {
    for room in rooms {
        let found: Vec<Dossier> = house.db.all(store::of_room(c, *room)).await?;
        for d in found.iter().filter(|d| d.documents + d.waiting > 0) {
            let (name, due) = when(d.id, house.now());
            let payload = json!({ "dossier": d.id });
            arm(&house.db, c, DESCRIBE, &name, &payload, due).await?;
        }
    }
    Ok(())
}

/// What is said of a dossier.
pub(crate) struct Said(Value);

impl Said {
    /// One more paper, under the strongroom's name for it.
    pub fn with(mut self, mut paper: Value, stored: &OpaqueId) -> Said {
        paper["document"] = json!(stored.as_str());
        if let Some(papers) = self.0["documents"].as_array_mut() {
            papers.push(paper);
        }
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(&self.0).unwrap_or_default()
    }
}

/// One paper, its words opened.
pub(crate) fn paper(d: &Document, title: &str, signed_by: &str) -> Value {
    let state = match d.state {
        State::Preparing => State::Received,
        state => state,
    };
    json!({
        "document": d.stored_as,
        "kind": d.kind.letter(),
        "number": d.label(),
        "title": title,
        "day": d.day,
        "signed_by": signed_by,
        "pages": d.confirmed.unwrap_or(d.pages),
        "version": d.version,
        "state": state.word(),
        "filed": d.filed_at.map(|at| at.date().to_string()),
    })
}

/// What is to be said of a dossier now.
pub(crate) async fn of(house: &House, c: Community, d: &Dossier) -> Result<Said, ArchiveError> {
    let owners: Vec<(Id, Id, String, String)> = house.db.all(store::owners(c, &[d.id])).await?;
    let owners: Vec<&str> = owners.iter().map(|(.., name)| name.as_str()).collect();
    let rows: Vec<Document> = house.db.all(documents::of_dossier(c, d.id)).await?;
    let ring = house.keys.ring(c, &[d.id]).await?;
    let mut papers = Vec::with_capacity(rows.len() + 1);
    let inside = |r: &&Document| !matches!(r.state, State::Preparing | State::Lost);
    for row in rows.iter().filter(inside) {
        let title = ring.open_text(d.id, "title", &row.title)?;
        let signed_by = ring.open_text(d.id, "signed_by", &row.signed_by)?;
        papers.push(paper(row, &title, &signed_by));
    }
    Ok(Said(json!({
        "format": "linli-dossier-1",
        "number": d.number,
        "room": d.code,
        "tenure": d.tenure,
        "began": d.began,
        "ended": d.ended,
        "owners": owners,
        "documents": papers,
    })))
}

/// Says anew what lies in a dossier, where the strongroom says otherwise; whether it did. Safe
/// to do again.
///
/// # Errors
/// [`ArchiveError::NotFound`] where nothing lies in it.
pub async fn describe(house: &House, c: Community, dossier: Id) -> Result<bool, ArchiveError> {
    let head: Option<(i64, String)> = house.db.optional(documents::head_of(c, dossier)).await?;
    if head.is_none() {
        return Err(ArchiveError::NotFound);
    }
    let vault = Vault::of(house);
    let opened = vault.open(house).await?;
    let lock = vault.object_turn(dossier);
    let _object = lock.lock().await;
    let turn = vault.turn(house, &opened).await?;
    let found: Option<Dossier> = house.db.optional(store::dossier(c, dossier)).await?;
    let d = found.ok_or(ArchiveError::NotFound)?;
    let said = of(house, c, &d).await?.bytes();
    let (object, opener, now) = (
        vault::object(c, dossier),
        opened.opener.clone(),
        house.now(),
    );
    let prepared = turn
        .writing(house, move |room| {
            if room
                .meta(&object, &opener)?
                .is_some_and(|kept| *kept == said)
            {
                return Ok(None);
            }
            let cause: Cause = events::DESCRIBED
                .name
                .parse()
                .expect("a word of the ledger");
            let mut staged = room.intake(&object, now.0, cause)?;
            staged.meta(&said)?;
            Ok(Some(staged.prepare(BTreeMap::new())?))
        })
        .await?;
    let Some(prepared) = prepared else {
        return Ok(false);
    };
    announce(house, c, dossier, &prepared).await?;
    let publishing = prepared.clone();
    turn.writing(house, move |room| room.publish(&publishing))
        .await?;
    finish(house, c, dossier, &prepared).await?;
    Ok(true)
}

async fn announce(
    house: &House,
    c: Community,
    dossier: Id,
    prepared: &Prepared,
) -> Result<(), ArchiveError> {
    let prepared = prepared.clone();
    house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            let (version, digest) = (i64::from(prepared.version), prepared.inventory_sha512);
            let (inventory, now) = (digest.to_string(), tx.now());
            // It is about no single document: the dossier stands in its place.
            tx.execute(documents::prepare(
                c, dossier, version, &inventory, dossier, now,
            ))?;
            let event = Event::new(events::PREPARED)
                .about("dossier", dossier)
                .with("dossier", dossier)
                .with("version", version)
                .with("inventory", digest.0);
            Ok::<_, ArchiveError>(tx.record(event, ())?)
        })
        .await
}

/// Records that the version is in the strongroom: the dossier's head.
pub(crate) async fn finish(
    house: &House,
    c: Community,
    dossier: Id,
    prepared: &Prepared,
) -> Result<(), ArchiveError> {
    let (version, digest) = (i64::from(prepared.version), prepared.inventory_sha512);
    house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            let inventory = digest.to_string();
            let ended = documents::end_version(c, dossier, version, &inventory, "published");
            if tx.execute(ended)? == 0 {
                return Err(ArchiveError::Changed);
            }
            let event = Event::new(events::DESCRIBED)
                .about("dossier", dossier)
                .to(Audience::Staff)
                .with("dossier", dossier)
                .with("version", version)
                .with("inventory", digest.0);
            Ok(tx.record(event, ())?)
        })
        .await
}
