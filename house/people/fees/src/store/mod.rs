//! The fees room's questions to the database. Bills and payments are read through
//! the views `*_seen`, which leave out the rows of imports under way.

mod balances;
mod bank;
mod bills;
mod closing;
mod exchange;
mod imports;
mod items;
mod late;
mod lists;
mod meters;
mod office;
mod own_words;
mod payments;
mod plans;
mod runs;
mod split;

pub use balances::*;
pub use bank::*;
pub use bills::*;
pub use closing::*;
pub use exchange::*;
pub use imports::*;
pub use items::*;
pub use late::*;
pub use lists::*;
pub use meters::*;
pub use office::*;
pub use own_words::*;
pub use payments::*;
pub use plans::*;
pub use runs::*;
pub use split::*;

use jiff::civil::Date;

use foundation::database::{DbError, Row};

/// The next column as a date.
pub fn day(row: &mut Row) -> Result<Date, DbError> {
    parse_day(&row.next::<String>()?)
}

pub fn parse_day(text: &str) -> Result<Date, DbError> {
    text.parse()
        .map_err(|_| DbError::Shape("a stored date is damaged".into()))
}

/// The next column as one of the program's own words.
pub fn word<T>(row: &mut Row, read: fn(&str) -> Option<T>) -> Result<T, DbError> {
    read(&row.next::<String>()?)
        .ok_or_else(|| DbError::Shape("a stored word is not one of ours".into()))
}

/// The next column as a small number.
pub fn small(row: &mut Row) -> Result<i8, DbError> {
    i8::try_from(row.next::<i64>()?)
        .map_err(|_| DbError::Shape("a stored number is out of range".into()))
}
