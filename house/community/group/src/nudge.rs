//! Telling the devices of those who are away: a minute after something was said, whoever
//! wants to know and has not read it gets one push per channel, never one per message.
//! Push is never assumed to arrive; what it says is that there is something to read.

use std::collections::BTreeSet;

use foundation::clock::{HOUR, MINUTE, SECOND};
use foundation::communities;
use foundation::database::{Chore, Community, LIST_MAX};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use membership::directory::{self, Among};
use outbox::{Letter, Level, Recipient, Way};
use permissions::Role;
use permissions::actor::Actor;

use crate::channels::{Channel, ChannelKind};
use crate::message::{Message, MessageState};
use crate::{GroupError, events, store};

/// Whoever has the channel open has read within so long.
const READ_WITHIN: i64 = 10 * SECOND;
/// A lively channel is told of after so long all the same.
const PATIENCE: i64 = 2 * MINUTE;
/// Old news is not pushed: a device that comes back finds the channel itself.
const EXPIRES_AFTER: i64 = HOUR;
/// Messages looked at for a push; more are more.
const NEWEST: i64 = 50;
const PAGE: i64 = 500;
/// As many members and devices as are gone through.
const PEOPLE_MAX: usize = 20_000;
/// Who of the office is in the group.
const OFFICE: [Role; 5] = [
    Role::Host,
    Role::Manager,
    Role::Supervisor,
    Role::Specialist,
    Role::OnDuty,
];

/// Tells the devices of a compound; how many items were put into the outbox.
pub async fn nudge(house: &House, c: Community) -> Result<usize, GroupError> {
    let channels: Vec<Channel> = house.db.all(store::channels(c)).await?;
    let told: Vec<(Id, i64)> = house.db.all(store::nudged(c)).await?;
    let now = house.now();
    let mut put = 0;
    for channel in &channels {
        let from = told.iter().find(|t| t.0 == channel.id).map_or(0, |t| t.1);
        let Some(last_at) = channel.last_at.filter(|_| channel.last_seq > from) else {
            continue;
        };
        let newest = store::before(c, channel.id, channel.last_seq + 1, None, NEWEST);
        let mut new: Vec<Message> = house.db.all(newest).await?;
        new.retain(|m| m.seq > from && m.state == MessageState::Shown);
        let waited = new.last().map_or(now, |m| m.at).plus(PATIENCE) <= now;
        if last_at.plus(READ_WITHIN) > now && !waited {
            continue;
        }
        put += tell(house, c, channel, from, &new).await?;
    }
    Ok(put)
}

async fn tell(
    house: &House,
    c: Community,
    channel: &Channel,
    from: i64,
    new: &[Message],
) -> Result<usize, GroupError> {
    let (id, last, now) = (channel.id, channel.last_seq, house.now());
    let (called, others) = if new.is_empty() {
        (Vec::new(), Vec::new())
    } else {
        who(house, c, channel, new).await?
    };
    if called.is_empty() && others.is_empty() {
        house
            .db
            .keep::<_, GroupError, _>(Chore::Cursor, c, move |r| {
                r.execute(store::set_nudged(c, id, from, last, now))?;
                Ok(())
            })
            .await?;
        return Ok(0);
    }
    let compound = communities::by_number(&house.db, c).await?;
    let compound = compound.map_or(String::new(), |one| one.name);
    let letter = |text: String| Letter {
        source: format!("channel:{id}"),
        title: compound.clone(),
        text: in_script_of(&compound, &text),
        path: format!("/group/channels/{id}"),
        urgent: false,
        expires_at: now.plus(EXPIRES_AFTER),
    };
    let name = match channel.kind {
        ChannelKind::Main => "業主群",
        ChannelKind::Stewards => "管理員議事",
        ChannelKind::Sharing => "分享互助",
        ChannelKind::Building | ChannelKind::Open => &channel.name,
    };
    let some = letter(format!("{name}：{} 則新發言", new.len()));
    let mention = letter(format!("{name}：有人提到您"));
    let ids = (house.id(), house.id());
    let items = (called.len() + others.len()) as i64;
    let done = house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            if tx.execute(store::set_nudged(c, id, from, last, now))? == 0 {
                // Another node told them.
                return Err(GroupError::Changed);
            }
            for (key, letter, to) in [(ids.0, &some, others), (ids.1, &mention, called)] {
                if to.is_empty() {
                    continue;
                }
                outbox::letter_in(&mut tx, key, letter)?;
                for account in to {
                    let to = Recipient {
                        account: Some(account),
                        ..Recipient::default()
                    };
                    outbox::post_in(&mut tx, key, Way::Push, &to, now)?;
                }
            }
            let event = Event::new(events::NUDGED)
                .about("channel", id)
                .to(Audience::Record)
                .with("seq", last)
                .with("items", items);
            Ok(tx.record(event, items as usize)?)
        })
        .await;
    match done {
        Err(GroupError::Changed) => Ok(0),
        other => other,
    }
}

/// The compound's name shows which script its people write.
fn in_script_of(name: &str, text: &str) -> String {
    let simple = hanzi::fold::simplified(name) == name;
    if simple {
        hanzi::fold::simplified(text)
    } else {
        text.to_owned()
    }
}

/// Who is told that they were named, and who that something was said.
async fn who(
    house: &House,
    c: Community,
    channel: &Channel,
    new: &[Message],
) -> Result<(Vec<Id>, Vec<Id>), GroupError> {
    let mut listening: Vec<(Id, Level)> = Vec::new();
    loop {
        let after = listening.last().map(|l| l.0);
        let part = outbox::listening(house, c, after, PAGE).await?;
        let full = part.len() as i64 == PAGE;
        listening.extend(part);
        if !full || listening.len() >= PEOPLE_MAX {
            break;
        }
    }
    if listening.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let inside = inside(house, c, channel).await?;
    listening.retain(|(account, _)| inside.contains(account));
    let (mut called, mut others) = (Vec::new(), Vec::new());
    for part in listening.chunks(LIST_MAX) {
        let accounts: Vec<Id> = part.iter().map(|l| l.0).collect();
        let marks = store::marks_of(c, channel.id, &accounts);
        let marks: Vec<(Id, i64)> = house.db.all(marks).await?;
        for (account, level) in part {
            let read = marks.iter().find(|m| m.0 == *account).map_or(0, |m| m.1);
            let mut fresh = new
                .iter()
                .filter(|m| m.seq > read && m.author != *account)
                .peekable();
            if fresh.peek().is_none() {
                continue;
            }
            if fresh.any(|m| m.parts.names(*account)) {
                called.push(*account);
            } else if *level == Level::All {
                others.push(*account);
            }
        }
    }
    Ok((called, others))
}

/// The accounts that are in a channel.
async fn inside(
    house: &House,
    c: Community,
    channel: &Channel,
) -> Result<BTreeSet<Id>, GroupError> {
    let roles: &[Role] = match channel.kind {
        ChannelKind::Stewards => &[Role::Steward, Role::Host, Role::Manager],
        _ => &OFFICE,
    };
    let holders = accounts::staff::holders(house, c, roles).await?;
    let mut out: BTreeSet<Id> = holders
        .into_iter()
        .filter(|h| h.active)
        .map(|h| h.id)
        .collect();
    if channel.kind == ChannelKind::Stewards {
        return Ok(out);
    }
    let among = match channel.kind {
        ChannelKind::Building => Among(&channel.building),
        _ => Among(""),
    };
    let mut after: Option<(String, Id)> = None;
    loop {
        let from = after.as_ref().map(|(room, id)| (room.as_str(), *id));
        let part = directory::page(house, c, among, from, PAGE).await?;
        let full = part.len() as i64 == PAGE;
        after = part.last().map(|m| (m.room_code.clone(), m.id));
        out.extend(part.into_iter().map(|m| m.account));
        if !full || out.len() >= PEOPLE_MAX {
            return Ok(out);
        }
    }
}
