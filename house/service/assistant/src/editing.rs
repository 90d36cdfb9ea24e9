//! Writing entries: each save is a version that can be gone back to.

use std::collections::BTreeMap;

use foundation::clock::Moment;
use foundation::database::{Community, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

use crate::entry::{Body, Checked, ENTRIES_MAX, Entry, State};
use crate::{AssistantError, base, events, publishing, starter, store};

const TOPIC_CHARS_MAX: usize = 40;
/// As many versions of an entry are listed.
pub const VERSIONS_SHOWN: i64 = 20;
/// A value of a place: a phone, an address, hours.
pub const FILL_CHARS_MAX: usize = 200;

/// An entry, for the office.
pub async fn one(house: &House, by: &Actor, id: Id) -> Result<Entry, AssistantError> {
    by.may(Permission::AssistantWrite)?;
    let found = house.db.optional(store::entry(by.community, id)).await?;
    found.ok_or(AssistantError::NotFound)
}

/// The entries in these states whose topic, title, phrasings or answer hold the words, in
/// either script.
pub async fn list(
    house: &House,
    by: &Actor,
    states: &[State],
    words: &str,
) -> Result<Vec<Entry>, AssistantError> {
    by.may(Permission::AssistantWrite)?;
    let mut found: Vec<Entry> = house.db.all(store::entries(by.community, states)).await?;
    let words = hanzi::fold::key(words);
    found.retain(|e| holds(e, &words));
    Ok(found)
}

/// Whether an entry says these words, folded by [`hanzi::fold::key`], anywhere.
pub(crate) fn holds(entry: &Entry, words: &str) -> bool {
    let b = &entry.body;
    let all = [&entry.topic, &b.title, &b.answer]
        .into_iter()
        .chain(&b.phrasings);
    let mut all = all.map(|text| hanzi::fold::key(text));
    words.is_empty() || all.any(|text| text.contains(words))
}

/// Begins an entry as a draft.
pub async fn begin(
    house: &House,
    by: &Actor,
    topic: &str,
    body: Body,
) -> Result<Id, AssistantError> {
    by.may(Permission::AssistantWrite)?;
    body.check()?;
    let topic = topic.trim().to_lowercase();
    if !fits_topic(&topic) {
        return Err(AssistantError::Body("topic"));
    }
    let entry = draft(house.id(), topic, body, by.account, house.now());
    let (c, account) = (by.community, by.account);
    house
        .write(c, &by.who_for(Permission::AssistantWrite), move |mut tx| {
            room_for(&mut tx, c, 1)?;
            if tx.execute(store::insert(c, &entry))? == 0 {
                return Err(AssistantError::TopicTaken);
            }
            let now = tx.now();
            tx.execute(store::insert_version(c, &entry, account, now))?;
            publishing::look_soon(&mut tx, &entry, now)?;
            Ok(tx.record(kept(&entry), entry.id)?)
        })
        .await
}

/// Whether a text can be the code of an entry.
#[must_use]
pub fn fits_topic(topic: &str) -> bool {
    let fit = |ch: char| ch.is_alphanumeric() || ch == '-';
    (1..=TOPIC_CHARS_MAX).contains(&topic.chars().count()) && topic.chars().all(fit)
}

pub(crate) fn draft(id: Id, topic: String, body: Body, keeper: Option<Id>, now: Moment) -> Entry {
    Entry {
        id,
        topic,
        state: State::Draft,
        body,
        version: 1,
        in_force: None,
        in_force_version: 0,
        keeper,
        why: String::new(),
        confirmed_at: None,
        changed_at: now,
        row_version: 1,
        checked: Checked::default(),
    }
}

fn kept(entry: &Entry) -> Event {
    Event::new(events::KEPT)
        .about("answer", entry.id)
        .to(Audience::Staff)
        .with("version", entry.version)
}

pub(crate) fn room_for(tx: &mut Tx<'_>, c: Community, more: i64) -> Result<(), AssistantError> {
    let (there,): (i64,) = tx.one(store::count_entries(c))?;
    if there + more > ENTRIES_MAX {
        return Err(AssistantError::TooMany);
    }
    Ok(())
}

/// The row as it stands, if it is still the one that was read.
pub(crate) fn read_for_change(
    tx: &mut Tx<'_>,
    c: Community,
    id: Id,
    row_version: i64,
) -> Result<Entry, AssistantError> {
    let found: Option<Entry> = tx.optional(store::entry(c, id))?;
    let entry = found.ok_or(AssistantError::NotFound)?;
    if entry.row_version != row_version {
        return Err(AssistantError::Changed);
    }
    Ok(entry)
}

/// Writes an entry anew. What is in force answers on until the new version is let out: nobody is
/// answered with a half-written text, and nobody is left without because somebody writes.
pub async fn save(
    house: &House,
    by: &Actor,
    id: Id,
    row_version: i64,
    body: Body,
) -> Result<(), AssistantError> {
    by.may(Permission::AssistantWrite)?;
    body.check()?;
    let (c, account) = (by.community, by.account);
    house
        .write(c, &by.who_for(Permission::AssistantWrite), move |mut tx| {
            let mut entry = read_for_change(&mut tx, c, id, row_version)?;
            entry.body = body;
            entry.version += 1;
            entry.keeper = account.or(entry.keeper);
            let now = tx.now();
            tx.execute(store::update(c, &entry, now))?;
            tx.execute(store::insert_version(c, &entry, account, now))?;
            publishing::look_soon(&mut tx, &entry, now)?;
            Ok(tx.record(kept(&entry), ())?)
        })
        .await
}

/// A version of an entry, as the list of them shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    pub version: i64,
    pub by: Option<Id>,
    pub at: Moment,
}

/// The versions of an entry, the newest first.
pub async fn versions(house: &House, by: &Actor, id: Id) -> Result<Vec<Version>, AssistantError> {
    by.may(Permission::AssistantWrite)?;
    let rows: Vec<(i64, Option<Id>, Moment)> = house
        .db
        .all(store::versions(by.community, id, VERSIONS_SHOWN))
        .await?;
    let version = |(version, by, at)| Version { version, by, at };
    Ok(rows.into_iter().map(version).collect())
}

/// Goes back to what the entry said in one of its versions, as a new one.
pub async fn go_back(
    house: &House,
    by: &Actor,
    id: Id,
    row_version: i64,
    to: i64,
) -> Result<(), AssistantError> {
    by.may(Permission::AssistantWrite)?;
    let before = store::version(by.community, id, to);
    let found: Option<(String,)> = house.db.optional(before).await?;
    let (body,) = found.ok_or(AssistantError::NotFound)?;
    let body: Body = serde_json::from_str(&body).map_err(|_| AssistantError::NotFound)?;
    save(house, by, id, row_version, body).await
}

/// Takes the starter base over as drafts; topics that are there stay. How many came.
pub async fn start(house: &House, by: &Actor) -> Result<i64, AssistantError> {
    by.may(Permission::AssistantPublish)?;
    let now = house.now();
    let entries: Vec<Entry> = starter::all()
        .into_iter()
        .map(|s| draft(house.id(), s.topic, s.body, by.account, now))
        .collect();
    let (c, account) = (by.community, by.account);
    house
        .write(
            c,
            &by.who_for(Permission::AssistantPublish),
            move |mut tx| {
                room_for(&mut tx, c, entries.len() as i64)?;
                let mut came = 0;
                for entry in &entries {
                    if tx.execute(store::insert(c, entry))? == 1 {
                        tx.execute(store::insert_version(c, entry, account, now))?;
                        came += 1;
                    }
                }
                if came == 0 {
                    return Err(AssistantError::TopicTaken);
                }
                let event = Event::new(events::STARTED)
                    .to(Audience::Staff)
                    .with("count", came);
                Ok(tx.record(event, came)?)
            },
        )
        .await
}

/// What the places of the answers are filled with: name to value; an empty one is not filled.
pub async fn fill(
    house: &House,
    by: &Actor,
    fills: BTreeMap<String, String>,
) -> Result<(), AssistantError> {
    by.may(Permission::AssistantPublish)?;
    let fills: BTreeMap<String, String> = fills
        .into_iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .collect();
    if fills
        .values()
        .any(|value| value.chars().count() > FILL_CHARS_MAX)
    {
        return Err(AssistantError::Body("fill"));
    }
    let count = fills.len() as i64;
    let text = serde_json::to_string(&fills).expect("plain data");
    let c = by.community;
    house
        .write(
            c,
            &by.who_for(Permission::AssistantPublish),
            move |mut tx| {
                tx.execute(store::set_fills(c, &text))?;
                let event = Event::new(events::FILLED)
                    .to(Audience::Staff)
                    .with("count", count);
                Ok(tx.record(event, ())?)
            },
        )
        .await
}

/// Every place of every entry, whether it is filled, and how many entries wait for it.
pub async fn places(
    house: &House,
    by: &Actor,
) -> Result<Vec<(String, String, usize)>, AssistantError> {
    let all = list(house, by, State::ALL, "").await?;
    let fills = base::head(house, by.community).await?.fills;
    let mut waits: BTreeMap<String, usize> = BTreeMap::new();
    for entry in &all {
        for name in entry.body.open_places(&BTreeMap::new()) {
            *waits.entry(name).or_default() += 1;
        }
    }
    let value = |name: &String| fills.get(name).cloned().unwrap_or_default();
    Ok(waits
        .into_iter()
        .map(|(name, n)| (name.clone(), value(&name), n))
        .collect())
}
