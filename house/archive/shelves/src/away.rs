//! Boxes that are away from their place, lent under a viewing: the record keeps the place, and
//! an audit that does not find them misses nothing.

use std::collections::BTreeSet;

use foundation::clock::Moment;
use foundation::database::{Community, DbError, Tx};
use foundation::house::House;
use foundation::ids::Id;

use crate::boxes::ArchiveBox;
use crate::store;

/// A box leaves its place. For the room that lends it, in the write that records so.
pub fn leaves(tx: &mut Tx<'_>, c: Community, one: Id) -> Result<(), DbError> {
    let now = tx.now();
    tx.execute(store::away::leaves(c, one, now)).map(|_| ())
}

/// It is back.
pub fn is_back(tx: &mut Tx<'_>, c: Community, one: Id) -> Result<(), DbError> {
    tx.execute(store::away::is_back(c, one)).map(|_| ())
}

/// Since when a box is away.
pub(crate) async fn since(house: &House, c: Community, one: Id) -> Result<Option<Moment>, DbError> {
    let found: Option<(Moment,)> = house.db.optional(store::away::since(c, one)).await?;
    Ok(found.map(|(at,)| at))
}

/// The row of a layer as it was read, with the boxes that are away where they stood: each behind
/// its neighbour of before.
pub(crate) fn kept(read: Vec<Id>, there: &[ArchiveBox], away: &BTreeSet<Id>) -> Vec<Id> {
    let mut row = read;
    let mut before = None;
    for one in there {
        let at = |id: Id, row: &[Id]| row.iter().position(|r| *r == id);
        if away.contains(&one.id) && at(one.id, &row).is_none() {
            let behind = before.and_then(|b| at(b, &row)).map_or(0, |n| n + 1);
            row.insert(behind, one.id);
        }
        if at(one.id, &row).is_some() {
            before = Some(one.id);
        }
    }
    row
}
