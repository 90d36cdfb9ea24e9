//! What is open on rooms' accounts, item by item, with the instalments that were agreed: for
//! rooms that work with the dates of debts.

use std::collections::HashMap;

use jiff::civil::Date;

use super::arrears::OpenBill;
use super::money::Fen;
use super::plans::PlanPart;
use super::store;
use foundation::database::{Community, DbError, LIST_MAX};
use foundation::house::House;
use foundation::ids::Id;

/// What is open on one room's account.
#[derive(Clone, Debug, Default)]
pub struct OpenAccount {
    /// Due or not, the earliest first.
    pub bills: Vec<OpenBill>,
    /// Paid and not yet set against a bill: it pays the oldest first.
    pub credit: Fen,
    pub plan: Option<OpenPlan>,
}

/// The plan that is agreed and not ended, past its last date too.
#[derive(Clone, Debug)]
pub struct OpenPlan {
    pub from: Date,
    /// By their dates.
    pub parts: Vec<PlanPart>,
}

/// The open accounts of some rooms; every room asked for is in the answer. It asks nobody's
/// permission, so whoever shows it must.
pub async fn open_accounts(
    house: &House,
    c: Community,
    rooms: &[Id],
) -> Result<HashMap<Id, OpenAccount>, DbError> {
    let mut out: HashMap<Id, OpenAccount> = HashMap::with_capacity(rooms.len());
    for part in rooms.chunks(LIST_MAX) {
        for room in part {
            out.entry(*room).or_default();
        }
        for (room, bill) in store::read_open_bills(&house.db, c, part).await? {
            out.entry(room).or_default().bills.push(bill);
        }
        let credits: Vec<(Id, Fen)> = house.db.all(store::credits_of_rooms(c, part)).await?;
        for (room, credit) in credits {
            out.entry(room).or_default().credit = credit;
        }
        for row in house.db.all(store::parts_of_rooms(c, part)).await? {
            let store::PartOfRoom { room, from, part } = row;
            let plan = &mut out.entry(room).or_default().plan;
            let plan = plan.get_or_insert(OpenPlan {
                from,
                parts: Vec::new(),
            });
            plan.parts.push(part);
        }
    }
    for account in out.values_mut() {
        account.bills.sort_by_key(|b| (b.due, b.item));
    }
    Ok(out)
}
