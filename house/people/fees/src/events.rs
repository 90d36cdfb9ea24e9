//! What the fees room writes into the ledger. Words are frozen.

use foundation::ledger::Kind;

/// A fee item was made or changed.
pub const ITEM_SET: Kind = Kind::new("fees.item_set", 1);
/// A rate applies from a month on.
pub const RATE_SET: Kind = Kind::new("fees.rate_set", 1);
/// Bills of a month were made from rates; one event for a chunk of rooms.
pub const BILLED: Kind = Kind::new("fees.billed", 1);
/// One bill was made by hand.
pub const BILL_ADDED: Kind = Kind::new("fees.bill_added", 1);
pub const BILL_VOIDED: Kind = Kind::new("fees.bill_voided", 1);
pub const PAYMENT_RECORDED: Kind = Kind::new("fees.payment_recorded", 1);
pub const PAYMENT_VOIDED: Kind = Kind::new("fees.payment_voided", 1);
pub const ADJUSTED: Kind = Kind::new("fees.adjusted", 1);
pub const WRITTEN_OFF: Kind = Kind::new("fees.written_off", 1);
pub const PLAN_AGREED: Kind = Kind::new("fees.plan_agreed", 1);
pub const PLAN_ENDED: Kind = Kind::new("fees.plan_ended", 1);
/// Credits of several rooms were set against their bills after an import or a run.
pub const CREDITS_SETTLED: Kind = Kind::new("fees.credits_settled", 1);
/// The exchange of files with another system was set.
pub const EXCHANGE_SET: Kind = Kind::new("fees.exchange_set", 1);
/// Somebody asked for an exchange now, besides its hour.
pub const EXCHANGE_ASKED: Kind = Kind::new("fees.exchange_asked", 1);
/// Files were exchanged: how it ended, in counts.
pub const EXCHANGED: Kind = Kind::new("fees.exchanged", 1);
/// A batch of a month's bills was begun, is whole, is being taken back, was.
pub const RUN_BEGUN: Kind = Kind::new("fees.run_begun", 1);
pub const RUN_DONE: Kind = Kind::new("fees.run_done", 1);
pub const RUN_UNDO_BEGUN: Kind = Kind::new("fees.run_undo_begun", 1);
/// A chunk of its bills left the books, of these rooms; the last one is of none.
pub const RUN_UNDONE: Kind = Kind::new("fees.run_undone", 1);
/// Credit was handed back to the household.
pub const REFUNDED: Kind = Kind::new("fees.refunded", 1);
/// A write-off above the limit waits for a second person, who agrees or refuses.
pub const WRITE_OFF_ASKED: Kind = Kind::new("fees.write_off_asked", 1);
pub const WRITE_OFF_DECIDED: Kind = Kind::new("fees.write_off_decided", 1);
pub const POLICY_SET: Kind = Kind::new("fees.policy_set", 1);
/// How the office is paid was set, as it stands on statements and letters.
pub const PAY_WAYS_SET: Kind = Kind::new("fees.pay_ways_set", 1);
/// The till was counted by one person, and closed by another.
pub const TILL_COUNTED: Kind = Kind::new("fees.till_counted", 1);
pub const TILL_CLOSED: Kind = Kind::new("fees.till_closed", 1);
pub const RECEIPT_PRINTED: Kind = Kind::new("fees.receipt_printed", 1);
pub const METER_ADDED: Kind = Kind::new("fees.meter_added", 1);
pub const METER_READ: Kind = Kind::new("fees.meter_read", 1);
/// A reading that was asked about was taken or dropped, or one was taken back.
pub const READING_SETTLED: Kind = Kind::new("fees.reading_settled", 1);
pub const METER_REPLACED: Kind = Kind::new("fees.meter_replaced", 1);
/// What shared meters have to part went into a batch.
pub const METERS_SHARED: Kind = Kind::new("fees.meters_shared", 1);
/// A bank's list was taken in: how many of its lines named a room, wait, were known.
pub const BANK_LISTED: Kind = Kind::new("fees.bank_listed", 1);
/// A line of it that waited became a payment of a room, or was left aside.
pub const BANK_SETTLED: Kind = Kind::new("fees.bank_settled", 1);
/// A late fee that the contract names was charged as a bill, or given up.
pub const LATE_CHARGED: Kind = Kind::new("fees.late_charged", 1);
pub const LATE_WAIVED: Kind = Kind::new("fees.late_waived", 1);

pub const ALL: &[Kind] = &[
    ITEM_SET,
    RATE_SET,
    BILLED,
    BILL_ADDED,
    BILL_VOIDED,
    PAYMENT_RECORDED,
    PAYMENT_VOIDED,
    ADJUSTED,
    WRITTEN_OFF,
    PLAN_AGREED,
    PLAN_ENDED,
    CREDITS_SETTLED,
    EXCHANGE_SET,
    EXCHANGE_ASKED,
    EXCHANGED,
    RUN_BEGUN,
    RUN_DONE,
    RUN_UNDO_BEGUN,
    RUN_UNDONE,
    REFUNDED,
    WRITE_OFF_ASKED,
    WRITE_OFF_DECIDED,
    POLICY_SET,
    PAY_WAYS_SET,
    TILL_COUNTED,
    TILL_CLOSED,
    RECEIPT_PRINTED,
    METER_ADDED,
    METER_READ,
    READING_SETTLED,
    METER_REPLACED,
    METERS_SHARED,
    BANK_LISTED,
    BANK_SETTLED,
    LATE_CHARGED,
    LATE_WAIVED,
];
