//! Saying something: with its pictures, names and questions, judged before it is stored.

use foundation::clock::{MINUTE, Moment};
use foundation::database::{Community, DbError, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

use conduct::judge::{self, Judgement, Said, Verdict};

use crate::byline::byline;
use crate::channels::{self, Channel, ChannelKind};
use crate::files::{self, Attached};
use crate::forward::Source;
use crate::message::{Message, MessageState};
use crate::parts::{Parts, Post};
use crate::polls::Asked;
use crate::{A_MINUTE_MAX, Count, GroupError, TEXT_CHARS_MAX, events, mentions, sharing, store};

pub use crate::after::{Raised, pin, raise, recall};

/// The longest id that a device makes for a sending.
const SENT_ID_CHARS_MAX: usize = 40;
/// As many earlier messages of the sender are looked at for floods.
const RECENT_MAX: i64 = 20;
/// Lines before a message that a reviewer sees.
const BEFORE_LINES: i64 = judge::BEFORE_LINES_MAX as i64;

/// What somebody wants to say.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Made by the sender's device, the same when it sends again.
    pub sent_id: String,
    pub text: String,
    /// The place of the message that is answered.
    pub reply_to: Option<i64>,
    /// Pictures and files that were taken before.
    pub attached: Option<Attached>,
    /// A question with answers to choose from.
    pub poll: Option<Asked>,
    /// What was said elsewhere and is repeated here.
    pub card: Option<Source>,
    /// What it is about, where it begins a thread of the sharing channel.
    pub post: Option<Post>,
}

/// Text as it is kept: without what cannot be seen or turns the line around (bidirectional
/// controls let a message read differently from what it says), no more than two empty lines.
pub fn cleaned(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut breaks = 0;
    for c in text.trim().chars() {
        match c {
            '\n' => {
                breaks += 1;
                if breaks <= 2 {
                    out.push(c);
                }
            }
            '\t' => out.push(' '),
            c if c.is_control()
                || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}') =>
                {}
            c => {
                breaks = 0;
                out.push(c);
            }
        }
    }
    out
}

/// Whether a text shows nothing: fillers and joiners that stand for no sign.
fn is_blank(text: &str) -> bool {
    let unseen = |c: char| {
        c.is_whitespace()
            || matches!(c, '\u{00ad}' | '\u{034f}' | '\u{115f}' | '\u{1160}' | '\u{180e}'
                | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{2800}' | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}')
    };
    text.chars().all(unseen)
}

/// Says something in a channel. Sending again with the same id is sending once: the message
/// that stands is the answer.
///
/// # Errors
/// [`GroupError::Blocked`] with the findings when the rules do not let it out: nothing was
/// kept. [`GroupError::Silenced`], [`GroupError::AnnouncementsOnly`], [`GroupError::Hushed`],
/// [`GroupError::Quiet`], [`GroupError::TooFast`] say when it would be let out.
pub async fn send(
    house: &House,
    by: &Actor,
    channel: Id,
    draft: &Draft,
) -> Result<Message, GroupError> {
    let sent = say(house, by, channel, draft).await;
    if let Some(attached) = &draft.attached {
        // Refused, or sent before under the same id: what came with it this time goes.
        let used = sent.as_ref().is_ok_and(|m| m.id == attached.message);
        if !used {
            files::forget(house, by.community, attached.message).await;
        }
    }
    sent
}

async fn say(house: &House, by: &Actor, channel: Id, draft: &Draft) -> Result<Message, GroupError> {
    by.may(Permission::GroupSpeak)?;
    let c = by.community;
    let channel = channels::one(house, by, channel).await?;
    channels::entered(house, by).await?;
    let sent_id = draft.sent_id.clone();
    let fit = |ch: char| ch.is_ascii_alphanumeric() || ch == '-';
    if sent_id.is_empty() || sent_id.len() > SENT_ID_CHARS_MAX || !sent_id.chars().all(fit) {
        return Err(GroupError::SentId);
    }
    let text = cleaned(&draft.text);
    let mut parts = carried(house, draft)?;
    sharing::fits(&channel, draft)?;
    if (is_blank(&text) && !parts.stand_alone()) || text.chars().count() > TEXT_CHARS_MAX {
        return Err(GroupError::Text);
    }
    let (byline, author) = byline(house, by).await?;
    if let Some(there) = house.db.optional(store::sent(c, &byline, &sent_id)).await? {
        return Ok(there);
    }
    mentions::find(house, by, &channel, &text, &mut parts).await?;
    let attached = draft.attached.as_ref().map(|a| a.message);
    let id = attached.unwrap_or_else(|| house.id());
    let said = Said {
        kind: "message",
        source: id.to_string(),
        place: channel.id.to_string(),
        text: judged(&text, &parts),
        pictures: parts.picture_paths(id),
        before: lines_before(house, c, &channel).await?,
        author,
        person: by.person,
        // Whoever leads the group says the same to many on purpose.
        recent: if channels::leads(by) {
            Vec::new()
        } else {
            recent(house, c, byline.account).await?
        },
    };
    let judgement = judge::judge(house, c, &said).await?;
    if judgement.verdict == Verdict::Block {
        return Err(GroupError::Blocked(judgement.found));
    }
    let digest = house.keys.digest("group.text", text.as_bytes());
    let message = Message {
        id,
        channel: channel.id,
        seq: 0,
        tick: 0,
        author: byline.account,
        byline: byline.name.clone(),
        badge: byline.badge.to_owned(),
        text,
        reply_to: draft
            .reply_to
            .filter(|seq| (1..=channel.last_seq).contains(seq)),
        state: if judgement.verdict == Verdict::Hold {
            MessageState::Held
        } else {
            MessageState::Shown
        },
        at: house.now(),
        pinned_at: None,
        parts,
    };
    let source = draft.card.as_ref().map(|card| card.message);
    let (leads, announces) = (channels::leads(by), channels::announces(by));
    let (account, again) = (byline.account, sent_id.clone());
    let said = house
        .write(c, &by.who_for(Permission::GroupSpeak), move |mut tx| {
            if tx
                .optional::<Message>(store::sent(c, &byline, &sent_id))?
                .is_some()
            {
                // Two sendings at once: the second finds the first. Nothing is written twice.
                return Err(Sending::There);
            }
            may_speak(&mut tx, c, channel.id, byline.account, leads, announces)?;
            let stored = place(&mut tx, channel.kind, message, &sent_id, judgement)?;
            if let Some(source) = source {
                tx.execute(store::insert_forward(c, source, stored.id))?;
                let forwarded = Event::new(events::FORWARDED)
                    .about("message", source)
                    .with("into", stored.channel);
                tx.also(forwarded)?;
            }
            let event = Event::new(events::SAID)
                .about("message", stored.id)
                .to(if stored.state == MessageState::Held {
                    Audience::Account(stored.author)
                } else {
                    Audience::Members
                })
                .with("channel", stored.channel)
                .with("seq", stored.seq)
                .with("state", stored.state.word())
                .with("digest", digest)
                .with_some("pictures", count(stored.parts.pictures.len()))
                .with_some("files", count(stored.parts.files.len()))
                .with_some(
                    "options",
                    stored.parts.poll.as_ref().map(|p| p.options.len() as i64),
                );
            Ok(tx.record(event, stored)?)
        })
        .await;
    match said {
        Ok(message) => Ok(message),
        Err(Sending::There) => kept(house, c, account, &again).await,
        Err(Sending::Refused(e)) => Err(e),
    }
}

/// What stands under an id that was sent before. The first sending may have waited for the
/// same commit as the second, and that may have failed: only what is on the disk answers.
pub(crate) async fn kept(
    house: &House,
    c: Community,
    author: Id,
    sent_id: &str,
) -> Result<Message, GroupError> {
    let there = house
        .db
        .optional(store::sent_by(c, author, sent_id))
        .await?;
    Ok(there.ok_or_else(|| DbError::Statement("the first sending was not kept".into()))?)
}

/// What a draft carries, as it is stored.
fn carried(house: &House, draft: &Draft) -> Result<Parts, GroupError> {
    let attached = draft.attached.as_ref().map(|a| a.parts.clone());
    let mut parts = attached.unwrap_or_default();
    if let Some(asked) = &draft.poll {
        parts.poll = Some(asked.poll(house.now())?);
    }
    parts.card = draft.card.as_ref().map(|source| source.card.clone());
    parts.post = draft.post.clone();
    Ok(parts)
}

/// All words of a message, for the rules.
fn judged(text: &str, parts: &Parts) -> String {
    let text = mentions::for_judging(text, parts);
    let more = parts.words();
    if more.is_empty() {
        text
    } else {
        format!("{text}\n{more}")
    }
}

/// A count for the ledger; none is not told.
fn count(n: usize) -> Option<i64> {
    (n > 0).then_some(n as i64)
}

/// Why a sending wrote nothing.
enum Sending {
    There,
    Refused(GroupError),
}

impl<E: Into<GroupError>> From<E> for Sending {
    fn from(e: E) -> Self {
        Sending::Refused(e.into())
    }
}

/// Gives the message its place and its tick, and opens its case beside it.
fn place(
    tx: &mut Tx<'_>,
    kind: ChannelKind,
    mut message: Message,
    sent_id: &str,
    judgement: Judgement,
) -> Result<Message, GroupError> {
    let (c, now) = (tx.community(), tx.now());
    let Count(seq) = tx.one(store::next_place(c, message.channel, now))?;
    let Count(tick) = tx.one(store::next_tick(c))?;
    (message.seq, message.tick, message.at) = (seq, tick, now);
    tx.execute(store::insert_message(c, &message, sent_id))?;
    sharing::placed(tx, &message, kind)?;
    for account in message.parts.mentions.iter().map(|m| m.account.to_string()) {
        tx.execute(store::insert_mention(c, &account, message.channel, seq))?;
    }
    if !message.parts.all.is_empty() {
        tx.execute(store::insert_mention(c, "", message.channel, seq))?;
    }
    judge::open_in(tx, judgement)?;
    Ok(message)
}

/// Whether the channel and the rules let somebody speak at this moment.
fn may_speak(
    tx: &mut Tx<'_>,
    c: Community,
    channel: Id,
    account: Id,
    leads: bool,
    announces: bool,
) -> Result<(), GroupError> {
    let now = tx.now();
    if let Some(silence) = conduct::speech::silence_in(tx, c, account, now)? {
        return Err(GroupError::Silenced {
            until: silence.until,
        });
    }
    let channel: Channel = tx
        .optional(store::channel(c, channel))?
        .ok_or(GroupError::NotFound)?;
    if channel.closed_at.is_some() {
        return Err(GroupError::NotFound);
    }
    let s = &channel.settings;
    if s.announce_only && !announces {
        return Err(GroupError::AnnouncementsOnly);
    }
    if leads {
        return Ok(());
    }
    if let Some(until) = s.hushed_until.filter(|until| *until > now) {
        return Err(GroupError::Hushed { until });
    }
    let minute = minute_of_day(now);
    if s.is_quiet_at(minute) {
        return Err(GroupError::Quiet {
            until_minute: s.quiet_until,
        });
    }
    let lately: Vec<Message> = tx.all(store::said_since(
        c,
        account,
        now.plus(-MINUTE),
        A_MINUTE_MAX,
    ))?;
    if let (Some(first), true) = (lately.last(), lately.len() as i64 >= A_MINUTE_MAX) {
        let wait_ms = first.at.plus(MINUTE).0 - now.0;
        return Err(GroupError::TooFast { wait_ms });
    }
    if s.slow_seconds > 0 {
        let pace = s.slow_seconds * 1_000;
        let before: Vec<Message> =
            tx.all(store::said_since(c, account, now.plus(-pace), RECENT_MAX))?;
        if let Some(last) = before.iter().find(|m| m.channel == channel.id) {
            let wait_ms = last.at.plus(pace).0 - now.0;
            return Err(GroupError::TooFast { wait_ms });
        }
    }
    Ok(())
}

/// The minute of the day in Asia/Shanghai.
pub fn minute_of_day(now: Moment) -> i64 {
    let time = now.zoned().time();
    i64::from(time.hour()) * 60 + i64::from(time.minute())
}

async fn lines_before(
    house: &House,
    c: Community,
    channel: &Channel,
) -> Result<Vec<String>, GroupError> {
    let found: Vec<Message> = house
        .db
        .all(store::before(
            c,
            channel.id,
            channel.last_seq + 1,
            None,
            BEFORE_LINES,
        ))
        .await?;
    Ok(found
        .into_iter()
        .rev()
        .filter(|m| m.state == MessageState::Shown)
        .map(|m| format!("{}：{}", m.byline, m.text))
        .collect())
}

async fn recent(
    house: &House,
    c: Community,
    account: Id,
) -> Result<Vec<moderation::Recent>, GroupError> {
    let since = house.now().plus(-10 * MINUTE);
    let found: Vec<Message> = house
        .db
        .all(store::said_since(c, account, since, RECENT_MAX))
        .await?;
    let said: Vec<(&str, Moment)> = found
        .iter()
        .rev()
        .map(|m| (m.text.as_str(), m.at))
        .collect();
    Ok(judge::recent(house, c, &said).await?)
}
