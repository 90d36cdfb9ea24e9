//! What each column of a sheet was taken for, as a screen can show it and change it.

use serde::{Deserialize, Serialize};

use crate::field::{FeeItem, Field, Layout, Whose};
use crate::period::Period;

/// Why a column was taken for what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Evidence {
    /// The heading is a known word for it.
    Heading {
        word: String,
    },
    /// The heading contains a known word.
    HeadingPart {
        word: String,
    },
    /// So many of the cells looked at have its form.
    Content {
        fitting: u32,
        seen: u32,
    },
    /// A person said so.
    Told,
    Nothing,
}

/// One column of the table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Its number in the sheet, from 1.
    pub number: u32,
    /// The heading as written; of two rows, joined with a blank.
    pub heading: String,
    pub field: Field,
    #[serde(default)]
    pub whose: Whose,
    /// The how-manieth of its kind: 業主2 and 電話2 belong together. From 1.
    #[serde(default = "first")]
    pub nth: u8,
    /// For amounts: the fee item that the heading names.
    #[serde(default)]
    pub item: Option<FeeItem>,
    /// For amounts: the month or months that the heading names.
    #[serde(default)]
    pub period: Option<Period>,
    /// 0 to 100.
    pub confidence: u8,
    pub evidence: Evidence,
    /// The first values below the heading, for a screen to show.
    #[serde(default)]
    pub samples: Vec<String>,
}

fn first() -> u8 {
    1
}

/// How one sheet is to be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mapping {
    pub sheet: String,
    pub layout: Layout,
    /// First and last row of the heading; none when the sheet has no heading and was guessed by
    /// content, or holds no table.
    pub header_rows: Option<(u32, u32)>,
    /// The first row that is data.
    pub first_row: u32,
    pub columns: Vec<Column>,
    /// For fees: the item when no column and no heading says it (from the title or the tab).
    #[serde(default)]
    pub item: Option<FeeItem>,
    /// For fees: the period when no column and no heading says it.
    #[serde(default)]
    pub period: Option<Period>,
    /// What the rows above the heading say, for a screen to show.
    #[serde(default)]
    pub title: String,
}

impl Mapping {
    /// Whether the sheet has enough columns to be read as its layout.
    pub fn recognised(&self) -> bool {
        let room = self.has(Field::Room);
        match self.layout {
            Layout::Roster => room || self.has(Field::Name),
            Layout::Fees => room && (self.has(Field::Amount) || self.has(Field::Paid)),
        }
    }

    /// Whether any column has this meaning.
    pub fn has(&self, field: Field) -> bool {
        self.columns.iter().any(|c| c.field == field)
    }

    /// Gives a column another meaning, as a person chose it.
    pub fn tell(&mut self, number: u32, field: Field, whose: Whose) {
        if let Some(column) = self.columns.iter_mut().find(|c| c.number == number) {
            column.field = field;
            column.whose = whose;
            column.confidence = 100;
            column.evidence = Evidence::Told;
        }
    }

    /// Columns of one meaning, left to right.
    pub(crate) fn all(&self, field: Field) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(move |c| c.field == field)
    }

    /// The first column of one meaning.
    pub fn first(&self, field: Field) -> Option<&Column> {
        self.all(field).next()
    }

    /// The lowest confidence among the columns that are read: what a screen asks about first.
    pub fn confidence(&self) -> u8 {
        self.columns
            .iter()
            .filter(|c| c.field != Field::Ignored)
            .map(|c| c.confidence)
            .min()
            .unwrap_or(0)
    }
}
