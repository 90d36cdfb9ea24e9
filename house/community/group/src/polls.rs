//! A question to the channel: two to ten answers, open until a moment, one answer for each
//! home unless each person is asked. Everybody sees the counts; nobody sees who.

use foundation::clock::{DAY, MINUTE, Moment};
use foundation::database::{Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use membership::{State, members};
use permissions::Permission;
use permissions::actor::Actor;

use crate::message::{Message, MessageState};
use crate::parts::Poll;
use crate::{Count, GroupError, channels, events, store};

pub const OPTIONS_MIN: usize = 2;
pub const OPTIONS_MAX: usize = 10;
pub const OPTION_CHARS_MAX: usize = 60;
/// The longest time a poll is open: a matter of months is a survey.
pub const OPEN_DAYS_MAX: i64 = 60;

/// What somebody wants to ask.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub options: Vec<String>,
    pub several: bool,
    pub by_home: bool,
    pub until: Moment,
}

impl Asked {
    /// The poll it becomes.
    ///
    /// # Errors
    /// [`GroupError::Options`] and [`GroupError::Until`] say what is to be mended.
    pub fn poll(&self, now: Moment) -> Result<Poll, GroupError> {
        let mut options: Vec<String> = Vec::new();
        for option in &self.options {
            let option = crate::speak::cleaned(option).replace('\n', " ");
            if option.is_empty() {
                continue;
            }
            if option.chars().count() > OPTION_CHARS_MAX || options.contains(&option) {
                return Err(GroupError::Options);
            }
            options.push(option);
        }
        if !(OPTIONS_MIN..=OPTIONS_MAX).contains(&options.len()) {
            return Err(GroupError::Options);
        }
        if self.until < now.plus(MINUTE) || self.until > now.plus(OPEN_DAYS_MAX * DAY) {
            return Err(GroupError::Until);
        }
        Ok(Poll {
            counts: vec![0; options.len()],
            options,
            voters: 0,
            several: self.several,
            by_home: self.by_home,
            until: self.until.0,
            ended: false,
        })
    }
}

/// For whom somebody answers: each of their homes, or themselves.
async fn voters(house: &House, by: &Actor, poll: &Poll) -> Result<Vec<Id>, GroupError> {
    let account = by.account.ok_or(GroupError::NotFound)?;
    let here = members::of_account(house, by.community, account).await?;
    let active = here.iter().filter(|m| m.state == State::Active);
    if poll.by_home {
        let mut homes: Vec<Id> = active.map(|m| m.room).collect();
        homes.sort_unstable();
        homes.dedup();
        Ok(homes)
    } else {
        Ok(active.take(1).map(|_| account).collect())
    }
}

/// A shown message with a poll, in a channel of theirs.
async fn asked(house: &House, by: &Actor, id: Id) -> Result<(Message, Poll), GroupError> {
    let found: Option<Message> = house.db.optional(store::message(by.community, id)).await?;
    let found = found.filter(|m| m.state == MessageState::Shown);
    let message = found.ok_or(GroupError::NotFound)?;
    channels::one(house, by, message.channel).await?;
    channels::entered(house, by).await?;
    let poll = message.parts.poll.clone().ok_or(GroupError::NotFound)?;
    Ok((message, poll))
}

/// Answers, or answers anew: what was chosen before is replaced; nothing chosen takes the
/// answer back.
///
/// # Errors
/// [`GroupError::PollOver`] after its end, [`GroupError::NoVoter`] for whoever has no home
/// here, [`GroupError::Options`] for a choice that is none.
pub async fn vote(
    house: &House,
    by: &Actor,
    id: Id,
    chosen: &[i64],
) -> Result<Message, GroupError> {
    by.may(Permission::GroupSpeak)?;
    let (_, poll) = asked(house, by, id).await?;
    let voters = voters(house, by, &poll).await?;
    if voters.is_empty() {
        return Err(GroupError::NoVoter);
    }
    let mut chosen = chosen.to_vec();
    chosen.sort_unstable();
    chosen.dedup();
    let known = 0..poll.options.len() as i64;
    if chosen.iter().any(|n| !known.contains(n)) || (chosen.len() > 1 && !poll.several) {
        return Err(GroupError::Options);
    }
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::GroupSpeak), move |mut tx| {
            let now = tx.now();
            let (mut message, mut poll) = open_poll(&mut tx, id, now)?;
            for voter in &voters {
                tx.execute(store::forget_votes(c, id, *voter))?;
                for choice in &chosen {
                    tx.execute(store::insert_vote(c, id, *voter, *choice, now))?;
                }
            }
            let counts: Vec<(i64, i64)> = tx.all(store::count_votes(c, id))?;
            let Count(all) = tx.one(store::count_voters(c, id))?;
            poll.counts = vec![0; poll.options.len()];
            for (choice, count) in counts {
                if let Some(at) = poll.counts.get_mut(choice as usize) {
                    *at = count;
                }
            }
            poll.voters = all;
            let Count(tick) = tx.one(store::next_tick(c))?;
            message.parts.poll = Some(poll);
            message.tick = tick;
            tx.execute(store::set_parts(c, id, &message.parts.text(), tick))?;
            // Who took part is told, what they chose is not.
            let event = Event::new(events::VOTED)
                .about("message", id)
                .to(Audience::Record)
                .with("channel", message.channel)
                .with("homes", voters.len() as i64);
            Ok(tx.record(event, message)?)
        })
        .await
}

fn open_poll(tx: &mut Tx<'_>, id: Id, now: Moment) -> Result<(Message, Poll), GroupError> {
    let message: Message = tx
        .optional(store::message(tx.community(), id))?
        .filter(|m: &Message| m.state == MessageState::Shown)
        .ok_or(GroupError::NotFound)?;
    let poll = message.parts.poll.clone().ok_or(GroupError::NotFound)?;
    if !poll.is_open_at(now.0) {
        return Err(GroupError::PollOver);
    }
    Ok((message, poll))
}

/// Ends a poll before its time: its asker's, or whoever leads.
pub async fn end(house: &House, by: &Actor, id: Id) -> Result<(), GroupError> {
    by.may(Permission::GroupSpeak)?;
    let (message, _) = asked(house, by, id).await?;
    if Some(message.author) != by.account && !channels::leads(by) {
        return Err(GroupError::NotFound);
    }
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::GroupSpeak), move |mut tx| {
            let now = tx.now();
            let (mut message, mut poll) = open_poll(&mut tx, id, now)?;
            poll.ended = true;
            let voters = poll.voters;
            message.parts.poll = Some(poll);
            let Count(tick) = tx.one(store::next_tick(c))?;
            tx.execute(store::set_parts(c, id, &message.parts.text(), tick))?;
            let event = Event::new(events::POLL_ENDED)
                .about("message", id)
                .to(Audience::Members)
                .with("channel", message.channel)
                .with("voters", voters);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// What somebody's home answered to each of these messages: message and choice.
pub async fn own(
    house: &House,
    by: &Actor,
    messages: &[Message],
) -> Result<Vec<(Id, i64)>, GroupError> {
    let with_poll = messages.iter().filter(|m| m.parts.poll.is_some());
    let ids: Vec<Id> = with_poll.map(|m| m.id).collect();
    let Some(account) = by.account.filter(|_| !ids.is_empty()) else {
        return Ok(Vec::new());
    };
    let here = members::of_account(house, by.community, account).await?;
    let mut voters: Vec<Id> = here.iter().map(|m| m.room).collect();
    voters.push(account);
    Ok(house
        .db
        .all(store::own_votes(by.community, &ids, &voters))
        .await?)
}
