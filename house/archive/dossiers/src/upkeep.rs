//! Looking after the strongroom: every byte held to what the ledger vouches for, and what is
//! damaged put right from a replica.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use foundation::database::HOUSE;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Event, Who};
use strongroom::disk::LocalDisk;
use strongroom::{
    Damage, DamageKind, FIXITY_SLICES, Head, Heads, KeyStore, ObjectId, Place, Repair, Report,
};

use crate::vault::{Opened, Vault};
use crate::{ArchiveError, escrow, events, heads, recovery};

/// Whole readings while documents come in; then what does not fit is told as it is.
const READINGS_MAX: usize = 3;
/// An intake's last step takes milliseconds; what takes longer was cut off.
const FOR_AN_INTAKE: Duration = Duration::from_millis(250);
const WAITS_MAX: usize = 20;

/// What a verification found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The root, every byte of it.
    pub root: Report,
    /// The key store: a slot that opens, or a tombstone, for every sealed file.
    pub slots: Report,
}

impl Found {
    pub fn sound(&self) -> bool {
        self.root.sound() && self.slots.sound()
    }

    pub fn damages(&self) -> impl Iterator<Item = &Damage> {
        self.root.damages.iter().chain(&self.slots.damages)
    }

    /// What another reading found beside it.
    pub(crate) fn add(&mut self, other: Found) {
        self.root.add(other.root);
        self.slots.add(other.slots);
    }

    /// Drops what was said of some objects.
    fn forget(&mut self, objects: &BTreeMap<ObjectId, Head>) {
        let of_others = |d: &Damage| d.object.as_ref().is_none_or(|o| !objects.contains_key(o));
        self.root.damages.retain(of_others);
        self.slots.damages.retain(of_others);
    }
}

/// Where damaged things are put right from.
#[derive(Clone, Debug)]
pub struct Replica {
    /// A folder that holds a copy of `root/`.
    pub root: PathBuf,
    /// A copy of the key store.
    pub keys: Option<PathBuf>,
}

/// What a repair did.
#[derive(Clone, Debug, Default)]
pub struct Repaired {
    pub root: Repair,
    pub slots: u64,
}

/// How much of the strongroom is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it, and every slot of the key store.
    Whole,
    /// One of the [`strongroom::FIXITY_SLICES`] of the rolling reading.
    Slice(u32),
}

/// Verifies the strongroom against the ledger, while the house goes on working; `None`
/// where there is none and none is known.
///
/// # Errors
/// The medium's where a folder cannot be listed; [`ArchiveError::Strongroom`] without the key
/// store.
pub async fn verify(house: &House, part: Part) -> Result<Option<Found>, ArchiveError> {
    let mut known = heads(house).await?;
    if !Vault::is_made(house) {
        let nothing = known.root.is_none() && known.objects.is_empty();
        return Ok((!nothing).then(|| gone(&known)));
    }
    // A bucket that was emptied: its keys are here, and everything else is missing.
    let (at, data) = (Vault::of(house).at(), house.data_dir.clone());
    let empty = tokio::task::spawn_blocking(move || at.is_empty(&data)).await;
    if known.root.is_some() && empty.map_err(std::io::Error::other)?? {
        return Ok(Some(gone(&known)));
    }
    let opened = Vault::of(house).open(house).await?;
    let mut found = read(opened.clone(), known.clone(), part).await?;
    for _ in 1..READINGS_MAX {
        // What is taken in meanwhile is no damage: it alone is read again, by newer heads.
        let concerned: BTreeSet<ObjectId> =
            found.damages().filter_map(|d| d.object.clone()).collect();
        if concerned.is_empty() {
            break;
        }
        settled(house, &concerned).await?;
        let newer = heads(house).await?;
        let moved: BTreeMap<ObjectId, Head> = concerned
            .into_iter()
            .filter(|o| known.objects.get(o) != newer.objects.get(o))
            .filter_map(|o| newer.objects.get(&o).map(|head| (o, *head)))
            .collect();
        if moved.is_empty() {
            break;
        }
        found.forget(&moved);
        let (again, new): (BTreeMap<_, _>, BTreeMap<_, _>) = moved
            .into_iter()
            .partition(|(o, _)| known.objects.contains_key(o));
        // What was read before is counted already.
        let again = read_some(opened.clone(), again).await?;
        found.root.damages.extend(again.root.damages);
        found.slots.damages.extend(again.slots.damages);
        found.add(read_some(opened.clone(), new).await?);
        known = newer;
    }
    Ok(Some(found))
}

/// Reads some objects and their slots.
async fn read_some(
    opened: Opened,
    objects: BTreeMap<ObjectId, Head>,
) -> Result<Found, ArchiveError> {
    let reading = tokio::task::spawn_blocking(move || {
        Ok::<_, ArchiveError>(Found {
            root: opened.room.verify_some(&objects)?,
            slots: opened
                .room
                .verify_slots_of(objects.keys(), Some(&opened.opener))?,
        })
    });
    reading.await.map_err(std::io::Error::other)?
}

/// Waits until no version of these objects is on its way.
async fn settled(house: &House, objects: &BTreeSet<ObjectId>) -> Result<(), ArchiveError> {
    for _ in 0..WAITS_MAX {
        let open = recovery::open_versions(house).await?;
        if !open.iter().any(|o| objects.contains(&o.prepared.object)) {
            break;
        }
        tokio::time::sleep(FOR_AN_INTAKE).await;
    }
    Ok(())
}

async fn read(opened: Opened, known: Heads, part: Part) -> Result<Found, ArchiveError> {
    let reading = tokio::task::spawn_blocking(move || {
        Ok::<_, ArchiveError>(match part {
            Part::Whole => Found {
                root: opened.room.verify(Some(&known))?,
                slots: opened.room.verify_slots(Some(&opened.opener))?,
            },
            Part::Slice(slice) => {
                let root = opened.room.fixity_slice(slice, &known)?;
                let objects = known.objects.keys();
                let here = objects.filter(|o| o.slice(FIXITY_SLICES) == slice);
                let slots = opened.room.verify_slots_of(here, Some(&opened.opener))?;
                Found { root, slots }
            }
        })
    });
    reading.await.map_err(std::io::Error::other)?
}

/// The root is not there at all: everything that the ledger knows is missing.
fn gone(known: &Heads) -> Found {
    let damage = |object: Option<&ObjectId>, path: String, kind| Damage {
        object: object.cloned(),
        version: None,
        path,
        kind,
    };
    let root = known
        .root
        .map(|_| damage(None, "strongroom.json".to_owned(), DamageKind::Missing));
    let objects = known
        .objects
        .keys()
        .map(|o| damage(Some(o), o.path(), DamageKind::ObjectMissing));
    let mut found = Found::default();
    found.root.damages = root.into_iter().chain(objects).collect();
    found
}

/// Puts right what is damaged, and brings back slots from a copy of the key store; what was
/// shredded stays so.
///
/// # Errors
/// [`ArchiveError::Elsewhere`] while another process writes; [`ArchiveError::Io`] where there is
/// no replica. It can be run again.
pub async fn repair(house: &House, by: &Who, from: Replica) -> Result<Repaired, ArchiveError> {
    if !Vault::is_made(house) {
        return Err(missing("there is no strongroom here"));
    }
    // Before a folder would be made where none is.
    let there = from.root.join("root").is_dir()
        && from
            .keys
            .as_ref()
            .is_none_or(|k| k.join("keys.json").is_file());
    if !there {
        return Err(missing("there is no replica at this place"));
    }
    // A version that a crash cut off would look like a stranger.
    recovery::recover(house).await?;
    let vault = Vault::of(house);
    let opened = vault.open(house).await?;
    let alone = vault.alone(house, &opened).await?;
    let known = heads(house).await?;
    let with = opened.opener.clone();
    let done = alone
        .writing(house, move |room| {
            let root = room.repair(&known, &Place::folder(&from.root)?)?;
            let slots = match from.keys {
                Some(keys) => {
                    let copy = KeyStore::open(Arc::new(LocalDisk::new(keys)?))?;
                    room.keys().heal(&copy, &with)?
                }
                None => 0,
            };
            Ok(Repaired { root, slots })
        })
        .await?;
    told(house, by, &done).await?;
    // Healed slots may be all that a change of cards was waiting for.
    escrow::tend(house, by, &opened, &alone).await?;
    Ok(done)
}

/// Puts right what a reading found, one dossier after another: nobody waits but who writes into
/// the very one.
///
/// # Errors
/// As [`repair`].
pub async fn mend(
    house: &House,
    by: &Who,
    from: &Path,
    found: &Found,
) -> Result<Repaired, ArchiveError> {
    if !from.join("root").is_dir() {
        return Err(missing("there is no replica at this place"));
    }
    let vault = Vault::of(house);
    let opened = vault.open(house).await?;
    let mut by_object: BTreeMap<Option<ObjectId>, Vec<Damage>> = BTreeMap::new();
    for damage in &found.root.damages {
        let of = by_object.entry(damage.object.clone()).or_default();
        of.push(damage.clone());
    }
    let mut done = Repaired::default();
    for (object, damages) in by_object {
        let dossier = object.as_ref().and_then(dossier_of);
        let lock = dossier.map(|d| vault.object_turn(d));
        let _object = match &lock {
            Some(lock) => Some(lock.lock().await),
            None => None,
        };
        let turn = vault.turn(house, &opened).await?;
        // By the heads of now: a version may have come in since it was read.
        let known = heads(house).await?;
        let from = from.to_owned();
        let one = turn
            .writing(house, move |room| {
                room.mend(&known, &damages, &Place::folder(&from)?)
            })
            .await?;
        done.root.healed.extend(one.healed);
        done.root.set_aside.extend(one.set_aside);
        done.root.beyond_help.extend(one.beyond_help);
    }
    told(house, by, &done).await?;
    Ok(done)
}

/// The dossier of an object.
fn dossier_of(object: &ObjectId) -> Option<Id> {
    object.to_string().rsplit(':').next()?.parse().ok()
}

/// Records a repair that did something.
async fn told(house: &House, by: &Who, done: &Repaired) -> Result<(), ArchiveError> {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let (healed, aside) = (
        count(done.root.healed.len()),
        count(done.root.set_aside.len()),
    );
    let beyond = count(done.root.beyond_help.len());
    let slots = i64::try_from(done.slots).unwrap_or(i64::MAX);
    if healed + aside + beyond + slots > 0 {
        house
            .write(HOUSE, by, move |tx| {
                let event = Event::new(events::STRONGROOM_REPAIRED)
                    .with("healed", healed)
                    .with("set_aside", aside)
                    .with("beyond_help", beyond)
                    .with("slots", slots);
                Ok::<_, ArchiveError>(tx.record(event, ())?)
            })
            .await?;
    }
    Ok(())
}

fn missing(what: &str) -> ArchiveError {
    std::io::Error::new(std::io::ErrorKind::NotFound, what).into()
}
