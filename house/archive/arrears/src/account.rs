//! A room's account as it is followed up: worked out from what is open, what was said and what
//! is held, by the rules and nothing else.

use foundation::database::{DbError, FromRow, Row};
use foundation::ids::Id;
use jiff::civil::Date;

use crate::debts::Debt;
use crate::rule;
use crate::stage::Stage;

/// A row of the day's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub room: Id,
    pub code: String,
    pub sort_key: Vec<u8>,
    pub building: String,
    /// As the fees have it: the earliest open bill's due day and the sum of all.
    pub bills_due: Date,
    pub bills_fen: i64,
    /// The earliest unpaid due day.
    pub anchor: Date,
    pub scope_from: Date,
    pub contact_on: Option<Date>,
    pub reached_on: Option<Date>,
    /// A promise that nobody looked after yet.
    pub promised_on: Option<Date>,
    pub held_until: Option<Date>,
    pub held_why: String,
    pub deadline: Date,
    pub work_by: Date,
    pub task_on: Date,
    pub reach_by: Date,
    pub limit_on: Date,
    pub stage: Option<Stage>,
    pub escalated: i64,
    /// The anchor that the ledger knows.
    pub told: Option<Date>,
}

/// A follow-up as the rules see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    pub on: Date,
    /// Somebody was spoken to, or a demand arrived.
    pub reached: bool,
    pub arrived: bool,
    pub promised: Option<Date>,
}

/// The dates of an account that owes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dates {
    pub anchor: Date,
    pub scope_from: Date,
    pub contact_on: Option<Date>,
    pub reached_on: Option<Date>,
    pub promised_on: Option<Date>,
    pub deadline: Date,
    pub work_by: Date,
    pub task_on: Date,
    pub reach_by: Date,
    pub limit_on: Date,
}

/// Works them out; `None` where nothing is owed. `seen` in any order.
pub fn dates(debts: &[Debt], seen: &[Seen], held_until: Option<Date>) -> Option<Dates> {
    let anchor = debts.iter().map(|d| d.due).min()?;
    let since = |wanted: fn(&Seen) -> bool| {
        let counted = seen.iter().filter(|s| s.on >= anchor && wanted(s));
        counted.map(|s| s.on).max()
    };
    let contact_on = since(|_| true);
    let reached_on = since(|s| s.reached || s.arrived);
    let promised_on = seen
        .iter()
        .filter(|s| s.on >= anchor)
        .filter_map(|s| s.promised)
        .filter(|promised| contact_on.is_none_or(|last| last <= *promised))
        .max();
    let deadline = rule::deadline(anchor, contact_on, held_until);
    let task = rule::task(deadline);
    let promise_task = promised_on
        .map(rule::promise_task)
        .filter(|day| held_until.is_none_or(|until| until < *day));
    let task_on = promise_task.map_or(task.raised_on, |day| day.min(task.raised_on));
    Some(Dates {
        anchor,
        scope_from: rule::standing(&rule::Known::of(anchor, anchor)).scope_from,
        contact_on,
        reached_on,
        promised_on,
        deadline,
        work_by: task.work_by,
        task_on,
        reach_by: rule::reach_by(anchor, reached_on),
        limit_on: rule::limitation(anchor, since(|s| s.arrived)),
    })
}

/// How an account stands on the day's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Its deadline has passed.
    Overdue,
    /// This is the last working day, or it has passed.
    Today,
    /// A promised day has passed.
    Promise,
    Ahead,
    Held,
    /// Nothing to do yet.
    Later,
}

impl Account {
    pub fn in_scope(&self, today: Date) -> bool {
        self.scope_from <= today
    }

    pub fn is_held(&self, today: Date) -> bool {
        self.held_until.is_some_and(|until| until >= today)
    }

    pub fn urgency(&self, today: Date) -> Urgency {
        if self.is_held(today) {
            Urgency::Held
        } else if !self.in_scope(today) || self.task_on > today {
            Urgency::Later
        } else if self.deadline < today {
            Urgency::Overdue
        } else if self.work_by <= today {
            Urgency::Today
        } else if self.promised_on.is_some_and(|p| p < today) {
            Urgency::Promise
        } else {
            Urgency::Ahead
        }
    }

    /// Takes over what was worked out; a follow-up that was owed and came ends its escalation.
    pub fn dated(&mut self, d: &Dates) {
        if d.deadline > self.deadline {
            self.escalated = 0;
        }
        self.anchor = d.anchor;
        self.scope_from = d.scope_from;
        self.contact_on = d.contact_on;
        self.reached_on = d.reached_on;
        self.promised_on = d.promised_on;
        self.deadline = d.deadline;
        self.work_by = d.work_by;
        self.task_on = d.task_on;
        self.reach_by = d.reach_by;
        self.limit_on = d.limit_on;
    }
}

fn day(row: &mut Row) -> Result<Date, DbError> {
    crate::store::parse_day(&row.next::<String>()?)
}

fn day_or_none(row: &mut Row) -> Result<Option<Date>, DbError> {
    let text: Option<String> = row.next()?;
    text.map(|t| crate::store::parse_day(&t)).transpose()
}

impl FromRow for Account {
    fn from_row(row: &mut Row) -> Result<Account, DbError> {
        Ok(Account {
            room: row.next()?,
            code: row.next()?,
            sort_key: row.next()?,
            building: row.next()?,
            bills_due: day(row)?,
            bills_fen: row.next()?,
            anchor: day(row)?,
            scope_from: day(row)?,
            contact_on: day_or_none(row)?,
            reached_on: day_or_none(row)?,
            promised_on: day_or_none(row)?,
            held_until: day_or_none(row)?,
            held_why: row.next()?,
            deadline: day(row)?,
            work_by: day(row)?,
            task_on: day(row)?,
            reach_by: day(row)?,
            limit_on: day(row)?,
            stage: Stage::from_word(&row.next::<String>()?),
            escalated: row.next()?,
            told: {
                let told: String = row.next()?;
                (!told.is_empty())
                    .then(|| crate::store::parse_day(&told))
                    .transpose()?
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fees::{Fen, ItemKind};
    use jiff::civil::date;

    fn owed(due: Date) -> Vec<Debt> {
        vec![Debt {
            due,
            owed: Fen(300),
            name: "物業費".into(),
            kind: ItemKind::Property,
            instalment: false,
        }]
    }

    fn seen(on: Date, promised: Option<Date>) -> Seen {
        Seen {
            on,
            reached: true,
            arrived: false,
            promised,
        }
    }

    const DUE: Date = Date::constant(2025, 1, 15);

    #[test]
    fn a_promise_is_a_task_of_the_day_after_it_and_postpones_nothing() {
        let promise = seen(date(2025, 2, 20), Some(date(2025, 2, 25)));
        let d = dates(&owed(DUE), &[promise], None).expect("owes");
        assert_eq!(d.deadline, date(2025, 3, 7));
        assert_eq!(d.task_on, date(2025, 2, 26));
        let far = seen(date(2025, 2, 20), Some(date(2025, 6, 1)));
        let d = dates(&owed(DUE), &[far], None).expect("owes");
        assert_eq!(
            (d.deadline, d.task_on),
            (date(2025, 3, 7), date(2025, 3, 4))
        );
    }

    #[test]
    fn a_promise_that_was_looked_after_is_no_task() {
        let all = [
            seen(date(2025, 2, 20), Some(date(2025, 2, 25))),
            seen(date(2025, 2, 26), None),
        ];
        let d = dates(&owed(DUE), &all, None).expect("owes");
        assert_eq!(d.promised_on, None);
        assert_eq!(d.task_on, date(2025, 3, 10));
    }

    #[test]
    fn what_was_said_about_an_older_debt_does_not_count_for_this_one() {
        let d = dates(&owed(DUE), &[seen(date(2025, 1, 10), None)], None).expect("owes");
        assert_eq!((d.contact_on, d.deadline), (None, date(2025, 3, 2)));
        assert_eq!(dates(&[], &[], None), None);
    }

    #[test]
    fn only_a_demand_that_arrived_restarts_the_limitation_period() {
        let call = seen(date(2025, 5, 1), None);
        let letter = Seen {
            arrived: true,
            ..seen(date(2025, 4, 1), None)
        };
        let d = dates(&owed(DUE), &[call], None).expect("owes");
        assert_eq!(d.limit_on, date(2028, 1, 15));
        let d = dates(&owed(DUE), &[call, letter], None).expect("owes");
        assert_eq!(d.limit_on, date(2028, 4, 1));
    }
}
