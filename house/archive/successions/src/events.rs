//! This room's words in the ledger. A kind is never renamed or removed.

use foundation::ledger::Kind;

/// It was asked that the archive is handed to a successor; how many dossiers, and whether sealed
/// to a key of theirs.
pub const ASKED: Kind = Kind::new("successions.asked", 1);
/// A second person let it begin.
pub const CONFIRMED: Kind = Kind::new("successions.confirmed", 1);
/// A second person refused.
pub const REFUSED: Kind = Kind::new("successions.refused", 1);
/// A slice of the bag was written: how far it is.
pub const WENT_ON: Kind = Kind::new("successions.went_on", 1);
/// The bag is whole; with the digest that vouches for every byte of it.
pub const WRITTEN: Kind = Kind::new("successions.written", 1);
/// Both companies signed the list.
pub const DELIVERED: Kind = Kind::new("successions.delivered", 1);
/// Writing had stopped half way and goes on.
pub const RESUMED: Kind = Kind::new("successions.resumed", 1);
/// The signed-for bag leaves as a stream; recorded before its first byte.
pub const DOWNLOADED: Kind = Kind::new("successions.downloaded", 1);
/// The bag was removed from the machine.
pub const CLEARED: Kind = Kind::new("successions.cleared", 1);

/// Every kind of event of this room.
pub const ALL: &[Kind] = &[
    ASKED, CONFIRMED, REFUSED, WENT_ON, RESUMED, WRITTEN, DELIVERED, DOWNLOADED, CLEARED,
];
