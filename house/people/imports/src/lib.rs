//! Imports: an office's spreadsheet becomes rooms, people and their relations, all at once
//! or not at all, and can be undone.
//!
//! In the order of life: [`read`] a file with its mapping · [`plan`] it against the roster
//! (the dry run's answer) · [`stage`] the plan, sealed, outside the writer · [`apply`] it in
//! pieces that nobody sees until one event · [`undo`] it. Why rows are born hidden:
//! docs/decisions/006-imports-are-born-hidden.md.

mod agreement;
pub mod apply;
mod children;
mod downloads;
mod draft;
mod endings;
pub mod events;
pub mod exchange;
mod fees;
mod known;
mod mending;
pub mod outcome;
mod pages;
pub mod piece;
mod plan;
mod read;
mod remarks;
mod run;
pub mod store;
mod terms;
pub mod tracked;
mod undo;
mod words;
pub mod work;

use foundation::database::DbError;
use foundation::keys::KeyError;
use permissions::actor::Forbidden;

pub use apply::{Totals, drop_import};
pub use draft::{
    Draft, Preview, confirm, jobs, layout_of, look, open_draft, preview, remap, take_file,
};
pub use endings::{END_DRAFT, FORGET_FAULTY, KEPT};
pub use fees::{FeesOutcome, FeesRead, read_fees, run_fees};
pub use outcome::{Counts, Outcome, Remark};
pub use pages::routes;
pub use plan::Plan;
pub use read::{Read, read};
pub use run::{Options, history, plan_for, run, stage};
pub use undo::{Undone, left_of, undo};

/// Why an import was refused or stopped. Nothing of it is seen.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error(transparent)]
    File(#[from] sheets::OpenError),
    #[error("no table of rooms or people was recognised in the file")]
    NoTable,
    #[error("another import into this compound is under way; wait until it is done")]
    Busy,
    #[error("there is no such import")]
    NoSuchImport,
    #[error("the import is not in the state that this needs")]
    State,
    #[error("the roster was changed while the file was being read; import it again")]
    Changed,
    #[error("the folder of the exchange: {0}")]
    Folder(#[from] std::io::Error),
    #[error(transparent)]
    Fees(#[from] ::fees::FeesError),
    #[error("the workbook of faulty rows cannot be written: {0}")]
    Workbook(String),
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error(transparent)]
    Database(#[from] DbError),
}
