//! Where the owner archive's paper stands (SY-WI-KF-09 4.2, 4.3): cabinets with layers, the
//! boxes of dossiers in shelf order, their labels, and the audit that compares shelf and
//! record.
//!
//! In the order of life: [`cabinet::set`] · [`follow::follow`] · [`boxes::tend`] · [`arrange::apply`] ·
//! [`labels::print`] · [`audit::look`] · [`standing::move_box`]; a plan is pure and in
//! [`plan`].

pub mod arrange;
pub mod audit;
pub mod away;
pub mod boxes;
pub mod cabinet;
mod carry;
pub mod code;
pub mod events;
pub mod face;
pub mod follow;
pub mod labels;
pub mod lid;
pub mod pages;
pub mod plan;
pub mod selection;
pub mod spine;
pub mod standing;
mod store;

use foundation::database::DbError;
use permissions::actor::Forbidden;

pub use boxes::{ArchiveBox, Spot};
pub use cabinet::{Apart, Cabinet};

/// Boxes of one compound: a plan looks at all of them at once. 100,000 rooms, some of them with
/// a second tenure or a second box.
pub const BOXES_MAX: i64 = 130_000;
/// Cabinets of one compound, and layers of one cabinet. 100,000 boxes of 30 mm fill some 560
/// cabinets of six layers.
pub const CABINETS_MAX: i64 = 1_500;
pub const LAYERS_MAX: i64 = 12;
/// A layer's width in millimetres: from a locker to a rack.
pub const WIDTH_MM: std::ops::RangeInclusive<i64> = 200..=3_000;
pub const NAME_CHARS_MAX: usize = 20;
/// Boxes of one dossier: a renovation file fills two or three.
pub const AMONG_MAX: i64 = 20;

/// What can stand in the way of a verb of this room.
#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// No such cabinet, box or label.
    #[error("not found")]
    NotFound,
    #[error("changed by another since it was read")]
    Changed,
    #[error("a cabinet's name has 1 to {NAME_CHARS_MAX} characters")]
    Name,
    #[error("a cabinet of this name is there")]
    NameTaken,
    #[error("a cabinet has 1 to {LAYERS_MAX} layers of 200 to 3000 mm")]
    Measure,
    #[error("there are {CABINETS_MAX} cabinets already")]
    Cabinets,
    /// Boxes stand where the cabinet would lose a layer.
    #[error("boxes stand on it")]
    InUse,
    #[error("spines are 20, 30, 40, 50 or 60 mm wide")]
    Spine,
    /// The layer has less room than the box is wide; both in millimetres.
    #[error("{free} mm are free, {needed} are needed")]
    Full { free: i64, needed: i64 },
    /// Boxes that stand would be left without a place.
    #[error("{0} boxes would be left without a place")]
    NoRoom(usize),
    #[error("a dossier has at most {AMONG_MAX} boxes, and one at least")]
    Boxes,
    /// Only parking spaces and store rooms share a box.
    #[error("only a parking space or a store room shares another's box")]
    Guest,
    #[error("nothing was chosen")]
    Nothing,
    /// More than go into one print, one audit or one compound.
    #[error("at most {0} at once")]
    TooMany(usize),
    #[error("not a day: {0}")]
    Day(String),
    #[error(transparent)]
    Archive(#[from] dossiers::ArchiveError),
    #[error(transparent)]
    Paper(#[from] paper::PaperError),
    #[error(transparent)]
    Database(#[from] DbError),
}
