//! Storage for ever of an owner archive's documents.
//!
//! A root is an OCFL 1.1 storage root: one object per tenure, whose versions are never
//! changed once written. Each document in it is a file of the `age` format, sealed to an
//! identity of its own; those identities lie in a key store apart, wrapped for the site's key
//! and for an escrow key that is split over printed cards. So keys are changed, and documents
//! shredded, without touching content; and a stranger with `age`, `sha512sum`, `python3` and
//! three of the cards reads what is there without this program.
//!
//! The ledger is the caller's. It keeps the digest of each object's newest inventory
//! ([`Head`]), which vouches for every byte of the object, and it records a version before it
//! is published ([`Prepared`]) and after. What a crash leaves is put right by
//! [`StrongRoom::recover`].
//!
//! Time is given by the caller. Chance is not: identities, file keys and opaque ids come
//! from the operating system's randomness, because `age` takes it there anyway and no key
//! may ever come from a seed that somebody knows.
//!
//! Calls block; call from a thread that may. The format is docs/formats/strongroom.md.

pub mod disk;
pub mod storage;

mod describe;
mod digest;
mod error;
mod escrow;
mod examine;
mod founding;
mod intake;
mod inventory;
mod keys;
mod names;
mod publish;
mod read;
mod records;
mod repair;
mod report;
mod room;
mod seal;
mod slot;
mod slots;
mod truth;
mod verify;

pub use digest::{Digest, NoDigest};
pub use error::RoomError;
pub use escrow::{Escrow, EscrowError, SHARES, Share, THRESHOLD};
pub use intake::{META_BYTES_MAX, Prepared, Staged};
pub use keys::{KeyRecord, KeyStore, Reason, Role, Rotation, Tombstone};
pub use names::{BadName, Cause, Class, Media, ObjectId, OpaqueId, Part, VERSIONS_MAX};
pub use publish::Recovery;
pub use read::Opened;
pub use records::{DocumentRecord, Sealed};
pub use repair::Repair;
pub use report::{Damage, DamageKind, Report};
pub use room::{Head, Heads, Place, StrongRoom};
pub use slot::Opener;
pub use verify::FIXITY_SLICES;

/// How long a lease in a bucket holds, in milliseconds: long enough for any publication's
/// next step, short enough that a crash does not stop the office.
pub const LEASE_MS: i64 = 60_000;
