//! The strongroom itself: made, opened, and what every act on it shares.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::disk::{Disk, Kind, LocalDisk, join};
use crate::error::{Result, RoomError};
use crate::inventory::{INVENTORY, INVENTORY_BYTES_MAX, Inventory, SIDECAR, sidecar};
use crate::keys::KeyStore;
use crate::names::{ObjectId, VERSIONS_MAX};
use crate::storage::{FolderStorage, Lease, Storage, read_small};
use crate::{describe, names};

/// Where the root lies, and the local folder that versions are made ready in. Ciphertext
/// only ever lies in either.
#[derive(Clone)]
pub struct Place {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) work: Arc<dyn Disk>,
}

impl Place {
    /// A folder of this machine: `root/`, `work/`, `quarantine/` in it.
    ///
    /// # Errors
    /// The medium's.
    pub fn folder(path: impl AsRef<Path>) -> Result<Place> {
        Ok(Place::on(Arc::new(LocalDisk::new(path.as_ref())?)))
    }

    /// The same on any [`Disk`].
    pub fn on(disk: Arc<dyn Disk>) -> Place {
        Place {
            storage: Arc::new(FolderStorage::new(disk.clone())),
            work: disk,
        }
    }

    /// A root elsewhere, with a local folder to stage in.
    pub fn apart(storage: Arc<dyn Storage>, work: Arc<dyn Disk>) -> Place {
        Place { storage, work }
    }
}

/// The newest version of an object, as the ledger keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub version: u32,
    /// The inventory's digest: it vouches for every byte of the object.
    pub inventory_sha512: Digest,
}

/// What the ledger knows of a whole root.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heads {
    /// The digest of `strongroom.json`, which vouches for the root's own files.
    pub root: Option<Digest>,
    pub objects: BTreeMap<ObjectId, Head>,
}

/// A store of sealed documents, open for reading, and for writing once it has the lease.
pub struct StrongRoom {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) work: Arc<dyn Disk>,
    pub(crate) keys: KeyStore,
    lease: Mutex<Option<Lease>>,
    /// How often the lease was taken.
    taken: AtomicU64,
}

impl StrongRoom {
    /// Makes a new root that describes itself, and opens it. The digest is for the ledger:
    /// [`Heads::root`].
    ///
    /// # Errors
    /// [`RoomError::NotEmpty`] when a root is there already; the medium's.
    pub fn create(place: Place, keys: KeyStore) -> Result<(StrongRoom, Digest)> {
        if !place.storage.list("")?.is_empty() {
            return Err(RoomError::NotEmpty);
        }
        let digest = describe::write(&*place.storage)?;
        Ok((StrongRoom::open(place, keys)?, digest))
    }

    /// Opens a root.
    ///
    /// # Errors
    /// [`RoomError::Foreign`] when it is none of ours or of a later format; the medium's.
    pub fn open(place: Place, keys: KeyStore) -> Result<StrongRoom> {
        describe::recognise(&*place.storage)?;
        let Place { storage, work } = place;
        Ok(StrongRoom {
            storage,
            work,
            keys,
            lease: Mutex::new(None),
            taken: AtomicU64::new(0),
        })
    }

    /// The key store.
    pub fn keys(&self) -> &KeyStore {
        &self.keys
    }

    /// Becomes the one writer of this root, or stays it for longer (`now` in milliseconds
    /// since 1970). A folder's lease ends with the process; a bucket's after
    /// [`LEASE_MS`](crate::LEASE_MS), unless this is called again before.
    ///
    /// # Errors
    /// [`RoomError::Busy`] when another writes; the medium's.
    pub fn write_from(&self, now: i64) -> Result<()> {
        let mut held = self.lease.lock().unwrap_or_else(PoisonError::into_inner);
        if held.is_some() {
            return self.renew(&mut held, now);
        }
        let lease = self.storage.lease(now).map_err(RoomError::of_lease)?;
        // Who wrote before may have changed the keys that new slots are for.
        self.keys.reload()?;
        *held = Some(lease);
        self.taken.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn renew(&self, held: &mut Option<Lease>, now: i64) -> Result<()> {
        let lease = held.as_mut().ok_or(RoomError::Busy)?;
        let renewed = self.storage.renew(lease, now).map_err(RoomError::of_lease);
        if matches!(renewed, Err(RoomError::Busy)) {
            // It ran out, and another took it: nothing more is written from here.
            *held = None;
        }
        renewed
    }

    /// Stays the one writer for longer, in this holding of the lease and in no later one.
    ///
    /// # Errors
    /// [`RoomError::Busy`] when it ran out and another writes or wrote; the medium's.
    pub fn stay(&self, holding: u64, now: i64) -> Result<()> {
        let mut held = self.lease.lock().unwrap_or_else(PoisonError::into_inner);
        if self.holding() != holding {
            return Err(RoomError::Busy);
        }
        self.renew(&mut held, now)
    }

    /// Tells one holding of the lease from another: what was begun in one is not gone on with
    /// in the next, because somebody may have written in between.
    pub fn holding(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    /// Lets others write, until [`StrongRoom::write_from`] is called again.
    ///
    /// # Errors
    /// The medium's; a bucket's lease then ends by itself.
    pub fn let_go(&self) -> Result<()> {
        let mut held = self.lease.lock().unwrap_or_else(PoisonError::into_inner);
        match held.take() {
            Some(lease) => Ok(self.storage.release(lease)?),
            None => Ok(()),
        }
    }

    pub(crate) fn hold(&self, lease: Lease) {
        *self.lease.lock().unwrap_or_else(PoisonError::into_inner) = Some(lease);
        self.taken.fetch_add(1, Ordering::Relaxed);
    }

    /// Every write begins here.
    pub(crate) fn may_write(&self) -> Result<()> {
        let held = self.lease.lock().unwrap_or_else(PoisonError::into_inner);
        if held.is_some() {
            Ok(())
        } else {
            Err(RoomError::Busy)
        }
    }

    /// The newest inventory of an object, held to its sidecar.
    pub(crate) fn current(&self, object: &ObjectId) -> Result<Option<(Inventory, Head)>> {
        let at = object.path();
        if self.storage.stat(&join(&at, INVENTORY))?.is_none() {
            return Ok(None);
        }
        let damaged = || RoomError::Damaged {
            object: object.clone(),
            path: INVENTORY.to_owned(),
        };
        let bytes = read_small(&*self.storage, &join(&at, INVENTORY), INVENTORY_BYTES_MAX)?;
        let digest = Digest::of(&bytes);
        let beside = read_small(&*self.storage, &join(&at, SIDECAR), 1_024)?;
        let inventory = Inventory::parse(&bytes).map_err(|_| damaged())?;
        if beside != sidecar(digest) || inventory.id != *object {
            return Err(damaged());
        }
        let head = Head {
            version: inventory.head_number(),
            inventory_sha512: digest,
        };
        if head.version >= VERSIONS_MAX {
            return Err(RoomError::TooManyVersions);
        }
        Ok(Some((inventory, head)))
    }

    /// The root's objects as they stand, without the ledger: what a first ledger, or an
    /// export of the root alone, starts from. Objects that cannot be read are left out;
    /// [`StrongRoom::verify`] names them.
    ///
    /// # Errors
    /// The medium's.
    pub fn heads(&self) -> Result<Heads> {
        let mut heads = Heads {
            root: describe::digest(&*self.storage)?,
            ..Heads::default()
        };
        for path in self.object_folders()? {
            let Ok(bytes) =
                read_small(&*self.storage, &join(&path, INVENTORY), INVENTORY_BYTES_MAX)
            else {
                continue;
            };
            let Ok(inventory) = Inventory::parse(&bytes) else {
                continue;
            };
            let head = Head {
                version: inventory.head_number(),
                inventory_sha512: Digest::of(&bytes),
            };
            heads.objects.insert(inventory.id, head);
        }
        Ok(heads)
    }

    /// The folders where objects lie, by the layout's form.
    pub(crate) fn object_folders(&self) -> Result<Vec<String>> {
        self.folders_of_slice(None)
    }

    /// The same, of those at the top that are looked through with a slice.
    pub(crate) fn folders_of_slice(&self, slice: Option<u32>) -> Result<Vec<String>> {
        let mut level = vec![String::new()];
        for depth in 0..4 {
            let mut below = Vec::new();
            for at in &level {
                for (name, kind) in self.storage.list(at)? {
                    let letters = if depth == 3 { 128 } else { 3 };
                    let wanted = depth > 0 || crate::verify::in_slice(&name, slice);
                    if kind == Kind::Folder && names::is_hex(&name, letters) && wanted {
                        below.push(join(at, &name));
                    }
                }
            }
            level = below;
        }
        Ok(level)
    }
}
