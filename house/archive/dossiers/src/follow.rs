//! Following the roster and the imports: whatever changes a room or who owns it is looked at
//! again. At least once and idempotent: the cursor moves after the deed.

use std::collections::BTreeSet;

use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Cursor, Entry};

use crate::{ArchiveError, open};

const CURSOR: Cursor = Cursor::new("dossier_cursor", 200);

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
        let part = CURSOR.next(&house.db, c, &kinds).await?;
        // A compound that the archive has not seen is gone through once, from the first event.
        let concerns_all = |e: &Entry| whole.contains(&e.kind.as_str());
        if part.first || part.events.iter().any(concerns_all) {
            opened += open::tend(house, c).await?;
        } else {
            let rooms: BTreeSet<Id> = part
                .events
                .iter()
                .filter_map(|e| e.subject.strip_prefix("room:")?.parse().ok())
                .collect();
            let rooms: Vec<Id> = rooms.into_iter().collect();
            opened += open::refresh(house, c, &rooms).await?;
        }
        CURSOR.met(&house.db, c, &part).await?;
        if part.last {
            return Ok(opened);
        }
    }
}
