//! An owner's own arrears: what is owed, what was said, what can be objected. Nothing here
//! closes anything to anybody.

use foundation::house::House;
use foundation::ids::Id;
use permissions::Permission;
use permissions::actor::Actor;

use crate::looking::{self, Story};
use crate::{ArrearsError, store};

/// The stories of the rooms that the actor's person owns today, in shelf order.
pub async fn stories(house: &House, by: &Actor) -> Result<Vec<(Id, Story)>, ArrearsError> {
    by.may(Permission::HomeRead)?;
    let Some(person) = by.person else {
        return Ok(Vec::new());
    };
    let (c, today) = (by.community, house.now().date());
    let asked = store::lists::rooms_owned_by(c, person, today);
    let rooms: Vec<(Id, String, Vec<u8>)> = house.db.all(asked).await?;
    let mut out = Vec::with_capacity(rooms.len());
    for (room, ..) in rooms {
        out.push((room, looking::told(house, c, room).await?));
    }
    Ok(out)
}
