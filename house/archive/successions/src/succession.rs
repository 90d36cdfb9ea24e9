//! A succession as it stands.

use foundation::clock::Moment;
use foundation::database::{DbError, FromRow, FromValue, Row, Value};
use foundation::ids::Id;

/// Where a succession is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A second person is to confirm it.
    Asked,
    Refused,
    /// The bag is being written.
    Writing,
    /// The bag is whole.
    Written,
    /// Both companies signed.
    Delivered,
}

impl State {
    const ALL: [State; 5] = [
        State::Asked,
        State::Refused,
        State::Writing,
        State::Written,
        State::Delivered,
    ];

    /// As stored.
    pub fn word(self) -> &'static str {
        match self {
            State::Asked => "asked",
            State::Refused => "refused",
            State::Writing => "writing",
            State::Written => "written",
            State::Delivered => "delivered",
        }
    }
}

impl FromValue for State {
    fn from_value(value: Value) -> Result<State, DbError> {
        let word = String::from_value(value)?;
        State::ALL
            .into_iter()
            .find(|s| s.word() == word)
            .ok_or_else(|| DbError::Shape(format!("a succession that is {word}")))
    }
}

/// The archive, or a part of it, on its way to a successor company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Succession {
    pub id: Id,
    pub state: State,
    pub successor: String,
    /// Empty says all.
    pub building: String,
    /// Room codes in shelf order; empty says from the first, to the last.
    pub from_room: String,
    pub to_room: String,
    /// An age public key; empty says in clear.
    pub recipient: String,
    /// `YYYY-MM-DD` by which it must be handed over.
    pub due_day: String,
    pub asked_by: Id,
    pub asked_name: String,
    /// The person on the roster that the asker's account is tied to, or empty.
    pub asked_person: String,
    pub asked_at: Moment,
    pub decided_name: String,
    pub decided_at: Option<Moment>,
    pub dossiers: i64,
    pub dossiers_done: i64,
    pub documents_done: i64,
    pub bytes_done: i64,
    /// SHA-512 of the bag's tag manifest, in hexadecimal; empty until it is whole.
    pub digest: String,
    pub written_at: Option<Moment>,
    pub delivered_day: String,
    pub delivered_at: Option<Moment>,
    pub cleared_at: Option<Moment>,
    pub version: i64,
}

impl Succession {
    pub fn is_sealed(&self) -> bool {
        !self.recipient.is_empty()
    }
}

impl FromRow for Succession {
    fn from_row(row: &mut Row) -> Result<Succession, DbError> {
        Ok(Succession {
            id: row.next()?,
            state: row.next()?,
            successor: row.next()?,
            building: row.next()?,
            from_room: row.next()?,
            to_room: row.next()?,
            recipient: row.next()?,
            due_day: row.next()?,
            asked_by: row.next()?,
            asked_name: row.next()?,
            asked_person: row.next()?,
            asked_at: row.next()?,
            decided_name: row.next()?,
            decided_at: row.next()?,
            dossiers: row.next()?,
            dossiers_done: row.next()?,
            documents_done: row.next()?,
            bytes_done: row.next()?,
            digest: row.next()?,
            written_at: row.next()?,
            delivered_day: row.next()?,
            delivered_at: row.next()?,
            cleared_at: row.next()?,
            version: row.next()?,
        })
    }
}
