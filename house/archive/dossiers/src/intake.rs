//! A document is handed in: read by a confined child, sealed as it comes, recorded before and
//! after it enters the strongroom. Its plaintext lies in memory only.

use std::collections::BTreeMap;
use std::sync::Arc;

use foundation::clock::Moment;
use foundation::database::{Community, DbError, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;
use scans::Inspected;
use scans::camera::Point;
use strongroom::{Cause, Media, OpaqueId, Part, Prepared};

use crate::document::{Document, Draft, State, TO_FILE_WITHIN};
use crate::dossier::{Dossier, Life};
use crate::store::{self, documents};
use crate::turn::Turn;
use crate::vault::{self, Vault};
use crate::{
    ArchiveError, BOX_CHARS_MAX, NOTE_CHARS_MAX, NTH_MAX, Reader, SIGNED_CHARS_MAX,
    TITLE_CHARS_MAX, describe, events, pictures, recovery,
};

/// All files of one document together: photographs of a paper are bound into one.
pub const UPLOAD_BYTES_MAX: usize = 60 << 20;
/// Photographs bound into one document.
pub const PHOTOS_MAX: usize = 60;

/// A file as it came.
#[derive(Clone)]
pub struct Upload {
    pub name: String,
    pub bytes: Arc<Vec<u8>>,
    /// Of a photograph: where the paper's corners lie, set by hand.
    pub corners: Option<[Point; 4]>,
}

/// What was read of the files before anything was kept.
struct Taken {
    bytes: Arc<Vec<u8>>,
    found: Inspected,
    /// The photographs that it was bound of, as they were taken: kept beside it.
    photos: Vec<(Media, Arc<Vec<u8>>)>,
}

/// Hands a document in; its pages are then to be counted by the checker.
///
/// # Errors
/// [`ArchiveError::File`] with the reason why a file is not taken; [`ArchiveError::Full`]:
/// nothing of it is kept then.
pub async fn hand_in(
    house: &House,
    by: &Actor,
    dossier: Id,
    draft: Draft,
    files: Vec<Upload>,
) -> Result<Id, ArchiveError> {
    by.may(Permission::ArchiveFile)?;
    let c = by.community;
    let d = open_dossier(house, c, dossier).await?;
    let draft = said(house, by, draft).await?;
    let taken = read(house, files).await?;
    let vault = Vault::of(house);
    let opened = vault.open(house).await?;
    let id = house.id();
    let done = {
        let object = vault.object_turn(dossier);
        let _object = object.lock().await;
        let turn = vault.turn(house, &opened).await?;
        store_away(house, by, &d, id, draft, taken, &turn).await
    };
    if done.is_err() {
        // What was begun is finished or moved aside; a disk that stays full is told again.
        if let Err(e) = recovery::recover(house).await {
            tracing::warn!(error = %e, "the strongroom waits to be put right");
        }
        let kept: Option<Document> = house.db.optional(documents::document(c, id)).await?;
        if kept.is_some_and(|d| d.state == State::Received) {
            return Ok(id);
        }
    }
    done
}

async fn open_dossier(house: &House, c: Community, id: Id) -> Result<Dossier, ArchiveError> {
    let found: Option<Dossier> = house.db.optional(store::dossier(c, id)).await?;
    // A paper that turns up later belongs to the tenure it was made in.
    let dossier = found
        .filter(|d| d.life != Life::Void)
        .ok_or(ArchiveError::NotFound)?;
    if dossier.life == Life::Sealed {
        return Err(ArchiveError::Sealed);
    }
    Ok(dossier)
}

/// Looks at what is said of the document.
async fn said(house: &House, by: &Actor, mut draft: Draft) -> Result<Draft, ArchiveError> {
    let c = by.community;
    for text in [&mut draft.title, &mut draft.signed_by, &mut draft.place] {
        *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let long = |text: &str, max: usize| text.chars().count() > max;
    if draft.title.is_empty() || long(&draft.title, TITLE_CHARS_MAX) {
        return Err(ArchiveError::Title);
    }
    if long(&draft.signed_by, SIGNED_CHARS_MAX)
        || long(&draft.note, NOTE_CHARS_MAX)
        || long(&draft.place, BOX_CHARS_MAX)
    {
        return Err(ArchiveError::Words);
    }
    let account = by.account.ok_or(ArchiveError::NotFound)?;
    let checkers = checkers(house, by).await?;
    if !checkers.iter().any(|(id, _)| *id == draft.checker) {
        return Err(if draft.checker == account {
            ArchiveError::OwnDocument
        } else {
            ArchiveError::Checker
        });
    }
    if let Some(earlier) = draft.replaces {
        let earlier: Option<Document> = house.db.optional(documents::document(c, earlier)).await?;
        let fits = earlier.is_some_and(|e| e.state == State::Filed && e.kind == draft.kind);
        if !fits {
            return Err(ArchiveError::NotFound);
        }
    }
    Ok(draft)
}

/// Who may count what the actor hands in, account and name: whoever files documents here, the
/// actor alone where nobody else does.
pub async fn checkers(house: &House, by: &Actor) -> Result<Vec<(Id, String)>, ArchiveError> {
    let roles = Permission::ArchiveFile.roles();
    let holders = accounts::staff::holders(house, by.community, roles).await?;
    let mut all: Vec<(Id, String)> = Vec::new();
    for one in holders.into_iter().filter(|one| one.active) {
        if !all.iter().any(|(id, _)| *id == one.id) {
            all.push((one.id, one.name));
        }
    }
    if all.len() > 1 {
        all.retain(|(id, _)| by.account != Some(*id));
    }
    Ok(all)
}

/// One file as it is; several are photographs of the pages of one paper.
async fn read(house: &House, mut files: Vec<Upload>) -> Result<Taken, ArchiveError> {
    let reader = Reader::of(house);
    if files.len() > PHOTOS_MAX {
        return Err(ArchiveError::TooMany);
    }
    let first = files.pop().ok_or(ArchiveError::NoFile)?;
    if files.is_empty() && first.corners.is_none() {
        let found = reader.inspect(first.bytes.clone(), &first.name).await?;
        return Ok(Taken {
            bytes: first.bytes,
            found,
            photos: Vec::new(),
        });
    }
    files.push(first);
    use scans::Kind as K;
    let mut taken = Vec::with_capacity(files.len());
    for file in &files {
        let found = reader.inspect(file.bytes.clone(), &file.name).await?;
        if !matches!(found.kind, K::Jpeg | K::Png | K::WebP | K::Heic) {
            return Err(ArchiveError::Mixed);
        }
        let media: Media = found.kind.media_type().parse().expect("a media type");
        taken.push((media, file.bytes.clone()));
    }
    let photos = files.into_iter().map(|f| (f.bytes, f.corners)).collect();
    let bytes = Arc::new(reader.bind(photos).await?);
    let found = reader.inspect(bytes.clone(), "photographs.pdf").await?;
    Ok(Taken {
        bytes,
        found,
        photos: taken,
    })
}

/// Frozen words of what a person should know of the file.
fn noticed(taken: &Taken) -> String {
    use scans::Note as N;
    let mut words: Vec<&str> = taken
        .found
        .notes
        .iter()
        .filter_map(|note| match note {
            N::NameDisagrees => Some("name"),
            N::Place => Some("place"),
            N::SecondPicture | N::Film => Some("more"),
            N::Signed => Some("signed"),
            N::Form => Some("form"),
            N::Updates { .. } => Some("updates"),
            _ => None,
        })
        .collect();
    if !taken.photos.is_empty() {
        words.push("bound");
    }
    words.dedup();
    words.join(" ")
}

async fn store_away(
    house: &House,
    by: &Actor,
    d: &Dossier,
    id: Id,
    draft: Draft,
    taken: Taken,
    turn: &Turn,
) -> Result<Id, ArchiveError> {
    let c = by.community;
    let mut document = described(house, by, d, &draft, &taken).await?;
    document.id = id;
    // Nobody else counts on: this one has the dossier's turn.
    let (last,): (i64,) = house
        .db
        .one(documents::last_nth(c, d.id, draft.kind))
        .await?;
    document.nth = last + 1;
    let said = describe::of(house, c, d).await?;
    let new = describe::paper(&document, &draft.title, &draft.signed_by);
    let (object, kind, bytes) = (vault::object(c, d.id), draft.kind, taken.bytes);
    let photos = taken.photos;
    let media: Media = taken.found.kind.media_type().parse().expect("a media type");
    let now = house.now();
    let (stored, prepared) = turn
        .writing(house, move |room| {
            let cause: Cause = events::RECEIVED.name.parse().expect("a word of the ledger");
            let mut staged = room.intake(&object, now.0, cause)?;
            let stored: OpaqueId = staged.document(kind.class())?;
            staged.file(&stored, Part::Original, media, &mut bytes.as_slice())?;
            // Binding flattens and shrinks: what the camera took stays what it was.
            for ((media, photo), nth) in photos.into_iter().zip(1..) {
                staged.file(&stored, Part::Photo(nth), media, &mut photo.as_slice())?;
            }
            staged.meta(&said.with(new, &stored).bytes())?;
            Ok((stored, staged.prepare(BTreeMap::new())?))
        })
        .await?;
    document.stored_as = stored.as_str().to_owned();
    announce(house, by, document, &prepared).await?;
    let publishing = prepared.clone();
    turn.writing(house, move |room| room.publish(&publishing))
        .await?;
    finish(house, by, d.id, id, &prepared).await?;
    Ok(id)
}

/// The row, its words sealed under the dossier's own key.
async fn described(
    house: &House,
    by: &Actor,
    d: &Dossier,
    draft: &Draft,
    taken: &Taken,
) -> Result<Document, ArchiveError> {
    let c = by.community;
    let account = by.account.ok_or(ArchiveError::NotFound)?;
    let ring = house.keys.make(c, &[d.id]).await?;
    let seal = |column: &str, text: &str| house.keys.seal_text(&ring, d.id, column, text);
    let version = match draft.replaces {
        Some(earlier) => {
            let earlier: Document = house.db.one(documents::document(c, earlier)).await?;
            earlier.version + 1
        }
        None => 1,
    };
    let now = house.now();
    Ok(Document {
        id: house.id(),
        dossier: d.id,
        kind: draft.kind,
        nth: 0,
        title: seal("title", &draft.title)?,
        signed_by: seal("signed_by", &draft.signed_by)?,
        note: seal("note", draft.note.trim())?,
        day: draft.day.clone(),
        state: State::Preparing,
        replaces: draft.replaces,
        version,
        pages: taken.found.pages.into(),
        confirmed: None,
        pictures: None,
        unseen: String::new(),
        paper: draft.paper,
        place: draft.place.clone(),
        media: taken.found.kind.media_type().to_owned(),
        bytes: taken.bytes.len() as i64,
        noticed: noticed(taken),
        retention: draft.kind.retention().to_owned(),
        stored_as: String::new(),
        taken_by: account,
        taken_name: accounts::name_of(house, account).await?,
        checker: draft.checker,
        checker_name: accounts::name_of(house, draft.checker).await?,
        why: String::new(),
        received_at: now,
        due_at: Moment(now.0 + TO_FILE_WITHIN),
        filed_at: None,
        row_version: 1,
    })
}

/// Records that a version is ready, before it is in the strongroom.
async fn announce(
    house: &House,
    by: &Actor,
    mut document: Document,
    prepared: &Prepared,
) -> Result<(), ArchiveError> {
    let c = by.community;
    let prepared = prepared.clone();
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            let (dossier, kind) = (document.dossier, document.kind);
            let (last,): (i64,) = tx.one(documents::last_nth(c, dossier, kind))?;
            if last >= NTH_MAX {
                return Err(ArchiveError::TooMany);
            }
            document.nth = last + 1;
            tx.execute(documents::insert(c, &document))?;
            let event = prepare_in(&mut tx, dossier, document.id, &prepared)?;
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Keeps a version that is ready, and the event that says so.
pub(crate) fn prepare_in(
    tx: &mut Tx<'_>,
    dossier: Id,
    document: Id,
    prepared: &Prepared,
) -> Result<Event, DbError> {
    let (c, now) = (tx.community(), tx.now());
    let (version, digest) = (i64::from(prepared.version), prepared.inventory_sha512);
    let inventory = digest.to_string();
    tx.execute(documents::prepare(
        c, dossier, version, &inventory, document, now,
    ))?;
    Ok(Event::new(events::PREPARED)
        .about("document", document)
        .with("dossier", dossier)
        .with("version", version)
        .with("inventory", digest.0))
}

/// Records that the version is in the strongroom; from now on the document is there.
pub(crate) async fn finish(
    house: &House,
    by: &Actor,
    dossier: Id,
    document: Id,
    prepared: &Prepared,
) -> Result<(), ArchiveError> {
    let c = by.community;
    let (version, digest) = (i64::from(prepared.version), prepared.inventory_sha512);
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            let ended =
                documents::end_version(c, dossier, version, &digest.to_string(), "published");
            if tx.execute(ended)? == 0 {
                return Err(ArchiveError::Changed);
            }
            let (from, to) = (State::Preparing.word(), State::Received.word());
            // The version of pictures that recovery finished is of a document that was there.
            if tx.execute(documents::settle(c, document, from, to))? > 0 {
                pictures::plan(&mut tx, document)?;
            }
            tx.execute(store::recount(c, dossier))?;
            let event = Event::new(events::RECEIVED)
                .about("document", document)
                .to(Audience::Staff)
                .with("dossier", dossier)
                .with("version", version)
                .with("inventory", digest.0);
            Ok(tx.record(event, ())?)
        })
        .await
}
