//! The base in memory: what is in force now, ready to be asked, built anew when the
//! compound's edition moved.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use answers::{Base, Topic};
use foundation::database::Community;
use foundation::house::House;

use crate::AssistantError;
use crate::entry::{Entry, State, sentences};
use crate::store;

/// Bases kept ready: as many compounds as a node answers for at a time.
const KEPT_MAX: usize = 64;

/// What is in force, and the engine over it; a topic of the engine is an entry's place.
#[derive(Debug)]
pub struct Ready {
    pub edition: i64,
    pub entries: Vec<Entry>,
    pub base: Base,
    pub fills: BTreeMap<String, String>,
}

#[derive(Default)]
struct Kept(Mutex<HashMap<Community, Arc<Ready>>>);

/// An entry as the engine takes it.
#[must_use]
pub fn topic(entry: &Entry) -> Topic {
    let mut phrasings = vec![entry.body.title.clone()];
    phrasings.extend(entry.body.phrasings.iter().cloned());
    Topic {
        id: entry.topic.clone(),
        phrasings,
        sentences: sentences(&entry.body.answer),
    }
}

/// What the office says in the places of the answers, and the edition.
pub async fn head(
    house: &House,
    c: Community,
) -> Result<(i64, BTreeMap<String, String>), AssistantError> {
    let head: Option<(i64, String)> = house.db.optional(store::head(c)).await?;
    let (edition, fills) = head.unwrap_or_default();
    Ok((edition, serde_json::from_str(&fills).unwrap_or_default()))
}

/// The base of a compound.
pub async fn ready(house: &House, c: Community) -> Result<Arc<Ready>, AssistantError> {
    let kept = house.kept::<Kept>();
    let (edition, fills) = head(house, c).await?;
    let lock = || kept.0.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(there) = lock().get(&c).filter(|r| r.edition == edition) {
        return Ok(there.clone());
    }
    let entries: Vec<Entry> = house.db.all(store::entries(c, &[State::Published])).await?;
    let topics = entries.iter().map(topic).collect();
    // Seconds of work for a great base: not on a thread that serves pages.
    let base = tokio::task::spawn_blocking(move || Base::new(topics)).await;
    let base = base.expect("the engine does not panic");
    let fresh = Arc::new(Ready {
        edition,
        entries,
        base,
        fills,
    });
    let mut held = lock();
    if held.len() >= KEPT_MAX {
        held.clear();
    }
    held.insert(c, fresh.clone());
    Ok(fresh)
}
