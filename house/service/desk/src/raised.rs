//! A message of the group becomes a ticket: its words, its author as the reporter, the clock from
//! when it was said. A message is one ticket, however many colleagues press.

use foundation::house::House;
use foundation::ids::Id;
use group::speak::{self, Raised};
use permissions::Permission;
use permissions::actor::Actor;

use crate::Refused;
use crate::opening::{self, New, Opened, Place, Reporter};
use crate::words::{Kind, Source};

/// Opens a ticket of a message.
///
/// # Errors
/// [`Refused::Group`] for a message that is gone or not the reader's to see.
pub async fn raise(house: &House, by: &Actor, message: Id) -> Result<Opened, Refused> {
    by.may(Permission::DeskHandle)?;
    let c = by.community;
    if let Some(before) = opening::there(house, c, message).await? {
        return Ok(before);
    }
    let said = speak::raise(house, by, message, Raised::Ticket).await?;
    let person = accounts::staff::person_of(house, c, said.author).await?;
    let reporter = Reporter {
        person,
        account: Some(said.author),
        taken_by: by.account,
        ..Reporter::default()
    };
    let new = New {
        // The message's own id: pressed twice, it is there already.
        id: Some(message),
        kind: Kind::Enquiry,
        source: Source::Message,
        words: said.text,
        place: Place::Nowhere,
        since: Some(said.at),
        ..New::default()
    };
    let who = by.who_for(Permission::DeskHandle);
    match opening::put(house, c, who, reporter, new).await {
        Err(Refused::Again) => opening::there(house, c, message)
            .await?
            .ok_or(Refused::Again),
        other => other,
    }
}
