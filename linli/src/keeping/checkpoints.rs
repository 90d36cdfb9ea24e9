//! Checkpoints: the heads of the logs, signed at short intervals and kept in three
//! places (the database, the key store, a file each), so that neither a changed
//! event nor a database set back to yesterday passes unseen.
//!
//! A head that contradicts an earlier one is never signed: it is an alarm.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::{events, store};
use foundation::clock::MINUTE;
use foundation::database::{Chore, Community, DbError, HOUSE, Look};
use foundation::house::{House, write_durably};
use foundation::ledger::checkpoint::{Checkpoint, PublicKey, notes};
use foundation::ledger::tree::Frontier;
use foundation::ledger::{Door, Event, Who};
use store::{KeptHead, Line, StoredHead};

/// A log is signed after so many new events (reference: archive.md P3) …
pub const EVENTS_MAX: u64 = 256;
/// … or so long after the last signature, when anything happened since.
pub const INTERVAL: i64 = 10 * MINUTE;

const NAME: &str = "ledger-name";
const KEY: &str = "ledger-key";

/// Why checkpoints cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum TendError {
    #[error(transparent)]
    Database(#[from] DbError),
    #[error("{0}: {1}")]
    Folder(PathBuf, std::io::Error),
    #[error("{0}")]
    Alarm(Alarm),
}

/// A log that contradicts what was signed of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ledger of community {community} contradicts the head kept at size {kept}: {why}")]
pub struct Alarm {
    pub community: Community,
    pub kept: u64,
    pub why: Contradiction,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Contradiction {
    #[error("it ends at {0}; the database was set back")]
    Shorter(u64),
    #[error("its past is another")]
    Rewritten,
    #[error("event {0} was changed")]
    Changed(u64),
    #[error("its head row is damaged or gone")]
    Head,
}

/// What one round did.
#[derive(Debug, Default)]
pub struct Tended {
    pub signed: Vec<(Community, u64)>,
    pub alarms: Vec<Alarm>,
}

/// Signs what is due in every log. Called by the server every minute or so; several
/// nodes may do it at once.
pub async fn tend(house: &House) -> Result<Tended, TendError> {
    sign_where_due(house, EVENTS_MAX, INTERVAL).await
}

/// Signs every log that has grown, whatever its age: at the stop of a server and at the
/// end of a command, so that a database set back to before it is found.
pub async fn sign_all(house: &House) -> Result<Tended, TendError> {
    sign_where_due(house, 1, 0).await
}

async fn sign_where_due(
    house: &House,
    events_max: u64,
    interval: i64,
) -> Result<Tended, TendError> {
    let mut done = Tended::default();
    let name = publish(house).await?;
    let now = house.now();
    let mut after = Community(i64::MIN);
    loop {
        // The kept heads first: they are never ahead of what is read after them.
        let through = Community(i64::MAX);
        let kept: Vec<KeptHead> = house
            .keys
            .store()
            .all(store::kept_after(after, through))
            .await?;
        let heads: Vec<StoredHead> = house.db.all(store::heads_after(after)).await?;
        let Some(last) = heads.last().map(|h| h.community) else {
            return Ok(done);
        };
        let kept: HashMap<Community, KeptHead> =
            kept.into_iter().map(|k| (k.community, k)).collect();
        for head in heads {
            let due = match kept.get(&head.community) {
                None => head.size > 0,
                Some(kept) if kept.size == head.size => head
                    .frontier()
                    .is_none_or(|f| f.root().as_slice() != kept.root),
                Some(kept) => {
                    head.size < kept.size
                        || head.size - kept.size >= events_max
                        || now.0 - kept.at.0 >= interval
                }
            };
            if !due {
                continue;
            }
            match sign(house, &name, head.community).await {
                Ok(kept) => done.signed.push((head.community, kept.size)),
                Err(TendError::Alarm(alarm)) => {
                    raise(house, &alarm).await?;
                    done.alarms.push(alarm);
                }
                Err(e) => return Err(e),
            }
        }
        after = last;
    }
}

/// The signed head of one log as it is now.
///
/// # Errors
/// [`TendError::Alarm`] when it contradicts what was signed before.
pub async fn now(house: &House, community: Community) -> Result<KeptHead, TendError> {
    let name = publish(house).await?;
    sign(house, &name, community).await
}

/// The origin of one log.
pub fn origin(name: &str, community: Community) -> String {
    format!("{name}/{community}")
}

/// The name of this installation's ledgers, the same on every node.
pub async fn name(house: &House) -> Result<String, TendError> {
    publish(house).await
}

/// The file of notes of one log.
pub fn note_file(data_dir: &Path, community: Community) -> PathBuf {
    folder(data_dir).join(format!("{community}.txt"))
}

/// The file of the public key.
pub fn key_file(data_dir: &Path) -> PathBuf {
    folder(data_dir).join("ledger.pub")
}

fn folder(data_dir: &Path) -> PathBuf {
    data_dir.join("checkpoints")
}

/// The row that holds the name of the ledgers, for whoever verifies.
pub fn name_row() -> foundation::database::Ask {
    store::said(NAME)
}

/// The row that holds the public key, where no file does.
pub fn key_row() -> foundation::database::Ask {
    store::said(KEY)
}

/// Where the command line notes when it last verified everything, for `doctor`.
pub fn verified_file(data_dir: &Path) -> PathBuf {
    folder(data_dir).join("verified.json")
}

/// The compounds that have a ledger, and the house.
pub async fn communities(house: &House) -> Result<Vec<Community>, DbError> {
    let all = house
        .db
        .reading::<_, DbError, _>(store::communities)
        .await?;
    Ok(all.into_iter().map(|(c, _)| c).collect())
}

/// The alarms that stand, as `(community, what)`.
pub async fn alarms(house: &House) -> Result<Vec<(Community, String)>, DbError> {
    let rows: Vec<(String, String)> = house.db.all(store::alarms()).await?;
    let number = |name: &str| name.rsplit('/').next().and_then(|n| n.parse().ok());
    Ok(rows
        .into_iter()
        .map(|(name, what)| (Community(number(&name).unwrap_or(0)), what))
        .collect())
}

/// Lays the public key and the ledgers' name where a verifier finds them.
async fn publish(house: &House) -> Result<String, TendError> {
    let key = PublicKey::of(&house.keys.signing());
    let file = key_file(&house.data_dir);
    if !file.exists() {
        let at = folder(&house.data_dir);
        std::fs::create_dir_all(&at)
            .and_then(|()| write_durably(&file, format!("{}\n", key.bare()).as_bytes()))
            .map_err(|e| TendError::Folder(at, e))?;
    }
    let said: Option<(String,)> = house.db.optional(store::said(NAME)).await?;
    if let Some((name,)) = said {
        return Ok(name);
    }
    let path = house.data_dir.join("installation");
    let installation =
        std::fs::read_to_string(&path).map_err(|e| TendError::Folder(path.clone(), e))?;
    let name = format!("linli/{}", installation.trim());
    let bare = key.bare();
    house
        .db
        .keep::<_, DbError, _>(Chore::Checkpoint, HOUSE, move |r| {
            r.execute(store::say_once(NAME, &name))?;
            r.execute(store::say_once(KEY, &bare))?;
            // Another node may have been first.
            let (name,): (String,) = r.one(store::said(NAME))?;
            Ok(name)
        })
        .await
        .map_err(TendError::from)
}

async fn sign(house: &House, name: &str, community: Community) -> Result<KeptHead, TendError> {
    let kept: Option<KeptHead> = house.keys.store().optional(store::kept(community)).await?;
    let earlier = kept.clone();
    let followed = house
        .db
        .reading::<_, DbError, _>(move |r| {
            let head: Option<StoredHead> = r.optional(store::head(community))?;
            follow(r, community, head, earlier.as_ref())
        })
        .await?;
    let frontier = followed.map_err(TendError::Alarm)?;
    if let Some(kept) = kept.filter(|k| k.size == frontier.size) {
        return Ok(kept);
    }
    let checkpoint = Checkpoint {
        origin: origin(name, community),
        size: frontier.size,
        root: frontier.root(),
    };
    let head = KeptHead {
        community,
        size: frontier.size,
        root: checkpoint.root.to_vec(),
        frontier: frontier.to_bytes(),
        at: house.now(),
        note: checkpoint.sign(&house.keys.signing()),
    };
    if frontier.size > 0 {
        keep(house, &checkpoint, &head).await?;
    }
    Ok(head)
}

/// Follows the log from the kept head, hashing every new row from its columns, to
/// the head row: that is the proof that the new head only adds to the kept one.
fn follow(
    r: &mut foundation::database::Reader<'_>,
    community: Community,
    head: Option<StoredHead>,
    kept: Option<&KeptHead>,
) -> Result<Result<Frontier, Alarm>, DbError> {
    let size = kept.map_or(0, |k| k.size);
    let alarm = |why| {
        Ok(Err(Alarm {
            community,
            kept: size,
            why,
        }))
    };
    let Some((head, end)) = head.and_then(|h| h.frontier().map(|f| (h, f))) else {
        return alarm(Contradiction::Head);
    };
    if head.size < size {
        return alarm(Contradiction::Shorter(head.size));
    }
    let start = match kept {
        None => Some(Frontier::default()),
        Some(kept) => Frontier::from_bytes(kept.size, &kept.frontier)
            .filter(|f| f.root().as_slice() == kept.root),
    };
    let Some(mut frontier) = start else {
        return alarm(Contradiction::Head);
    };
    while frontier.size < head.size {
        let at = frontier.size as i64;
        let lines: Vec<Line> = r.all(store::lines_after(community, at, store::ROWS_AT_ONCE))?;
        if lines.is_empty() {
            return alarm(Contradiction::Changed(frontier.size + 1));
        }
        for line in lines {
            if frontier.size == head.size {
                break;
            }
            let leaf = line.entry.map(|e| e.leaf());
            let next = frontier.size + 1;
            if leaf.is_none() || leaf != line.leaf || line.seq != next as i64 {
                return alarm(Contradiction::Changed(next));
            }
            frontier.push(leaf.unwrap_or_default());
        }
    }
    if frontier.root() != end.root() {
        return alarm(Contradiction::Rewritten);
    }
    Ok(Ok(frontier))
}

/// First where the database cannot reach, then in the database, then in a file.
async fn keep(house: &House, checkpoint: &Checkpoint, head: &KeptHead) -> Result<(), TendError> {
    let row = store::keep_head(head);
    let work = move |r: &mut foundation::database::Reader<'_>| r.execute(row);
    let store = house.keys.store();
    store
        .keep::<_, DbError, _>(Chore::Checkpoint, HOUSE, work)
        .await?;
    let row = store::keep_note(
        head.community,
        head.size,
        &checkpoint.root,
        head.at,
        &head.note,
    );
    let alarm = store::unsay(&alarm_name(head.community));
    house
        .db
        .keep::<_, DbError, _>(Chore::Checkpoint, head.community, move |r| {
            r.execute(alarm)?;
            r.execute(row)
        })
        .await?;
    let path = note_file(&house.data_dir, head.community);
    append(&path, &head.note).map_err(|e| TendError::Folder(path, e))
}

fn append(path: &Path, note: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    let there = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(e) => return Err(e),
    };
    let all = notes(&there);
    if all.last().is_some_and(|n| n.contains(note)) {
        return Ok(());
    }
    let whole = |n: &&str| n.contains("\n\n") && n.ends_with('\n');
    if !all.iter().all(whole) {
        // A crash cut the last note short: take it away before the next one.
        let kept: String = all.into_iter().filter(whole).collect();
        return write_durably(path, format!("{kept}{note}").as_bytes());
    }
    let mut file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)?;
    file.write_all(note.as_bytes())?;
    file.sync_all()
}

fn alarm_name(community: Community) -> String {
    format!("ledger-alarm/{community}")
}

/// Records the alarm once, in the house log, and leaves it standing for the pages.
async fn raise(house: &House, alarm: &Alarm) -> Result<(), TendError> {
    tracing::error!(community = alarm.community.0, kept = alarm.kept, why = %alarm.why, "ledger alarm");
    let name = alarm_name(alarm.community);
    let standing: Option<(String,)> = house.db.optional(store::said(&name)).await?;
    if standing.is_some() {
        return Ok(());
    }
    let (community, kept, words) = (alarm.community.0, alarm.kept as i64, alarm.to_string());
    let word = match alarm.why {
        Contradiction::Shorter(_) => "shorter",
        Contradiction::Rewritten => "rewritten",
        Contradiction::Changed(_) => "changed",
        Contradiction::Head => "head",
    };
    house
        .write::<_, DbError, _>(HOUSE, &Who::system(Door::Clock), move |mut tx| {
            tx.execute(store::say(&name, &words))?;
            let event = Event::new(events::ALARM)
                .with("community", community)
                .with("kept", kept)
                .with("why", word);
            tx.record(event, ())
        })
        .await
        .map_err(TendError::from)
}
