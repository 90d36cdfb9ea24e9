//! A clerk's spreadsheet in; typed rows and a reason per faulty cell out.
//!
//! Three steps: [`open`] reads a file into a [`Book`] within [`Limits`]; [`guess`] says per sheet
//! what each column means, as a [`Mapping`] that a screen can show and change; the mapping reads
//! the sheet, row by row, as a roster ([`Mapping::roster`]) or as fees ([`Mapping::fees`]). A cell
//! that cannot be taken is a [`CellFault`], a doubtful one a [`Warning`]; nothing is invented and
//! nothing panics.
//!
//! ```
//! use sheets::{Layout, Limits, open, read_roster, guess_all};
//!
//! let csv = "房号,业主,电话\n3-2-1801,王伟、李娜,13712345678\n";
//! let book = open(csv.as_bytes(), "roster.csv", &Limits::default()).unwrap();
//! let roster = read_roster(&book, &guess_all(&book, Layout::Roster));
//! assert_eq!(roster.rows[0].people.len(), 2);
//! assert!(roster.faults.is_empty());
//! ```

mod bank;
mod content;
mod delimited;
mod export;
mod fault;
mod fees;
mod field;
mod fill;
mod grid;
mod guess;
mod header;
mod heading;
mod headings;
mod household;
mod label;
mod limits;
mod list_file;
mod mapping;
mod mend;
mod open;
mod package;
mod period;
mod reading;
mod refuse;
mod room;
mod roster;
mod rows;
mod template;
mod text;
mod value;
mod whole;
mod workbook;

pub use bank::{BankLine, BankList, read_bank};
pub use export::{ROSTER_COLUMNS, RosterFile, RosterOut, WriteError, harmless};
pub use fault::{Caution, CellFault, Reason, VALUE_SHOWN_CHARS, Warning};
pub use fees::{BillRow, FeesLine, FeesLines, PaymentRow};
pub use field::{FeeItem, Field, Layout, Whose};
pub use grid::{Book, Cell, Merge, Row, Sheet};
pub use guess::guess;
pub use limits::Limits;
pub use list_file::{ListColumn, ListFile};
pub use mapping::{Column, Evidence, Mapping};
pub use mend::{Faulty, Flaw, faulty, mending};
pub use open::{open, open_path};
pub use period::{Month, NoPeriod, Period};
pub use reading::sheet_warnings;
pub use refuse::{Found, OpenError};
pub use room::RoomCell;
pub use roster::{Emergency, PersonCell, RosterLine, RosterLines, RosterRow};
pub use template::{Language, template_fees, template_roster};
pub use value::idnumber::{IdDocument, IdKind};
pub use value::people::NAME_CHARS_MAX;
pub use value::plate::parse as plate;
pub use value::share::Share;
pub use value::words::{Kind, Relation, State, Use, Way};
pub use whole::{Fees, Roster, guess_all, read_fees, read_roster};
