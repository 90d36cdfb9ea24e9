//! What the office tells the households, said in their channels too. It comes from a
//! notice that a person wrote and another approved: it is not judged again, and no quiet
//! hour or slow mode holds it.

use foundation::database::{Community, Look};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;

use crate::channels::{Channel, ChannelKind};
use crate::message::{Message, MessageState};
use crate::parts::Parts;
use crate::{Count, GroupError, TEXT_CHARS_MAX, events, speak, store};

/// Who writes, as the channel shows it.
pub struct Office<'a> {
    pub account: Id,
    pub name: &'a str,
}

/// The channels of the whole compound (no building named), or those of some buildings that
/// have one.
pub async fn channels_of(
    house: &House,
    c: Community,
    buildings: &[String],
) -> Result<Vec<Id>, GroupError> {
    let all: Vec<Channel> = house.db.all(store::channels(c)).await?;
    let meant = |one: &&Channel| match one.kind {
        ChannelKind::Main => buildings.is_empty(),
        ChannelKind::Building => buildings.contains(&one.building),
        ChannelKind::Stewards | ChannelKind::Open | ChannelKind::Sharing => false,
    };
    Ok(all.iter().filter(meant).map(|one| one.id).collect())
}

/// Says it in a channel; the same `sent_id` again is the message that stands.
pub async fn announce(
    house: &House,
    c: Community,
    channel: Id,
    by: &Office<'_>,
    sent_id: &str,
    text: &str,
) -> Result<Id, GroupError> {
    let said = Unjudged {
        channel,
        author: by.account,
        byline: by.name,
        badge: "staff",
        reply_to: None,
    };
    put(house, c, &said, sent_id, text).await
}

/// What is said without judging it: the house says it, in words that a person wrote and
/// another let out.
pub(crate) struct Unjudged<'a> {
    pub channel: Id,
    pub author: Id,
    pub byline: &'a str,
    pub badge: &'a str,
    pub reply_to: Option<i64>,
}

pub(crate) async fn put(
    house: &House,
    c: Community,
    said: &Unjudged<'_>,
    sent_id: &str,
    text: &str,
) -> Result<Id, GroupError> {
    let text: String = speak::cleaned(text).chars().take(TEXT_CHARS_MAX).collect();
    let digest = house.keys.digest("group.text", text.as_bytes());
    let message = Message {
        id: house.id(),
        channel: said.channel,
        seq: 0,
        tick: 0,
        author: said.author,
        byline: said.byline.to_owned(),
        badge: said.badge.to_owned(),
        text,
        reply_to: said.reply_to,
        state: MessageState::Shown,
        at: house.now(),
        pinned_at: None,
        parts: Parts::default(),
    };
    let again = sent_id;
    let sent_id = sent_id.to_owned();
    let (author, id, channel) = (said.author, message.id, said.channel);
    let done = house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            let there: Option<Message> = tx.optional(store::sent_by(c, author, &sent_id))?;
            if there.is_some() {
                return Err(GroupError::Changed);
            }
            let open: Option<Channel> = tx.optional(store::channel(c, channel))?;
            if open.is_none_or(|one| one.closed_at.is_some()) {
                return Err(GroupError::NotFound);
            }
            let mut message = message;
            let now = tx.now();
            let Count(seq) = tx.one(store::next_place(c, channel, now))?;
            let Count(tick) = tx.one(store::next_tick(c))?;
            (message.seq, message.tick, message.at) = (seq, tick, now);
            tx.execute(store::insert_message(c, &message, &sent_id))?;
            let event = Event::new(events::SAID)
                .about("message", message.id)
                .to(Audience::Members)
                .with("channel", channel)
                .with("seq", seq)
                .with("state", message.state.word())
                .with("digest", digest);
            Ok(tx.record(event, id)?)
        })
        .await;
    match done {
        // Said before: the job that says it may run twice.
        Err(GroupError::Changed) => Ok(speak::kept(house, c, author, again).await?.id),
        other => other,
    }
}
