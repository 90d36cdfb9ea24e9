//! The pages are counted by a person who holds the paper; where the count agrees with the
//! parser's, the document is filed, and from then on only a viewing opens it.

use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

use crate::document::{Document, State};
use crate::store::{self, documents};
use crate::{
    ArchiveError, BOX_CHARS_MAX, Life, NOTE_CHARS_MAX, SIGNED_CHARS_MAX, describe, events,
};

/// Why a document is taken back.
pub const WHYS: [&str; 5] = [
    "wrong_dossier",
    "unreadable",
    "incomplete",
    "wrong_kind",
    "twice",
];

/// A document that the actor may know of; its words opened.
pub async fn one(house: &House, by: &Actor, id: Id) -> Result<Document, ArchiveError> {
    by.may(Permission::ArchiveRead)?;
    let c = by.community;
    let found: Option<Document> = house.db.optional(documents::document(c, id)).await?;
    let d = found
        .filter(|d| d.state != State::Preparing)
        .ok_or(ArchiveError::NotFound)?;
    let life: (Life,) = house.db.one(documents::life_of(c, id)).await?;
    if life.0.seals(d.kind) {
        return Err(ArchiveError::Sealed);
    }
    let mut opened = opened(house, by, vec![d]).await?;
    opened.pop().ok_or(ArchiveError::NotFound)
}

/// Opens the words of documents, with one question to the key store.
pub async fn opened(
    house: &House,
    by: &Actor,
    mut documents: Vec<Document>,
) -> Result<Vec<Document>, ArchiveError> {
    let mut dossiers: Vec<Id> = documents.iter().map(|d| d.dossier).collect();
    dossiers.sort_unstable();
    dossiers.dedup();
    let ring = house.keys.ring(by.community, &dossiers).await?;
    for d in &mut documents {
        d.title = ring.open_text(d.dossier, "title", &d.title)?;
        d.signed_by = ring.open_text(d.dossier, "signed_by", &d.signed_by)?;
        d.note = ring.open_text(d.dossier, "note", &d.note)?;
    }
    Ok(documents)
}

/// The checker says how many pages the paper has.
///
/// # Errors
/// [`ArchiveError::Pages`] when the parser counted others: nothing is filed, and a person
/// counts again or takes the document back.
pub async fn file(
    house: &House,
    by: &Actor,
    id: Id,
    row_version: i64,
    counted: i64,
) -> Result<(), ArchiveError> {
    by.may(Permission::ArchiveFile)?;
    let d = one(house, by, id).await?;
    if by.account != Some(d.checker) {
        return Err(ArchiveError::NotFound);
    }
    if d.state != State::Received {
        return Err(ArchiveError::State(d.state));
    }
    if d.row_version != row_version {
        return Err(ArchiveError::Changed);
    }
    if counted != d.pages {
        return Err(ArchiveError::Pages {
            said: counted,
            counted: d.pages,
        });
    }
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            let now = tx.now();
            if tx.execute(documents::file(c, &d, counted, now))? == 0 {
                return Err(ArchiveError::Changed);
            }
            if let Some(earlier) = d.replaces {
                let (from, to) = (State::Filed.word(), State::Replaced.word());
                tx.execute(documents::settle(c, earlier, from, to))?;
            }
            tx.execute(store::recount(c, d.dossier))?;
            describe::plan(&mut tx, d.dossier)?;
            let event = Event::new(events::FILED)
                .about("document", d.id)
                .to(Audience::Staff)
                .with("dossier", d.dossier)
                .with("kind", d.kind.letter())
                .with("pages", counted)
                .with("late", d.due_at < now)
                .with("own", d.taken_by == d.checker)
                .with_some("replaces", d.replaces);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Takes a document back before it is filed. What the strongroom has, it keeps.
pub async fn withdraw(
    house: &House,
    by: &Actor,
    id: Id,
    row_version: i64,
    why: &str,
) -> Result<(), ArchiveError> {
    by.may(Permission::ArchiveFile)?;
    let why = WHYS.into_iter().find(|w| *w == why);
    let why = why.ok_or(ArchiveError::Words)?;
    let mut d = one(house, by, id).await?;
    if !by.account.is_some_and(|account| d.open_to(account)) {
        return Err(if d.state == State::Received {
            ArchiveError::NotFound
        } else {
            ArchiveError::State(d.state)
        });
    }
    d.row_version = row_version;
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            if tx.execute(documents::withdraw(c, &d, why))? == 0 {
                return Err(ArchiveError::Changed);
            }
            tx.execute(store::recount(c, d.dossier))?;
            describe::plan(&mut tx, d.dossier)?;
            let event = Event::new(events::WITHDRAWN)
                .about("document", d.id)
                .to(Audience::Staff)
                .with("dossier", d.dossier)
                .with("why", why);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// What may be said otherwise of a document: never the document itself.
#[derive(Clone, Debug)]
pub struct Amended {
    pub note: String,
    pub signed_by: String,
    pub paper: bool,
    pub place: String,
}

/// Changes note, signer and where the paper lies.
pub async fn amend(
    house: &House,
    by: &Actor,
    id: Id,
    row_version: i64,
    new: Amended,
) -> Result<(), ArchiveError> {
    by.may(Permission::ArchiveFile)?;
    let long = |text: &str, max: usize| text.chars().count() > max;
    if long(&new.note, NOTE_CHARS_MAX)
        || long(&new.signed_by, SIGNED_CHARS_MAX)
        || long(&new.place, BOX_CHARS_MAX)
    {
        return Err(ArchiveError::Words);
    }
    let c = by.community;
    let mut d = one(house, by, id).await?;
    // What was withdrawn, replaced or destroyed stays as it was.
    if !matches!(d.state, State::Received | State::Filed) {
        return Err(ArchiveError::State(d.state));
    }
    let ring = house.keys.make(c, &[d.dossier]).await?;
    let seal = |column: &str, text: &str| house.keys.seal_text(&ring, d.dossier, column, text);
    let (note, signed_by) = (
        seal("note", new.note.trim())?,
        seal("signed_by", new.signed_by.trim())?,
    );
    (d.note, d.signed_by) = (note, signed_by);
    (d.paper, d.place, d.row_version) = (new.paper, new.place, row_version);
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            if tx.execute(documents::amend(c, &d))? == 0 {
                return Err(ArchiveError::Changed);
            }
            describe::plan(&mut tx, d.dossier)?;
            let event = Event::new(events::AMENDED)
                .about("document", d.id)
                .to(Audience::Staff)
                .with("dossier", d.dossier);
            Ok(tx.record(event, ())?)
        })
        .await
}
