//! What a tenure owes in a quarter, as it stands.

use foundation::clock::Moment;
use foundation::database::{DbError, FromRow, FromValue, Row, Value};
use foundation::ids::Id;

use crate::rule::{Quarter, Standing};

/// Where a household is in its quarter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// No record yet.
    Open,
    /// Its record is complete.
    Counted,
    /// 空置確認
    Vacant,
    /// The registration at moving in is its record.
    Registered,
    /// Does not want to take part; not asked again.
    Refused,
    /// Not due any more.
    Excused,
}

impl State {
    pub const ALL: [State; 6] = [
        State::Open,
        State::Counted,
        State::Vacant,
        State::Registered,
        State::Refused,
        State::Excused,
    ];

    /// As stored and as it stands in addresses.
    pub fn word(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Counted => "counted",
            State::Vacant => "vacant",
            State::Registered => "registered",
            State::Refused => "refused",
            State::Excused => "excused",
        }
    }

    pub fn from_word(word: &str) -> Option<State> {
        State::ALL.into_iter().find(|s| s.word() == word)
    }

    /// Whether the quarter has its record.
    pub fn has_record(self) -> bool {
        matches!(self, State::Counted | State::Vacant | State::Registered)
    }
}

impl FromValue for State {
    fn from_value(value: Value) -> Result<State, DbError> {
        let word = String::from_value(value)?;
        State::from_word(&word).ok_or_else(|| DbError::Shape(format!("a household {word}")))
    }
}

/// How a record came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// At the door.
    Visit,
    Phone,
    /// From a visit sheet that was filled in by pen.
    Paper,
    /// By the household itself.
    Household,
}

impl Method {
    /// Those of the office.
    pub const OFFICE: [Method; 3] = [Method::Visit, Method::Phone, Method::Paper];

    /// As stored and as it stands in the ledger.
    pub fn word(self) -> &'static str {
        match self {
            Method::Visit => "visit",
            Method::Phone => "phone",
            Method::Paper => "paper",
            Method::Household => "self",
        }
    }

    pub fn from_word(word: &str) -> Option<Method> {
        [
            Method::Visit,
            Method::Phone,
            Method::Paper,
            Method::Household,
        ]
        .into_iter()
        .find(|m| m.word() == word)
    }
}

impl FromValue for Method {
    fn from_value(value: Value) -> Result<Method, DbError> {
        let word = String::from_value(value)?;
        Method::from_word(&word).ok_or_else(|| DbError::Shape(format!("a record by {word}")))
    }
}

/// A household in a quarter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub id: Id,
    pub quarter: Quarter,
    /// The tenure's dossier, and its room.
    pub dossier: Id,
    pub room: Id,
    pub code: String,
    pub sort_key: Vec<u8>,
    pub building: String,
    pub unit: String,
    pub standing: Standing,
    pub state: State,
    pub assignee: Option<Id>,
    pub assignee_name: String,
    /// `YYYY-MM-DD` from which another visit is no trouble, or empty.
    pub rested_from: String,
    pub attempts: i64,
    pub last_at: Option<Moment>,
    pub done_at: Option<Moment>,
    pub done_name: String,
    /// How the record came about, or empty.
    pub method: String,
    pub changes: i64,
    pub late: bool,
    pub signs: String,
    pub version: i64,
}

impl FromRow for Task {
    fn from_row(row: &mut Row) -> Result<Task, DbError> {
        let strange = |what: &str| DbError::Shape(format!("a household of a strange {what}"));
        Ok(Task {
            id: row.next()?,
            quarter: Quarter::from_word(&row.next::<String>()?).ok_or(strange("quarter"))?,
            dossier: row.next()?,
            room: row.next()?,
            code: row.next()?,
            sort_key: row.next()?,
            building: row.next()?,
            unit: row.next()?,
            standing: Standing::from_word(&row.next::<String>()?).ok_or(strange("standing"))?,
            state: row.next()?,
            assignee: row.next::<String>()?.parse().ok(),
            assignee_name: row.next()?,
            rested_from: row.next()?,
            attempts: row.next()?,
            last_at: row.next()?,
            done_at: row.next()?,
            done_name: row.next()?,
            method: row.next()?,
            changes: row.next()?,
            late: row.next()?,
            signs: row.next()?,
            version: row.next()?,
        })
    }
}
