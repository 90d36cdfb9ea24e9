//! Why the store did not do what was asked.

use std::io;

use crate::digest::Digest;
use crate::names::{ObjectId, OpaqueId};

/// Why an act of the store failed. Nothing of it is half done: what was begun lies in the
/// staging folder, where [`crate::StrongRoom::recover`] finds it.
#[derive(Debug, thiserror::Error)]
pub enum RoomError {
    /// The medium failed or is full.
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("another process writes to this store")]
    Busy,
    #[error("there is something at this place already")]
    NotEmpty,
    /// What was here, or must be here beside what is.
    #[error("the archive was here and is gone: {0}")]
    Gone(&'static str),
    #[error("this is no strongroom, or one of a later format: {0}")]
    Foreign(String),
    #[error("no object {0}")]
    NoObject(ObjectId),
    #[error("no such document or part in {0}")]
    NoDocument(ObjectId),
    #[error("{object}: version {version} is there already")]
    Conflict { object: ObjectId, version: u32 },
    #[error("{object}: {path} is not what the inventory says")]
    Damaged { object: ObjectId, path: String },
    #[error("this document was shredded: {reason}")]
    Shredded { reason: String },
    #[error("slot {0} is missing from the key store")]
    NoSlot(OpaqueId),
    #[error("this key does not open slot {0}")]
    DoesNotOpen(OpaqueId),
    #[error("not a key in age's form")]
    BadKey,
    #[error("a version needs at least one new file")]
    NothingNew,
    #[error("this part is in the version already")]
    PartTwice,
    #[error("a record of {0} bytes at most")]
    TooLong(u64),
    #[error("the staged version changed: {0:?} was prepared")]
    StagedChanged(Digest),
    #[error("an object has at most {} versions", crate::names::VERSIONS_MAX)]
    TooManyVersions,
    #[error("the store in S3: {0}")]
    Remote(String),
}

impl RoomError {
    /// What a storage says of its lease.
    pub(crate) fn of_lease(e: io::Error) -> RoomError {
        match e.kind() {
            io::ErrorKind::WouldBlock => RoomError::Busy,
            _ => RoomError::Io(e),
        }
    }
}

pub(crate) type Result<T> = std::result::Result<T, RoomError>;
