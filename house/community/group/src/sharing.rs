//! 分享互助: neighbours ask, lend, look for, find and tell what worked. A post is a message
//! of the sharing channel with a title, so that it is judged, reported, recalled, found and
//! kept as all speech is; what answers it answers that message.

use foundation::database::{Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

use crate::channels::{self, Channel, ChannelKind};
use crate::files::{self, Attached};
use crate::message::{Message, MessageState};
use crate::parts::{Post, Topic};
use crate::speak::{self, Draft, cleaned};
use crate::store::sharing as store;
use crate::{Count, GroupError, events, reading};

pub const TITLE_CHARS_MIN: usize = 2;
pub const TITLE_CHARS_MAX: usize = 40;
/// Posts of one page of the list.
pub const PAGE_POSTS: i64 = 20;
/// Answers of one page of a thread.
pub const PAGE_REPLIES: i64 = 50;

/// The sharing channel of the compound.
pub async fn channel(house: &House, by: &Actor) -> Result<Channel, GroupError> {
    let here = channels::of(house, by).await?;
    channels::entered(house, by).await?;
    here.into_iter()
        .find(|one| one.kind == ChannelKind::Sharing)
        .ok_or(GroupError::NotFound)
}

/// Whether a draft belongs into a channel: the sharing channel takes posts and answers, the
/// others take neither.
pub(crate) fn fits(channel: &Channel, draft: &Draft) -> Result<(), GroupError> {
    let fits = match (channel.kind, &draft.post) {
        (ChannelKind::Sharing, Some(_)) => draft.reply_to.is_none(),
        (ChannelKind::Sharing, None) => draft.reply_to.is_some() && draft.poll.is_none(),
        (_, post) => post.is_none(),
    };
    if fits { Ok(()) } else { Err(GroupError::Post) }
}

/// Notes a post that was just placed, or lifts the one that was answered. An answer that
/// waits for a person lifts nothing: nobody learns that it is there.
pub(crate) fn placed(
    tx: &mut Tx<'_>,
    message: &Message,
    kind: ChannelKind,
) -> Result<(), GroupError> {
    let c = tx.community();
    if let Some(post) = &message.parts.post {
        tx.execute(store::insert_post(c, message.id, message.seq, post.topic))?;
    } else if let (ChannelKind::Sharing, Some(place)) = (kind, message.reply_to) {
        let post: Option<(Id,)> = tx.optional(store::post_at(c, place))?;
        post.ok_or(GroupError::NotFound)?;
        if message.state == MessageState::Shown {
            tx.execute(store::bump(c, place, message.seq))?;
        }
    } else if kind == ChannelKind::Sharing {
        return Err(GroupError::Post);
    }
    Ok(())
}

/// What somebody wants to share.
#[derive(Clone, Debug, Default)]
pub struct Sharing {
    /// Made by the sender's device, the same when it sends again.
    pub sent_id: String,
    /// Nothing where none was chosen, which is refused.
    pub topic: Option<Topic>,
    pub title: String,
    pub text: String,
    pub attached: Option<Attached>,
}

/// Begins a thread.
///
/// # Errors
/// [`GroupError::Title`] names what to mend; those of [`speak::send`] hold here as well.
pub async fn post(house: &House, by: &Actor, sharing: Sharing) -> Result<Message, GroupError> {
    let attached = sharing.attached.as_ref().map(|a| a.message);
    let draft = match draft_of(sharing) {
        Ok(draft) => draft,
        Err(error) => {
            // Refused before it was said: what came with it goes.
            if let Some(message) = attached {
                files::forget(house, by.community, message).await;
            }
            return Err(error);
        }
    };
    let channel = channel(house, by).await?;
    speak::send(house, by, channel.id, &draft).await
}

fn draft_of(sharing: Sharing) -> Result<Draft, GroupError> {
    let title = cleaned(&sharing.title).replace('\n', " ");
    if !(TITLE_CHARS_MIN..=TITLE_CHARS_MAX).contains(&title.chars().count()) {
        return Err(GroupError::Title);
    }
    Ok(Draft {
        sent_id: sharing.sent_id,
        text: sharing.text,
        attached: sharing.attached,
        post: Some(Post {
            topic: sharing.topic.ok_or(GroupError::Post)?,
            title,
            answer: None,
            done: false,
        }),
        ..Draft::default()
    })
}

/// A post in the list.
#[derive(Clone, Debug)]
pub struct Listed {
    pub message: Message,
    pub replies: i64,
}

/// A page of the list.
#[derive(Clone, Debug, Default)]
pub struct Page {
    pub posts: Vec<Listed>,
    /// Where the next page goes on, or nothing.
    pub before: Option<i64>,
}

/// Posts, those with the newest answers first.
pub async fn list(
    house: &House,
    by: &Actor,
    topic: Option<Topic>,
    open_only: bool,
    before: Option<i64>,
) -> Result<Page, GroupError> {
    let channel = channel(house, by).await?;
    let c = by.community;
    let from = before.unwrap_or(i64::MAX);
    let asked = store::posts(c, topic, open_only, from, by.account, PAGE_POSTS + 1);
    let mut found: Vec<(i64, Id)> = house.db.all(asked).await?;
    let more = found.len() as i64 > PAGE_POSTS;
    found.truncate(PAGE_POSTS as usize);
    if before.is_none() {
        reading::mark(house, by, &channel, channel.last_seq).await?;
    }
    if found.is_empty() {
        return Ok(Page::default());
    }
    let ids: Vec<Id> = found.iter().map(|one| one.1).collect();
    let messages: Vec<Message> = house.db.all(store::messages(c, &ids)).await?;
    let places: Vec<i64> = messages.iter().map(|m| m.seq).collect();
    let counts = store::count_replies(c, channel.id, &places);
    let counts: Vec<(i64, i64)> = house.db.all(counts).await?;
    let posts = ids.iter().filter_map(|id| {
        let message = messages.iter().find(|m| m.id == *id)?.clone();
        let replies = counts.iter().find(|n| n.0 == message.seq);
        Some(Listed {
            replies: replies.map_or(0, |n| n.1),
            message,
        })
    });
    Ok(Page {
        posts: posts.collect(),
        before: found.last().filter(|_| more).map(|one| one.0),
    })
}

/// A post with what answers it.
#[derive(Clone, Debug)]
pub struct Thread {
    pub channel: Channel,
    pub message: Message,
    pub post: Post,
    /// Oldest first, without the best one.
    pub replies: Vec<Message>,
    /// The best answer, wherever it stands.
    pub best: Option<Message>,
    /// Messages for which the reader thanked.
    pub thanked: Vec<Id>,
    /// Where the next page goes on, or nothing.
    pub after: Option<i64>,
}

/// A post that the reader may see.
async fn posted(house: &House, by: &Actor, id: Id) -> Result<(Channel, Message, Post), GroupError> {
    let channel = channel(house, by).await?;
    let found: Option<Message> = house
        .db
        .optional(crate::store::message(by.community, id))
        .await?;
    let own = |m: &Message| m.state == MessageState::Held && Some(m.author) == by.account;
    let message = found
        .filter(|m| m.channel == channel.id && (m.state == MessageState::Shown || own(m)))
        .ok_or(GroupError::NotFound)?;
    let post = message.parts.post.clone().ok_or(GroupError::NotFound)?;
    Ok((channel, message, post))
}

/// A thread, its answers after a place.
pub async fn thread(
    house: &House,
    by: &Actor,
    id: Id,
    after: Option<i64>,
) -> Result<Thread, GroupError> {
    let (channel, message, post) = posted(house, by, id).await?;
    let c = by.community;
    let asked = store::replies(
        c,
        channel.id,
        message.seq,
        after.unwrap_or(0),
        by.account,
        PAGE_REPLIES + 1,
    );
    let mut replies: Vec<Message> = house.db.all(asked).await?;
    let more = replies.len() as i64 > PAGE_REPLIES;
    replies.truncate(PAGE_REPLIES as usize);
    let next = replies.last().filter(|_| more).map(|m| m.seq);
    let others = replies.into_iter().filter(|m| Some(m.seq) != post.answer);
    let replies: Vec<Message> = others.map(reading::readable).collect();
    let best = match post.answer {
        None => None,
        Some(place) => {
            let found = crate::store::at_places(c, channel.id, &[place]);
            let found: Option<Message> = house.db.optional(found).await?;
            found.filter(|m| m.state == MessageState::Shown)
        }
    };
    let thanked = match by.account {
        None => Vec::new(),
        Some(account) => {
            let all = replies.iter().chain(&best).chain([&message]);
            let ids: Vec<Id> = all.map(|m| m.id).collect();
            let rows: Vec<(Id,)> = house.db.all(store::own_thanks(c, account, &ids)).await?;
            rows.into_iter().map(|row| row.0).collect()
        }
    };
    Ok(Thread {
        channel,
        message,
        post,
        replies,
        best,
        thanked,
        after: next,
    })
}

/// The thread in which a message stands: its own, or the one it answers.
pub async fn thread_of(house: &House, by: &Actor, place: i64) -> Result<Id, GroupError> {
    let channel = channel(house, by).await?;
    let c = by.community;
    let found = crate::store::at_places(c, channel.id, &[place]);
    let found: Option<Message> = house.db.optional(found).await?;
    let found = found.ok_or(GroupError::NotFound)?;
    match found.reply_to {
        None => Ok(found.id),
        Some(place) => {
            let post: Option<(Id,)> = house.db.optional(store::post_at(c, place)).await?;
            Ok(post.ok_or(GroupError::NotFound)?.0)
        }
    }
}

/// Thanks for a message of the sharing channel, or takes it back; twice is once. The
/// message as it stands then.
///
/// # Errors
/// [`GroupError::NotFound`] for one's own: nobody thanks themselves.
pub async fn thank(house: &House, by: &Actor, id: Id, on: bool) -> Result<Message, GroupError> {
    by.may(Permission::GroupSpeak)?;
    let account = by.account.ok_or(GroupError::NotFound)?;
    let channel = channel(house, by).await?;
    let c = by.community;
    let done = house
        .write(c, &by.who_for(Permission::GroupSpeak), move |mut tx| {
            let found: Option<Message> = tx.optional(crate::store::message(c, id))?;
            let mut message = found
                .filter(|m| m.state == MessageState::Shown && m.channel == channel.id)
                .filter(|m| m.author != account)
                .ok_or(GroupError::NotFound)?;
            let now = tx.now();
            let changed = tx.execute(if on {
                store::insert_thanks(c, id, account, now)
            } else {
                store::delete_thanks(c, id, account)
            })?;
            if changed == 0 {
                return Err(GroupError::Changed);
            }
            let Count(thanks) = tx.one(store::count_thanks(c, id))?;
            let Count(tick) = tx.one(crate::store::next_tick(c))?;
            message.parts.thanks = thanks;
            message.tick = tick;
            tx.execute(crate::store::set_parts(c, id, &message.parts.text(), tick))?;
            let event = Event::new(events::THANKED)
                .about("message", id)
                .to(Audience::Account(message.author))
                .with("channel", message.channel)
                .with("on", on);
            Ok(tx.record(event, message)?)
        })
        .await;
    match done {
        // Asked twice: the answer is what is on the disk, not what another may yet fail to
        // commit.
        Err(GroupError::Changed) => {
            let found = crate::store::message(c, id);
            let found: Option<Message> = house.db.optional(found).await?;
            found.ok_or(GroupError::NotFound)
        }
        other => other,
    }
}

/// Marks the best answer of one's own post, or none, and whether it is settled. Whoever
/// leads may settle a post, but whose answer is best says its author.
pub async fn settle(
    house: &House,
    by: &Actor,
    id: Id,
    answer: Option<i64>,
    done: bool,
) -> Result<(), GroupError> {
    by.may(Permission::GroupSpeak)?;
    let (_, message, post) = posted(house, by, id).await?;
    let own = Some(message.author) == by.account;
    if !own && (!channels::leads(by) || answer != post.answer) {
        return Err(GroupError::NotFound);
    }
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::GroupSpeak), move |mut tx| {
            let found: Option<Message> = tx.optional(crate::store::message(c, id))?;
            let mut message = found.ok_or(GroupError::NotFound)?;
            let mut post = message.parts.post.take().ok_or(GroupError::NotFound)?;
            if !own && post.answer != answer {
                // Its author chose another meanwhile.
                return Err(GroupError::Changed);
            }
            if let Some(place) = answer.filter(|_| post.answer != answer) {
                let found = crate::store::at_places(c, message.channel, &[place]);
                let found: Option<Message> = tx.optional(found)?;
                found
                    .filter(|m| m.reply_to == Some(message.seq) && m.state == MessageState::Shown)
                    .ok_or(GroupError::NotFound)?;
            }
            (post.answer, post.done) = (answer, done);
            message.parts.post = Some(post);
            let Count(tick) = tx.one(crate::store::next_tick(c))?;
            tx.execute(crate::store::set_parts(c, id, &message.parts.text(), tick))?;
            tx.execute(store::settle(c, message.seq, done))?;
            let event = Event::new(events::POST_SETTLED)
                .about("message", id)
                .to(Audience::Members)
                .with("channel", message.channel)
                .with("done", done)
                .with_some("answer", answer);
            Ok(tx.record(event, ())?)
        })
        .await
}
