//! Fees: items, bills, payments, balances and arrears, in integer fen.
//!
//! A bill is for one room, one item and one month, and is made once. A payment is
//! set against the oldest bills of its room unless the payer names others; what is
//! left over stays as the room's credit and pays what comes next. No card is
//! charged here: the office records what it received.
//!
//! The books balance at every moment, held by a test over random histories:
//! bills + adjustments − write-offs = allocated + owed, and payments = allocated +
//! credit + refunds. Whoever takes money never writes it off.
//!
//! In the order of life: [`make_item`] · [`set_rate`] · [`meters`] · [`begin_run`] ·
//! [`record`] · [`charge_late`] · [`adjust`] · [`write_off`] · [`refund`] · [`agree_plan`] · [`count_till`];
//! looked at by [`account`], [`balances_on`], [`ageing`], [`statement`].

mod account;
mod ageing;
pub mod allocation;
mod amounts;
pub mod arrears;
mod balances;
mod bank;
mod billing;
pub mod checking;
mod closing;
mod corrections;
pub mod events;
pub mod exchange;
pub mod exchange_out;
pub mod imported;
mod items;
mod late;
pub mod meters;
mod money;
mod open_accounts;
mod own_words;
mod pages;
mod pay_ways;
mod payments;
mod persons;
mod plans;
mod policy;
mod receipts;
mod refunds;
mod rule;
mod runs;
mod settling;
mod split;
mod statement;
mod store;
#[cfg(test)]
mod tests;
mod waits;
mod writing_off;

pub use account::{
    AccountView, BillView, CorrectionView, PaymentView, PlanView, account, my_rooms,
    payments_of_day,
};
pub use ageing::{AgeingPage, AgeingQuery, AgeingRow, Bucket, Sort, Totals, ageing, totals};
pub use amounts::{late_fee, parted, price};
pub use arrears::{Arrears, ItemArrears, arrears_of, arrears_of_rooms};
pub use balances::{Balances, ItemBalance, balances_on, compound_on};
pub use bank::{
    BANK_FILE_BYTES_MAX, BANK_LINES_MAX, BankTaken, BankView, Fate, Seen, bank_waiting,
    preview_bank, settle_bank, take_bank,
};
pub use billing::{
    Billed, Preview, PreviewItem, Unbilled, add_bill, bill_month, preview_month, void_bill,
};
pub use closing::{ByWay, ClosingView, Till, close_till, closings, count_till, till};
pub use corrections::adjust;
pub use items::{
    Basis, FeeItem, ItemDraft, ItemKind, NewRate, PartMonth, RateView, TIERS_MAX, Tier, TierSpan,
    amount_for, items, make_item, rates, set_item, set_rate, set_rate_by,
};
pub use late::{LATE_ITEM, LateLine, LateView, charge_late, late_of_room, late_sum, waive_late};
pub use money::{Decimals, FEN_MAX, Fen, NotMoney, OutOfRange, Period};
pub use open_accounts::{OpenAccount, OpenPlan, open_accounts};
pub use own_words::seal_clear;
pub use pages::routes;
pub use pay_ways::{PayWays, WAY_CHARS_MAX, pay_ways, set_pay_ways};
pub use payments::{NewPayment, Receipt, Way, record, void_payment};
pub use plans::{PLAN_PARTS_MAX, PlanPart, agree_plan, end_plan};
pub use policy::{Policy, policy, set_policy};
pub use receipts::{ReceiptView, print_receipt, receipt};
pub use refunds::{RefundView, refund, refunds_of_room};
pub use rule::Hands;
pub use runs::{RunState, RunView, begin_run, carry_on, jobs, rooms_of_run, runs, undo_run};
pub use split::{Bearer, Holder, Portion, Split, split};
pub use statement::{Statement, buildings, statement, statements_of_building};
pub use waits::waiting_for;
pub use writing_off::{WishView, WriteOff, decide_write_off, wishes, write_off};

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
    #[error("a way to pay has at most {WAY_CHARS_MAX} characters")]
    WayTooLong,
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
    #[error("there is no such batch in this compound")]
    NoSuchRun,
    #[error("no item of this month has a rate")]
    NothingToBill,
    #[error("the batch is not in a state for this")]
    RunOver,
    #[error("{bills} of its bills were paid, corrected or gone on from")]
    RunTouched { bills: i64 },
    #[error("there is no such meter in this compound")]
    NoSuchMeter,
    #[error("there is no such reading in this compound")]
    NoSuchReading,
    #[error("a meter's number has 1 to {} characters", meters::NUMBER_CHARS_MAX)]
    MeterNumber,
    #[error("another meter of this item has the number")]
    MeterTaken,
    #[error("the meter was taken out")]
    MeterOut,
    #[error("the number does not fit on the dial")]
    Dial,
    #[error("the item is not billed by such a meter")]
    NotByMeter,
    #[error("the meter was read on {last} already; only later readings follow")]
    ReadingOrder { last: Date },
    #[error("the dial stood higher before")]
    RunsBack { last: i64 },
    #[error("the reading was settled before, or is not the newest")]
    ReadingSettled,
    #[error("too few readings are known to reckon from")]
    NothingUsual,
    #[error("the office reads the meters itself")]
    OwnersDoNotRead,
    #[error("at most {TIERS_MAX} tiers, each above the one before, of a metered item")]
    Tiers,
    #[error("only {credit} is left to hand back")]
    MoreThanCredit { credit: Fen },
    #[error("a part of it was handed back")]
    Refunded,
    #[error("there is no such request in this compound")]
    NoSuchWish,
    #[error("a write-off of this bill waits for a second person already")]
    WishOpen,
    #[error("the request was decided before")]
    WishDecided,
    #[error("another person than the one who asked has to do this")]
    SamePerson,
    #[error("a late fee is at most 0.2 % a day and 30 % of the debt, and names its clause")]
    LateFee,
    #[error("the day lies behind the first of the bill's days, up to the last")]
    SplitDay,
    #[error("no late fee is to be charged or given up")]
    NoLateFee,
    #[error("the late fee comes to {now} now")]
    LateChanged { now: Fen },
    #[error("what was counted differs from the books: a reason is needed")]
    Difference,
    #[error("a closing waits for its second person already")]
    TillCounted,
    #[error("there is no such closing in this compound")]
    NoSuchClosing,
    #[error("1 to {BANK_LINES_MAX} lines")]
    BankLines,
    #[error("the picture: {0}")]
    Picture(#[from] foundation::pictures::PictureRefused),
    #[error("the disk: {0}")]
    Disk(std::io::Error),
    #[error("the bank's file: {0}")]
    BankFile(sheets::OpenError),
    #[error("no head with a day and a sum was found")]
    BankHead,
    #[error("there is no such line in this compound's lists")]
    NoSuchLine,
    #[error("no paper of this compound has the code")]
    NoSuchPaper,
    #[error("too many rooms for one paper")]
    PaperTooLong,
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
