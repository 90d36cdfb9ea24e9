//! A room as it is typed.

use super::Desk;
use crate::{FeesError, store};
use foundation::ids::Id;
use hanzi::room::RoomCode;

/// The room of a typed code; `None` where nothing was typed.
pub async fn room_of_code(desk: &Desk, text: &str) -> Result<Option<Id>, FeesError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let code = RoomCode::parse(text).map_err(|_| FeesError::NoSuchRoom)?;
    let c = desk.actor.community;
    let found: Option<(Id,)> = desk
        .house
        .db
        .optional(store::room_by_code(c, &code.normal()))
        .await?;
    Ok(Some(found.ok_or(FeesError::NoSuchRoom)?.0))
}
