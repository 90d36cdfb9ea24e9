//! The SQL of accounts.

use crate::foundation::clock::Moment;
use crate::foundation::database::{Ask, Community, DbError, FromRow, HOUSE, Row, Value, ask};
use crate::foundation::ids::Id;
use crate::params;
use crate::people::permissions::Role;

/// How many accounts share one value of the blind index at most; see
/// [`super::new_account::PHONE_BITS`].
const CANDIDATES_MAX: i64 = 2_000;
/// Credentials, sessions and grants of one account on one page.
const PER_ACCOUNT_MAX: i64 = 200;

/// An account as it stands in its row.
#[derive(Clone, Debug)]
pub struct AccountRow {
    pub id: Id,
    pub name: String,
    pub handle: Option<String>,
    pub phone: Option<Vec<u8>>,
    pub active: bool,
    pub created_at: Moment,
}

impl FromRow for AccountRow {
    fn from_row(row: &mut Row) -> Result<AccountRow, DbError> {
        Ok(AccountRow {
            id: row.next()?,
            name: row.next()?,
            handle: row.next()?,
            phone: row.next()?,
            active: row.next::<String>()? == "active",
            created_at: row.next()?,
        })
    }
}

const ACCOUNT: &str = "SELECT id, name, handle, phone, state, created_at FROM account";

pub fn account(id: Id) -> Ask {
    ask(format!("{ACCOUNT} WHERE id = $1"), params![id])
}

pub fn account_of_handle(handle: &str) -> Ask {
    ask(format!("{ACCOUNT} WHERE handle = $1"), params![handle])
}

/// Everybody who may have this phone; the caller opens and compares.
pub fn accounts_of_phone(blind: i64) -> Ask {
    ask(
        format!("{ACCOUNT} WHERE phone_blind = $1 ORDER BY id LIMIT $2"),
        params![blind, CANDIDATES_MAX],
    )
}

pub fn insert_account(
    id: Id,
    name: &str,
    handle: Option<&str>,
    phone: Option<(Vec<u8>, i64)>,
    now: Moment,
) -> Ask {
    let (sealed, blind) = phone.map_or((Value::Null, Value::Null), |(s, b)| (s.into(), b.into()));
    ask(
        "INSERT INTO account (id, name, handle, phone, phone_blind, state, created_at) \
         VALUES ($1, $2, $3, $4, $5, 'active', $6) ON CONFLICT DO NOTHING",
        params![id, name, handle, sealed, blind, now],
    )
}

pub fn set_state(id: Id, active: bool) -> Ask {
    ask(
        "UPDATE account SET state = $2 WHERE id = $1 AND state <> $2",
        params![id, if active { "active" } else { "disabled" }],
    )
}

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

/// One live role of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantRow {
    pub community: Community,
    pub role: Role,
    pub person: Option<Id>,
    pub until_at: Option<Moment>,
}

impl FromRow for GrantRow {
    fn from_row(row: &mut Row) -> Result<GrantRow, DbError> {
        let community = row.next()?;
        let word: String = row.next()?;
        let role = Role::from_word(&word)
            .ok_or_else(|| DbError::Shape("a stored role is unknown".into()))?;
        Ok(GrantRow {
            community,
            role,
            person: row.next()?,
            until_at: row.next()?,
        })
    }
}

const LIVE: &str = "from_at <= $1 AND (until_at IS NULL OR until_at > $1)";

/// What an account is in one compound, and in the house.
pub fn grants_in(account: Id, community: Community, now: Moment) -> Ask {
    ask(
        format!(
            "SELECT community, role, person, until_at FROM role_grant WHERE {LIVE} \
             AND account = $2 AND community IN ($3, $4) ORDER BY community, role LIMIT $5"
        ),
        params![now, account, community, HOUSE, PER_ACCOUNT_MAX],
    )
}

/// What an account is anywhere.
pub fn grants(account: Id, now: Moment) -> Ask {
    ask(
        format!(
            "SELECT community, role, person, until_at FROM role_grant WHERE {LIVE} \
             AND account = $2 ORDER BY community, role LIMIT $3"
        ),
        params![now, account, PER_ACCOUNT_MAX],
    )
}

pub fn upsert_grant(
    community: Community,
    account: Id,
    role: Role,
    person: Option<Id>,
    now: Moment,
    until: Option<Moment>,
) -> Ask {
    ask(
        "INSERT INTO role_grant (community, account, role, person, from_at, until_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (community, account, role) DO UPDATE SET \
         person = COALESCE(excluded.person, role_grant.person), until_at = excluded.until_at",
        params![community, account, role.word(), person, now, until],
    )
}

pub fn delete_grant(community: Community, account: Id, role: Role) -> Ask {
    ask(
        "DELETE FROM role_grant WHERE community = $1 AND account = $2 AND role = $3",
        params![community, account, role.word()],
    )
}

/// Name and slug of a compound.
pub fn community(number: Community) -> Ask {
    ask(
        "SELECT name, slug FROM community WHERE number = $1",
        params![number],
    )
}

/// The compounds of the house, by name: what an operator chooses from.
pub fn communities() -> Ask {
    ask(
        "SELECT number, name, slug FROM community ORDER BY name, number LIMIT $1",
        params![PER_ACCOUNT_MAX],
    )
}
