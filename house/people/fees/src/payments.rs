//! Payments as the desk takes them: recorded once, set against bills, and undone
//! with a reason when they were a mistake.

use jiff::civil::Date;

use super::allocation::Allotment;
use super::money::Fen;
use super::own_words::seal;
use super::settling::settle_room;
use super::store::{self, FreshPayment};
use super::{
    FeesError, NAME_CHARS_MAX, NOTE_CHARS_MAX, RECEIPT_CHARS_MAX, events, positive, reason,
};
use foundation::database::Look;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// How the money came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    Cash,
    Transfer,
    WeChat,
    Alipay,
    Card,
    Other,
}

impl Way {
    pub const ALL: [Way; 6] = [
        Way::Cash,
        Way::Transfer,
        Way::WeChat,
        Way::Alipay,
        Way::Card,
        Way::Other,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Way::Cash => "cash",
            Way::Transfer => "transfer",
            Way::WeChat => "wechat",
            Way::Alipay => "alipay",
            Way::Card => "card",
            Way::Other => "other",
        }
    }

    pub fn from_word(word: &str) -> Option<Way> {
        Way::ALL.into_iter().find(|w| w.word() == word)
    }
}

/// A payment as it is typed in.
#[derive(Clone, Debug)]
pub struct NewPayment {
    pub room: Id,
    pub paid_on: Date,
    pub way: Way,
    pub amount: Fen,
    /// The office's own receipt number; empty lets the house number it.
    pub receipt: String,
    pub payer: String,
    pub note: String,
    /// The bills that the payer names, in order; the rest pays the oldest.
    pub named: Vec<Id>,
    /// Made by the form when it is shown, so that sending it twice records once.
    pub once: Option<Id>,
}

/// What recording answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub payment: Id,
    pub number: String,
    /// How much of the room's credit, this payment included, went to bills now.
    pub allocated: Fen,
}

/// Records a payment and sets it against the room's bills; what is over stays as
/// the room's credit.
pub async fn record(house: &House, by: &Actor, new: NewPayment) -> Result<Receipt, FeesError> {
    by.may(Permission::FeesRecord)?;
    let amount = positive(new.amount)?;
    if new.paid_on > house.now().date() {
        return Err(FeesError::DateAhead);
    }
    let (receipt, payer, note) = (new.receipt.trim(), new.payer.trim(), new.note.trim());
    if receipt.chars().count() > RECEIPT_CHARS_MAX {
        return Err(FeesError::ReceiptTooLong);
    }
    if payer.chars().count() > NAME_CHARS_MAX {
        return Err(FeesError::NameLength);
    }
    if note.chars().count() > NOTE_CHARS_MAX {
        return Err(FeesError::NoteTooLong);
    }
    let mut fresh = FreshPayment {
        id: new.once.unwrap_or_else(|| house.id()),
        room: new.room,
        paid_on: new.paid_on,
        way: new.way,
        amount,
        receipt: receipt.to_owned(),
        payer: seal(house, by.community, new.room, store::PAYER, payer).await?,
        note: seal(house, by.community, new.room, store::NOTE, note).await?,
        source: "desk",
        source_key: None,
        import: None,
        recorded_by: by.account,
    };
    let named = new.named;
    let year = house.now().date().year();
    house
        .write(
            by.community,
            &by.who_for(Permission::FeesRecord),
            move |mut tx| {
                let c = tx.community();
                let room: Option<(Id,)> = tx.optional(store::room_is_there(c, fresh.room))?;
                room.ok_or(FeesError::NoSuchRoom)?;
                if tx
                    .optional::<store::PaymentRow>(store::payment(c, fresh.id))?
                    .is_some()
                {
                    return Err(FeesError::ReceiptTaken);
                }
                if fresh.receipt.is_empty() {
                    fresh.receipt = free_receipt(&mut tx, year)?;
                } else if tx
                    .optional::<(Id,)>(store::payment_by_receipt(c, &fresh.receipt))?
                    .is_some()
                {
                    return Err(FeesError::ReceiptTaken);
                }
                store::insert_payments(&mut tx, std::slice::from_ref(&fresh))?;
                let allocated = settle_room(&mut tx, fresh.room, &named)?;
                let event = Event::new(events::PAYMENT_RECORDED)
                    .about("fee_account", fresh.room)
                    .to(Audience::Staff)
                    .with("payment", fresh.id)
                    .with("fen", fresh.amount.0)
                    .with("way", fresh.way.word())
                    .with("allocated", allocated.0);
                let receipt = Receipt {
                    payment: fresh.id,
                    number: fresh.receipt,
                    allocated,
                };
                Ok(tx.record(event, receipt)?)
            },
        )
        .await
}

/// Numbers that the office typed itself may look like ours; those are stepped over.
fn free_receipt(tx: &mut foundation::database::Tx<'_>, year: i16) -> Result<String, FeesError> {
    const STEPS_MAX: usize = 1_000;
    let c = tx.community();
    for _ in 0..STEPS_MAX {
        let (n,): (i64,) = tx.one(store::next_receipt(c, year))?;
        let number = format!("{year}-{n:06}");
        let taken: Option<(Id,)> = tx.optional(store::payment_by_receipt(c, &number))?;
        if taken.is_none() {
            return Ok(number);
        }
    }
    Err(FeesError::ReceiptTaken)
}

/// Undoes a payment that was a mistake; its bills are open again. On the day it was
/// recorded the desk itself may (a slip of the keyboard); later only who may write
/// off, because a payment that vanishes is how money is taken.
pub async fn void_payment(
    house: &House,
    by: &Actor,
    payment: Id,
    why: &str,
) -> Result<(), FeesError> {
    let late = by.has(Permission::FeesWriteOff) && !super::corrections::takes_money(by);
    let right = if late {
        Permission::FeesWriteOff
    } else {
        Permission::FeesRecord
    };
    by.may(right)?;
    let why = reason(why)?;
    let of: Option<store::PaymentRow> = house
        .db
        .optional(store::payment(by.community, payment))
        .await?;
    let room = of.ok_or(FeesError::NoSuchPayment)?.room;
    let why = seal(house, by.community, room, store::VOIDED, &why).await?;
    let today = house.now().date();
    house
        .write(by.community, &by.who_for(right), move |mut tx| {
            let c = tx.community();
            let row: store::PaymentRow = tx
                .optional(store::payment(c, payment))?
                .ok_or(FeesError::NoSuchPayment)?;
            if row.state == "void" {
                return Err(FeesError::AlreadyVoid);
            }
            if row.refunded.is_positive() {
                return Err(FeesError::Refunded);
            }
            let recorded_on = row.recorded_at.date();
            if !late && recorded_on != today {
                return Err(FeesError::NotToday { recorded_on });
            }
            let parts: Vec<Allotment> = tx.all(store::allotments_of_payment(c, payment))?;
            for part in parts {
                store::take_back(&mut tx, part)?;
            }
            tx.execute(store::mark_payment_void(c, payment, &why))?;
            settle_room(&mut tx, row.room, &[])?;
            let event = Event::new(events::PAYMENT_VOIDED)
                .about("fee_account", row.room)
                .to(Audience::Staff)
                .with("payment", payment)
                .with("fen", row.amount.0);
            Ok(tx.record(event, ())?)
        })
        .await
}
