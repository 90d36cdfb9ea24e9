//! 我的費用: what an owner owes and has paid, room by room, on a phone.

use askama::Template;
use axum::response::Response;

use super::{Desk, way_word};
use crate::{AccountView, FeesError, account, my_rooms};
use foundation::page::{self, Frame};

/// Bills and payments shown at once on a phone; the rest folds away.
const FIRST_SHOWN: usize = 6;

#[derive(Template)]
#[template(path = "fees/mine.html")]
struct MyFees {
    frame: Frame,
    rooms: Vec<AccountView>,
    today: jiff::civil::Date,
    first_shown: usize,
}

pub async fn show(desk: Desk) -> Response {
    match read(&desk).await {
        Ok(rooms) => page::ok(MyFees {
            today: desk.house.now().date(),
            frame: desk.frame.titled("fees-mine"),
            rooms,
            first_shown: FIRST_SHOWN,
        }),
        Err(error) => desk.refused(&error),
    }
}

async fn read(desk: &Desk) -> Result<Vec<AccountView>, FeesError> {
    let mut rooms = Vec::new();
    for (room, _) in my_rooms(&desk.house, &desk.actor).await? {
        rooms.push(account(&desk.house, &desk.actor, room).await?);
    }
    Ok(rooms)
}
