//! 我的費用: what an owner owes and has paid, room by room, on a phone.

use askama::Template;
use axum::response::Response;

use super::{Desk, way_word};
use crate::meters::{MeterRow, meters_of_room};
use crate::{AccountView, FeesError, PayWays, account, my_rooms, pay_ways, policy};
use foundation::page::{self, Frame};

/// Bills and payments shown at once on a phone; the rest folds away.
const FIRST_SHOWN: usize = 6;

#[derive(Template)]
#[template(path = "fees/mine.html")]
struct MyFees {
    frame: Frame,
    rooms: Vec<AccountView>,
    /// The meters of each room, where owners read them themselves.
    meters: std::collections::HashMap<foundation::ids::Id, Vec<MeterRow>>,
    /// How to pay, by the key of each label.
    ways: Vec<(&'static str, String)>,
    base: String,
    today: jiff::civil::Date,
    first_shown: usize,
}

pub async fn show(desk: Desk) -> Response {
    match read(&desk).await {
        Ok((rooms, meters, ways)) => page::ok(MyFees {
            base: desk.at("/my-fees"),
            meters,
            ways: ways
                .said()
                .into_iter()
                .map(|(label, said)| (label, said.to_owned()))
                .collect(),
            today: desk.house.now().date(),
            frame: desk.frame.titled("fees-mine"),
            rooms,
            first_shown: FIRST_SHOWN,
        }),
        Err(error) => desk.refused(&error),
    }
}

type Read = (
    Vec<AccountView>,
    std::collections::HashMap<foundation::ids::Id, Vec<MeterRow>>,
    PayWays,
);

async fn read(desk: &Desk) -> Result<Read, FeesError> {
    let (mut rooms, mut meters) = (Vec::new(), std::collections::HashMap::new());
    let reads = policy(&desk.house, desk.actor.community).await?.owners_read;
    for (room, _) in my_rooms(&desk.house, &desk.actor).await? {
        rooms.push(account(&desk.house, &desk.actor, room).await?);
        if reads {
            let mut own = meters_of_room(&desk.house, &desk.actor, room).await?;
            own.retain(|m| m.removed_on.is_none());
            meters.insert(room, own);
        }
    }
    let ways = pay_ways(&desk.house, desk.actor.community).await?;
    Ok((rooms, meters, ways))
}
