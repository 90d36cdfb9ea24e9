//! Receipts: each payment has one number of an unbroken series, each printing is counted, and
//! a void one says so on every copy.

use super::account::{PaymentView, my_rooms};
use super::money::{Fen, Period};
use super::split::Holder;
use super::{FeesError, events, own_words, store};
use foundation::database::Look;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// Bills that one receipt names; what more it paid stands in the statement.
const PARTS_MAX: i64 = 60;

/// A receipt about to be printed.
#[derive(Clone, Debug)]
pub struct ReceiptView {
    pub payment: PaymentView,
    /// Item, months and amount of what it paid.
    pub parts: Vec<(String, String, Fen)>,
    /// Handed back since.
    pub refunded: Fen,
    /// Which printing it is; `None` for one that the owner looks at.
    pub nth: Option<i64>,
}

fn months(first: Period, last: Period) -> String {
    if first == last {
        first.to_string()
    } else {
        format!("{first} – {last}")
    }
}

/// A receipt to look at, for the desk and for whoever owns the room.
pub async fn receipt(house: &House, by: &Actor, payment: Id) -> Result<ReceiptView, FeesError> {
    let c = by.community;
    let view: Option<PaymentView> = house.db.optional(store::payment_view(c, payment)).await?;
    let mut view = view.ok_or(FeesError::NoSuchPayment)?;
    if !by.has(Permission::FeesRead) {
        by.may(Permission::HomeRead)?;
        let mine = my_rooms(house, by).await?;
        if !mine.iter().any(|(room, _)| *room == view.room) {
            return Err(FeesError::NoSuchPayment);
        }
    }
    own_words::open_payments(house, c, std::slice::from_mut(&mut view)).await?;
    if view.payer.is_empty() {
        // Nobody was named at the counter: it is paid for the room, and so for its owners of that
        // day. Whoever bought since does not read of them.
        let then = store::holders(c, view.room, view.paid_on, view.paid_on);
        let then: Vec<Holder> = house.db.all(then).await?;
        let own = then.iter().any(|h| Some(h.party) == by.person);
        if own || by.has(Permission::FeesRead) {
            let names: Vec<String> = then.into_iter().map(|h| h.name).collect();
            view.payer = names.join("、");
        }
    }
    let row: store::PaymentRow = house.db.one(store::payment(c, payment)).await?;
    let parts: Vec<store::PaidPart> = house
        .db
        .all(store::paid_parts(c, payment, PARTS_MAX))
        .await?;
    Ok(ReceiptView {
        payment: view,
        parts: parts
            .into_iter()
            .map(|p| (p.item_name, months(p.period, p.period_last), p.amount))
            .collect(),
        refunded: row.refunded,
        nth: None,
    })
}

/// Counts a printing at the desk and gives what stands on it.
pub async fn print_receipt(
    house: &House,
    by: &Actor,
    payment: Id,
) -> Result<ReceiptView, FeesError> {
    by.may(Permission::FeesRecord)?;
    let mut view = receipt(house, by, payment).await?;
    let (room, account) = (view.payment.room, by.account);
    let nth: Result<i64, FeesError> = house
        .write(
            by.community,
            &by.who_for(Permission::FeesRecord),
            move |mut tx| {
                let (c, now) = (tx.community(), tx.now());
                let (nth,): (i64,) = tx.one(store::next_copy(c, payment))?;
                tx.execute(store::insert_copy(c, payment, nth, account, now))?;
                let event = Event::new(events::RECEIPT_PRINTED)
                    .about("fee_account", room)
                    .to(Audience::Staff)
                    .with("payment", payment)
                    .with("nth", nth);
                Ok(tx.record(event, nth)?)
            },
        )
        .await;
    view.nth = Some(nth?);
    Ok(view)
}
