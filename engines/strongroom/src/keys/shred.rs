//! Shredding: a slot destroyed is a document that nobody opens again, in this store and in
//! every copy of its content. What stays is a tombstone that says why and when.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{KeyStore, slot_path};
use crate::disk::{join, read_small};
use crate::error::{Result, RoomError};
use crate::names::{BadName, ObjectId, OpaqueId};

const TOMBSTONE_BYTES_MAX: u64 = 16 * 1_024;

/// Why a document was shredded, as a code (`pipl-47`, `court-order`): lower-case letters,
/// digits, dots and dashes, so that no name can stand in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reason(String);

impl FromStr for Reason {
    type Err = BadName;
    fn from_str(text: &str) -> std::result::Result<Reason, BadName> {
        let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-".contains(&b);
        if text.is_empty() || text.len() > 64 || !text.bytes().all(letter) {
            return Err(BadName {
                what: "a reason code",
                text: text.chars().take(80).collect(),
            });
        }
        Ok(Reason(text.to_owned()))
    }
}

impl TryFrom<String> for Reason {
    type Error = BadName;
    fn try_from(text: String) -> std::result::Result<Reason, BadName> {
        text.parse()
    }
}

impl From<Reason> for String {
    fn from(reason: Reason) -> String {
        reason.0
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What stands where a slot was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tombstone {
    pub object: ObjectId,
    pub slot: OpaqueId,
    pub reason: Reason,
    /// Milliseconds since 1970, UTC.
    pub at: i64,
}

impl KeyStore {
    /// Destroys a slot: the tombstone first, then the key's bytes, then its name. Doing it
    /// twice is no error, so that an interrupted list can be run again.
    pub(crate) fn destroy(&self, tombstone: &Tombstone) -> Result<()> {
        let stone = stone(&tombstone.slot);
        if self.disk.stat(&stone)?.is_none() {
            let bytes = serde_json::to_vec_pretty(tombstone).expect("texts and a number only");
            super::replace_durably(&*self.disk, &stone, &bytes)?;
        }
        let path = slot_path(&tombstone.object, &tombstone.slot);
        if self.disk.stat(&path)?.is_some() {
            // A medium that writes elsewhere keeps old blocks for a while: the backups' 35
            // days are the longer wait.
            self.disk.blank(&path)?;
            self.disk.remove_file(&path)?;
            self.disk
                .sync(&[], &[crate::disk::parent(&path).to_owned()])?;
        }
        Ok(())
    }

    pub(crate) fn tombstone(&self, slot: &OpaqueId) -> Result<Option<Tombstone>> {
        let path = stone(slot);
        if self.disk.stat(&path)?.is_none() {
            return Ok(None);
        }
        let bytes = read_small(&*self.disk, &path, TOMBSTONE_BYTES_MAX)?;
        let stone = serde_json::from_slice(&bytes);
        stone
            .map(Some)
            .map_err(|e| RoomError::Foreign(format!("{path}: {e}")))
    }

    /// Every tombstone: what a restored key store must be shredded by again.
    ///
    /// # Errors
    /// The medium's; [`RoomError::Foreign`] for a tombstone that cannot be read.
    pub fn shred_list(&self) -> Result<Vec<Tombstone>> {
        let mut stones = Vec::new();
        for (name, _) in self.disk.list("shredded")? {
            let id = name.strip_suffix(".json").and_then(|n| n.parse().ok());
            if let Some(id) = id {
                stones.extend(self.tombstone(&id)?);
            }
        }
        Ok(stones)
    }

    /// Shreds by a list that another copy of the store kept; gives how many slots were there.
    ///
    /// # Errors
    /// The medium's. What was done until then stays done; run it again.
    pub fn replay(&self, list: &[Tombstone]) -> Result<u64> {
        let mut found = 0;
        for tombstone in list {
            let path = slot_path(&tombstone.object, &tombstone.slot);
            found += u64::from(self.disk.stat(&path)?.is_some());
            self.destroy(tombstone)?;
        }
        Ok(found)
    }
}

fn stone(slot: &OpaqueId) -> String {
    join("shredded", &format!("{slot}.json"))
}
