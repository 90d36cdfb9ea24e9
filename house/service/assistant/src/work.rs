//! What missed, worked off: the questions that found nothing, the answers that were none and
//! those who wait for a person, the like ones together. One tap makes a question a phrasing.

use answers::alike;
use foundation::database::{Community, DbError, Look};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

use crate::asking::{self, Question};
use crate::entry::PHRASINGS_MAX;
use crate::{AssistantError, base, editing, events, publishing, store};

/// As many open questions are looked at.
pub const SHOWN_MAX: i64 = 200;
/// From here on two questions are alike.
const ALIKE: f32 = 0.45;

/// As many entries are offered that a question may be meant for.
const NEAR_SHOWN: usize = 5;

/// Like questions.
#[derive(Clone, Debug)]
pub struct Group {
    /// The newest first.
    pub questions: Vec<(Question, String)>,
    /// Entries that come nearest to the first: id and title.
    pub near: Vec<(Id, String)>,
    pub waits: bool,
}

/// How many are open, for the office's bar.
pub async fn count_waiting(house: &House, c: Community) -> Result<u32, DbError> {
    let (n,): (i64,) = house.db.one(store::count_open(c)).await?;
    Ok(u32::try_from(n).unwrap_or(u32::MAX))
}

/// The list: who waits first, then the greatest groups.
pub async fn list(house: &House, by: &Actor) -> Result<Vec<Group>, AssistantError> {
    by.may(Permission::AssistantWrite)?;
    let found: Vec<Question> = house
        .db
        .all(store::open_questions(by.community, SHOWN_MAX))
        .await?;
    let found = asking::opened(house, by, found).await?;
    let ready = base::ready(house, by.community).await?;
    let mut groups: Vec<Group> = Vec::new();
    // Of an erased asker nothing is left to read.
    for (question, text) in found.into_iter().filter(|(_, text)| !text.is_empty()) {
        let like = groups
            .iter_mut()
            .find(|g| alike(&g.questions[0].1, &text) >= ALIKE);
        match like {
            Some(group) => group.questions.push((question, text)),
            None => {
                let best = ready.base().ask(&text).best;
                let near = best.iter().filter_map(|c| {
                    let (entry, body) = ready.entry(c.topic)?;
                    Some((entry.id, body.title.clone()))
                });
                let near = near.take(NEAR_SHOWN).collect();
                groups.push(Group {
                    questions: vec![(question, text)],
                    near,
                    waits: false,
                });
            }
        }
    }
    for group in &mut groups {
        group.waits = group.questions.iter().any(|(q, _)| q.waits());
    }
    groups.sort_by_key(|g| (!g.waits, std::cmp::Reverse(g.questions.len())));
    Ok(groups)
}

/// What becomes of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Off {
    /// It is another way to ask for this entry; the words are the office's to mend, so that
    /// nothing of the asker stays in them.
    Adopt { entry: Id, phrasing: String },
    /// Nothing follows from it, or somebody spoke with the asker.
    Aside,
}

/// Works questions off together.
pub async fn off(house: &House, by: &Actor, ids: Vec<Id>, what: Off) -> Result<(), AssistantError> {
    by.may(Permission::AssistantWrite)?;
    if let Off::Adopt { entry, phrasing } = &what {
        let mut entry = editing::one(house, by, *entry).await?;
        let phrasing = phrasing.trim().to_owned();
        if entry.body.phrasings.len() >= PHRASINGS_MAX {
            return Err(AssistantError::TooMany);
        }
        // A draft that stands beside what is in force is not let out by a tap on another page.
        let published = entry.state == crate::entry::State::Published && !entry.is_ahead();
        if !entry.body.phrasings.contains(&phrasing) {
            entry.body.phrasings.push(phrasing);
            editing::save(house, by, entry.id, entry.row_version, entry.body).await?;
            // Who may not publish leaves it as a draft for whoever may.
            if published && by.has(Permission::AssistantPublish) {
                let saved = editing::one(house, by, entry.id).await?;
                publishing::publish(house, by, saved.id, saved.row_version).await?;
            }
        }
    }
    let c = by.community;
    let word = if what == Off::Aside {
        "aside"
    } else {
        "adopted"
    };
    house
        .write(c, &by.who_for(Permission::AssistantWrite), move |mut tx| {
            let now = tx.now();
            let mut count = 0;
            for id in ids {
                let found: Option<Question> = tx.optional(store::question(c, id))?;
                let mut q = found.ok_or(AssistantError::NotFound)?;
                q.open = false;
                q.met_at = q.waiting_since.map(|_| q.met_at.unwrap_or(now));
                tx.execute(store::set_question(c, &q))?;
                count += 1;
            }
            if count == 0 {
                return Err(AssistantError::NotFound);
            }
            let event = Event::new(events::WORKED_OFF)
                .to(Audience::Staff)
                .with("count", count as i64)
                .with("how", word);
            Ok(tx.record(event, ())?)
        })
        .await
}
