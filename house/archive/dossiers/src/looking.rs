//! Until a document is filed, who handed it in and who checks it see its pages: as pictures
//! drawn anew, each look in the ledger before its bytes leave.

use foundation::database::Look;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Event;
use permissions::Permission;
use permissions::actor::Actor;

use crate::store::documents;
use crate::{ArchiveError, Document, events, filing, for_viewing};

/// The picture of a page, counted from 1, as JPEG.
///
/// # Errors
/// [`ArchiveError::NotFound`] for everybody else and once it is filed;
/// [`ArchiveError::File`] when no picture can be drawn.
pub async fn page(house: &House, by: &Actor, id: Id, page: u32) -> Result<Vec<u8>, ArchiveError> {
    by.may(Permission::ArchiveFile)?;
    let d = filing::one(house, by, id).await?;
    let account = by.account.ok_or(ArchiveError::NotFound)?;
    if !d.open_to(account) || page == 0 || i64::from(page) > d.pages {
        return Err(ArchiveError::NotFound);
    }
    let c = by.community;
    let (document, dossier) = (d.id, d.dossier);
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            // Filed meanwhile by another hand: then it is closed.
            if !still_open(tx.optional(documents::document(c, document))?, account) {
                return Err(ArchiveError::NotFound);
            }
            let event = Event::new(events::PAGE_SEEN)
                .about("document", document)
                .with("dossier", dossier)
                .with("page", page);
            Ok(tx.record(event, ())?)
        })
        .await?;
    let drawn = for_viewing::drawn(house, c, &d, page).await?;
    // Drawing may have waited for a hand; what was filed in that time does not leave.
    let now: Option<Document> = house.db.optional(documents::document(c, document)).await?;
    if still_open(now, account) {
        Ok(drawn)
    } else {
        Err(ArchiveError::NotFound)
    }
}

fn still_open(d: Option<Document>, account: Id) -> bool {
    d.is_some_and(|d| d.open_to(account))
}
