//! Supervision (督導, SY-WI-KF-09 1, 3.1, 4.8): the archive's duties as they stand this minute,
//! and what each person did in a week, a month or a quarter.
//!
//! Duties are asked of the rooms that know them ([`board`]). Deeds are counted from the ledger,
//! a row per day, person and measure ([`tally`]), so that a figure of any past day is what the
//! ledger says; each leads to its events.

pub mod board;
pub mod events;
pub mod measure;
pub mod pages;
pub mod period;
mod store;
pub mod tally;

use foundation::database::DbError;
use permissions::actor::Forbidden;

/// What can stand in the way of a verb of this room.
#[derive(Debug, thiserror::Error)]
pub enum SupervisionError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error(transparent)]
    Archive(#[from] dossiers::ArchiveError),
    #[error(transparent)]
    Forms(#[from] forms::FormsError),
    #[error(transparent)]
    Shelves(#[from] shelves::ShelfError),
    #[error(transparent)]
    Sheet(#[from] sheets::WriteError),
    #[error(transparent)]
    Database(#[from] DbError),
}
