//! What becomes of a message after it was said: taken back, put above the channel.

use foundation::database::Look;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

use crate::message::{Message, MessageState};
use crate::{Count, GroupError, RECALL_WITHIN_MS, channels, events, forward, store};

/// Takes one's own message back; it is hidden from all and kept as the law asks. Taking it
/// back again, because the answer was lost, is taking it back once.
pub async fn recall(house: &House, by: &Actor, id: Id) -> Result<(), GroupError> {
    by.may(Permission::GroupSpeak)?;
    let account = by.account.ok_or(GroupError::NotFound)?;
    let c = by.community;
    let done = house
        .write(c, &by.who_for(Permission::GroupSpeak), move |mut tx| {
            let message: Message = tx
                .optional(store::message(c, id))?
                .filter(|m: &Message| m.author == account)
                .ok_or(GroupError::NotFound)?;
            if message.state == MessageState::Recalled {
                return Err(GroupError::Changed);
            }
            if tx.now().0 - message.at.0 > RECALL_WITHIN_MS
                || !matches!(message.state, MessageState::Shown | MessageState::Held)
            {
                return Err(GroupError::RecallOver);
            }
            let Count(tick) = tx.one(store::next_tick(c))?;
            let from = message.state;
            tx.execute(store::set_state(c, id, from, MessageState::Recalled, tick))?;
            forward::fade(&mut tx, id)?;
            let event = Event::new(events::RECALLED)
                .about("message", id)
                .to(Audience::Members)
                .with("channel", message.channel)
                .with("seq", message.seq);
            Ok(tx.record(event, ())?)
        })
        .await;
    if let Err(GroupError::Changed) = done {
        // What the first try wrote is an answer when it is on the disk.
        let there: Option<Message> = house.db.optional(store::message(c, id)).await?;
        if there.is_some_and(|m| m.state == MessageState::Recalled) {
            return Ok(());
        }
    }
    done
}

/// Puts a message above the channel, or takes it from there.
pub async fn pin(house: &House, by: &Actor, id: Id, pinned: bool) -> Result<(), GroupError> {
    by.may(Permission::GroupPin)?;
    let c = by.community;
    let found: Option<Message> = house.db.optional(store::message(c, id)).await?;
    let message = found.ok_or(GroupError::NotFound)?;
    channels::one(house, by, message.channel).await?;
    house
        .write(c, &by.who_for(Permission::GroupPin), move |mut tx| {
            let at = pinned.then(|| tx.now());
            let Count(tick) = tx.one(store::next_tick(c))?;
            if tx.execute(store::set_pin(c, id, at, tick))? == 0 {
                return Err(GroupError::NotFound);
            }
            let kind = if pinned {
                events::PINNED
            } else {
                events::UNPINNED
            };
            let event = Event::new(kind)
                .about("message", id)
                .to(Audience::Members)
                .with("channel", message.channel);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// What the office makes of a message elsewhere in the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Raised {
    Ticket,
    Answer,
}

impl Raised {
    fn word(self) -> &'static str {
        match self {
            Raised::Ticket => "ticket",
            Raised::Answer => "answer",
        }
    }
}

/// Notes that the office takes a message up; the message, for the room that makes something of it.
pub async fn raise(house: &House, by: &Actor, id: Id, into: Raised) -> Result<Message, GroupError> {
    by.may(Permission::GroupSpeak)?;
    let c = by.community;
    let found: Option<Message> = house.db.optional(store::message(c, id)).await?;
    let found = found.filter(|m| m.state == MessageState::Shown && by.is_staff());
    let message = found.ok_or(GroupError::NotFound)?;
    channels::one(house, by, message.channel).await?;
    let channel = message.channel;
    house
        .write(c, &by.who_for(Permission::GroupSpeak), move |tx| {
            let event = Event::new(events::RAISED)
                .about("message", id)
                .to(Audience::Staff)
                .with("channel", channel)
                .with("into", into.word());
            Ok(tx.record(event, message)?)
        })
        .await
}
