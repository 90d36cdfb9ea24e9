//! A new site key: every slot is opened with the old one and wrapped anew. Content is not
//! touched. Interrupted, it is simply begun again.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::{KeyRecord, KeyStore, Role};
use crate::disk::{join, read_small, write_small};
use crate::error::{Result, RoomError};
use crate::names::OpaqueId;
use crate::slot::{Opener, SLOT_BYTES_MAX, Slot};

/// Slots rewritten between two syncs: enough that the sync's cost does not show.
const SLOTS_A_ROUND: usize = 4_096;

/// What a rotation did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rotation {
    pub rewritten: u64,
    /// Slots that an interrupted rotation had rewritten before.
    pub already: u64,
    /// Slots that neither key opens; the old key is not retired while there is one.
    pub damaged: Vec<String>,
}

impl KeyStore {
    /// Replaces the site key `old` by `new` in every slot; the other recipients stay.
    ///
    /// Until it returns without damage both keys are needed. Copies of the key store made
    /// before still open with the old key: they go when the backups go.
    ///
    /// # Errors
    /// [`RoomError::BadKey`] when `old` is not the site's key; the medium's.
    pub fn rotate(&self, old: &Opener, new: &Opener, now: i64) -> Result<Rotation> {
        self.announce(old, new, now)?;
        let recipients = self.without(&old.recipient())?;
        self.clear_new()?;
        let mut done = Rotation::default();
        let mut round = Vec::with_capacity(SLOTS_A_ROUND);
        for folder in self.folders()? {
            for (name, _) in self.disk.list(&folder)? {
                round.push(join(&folder, &name));
                if round.len() == SLOTS_A_ROUND {
                    self.rewrite(&round, old, new, &recipients, &mut done)?;
                    round.clear();
                }
            }
        }
        self.rewrite(&round, old, new, &recipients, &mut done)?;
        if done.damaged.is_empty() {
            self.retire(&old.recipient(), now)?;
        }
        Ok(done)
    }

    /// Puts the new key on the list before the first slot is for it.
    fn announce(&self, old: &Opener, new: &Opener, now: i64) -> Result<()> {
        let mut list = self.list().clone();
        let is = |k: &KeyRecord, o: &Opener| k.recipient == o.recipient();
        if !list.keys.iter().any(|k| is(k, old) && k.role == Role::Site) {
            return Err(RoomError::BadKey);
        }
        if list.keys.iter().any(|k| is(k, new)) {
            return Ok(());
        }
        list.keys.push(KeyRecord {
            role: Role::Site,
            recipient: new.recipient(),
            since: now,
            retired: None,
        });
        self.write_list(&list)
    }

    fn retire(&self, recipient: &str, now: i64) -> Result<()> {
        let mut list = self.list().clone();
        for key in list.keys.iter_mut().filter(|k| k.recipient == recipient) {
            key.retired.get_or_insert(now);
        }
        self.write_list(&list)
    }

    fn without(&self, recipient: &str) -> Result<Vec<age::x25519::Recipient>> {
        let gone: age::x25519::Recipient = super::parse(recipient)?;
        Ok(self
            .recipients()?
            .into_iter()
            .filter(|r| *r != gone)
            .collect())
    }

    fn clear_new(&self) -> Result<()> {
        for (name, _) in self.disk.list("new")? {
            self.disk.remove_file(&join("new", &name))?;
        }
        Ok(())
    }

    fn rewrite(
        &self,
        paths: &[String],
        old: &Opener,
        new: &Opener,
        to: &[age::x25519::Recipient],
        done: &mut Rotation,
    ) -> Result<()> {
        let hands = std::thread::available_parallelism().map_or(1, usize::from);
        let rewritten = Mutex::new(Vec::with_capacity(paths.len()));
        let damaged = Mutex::new(Vec::new());
        let already = AtomicU64::new(0);
        let work = |share: &[String]| -> Result<()> {
            for path in share {
                match self.wrap_anew(path, old, new, to)? {
                    Found::Old(beside) => locked(&rewritten).push((beside, path.clone())),
                    Found::New => _ = already.fetch_add(1, Ordering::Relaxed),
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
            moved.push(crate::disk::parent(path).to_owned());
        }
        moved.dedup();
        self.disk.sync(&[], &moved)?;
        done.rewritten += rewritten.len() as u64;
        done.already += already.into_inner();
        done.damaged
            .extend(damaged.into_inner().unwrap_or_else(PoisonError::into_inner));
        Ok(())
    }

    fn wrap_anew(
        &self,
        path: &str,
        old: &Opener,
        new: &Opener,
        to: &[age::x25519::Recipient],
    ) -> Result<Found> {
        let name = path
            .rsplit('/')
            .next()
            .and_then(|n| n.strip_suffix(".key.age"));
        let Some(id) = name.and_then(|n| n.parse::<OpaqueId>().ok()) else {
            return Ok(Found::Damaged);
        };
        let wrapped = read_small(&*self.disk, path, SLOT_BYTES_MAX)?;
        if let Ok(slot) = Slot::open(&id, &wrapped, old) {
            let beside = format!("new/{id}");
            write_small(&*self.disk, &beside, &slot.wrap(to)?)?;
            return Ok(Found::Old(beside));
        }
        Ok(if Slot::open(&id, &wrapped, new).is_ok() {
            Found::New
        } else {
            Found::Damaged
        })
    }
}

enum Found {
    Old(String),
    New,
    Damaged,
}

fn locked<T>(list: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    list.lock().unwrap_or_else(PoisonError::into_inner)
}
