//! Following what conduct decides: a message that was held goes out when a person let it
//! pass, one that was found a breach is hidden, and comes back when the appeal succeeds.
//! And what becomes of members: the first of a building opens its channel, whoever leaves
//! keeps order no longer. At least once by the cursor; doing it twice changes nothing.

use foundation::database::{Chore, Community, Look};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;

use conduct::state::Visible;
use membership::directory;

use crate::message::{Message, MessageState};
use crate::{Count, GroupError, acting, channels, events, forward, skills, store};

/// Events looked at in one go.
const TAKE: i64 = 500;

/// Follows the compound's ledger up to its end; how many messages changed.
pub async fn follow(house: &House, c: Community) -> Result<usize, GroupError> {
    let mut changed = 0;
    loop {
        let at: Option<Count> = house.db.optional(store::cursor(c)).await?;
        let at = at.map_or(0, |n| n.0);
        let rows: Vec<(i64, String, String)> =
            house.db.all(store::decisions_after(c, at, TAKE)).await?;
        let Some((seen, ..)) = rows.last().cloned() else {
            return Ok(changed);
        };
        let mut cases: Vec<Id> = rows
            .iter()
            .filter_map(|(_, subject, _)| subject.strip_prefix("case:")?.parse().ok())
            .collect();
        cases.sort_unstable();
        cases.dedup();
        for case in cases {
            changed += usize::from(look(house, c, case).await?);
        }
        for (_, subject, joined) in &rows {
            if let Some(room) = room_of(joined) {
                open_for(house, c, room).await?;
            } else if let Some(Ok(member)) = subject.strip_prefix("member:").map(str::parse) {
                may_have_left(house, c, member).await?;
            }
        }
        house
            .db
            .keep::<_, GroupError, _>(Chore::Cursor, c, move |r| {
                r.execute(store::move_cursor(c, seen))?;
                Ok(())
            })
            .await?;
    }
}

/// The home of whoever joined.
fn room_of(joined: &str) -> Option<Id> {
    let facts: serde_json::Value = serde_json::from_str(joined).ok()?;
    facts["room"].as_str()?.parse().ok()
}

/// Somebody of a building joined: it has a channel.
async fn open_for(house: &House, c: Community, room: Id) -> Result<(), GroupError> {
    let found: Vec<(String,)> = house.db.all(store::buildings_of(c, &[room])).await?;
    for (building,) in found {
        channels::open_for_building(house, c, &building).await?;
    }
    Ok(())
}

/// Whoever is no member any more keeps order no longer.
async fn may_have_left(house: &House, c: Community, member: Id) -> Result<(), GroupError> {
    if let Some(member) = directory::standing(house, c, member).await? {
        acting::left(house, c, member.account).await?;
        skills::left(house, c, member.account).await?;
    }
    Ok(())
}

/// Sets what was said to what its case says of it.
async fn look(house: &House, c: Community, case: Id) -> Result<bool, GroupError> {
    let Some((kind, source, visible)) = conduct::judge::seen_of(house, c, case).await? else {
        return Ok(false);
    };
    let Ok(id) = source.parse::<Id>() else {
        return Ok(false);
    };
    match kind.as_str() {
        "message" => message(house, c, case, id, visible).await,
        "skill" => skills::look(house, c, id, visible).await,
        _ => Ok(false),
    }
}

async fn message(
    house: &House,
    c: Community,
    case: Id,
    id: Id,
    visible: Visible,
) -> Result<bool, GroupError> {
    let wanted = match visible {
        Visible::Shown => MessageState::Shown,
        Visible::Held => MessageState::Held,
        Visible::Hidden => MessageState::Hidden,
    };
    let done = house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            let message: Message = tx
                .optional(store::message(c, id))?
                .ok_or(GroupError::NotFound)?;
            // What its author took back stays away, and what others saw is hidden rather
            // than held: they are told that something was there.
            let to = match (message.state, wanted) {
                (MessageState::Recalled, _) => return Err(GroupError::Changed),
                (MessageState::Shown, MessageState::Held) => MessageState::Hidden,
                (MessageState::Hidden, MessageState::Held) => return Err(GroupError::Changed),
                (from, to) if from == to => return Err(GroupError::Changed),
                (_, to) => to,
            };
            let Count(tick) = tx.one(store::next_tick(c))?;
            tx.execute(store::set_state(c, id, message.state, to, tick))?;
            if to == MessageState::Hidden {
                forward::fade(&mut tx, id)?;
            }
            let kind = if to == MessageState::Shown {
                events::SHOWN
            } else {
                events::HIDDEN
            };
            let event = Event::new(kind)
                .about("message", id)
                .to(Audience::Members)
                .with("channel", message.channel)
                .with("seq", message.seq)
                .with("case", case);
            Ok(tx.record(event, true)?)
        })
        .await;
    match done {
        Err(GroupError::Changed | GroupError::NotFound) => Ok(false),
        other => other,
    }
}
