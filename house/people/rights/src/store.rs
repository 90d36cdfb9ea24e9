//! The rights' questions to the database.

use foundation::database::{Ask, Community, DbError, Tx, ask};
use foundation::ids::Id;
use foundation::params;

/// How many erasures are read at a time.
const PAGE: i64 = 500;

/// Remembers an erasure, so that each start can repeat it.
pub fn remember(tx: &mut Tx<'_>, person: Id, ground: &'static str) -> Result<(), DbError> {
    let (community, now) = (tx.community(), tx.now());
    tx.execute(ask(
        "INSERT INTO erasure (community, person, at, ground) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (community, person) DO NOTHING",
        params![community, person, now, ground],
    ))?;
    Ok(())
}

/// Erasures after this person, in order.
pub fn erased_after(community: Community, person: &str) -> Ask {
    ask(
        "SELECT community, person FROM erasure \
         WHERE community > $1 OR (community = $1 AND person > $2) \
         ORDER BY community, person LIMIT $3",
        params![community, person, PAGE],
    )
}
