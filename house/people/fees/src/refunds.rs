//! Money handed back: a household that paid too much, or leaves, gets its credit again.

use jiff::civil::Date;

use super::allocation::Credit;
use super::corrections::may_correct;
use super::money::Fen;
use super::own_words::seal;
use super::payments::Way;
use super::{FeesError, events, positive, reason, store};
use foundation::database::Look;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// Refunds of a room that a page shows.
const SHOWN_MAX: i64 = 100;

/// A part of a payment that was handed back.
#[derive(Clone, Debug)]
pub struct RefundView {
    pub id: Id,
    pub receipt: String,
    pub amount: Fen,
    pub paid_on: Date,
    pub way: Way,
    pub reason: String,
}

/// Hands back a part of the room's credit, out of its oldest payments. The manager decides
/// it, who takes no money. `once` is an id that the form brings, so that sending it twice does
/// it once.
///
/// # Errors
/// [`FeesError::MoreThanCredit`]; [`FeesError::Again`] the second time.
pub async fn refund(
    house: &House,
    by: &Actor,
    room: Id,
    amount: Fen,
    way: Way,
    why: &str,
    once: Option<Id>,
) -> Result<Id, FeesError> {
    may_correct(by)?;
    let why = reason(why)?;
    let amount = positive(amount)?;
    let why = seal(house, by.community, room, store::REFUNDED_WHY, &why).await?;
    let (id, account) = (once.unwrap_or_else(|| house.id()), by.account);
    let today = house.now().date();
    house
        .write(
            by.community,
            &by.who_for(Permission::FeesWriteOff),
            move |mut tx| {
                let (c, now) = (tx.community(), tx.now());
                if tx.optional::<(Id,)>(store::refund(c, id))?.is_some() {
                    return Err(FeesError::Again);
                }
                let credits: Vec<Credit> = tx.all(store::credits(c, room))?;
                let have = Fen::sum(credits.iter().map(|c| c.left))?;
                if amount > have {
                    return Err(FeesError::MoreThanCredit { credit: have });
                }
                let mut left = amount.0;
                for credit in credits {
                    let part = left.min(credit.left.0);
                    if part == 0 {
                        break;
                    }
                    left -= part;
                    tx.execute(store::take_credit(c, credit.payment, Fen(part)))?;
                    tx.execute(store::insert_refund(
                        c,
                        id,
                        (credit.payment, room),
                        Fen(part),
                        (today, way),
                        &why,
                        account,
                        now,
                    ))?;
                }
                let event = Event::new(events::REFUNDED)
                    .about("fee_account", room)
                    .to(Audience::Staff)
                    .with("refund", id)
                    .with("way", way.word())
                    .with("fen", amount.0);
                Ok(tx.record(event, id)?)
            },
        )
        .await
}

/// What was handed back to a room, the newest first.
pub async fn refunds_of_room(
    house: &House,
    by: &Actor,
    room: Id,
) -> Result<Vec<RefundView>, FeesError> {
    by.may(Permission::FeesRead)?;
    let c = by.community;
    let mut found: Vec<RefundView> = house
        .db
        .all(store::refunds_of_room(c, room, SHOWN_MAX))
        .await?;
    let ring = house.keys.ring(c, &[room]).await?;
    for one in &mut found {
        one.reason = ring
            .open_text(room, store::REFUNDED_WHY, &one.reason)
            .map_err(foundation::keys::KeyError::from)?;
    }
    Ok(found)
}
