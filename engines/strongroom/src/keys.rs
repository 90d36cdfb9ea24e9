//! The key store: a slot for each sealed document, apart from the root, so that keys can be
//! changed and destroyed while the content stays what it is for ever.
//!
//! ```text
//! keys.json                          who can open slots, since when
//! slots/<sha512 of object>/<slot>.key.age
//! shredded/<slot>.json               tombstones
//! new/                               slots being rewritten by a change of keys
//! escrow.json                        while slots are wrapped for a new escrow key
//! ```

mod entrust;
mod rewrap;
mod rotate;
mod shred;

use std::sync::{Arc, Mutex, PoisonError};

use age::x25519::Recipient;
use serde::{Deserialize, Serialize};

use crate::disk::{Disk, Kind, join, make_folders, parent, read_small, write_small};
use crate::error::{Result, RoomError};
use crate::names::{ObjectId, OpaqueId};
use crate::slot::{Opener, SLOT_BYTES_MAX, Slot};

pub use rewrap::Rotation;
pub use shred::{Reason, Tombstone};

const KEYS: &str = "keys.json";
const FORMAT: &str = "linli-strongroom-keys-1";
const FOLDERS: [&str; 3] = ["slots", "shredded", "new"];
const KEYS_BYTES_MAX: u64 = 1 << 20;

/// What a recipient is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The key on the running machine.
    Site,
    /// The key split over the printed cards.
    Escrow,
    /// A third hand, a successor company say.
    Other,
}

/// One recipient of slots, `age1…`, and when it came and went (milliseconds since 1970, UTC).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRecord {
    pub role: Role,
    pub recipient: String,
    pub since: i64,
    pub retired: Option<i64>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyList {
    format: String,
    keys: Vec<KeyRecord>,
}

/// The key store, opened. It holds no secret: what opens slots is given with each act.
pub struct KeyStore {
    pub(crate) disk: Arc<dyn Disk>,
    list: Mutex<KeyList>,
}

impl KeyStore {
    /// Makes a key store whose slots will be for these recipients; one is the site's.
    ///
    /// # Errors
    /// [`RoomError::NotEmpty`]; [`RoomError::BadKey`]; the medium's.
    pub fn create(
        disk: Arc<dyn Disk>,
        recipients: &[(Role, String)],
        now: i64,
    ) -> Result<KeyStore> {
        if disk.stat(KEYS)?.is_some() {
            return Err(RoomError::NotEmpty);
        }
        let keys = recipients
            .iter()
            .map(|(role, recipient)| {
                parse(recipient)?;
                Ok(KeyRecord {
                    role: *role,
                    recipient: recipient.clone(),
                    since: now,
                    retired: None,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        if !keys.iter().any(|k| k.role == Role::Site) {
            return Err(RoomError::BadKey);
        }
        let list = KeyList {
            format: FORMAT.to_owned(),
            keys,
        };
        // A list of keys that a crash kept from getting its name.
        for (name, kind) in disk.list("")? {
            if matches!(kind, Kind::File(_)) && name.ends_with(".new") {
                disk.remove_file(&name)?;
            }
        }
        let mut folders = vec![String::new()];
        for folder in FOLDERS {
            folders.extend(make_folders(&*disk, folder)?);
        }
        disk.sync(&[], &folders)?;
        let store = KeyStore {
            disk,
            list: Mutex::new(list.clone()),
        };
        store.write_list(&list)?;
        Ok(store)
    }

    /// Whether a key store was made here: its list of keys is written last.
    ///
    /// # Errors
    /// The medium's.
    pub fn is_made(disk: &dyn Disk) -> Result<bool> {
        Ok(disk.stat(KEYS)?.is_some())
    }

    /// Opens a key store.
    ///
    /// # Errors
    /// [`RoomError::Foreign`]; the medium's.
    pub fn open(disk: Arc<dyn Disk>) -> Result<KeyStore> {
        let list = read_list(&*disk)?;
        // A copy may have come without its empty folders.
        for folder in FOLDERS {
            make_folders(&*disk, folder)?;
        }
        Ok(KeyStore {
            disk,
            list: Mutex::new(list),
        })
    }

    /// Reads the list of keys anew: another process may have changed it.
    ///
    /// # Errors
    /// As [`KeyStore::open`].
    pub fn reload(&self) -> Result<()> {
        let list = read_list(&*self.disk)?;
        *self.list() = list;
        Ok(())
    }

    /// Every key there is and was.
    pub fn keys(&self) -> Vec<KeyRecord> {
        self.list().keys.clone()
    }

    fn list(&self) -> std::sync::MutexGuard<'_, KeyList> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_list(&self, list: &KeyList) -> Result<()> {
        let bytes = serde_json::to_vec_pretty(list).expect("texts and numbers only");
        replace_durably(&*self.disk, KEYS, &bytes)?;
        *self.list() = list.clone();
        Ok(())
    }

    fn retire(&self, recipients: &[String], now: i64) -> Result<()> {
        let mut list = self.list().clone();
        for key in &mut list.keys {
            if recipients.contains(&key.recipient) {
                key.retired.get_or_insert(now);
            }
        }
        self.write_list(&list)
    }

    /// Whom new slots are for, the site first: it opens most often.
    fn recipients(&self) -> Result<Vec<Recipient>> {
        self.recipients_but(&[])
    }

    /// The same without those that are about to go.
    fn recipients_but(&self, gone: &[String]) -> Result<Vec<Recipient>> {
        let mut keys = self.keys();
        keys.retain(|k| k.retired.is_none() && !gone.contains(&k.recipient));
        keys.sort_by_key(|k| k.role != Role::Site);
        keys.iter().map(|k| parse(&k.recipient)).collect()
    }

    /// Writes slots for an object's new files; durable when it returns.
    pub(crate) fn keep(&self, object: &ObjectId, slots: &[Slot]) -> Result<()> {
        let recipients = self.recipients()?;
        let folder = folder(object);
        let mut folders = make_folders(&*self.disk, &folder)?;
        let mut files = Vec::with_capacity(slots.len());
        for slot in slots {
            let path = slot_path(object, &slot.id);
            write_small(&*self.disk, &path, &slot.wrap(&recipients)?)?;
            files.push(path);
        }
        folders.push(folder);
        Ok(self.disk.sync(&files, &folders)?)
    }

    /// Opens a slot.
    pub(crate) fn slot(&self, object: &ObjectId, id: &OpaqueId, with: &Opener) -> Result<Slot> {
        if let Some(tombstone) = self.tombstone(id)? {
            return Err(RoomError::Shredded {
                reason: tombstone.reason.to_string(),
            });
        }
        let path = slot_path(object, id);
        if self.disk.stat(&path)?.is_none() {
            return Err(RoomError::NoSlot(id.clone()));
        }
        Slot::open(id, &read_small(&*self.disk, &path, SLOT_BYTES_MAX)?, with)
    }

    /// The slots of all objects: path of the folder, and the slots' names in it.
    pub(crate) fn folders(&self) -> Result<Vec<String>> {
        let names = self.disk.list("slots")?;
        Ok(names
            .into_iter()
            .map(|(name, _)| join("slots", &name))
            .collect())
    }
}

fn read_list(disk: &dyn Disk) -> Result<KeyList> {
    let bytes = read_small(disk, KEYS, KEYS_BYTES_MAX)?;
    let list: KeyList =
        serde_json::from_slice(&bytes).map_err(|e| RoomError::Foreign(e.to_string()))?;
    if list.format != FORMAT {
        return Err(RoomError::Foreign(list.format));
    }
    Ok(list)
}

fn parse(recipient: &str) -> Result<Recipient> {
    recipient.parse().map_err(|_| RoomError::BadKey)
}

fn folder(object: &ObjectId) -> String {
    format!("slots/{}", object.digest())
}

pub(crate) fn slot_path(object: &ObjectId, slot: &OpaqueId) -> String {
    format!("{}/{slot}.key.age", folder(object))
}

/// Writes a file anew in one step, whatever happens in between.
pub(crate) fn replace_durably(disk: &dyn Disk, path: &str, bytes: &[u8]) -> Result<()> {
    let beside = format!("{path}.{}.new", OpaqueId::fresh());
    write_small(disk, &beside, bytes)?;
    disk.sync(std::slice::from_ref(&beside), &[])?;
    disk.replace(&beside, path)?;
    Ok(disk.sync(&[], &[parent(path).to_owned()])?)
}
