//! Fees: items, bills, payments, balances and arrears, in integer fen.
//!
//! A bill is for one room, one item and one month, and is made once. A payment is
//! set against the oldest bills of its room unless the payer names others; what is
//! left over stays as the room's credit and pays what comes next. No card is
//! charged here: the office records what it received.
//!
//! The books balance at every moment, held by a test over random histories:
//! bills + adjustments − write-offs = allocated + owed, and payments = allocated +
//! credit. Whoever takes money never writes it off.

mod account;
mod ageing;
pub mod allocation;
pub mod arrears;
mod billing;
mod corrections;
pub mod events;
pub mod exchange;
pub mod exchange_out;
pub mod imported;
mod items;
mod money;
mod open_accounts;
mod own_words;
mod pages;
mod payments;
mod plans;
mod settling;
mod store;
#[cfg(test)]
mod tests;

pub use account::{
    AccountView, BillView, CorrectionView, PaymentView, PlanView, account, my_rooms,
    payments_of_day,
};
pub use ageing::{AgeingPage, AgeingQuery, AgeingRow, Bucket, Sort, Totals, ageing, totals};
pub use arrears::{Arrears, ItemArrears, arrears_of, arrears_of_rooms};
pub use billing::{Billed, Preview, PreviewItem, add_bill, bill_month, preview_month, void_bill};
pub use corrections::{adjust, write_off};
pub use items::{
    Basis, FeeItem, ItemDraft, ItemKind, amount_for, items, make_item, set_item, set_rate,
};
pub use money::{Decimals, FEN_MAX, Fen, NotMoney, OutOfRange, Period};
pub use open_accounts::{OpenAccount, OpenPlan, open_accounts};
pub use own_words::seal_clear;
pub use pages::routes;
pub use payments::{NewPayment, Receipt, Way, record, void_payment};
pub use plans::{PLAN_PARTS_MAX, PlanPart, agree_plan, end_plan};

use jiff::civil::Date;

use foundation::database::DbError;
use foundation::keys::KeyError;
use permissions::actor::Forbidden;

/// The longest reason or note, in characters; longer ones belong into a letter.
pub const NOTE_CHARS_MAX: usize = 500;
/// The longest name of an item or a payer.
pub const NAME_CHARS_MAX: usize = 60;
/// The longest receipt number that an office's own books use.
pub const RECEIPT_CHARS_MAX: usize = 40;

/// Why a verb of this room did nothing.
#[derive(Debug, thiserror::Error)]
pub enum FeesError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there is no such room in this compound")]
    NoSuchRoom,
    #[error("there is no such fee item in this compound")]
    NoSuchItem,
    #[error("there is no such bill in this compound")]
    NoSuchBill,
    #[error("there is no such payment in this compound")]
    NoSuchPayment,
    #[error("there is no such plan in this compound")]
    NoSuchPlan,
    #[error("the name has 1 to {NAME_CHARS_MAX} characters")]
    NameLength,
    #[error("another fee item has this name")]
    NameTaken,
    #[error("the due day is 1 to 31, at most 12 months later")]
    DueDay,
    #[error("the last month lies before the first")]
    MonthsReversed,
    #[error("the item has no rate: its bills are entered or imported")]
    NoRates,
    #[error("the amount must be above zero and at most {}", Fen(FEN_MAX))]
    Amount,
    #[error("the room has a bill of this item for this month already")]
    AlreadyBilled,
    #[error("a reason of 1 to {NOTE_CHARS_MAX} characters is needed")]
    Reason,
    #[error("a note has at most {NOTE_CHARS_MAX} characters")]
    NoteTooLong,
    #[error("only {owed} is owed on this bill")]
    MoreThanOwed { owed: Fen },
    #[error("a bill cannot fall below zero; {left} is left of it")]
    BelowZero { left: Fen },
    #[error("the date lies after today")]
    DateAhead,
    #[error("the receipt number has at most {RECEIPT_CHARS_MAX} characters")]
    ReceiptTooLong,
    #[error("another payment has this receipt number")]
    ReceiptTaken,
    #[error("this form was sent before, and what it asks for is done")]
    Again,
    #[error("it is void already")]
    AlreadyVoid,
    #[error("after the day it was recorded only the manager voids a payment")]
    NotToday { recorded_on: Date },
    #[error("who takes money never writes it off or adjusts it")]
    CashierNeverWritesOff,
    #[error("a plan has 1 to {PLAN_PARTS_MAX} instalments, each later than the one before")]
    PlanParts,
    #[error("the room has an active plan already")]
    PlanActive,
    #[error("the plan has ended already")]
    PlanEnded,
    #[error(
        "the folder must be an absolute path that can be written, outside the house's own data"
    )]
    Folder,
    #[error("the hour is one of the day's 1,440 minutes")]
    Hour,
    #[error("no exchange of files was set for this compound")]
    NoExchange,
    #[error(transparent)]
    Database(#[from] DbError),
    #[error("the key store: {0}")]
    Keys(#[from] KeyError),
}

impl From<OutOfRange> for FeesError {
    fn from(_: OutOfRange) -> FeesError {
        FeesError::Amount
    }
}

/// A trimmed reason, or the answer that one is needed.
fn reason(text: &str) -> Result<String, FeesError> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > NOTE_CHARS_MAX {
        return Err(FeesError::Reason);
    }
    Ok(text.to_owned())
}

/// An amount from outside, above zero.
fn positive(amount: Fen) -> Result<Fen, FeesError> {
    if amount.0 > 0 && amount.0 <= FEN_MAX {
        Ok(amount)
    } else {
        Err(FeesError::Amount)
    }
}
