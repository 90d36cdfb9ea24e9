//! Whether somebody may speak now. Asked by the group before it takes a message; the end
//! of a mute is exact, however late the clock's job comes.

use crate::{ConductError, Sanction, store};
use foundation::clock::Moment;
use foundation::database::{Community, DbError, Look};
use foundation::house::House;
use foundation::ids::Id;

/// Why somebody is silent, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silence {
    pub sanction: Id,
    pub strike: Id,
    /// `None`: removed.
    pub until: Option<Moment>,
}

fn longest(found: &[Sanction]) -> Option<Silence> {
    // A removal has no end and is longest.
    let last = found
        .iter()
        .max_by_key(|s| s.ends_at.map_or(i64::MAX, |m| m.0))?;
    Some(Silence {
        sanction: last.id,
        strike: last.strike,
        until: last.ends_at,
    })
}

/// The silence in force for an account, inside a write.
pub fn silence_in(
    tx: &mut impl Look,
    c: Community,
    account: Id,
    now: Moment,
) -> Result<Option<Silence>, DbError> {
    let found: Vec<Sanction> = tx.all(store::silent(c, account, now))?;
    Ok(longest(&found))
}

/// The silence in force for an account.
pub async fn silence(
    house: &House,
    c: Community,
    account: Id,
) -> Result<Option<Silence>, ConductError> {
    let found: Vec<Sanction> = house.db.all(store::silent(c, account, house.now())).await?;
    Ok(longest(&found))
}
