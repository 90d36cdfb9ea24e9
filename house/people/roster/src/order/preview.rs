//! What an order would change, before it is set: which rooms come to stand elsewhere.

use foundation::database::{Community, DbError, Look};
use foundation::house::House;
use foundation::ids::Id;
use hanzi::room::RoomCode;
use permissions::Permission;
use permissions::actor::Actor;

use super::{Listed, checked, of, overrides, store};
use crate::room::RoomRef;
use crate::{RosterError, store as rooms};

/// As many rooms as a preview names.
pub const MOVES_MAX: usize = 200;

/// A room whose place changes, counted from 1 at the beginning of the shelf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    pub room: Id,
    pub code: String,
    pub before: u64,
    pub after: u64,
}

/// What an order would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    pub rooms: u64,
    /// Rooms whose place changes.
    pub changed: u64,
    /// The fewest that must be carried: the others keep their order among themselves.
    pub carried: u64,
    /// The first of those that change, by their new places; at most [`MOVES_MAX`].
    pub moves: Vec<Move>,
}

/// Compares the order as it is with another. Of 100,000 rooms it holds two keys each.
///
/// # Errors
/// [`RosterError::Order`] when a name is named twice or no room has it.
pub async fn preview(
    house: &House,
    by: &Actor,
    c: Community,
    wanted: &[Listed],
) -> Result<Preview, RosterError> {
    by.may(Permission::ArchiveSet)?;
    let lines = checked(house, c, wanted).await?;
    // By the order that is set, not by the keys: some may still have to be made.
    let (was, becomes) = (of(house, c).await?, overrides(&lines)?);
    let compared = house.db.reading::<_, DbError, _>(move |r| {
        let mut rows: Vec<(Vec<u8>, Vec<u8>, Id)> = Vec::new();
        r.each(store::shown(c), |(id, normal): (Id, String)| {
            let code = RoomCode::parse(&normal)
                .map_err(|e| DbError::Shape(format!("a room's code {normal}: {e}")))?;
            rows.push((code.sort_key_with(&was), code.sort_key_with(&becomes), id));
            Ok(true)
        })?;
        Ok(compare(rows))
    });
    let (mut preview, moved) = compared.await?;
    let ids: Vec<Id> = moved.iter().map(|m| m.0).collect();
    if ids.is_empty() {
        return Ok(preview);
    }
    let named: Vec<RoomRef> = house.db.all(rooms::rooms(c, &ids)).await?;
    for (room, before, after) in moved {
        let found = named.iter().find(|r| r.id == room);
        preview.moves.push(Move {
            room,
            code: found.map_or_else(String::new, |r| r.code.clone()),
            before,
            after,
        });
    }
    Ok(preview)
}

/// Rooms with the key they have and the key they get; the first that move, with both places.
fn compare(mut rows: Vec<(Vec<u8>, Vec<u8>, Id)>) -> (Preview, Vec<(Id, u64, u64)>) {
    rows.sort_unstable_by(|a, b| (&a.0, a.2).cmp(&(&b.0, b.2)));
    // Their indices are their places now.
    let mut places: Vec<usize> = (0..rows.len()).collect();
    places.sort_unstable_by(|&a, &b| (&rows[a].1, rows[a].2).cmp(&(&rows[b].1, rows[b].2)));
    let changed = || {
        places
            .iter()
            .enumerate()
            .filter(|(after, before)| after != *before)
    };
    let first = changed()
        .take(MOVES_MAX)
        .map(|(after, &before)| (rows[before].2, before as u64 + 1, after as u64 + 1));
    let preview = Preview {
        rooms: rows.len() as u64,
        changed: changed().count() as u64,
        carried: (places.len() - longest_run(&places)) as u64,
        moves: Vec::new(),
    };
    let first = first.collect();
    (preview, first)
}

/// The length of the longest rising run among numbers that are all different.
fn longest_run(numbers: &[usize]) -> usize {
    // The smallest last number of a run of each length.
    let mut ends: Vec<usize> = Vec::new();
    for &n in numbers {
        let at = ends.partition_point(|&end| end < n);
        match ends.get_mut(at) {
            Some(end) => *end = n,
            None => ends.push(n),
        }
    }
    ends.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_are_carried() {
        assert_eq!(longest_run(&[]), 0);
        assert_eq!(longest_run(&[0, 1, 2]), 3);
        assert_eq!(longest_run(&[3, 4, 0, 1, 2]), 3);
        assert_eq!(longest_run(&[2, 1, 0]), 1);
    }
}
