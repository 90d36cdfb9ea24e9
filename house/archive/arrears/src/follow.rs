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

/// Events that name no room, or too many: every account is worked out anew.
const WHOLE: [&str; 6] = [
    paid::BILLED.name,
    paid::RUN_UNDONE.name,
    paid::CREDITS_SETTLED.name,
    imported::COMMITTED.name,
    imported::UNDONE.name,
    listed::ORDER_APPLIED.name,
];

/// Events about one room's account.
const OF_A_ROOM: [&str; 15] = [
    paid::BILL_ADDED.name,
    paid::BILL_VOIDED.name,
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
    let kinds: Vec<&str> = WHOLE.into_iter().chain(OF_A_ROOM).collect();
    let mut changed = 0;
    loop {
        let part = CURSOR.next(&house.db, c, &kinds).await?;
        let concerns_all = |e: &Entry| WHOLE.contains(&e.kind.as_str());
        if part.first || part.events.iter().any(concerns_all) {
            changed += tend::tend(house, c).await?;
        }
        let rooms: BTreeSet<Id> = part
            .events
            .iter()
            .filter_map(|e| {
                let id = e.subject.strip_prefix("fee_account:");
                id.or_else(|| e.subject.strip_prefix("room:"))?.parse().ok()
            })
            .collect();
        let rooms: Vec<Id> = rooms.into_iter().collect();
        changed += tend::refresh(house, c, &rooms).await?;
        CURSOR.met(&house.db, c, &part).await?;
        if part.last {
            return Ok(changed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Events of the fees after which every room owes what it owed before.
    const LEAVE_IT: [&str; 20] = [
        paid::ITEM_SET.name,
        paid::RATE_SET.name,
        paid::EXCHANGE_SET.name,
        paid::EXCHANGE_ASKED.name,
        paid::EXCHANGED.name,
        paid::RUN_BEGUN.name,
        paid::RUN_DONE.name,
        paid::RUN_UNDO_BEGUN.name,
        paid::WRITE_OFF_ASKED.name,
        paid::POLICY_SET.name,
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
    ];

    #[test]
    fn each_event_of_the_fees_is_followed_or_leaves_what_is_owed() {
        for kind in paid::ALL {
            let lists = [&WHOLE[..], &OF_A_ROOM, &LEAVE_IT];
            let stands = lists.iter().filter(|l| l.contains(&kind.name)).count();
            assert_eq!(stands, 1, "{}", kind.name);
        }
    }
}
