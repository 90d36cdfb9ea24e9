//! Putting answers in force. Before that the regression set is asked: every phrasing of the
//! base, and the questions that are kept to check it. Whoever lowers hit@1 is stopped, and shown
//! which questions would lose their answer. Each edit is looked at so too, soon after it.

use std::sync::Arc;

use foundation::clock::Moment;
use foundation::database::{Community, DbError, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::{Job, enqueue};
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;
use serde_json::json;

use crate::base::{self, Index, Ready, Text};
use crate::entry::{Checked, Entry, State};
use crate::{AssistantError, editing, events, store};

/// As many lost questions are shown.
pub const LOST_SHOWN_MAX: usize = 20;
/// The job that looks at an edit.
pub const CHECK: &str = "assistant.check";

/// An edit is looked at soon; several in a row once.
pub(crate) fn look_soon(tx: &mut Tx<'_>, entry: &Entry, now: Moment) -> Result<(), DbError> {
    let id = format!("assistant-check-{}-{}", entry.id, entry.version);
    enqueue(tx, CHECK, &id, &json!({ "entry": entry.id }), now)
}

/// Everything in force with these texts in the place of their entries' own.
fn with(ready: &Ready, new: &[Text]) -> Vec<Text> {
    let stays = |t: &Text| new.iter().all(|n| n.id != t.id);
    let in_force = ready.all().filter_map(|(entry, _)| Text::in_force(entry));
    let mut texts: Vec<Text> = in_force.filter(stays).collect();
    texts.extend(new.iter().cloned());
    texts
}

/// What both say to the questions that both know.
fn compare(now: &Index, with: &Index) -> Checked {
    let mut out = Checked::default();
    for (question, before, after) in now.beside(with) {
        out.of += 1;
        out.was += i64::from(before);
        out.now += i64::from(after);
        if before && !after && out.lost.len() < LOST_SHOWN_MAX {
            out.lost.push(question.to_owned());
        }
    }
    out
}

/// Looks at what was written last, and keeps what the regression set says of it.
pub async fn look_at(house: &House, c: Community, id: Id) -> Result<(), AssistantError> {
    let entry: Option<Entry> = house.db.optional(store::entry(c, id)).await?;
    let Some(entry) = entry.filter(|e| e.may_come() && e.checked.version != e.version) else {
        return Ok(());
    };
    let ready = base::ready(house, c).await?;
    let texts = with(&ready, &[Text::written(&entry)]);
    let tried = base::tried(house, c, texts).await;
    let checked = Checked {
        version: entry.version,
        ..compare(ready.index(), &tried)
    };
    keep(house, c, id, checked).await
}

async fn keep(house: &House, c: Community, id: Id, checked: Checked) -> Result<(), AssistantError> {
    let chore = foundation::database::Chore::Job;
    house
        .db
        .keep(chore, c, move |r| {
            r.execute(store::set_checked(c, id, &checked))?;
            Ok::<_, AssistantError>(())
        })
        .await
}

/// The job [`CHECK`].
pub(crate) async fn check(house: Arc<House>, job: Job) -> Result<(), String> {
    let Some(id) = job.payload["entry"].as_str().and_then(|s| s.parse().ok()) else {
        return Err("names no entry".into());
    };
    let done = look_at(&house, job.community, id).await;
    done.map_err(|e| e.to_string())
}

/// Puts some entries in force together, as they were written last.
async fn publish_all(
    house: &House,
    by: &Actor,
    entries: Vec<Entry>,
    confirms: bool,
) -> Result<i64, AssistantError> {
    let c = by.community;
    let fills = base::head(house, c).await?.fills;
    for entry in &entries {
        let open = entry.body.open_places(&fills);
        if !open.is_empty() {
            return Err(AssistantError::Open(open));
        }
    }
    let ready = base::ready(house, c).await?;
    let new: Vec<Text> = entries.iter().map(Text::written).collect();
    let texts = with(&ready, &new);
    // What is asked already, and was passed over since its source ended, needs no second look.
    let index = match ready.index().knows(&texts) {
        true => ready.index().clone(),
        false => base::tried(house, c, texts).await,
    };
    let checked = compare(ready.index(), &index);
    if checked.stops() {
        if let [entry] = &entries[..] {
            let version = entry.version;
            let told = Checked {
                version,
                ..checked.clone()
            };
            keep(house, c, entry.id, told).await?;
        }
        return Err(AssistantError::Regression(checked));
    }
    let (hits, of) = index.regression();
    let count = house
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
                    entry.in_force = Some(entry.body.clone());
                    entry.in_force_version = entry.version;
                    entry.why = String::new();
                    entry.confirmed_at = Some(now);
                    tx.execute(store::update(c, &entry, now))?;
                    ids.push(entry.id);
                }
                tx.execute(store::next_edition(c))?;
                tx.execute(store::set_hits(c, hits, of))?;
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
                Ok::<_, AssistantError>(tx.record(event, count)?)
            },
        )
        .await?;
    base::hand_over(house, c, index);
    Ok(count)
}

/// Puts what was written last of an entry in force, or confirms one whose source was over.
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
    if !entry.may_come() {
        return Err(AssistantError::State);
    }
    let today = house.now().date().to_string();
    if !entry.body.valid_to.is_empty() && entry.body.valid_to < today {
        return Err(AssistantError::Body("valid_to"));
    }
    let confirms = entry.state == State::Expired && !entry.is_ahead();
    publish_all(house, by, vec![entry], confirms).await?;
    Ok(())
}

/// Puts every draft in force whose places are filled; how many.
pub async fn publish_ready(house: &House, by: &Actor) -> Result<i64, AssistantError> {
    by.may(Permission::AssistantPublish)?;
    let drafts = editing::list(house, by, &[State::Draft], "").await?;
    let fills = base::head(house, by.community).await?.fills;
    let today = house.now().date().to_string();
    let fit = |e: &Entry| {
        let ends = &e.body.valid_to;
        e.body.open_places(&fills).is_empty() && (ends.is_empty() || *ends >= today)
    };
    let ready: Vec<Entry> = drafts.into_iter().filter(fit).collect();
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
