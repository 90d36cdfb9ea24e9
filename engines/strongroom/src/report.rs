//! What verification says: each damage by name, in a form for a page, a file or a ledger.

use serde::{Deserialize, Serialize};

use crate::names::ObjectId;

/// What is wrong with one thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DamageKind {
    /// A file that should be there is not.
    Missing,
    /// The file has fewer bytes than it should.
    Truncated,
    /// The file's bytes are others.
    Altered,
    /// The file's bytes are those of another file.
    Swapped { with: String },
    /// A file or folder that should not be there.
    Extra,
    /// A link or another thing that is neither file nor folder.
    Link,
    /// The inventory is that of an older version.
    RolledBack,
    /// A whole version is gone.
    VersionMissing,
    /// A version that the ledger does not know.
    Unrecorded,
    /// The whole object is gone.
    ObjectMissing,
    /// An object that the ledger does not know.
    ObjectUnknown,
    /// The file could not be read: the medium's own words.
    Unreadable(String),
    /// No sound inventory was found to hold the object to.
    NoInventory,
    /// A slot is gone, without a tombstone.
    SlotMissing,
    /// A slot that does not open, or is no age file.
    SlotDamaged,
    /// A tombstone stands, and so does the slot.
    SlotAlive,
}

/// One damage: where, and what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Damage {
    /// `None` for the root's own files.
    pub object: Option<ObjectId>,
    /// The version that the file belongs to, where it belongs to one.
    pub version: Option<u32>,
    /// Inside the root; a slot's, inside the key store.
    pub path: String,
    pub kind: DamageKind,
}

/// What a verification read and found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub objects: u64,
    pub files: u64,
    pub bytes: u64,
    pub damages: Vec<Damage>,
}

impl Report {
    pub fn sound(&self) -> bool {
        self.damages.is_empty()
    }

    /// What another reading found beside it.
    pub fn add(&mut self, other: Report) {
        self.objects += other.objects;
        self.files += other.files;
        self.bytes += other.bytes;
        self.damages.extend(other.damages);
    }
}
