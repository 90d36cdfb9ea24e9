//! The address that people type: kept, so that `doctor` and links made from the command
//! line know it; a change of it stands in the house log.

use super::{events, store};
use foundation::database::{DbError, HOUSE};
use foundation::house::House;
use foundation::ledger::{Event, Who};

const NAME: &str = "public-url";

/// Keeps the address; records the change, and nothing where it is the same.
pub async fn remember_public_url(house: &House, url: &str) -> Result<(), DbError> {
    let kept: Option<(String,)> = house.db.optional(store::said(NAME)).await?;
    if kept.is_some_and(|(kept,)| kept == url) {
        return Ok(());
    }
    let row = store::say(NAME, url);
    let digest = house.keys.digest(NAME, url.as_bytes());
    house
        .write(HOUSE, &Who::operator(), move |mut tx| {
            tx.execute(row)?;
            let event = Event::new(events::CONFIGURED)
                .with("what", "public_url")
                .with("value", digest);
            tx.record(event, ())
        })
        .await
}
