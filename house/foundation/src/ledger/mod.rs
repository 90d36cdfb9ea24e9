//! The ledger: what happened, in order, in one Merkle log per compound that nobody
//! can alter unseen. Tables hold what is; the ledger holds what happened.
//!
//! A write can end only by recording an event here (see [`Tx::record`]), so nothing
//! happens without a line. Followers, the audit page and all figures read it.
//! The format is docs/formats/ledger.md.
//!
//! [`Tx::record`]: crate::database::Tx::record

pub mod checkpoint;
mod entry;
mod event;
pub mod export;
mod following;
mod heads;
pub mod proof;
mod rule;
mod timeline;
pub mod tree;

pub use entry::{COLUMNS, ENTRY_BYTES_MAX, ENTRY_VERSION, Entry};
pub use event::{ActorRef, Audience, Door, Event, Fact, Kind, Stamp, Who};
pub use following::{Cursor, Part};
pub use heads::Heads;
pub(crate) use heads::Held;
pub use rule::{Breach, Late, Rule};
pub use timeline::{TIMELINE_MAX, timeline};
