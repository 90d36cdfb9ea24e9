//! The archive's words in the ledger. Frozen: never renamed, never reused.

use foundation::ledger::Kind;

/// Dossiers were opened for tenures that had none.
pub const OPENED: Kind = Kind::new("archive.opened", 1);
/// A dossier's tenure ended.
pub const CLOSED: Kind = Kind::new("archive.closed", 1);
/// Copies of papers of identity were sealed with the end of their tenure.
pub const IDENTITY_SEALED: Kind = Kind::new("archive.identity_sealed", 1);
/// A dossier was sealed: kept and safe, and nothing else.
pub const SEALED: Kind = Kind::new("archive.sealed", 1);
/// A sealed dossier was opened for a purpose until a moment.
pub const UNSEALED: Kind = Kind::new("archive.unsealed", 1);
/// A transfer was taken back on its day: the tenure goes on, the one that had begun is void.
pub const REOPENED: Kind = Kind::new("archive.reopened", 1);
/// Dossiers that an undone import had opened were taken back.
pub const VOIDED: Kind = Kind::new("archive.voided", 1);
/// What dossiers repeat of their rooms was brought up to date.
pub const FOLLOWED: Kind = Kind::new("archive.followed", 1);
/// A version of a dossier is ready to enter the strongroom; with its inventory's SHA-512.
pub const PREPARED: Kind = Kind::new("archive.prepared", 1);
/// The version is in the strongroom: the dossier's head.
pub const RECEIVED: Kind = Kind::new("archive.received", 1);
/// A crash cut the way into the strongroom off; the document is to be handed in again.
pub const GIVEN_UP: Kind = Kind::new("archive.given_up", 1);
/// The pictures of a document's pages were drawn and kept; with the dossier's head.
pub const PICTURED: Kind = Kind::new("archive.pictured", 1);
/// All pages of a document were gone through: how many have a picture, and how many have none.
pub const PAGES_DRAWN: Kind = Kind::new("archive.pages_drawn", 1);
/// A page of a document that is not filed yet was shown; recorded before it was.
pub const PAGE_SEEN: Kind = Kind::new("archive.page_seen", 1);
/// A person counted the pages and the document is filed.
pub const FILED: Kind = Kind::new("archive.filed", 1);
/// A document was taken back before it was filed.
pub const WITHDRAWN: Kind = Kind::new("archive.withdrawn", 1);
/// Note, box or signer of a document were changed.
pub const AMENDED: Kind = Kind::new("archive.amended", 1);
/// What a complete dossier holds, or how numbers are made, was set.
pub const POLICY_SET: Kind = Kind::new("archive.policy_set", 1);
/// The operator named the folder of the office's scanner, or none.
pub const SCANNER_SET: Kind = Kind::new("archive.scanner_set", 1);
/// The catalog left the house.
pub const CATALOG_TAKEN: Kind = Kind::new("archive.catalog_taken", 1);
/// A slice of the strongroom was read, every byte of it.
pub const FIXITY_READ: Kind = Kind::new("archive.fixity_read", 1);
/// The operator named the folder that damage is put right from, or none.
pub const REPLICA_SET: Kind = Kind::new("archive.replica_set", 1);
/// The key that opens the strongroom's slots was made; it lies sealed in the database.
pub const KEY_MADE: Kind = Kind::new("archive.key_made", 1);
/// The strongroom was made; with the digest that vouches for its own files.
pub const STRONGROOM_MADE: Kind = Kind::new("archive.strongroom_made", 1);
/// Escrow cards were made: how many, how many open the archive, and the digest of the public
/// key they give.
pub const ESCROW_MADE: Kind = Kind::new("archive.escrow_made", 1);
/// A new key that opens the slots was made and lies sealed beside the old one.
pub const KEY_CHANGING: Kind = Kind::new("archive.key_changing", 1);
/// Every slot is for the new key; the old one opens nothing and is gone.
pub const KEY_CHANGED: Kind = Kind::new("archive.key_changed", 1);
/// What was damaged in the strongroom was put right from a replica.
pub const STRONGROOM_REPAIRED: Kind = Kind::new("archive.strongroom_repaired", 1);
/// What lies in a dossier was said anew beside its documents; with the dossier's head.
pub const DESCRIBED: Kind = Kind::new("archive.described", 1);
/// A document's keys were destroyed, on a legal basis and by two persons: nobody opens it again.
pub const SHREDDED: Kind = Kind::new("archive.shredded", 1);
/// A document's original was opened for a successor company; with the succession.
pub const HANDED: Kind = Kind::new("archive.handed", 1);

/// Every kind of event of this room.
pub const ALL: &[Kind] = &[
    OPENED,
    CLOSED,
    IDENTITY_SEALED,
    SEALED,
    UNSEALED,
    REOPENED,
    VOIDED,
    FOLLOWED,
    PREPARED,
    RECEIVED,
    GIVEN_UP,
    PICTURED,
    PAGES_DRAWN,
    PAGE_SEEN,
    FILED,
    WITHDRAWN,
    AMENDED,
    POLICY_SET,
    SCANNER_SET,
    CATALOG_TAKEN,
    FIXITY_READ,
    REPLICA_SET,
    KEY_MADE,
    STRONGROOM_MADE,
    ESCROW_MADE,
    KEY_CHANGING,
    KEY_CHANGED,
    STRONGROOM_REPAIRED,
    DESCRIBED,
    SHREDDED,
    HANDED,
];
