//! The dates of arrears (SY-WI-KF-09 4.4.2: who owes for a month and longer is followed up at
//! least every fifteen days), as pure functions of dates in Asia/Shanghai.
//!
//! A due day is payable until its 24:00. The day on which something begins is not counted
//! (民法典 201), a month ends on the same day of the later month or on that month's last
//! (202), and every month is counted from the due day itself, never from the month before.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::workdays;

/// Days between two follow-ups at most; holidays do not lengthen them (4.4.2: at least).
pub const EVERY_DAYS: i32 = 15;
/// So many days before its deadline a follow-up becomes a task.
pub const RAISED_BEFORE_DAYS: i32 = 3;
/// Somebody is reached, or a letter delivered, once in so many days; a convention.
pub const REACHED_WITHIN_DAYS: i32 = 45;
/// Three years (民法典 188), from the due day or the last demand that arrived (195).
pub const LIMITATION_MONTHS: i32 = 36;
/// Days before a claim lapses on which the office is warned, the earliest first.
pub const LIMITATION_WARNINGS: [i32; 3] = [180, 90, 30];
/// A demand gives at least so long to pay (民法典 944: a reasonable time); a convention.
pub const TERM_DAYS_MIN: i64 = 15;
pub const TERM_DAYS_DEFAULT: i64 = 30;
/// A hold lasts at most so long, and may be renewed; a convention.
pub const HOLD_DAYS_MAX: i32 = 90;

/// `date` so many months later: the same day, or the month's last where there is none.
pub fn months_later(date: Date, months: i32) -> Date {
    date.saturating_add(months.months())
}

fn days_later(date: Date, days: i32) -> Date {
    date.saturating_add(days.days())
}

/// What is known of an account on a day.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Of the earliest item that is not paid.
    pub due: Date,
    /// Days on which somebody was followed up, in any order.
    pub contacts: &'a [Date],
    /// The last day of the latest hold, lifted or not.
    pub held_until: Option<Date>,
    /// When everything was paid.
    pub paid: Option<Date>,
    pub today: Date,
}

impl Known<'_> {
    pub fn of(due: Date, today: Date) -> Known<'static> {
        Known {
            due,
            contacts: &[],
            held_until: None,
            paid: None,
            today,
        }
    }
}

/// Where an account stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The month is complete at this day's 24:00.
    pub month_complete: Date,
    pub scope_from: Date,
    pub in_scope: bool,
    /// Of those that count.
    pub last_contact: Option<Date>,
    /// `None` once all is paid.
    pub deadline: Option<Date>,
    /// Days since the due day; 0 until its 24:00, and when all is paid.
    pub overdue_days: i32,
}

/// Scope and deadline of an account.
pub fn standing(known: &Known<'_>) -> Standing {
    let month_complete = months_later(known.due, 1);
    let scope_from = days_later(month_complete, 1);
    let paid = known.paid.is_some_and(|day| day <= known.today);
    let last_contact = last_contact(known);
    let overdue = known.today.since(known.due).map_or(0, |s| s.get_days());
    Standing {
        month_complete,
        scope_from,
        in_scope: !paid && known.today >= scope_from,
        last_contact,
        deadline: (!paid).then(|| deadline(known.due, last_contact, known.held_until)),
        overdue_days: if paid { 0 } else { overdue.max(0) },
    }
}

/// A contact before the due day was about another debt; one after today did not happen yet.
fn last_contact(known: &Known<'_>) -> Option<Date> {
    let counts = |day: &Date| *day >= known.due && *day <= known.today;
    known.contacts.iter().copied().filter(counts).max()
}

/// Until when the next follow-up is owed, to that day's 24:00. An early call never shortens
/// the first deadline; a late one restarts from its real day; a hold counts like a contact on
/// its last day.
pub fn deadline(due: Date, last_contact: Option<Date>, held_until: Option<Date>) -> Date {
    let mut from = months_later(due, 1);
    for day in [last_contact, held_until].into_iter().flatten() {
        from = from.max(day);
    }
    days_later(from, EVERY_DAYS)
}

/// When a deadline's task is raised, and the last working day on which it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task {
    pub raised_on: Date,
    pub work_by: Date,
    /// The holidays of a year concerned are not published yet: Monday to Friday was taken.
    pub year_unknown: bool,
}

/// The task of a deadline. Where a long holiday lies before the deadline, the task shows
/// before the holiday.
pub fn task(deadline: Date) -> Task {
    let (work_by, year_unknown) = workdays::last_until(deadline);
    Task {
        raised_on: days_later(deadline, -RAISED_BEFORE_DAYS).min(work_by),
        work_by,
        year_unknown,
    }
}

/// Clock B: until when somebody must be reached, or a letter delivered; after it a written
/// demand is owed.
pub fn reach_by(due: Date, last_reached: Option<Date>) -> Date {
    let from = months_later(due, 1);
    let from = last_reached.map_or(from, |day| day.max(from));
    days_later(from, REACHED_WITHIN_DAYS)
}

/// The day after a promise, on which one looks whether it was kept. It never postpones the
/// deadline.
pub fn promise_task(promised: Date) -> Date {
    days_later(promised, 1)
}

/// The last day of the limitation period of an item. A demand for a part covers the rest
/// (诉讼时效规定 9), so the last one that arrived on or after the due day counts for each.
pub fn limitation(due: Date, last_demand: Option<Date>) -> Date {
    let from = last_demand.map_or(due, |day| day.max(due));
    months_later(from, LIMITATION_MONTHS)
}

/// How a limitation period stands: the narrowest warning that has begun, 0 when it is over.
pub fn limitation_warning(last_day: Date, today: Date) -> Option<i32> {
    let left = last_day.since(today).map_or(0, |s| s.get_days());
    if left < 0 {
        return Some(0);
    }
    let begun = LIMITATION_WARNINGS.into_iter().rev();
    begun.into_iter().find(|days| left <= *days)
}

#[cfg(test)]
mod tests;
