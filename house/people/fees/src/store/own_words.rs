//! Where people's own words lie, and what each is sealed for.

use foundation::keys::TextColumn;

pub const PAYER: &str = "fee.payer";
pub const NOTE: &str = "fee.note";
pub const VOIDED: &str = "fee.voided";
pub const RUN_UNDONE: &str = "fee.run_undone";
pub const REASON: &str = "fee.reason";
pub const PLAN_NOTE: &str = "fee.plan";
pub const REFUNDED_WHY: &str = "fee.refunded";
/// Of a line of a bank's list, under the line's own key.
pub const BANK_TEXT: &str = "fee.bank";
/// Of a closing, under the closing's own key.
pub const TILL_WHY: &str = "fee.till";

const fn of(
    table: &'static str,
    text: &'static str,
    whose: &'static str,
    sealed_for: &'static str,
) -> TextColumn {
    TextColumn {
        table,
        text,
        whose,
        sealed_for,
        keys_of: None,
    }
}

/// A correction is about the room of its bill.
const ROOM_OF_BILL: &str = "(SELECT b.room FROM fee_bill b \
     WHERE b.community = fee_correction.community AND b.id = fee_correction.bill)";

pub const TEXTS: [TextColumn; 6] = [
    of("fee_payment", "payer", "room", PAYER),
    of("fee_payment", "note", "room", NOTE),
    of("fee_payment", "void_reason", "room", VOIDED),
    of("fee_bill", "void_reason", "room", VOIDED),
    of("fee_correction", "reason", ROOM_OF_BILL, REASON),
    of("fee_plan", "note", "room", PLAN_NOTE),
];
