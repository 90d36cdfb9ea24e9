//! Putting answers in force. Before that every phrasing of the base is asked: whoever lowers
//! hit@1 is stopped, and shown which questions would lose their answer.

use answers::{Base, Make, Topic, measure};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

use crate::base::{self, topic};
use crate::entry::{Entry, State};
use crate::{AssistantError, editing, events, store};

/// As many lost questions are shown.
pub const LOST_SHOWN_MAX: usize = 20;

/// Asks every phrasing of both bases of the new one.
///
/// # Errors
/// [`AssistantError::Regression`] when fewer of what is in force find their answer than before.
async fn regression(before: Vec<Topic>, after: Vec<Topic>) -> Result<(), AssistantError> {
    let compared = tokio::task::spawn_blocking(move || {
        let set: Vec<(String, String)> = before
            .iter()
            .flat_map(|t| t.phrasings.iter().map(|p| (p.clone(), t.id.clone())))
            .collect();
        // A phrasing that its own writer took out is no loss.
        let stays = |(q, id): &&(String, String)| {
            after.iter().any(|t| &t.id == id && t.phrasings.contains(q))
        };
        let set: Vec<(String, String)> = set.iter().filter(stays).cloned().collect();
        let (before, after) = (
            Base::uncalibrated(before, Make::FULL),
            Base::uncalibrated(after, Make::FULL),
        );
        let was = measure::hits(&before, &set);
        let now = measure::hits(&after, &set);
        let count = |hits: &[bool]| hits.iter().filter(|h| **h).count();
        if count(&now) >= count(&was) {
            return Ok(());
        }
        let lost = set.into_iter().zip(was.into_iter().zip(now));
        let lost = lost.filter(|(_, (was, now))| *was && !*now).map(|(q, _)| q);
        Err(AssistantError::Regression(
            lost.take(LOST_SHOWN_MAX).collect(),
        ))
    });
    compared.await.expect("the engine does not panic")
}

/// Puts some entries in force together.
async fn publish_all(
    house: &House,
    by: &Actor,
    entries: Vec<Entry>,
    confirms: bool,
) -> Result<i64, AssistantError> {
    let c = by.community;
    let ready = base::ready(house, c).await?;
    for entry in &entries {
        let open = entry.body.open_places(&ready.fills);
        if !open.is_empty() {
            return Err(AssistantError::Open(open));
        }
    }
    let before: Vec<Topic> = ready.entries.iter().map(topic).collect();
    let mut after: Vec<Topic> = before.clone();
    after.retain(|t| !entries.iter().any(|e| e.topic == t.id));
    after.extend(entries.iter().map(topic));
    regression(before, after).await?;
    house
        .write(
            c,
            &by.who_for(Permission::AssistantPublish),
            move |mut tx| {
                let now = tx.now();
                let mut ids = Vec::with_capacity(entries.len());
                for entry in &entries {
                    let mut entry =
                        editing::read_for_change(&mut tx, c, entry.id, entry.row_version)?;
                    entry.state = State::Published;
                    entry.why = String::new();
                    entry.confirmed_at = Some(now);
                    tx.execute(store::update(c, &entry, now))?;
                    ids.push(entry.id);
                }
                tx.execute(store::next_edition(c))?;
                let count = ids.len() as i64;
                let kind = if confirms {
                    events::CONFIRMED
                } else {
                    events::PUBLISHED
                };
                let mut event = Event::new(kind).to(Audience::Staff).with("count", count);
                if let [id] = ids[..] {
                    event = event.about("answer", id);
                }
                Ok(tx.record(event, count)?)
            },
        )
        .await
}

/// Puts an entry in force, or confirms one whose source was over.
pub async fn publish(
    house: &House,
    by: &Actor,
    id: Id,
    row_version: i64,
) -> Result<(), AssistantError> {
    by.may(Permission::AssistantPublish)?;
    let entry = editing::one(house, by, id).await?;
    if entry.row_version != row_version {
        return Err(AssistantError::Changed);
    }
    if entry.state == State::Published {
        return Err(AssistantError::State);
    }
    let today = house.now().date().to_string();
    if !entry.body.valid_to.is_empty() && entry.body.valid_to < today {
        return Err(AssistantError::Body("valid_to"));
    }
    let confirms = entry.state == State::Expired;
    publish_all(house, by, vec![entry], confirms).await?;
    Ok(())
}

/// Puts every draft in force whose places are filled; how many.
pub async fn publish_ready(house: &House, by: &Actor) -> Result<i64, AssistantError> {
    by.may(Permission::AssistantPublish)?;
    let drafts = editing::list(house, by, &[State::Draft], "").await?;
    let (_, fills) = base::head(house, by.community).await?;
    let ready: Vec<Entry> = drafts
        .into_iter()
        .filter(|e| e.body.open_places(&fills).is_empty())
        .collect();
    if ready.is_empty() {
        return Ok(0);
    }
    publish_all(house, by, ready, false).await
}

/// Takes an answer back.
pub async fn withdraw(
    house: &House,
    by: &Actor,
    id: Id,
    row_version: i64,
) -> Result<(), AssistantError> {
    by.may(Permission::AssistantPublish)?;
    let c = by.community;
    house
        .write(
            c,
            &by.who_for(Permission::AssistantPublish),
            move |mut tx| {
                let mut entry = editing::read_for_change(&mut tx, c, id, row_version)?;
                if !matches!(entry.state, State::Published | State::Expired) {
                    return Err(AssistantError::State);
                }
                entry.state = State::Withdrawn;
                let now = tx.now();
                tx.execute(store::update(c, &entry, now))?;
                tx.execute(store::next_edition(c))?;
                let event = Event::new(events::WITHDRAWN)
                    .about("answer", id)
                    .to(Audience::Staff);
                Ok(tx.record(event, ())?)
            },
        )
        .await
}
