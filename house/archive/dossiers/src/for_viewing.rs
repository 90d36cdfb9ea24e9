//! What the room of viewings needs of dossiers. Nothing here names a permission: a viewing's
//! verb has asked for its own, and has recorded each look before a page's picture is fetched.

use std::io::Read as _;
use std::sync::Arc;

use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use strongroom::Part;

use crate::document::{Document, State};
use crate::dossier::{Dossier, Life};
use crate::store::documents;
use crate::vault::{self, Vault};
use crate::{ArchiveError, Reader, number, store};

/// Dossiers by number, or by room however it is typed; no owner is named.
pub async fn find(house: &House, c: Community, typed: &str) -> Result<Vec<Dossier>, ArchiveError> {
    let room = roster::find_room(house, c, typed).await?.map(|r| r.id);
    let asked = store::search(c, &number::searched(typed), room);
    let mut found: Vec<Dossier> = house.db.all(asked).await?;
    found.retain(|d| d.life != Life::Void);
    Ok(found)
}

/// One dossier.
pub async fn dossier(house: &House, c: Community, id: Id) -> Result<Dossier, ArchiveError> {
    let found: Option<Dossier> = house.db.optional(store::dossier(c, id)).await?;
    found
        .filter(|d| d.life != Life::Void)
        .ok_or(ArchiveError::NotFound)
}

/// The dossier of a room's present tenure.
pub async fn of_room(
    house: &House,
    c: Community,
    room: Id,
) -> Result<Option<Dossier>, ArchiveError> {
    let found: Vec<Dossier> = house.db.all(store::of_room(c, room)).await?;
    Ok(found.into_iter().find(|d| d.life == Life::Open))
}

/// Whether a party owns under a dossier's tenure.
pub async fn is_owner(
    house: &House,
    c: Community,
    dossier: Id,
    party: Id,
) -> Result<bool, ArchiveError> {
    let owners: Vec<(Id, Id, String, String)> = house.db.all(store::owners(c, &[dossier])).await?;
    Ok(owners.iter().any(|(_, owner, ..)| *owner == party))
}

/// The dossiers of tenures that a party owned under and that have ended, the newest first.
pub async fn ended_of(
    house: &House,
    c: Community,
    party: Id,
) -> Result<Vec<Dossier>, ArchiveError> {
    Ok(house.db.all(store::ended_of(c, party)).await?)
}

/// The parties that own under some dossiers' tenures: dossier and party.
pub async fn owners(
    house: &House,
    c: Community,
    dossiers: &[Id],
) -> Result<Vec<(Id, Id)>, ArchiveError> {
    if dossiers.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Id, Id, String, String)> = house.db.all(store::owners(c, dossiers)).await?;
    Ok(rows.into_iter().map(|(d, party, ..)| (d, party)).collect())
}

/// What was filed in a dossier, titles opened; earlier versions too.
pub async fn filed(
    house: &House,
    c: Community,
    dossier: Id,
) -> Result<Vec<Document>, ArchiveError> {
    let mut rows: Vec<Document> = house.db.all(documents::of_dossier(c, dossier)).await?;
    rows.retain(is_filed);
    let ring = house.keys.ring(c, &[dossier]).await?;
    for d in &mut rows {
        d.title = ring.open_text(dossier, "title", &d.title)?;
        // Names and notes are not needed to choose a page.
        (d.signed_by, d.note) = (String::new(), String::new());
    }
    Ok(rows)
}

/// A filed document, its title opened.
pub async fn document(house: &House, c: Community, id: Id) -> Result<Document, ArchiveError> {
    let found: Option<Document> = house.db.optional(documents::document(c, id)).await?;
    let mut d = found.filter(is_filed).ok_or(ArchiveError::NotFound)?;
    d.title = house
        .keys
        .open_words(c, d.dossier, "title", &d.title)
        .await?;
    (d.signed_by, d.note) = (String::new(), String::new());
    Ok(d)
}

fn is_filed(d: &Document) -> bool {
    matches!(d.state, State::Filed | State::Replaced)
}

/// The picture of a page of a filed document, counted from 1, as JPEG: the kept one, or drawn
/// anew by the confined child. Never the file itself.
///
/// # Errors
/// [`ArchiveError::NotFound`] for what is not filed; [`ArchiveError::File`] when no picture
/// can be drawn.
pub async fn picture(
    house: &House,
    c: Community,
    d: &Document,
    page: u32,
) -> Result<Vec<u8>, ArchiveError> {
    if !is_filed(d) || page == 0 || i64::from(page) > d.pages {
        return Err(ArchiveError::NotFound);
    }
    drawn(house, c, d, page).await
}

/// The kept picture of a page, or one drawn anew.
pub(crate) async fn drawn(
    house: &House,
    c: Community,
    d: &Document,
    page: u32,
) -> Result<Vec<u8>, ArchiveError> {
    let opened = Vault::of(house).open(house).await?;
    let (stored, kind) = d.stored()?;
    let object = vault::object(c, d.dossier);
    let kept = d.has_picture(page);
    let part = match u16::try_from(page) {
        Ok(page) if kept => Part::Page(page),
        _ => Part::Original,
    };
    let bytes = tokio::task::spawn_blocking(move || {
        let mut sealed = opened.room.read(&object, &stored, part, &opened.opener)?;
        let mut plain = Vec::with_capacity(usize::try_from(sealed.size()).unwrap_or(0));
        sealed.read_to_end(&mut plain)?;
        Ok::<_, ArchiveError>(plain)
    });
    let bytes = bytes.await.map_err(std::io::Error::other)??;
    if kept {
        Ok(bytes)
    } else {
        Reader::of(house).picture(Arc::new(bytes), kind, page).await
    }
}
