//! A change as it is tracked.

use foundation::clock::Moment;
use foundation::database::{DbError, FromRow, FromValue, Row, Value};
use foundation::ids::Id;
use roster::tracking::Undoing;

/// Where a change is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// 待核
    Waiting,
    /// 已核
    Checked,
    /// 退回
    Rejected,
}

impl State {
    pub const ALL: [State; 3] = [State::Waiting, State::Checked, State::Rejected];

    /// As stored and as it stands in the ledger.
    pub fn word(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Checked => "checked",
            State::Rejected => "rejected",
        }
    }

    pub fn from_word(word: &str) -> Option<State> {
        State::ALL.into_iter().find(|s| s.word() == word)
    }
}

impl FromValue for State {
    fn from_value(value: Value) -> Result<State, DbError> {
        let word = String::from_value(value)?;
        State::from_word(&word).ok_or_else(|| DbError::Shape(format!("a change that is {word}")))
    }
}

/// Data of a person that are tracked; the rest of [`WHATS`] are comings and goings.
pub const DATA: [&str; 12] = roster::tracking::FIELDS;
/// What changes, as stored.
pub const WHATS: [&str; 20] = [
    "phone",
    "birth",
    "workplace",
    "emergency",
    "address",
    "needs",
    "note",
    "name",
    "uscc",
    "representative",
    "state",
    "guardian",
    "began",
    "ended",
    "terms",
    "registered",
    "taken_off",
    "facts",
    "transfer",
    "untransfer",
];

/// One change; what it was and became lies sealed under the person's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub id: Id,
    /// The event that it follows.
    pub seq: i64,
    /// A line of the roster's history, a relation, a vehicle, or the room of a transfer; of an
    /// import's change the person, relation, phone, vehicle or room itself.
    pub item: Id,
    pub party: Option<Id>,
    /// The home that it is shown under; empty where the person stands in none.
    pub room: String,
    pub code: String,
    pub sort_key: Vec<u8>,
    pub field: String,
    pub tie: String,
    /// Of a transfer the ids of former and new owners; of a room or a relation what is known
    /// of it, in clear.
    pub was: Option<Vec<u8>>,
    pub became: Option<Vec<u8>>,
    pub source: String,
    /// As in the ledger: `a:ID`, `system`, `operator`.
    pub maker: String,
    pub maker_person: Option<Id>,
    pub maker_name: String,
    pub at: Moment,
    pub state: State,
    /// Empty where nobody said yet what it rests on.
    pub evidence: String,
    pub evidence_of: String,
    /// Sealed under the record's own key.
    pub evidence_why: Option<Vec<u8>>,
    pub checker_name: String,
    pub checked_at: Option<Moment>,
    pub why: Option<Vec<u8>>,
    /// Catalog or labels show what was until they are printed anew.
    pub reprint: bool,
    pub version: i64,
}

impl Record {
    /// Whether it is a datum of a person, with a value before and after.
    pub fn is_datum(&self) -> bool {
        DATA.contains(&self.field.as_str())
    }

    /// What takes it back in the roster; a transfer is taken back as a whole.
    pub fn undoing(&self) -> Option<Undoing> {
        Some(match (self.field.as_str(), self.party) {
            ("began", _) => Undoing::Begun(self.item),
            ("ended", _) => Undoing::Ended(self.item),
            ("registered", _) => Undoing::Registered(self.item),
            ("taken_off", _) => Undoing::TakenOff(self.item),
            ("facts", _) => Undoing::Facts {
                room: self.room.parse().ok()?,
                was: side(&self.was)?,
                became: side(&self.became)?,
            },
            ("terms", _) => Undoing::Terms {
                relation: self.item,
                was: side(&self.was)?,
                became: side(&self.became)?,
            },
            (_, Some(party)) if self.is_datum() => Undoing::Datum {
                party,
                field: self.field.clone(),
                was: self.was.clone(),
                became: self.became.clone(),
            },
            _ => return None,
        })
    }

    /// Whether an account made it: by the person where both are tied to one.
    pub fn made_by(&self, account: Option<Id>, person: Option<Id>) -> bool {
        let same = account.is_some_and(|id| self.maker == format!("a:{id}"));
        same || (person.is_some() && person == self.maker_person)
    }
}

/// A side that lies in clear, as it is kept.
pub(crate) fn json(of: &impl serde::Serialize) -> Option<Vec<u8>> {
    serde_json::to_vec(of).ok()
}

/// 入住時間 of a room's side: the catalog shows it.
pub(crate) fn moved_in(bytes: &Option<Vec<u8>>) -> Option<String> {
    side::<roster::rows::RoomFacts>(bytes)?.moved_in
}

/// A side that lies in clear, as what is known of a room or a relation.
pub(crate) fn side<T: serde::de::DeserializeOwned>(bytes: &Option<Vec<u8>>) -> Option<T> {
    serde_json::from_slice(bytes.as_deref()?).ok()
}

impl FromRow for Record {
    fn from_row(row: &mut Row) -> Result<Record, DbError> {
        Ok(Record {
            id: row.next()?,
            seq: row.next()?,
            item: row.next()?,
            party: row.next()?,
            room: row.next()?,
            code: row.next()?,
            sort_key: row.next()?,
            field: row.next()?,
            tie: row.next()?,
            was: row.next()?,
            became: row.next()?,
            source: row.next()?,
            maker: row.next()?,
            maker_person: row.next()?,
            maker_name: row.next()?,
            at: row.next()?,
            state: row.next()?,
            evidence: row.next()?,
            evidence_of: row.next()?,
            evidence_why: row.next()?,
            checker_name: row.next()?,
            checked_at: row.next()?,
            why: row.next()?,
            reprint: row.next()?,
            version: row.next()?,
        })
    }
}
