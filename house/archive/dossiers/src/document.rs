//! A document as it stands, and what is said of one that is handed in.

use foundation::clock::{HOUR, Moment};
use foundation::database::{DbError, FromRow, FromValue, Row, Value};
use foundation::ids::Id;
use strongroom::OpaqueId;

use crate::ArchiveError;
use crate::kind::Kind;

/// From intake to filed (spec A1).
pub const TO_FILE_WITHIN: i64 = 24 * HOUR;

/// Where a document is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// On its way into the strongroom; seen by nobody.
    Preparing,
    /// In the strongroom; its pages are to be counted by a person.
    Received,
    Filed,
    /// Filed, and followed by a newer version.
    Replaced,
    /// Taken back before it was filed. It stays in the strongroom.
    Withdrawn,
    /// A crash came before the strongroom had it: to be handed in again.
    Lost,
    /// Its keys were destroyed: nobody opens it again.
    Shredded,
}

impl State {
    pub const ALL: [State; 7] = [
        State::Preparing,
        State::Received,
        State::Filed,
        State::Replaced,
        State::Withdrawn,
        State::Lost,
        State::Shredded,
    ];

    /// As stored and as it stands in the ledger.
    pub fn word(self) -> &'static str {
        match self {
            State::Preparing => "preparing",
            State::Received => "received",
            State::Filed => "filed",
            State::Replaced => "replaced",
            State::Withdrawn => "withdrawn",
            State::Lost => "lost",
            State::Shredded => "shredded",
        }
    }
}

impl FromValue for State {
    fn from_value(value: Value) -> Result<State, DbError> {
        let word = String::from_value(value)?;
        State::ALL
            .into_iter()
            .find(|s| s.word() == word)
            .ok_or_else(|| DbError::Shape(format!("a document that is {word}")))
    }
}

/// What is said of a document that is handed in.
#[derive(Clone, Debug)]
pub struct Draft {
    pub kind: Kind,
    pub title: String,
    /// The date on it, `YYYY-MM-DD`.
    pub day: Option<String>,
    pub signed_by: String,
    pub note: String,
    /// Whether the paper itself is kept, and in which box where not the dossier's own.
    pub paper: bool,
    pub place: String,
    /// The account that is to count the pages.
    pub checker: Id,
    /// A filed document that this one is the newer version of.
    pub replaces: Option<Id>,
}

/// A document; title, signer and note lie sealed and are opened by the room's verbs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub id: Id,
    pub dossier: Id,
    pub kind: Kind,
    /// Its number among those of its kind, from 1.
    pub nth: i64,
    pub title: String,
    pub signed_by: String,
    pub note: String,
    pub day: Option<String>,
    pub state: State,
    pub replaces: Option<Id>,
    pub version: i64,
    /// Counted by the parser.
    pub pages: i64,
    /// Counted by a person.
    pub confirmed: Option<i64>,
    /// Pages that have a picture; `None` until they were drawn.
    pub pictures: Option<i64>,
    /// Numbers of the pages that could not be drawn, separated by blanks.
    pub unseen: String,
    pub paper: bool,
    pub place: String,
    pub media: String,
    pub bytes: i64,
    /// Frozen words of what the parser noticed, separated by blanks.
    pub noticed: String,
    pub retention: String,
    /// The strongroom's name for it; empty until it is there.
    pub stored_as: String,
    pub taken_by: Id,
    pub taken_name: String,
    pub checker: Id,
    pub checker_name: String,
    pub why: String,
    pub received_at: Moment,
    pub due_at: Moment,
    pub filed_at: Option<Moment>,
    pub row_version: i64,
}

impl Document {
    /// Its number within the dossier: `c-001`.
    pub fn label(&self) -> String {
        format!("{}-{:03}", self.kind.letter(), self.nth)
    }

    /// Whether the account may see its pages now: until it is filed, who handed it in and who
    /// checks it, and nobody else.
    pub fn open_to(&self, account: Id) -> bool {
        self.state == State::Received && (self.taken_by == account || self.checker == account)
    }

    /// Whether the picture of a page is kept.
    pub fn has_picture(&self, page: u32) -> bool {
        let unseen = |n: &str| n.parse() == Ok(page);
        self.pictures.is_some() && !self.unseen.split(' ').any(unseen)
    }

    /// The strongroom's name for it, and what kind of file it is.
    ///
    /// # Errors
    /// [`ArchiveError::NotFound`] before it is in the strongroom.
    pub(crate) fn stored(&self) -> Result<(OpaqueId, scans::Kind), ArchiveError> {
        let kind = scans::Kind::ALL
            .into_iter()
            .find(|k| k.media_type() == self.media);
        let stored = self.stored_as.parse().ok();
        stored.zip(kind).ok_or(ArchiveError::NotFound)
    }

    pub fn late(&self, now: Moment) -> bool {
        self.state == State::Received && self.due_at < now
    }
}

impl FromRow for Document {
    fn from_row(row: &mut Row) -> Result<Document, DbError> {
        Ok(Document {
            id: row.next()?,
            dossier: row.next()?,
            kind: row.next()?,
            nth: row.next()?,
            title: row.next()?,
            signed_by: row.next()?,
            note: row.next()?,
            day: row.next()?,
            state: row.next()?,
            replaces: row.next()?,
            version: row.next()?,
            pages: row.next()?,
            confirmed: row.next()?,
            pictures: row.next()?,
            unseen: row.next()?,
            paper: row.next()?,
            place: row.next()?,
            media: row.next()?,
            bytes: row.next()?,
            noticed: row.next()?,
            retention: row.next()?,
            stored_as: row.next()?,
            taken_by: row.next()?,
            taken_name: row.next()?,
            checker: row.next()?,
            checker_name: row.next()?,
            why: row.next()?,
            received_at: row.next()?,
            due_at: row.next()?,
            filed_at: row.next()?,
            row_version: row.next()?,
        })
    }
}
