//! The key store held to the root: each sealed file has its slot, or a tombstone.

use std::collections::BTreeSet;

use crate::disk::read_small;
use crate::error::{Result, RoomError};
use crate::inventory::{INVENTORY, INVENTORY_BYTES_MAX, Inventory};
use crate::keys::{KeyStore, slot_path};
use crate::names::{ObjectId, OpaqueId};
use crate::records::{DIGEST, DocumentRecord, PUBLIC, PublicRecord, RECORD_BYTES_MAX};
use crate::report::{Damage, DamageKind, Report};
use crate::room::StrongRoom;
use crate::slot::{Opener, SLOT_BYTES_MAX, Slot};

impl StrongRoom {
    /// Checks that every sealed file of every version has a slot that opens, or a tombstone.
    /// Without a key only an age file's form is looked at.
    ///
    /// # Errors
    /// The medium's.
    pub fn verify_slots(&self, with: Option<&Opener>) -> Result<Report> {
        self.slots_in(self.object_folders()?, with)
    }

    /// The same of some objects only.
    ///
    /// # Errors
    /// The medium's.
    pub fn verify_slots_of<'o>(
        &self,
        objects: impl IntoIterator<Item = &'o ObjectId>,
        with: Option<&Opener>,
    ) -> Result<Report> {
        self.slots_in(objects.into_iter().map(ObjectId::path).collect(), with)
    }

    fn slots_in(&self, folders: Vec<String>, with: Option<&Opener>) -> Result<Report> {
        let mut report = Report::default();
        for at in folders {
            let path = crate::disk::join(&at, INVENTORY);
            let bytes = crate::storage::read_small(&*self.storage, &path, INVENTORY_BYTES_MAX);
            let Ok(inventory) = Inventory::parse(&bytes.unwrap_or_default()) else {
                continue;
            };
            report.objects += 1;
            for slot in self.slots_of(&at, &inventory) {
                report.files += 1;
                if let Some(kind) = self.keys.condition(&inventory.id, &slot, with)? {
                    let (object, path) = (inventory.id.clone(), slot_path(&inventory.id, &slot));
                    report.damages.push(Damage {
                        object: Some(object),
                        version: None,
                        path,
                        kind,
                    });
                }
            }
        }
        Ok(report)
    }

    /// Every slot that some version of an object speaks of.
    fn slots_of(&self, at: &str, inventory: &Inventory) -> BTreeSet<OpaqueId> {
        let mut slots = BTreeSet::new();
        for path in inventory.manifest.values().flatten() {
            let name = path.rsplit('/').next().unwrap_or_default();
            if name != DIGEST && name != PUBLIC {
                continue;
            }
            let path = crate::disk::join(at, path);
            let bytes = crate::storage::read_small(&*self.storage, &path, RECORD_BYTES_MAX);
            let bytes = bytes.unwrap_or_default();
            if name == DIGEST {
                let record = serde_json::from_slice::<DocumentRecord>(&bytes);
                slots.extend(
                    record
                        .into_iter()
                        .flat_map(|r| r.parts)
                        .map(|(_, s)| s.slot),
                );
            } else {
                let record = serde_json::from_slice::<PublicRecord>(&bytes);
                slots.extend(record.into_iter().filter_map(|r| r.meta).map(|s| s.slot));
            }
        }
        slots
    }
}

impl KeyStore {
    fn condition(
        &self,
        object: &ObjectId,
        slot: &OpaqueId,
        with: Option<&Opener>,
    ) -> Result<Option<DamageKind>> {
        let path = slot_path(object, slot);
        let there = self.disk.stat(&path)?.is_some();
        let buried = match self.tombstone(slot) {
            Ok(stone) => stone.is_some(),
            Err(RoomError::Foreign(_)) => return Ok(Some(DamageKind::SlotDamaged)),
            Err(e) => return Err(e),
        };
        Ok(match (there, buried) {
            (false, true) => None,
            (true, true) => Some(DamageKind::SlotAlive),
            (false, false) => Some(DamageKind::SlotMissing),
            (true, false) => {
                let wrapped = read_small(&*self.disk, &path, SLOT_BYTES_MAX).unwrap_or_default();
                let sound = match with {
                    Some(key) => Slot::open(slot, &wrapped, key).is_ok(),
                    None => age::Decryptor::new(&wrapped[..]).is_ok(),
                };
                (!sound).then_some(DamageKind::SlotDamaged)
            }
        })
    }

    /// Brings back from a copy of the key store each slot that is missing here or does not
    /// open; never one that was shredded. Gives how many.
    ///
    /// # Errors
    /// The medium's.
    pub fn heal(&self, from: &KeyStore, with: &Opener) -> Result<u64> {
        let mut healed = 0;
        for folder in from.folders()? {
            for (name, _) in from.disk.list(&folder)? {
                let id = name
                    .strip_suffix(".key.age")
                    .and_then(|n| n.parse::<OpaqueId>().ok());
                let Some(id) = id else { continue };
                let path = crate::disk::join(&folder, &name);
                let opens = |store: &KeyStore| {
                    let bytes = read_small(&*store.disk, &path, SLOT_BYTES_MAX).ok()?;
                    Slot::open(&id, &bytes, with).ok().map(|_| bytes)
                };
                if self.tombstone(&id)?.is_some() || opens(self).is_some() {
                    continue;
                }
                let Some(bytes) = opens(from) else { continue };
                let mut touched = crate::disk::make_folders(&*self.disk, &folder)?;
                touched.push(folder.clone());
                crate::keys::replace_durably(&*self.disk, &path, &bytes)?;
                self.disk.sync(&[], &touched)?;
                healed += 1;
            }
        }
        Ok(healed)
    }
}
