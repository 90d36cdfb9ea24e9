//! A ticket as it stands.

use foundation::clock::Moment;
use foundation::database::{DbError, FromRow, Row};
use foundation::ids::Id;

use crate::number::Number;
use crate::states::State;
use crate::words::{Kind, Outcome, Outside, Priority, Source, WaitsFor};

/// A ticket; words and phone as stored, sealed.
#[derive(Clone, Debug)]
pub struct Ticket {
    pub id: Id,
    pub number: Number,
    pub kind: Kind,
    pub category: Option<Id>,
    pub priority: Priority,
    pub source: Source,
    pub state: State,
    pub outcome: Option<Outcome>,
    pub whose: Id,
    pub words: String,
    pub phone: String,
    pub reporter_name: String,
    pub room: Option<Id>,
    pub room_code: String,
    pub building: String,
    pub place: String,
    pub reporter: Option<Id>,
    pub reporter_account: Option<Id>,
    pub taken_by: Option<Id>,
    pub team: Option<Id>,
    pub assignee: Option<Id>,
    pub assignee_name: String,
    pub worker: Option<Id>,
    pub subject: Option<Id>,
    pub outside: Option<Outside>,
    pub veil: Veil,
    pub incident: Option<Id>,
    pub is_incident: bool,
    pub households: i64,
    pub opened_at: Moment,
    pub since: Moment,
    pub state_at: Moment,
    pub waits_for: Option<WaitsFor>,
    pub waits_until: Option<Moment>,
    pub accept_by: Option<Moment>,
    pub price_fen: Option<i64>,
    pub price_yes_at: Option<Moment>,
    pub rating: Option<i64>,
    pub silent: bool,
    pub reopened: i64,
    pub look_at: Option<Moment>,
    /// As of the last write; beyond all time where nothing is due.
    pub due_at: Moment,
    pub version: i64,
}

/// Who of the office sees a ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Veil {
    #[default]
    Office,
    /// A complaint: whoever decides on complaints, and never whom it is about.
    Complaint,
    /// A complaint about the company: those outside.
    Outside,
}

impl Veil {
    pub fn number(self) -> i64 {
        match self {
            Veil::Office => 0,
            Veil::Complaint => 1,
            Veil::Outside => 2,
        }
    }

    fn of(number: i64) -> Veil {
        match number {
            0 => Veil::Office,
            1 => Veil::Complaint,
            _ => Veil::Outside,
        }
    }
}

/// A word that may be missing, stored as an empty text.
fn maybe<T>(word: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, DbError> {
    if word.is_empty() {
        return Ok(None);
    }
    let found = read(word).ok_or_else(|| DbError::Shape(format!("{word} is not one of ours")))?;
    Ok(Some(found))
}

impl FromRow for Ticket {
    fn from_row(row: &mut Row) -> Result<Ticket, DbError> {
        Ok(Ticket {
            id: row.next()?,
            number: Number {
                year: row.next()?,
                number: row.next()?,
            },
            kind: row.next()?,
            category: row.next()?,
            priority: row.next()?,
            source: row.next()?,
            state: row.next()?,
            outcome: maybe(&row.next::<String>()?, Outcome::from_word)?,
            whose: row.next()?,
            words: row.next()?,
            phone: row.next()?,
            reporter_name: row.next()?,
            room: row.next()?,
            room_code: row.next()?,
            building: row.next()?,
            place: row.next()?,
            reporter: row.next()?,
            reporter_account: row.next()?,
            taken_by: row.next()?,
            team: row.next()?,
            assignee: row.next()?,
            assignee_name: row.next()?,
            worker: row.next()?,
            subject: row.next()?,
            outside: maybe(&row.next::<String>()?, Outside::from_word)?,
            veil: Veil::of(row.next()?),
            incident: row.next()?,
            is_incident: row.next()?,
            households: row.next()?,
            opened_at: row.next()?,
            since: row.next()?,
            state_at: row.next()?,
            waits_for: maybe(&row.next::<String>()?, WaitsFor::from_word)?,
            waits_until: row.next()?,
            accept_by: row.next()?,
            price_fen: row.next()?,
            price_yes_at: row.next()?,
            rating: row.next()?,
            silent: row.next()?,
            reopened: row.next()?,
            look_at: row.next()?,
            due_at: row.next()?,
            version: row.next()?,
        })
    }
}

/// A word or the empty text of none.
pub(crate) fn word<T>(of: Option<T>, word: impl Fn(T) -> &'static str) -> &'static str {
    of.map_or("", word)
}
