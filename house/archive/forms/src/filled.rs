//! A filled form as it stands.

use dossiers::Kind;
use foundation::clock::Moment;
use foundation::database::{DbError, FromRow, FromValue, Row, Value};
use foundation::ids::Id;

use crate::fields::Definition;

/// Where a form is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Being filled in.
    Draft,
    /// On paper, to be signed; its data stand still.
    Printed,
    /// The signed paper's scan lies in the archive.
    Signed,
    /// Given up.
    Void,
}

impl State {
    pub const ALL: [State; 4] = [State::Draft, State::Printed, State::Signed, State::Void];

    /// As stored and as it stands in the ledger.
    pub fn word(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Printed => "printed",
            State::Signed => "signed",
            State::Void => "void",
        }
    }

    pub fn from_word(word: &str) -> Option<State> {
        State::ALL.into_iter().find(|s| s.word() == word)
    }
}

impl FromValue for State {
    fn from_value(value: Value) -> Result<State, DbError> {
        let word = String::from_value(value)?;
        State::from_word(&word).ok_or_else(|| DbError::Shape(format!("a form that is {word}")))
    }
}

/// A form; `fields` lies sealed under the dossier's key.
#[derive(Clone)]
pub struct Filled {
    pub id: Id,
    pub dossier: Id,
    pub room: Id,
    pub kind: Kind,
    /// Its number among those of its kind in the dossier, from 1.
    pub nth: i64,
    pub state: State,
    pub fields: String,
    pub version: i64,
    /// What stands on the paper; 0 before the first print.
    pub edition: i64,
    /// Who fills it in, and sees it in clear until it is signed.
    pub taken_by: Id,
    pub taken_name: String,
    pub begun_at: Moment,
    pub printed_at: Option<Moment>,
    pub signed_at: Option<Moment>,
    /// The scan of the signed paper.
    pub document: Option<Id>,
    /// The room's code and the dossier's number.
    pub code: String,
    pub number: String,
}

impl Filled {
    /// The form's number, as it stands on the paper: `3-2-1801-01-K-Fc01`.
    pub fn label(&self) -> String {
        format!("{}-F{}{:02}", self.number, self.kind.letter(), self.nth)
    }

    /// What it asks.
    ///
    /// # Errors
    /// When the database holds a form of a kind that has none.
    pub fn definition(&self) -> Result<&'static Definition, DbError> {
        Definition::of(self.kind)
            .ok_or_else(|| DbError::Shape(format!("a form of kind {}", self.kind.letter())))
    }

    /// Whether the account sees it in clear.
    pub fn open_to(&self, account: Option<Id>) -> bool {
        matches!(self.state, State::Draft | State::Printed) && account == Some(self.taken_by)
    }
}

impl FromRow for Filled {
    fn from_row(row: &mut Row) -> Result<Filled, DbError> {
        Ok(Filled {
            id: row.next()?,
            dossier: row.next()?,
            room: row.next()?,
            kind: row.next()?,
            nth: row.next()?,
            state: row.next()?,
            fields: row.next()?,
            version: row.next()?,
            edition: row.next()?,
            taken_by: row.next()?,
            taken_name: row.next()?,
            begun_at: row.next()?,
            printed_at: row.next()?,
            signed_at: row.next()?,
            document: row.next()?,
            code: row.next()?,
            number: row.next()?,
        })
    }
}

/// A dossier as forms refer to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub dossier: Id,
    pub room: Id,
    pub number: String,
    pub code: String,
    pub building: String,
    /// Whether its tenure lasts.
    pub open: bool,
    /// 入住時間
    pub began: Option<String>,
}

impl FromRow for Head {
    fn from_row(row: &mut Row) -> Result<Head, DbError> {
        Ok(Head {
            dossier: row.next()?,
            room: row.next()?,
            number: row.next()?,
            code: row.next()?,
            building: row.next()?,
            open: row.next::<String>()? == "open",
            began: row.next()?,
        })
    }
}
