//! Questions about conduct, grouped by what they ask after.

mod appeals;
mod cases;
mod figures;
mod follows;
mod policy;
mod reports;
mod sanctions;
mod strikes;

pub use appeals::*;
pub use cases::*;
pub use figures::*;
pub use follows::*;
pub use policy::*;
pub use reports::*;
pub use sanctions::*;
pub use strikes::*;

use foundation::database::{DbError, Row};

/// A stored word as its state.
fn word<T>(row: &mut Row, read: impl Fn(&str) -> Option<T>) -> Result<T, DbError> {
    let word: String = row.next()?;
    read(&word).ok_or_else(|| DbError::Shape(format!("{word} is no state of this room")))
}
