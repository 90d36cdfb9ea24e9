//! What a room owes by due days. A bill has its own; while a plan runs, what it covers is due
//! by instalments, and each instalment is a due day of its own.

use fees::{Fen, ItemKind, OpenAccount};
use jiff::civil::Date;

/// A part of what is owed, with its own due day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Debt {
    pub due: Date,
    pub owed: Fen,
    /// The item's name; of an instalment, that of the oldest bill that it pays.
    pub name: String,
    pub kind: ItemKind,
    pub instalment: bool,
}

/// The debts of an account, by due day. Credit pays the oldest bill, as the next settling
/// will; a plan covers the oldest bills that were due when it was agreed, as far as it goes.
pub fn debts(account: &OpenAccount) -> Vec<Debt> {
    let mut credit = account.credit.0.max(0);
    let mut own = Vec::new();
    let mut covered = 0;
    let mut of_plan = None;
    let mut cover = account
        .plan
        .as_ref()
        .map_or(0, |plan| plan.parts.iter().map(|p| p.amount.0).sum::<i64>());
    for bill in &account.bills {
        let paid = credit.min(bill.owed.0);
        credit -= paid;
        let mut owed = bill.owed.0 - paid;
        let planned = account.plan.as_ref().is_some_and(|p| bill.due <= p.from);
        if planned {
            let part = owed.min(cover);
            cover -= part;
            covered += part;
            owed -= part;
            of_plan.get_or_insert((bill.name.clone(), bill.kind));
        }
        if owed > 0 {
            own.push(Debt {
                due: bill.due,
                owed: Fen(owed),
                name: bill.name.clone(),
                kind: bill.kind,
                instalment: false,
            });
        }
    }
    if let (Some(plan), Some((name, kind))) = (&account.plan, of_plan) {
        // What is left of the plan's debt is its last instalments: the first were paid.
        let mut parts = Vec::new();
        for part in plan.parts.iter().rev() {
            let owed = part.amount.0.min(covered);
            covered -= owed;
            if owed > 0 {
                parts.push(Debt {
                    due: part.due,
                    owed: Fen(owed),
                    name: name.clone(),
                    kind,
                    instalment: true,
                });
            }
        }
        own.extend(parts);
    }
    own.sort_by_key(|d| d.due);
    own
}

#[cfg(test)]
mod tests {
    use super::*;
    use fees::arrears::OpenBill;
    use fees::{OpenPlan, PlanPart};
    use foundation::ids::Id;
    use jiff::civil::date;

    fn bill(due: Date, fen: i64) -> OpenBill {
        OpenBill {
            item: "1kjp4c58044cedfz".parse::<Id>().expect("an id"),
            name: "物業費".into(),
            kind: ItemKind::Property,
            due,
            owed: Fen(fen),
        }
    }

    fn account(bills: &[(Date, i64)], credit: i64, plan: &[(Date, i64)]) -> OpenAccount {
        let parts = plan.iter().map(|(due, fen)| PlanPart {
            due: *due,
            amount: Fen(*fen),
        });
        OpenAccount {
            bills: bills.iter().map(|(d, fen)| bill(*d, *fen)).collect(),
            credit: Fen(credit),
            plan: (!plan.is_empty()).then(|| OpenPlan {
                from: date(2025, 3, 1),
                parts: parts.collect(),
            }),
        }
    }

    fn short(account: &OpenAccount) -> Vec<(Date, i64)> {
        let all = debts(account);
        all.iter().map(|d| (d.due, d.owed.0)).collect()
    }

    const JAN: Date = Date::constant(2025, 1, 15);
    const FEB: Date = Date::constant(2025, 2, 15);
    const APR: Date = Date::constant(2025, 4, 1);
    const MAY: Date = Date::constant(2025, 5, 1);

    #[test]
    fn a_part_payment_that_covers_the_oldest_moves_the_anchor() {
        let bills = [(JAN, 300), (FEB, 300)];
        assert_eq!(short(&account(&bills, 299, &[])), [(JAN, 1), (FEB, 300)]);
        assert_eq!(short(&account(&bills, 300, &[])), [(FEB, 300)]);
        assert_eq!(short(&account(&bills, 600, &[])), []);
    }

    #[test]
    fn each_instalment_is_a_due_day_of_its_own() {
        let plan = [(APR, 300), (MAY, 300)];
        let all = account(&[(JAN, 300), (FEB, 300)], 0, &plan);
        assert_eq!(short(&all), [(APR, 300), (MAY, 300)]);
        // The first was paid: the oldest bill is settled.
        assert_eq!(short(&account(&[(FEB, 300)], 0, &plan)), [(MAY, 300)]);
        assert_eq!(
            short(&account(&[(FEB, 400)], 0, &plan)),
            [(APR, 100), (MAY, 300)]
        );
    }

    #[test]
    fn what_a_plan_does_not_cover_and_what_came_after_it_keep_their_own_days() {
        let later = date(2025, 3, 15);
        let plan = [(APR, 200)];
        let all = account(&[(JAN, 300), (later, 50)], 0, &plan);
        assert_eq!(short(&all), [(JAN, 100), (later, 50), (APR, 200)]);
    }
}
