//! Sets credits against open bills and takes them back, inside a write.

use super::allocation::{Allotment, Credit, Debt, allot};
use super::money::Fen;
use super::{FeesError, events, store};
use foundation::database::{DbError, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Event;
use permissions::actor::Actor;

/// Rooms settled in one stay in the writer after a run or an import.
const ROOMS_AT_ONCE: i64 = 200;

/// Sets the room's credits against its open bills; how much that was. Called after
/// everything that makes a bill, a credit, or room on a bill.
pub(super) fn settle_room(tx: &mut Tx<'_>, room: Id, named: &[Id]) -> Result<Fen, DbError> {
    let c = tx.community();
    let credits: Vec<Credit> = tx.all(store::credits(c, room))?;
    if credits.is_empty() {
        return Ok(Fen::ZERO);
    }
    let debts: Vec<Debt> = tx.all(store::debts(c, room))?;
    let mut total = Fen::ZERO;
    for part in allot(&debts, &credits, named) {
        store::put_allotment(tx, part)?;
        total = total.plus(part.amount)?;
    }
    Ok(total)
}

/// Takes `amount` of what pays the bill back into credit, the newest payment first.
pub(super) fn release(tx: &mut Tx<'_>, bill: Id, amount: Fen) -> Result<(), DbError> {
    let c = tx.community();
    let mut wanted = amount.0;
    let parts: Vec<Allotment> = tx.all(store::allotments_of_bill(c, bill))?;
    for part in parts {
        if wanted <= 0 {
            break;
        }
        let back = part.amount.0.min(wanted);
        wanted -= back;
        let part = Allotment {
            amount: Fen(back),
            ..part
        };
        store::take_back(tx, part)?;
    }
    Ok(())
}

/// Settles every room that has both credit and open bills, in short stays in the
/// writer: after a month's run and after an import. It may be called again at any
/// time; when nothing is left it does nothing.
pub(super) async fn settle_all(house: &House, by: &Actor) -> Result<(), FeesError> {
    let c = by.community;
    loop {
        let left: Vec<(Id,)> = house.db.all(store::rooms_to_settle(c, 1)).await?;
        if left.is_empty() {
            return Ok(());
        }
        let settled: Result<(), DbError> = house
            .write(c, &by.who(), move |mut tx| {
                let rooms: Vec<(Id,)> = tx.all(store::rooms_to_settle(c, ROOMS_AT_ONCE))?;
                let mut total = Fen::ZERO;
                for (room,) in &rooms {
                    total = total.plus(settle_room(&mut tx, *room, &[])?)?;
                }
                let event = Event::new(events::CREDITS_SETTLED)
                    .with("rooms", rooms.len() as i64)
                    .with("fen", total.0)
                    // Whoever follows the books looks at these accounts and at no other.
                    .with("settled", rooms.iter().map(|r| r.0).collect::<Vec<Id>>());
                tx.record(event, ())
            })
            .await;
        settled?;
    }
}
