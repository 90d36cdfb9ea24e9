//! The roster's words in the ledger. Frozen: never renamed, never reused.

use foundation::ledger::Kind;

/// What was written before events said where a change came from; none is written any more.
pub const BEFORE_SOURCES: [Kind; 5] = [
    Kind::new("roster.room_changed", 1),
    Kind::new("roster.party_changed", 1),
    Kind::new("roster.related", 1),
    Kind::new("roster.relation_ended", 1),
    Kind::new("roster.transferred", 1),
];

/// A room was added by hand.
pub const ROOM_ADDED: Kind = Kind::new("roster.room_added", 1);
/// What is known of a room changed; of a vehicle, whether it came or went.
pub const ROOM_CHANGED: Kind = Kind::new("roster.room_changed", 2);
/// A party was added by hand.
pub const PARTY_ADDED: Kind = Kind::new("roster.party_added", 1);
/// A party's contact or other datum changed: where that came from, and the lines of the
/// change history that keep what it was and became.
pub const PARTY_CHANGED: Kind = Kind::new("roster.party_changed", 2);
/// A party became owner, tenant or family of a room.
pub const RELATED: Kind = Kind::new("roster.related", 2);
/// A relation ended.
pub const RELATION_ENDED: Kind = Kind::new("roster.relation_ended", 2);
/// A room changed owners; the former ownership is kept.
pub const TRANSFERRED: Kind = Kind::new("roster.transferred", 2);
/// A transfer was taken back on its day: the former owners own on.
pub const TRANSFER_UNDONE: Kind = Kind::new("roster.transfer_undone", 1);
/// A change was taken back, because whoever checked it refused it.
pub const CHANGE_UNDONE: Kind = Kind::new("roster.change_undone", 1);
/// Two records of one party became one.
pub const MERGED: Kind = Kind::new("roster.merged", 1);
/// A personal datum was shown in clear; recorded before it was shown.
pub const UNMASKED: Kind = Kind::new("roster.unmasked", 1);
/// A list left the house.
pub const EXPORTED: Kind = Kind::new("roster.exported", 1);
/// The office set an order of its own for the shelf.
pub const ORDER_SET: Kind = Kind::new("roster.order_set", 1);
/// The keys of some rooms were made by it; others are still to be made.
pub const ORDER_KEYED: Kind = Kind::new("roster.order_keyed", 1);
/// The last keys were: all rooms stand in the order that was set.
pub const ORDER_APPLIED: Kind = Kind::new("roster.order_applied", 1);

/// A room's tags became these.
pub const ROOM_TAGGED: Kind = Kind::new("roster.room_tagged", 1);
/// A tag was put on rooms.
pub const ROOMS_TAGGED: Kind = Kind::new("roster.rooms_tagged", 1);
/// A tag was ended: no room carries it any more.
pub const TAG_ENDED: Kind = Kind::new("roster.tag_ended", 1);

/// Every kind of event of this room.
pub const ALL: &[Kind] = &[
    BEFORE_SOURCES[0],
    BEFORE_SOURCES[1],
    BEFORE_SOURCES[2],
    BEFORE_SOURCES[3],
    BEFORE_SOURCES[4],
    ROOM_ADDED,
    ROOM_CHANGED,
    PARTY_ADDED,
    PARTY_CHANGED,
    RELATED,
    RELATION_ENDED,
    TRANSFERRED,
    TRANSFER_UNDONE,
    CHANGE_UNDONE,
    MERGED,
    UNMASKED,
    EXPORTED,
    ORDER_SET,
    ORDER_KEYED,
    ORDER_APPLIED,
    ROOM_TAGGED,
    ROOMS_TAGGED,
    TAG_ENDED,
];
