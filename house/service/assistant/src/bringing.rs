//! Bringing entries in from a spreadsheet: looked at first, taken over as drafts; and taking
//! them out as one that can be brought back.

use foundation::database::{Chore, Community, Look, Tx};
use foundation::house::House;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;
use sheets::Limits;

use crate::entry::{Entry, State};
use crate::sheet::{self, Incoming, Read};
use crate::{AssistantError, editing, events, publishing, store};

/// Bytes of a file: ten thousand entries with their phrasings are some four million.
pub const FILE_BYTES_MAX: u64 = 5 << 20;
/// Entries written in one go, so that others wait for a moment only.
const TOGETHER: usize = 200;

/// What a file would change.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    pub read: Read,
    /// Codes that are not there yet.
    pub new: Vec<String>,
    /// Those whose last version says other.
    pub changed: Vec<String>,
    pub same: usize,
}

impl Seen {
    /// As many entries would be written.
    #[must_use]
    pub fn writes(&self) -> usize {
        self.new.len() + self.changed.len()
    }
}

fn limits() -> Limits {
    Limits {
        file_bytes: FILE_BYTES_MAX,
        inflated_bytes: 64 << 20,
        shared_text_bytes: 32 << 20,
        rows: 60_000,
        cells: 1_000_000,
        text_bytes: 32 << 20,
        ..Limits::default()
    }
}

/// Reads a file and keeps what it says until its sender takes it over.
pub async fn look(
    house: &House,
    by: &Actor,
    name: &str,
    bytes: Vec<u8>,
) -> Result<(), AssistantError> {
    by.may(Permission::AssistantWrite)?;
    let account = by.account.ok_or(AssistantError::NotFound)?;
    let name = name.to_owned();
    let read = tokio::task::spawn_blocking(move || {
        let book = sheets::open(&bytes, &name, &limits()).map_err(|_| AssistantError::File)?;
        sheet::read(&book)
    });
    let read = read.await.map_err(|_| AssistantError::File)??;
    let rows = serde_json::to_string(&read).expect("plain data");
    let (c, now) = (by.community, house.now());
    house
        .db
        .keep::<_, AssistantError, _>(Chore::Staging, c, move |r| {
            r.execute(store::put_import(c, account, &rows, now))?;
            Ok(())
        })
        .await
}

/// What one's own file would change; none where there is none.
pub async fn seen(house: &House, by: &Actor) -> Result<Option<Seen>, AssistantError> {
    by.may(Permission::AssistantWrite)?;
    let account = by.account.ok_or(AssistantError::NotFound)?;
    let kept: Option<(String,)> = house
        .db
        .optional(store::import(by.community, account))
        .await?;
    let Some((rows,)) = kept else {
        return Ok(None);
    };
    let read: Read = serde_json::from_str(&rows).map_err(|_| AssistantError::File)?;
    let there = editing::list(house, by, State::ALL, "").await?;
    let there: std::collections::HashMap<&str, &Entry> =
        there.iter().map(|e| (e.topic.as_str(), e)).collect();
    let mut out = Seen::default();
    for one in &read.entries {
        match there.get(one.topic.as_str()) {
            None => out.new.push(one.topic.clone()),
            Some(entry) if merged(entry, one) == entry.body => out.same += 1,
            Some(_) => out.changed.push(one.topic.clone()),
        }
    }
    out.read = read;
    Ok(Some(out))
}

/// A file says nothing of what an answer rests on: that stays as it was chosen.
fn merged(entry: &Entry, one: &Incoming) -> crate::entry::Body {
    crate::entry::Body {
        source: entry.body.source,
        source_ref: entry.body.source_ref.clone(),
        ..one.body.clone()
    }
}

/// Takes the file over: new codes as drafts, others as a new version beside what is in force.
/// How many were written.
pub async fn take(house: &House, by: &Actor) -> Result<i64, AssistantError> {
    let seen = seen(house, by).await?.ok_or(AssistantError::NotFound)?;
    let account = by.account.ok_or(AssistantError::NotFound)?;
    let c = by.community;
    let wanted = |e: &Incoming| seen.new.contains(&e.topic) || seen.changed.contains(&e.topic);
    let wanted: Vec<Incoming> = seen
        .read
        .entries
        .iter()
        .filter(|e| wanted(e))
        .cloned()
        .collect();
    let mut count = 0;
    for part in wanted.chunks(TOGETHER) {
        let part: Vec<(Incoming, foundation::ids::Id)> =
            part.iter().map(|one| (one.clone(), house.id())).collect();
        let keeper = by.account;
        count += house
            .write(c, &by.who_for(Permission::AssistantWrite), move |mut tx| {
                editing::room_for(&mut tx, c, part.len() as i64)?;
                let mut written = 0;
                for (one, id) in part {
                    written += i64::from(bring(&mut tx, c, one, id, keeper)?);
                }
                if written == 0 {
                    return Err(AssistantError::Changed);
                }
                let event = Event::new(events::IMPORTED)
                    .to(Audience::Staff)
                    .with("count", written);
                Ok::<_, AssistantError>(tx.record(event, written)?)
            })
            .await?;
    }
    house
        .db
        .keep::<_, AssistantError, _>(Chore::Staging, c, move |r| {
            r.execute(store::drop_import(c, account))?;
            Ok(())
        })
        .await?;
    Ok(count)
}

fn bring(
    tx: &mut Tx<'_>,
    c: Community,
    one: Incoming,
    id: foundation::ids::Id,
    keeper: Option<foundation::ids::Id>,
) -> Result<bool, AssistantError> {
    let now = tx.now();
    let there: Option<Entry> = tx.optional(store::of_topic(c, &one.topic))?;
    let entry = match there {
        Some(mut entry) => {
            let body = merged(&entry, &one);
            if body == entry.body {
                return Ok(false);
            }
            entry.body = body;
            entry.version += 1;
            entry.keeper = keeper.or(entry.keeper);
            tx.execute(store::update(c, &entry, now))?;
            entry
        }
        None => {
            let entry = editing::draft(id, one.topic, one.body, keeper, now);
            tx.execute(store::insert(c, &entry))?;
            entry
        }
    };
    tx.execute(store::insert_version(c, &entry, keeper, now))?;
    publishing::look_soon(tx, &entry, now)?;
    Ok(true)
}

/// All entries as they were written last, as a workbook.
pub async fn export(house: &House, by: &Actor, title: &str) -> Result<Vec<u8>, AssistantError> {
    by.may(Permission::AssistantWrite)?;
    let all = editing::list(house, by, State::ALL, "").await?;
    let title = title.to_owned();
    let made = tokio::task::spawn_blocking(move || sheet::write(&title, &all));
    let made = made.await.map_err(|_| AssistantError::File)?;
    made.map_err(|_| AssistantError::File)
}
