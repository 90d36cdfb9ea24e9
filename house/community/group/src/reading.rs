//! Reading: a channel's history, what is new, how far somebody has read, and reporting.

use std::collections::HashSet;

use foundation::database::{Chore, Community};
use foundation::house::House;
use foundation::ids::Id;
use permissions::actor::Actor;

use conduct::judge::{Author, Said};

use crate::channels::{self, Channel};
use crate::message::{Message, MessageState};
use crate::parts::Parts;
use crate::{Count, GroupError, search, store};

/// Messages of one page of history.
pub const PAGE_MESSAGES: i64 = 50;
/// Pinned messages shown above a channel.
pub const PINS_MAX: i64 = 5;
/// Unread places counted where somebody is named.
const MENTIONS_MAX: i64 = 99;

/// A page of history, oldest first.
#[derive(Clone, Debug, Default)]
pub struct History {
    pub messages: Vec<Message>,
    /// Those that are answered, wherever they stand.
    pub answered: Vec<Message>,
    /// The place to go on from towards the beginning; `None` at the beginning.
    pub earlier: Option<i64>,
}

/// Takes the words from what is not to be read any more.
pub(crate) fn readable(mut message: Message) -> Message {
    if matches!(message.state, MessageState::Hidden | MessageState::Recalled) {
        message.text.clear();
        message.parts = Parts::default();
    }
    message
}

/// Which part of a channel's history.
#[derive(Clone, Copy, Debug, Default)]
pub enum Part {
    #[default]
    Newest,
    /// What was said before a place.
    Before(i64),
    /// A place with what stands around it.
    Around(i64),
}

/// A page of a channel's history.
pub async fn history(
    house: &House,
    by: &Actor,
    channel: &Channel,
    part: Part,
) -> Result<History, GroupError> {
    let c = by.community;
    let from = match part {
        Part::Newest => i64::MAX,
        Part::Before(seq) => seq,
        Part::Around(seq) => seq.saturating_add(PAGE_MESSAGES / 2),
    };
    let mut messages: Vec<Message> = house
        .db
        .all(store::before(
            c,
            channel.id,
            from,
            by.account,
            PAGE_MESSAGES + 1,
        ))
        .await?;
    let more = messages.len() as i64 > PAGE_MESSAGES;
    messages.truncate(PAGE_MESSAGES as usize);
    messages.reverse();
    let mut seqs: Vec<i64> = messages.iter().filter_map(|m| m.reply_to).collect();
    seqs.sort_unstable();
    seqs.dedup();
    let answered: Vec<Message> = if seqs.is_empty() {
        Vec::new()
    } else {
        house.db.all(store::at_places(c, channel.id, &seqs)).await?
    };
    Ok(History {
        earlier: messages.first().filter(|_| more).map(|m| m.seq),
        messages: messages.into_iter().map(readable).collect(),
        answered: answered
            .into_iter()
            .filter(|m| m.state == MessageState::Shown)
            .collect(),
    })
}

/// What stands above a channel, the newest first.
pub async fn pinned(
    house: &House,
    by: &Actor,
    channel: &Channel,
) -> Result<Vec<Message>, GroupError> {
    Ok(house
        .db
        .all(store::pinned(by.community, channel.id, PINS_MAX))
        .await?)
}

/// The last tick of these channels: where a reader of this moment goes on from. What is
/// said elsewhere does not move it.
pub async fn tick_of(
    house: &House,
    c: Community,
    channels: &HashSet<Id>,
) -> Result<i64, GroupError> {
    let mut last = 0;
    for channel in channels {
        let found: Option<Count> = house.db.optional(store::tick_of(c, *channel)).await?;
        last = last.max(found.map_or(0, |n| n.0));
    }
    Ok(last)
}

/// That tick as a page hands it to its device.
pub async fn view(house: &House, by: &Actor) -> Result<String, GroupError> {
    let here: HashSet<Id> = channels::of(house, by)
        .await?
        .iter()
        .map(|one| one.id)
        .collect();
    let tick = tick_of(house, by.community, &here).await?;
    Ok(crate::view::of(house, by.community, tick))
}

/// Places in a channel, not yet read, where somebody is named; the first first.
pub async fn mentioned(
    house: &House,
    by: &Actor,
    channel: &Channel,
) -> Result<Vec<i64>, GroupError> {
    let Some(account) = by.account else {
        return Ok(Vec::new());
    };
    let c = by.community;
    let marks: Vec<(Id, i64)> = house.db.all(store::read_marks(c, account)).await?;
    let read = marks.iter().find(|m| m.0 == channel.id).map_or(0, |m| m.1);
    if read >= channel.last_seq {
        return Ok(Vec::new());
    }
    let after = store::mentioned_after(c, account, channel.id, read, MENTIONS_MAX);
    let rows: Vec<(i64,)> = house.db.all(after).await?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

/// How many messages of each channel somebody has not read, their own marks being behind.
pub async fn unread(
    house: &House,
    by: &Actor,
    of: &[Channel],
) -> Result<Vec<(Id, i64)>, GroupError> {
    let Some(account) = by.account else {
        return Ok(Vec::new());
    };
    let marks: Vec<(Id, i64)> = house
        .db
        .all(store::read_marks(by.community, account))
        .await?;
    let read = |id: Id| marks.iter().find(|m| m.0 == id).map_or(0, |m| m.1);
    Ok(of
        .iter()
        .map(|one| (one.id, (one.last_seq - read(one.id)).max(0)))
        .collect())
}

/// Remembers how far somebody has read.
pub async fn mark(
    house: &House,
    by: &Actor,
    channel: &Channel,
    seq: i64,
) -> Result<(), GroupError> {
    let Some(account) = by.account else {
        return Ok(());
    };
    let (c, id, now) = (by.community, channel.id, house.now());
    let seq = seq.clamp(0, channel.last_seq);
    house
        .db
        .keep(Chore::ReadMark, c, move |r| {
            r.execute(store::mark_read(c, account, id, seq, now))?;
            Ok::<_, GroupError>(())
        })
        .await
}

/// Reports a message to those who keep order.
pub async fn report(
    house: &House,
    by: &Actor,
    id: Id,
    reason: &'static str,
) -> Result<(), GroupError> {
    let c = by.community;
    let found: Option<Message> = house.db.optional(store::message(c, id)).await?;
    let message = found
        .filter(|m| m.state == MessageState::Shown)
        .ok_or(GroupError::NotFound)?;
    let channel = channels::one(house, by, message.channel).await?;
    let before = store::before(c, channel.id, message.seq, None, 5);
    let before: Vec<Message> = house.db.all(before).await?;
    let said = Said {
        kind: "message",
        source: message.id.to_string(),
        place: channel.id.to_string(),
        text: search::searched(&message),
        pictures: message.parts.picture_paths(message.id),
        before: before
            .into_iter()
            .rev()
            .filter(|m| m.state == MessageState::Shown)
            .map(|m| format!("{}：{}", m.byline, m.text))
            .collect(),
        author: Some(Author {
            account: message.author,
            member: None,
            room: None,
        }),
        ..Said::default()
    };
    conduct::report::report(house, by, &said, reason).await?;
    Ok(())
}
