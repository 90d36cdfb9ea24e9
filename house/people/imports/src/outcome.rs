//! What an import did or would do, in counts, with every faulty cell and every warning:
//! the JSON of the command's contract and the rows of the screen.

use serde::{Deserialize, Serialize};

/// The word of a warning that a room seems to have been sold: a proposal to a person.
pub const TRANSFER_PROPOSED: &str = "transfer_proposed";

/// The word of a warning that what is of a child was not taken.
pub const CHILD_WITHHELD: &str = "child_withheld";

/// Records of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub added: u64,
    pub changed: u64,
    pub unchanged: u64,
}

/// A cell that was not taken, or something to know of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    pub sheet: String,
    /// The spreadsheet's own row number; absent when the sheet as a whole is meant.
    pub row: Option<u32>,
    /// The column's number, from 1.
    pub column: Option<u32>,
    pub value: String,
    /// In English, for the command line.
    pub reason: String,
    /// A stable word, by which the screen says it in the reader's language.
    pub code: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub params: Vec<(String, String)>,
    /// Whether the value is personal and is masked on the screen.
    #[serde(default, skip_serializing)]
    pub personal: bool,
}

/// The whole result of a roster's import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub rooms: Counts,
    pub people: Counts,
    pub errors: Vec<Remark>,
    pub warnings: Vec<Remark>,
}
