//! This room's questions to the database.

mod members;

pub use members::*;

use super::Relation;
use super::policy::Advice;
use super::state::State;
use crate::foundation::clock::Moment;
use crate::foundation::database::{Ask, Community, DbError, FromRow, Row, Value, ask, list};
use crate::foundation::ids::Id;
use crate::params;
use crate::people::permissions::Role;

/// An application as it lies in the database.
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
     note, party, checks, advice, words, reason, verifier, verifier_at, decided_by, decided_at, not_by, \
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

// Drafts.

pub fn count_drafts(c: Community) -> Ask {
    ask(
        "SELECT COUNT(*) FROM application_draft WHERE community = $1",
        params![c],
    )
}

pub fn stale_drafts(c: Community, now: Moment, limit: i64) -> Ask {
    ask(
        "SELECT id FROM application_draft WHERE community = $1 AND expires_at < $2 \
         ORDER BY expires_at LIMIT $3",
        params![c, now, limit],
    )
}

pub fn drop_draft(c: Community, id: Id) -> Ask {
    ask(
        "DELETE FROM application_draft WHERE community = $1 AND id = $2",
        params![c, id],
    )
}

pub fn insert_draft(
    c: Community,
    id: Id,
    link: &[u8],
    body: Vec<u8>,
    now: Moment,
    until: Moment,
) -> Ask {
    ask(
        "INSERT INTO application_draft (community, id, link, body, updated_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        params![c, id, link, body, now, until],
    )
}

pub fn draft(c: Community, link: &[u8], now: Moment) -> Ask {
    ask(
        "SELECT id, body FROM application_draft WHERE community = $1 AND link = $2 AND expires_at >= $3",
        params![c, link, now],
    )
}

pub fn draft_exists(c: Community, id: Id) -> Ask {
    ask(
        "SELECT COUNT(*) FROM application_draft WHERE community = $1 AND id = $2",
        params![c, id],
    )
}

pub fn save_draft(c: Community, id: Id, body: Vec<u8>, now: Moment, until: Moment) -> Ask {
    ask(
        "UPDATE application_draft SET body = $3, updated_at = $4, expires_at = $5 \
         WHERE community = $1 AND id = $2",
        params![c, id, body, now, until],
    )
}

// Pictures.

pub fn pictures(c: Community, application: Id) -> Ask {
    ask(
        "SELECT id, kind, width, height, bytes, added_at FROM application_picture \
         WHERE community = $1 AND application = $2 AND erased_at IS NULL ORDER BY added_at, id LIMIT 50",
        params![c, application],
    )
}

#[allow(clippy::too_many_arguments)] // one row, one column each
pub fn insert_picture(
    c: Community,
    application: Id,
    id: Id,
    kind: &str,
    width: u32,
    height: u32,
    bytes: i64,
    now: Moment,
) -> Ask {
    ask(
        "INSERT INTO application_picture (community, application, id, kind, width, height, bytes, added_at, erased_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL)",
        params![c, application, id, kind, width, height, bytes, now],
    )
}

pub fn count_pictures(c: Community, application: Id) -> Ask {
    ask(
        "SELECT COUNT(*) FROM application_picture \
         WHERE community = $1 AND application = $2 AND erased_at IS NULL",
        params![c, application],
    )
}

pub fn drop_picture(c: Community, application: Id, id: Id) -> Ask {
    ask(
        "DELETE FROM application_picture WHERE community = $1 AND application = $2 AND id = $3",
        params![c, application, id],
    )
}

pub fn drop_pictures(c: Community, application: Id) -> Ask {
    ask(
        "DELETE FROM application_picture WHERE community = $1 AND application = $2",
        params![c, application],
    )
}

pub fn erase_pictures(c: Community, application: Id, now: Moment) -> Ask {
    ask(
        "UPDATE application_picture SET erased_at = $3 \
         WHERE community = $1 AND application = $2 AND erased_at IS NULL",
        params![c, application, now],
    )
}

pub fn mark_erased(c: Community, application: Id, now: Moment) -> Ask {
    ask(
        "UPDATE application SET pictures_erased_at = $3, document = NULL \
         WHERE community = $1 AND id = $2 AND pictures_erased_at IS NULL",
        params![c, application, now],
    )
}

pub fn forget_document(c: Community, application: Id, now: Moment) -> Ask {
    ask(
        "UPDATE application SET document = NULL, version = version + 1, changed_at = $3 \
         WHERE community = $1 AND id = $2",
        params![c, application, now],
    )
}

// Consents.

pub fn insert_consent(
    c: Community,
    application: Id,
    purpose: &str,
    version: i64,
    now: Moment,
) -> Ask {
    ask(
        "INSERT INTO membership_consent (community, application, purpose, text_version, given_at, withdrawn_at) \
         VALUES ($1, $2, $3, $4, $5, NULL) \
         ON CONFLICT (community, application, purpose) DO UPDATE \
         SET text_version = excluded.text_version, given_at = excluded.given_at, withdrawn_at = NULL",
        params![c, application, purpose, version, now],
    )
}

pub fn withdraw_consent(c: Community, application: Id, purpose: &str, now: Moment) -> Ask {
    ask(
        "UPDATE membership_consent SET withdrawn_at = $4 \
         WHERE community = $1 AND application = $2 AND purpose = $3 AND withdrawn_at IS NULL",
        params![c, application, purpose, now],
    )
}

pub fn consents(c: Community, application: Id) -> Ask {
    ask(
        "SELECT purpose, text_version, given_at, withdrawn_at FROM membership_consent \
         WHERE community = $1 AND application = $2 ORDER BY given_at, purpose LIMIT 20",
        params![c, application],
    )
}

// Applications.

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
         pictures_erased_at) VALUES ($1, $2, $3, 'submitted', 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, \
         $14, $15, $16, $17, '', '', NULL, NULL, NULL, NULL, NULL, $18, $19, $19, NULL, NULL)",
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
            now
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

/// Everything with a phone in this drawer, to be opened and compared.
pub fn same_drawer(c: Community, not: Id, blind: i64) -> Ask {
    ask(
        "SELECT id, state, room_code, phone, joined_at FROM application \
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
    if change.released {
        sql.push_str(", verifier = NULL, verifier_at = NULL, decided_by = NULL, decided_at = NULL");
    }
    sql.push_str(" WHERE community = $1 AND id = $2");
    ask(sql, params)
}

// Invitations.

pub fn next_number(c: Community) -> Ask {
    ask(
        "SELECT COALESCE(MAX(number), 0) + 1 FROM invitation WHERE community = $1",
        params![c],
    )
}

pub fn end_invitations(c: Community, application: Id, state: &str, now: Moment) -> Ask {
    ask(
        "UPDATE invitation SET state = $3, ended_at = $4 \
         WHERE community = $1 AND application = $2 AND state = 'open'",
        params![c, application, state, now],
    )
}

#[allow(clippy::too_many_arguments)] // one row, one column each
pub fn insert_invitation(
    c: Community,
    id: Id,
    application: Id,
    link: &[u8],
    number: i64,
    by: Option<Id>,
    now: Moment,
    until: Moment,
) -> Ask {
    ask(
        "INSERT INTO invitation (community, id, application, link, number, state, issued_by, issued_at, expires_at, ended_at) \
         VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8, NULL)",
        params![c, id, application, link, number, by, now, until],
    )
}

pub fn invitation_by_link(c: Community, link: &[u8]) -> Ask {
    ask(
        "SELECT id, application, number, state, expires_at FROM invitation WHERE community = $1 AND link = $2",
        params![c, link],
    )
}

pub fn invitation(c: Community, id: Id) -> Ask {
    ask(
        "SELECT id, application, number, state, expires_at FROM invitation WHERE community = $1 AND id = $2",
        params![c, id],
    )
}

pub fn open_invitation(c: Community, application: Id) -> Ask {
    ask(
        "SELECT id, application, number, state, expires_at FROM invitation \
         WHERE community = $1 AND application = $2 AND state = 'open'",
        params![c, application],
    )
}

pub fn use_invitation(c: Community, id: Id, now: Moment) -> Ask {
    ask(
        "UPDATE invitation SET state = 'used', ended_at = $3 \
         WHERE community = $1 AND id = $2 AND state = 'open'",
        params![c, id, now],
    )
}

// Policy and texts.

pub fn policy(c: Community) -> Ask {
    ask(
        "SELECT version, body FROM membership_policy WHERE community = $1 ORDER BY version DESC LIMIT 1",
        params![c],
    )
}

pub fn insert_policy(c: Community, version: i64, now: Moment, by: Option<Id>, body: &str) -> Ask {
    ask(
        "INSERT INTO membership_policy (community, version, at, account, body) VALUES ($1, $2, $3, $4, $5)",
        params![c, version, now, by, body],
    )
}

// The roster, the accounts and the ledger, as far as this room looks there itself.

/// Those who stand in the room now.
pub fn standing_names(c: Community, room: Id) -> Ask {
    ask(
        "SELECT DISTINCT p.name FROM relation_seen r \
         JOIN party_seen p ON p.community = r.community AND p.id = r.party \
         WHERE r.community = $1 AND r.room = $2 AND r.ended_at IS NULL ORDER BY p.name LIMIT 50",
        params![c, room],
    )
}

/// Those who did once.
pub fn former_names(c: Community, room: Id) -> Ask {
    ask(
        "SELECT DISTINCT p.name FROM relation_seen r \
         JOIN party_seen p ON p.community = r.community AND p.id = r.party \
         WHERE r.community = $1 AND r.room = $2 AND r.ended_at IS NOT NULL ORDER BY p.name LIMIT 200",
        params![c, room],
    )
}

pub fn count_able(c: Community, roles: &[Role], now: Moment) -> Ask {
    let mut params: Vec<Value> = params![c, now];
    let words: Vec<&str> = roles.iter().map(|r| r.word()).collect();
    let members = list(&mut params, &words);
    ask(
        format!(
            "SELECT COUNT(DISTINCT account) FROM role_grant WHERE community = $1 \
             AND (until_at IS NULL OR until_at > $2) AND role IN ({members})"
        ),
        params,
    )
}

pub fn count_ownership(c: Community, room: Id, party: Id) -> Ask {
    ask(
        "SELECT COUNT(*) FROM relation_seen WHERE community = $1 AND room = $2 AND party = $3 \
         AND kind IN ('owner', 'co_owner') AND ended_at IS NULL",
        params![c, room, party],
    )
}

/// What happened to a record, oldest first.
pub fn story(c: Community, subject: &str) -> Ask {
    ask(
        "SELECT seq, at, kind, actor, role, body FROM ledger WHERE community = $1 AND subject = $2 \
         ORDER BY seq LIMIT 200",
        params![c, subject],
    )
}

pub fn events_after(c: Community, kind: &str, seq: i64, limit: i64) -> Ask {
    ask(
        "SELECT seq, subject, body FROM ledger WHERE community = $1 AND seq > $3 AND kind = $2 \
         ORDER BY seq LIMIT $4",
        params![c, kind, seq, limit],
    )
}

pub fn head(c: Community) -> Ask {
    ask(
        "SELECT size FROM ledger_head WHERE community = $1",
        params![c],
    )
}

pub fn cursor(c: Community) -> Ask {
    ask(
        "SELECT seq FROM membership_cursor WHERE community = $1",
        params![c],
    )
}

pub fn move_cursor(c: Community, seq: i64) -> Ask {
    ask(
        "INSERT INTO membership_cursor (community, seq) VALUES ($1, $2) \
         ON CONFLICT (community) DO UPDATE SET seq = excluded.seq WHERE membership_cursor.seq < excluded.seq",
        params![c, seq],
    )
}

/// A text as part of a LIKE pattern whose escape is `!`.
pub fn like(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | '!') {
            out.push('!');
        }
        out.push(c);
    }
    out
}

/// Every home with its people, for the comparison with a member list.
pub fn homes(c: Community) -> Ask {
    ask(
        "SELECT m.normal, m.code, p.name, r.kind, r.ended_at FROM room_seen m \
         LEFT JOIN relation_seen r ON r.community = m.community AND r.room = m.id \
         LEFT JOIN party_seen p ON p.community = r.community AND p.id = r.party \
         WHERE m.community = $1 ORDER BY m.sort_key, m.normal, p.id LIMIT 200000",
        params![c],
    )
}
