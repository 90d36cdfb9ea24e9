//! This room's questions to the database.

mod members;
mod office;
mod papers;

pub use members::*;
pub use office::*;
pub use papers::*;

use super::Relation;
use super::policy::Advice;
use super::state::State;
use foundation::clock::Moment;
use foundation::database::{Ask, Community, DbError, FromRow, HOUSE, Row, Value, ask};
use foundation::ids::Id;
use foundation::keys::TextColumn;
use foundation::params;

/// Whose key an applicant's and a reviewer's words lie under: the phone's, which outlasts
/// the pictures; a member's are under the account's.
pub const NOTE: &str = "note";
pub const WORDS: &str = "words";
pub const MEMBER_WORDS: &str = "member.words";

/// Where people's own words lie.
pub const TEXTS: [TextColumn; 4] = [
    TextColumn {
        table: "application",
        text: "note",
        whose: "keyed",
        sealed_for: NOTE,
        keys_of: None,
    },
    TextColumn {
        table: "application",
        text: "words",
        whose: "keyed",
        sealed_for: WORDS,
        keys_of: None,
    },
    TextColumn {
        table: "member",
        text: "words",
        whose: "account",
        sealed_for: MEMBER_WORDS,
        keys_of: Some(HOUSE),
    },
    TextColumn {
        table: "member",
        text: "removal_words",
        whose: "account",
        sealed_for: MEMBER_WORDS,
        keys_of: Some(HOUSE),
    },
];

/// An application as it lies in the database; its words are sealed.
#[derive(Clone, Debug)]
pub struct Application {
    pub id: Id,
    pub state: State,
    pub version: i64,
    pub room_typed: String,
    pub room: Option<Id>,
    pub room_code: String,
    pub relation: Relation,
    pub name: String,
    pub phone: Option<Vec<u8>>,
    pub document: Option<Vec<u8>>,
    pub note: String,
    /// Whose key the phone lies under.
    pub keyed: Id,
    pub party: Option<Id>,
    pub checks: String,
    pub advice: Advice,
    pub words: String,
    pub reason: String,
    pub verifier: Option<Id>,
    pub verifier_at: Option<Moment>,
    pub decided_by: Option<Id>,
    pub decided_at: Option<Moment>,
    pub not_by: Option<Id>,
    pub submitted_at: Moment,
    pub joined_at: Option<Moment>,
    pub pictures_erased_at: Option<Moment>,
}

const COLUMNS: &str = "id, state, version, room_typed, room, room_code, relation, name, phone, document, \
     note, keyed, party, checks, advice, words, reason, verifier, verifier_at, decided_by, decided_at, not_by, \
     submitted_at, joined_at, pictures_erased_at";

fn word<T>(row: &mut Row, read: impl Fn(&str) -> Option<T>) -> Result<T, DbError> {
    let text: String = row.next()?;
    read(&text).ok_or_else(|| DbError::Shape(format!("unknown word {text}")))
}

impl FromRow for Application {
    fn from_row(row: &mut Row) -> Result<Application, DbError> {
        Ok(Application {
            id: row.next()?,
            state: word(row, State::from_word)?,
            version: row.next()?,
            room_typed: row.next()?,
            room: row.next()?,
            room_code: row.next()?,
            relation: word(row, Relation::from_word)?,
            name: row.next()?,
            phone: row.next()?,
            document: row.next()?,
            note: row.next()?,
            keyed: row.next()?,
            party: row.next()?,
            checks: row.next()?,
            advice: Advice::from_word(&row.next::<String>()?),
            words: row.next()?,
            reason: row.next()?,
            verifier: row.next()?,
            verifier_at: row.next()?,
            decided_by: row.next()?,
            decided_at: row.next()?,
            not_by: row.next()?,
            submitted_at: row.next()?,
            joined_at: row.next()?,
            pictures_erased_at: row.next()?,
        })
    }
}

pub fn widths(c: Community) -> Ask {
    ask(
        "SELECT phone_bits, tail_bits FROM community WHERE number = $1",
        params![c],
    )
}

/// A new application's row.
pub struct NewApplication {
    pub id: Id,
    pub link: Vec<u8>,
    pub room_typed: String,
    pub room: Option<Id>,
    pub room_code: String,
    pub relation: Relation,
    pub name: String,
    pub name_key: String,
    pub phone: Vec<u8>,
    pub blind_phone: i64,
    pub blind_tail: i64,
    pub document: Option<Vec<u8>>,
    pub note: String,
    pub keyed: Id,
    pub party: Option<Id>,
    pub checks: String,
    pub advice: Advice,
    pub again_of: Option<Id>,
}

pub fn insert_application(c: Community, a: NewApplication, now: Moment) -> Ask {
    ask(
        "INSERT INTO application (community, id, link, state, version, room_typed, room, room_code, relation, \
         name, name_key, phone, blind_phone, blind_tail, document, note, party, checks, advice, words, reason, \
         verifier, verifier_at, decided_by, decided_at, not_by, again_of, submitted_at, changed_at, joined_at, \
         pictures_erased_at, keyed) VALUES ($1, $2, $3, 'submitted', 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, \
         $14, $15, $16, $17, '', '', NULL, NULL, NULL, NULL, NULL, $18, $19, $19, NULL, NULL, $20)",
        params![
            c,
            a.id,
            a.link,
            a.room_typed,
            a.room,
            a.room_code,
            a.relation.word(),
            a.name,
            a.name_key,
            a.phone,
            a.blind_phone,
            a.blind_tail,
            a.document,
            a.note,
            a.party,
            a.checks,
            a.advice.word(),
            a.again_of,
            now,
            a.keyed
        ],
    )
}

pub fn application(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {COLUMNS} FROM application WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

pub fn application_by_link(c: Community, link: &[u8]) -> Ask {
    ask(
        format!("SELECT {COLUMNS} FROM application WHERE community = $1 AND link = $2"),
        params![c, link],
    )
}

/// Open applications of the same room, name and drawer of phones: the same person.
pub fn doubles(c: Community, not: Id, room: &str, name_key: &str, blind: i64) -> Ask {
    ask(
        "SELECT COUNT(*) FROM application WHERE community = $1 AND id <> $2 AND room_code = $3 \
         AND name_key = $4 AND blind_phone = $5 \
         AND state IN ('submitted', 'verifying', 'needs_info', 'approved', 'invited', 'invite_expired')",
        params![c, not, room, name_key, blind],
    )
}

/// What somebody asked for a home that is not decided to the end.
pub fn open_applications(c: Community, room: Id, party: Id) -> Ask {
    ask(
        "SELECT id FROM application WHERE community = $1 AND room = $2 AND party = $3 \
         AND state IN ('submitted', 'verifying', 'needs_info', 'approved', 'invited', 'invite_expired') \
         ORDER BY id LIMIT 50",
        params![c, room, party],
    )
}

/// Everything with a phone in this drawer, to be opened and compared.
pub fn same_drawer(c: Community, not: Id, blind: i64) -> Ask {
    ask(
        "SELECT id, keyed, state, room_code, phone FROM application \
         WHERE community = $1 AND id <> $2 AND blind_phone = $3 AND phone IS NOT NULL \
         AND state NOT IN ('rejected', 'withdrawn') ORDER BY submitted_at DESC LIMIT 200",
        params![c, not, blind],
    )
}

/// A change of state with what goes with it; unset parts stay.
#[derive(Default)]
pub struct Change {
    pub state: Option<State>,
    pub words: Option<String>,
    pub reason: Option<String>,
    pub verifier: Option<Id>,
    pub decided_by: Option<Id>,
    pub decided: bool,
    pub not_by: Option<Id>,
    pub joined: bool,
    /// Sent back to the queue: nobody looks at it.
    pub released: bool,
    /// What the checks found anew: the party and their advice.
    pub found: Option<(Option<Id>, Advice)>,
    /// The room that it was tied to, and its code.
    pub tied: Option<(Id, String)>,
}

pub fn change_application(c: Community, id: Id, change: &Change, now: Moment) -> Ask {
    let mut params: Vec<Value> = params![c, id, now];
    let mut sql = String::from("UPDATE application SET version = version + 1, changed_at = $3");
    let mut set = |column: &str, value: Value| {
        params.push(value);
        sql.push_str(&format!(", {column} = ${}", params.len()));
    };
    if let Some(state) = change.state {
        set("state", state.word().into());
    }
    if let Some(words) = &change.words {
        set("words", words.into());
    }
    if let Some(reason) = &change.reason {
        set("reason", reason.into());
    }
    if let Some(verifier) = change.verifier {
        set("verifier", verifier.into());
        set("verifier_at", now.into());
    }
    if change.decided {
        set("decided_by", change.decided_by.into());
        set("decided_at", now.into());
    }
    if let Some(not_by) = change.not_by {
        set("not_by", not_by.into());
    }
    if change.joined {
        set("joined_at", now.into());
    }
    if let Some((party, advice)) = change.found {
        set("party", party.into());
        set("advice", advice.word().into());
    }
    if let Some((room, code)) = &change.tied {
        set("room", (*room).into());
        set("room_code", code.into());
    }
    if change.released {
        sql.push_str(", verifier = NULL, verifier_at = NULL, decided_by = NULL, decided_at = NULL");
    }
    sql.push_str(" WHERE community = $1 AND id = $2");
    ask(sql, params)
}
