//! What accounts are, and in which compound.

use super::PER_ACCOUNT_MAX;
use foundation::clock::Moment;
use foundation::database::{
    Ask, Community, DbError, FromRow, HOUSE, LIST_MAX, Row, Value, ask, list,
};
use foundation::ids::Id;
use foundation::params;
use permissions::Role;

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

/// The account that is tied to a person of a compound.
pub fn account_of_person(community: Community, person: Id, now: Moment) -> Ask {
    ask(
        format!(
            "SELECT account FROM role_grant WHERE {LIVE} AND community = $2 AND person = $3 \
             ORDER BY account LIMIT 1"
        ),
        params![now, community, person],
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

/// Whether an account is or was anything in a compound: a row or none.
pub fn any_grant(community: Community, account: Id) -> Ask {
    ask(
        "SELECT 1 FROM role_grant WHERE community = $1 AND account = $2 LIMIT 1",
        params![community, account],
    )
}

/// How many hold a role in a compound.
pub fn count_role(community: Community, role: Role) -> Ask {
    ask(
        "SELECT COUNT(*) FROM role_grant WHERE community = $1 AND role = $2",
        params![community, role.word()],
    )
}

const HOLDER: &str = "SELECT a.id, a.name, a.state, g.community, g.role, g.until_at \
     FROM role_grant g JOIN account a ON a.id = g.account";
/// For the command line, which prints all.
const EVERYBODY_MAX: i64 = 100_000;

/// Who holds one of these roles in a compound, by role and name.
pub fn holders(community: Community, roles: &[Role], now: Moment) -> Ask {
    let mut values: Vec<Value> = params![community, now];
    let words: Vec<&str> = roles.iter().map(|r| r.word()).collect();
    let list = list(&mut values, &words);
    ask(
        format!(
            "{HOLDER} WHERE g.community = $1 AND (g.until_at IS NULL OR g.until_at > $2) \
             AND g.role IN ({list}) ORDER BY g.role, a.name, a.id LIMIT {LIST_MAX}"
        ),
        values,
    )
}

/// The accounts of the office of a compound and of the house, whether or not their time
/// is over, by name.
pub fn office(community: Community, roles: &[Role]) -> Ask {
    let mut values: Vec<Value> = params![community, HOUSE];
    let words: Vec<&str> = roles.iter().map(|r| r.word()).collect();
    let list = list(&mut values, &words);
    ask(
        format!(
            "SELECT DISTINCT a.id, a.name FROM role_grant g JOIN account a ON a.id = g.account \
             WHERE g.community IN ($1, $2) AND g.role IN ({list}) \
             ORDER BY a.name, a.id LIMIT {LIST_MAX}"
        ),
        values,
    )
}

/// All roles ever given and not taken back, in a compound or in all.
pub fn all_holders(community: Option<Community>) -> Ask {
    let (from, to) = community.map_or((0, i64::MAX), |c| (c.0, c.0));
    ask(
        format!(
            "{HOLDER} WHERE g.community >= $1 AND g.community <= $2 \
             ORDER BY g.community, g.role, a.name, a.id LIMIT $3"
        ),
        params![from, to, EVERYBODY_MAX],
    )
}

/// Whether somebody but `account` holds one of these roles in a compound.
pub fn other_holder(community: Community, account: Id, roles: &[Role], now: Moment) -> Ask {
    let mut params = params![now, community, account];
    let words: Vec<&str> = roles.iter().map(|r| r.word()).collect();
    let roles = list(&mut params, &words);
    ask(
        format!(
            "SELECT account FROM role_grant WHERE {LIVE} AND community = $2 AND account <> $3 \
             AND role IN ({roles}) LIMIT 1"
        ),
        params,
    )
}

/// The person that an account's grants name.
pub fn person_of(community: Community, account: Id) -> Ask {
    ask(
        "SELECT person FROM role_grant WHERE community = $1 AND account = $2 \
         AND person IS NOT NULL ORDER BY role LIMIT 1",
        params![community, account],
    )
}

pub fn account_of(community: Community, person: Id) -> Ask {
    ask(
        "SELECT account FROM role_grant WHERE community = $1 AND person = $2 \
         ORDER BY account LIMIT 1",
        params![community, person],
    )
}
