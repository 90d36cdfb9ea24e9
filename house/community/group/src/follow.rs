//! Following what conduct decides: a message that was held goes out when a person let it
//! pass, one that was found a breach is hidden, and comes back when the appeal succeeds.
//! At least once by the cursor; setting the same state twice changes nothing.

use foundation::database::{Chore, Community, Look};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;

use conduct::state::Visible;

use crate::message::{Message, MessageState};
use crate::{Count, GroupError, events, store};

/// Events looked at in one go.
const TAKE: i64 = 500;

/// Follows the compound's ledger up to its end; how many messages changed.
pub async fn follow(house: &House, c: Community) -> Result<usize, GroupError> {
    let mut changed = 0;
    loop {
        let at: Option<Count> = house.db.optional(store::cursor(c)).await?;
        let at = at.map_or(0, |n| n.0);
        let rows: Vec<(i64, String)> = house.db.all(store::decisions_after(c, at, TAKE)).await?;
        let Some((seen, _)) = rows.last().cloned() else {
            return Ok(changed);
        };
        let mut cases: Vec<Id> = rows
            .iter()
            .filter_map(|(_, subject)| subject.strip_prefix("case:")?.parse().ok())
            .collect();
        cases.sort_unstable();
        cases.dedup();
        for case in cases {
            changed += usize::from(look(house, c, case).await?);
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

/// Sets a message to what its case says of it.
async fn look(house: &House, c: Community, case: Id) -> Result<bool, GroupError> {
    let Some((kind, source, visible)) = conduct::judge::seen_of(house, c, case).await? else {
        return Ok(false);
    };
    let (true, Ok(id)) = (kind == "message", source.parse::<Id>()) else {
        return Ok(false);
    };
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
