//! Who stands on the roster, for rooms that must not reveal it: conduct protects every
//! name with its home.

use crate::people::open_phones;
use crate::{RosterError, store};
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;

/// Person, name and room code of every relation that stands, at most `rows`.
pub async fn standing(
    house: &House,
    c: Community,
    rows: i64,
) -> Result<Vec<(Id, String, String)>, RosterError> {
    Ok(house.db.all(store::rows::standing(c, rows)).await?)
}

/// A person's own phones in clear, for comparing with what they write; never shown.
pub async fn phones_of(
    house: &House,
    c: Community,
    person: Id,
) -> Result<Vec<String>, RosterError> {
    let phones = open_phones(house, c, &[person]).await?;
    Ok(phones.into_iter().map(|p| p.number).collect())
}
