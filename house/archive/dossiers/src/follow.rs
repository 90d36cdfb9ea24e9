//! Following the roster and the imports: whatever changes a room or who owns it is looked at
//! again. At least once and idempotent: the cursor moves after the deed.

use std::collections::BTreeSet;

use foundation::database::{Chore, Community};
use foundation::house::House;
use foundation::ids::Id;

use crate::store::following;
use crate::{ArchiveError, open};

/// Events looked at in one go.
const TAKE: i64 = 200;

/// Follows the compound's ledger up to its end; how many dossiers were opened.
pub async fn follow(house: &House, c: Community) -> Result<usize, ArchiveError> {
    use imports::events as imported;
    use roster::events as e;
    let whole = [
        imported::COMMITTED.name,
        imported::UNDONE.name,
        e::ORDER_APPLIED.name,
    ];
    let kinds = [
        e::ROOM_ADDED.name,
        e::ROOM_CHANGED.name,
        e::RELATED.name,
        e::RELATION_ENDED.name,
        e::TRANSFERRED.name,
        whole[0],
        whole[1],
        whole[2],
    ];
    let mut opened = 0;
    loop {
        let at: Option<(i64,)> = house.db.optional(following::cursor(c)).await?;
        // A compound that the archive has not seen is gone through once, from the first event.
        let first = at.is_none();
        let at = at.map_or(-1, |r| r.0);
        let head: Option<(i64,)> = house.db.optional(following::head(c)).await?;
        let asked = following::events_after(c, &kinds, at, TAKE);
        let rows: Vec<(i64, String, String)> = house.db.all(asked).await?;
        let full = rows.len() as i64 == TAKE;
        let end = head.map_or(-1, |h| h.0 - 1);
        let seen = match rows.last() {
            Some((seq, ..)) if full => *seq,
            last => end.max(last.map_or(-1, |r| r.0)),
        };
        if first
            || rows
                .iter()
                .any(|(_, kind, _)| whole.contains(&kind.as_str()))
        {
            opened += open::tend(house, c).await?;
        } else {
            let rooms: BTreeSet<Id> = rows
                .iter()
                .filter_map(|(.., subject)| subject.strip_prefix("room:")?.parse().ok())
                .collect();
            let rooms: Vec<Id> = rooms.into_iter().collect();
            opened += open::refresh(house, c, &rooms).await?;
        }
        if seen > at || first {
            house
                .db
                .keep::<_, ArchiveError, _>(Chore::Cursor, c, move |r| {
                    r.execute(following::move_cursor(c, seen))?;
                    Ok(())
                })
                .await?;
        }
        if !full {
            return Ok(opened);
        }
    }
}
