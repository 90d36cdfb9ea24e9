//! The rows of accounts.

use foundation::clock::Moment;
use foundation::database::{Ask, DbError, FromRow, Row, Value, ask};
use foundation::ids::Id;
use foundation::params;

/// How many accounts share one value of the blind index at most; see
/// [`super::super::new_account::PHONE_BITS`].
const CANDIDATES_MAX: i64 = 2_000;

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

/// An account, where there is any.
pub fn any_account() -> Ask {
    ask("SELECT id FROM account LIMIT 1", params![])
}
