//! The shelves' words in the ledger. Frozen: never renamed, never reused.

use foundation::ledger::Kind;

/// Boxes were made for dossiers that had none, or what their labels have to say changed.
pub const TENDED: Kind = Kind::new("shelves.tended", 1);
/// A dossier got another box.
pub const BOX_ADDED: Kind = Kind::new("shelves.box_added", 1);
/// A dossier's last box was emptied and taken away.
pub const BOX_DROPPED: Kind = Kind::new("shelves.box_dropped", 1);
/// A box of another width took its papers.
pub const SPINE_SET: Kind = Kind::new("shelves.spine_set", 1);
/// A dossier's papers lie in the box of another; or no longer.
pub const SHARED: Kind = Kind::new("shelves.shared", 1);
pub const PARTED: Kind = Kind::new("shelves.parted", 1);
/// A cabinet was set up or changed; taken away.
pub const CABINET_SET: Kind = Kind::new("shelves.cabinet_set", 1);
pub const CABINET_DROPPED: Kind = Kind::new("shelves.cabinet_dropped", 1);
/// What begins on a layer of its own was set.
pub const APART_SET: Kind = Kind::new("shelves.apart_set", 1);
/// A box was put somewhere, or taken off the shelf.
pub const MOVED: Kind = Kind::new("shelves.moved", 1);
/// Boxes were put where the plan has them.
pub const ARRANGED: Kind = Kind::new("shelves.arranged", 1);
/// A layer was compared with the record, by codes read from left to right.
pub const AUDITED: Kind = Kind::new("shelves.audited", 1);
/// The record of a layer was made what stands there.
pub const RECORDED: Kind = Kind::new("shelves.recorded", 1);
/// Labels were printed; earlier ones of the same boxes are void.
pub const LABELS_PRINTED: Kind = Kind::new("shelves.labels_printed", 1);

/// Every kind of event of this room.
pub const ALL: &[Kind] = &[
    TENDED,
    BOX_ADDED,
    BOX_DROPPED,
    SPINE_SET,
    SHARED,
    PARTED,
    CABINET_SET,
    CABINET_DROPPED,
    APART_SET,
    MOVED,
    ARRANGED,
    AUDITED,
    RECORDED,
    LABELS_PRINTED,
];
