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
];
