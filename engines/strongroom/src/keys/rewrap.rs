//! Every slot wrapped anew for other recipients, so that at no moment, whenever the power
//! goes, a slot is empty or half written.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use age::x25519::Recipient;
use serde::{Deserialize, Serialize};

use super::KeyStore;
use crate::disk::{join, parent, read_small, write_small};
use crate::error::Result;
use crate::names::OpaqueId;
use crate::slot::{SLOT_BYTES_MAX, Slot};

/// Slots rewritten between two syncs: enough that the sync's cost does not show.
const SLOTS_A_ROUND: usize = 4_096;

/// What a change of keys did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rotation {
    pub rewritten: u64,
    /// Slots that an interrupted rotation had rewritten before.
    pub already: u64,
    /// Slots that no key at hand opens; no key is retired while there is one.
    pub damaged: Vec<String>,
}

/// What is to be done with a slot.
pub(super) enum Found {
    Anew(Slot),
    Already,
    Damaged,
}

/// Opens a slot, or says why it stays what it is.
type Examine<'e> = dyn Fn(&OpaqueId, &[u8]) -> Found + Sync + 'e;

impl KeyStore {
    /// Wraps the slots that `examine` opens for `to`.
    pub(super) fn rewrap(&self, to: &[Recipient], examine: &Examine<'_>) -> Result<Rotation> {
        // What an interrupted one left here is made again.
        for (name, _) in self.disk.list("new")? {
            self.disk.remove_file(&join("new", &name))?;
        }
        let mut done = Rotation::default();
        let mut round = Vec::with_capacity(SLOTS_A_ROUND);
        for folder in self.folders()? {
            for (name, _) in self.disk.list(&folder)? {
                if name.ends_with(".new") {
                    // Cut off before it got a slot's name: it was never one.
                    continue;
                }
                round.push(join(&folder, &name));
                if round.len() == SLOTS_A_ROUND {
                    self.rewrite(&round, to, examine, &mut done)?;
                    round.clear();
                }
            }
        }
        self.rewrite(&round, to, examine, &mut done)?;
        Ok(done)
    }

    fn rewrite(
        &self,
        paths: &[String],
        to: &[Recipient],
        examine: &Examine<'_>,
        done: &mut Rotation,
    ) -> Result<()> {
        let hands = std::thread::available_parallelism().map_or(1, usize::from);
        let rewritten = Mutex::new(Vec::with_capacity(paths.len()));
        let damaged = Mutex::new(Vec::new());
        let already = AtomicU64::new(0);
        let work = |share: &[String]| -> Result<()> {
            for path in share {
                let Some(id) = id_in(path) else {
                    locked(&damaged).push(path.clone());
                    continue;
                };
                match examine(&id, &read_small(&*self.disk, path, SLOT_BYTES_MAX)?) {
                    Found::Anew(slot) => {
                        let beside = format!("new/{id}");
                        write_small(&*self.disk, &beside, &slot.wrap(to)?)?;
                        locked(&rewritten).push((beside, path.clone()));
                    }
                    Found::Already => _ = already.fetch_add(1, Ordering::Relaxed),
                    Found::Damaged => locked(&damaged).push(path.clone()),
                }
            }
            Ok(())
        };
        std::thread::scope(|scope| {
            let shares = paths.chunks(paths.len().div_ceil(hands).max(1));
            let threads: Vec<_> = shares.map(|share| scope.spawn(|| work(share))).collect();
            let joined = threads
                .into_iter()
                .map(|t| t.join().expect("no slot panics"));
            joined.collect::<Result<Vec<()>>>()
        })?;
        let rewritten = rewritten
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let mut moved = Vec::new();
        let files: Vec<String> = rewritten.iter().map(|(beside, _)| beside.clone()).collect();
        // The bytes first, the names after: a slot is never empty, whenever the power goes.
        self.disk.sync(&files, &["new".to_owned()])?;
        for (beside, path) in &rewritten {
            self.disk.replace(beside, path)?;
            moved.push(parent(path).to_owned());
        }
        moved.dedup();
        self.disk.sync(&[], &moved)?;
        done.rewritten += rewritten.len() as u64;
        done.already += already.into_inner();
        done.damaged
            .extend(damaged.into_inner().unwrap_or_else(PoisonError::into_inner));
        Ok(())
    }
}

/// The slot that lies under a path.
fn id_in(path: &str) -> Option<OpaqueId> {
    let name = path.rsplit('/').next()?;
    name.strip_suffix(".key.age")?.parse().ok()
}

fn locked<T>(list: &Mutex<T>) -> MutexGuard<'_, T> {
    list.lock().unwrap_or_else(PoisonError::into_inner)
}
