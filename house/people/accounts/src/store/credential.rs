//! What accounts sign in with: passwords, authenticators, passkeys, recovery codes,
//! and the challenges that passkeys answer.

use super::PER_ACCOUNT_MAX;
use foundation::clock::Moment;
use foundation::database::{Ask, DbError, FromRow, Row, ask};
use foundation::ids::Id;
use foundation::params;

/// A credential as it stands in its row.
#[derive(Clone, Debug)]
pub struct CredentialRow {
    pub id: Id,
    pub kind: String,
    pub secret: Vec<u8>,
    pub label: String,
    pub last_step: i64,
    pub created_at: Moment,
    pub used_at: Option<Moment>,
}

impl FromRow for CredentialRow {
    fn from_row(row: &mut Row) -> Result<CredentialRow, DbError> {
        Ok(CredentialRow {
            id: row.next()?,
            kind: row.next()?,
            secret: row.next()?,
            label: row.next()?,
            last_step: row.next()?,
            created_at: row.next()?,
            used_at: row.next()?,
        })
    }
}

const CREDENTIAL: &str =
    "SELECT id, kind, secret, label, last_step, created_at, used_at FROM credential";

pub fn credentials(account: Id) -> Ask {
    ask(
        format!("{CREDENTIAL} WHERE account = $1 ORDER BY created_at, id LIMIT $2"),
        params![account, PER_ACCOUNT_MAX],
    )
}

pub fn credentials_of_kind(account: Id, kind: &str) -> Ask {
    ask(
        format!("{CREDENTIAL} WHERE account = $1 AND kind = $2 ORDER BY created_at, id LIMIT $3"),
        params![account, kind, PER_ACCOUNT_MAX],
    )
}

pub fn insert_credential(
    account: Id,
    id: Id,
    kind: &str,
    secret: Vec<u8>,
    label: &str,
    last_step: i64,
    now: Moment,
) -> Ask {
    ask(
        "INSERT INTO credential (account, id, kind, secret, label, last_step, created_at, used_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)",
        params![account, id, kind, secret, label, last_step, now],
    )
}

pub fn delete_credentials(account: Id, kind: &str) -> Ask {
    ask(
        "DELETE FROM credential WHERE account = $1 AND kind = $2",
        params![account, kind],
    )
}

pub fn delete_credential(account: Id, id: Id) -> Ask {
    ask(
        "DELETE FROM credential WHERE account = $1 AND id = $2",
        params![account, id],
    )
}

/// Takes a code's time step; 0 rows when that step or a later one was taken.
pub fn take_step(account: Id, id: Id, step: i64, now: Moment) -> Ask {
    ask(
        "UPDATE credential SET last_step = $3, used_at = $4 \
         WHERE account = $1 AND id = $2 AND last_step < $3",
        params![account, id, step, now],
    )
}

pub fn set_secret(account: Id, id: Id, secret: Vec<u8>, now: Moment) -> Ask {
    ask(
        "UPDATE credential SET secret = $3, used_at = $4 WHERE account = $1 AND id = $2",
        params![account, id, secret, now],
    )
}

/// Forgets challenges that nobody answered in time.
pub fn delete_old_challenges(now: Moment) -> Ask {
    ask(
        "DELETE FROM passkey_challenge WHERE expires_at < $1",
        params![now],
    )
}

pub fn insert_challenge(
    digest: Vec<u8>,
    account: Option<Id>,
    state: Vec<u8>,
    expires_at: Moment,
) -> Ask {
    ask(
        "INSERT INTO passkey_challenge (digest, account, state, expires_at) \
         VALUES ($1, $2, $3, $4)",
        params![digest, account, state, expires_at],
    )
}

/// Whose a challenge is, what is to be remembered of it, and until when.
pub fn challenge(digest: Vec<u8>) -> Ask {
    ask(
        "SELECT account, state, expires_at FROM passkey_challenge WHERE digest = $1",
        params![digest],
    )
}

pub fn delete_challenge(digest: Vec<u8>) -> Ask {
    ask(
        "DELETE FROM passkey_challenge WHERE digest = $1",
        params![digest],
    )
}
