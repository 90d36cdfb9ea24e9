//! Which payment pays which bill. Pure, so that it can be tried with any history.
//!
//! What the payer named comes first (民法典 560: the debtor names the debt when
//! paying); the rest goes to the oldest due date. The same article would weigh
//! securities next, which fees do not have, and then the earlier due date.

use jiff::civil::Date;

use super::money::Fen;
use foundation::ids::Id;

/// What is still owed on one bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Debt {
    pub bill: Id,
    pub due: Date,
    pub owed: Fen,
}

/// What is left of one payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credit {
    pub payment: Id,
    pub paid_on: Date,
    pub left: Fen,
}

/// A part of a payment set against a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allotment {
    pub payment: Id,
    pub bill: Id,
    pub amount: Fen,
}

/// Sets credits against debts: bills in `named` first, in that order, then the
/// oldest due date; the oldest payment is used up first. Stops when either side
/// is used up; every allotment is positive.
pub fn allot(debts: &[Debt], credits: &[Credit], named: &[Id]) -> Vec<Allotment> {
    let mut debts: Vec<Debt> = debts.iter().copied().filter(|d| d.owed.0 > 0).collect();
    let place = |bill: &Id| named.iter().position(|n| n == bill).unwrap_or(usize::MAX);
    debts.sort_by_key(|d| (place(&d.bill), d.due, d.bill));
    let mut credits: Vec<Credit> = credits.iter().copied().filter(|c| c.left.0 > 0).collect();
    credits.sort_by_key(|c| (c.paid_on, c.payment));

    let mut out = Vec::new();
    let mut next = credits.into_iter();
    let mut credit = next.next();
    for debt in debts {
        let mut owed = debt.owed.0;
        while owed > 0 {
            let Some(have) = credit.as_mut() else {
                return out;
            };
            let amount = owed.min(have.left.0);
            out.push(Allotment {
                payment: have.payment,
                bill: debt.bill,
                amount: Fen(amount),
            });
            owed -= amount;
            have.left.0 -= amount;
            if have.left.0 == 0 {
                credit = next.next();
            }
        }
    }
    out
}
