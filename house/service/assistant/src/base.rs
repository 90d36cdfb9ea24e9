//! The base in memory: what is in force, ready to be asked. It is built once for what is in
//! force and shared by all who ask; what is taken out answers nobody from that moment, without
//! building anew, and a publishing hands over the one that it has built to look at.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use answers::{Base, Topic, measure};
use foundation::database::{Community, DbError, FromRow, Row};
use foundation::house::House;
use foundation::ids::Id;

use crate::AssistantError;
use crate::entry::{Body, Entry, State, sentences};
use crate::manner::Manner;
use crate::store;

/// Bases kept ready: as many compounds as a node answers for at a time.
const KEPT_MAX: usize = 64;

/// What a compound's assistant knows beside its entries.
#[derive(Clone, Debug, Default)]
pub struct Head {
    pub edition: i64,
    pub fills: BTreeMap<String, String>,
    pub manner: Manner,
    /// Of the regression set at the last publishing: how many found their answer, of how many.
    pub hits: (i64, i64),
}

impl FromRow for Head {
    fn from_row(row: &mut Row) -> Result<Head, DbError> {
        Ok(Head {
            edition: row.next()?,
            fills: serde_json::from_str(&row.next::<String>()?).unwrap_or_default(),
            manner: serde_json::from_str(&row.next::<String>()?).unwrap_or_default(),
            hits: (row.next()?, row.next()?),
        })
    }
}

/// A text that can be in force: an entry's, in one of its versions.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub id: Id,
    pub version: i64,
    pub topic: String,
    pub body: Body,
}

impl Text {
    /// What is in force of an entry.
    pub(crate) fn in_force(entry: &Entry) -> Option<Text> {
        entry.in_force.as_ref().map(|body| Text {
            id: entry.id,
            version: entry.in_force_version,
            topic: entry.topic.clone(),
            body: body.clone(),
        })
    }

    /// What was written last.
    pub(crate) fn written(entry: &Entry) -> Text {
        Text {
            id: entry.id,
            version: entry.version,
            topic: entry.topic.clone(),
            body: entry.body.clone(),
        }
    }
}

/// The engine over some texts; a topic of the engine is a text's place.
#[derive(Debug)]
pub struct Index {
    pub base: Base,
    places: Vec<(Id, i64)>,
    known: HashSet<(Id, i64)>,
    /// The regression set: what is asked, and the topic that must stand first.
    questions: Vec<(String, String)>,
    /// Which of them find it.
    hits: Vec<bool>,
}

impl Index {
    fn build(texts: Vec<Text>) -> Index {
        let places: Vec<(Id, i64)> = texts.iter().map(|t| (t.id, t.version)).collect();
        let asked = |t: &Text| {
            let b = &t.body;
            let all = std::iter::once(&b.title)
                .chain(&b.phrasings)
                .chain(&b.checks);
            let of = |q: &String| (q.clone(), t.topic.clone());
            all.map(of).collect::<Vec<_>>()
        };
        let questions: Vec<(String, String)> = texts.iter().flat_map(asked).collect();
        let base = Base::new(texts.iter().map(topic).collect());
        let hits = measure::hits(&base, &questions);
        Index {
            base,
            known: places.iter().copied().collect(),
            places,
            questions,
            hits,
        }
    }

    /// Every one of these texts can be found.
    pub(crate) fn knows(&self, texts: &[Text]) -> bool {
        texts
            .iter()
            .all(|t| self.known.contains(&(t.id, t.version)))
    }

    /// Seconds of work for a great base: not on a thread that serves pages.
    pub(crate) async fn of(texts: Vec<Text>) -> Arc<Index> {
        let built = tokio::task::spawn_blocking(move || Index::build(texts)).await;
        Arc::new(built.expect("the engine does not panic"))
    }

    pub(crate) fn is_of(&self, texts: &[Text]) -> bool {
        self.places.len() == texts.len() && self.knows(texts)
    }

    /// How many of the regression set find their answer, of how many.
    #[must_use]
    pub fn regression(&self) -> (i64, i64) {
        let hits = self.hits.iter().filter(|h| **h).count();
        (hits as i64, self.hits.len() as i64)
    }

    /// The questions that both sets hold, with whether each finds its answer here and there. A
    /// question that its own writer took out is no loss.
    pub(crate) fn beside<'a>(
        &'a self,
        other: &'a Index,
    ) -> impl Iterator<Item = (&'a str, bool, bool)> + 'a {
        let there: HashMap<(&str, &str), bool> = other
            .questions
            .iter()
            .zip(&other.hits)
            .map(|((q, id), hit)| ((q.as_str(), id.as_str()), *hit))
            .collect();
        self.questions
            .iter()
            .zip(&self.hits)
            .filter_map(move |((q, id), here)| {
                let there = there.get(&(q.as_str(), id.as_str()))?;
                Some((q.as_str(), *here, *there))
            })
    }
}

/// What is in force now, and the engine over it.
#[derive(Debug)]
pub struct Ready {
    edition: i64,
    index: Arc<Index>,
    /// By the index's places; what is not in force any more is none.
    entries: Vec<Option<Entry>>,
}

impl Ready {
    #[must_use]
    pub fn base(&self) -> &Base {
        &self.index.base
    }

    #[must_use]
    pub fn index(&self) -> &Arc<Index> {
        &self.index
    }

    /// The entry at a place of the engine, where it is in force, with its text.
    #[must_use]
    pub fn entry(&self, place: u32) -> Option<(&Entry, &Body)> {
        let entry = self.entries.get(place as usize)?.as_ref()?;
        Some((entry, entry.in_force.as_ref()?))
    }

    #[must_use]
    pub fn of(&self, id: Id) -> Option<(&Entry, &Body)> {
        let place = self.index.places.iter().position(|(one, _)| *one == id)?;
        self.entry(place as u32)
    }

    /// All that is in force.
    pub fn all(&self) -> impl Iterator<Item = (&Entry, &Body)> {
        (0..self.entries.len() as u32).filter_map(|place| self.entry(place))
    }
}

/// A compound's place: what is ready, and whose turn it is to build.
#[derive(Default)]
struct Kept {
    ready: Mutex<Option<Arc<Ready>>>,
    /// What an edit was looked at with; a publishing of the same texts takes it as it is.
    tried: Mutex<Option<Arc<Index>>>,
    building: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct All(Mutex<HashMap<Community, Arc<Kept>>>);

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn kept(house: &House, c: Community) -> Arc<Kept> {
    let all = house.kept::<All>();
    let mut all = held(&all.0);
    if all.len() >= KEPT_MAX && !all.contains_key(&c) {
        all.clear();
    }
    all.entry(c).or_default().clone()
}

/// A text as the engine takes it.
pub(crate) fn topic(text: &Text) -> Topic {
    let mut phrasings = vec![text.body.title.clone()];
    phrasings.extend(text.body.phrasings.iter().cloned());
    Topic {
        id: text.topic.clone(),
        phrasings,
        sentences: sentences(&text.body.answer),
    }
}

/// What is known beside the entries.
pub async fn head(house: &House, c: Community) -> Result<Head, AssistantError> {
    let head: Option<Head> = house.db.optional(store::head(c)).await?;
    Ok(head.unwrap_or_default())
}

/// The base of a compound.
pub async fn ready(house: &House, c: Community) -> Result<Arc<Ready>, AssistantError> {
    let kept = kept(house, c);
    let edition = head(house, c).await?.edition;
    if let Some(there) = held(&kept.ready).clone().filter(|r| r.edition == edition) {
        return Ok(there);
    }
    // Whoever asks meanwhile waits for the same.
    let _turn = kept.building.lock().await;
    if let Some(there) = held(&kept.ready).clone().filter(|r| r.edition == edition) {
        return Ok(there);
    }
    let entries: Vec<Entry> = house.db.all(store::entries(c, &[State::Published])).await?;
    let texts: Vec<Text> = entries.iter().filter_map(Text::in_force).collect();
    let index = held(&kept.ready).as_ref().map(|r| r.index.clone());
    // What went out of force is passed over; only what came in asks for building.
    let index = match index.filter(|index| index.knows(&texts)) {
        Some(index) => index,
        None => Index::of(texts).await,
    };
    let fresh = Arc::new(fit(edition, index, entries));
    *held(&kept.ready) = Some(fresh.clone());
    Ok(fresh)
}

fn fit(edition: i64, index: Arc<Index>, entries: Vec<Entry>) -> Ready {
    let mut by_text: HashMap<(Id, i64), Entry> = entries
        .into_iter()
        .map(|e| ((e.id, e.in_force_version), e))
        .collect();
    let entries = index.places.iter().map(|p| by_text.remove(p)).collect();
    Ready {
        edition,
        index,
        entries,
    }
}

/// An index of these texts: the one that an edit was looked at with, where it is of the same.
pub(crate) async fn tried(house: &House, c: Community, texts: Vec<Text>) -> Arc<Index> {
    let kept = kept(house, c);
    let there = held(&kept.tried).clone().filter(|i| i.is_of(&texts));
    match there {
        Some(index) => index,
        None => {
            let _turn = kept.building.lock().await;
            let built = Index::of(texts).await;
            *held(&kept.tried) = Some(built.clone());
            built
        }
    }
}

/// Hands over the index of what came into force just now; it serves from the next question on.
pub(crate) fn hand_over(house: &House, c: Community, index: Arc<Index>) {
    let kept = kept(house, c);
    *held(&kept.tried) = None;
    // Which entries stand is read by whoever asks next: no edition is this one's.
    *held(&kept.ready) = Some(Arc::new(fit(-1, index, Vec::new())));
}
