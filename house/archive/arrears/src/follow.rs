//! Following the fees, the roster and this room's own events: whatever changes what a room
//! owes, or what was said of it, works its account out again. At least once and idempotent: the
//! cursor moves after the deed.

use std::collections::BTreeSet;

use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Cursor, Entry};

use crate::{ArrearsError, events as own, tend};

const CURSOR: Cursor = Cursor::new("arrears_cursor", 200);

use fees::events as paid;
use imports::events as imported;
use roster::events as listed;

/// Events that name no room, or too many: every account is compared with the books, and those
/// that differ are worked out anew.
const WHOLE: [&str; 3] = [
    imported::COMMITTED.name,
    imported::UNDONE.name,
    listed::ORDER_APPLIED.name,
];

/// Events that name the rooms whose accounts changed with them.
const OF_ROOMS: [&str; 2] = [paid::RUN_UNDONE.name, paid::CREDITS_SETTLED.name];

/// A batch is whole: its rooms are worked out once, and not with each of its chunks.
const OF_A_BATCH: [&str; 1] = [paid::RUN_DONE.name];

/// Events about one room's account.
const OF_A_ROOM: [&str; 16] = [
    paid::BILL_ADDED.name,
    paid::BILL_VOIDED.name,
    paid::LATE_CHARGED.name,
    paid::PAYMENT_RECORDED.name,
    paid::PAYMENT_VOIDED.name,
    paid::REFUNDED.name,
    paid::ADJUSTED.name,
    paid::WRITTEN_OFF.name,
    paid::WRITE_OFF_DECIDED.name,
    paid::PLAN_AGREED.name,
    paid::PLAN_ENDED.name,
    listed::ROOM_CHANGED.name,
    own::CONTACTED.name,
    own::CORRECTED.name,
    own::HELD.name,
    own::HOLD_LIFTED.name,
];

/// Follows the compound's ledger up to its end; how many accounts changed.
pub async fn follow(house: &House, c: Community) -> Result<usize, ArrearsError> {
    let kinds = WHOLE.into_iter().chain(OF_ROOMS);
    let kinds: Vec<&str> = kinds.chain(OF_A_BATCH).chain(OF_A_ROOM).collect();
    let mut changed = 0;
    loop {
        let part = CURSOR.next(&house.db, c, &kinds).await?;
        if part.first || part.events.iter().any(concerns_all) {
            changed += tend::tend(house, c).await?;
        } else {
            for batch in part.events.iter().filter_map(batch_of) {
                changed += follow_batch(house, c, batch).await?;
            }
        }
        let rooms: BTreeSet<Id> = part.events.iter().flat_map(rooms_of).collect();
        let rooms: Vec<Id> = rooms.into_iter().collect();
        changed += tend::refresh(house, c, &rooms).await?;
        CURSOR.met(&house.db, c, &part).await?;
        if part.last {
            return Ok(changed);
        }
    }
}

/// Whether every account is compared. Lines from before rooms were named in them are among
/// these: they say a count where the rooms stand now.
fn concerns_all(e: &Entry) -> bool {
    let names_rooms = OF_ROOMS.contains(&e.kind.as_str());
    WHOLE.contains(&e.kind.as_str()) || (names_rooms && named(e).is_none())
}

fn batch_of(e: &Entry) -> Option<Id> {
    let done = OF_A_BATCH.contains(&e.kind.as_str());
    done.then(|| e.subject.strip_prefix("fee_run:")?.parse().ok())?
}

/// The rooms that an event names in its facts.
fn named(e: &Entry) -> Option<Vec<Id>> {
    let facts: serde_json::Value = serde_json::from_str(&e.body).ok()?;
    let list = ["settled", "rooms"].map(|name| facts.get(name)?.as_array());
    let list = list.into_iter().flatten().next()?;
    Some(
        list.iter()
            .filter_map(|id| id.as_str()?.parse().ok())
            .collect(),
    )
}

/// The rooms whose accounts changed with an event.
fn rooms_of(e: &Entry) -> Vec<Id> {
    if OF_ROOMS.contains(&e.kind.as_str()) {
        return named(e).unwrap_or_default();
    }
    let id = e.subject.strip_prefix("fee_account:");
    let id = id.or_else(|| e.subject.strip_prefix("room:"));
    id.and_then(|id| id.parse().ok()).into_iter().collect()
}

/// The accounts of the rooms that a batch billed.
async fn follow_batch(house: &House, c: Community, run: Id) -> Result<usize, ArrearsError> {
    let (mut after, mut changed) = (String::new(), 0);
    loop {
        let rooms = fees::rooms_of_run(house, c, run, &after).await?;
        let Some(last) = rooms.last() else {
            return Ok(changed);
        };
        after = last.to_string();
        changed += tend::refresh(house, c, &rooms).await?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Events of the fees after which every room owes what it owed before.
    const LEAVE_IT: [&str; 22] = [
        // Its batch says when it is whole.
        paid::BILLED.name,
        paid::ITEM_SET.name,
        paid::RATE_SET.name,
        paid::EXCHANGE_SET.name,
        paid::EXCHANGE_ASKED.name,
        paid::EXCHANGED.name,
        paid::RUN_BEGUN.name,
        paid::RUN_UNDO_BEGUN.name,
        paid::WRITE_OFF_ASKED.name,
        paid::POLICY_SET.name,
        paid::PAY_WAYS_SET.name,
        paid::TILL_COUNTED.name,
        paid::TILL_CLOSED.name,
        paid::RECEIPT_PRINTED.name,
        paid::METER_ADDED.name,
        paid::METER_READ.name,
        paid::READING_SETTLED.name,
        paid::METER_REPLACED.name,
        paid::METERS_SHARED.name,
        // A line that names a room becomes a payment with an event of its own.
        paid::BANK_LISTED.name,
        paid::BANK_SETTLED.name,
        paid::LATE_WAIVED.name,
    ];

    #[test]
    fn each_event_of_the_fees_is_followed_or_leaves_what_is_owed() {
        for kind in paid::ALL {
            let lists = [&WHOLE[..], &OF_ROOMS, &OF_A_BATCH, &OF_A_ROOM, &LEAVE_IT];
            let stands = lists.iter().filter(|l| l.contains(&kind.name)).count();
            assert_eq!(stands, 1, "{}", kind.name);
        }
    }
}
