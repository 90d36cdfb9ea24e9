//! This room's words in the ledger. Frozen: never renamed, never reused.

use foundation::ledger::Kind;

/// Changes of the roster got their records in the dossiers.
pub const RECORDED: Kind = Kind::new("changes.recorded", 1);
/// Somebody named what a change rests on.
pub const EVIDENCED: Kind = Kind::new("changes.evidenced", 1);
/// A change was checked by another than who made it.
pub const CHECKED: Kind = Kind::new("changes.checked", 1);
/// A change was refused, and taken back in the roster.
pub const REJECTED: Kind = Kind::new("changes.rejected", 1);
/// Changes that an import had made went with it, when it was taken back as a whole.
pub const TAKEN_BACK: Kind = Kind::new("changes.taken_back", 1);
/// Whoever checks was told what waits.
pub const TOLD: Kind = Kind::new("changes.told", 1);
/// Catalog and labels that showed what was before a change were printed anew.
pub const REPRINTED: Kind = Kind::new("changes.reprinted", 1);
/// A transfer of ownership was begun as a draft.
pub const TRANSFER_BEGUN: Kind = Kind::new("changes.transfer_begun", 1);
/// Its draft was kept.
pub const TRANSFER_KEPT: Kind = Kind::new("changes.transfer_kept", 1);
/// Its draft was given up.
pub const TRANSFER_DROPPED: Kind = Kind::new("changes.transfer_dropped", 1);
/// A room was transferred, with all that goes along, in one write.
pub const TRANSFER_DONE: Kind = Kind::new("changes.transfer_done", 1);
/// The tenure that a transfer began has its dossier, and the keys handed on lie in it.
pub const TRANSFER_SETTLED: Kind = Kind::new("changes.transfer_settled", 1);
/// A transfer was taken back on its day.
pub const TRANSFER_UNDONE: Kind = Kind::new("changes.transfer_undone", 1);
/// Ended tenures were looked at: what waits to be sealed.
pub const SEALS_LOOKED: Kind = Kind::new("changes.seals_looked", 1);

/// Every kind of event of this room.
pub const ALL: &[Kind] = &[
    RECORDED,
    EVIDENCED,
    CHECKED,
    REJECTED,
    TAKEN_BACK,
    TOLD,
    REPRINTED,
    TRANSFER_BEGUN,
    TRANSFER_KEPT,
    TRANSFER_DROPPED,
    TRANSFER_DONE,
    TRANSFER_SETTLED,
    TRANSFER_UNDONE,
    SEALS_LOOKED,
];
