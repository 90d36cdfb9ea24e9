//! Writing off: the manager gives up a debt with a reason; above the office's limit another
//! person agrees first. Never who takes money.

use super::corrections::{first_time, may_correct, open_bill, room_of, takes_money};
use super::money::{Fen, Period};
use super::own_words::seal;
use super::policy::policy;
use super::store::{self, BillRow, Shift, WishRow};
use super::{FeesError, events, persons, positive, reason};
use foundation::database::{Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// Requests that a page shows.
const SHOWN_MAX: i64 = 100;

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteOff {
    Done,
    /// Above the limit: this request waits for a second person.
    Waiting(Id),
}

/// A request that waits.
#[derive(Clone, Debug)]
pub struct WishView {
    pub id: Id,
    pub bill: Id,
    pub room: Id,
    pub code: String,
    pub item_name: String,
    pub period: Period,
    pub amount: Fen,
    pub reason: String,
    pub asked_at_ms: i64,
    /// Asked by the one who looks.
    pub own: bool,
}

/// Gives up a debt or a part of it. Only what is still owed can be written off. `once` is an
/// id that the form brings, so that sending it twice does it once.
///
/// # Errors
/// [`FeesError::Again`] the second time.
pub async fn write_off(
    house: &House,
    by: &Actor,
    bill: Id,
    amount: Fen,
    why: &str,
    once: Option<Id>,
) -> Result<WriteOff, FeesError> {
    may_correct(by)?;
    let why = reason(why)?;
    let room = room_of(house, by, bill).await?;
    let why = seal(house, by.community, room, store::REASON, &why).await?;
    let amount = positive(amount)?;
    let limit = policy(house, by.community).await?.write_off_limit;
    let (id, account) = (once.unwrap_or_else(|| house.id()), by.account);
    house
        .write(
            by.community,
            &by.who_for(Permission::FeesWriteOff),
            move |mut tx| {
                let (c, now) = (tx.community(), tx.now());
                first_time(&mut tx, id)?;
                if tx.optional::<WishRow>(store::wish(c, id))?.is_some() {
                    return Err(FeesError::Again);
                }
                let row = open_bill(&mut tx, bill)?;
                if amount > row.owed {
                    return Err(FeesError::MoreThanOwed { owed: row.owed });
                }
                if amount > limit {
                    if tx.optional::<(Id,)>(store::wish_open(c, bill))?.is_some() {
                        return Err(FeesError::WishOpen);
                    }
                    tx.execute(store::insert_wish(c, id, bill, amount, &why, account, now))?;
                    let event = Event::new(events::WRITE_OFF_ASKED)
                        .about("fee_account", row.room)
                        .to(Audience::Staff)
                        .with("bill", bill)
                        .with("wish", id)
                        .with("fen", amount.0);
                    return Ok(tx.record(event, WriteOff::Waiting(id))?);
                }
                take_off(&mut tx, id, &row, amount, &why, account)?;
                Ok(tx.record(off_event(&row, amount), WriteOff::Done)?)
            },
        )
        .await
}

fn off_event(row: &BillRow, amount: Fen) -> Event {
    Event::new(events::WRITTEN_OFF)
        .about("fee_account", row.room)
        .to(Audience::Staff)
        .with("bill", row.id)
        .with("fen", amount.0)
}

fn take_off(
    tx: &mut Tx<'_>,
    id: Id,
    row: &BillRow,
    amount: Fen,
    why: &str,
    account: Option<Id>,
) -> Result<(), FeesError> {
    let (c, now) = (tx.community(), tx.now());
    let by = Shift {
        written_off: amount.0,
        ..Shift::default()
    };
    tx.execute(store::shift_bill(c, row.id, by))?;
    tx.execute(store::insert_correction(
        c,
        id,
        row.id,
        "write_off",
        amount,
        why,
        account,
        now,
    ))?;
    Ok(())
}

/// The write-offs that wait for a second person, the oldest first.
pub async fn wishes(house: &House, by: &Actor) -> Result<Vec<WishView>, FeesError> {
    by.may(Permission::FeesSecond)?;
    let c = by.community;
    let rows: Vec<WishRow> = house.db.all(store::wishes(c, SHOWN_MAX)).await?;
    let rooms: Vec<Id> = rows.iter().map(|r| r.room).collect();
    let ring = house.keys.ring(c, &rooms).await?;
    rows.into_iter()
        .map(|r| {
            Ok(WishView {
                reason: ring
                    .open_text(r.room, store::REASON, &r.reason)
                    .map_err(foundation::keys::KeyError::from)?,
                own: by.account.is_some() && by.account == r.asked_by,
                id: r.id,
                bill: r.bill,
                room: r.room,
                code: r.code,
                item_name: r.item_name,
                period: r.period,
                amount: r.amount,
                asked_at_ms: r.asked_at.0,
            })
        })
        .collect()
}

/// Another person than who asked agrees or refuses; whoever takes money neither.
pub async fn decide_write_off(
    house: &House,
    by: &Actor,
    wish: Id,
    agrees: bool,
) -> Result<(), FeesError> {
    by.may(Permission::FeesSecond)?;
    if takes_money(by) {
        return Err(FeesError::CashierNeverWritesOff);
    }
    let (id, account) = (house.id(), by.account);
    house
        .write(
            by.community,
            &by.who_for(Permission::FeesSecond),
            move |mut tx| {
                let (c, now) = (tx.community(), tx.now());
                let row: WishRow = tx
                    .optional(store::wish(c, wish))?
                    .ok_or(FeesError::NoSuchWish)?;
                if row.state != "asked" {
                    return Err(FeesError::WishDecided);
                }
                if persons::same(&mut tx, c, row.asked_by, account)? {
                    return Err(FeesError::SamePerson);
                }
                if agrees {
                    let bill = open_bill(&mut tx, row.bill)?;
                    if row.amount > bill.owed {
                        return Err(FeesError::MoreThanOwed { owed: bill.owed });
                    }
                    take_off(&mut tx, id, &bill, row.amount, &row.reason, row.asked_by)?;
                }
                let word = if agrees { "agreed" } else { "refused" };
                tx.execute(store::decide_wish(c, wish, word, account, now))?;
                let event = Event::new(events::WRITE_OFF_DECIDED)
                    .about("fee_account", row.room)
                    .to(Audience::Staff)
                    .with("bill", row.bill)
                    .with("wish", wish)
                    .with("fen", row.amount.0)
                    .with("decision", word);
                Ok(tx.record(event, ())?)
            },
        )
        .await
}
