//! Reading: one file of a document, opened with the site's or the escrow's key.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read, Seek, SeekFrom};

use age::stream::StreamReader;
use hmac::Mac as _;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::digest::{Digest, hex};
use crate::disk::{ReadSeek, join};
use crate::error::{Result, RoomError};
use crate::intake::META_BYTES_MAX;
use crate::inventory::Inventory;
use crate::keys::Tombstone;
use crate::names::{ObjectId, OpaqueId, Part};
use crate::records::{
    DIGEST, DocumentRecord, META, PUBLIC, PublicRecord, RECORD_BYTES_MAX, Sealed, document_folder,
};
use crate::room::StrongRoom;
use crate::seal::{PlainMac, new_mac};
use crate::slot::Opener;
use crate::storage::read_small;

/// Up to this size the ciphertext is held in memory, digested, and opened from there. A
/// larger file is digested from the medium first and then opened from the same handle; what
/// somebody changes in between is caught by the tag on each of age's 64 KiB chunks.
const IN_MEMORY_MAX: u64 = 8 << 20;

/// A file of a document, opened: plaintext to read and to seek in. Its ciphertext had the
/// inventory's digest before the first byte left. Read from start to end, the plaintext is
/// also held to its keyed digest, and the last read fails when it is another.
pub struct Opened {
    plain: StreamReader<Box<dyn ReadSeek>>,
    size: u64,
    /// Follows a reading in order; a jump ends it.
    mac: Option<(PlainMac, u64)>,
    expected: String,
}

impl Opened {
    /// The plaintext's bytes.
    pub fn size(&self) -> u64 {
        self.size
    }
}

impl Read for Opened {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.plain.read(buffer)?;
        if let Some((mac, seen)) = &mut self.mac {
            mac.update(&buffer[..n]);
            *seen += n as u64;
            if n == 0 && !buffer.is_empty() {
                let (mac, seen) = self.mac.take().expect("it is there");
                let found = hex(&mac.finalize().into_bytes());
                let same: bool = found.as_bytes().ct_eq(self.expected.as_bytes()).into();
                if !same || seen != self.size {
                    let what = "the plaintext is not what was taken in";
                    return Err(io::Error::new(io::ErrorKind::InvalidData, what));
                }
            }
        }
        Ok(n)
    }
}

impl Seek for Opened {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.mac = None;
        self.plain.seek(to)
    }
}

impl StrongRoom {
    /// The documents of an object's newest version, by id.
    ///
    /// # Errors
    /// [`RoomError::NoObject`]; [`RoomError::Damaged`]; the medium's.
    pub fn documents(&self, object: &ObjectId) -> Result<BTreeMap<OpaqueId, DocumentRecord>> {
        let inventory = self.inventory(object)?;
        let mut documents = BTreeMap::new();
        for name in inventory.files().keys() {
            if name.starts_with("docs/") && name.ends_with("/digest.json") {
                let record: DocumentRecord = self.record(object, &inventory, name)?;
                documents.insert(record.document.clone(), record);
            }
        }
        Ok(documents)
    }

    /// Opens one file of a document, as the newest version has it.
    ///
    /// # Errors
    /// [`RoomError::NoObject`], [`RoomError::NoDocument`]; [`RoomError::Damaged`] before any
    /// byte was decrypted; [`RoomError::Shredded`]; [`RoomError::DoesNotOpen`]; the medium's.
    pub fn read(
        &self,
        object: &ObjectId,
        document: &OpaqueId,
        part: Part,
        with: &Opener,
    ) -> Result<Opened> {
        let inventory = self.inventory(object)?;
        let folder = document_folder(document);
        let record: DocumentRecord = self.record(object, &inventory, &join(&folder, DIGEST))?;
        let missing = || RoomError::NoDocument(object.clone());
        let sealed = record.parts.get(&part).ok_or_else(missing)?;
        self.open_sealed(
            object,
            &inventory,
            &join(&folder, &part.file_name()),
            sealed,
            with,
        )
    }

    /// The newest metadata of an object, if it was given any.
    ///
    /// # Errors
    /// As [`StrongRoom::read`].
    pub fn meta(&self, object: &ObjectId, with: &Opener) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let inventory = self.inventory(object)?;
        let files = inventory.files();
        // The version that wrote the metadata keeps its record; a later one may have none.
        let Some((_, content)) = files.get(META) else {
            return Ok(None);
        };
        let version = content.split('/').next().unwrap_or_default();
        let record: PublicRecord =
            self.record_at(object, &inventory, &format!("{version}/content/{PUBLIC}"))?;
        let damaged = || RoomError::Damaged {
            object: object.clone(),
            path: PUBLIC.to_owned(),
        };
        let sealed = record.meta.ok_or_else(damaged)?;
        let mut opened = self.open_sealed(object, &inventory, META, &sealed, with)?;
        let mut plain =
            Zeroizing::new(Vec::with_capacity(sealed.size.min(META_BYTES_MAX) as usize));
        opened.read_to_end(&mut plain)?;
        Ok(Some(plain))
    }

    fn open_sealed(
        &self,
        object: &ObjectId,
        inventory: &Inventory,
        name: &str,
        sealed: &Sealed,
        with: &Opener,
    ) -> Result<Opened> {
        let files = inventory.files();
        let found = files.get(name).copied();
        let (digest, content) = found.ok_or_else(|| RoomError::NoDocument(object.clone()))?;
        let slot = self.keys.slot(object, &sealed.slot, with)?;
        let cipher = self.checked(object, content, digest)?;
        let refused = |_| RoomError::Damaged {
            object: object.clone(),
            path: content.to_owned(),
        };
        let age = age::Decryptor::new(cipher).map_err(refused)?;
        let identity = std::iter::once(&slot.identity as &dyn age::Identity);
        let plain = age.decrypt(identity).map_err(refused)?;
        Ok(Opened {
            plain,
            size: sealed.size,
            mac: Some((new_mac(&slot.digest_key), 0)),
            expected: sealed.hmac_sha256.clone(),
        })
    }

    /// A file's bytes, its digest seen to be the inventory's.
    fn checked(
        &self,
        object: &ObjectId,
        content: &str,
        digest: Digest,
    ) -> Result<Box<dyn ReadSeek>> {
        let path = join(&object.path(), content);
        let damaged = || RoomError::Damaged {
            object: object.clone(),
            path: content.to_owned(),
        };
        let mut file = self.storage.open(&path).map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => damaged(),
            _ => RoomError::Io(e),
        })?;
        let len = file.seek(SeekFrom::End(0))?;
        file.rewind()?;
        let found;
        if len <= IN_MEMORY_MAX {
            let mut bytes = Vec::with_capacity(len as usize);
            file.read_to_end(&mut bytes)?;
            found = Digest::of(&bytes);
            file = Box::new(Cursor::new(bytes));
        } else {
            found = Digest::of_reader(&mut file)?.0;
            file.rewind()?;
        }
        if found == digest {
            Ok(file)
        } else {
            Err(damaged())
        }
    }

    /// Destroys every slot of a document: nobody opens it again, here or in any copy of the
    /// content. Content and inventory stay valid. `at` is in milliseconds since 1970.
    ///
    /// # Errors
    /// [`RoomError::NoDocument`]; the medium's. It can be run again.
    pub fn shred(
        &self,
        object: &ObjectId,
        document: &OpaqueId,
        reason: &crate::keys::Reason,
        at: i64,
    ) -> Result<Vec<Tombstone>> {
        self.may_write()?;
        let inventory = self.inventory(object)?;
        let name = join(&document_folder(document), DIGEST);
        // Slots of parts that a later version replaced are in the older records only.
        let mut slots = std::collections::BTreeSet::new();
        for version in inventory.versions.values() {
            let at = version
                .state
                .iter()
                .find(|(_, names)| names.contains(&name));
            if let Some(content) = at.and_then(|(d, _)| inventory.manifest.get(d)?.first()) {
                let record: DocumentRecord = self.record_at(object, &inventory, content)?;
                slots.extend(record.parts.into_values().map(|sealed| sealed.slot));
            }
        }
        if slots.is_empty() {
            return Err(RoomError::NoDocument(object.clone()));
        }
        let stones = slots.into_iter().map(|slot| Tombstone {
            object: object.clone(),
            slot,
            reason: reason.clone(),
            at,
        });
        stones
            .map(|stone| self.keys.destroy(&stone).map(|()| stone))
            .collect()
    }

    /// Destroys the slots of an object's metadata but for the newest: what was said of a document
    /// before it was shredded is read by nobody either. Gives how many there were; it can be run
    /// again.
    ///
    /// # Errors
    /// [`RoomError::NoObject`]; the medium's.
    pub fn shred_older_meta(
        &self,
        object: &ObjectId,
        reason: &crate::keys::Reason,
        at: i64,
    ) -> Result<usize> {
        self.may_write()?;
        let inventory = self.inventory(object)?;
        let said_in = |state: &BTreeMap<Digest, Vec<String>>| {
            let mut named = state
                .iter()
                .filter(|(_, names)| names.iter().any(|n| n == META));
            let content = inventory.manifest.get(named.next()?.0)?.first()?;
            content.split('/').next().map(str::to_owned)
        };
        let newest = inventory.versions.get(&inventory.head);
        let newest = newest.and_then(|version| said_in(&version.state));
        let each = inventory.versions.values();
        let mut older: std::collections::BTreeSet<String> =
            each.filter_map(|version| said_in(&version.state)).collect();
        older.retain(|version| Some(version) != newest.as_ref());
        for version in &older {
            let record: PublicRecord =
                self.record_at(object, &inventory, &format!("{version}/content/{PUBLIC}"))?;
            if let Some(sealed) = record.meta {
                self.keys.destroy(&Tombstone {
                    object: object.clone(),
                    slot: sealed.slot,
                    reason: reason.clone(),
                    at,
                })?;
            }
        }
        Ok(older.len())
    }

    fn inventory(&self, object: &ObjectId) -> Result<Inventory> {
        let now = self.current(object)?;
        now.map(|(inventory, _)| inventory)
            .ok_or_else(|| RoomError::NoObject(object.clone()))
    }

    /// A clear record of the newest version, held to the inventory.
    pub(crate) fn record<T: serde::de::DeserializeOwned>(
        &self,
        object: &ObjectId,
        inventory: &Inventory,
        name: &str,
    ) -> Result<T> {
        let files = inventory.files();
        let (_, content) = files
            .get(name)
            .ok_or_else(|| RoomError::NoDocument(object.clone()))?;
        self.record_at(object, inventory, content)
    }

    fn record_at<T: serde::de::DeserializeOwned>(
        &self,
        object: &ObjectId,
        inventory: &Inventory,
        content: &str,
    ) -> Result<T> {
        let damaged = || RoomError::Damaged {
            object: object.clone(),
            path: content.to_owned(),
        };
        let path = join(&object.path(), content);
        let bytes =
            read_small(&*self.storage, &path, RECORD_BYTES_MAX).map_err(|e| match e.kind() {
                io::ErrorKind::NotFound => damaged(),
                _ => RoomError::Io(e),
            })?;
        if Some(Digest::of(&bytes)) != inventory.digest_at(content) {
            return Err(damaged());
        }
        serde_json::from_slice(&bytes).map_err(|_| damaged())
    }
}
