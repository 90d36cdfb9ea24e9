//! Every date of the procedure's table, and the rules held to a slow calendar that shares
//! nothing with them: it counts days one by one.

use foundation::clock::Moment;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;

fn first(due: Date) -> (Date, Date, Date) {
    let s = standing(&Known::of(due, due));
    (
        s.month_complete,
        s.scope_from,
        s.deadline.expect("nothing is paid"),
    )
}

#[test]
fn each_row_of_the_table_comes_out_as_it_stands_there() {
    let rows = [
        ((2025, 1, 15), (2025, 2, 15), (2025, 2, 16), (2025, 3, 2)),
        ((2025, 1, 30), (2025, 2, 28), (2025, 3, 1), (2025, 3, 15)),
        ((2025, 1, 31), (2025, 2, 28), (2025, 3, 1), (2025, 3, 15)),
        ((2025, 2, 28), (2025, 3, 28), (2025, 3, 29), (2025, 4, 12)),
        ((2024, 2, 29), (2024, 3, 29), (2024, 3, 30), (2024, 4, 13)),
        (
            (2025, 11, 30),
            (2025, 12, 30),
            (2025, 12, 31),
            (2026, 1, 14),
        ),
        ((2025, 12, 31), (2026, 1, 31), (2026, 2, 1), (2026, 2, 15)),
    ];
    let day = |(y, m, d): (i16, i8, i8)| date(y, m, d);
    for (due, month, scope, deadline) in rows {
        assert_eq!(
            first(day(due)),
            (day(month), day(scope), day(deadline)),
            "{due:?}"
        );
    }
}

#[test]
fn each_contact_of_the_table_leads_to_its_deadline() {
    let rows = [
        (date(2025, 1, 15), date(2025, 1, 16), date(2025, 3, 2)),
        (date(2025, 1, 15), date(2025, 2, 20), date(2025, 3, 7)),
        (date(2024, 1, 15), date(2024, 2, 20), date(2024, 3, 6)),
        (date(2025, 1, 15), date(2025, 12, 20), date(2026, 1, 4)),
    ];
    for (due, contact, deadline) in rows {
        let known = Known {
            contacts: &[contact],
            ..Known::of(due, date(2026, 6, 1))
        };
        assert_eq!(standing(&known).deadline, Some(deadline), "{contact}");
    }
}

#[test]
fn months_are_counted_from_the_anchor_and_do_not_stick_to_month_ends() {
    assert_eq!(months_later(date(2025, 1, 31), 2), date(2025, 3, 31));
    assert_eq!(months_later(date(2025, 2, 28), 1), date(2025, 3, 28));
    assert_eq!(months_later(date(2024, 2, 29), 12), date(2025, 2, 28));
    assert_eq!(months_later(date(2024, 2, 29), 36), date(2027, 2, 28));
}

#[test]
fn exactly_one_month_is_not_yet_in_scope_and_the_day_after_is() {
    let at = |today| standing(&Known::of(date(2025, 1, 15), today));
    assert!(!at(date(2025, 2, 15)).in_scope);
    assert!(at(date(2025, 2, 16)).in_scope);
    assert_eq!(at(date(2025, 1, 15)).overdue_days, 0);
    assert_eq!(at(date(2025, 1, 16)).overdue_days, 1);
    assert_eq!(at(date(2025, 1, 1)).overdue_days, 0);
}

#[test]
fn a_contact_before_the_due_day_or_after_today_is_none() {
    fn known(contacts: &[Date]) -> Known<'_> {
        Known {
            contacts,
            ..Known::of(date(2025, 1, 15), date(2025, 3, 1))
        }
    }
    let none = standing(&known(&[])).deadline;
    for day in [date(2025, 1, 14), date(2025, 3, 2), date(2020, 1, 1)] {
        let contacts = [day];
        let s = standing(&known(&contacts));
        assert_eq!((s.deadline, s.last_contact), (none, None), "{day}");
    }
}

#[test]
fn payment_in_full_ends_it_and_a_payment_to_come_does_not() {
    let known = |paid| Known {
        paid: Some(paid),
        ..Known::of(date(2025, 1, 15), date(2025, 4, 1))
    };
    let s = standing(&known(date(2025, 4, 1)));
    assert_eq!((s.in_scope, s.deadline, s.overdue_days), (false, None, 0));
    assert!(standing(&known(date(2025, 4, 2))).in_scope);
}

#[test]
fn a_hold_counts_like_a_contact_on_its_last_day() {
    let due = date(2025, 1, 15);
    assert_eq!(
        deadline(due, None, Some(date(2025, 3, 20))),
        date(2025, 4, 4)
    );
    assert_eq!(
        deadline(due, None, Some(date(2025, 1, 20))),
        date(2025, 3, 2)
    );
}

#[test]
fn a_task_is_raised_three_days_ahead_and_before_a_holiday_that_swallows_them() {
    let usual = task(date(2025, 3, 7));
    assert_eq!(
        (usual.raised_on, usual.work_by),
        (date(2025, 3, 4), date(2025, 3, 7))
    );
    let golden_week = task(date(2025, 10, 7));
    assert_eq!(golden_week.work_by, date(2025, 9, 30));
    assert_eq!(golden_week.raised_on, date(2025, 9, 30));
    assert!(task(date(2150, 1, 3)).year_unknown);
}

#[test]
fn clock_b_runs_from_the_month_or_from_who_was_last_reached() {
    assert_eq!(reach_by(date(2025, 1, 15), None), date(2025, 4, 1));
    let reached = Some(date(2025, 3, 1));
    assert_eq!(reach_by(date(2025, 1, 15), reached), date(2025, 4, 15));
}

#[test]
fn the_limitation_period_restarts_with_a_demand_and_warns_three_times() {
    assert_eq!(limitation(date(2024, 2, 29), None), date(2027, 2, 28));
    let demand = Some(date(2025, 5, 31));
    assert_eq!(limitation(date(2024, 2, 29), demand), date(2028, 5, 31));
    let end = date(2027, 2, 28);
    let warned = |days: i32| limitation_warning(end, days_later(end, -days));
    assert_eq!(
        [181, 180, 91, 90, 31, 30, 0, -1].map(warned),
        [
            None,
            Some(180),
            Some(180),
            Some(90),
            Some(90),
            Some(30),
            Some(30),
            Some(0)
        ]
    );
}

#[test]
fn a_day_is_shanghais_wherever_the_server_stands() {
    // 2025-02-15 15:59:59 and 16:00 UTC: in Shanghai the month ends between them.
    let at = |ms: i64| standing(&Known::of(date(2025, 1, 15), Moment(ms).date())).in_scope;
    assert!(!at(1_739_635_199_000));
    assert!(at(1_739_635_200_000));
}

/// A calendar that knows how to go to the next day and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Day(i32, i32, i32);

impl Day {
    fn of(d: Date) -> Day {
        Day(d.year().into(), i32::from(d.month()), i32::from(d.day()))
    }

    fn month_length(self) -> i32 {
        let Day(y, m, _) = self;
        let leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
        [
            31,
            28 + i32::from(leap),
            31,
            30,
            31,
            30,
            31,
            31,
            30,
            31,
            30,
            31,
        ][m as usize - 1]
    }

    fn next(self) -> Day {
        let Day(y, m, d) = self;
        if d < self.month_length() {
            Day(y, m, d + 1)
        } else if m < 12 {
            Day(y, m + 1, 1)
        } else {
            Day(y + 1, 1, 1)
        }
    }

    fn after(self, days: i32) -> Day {
        (0..days).fold(self, |day, _| day.next())
    }

    /// Walks until the calendar shows the same day of the wanted month, or its last.
    fn months(self, months: i32) -> Day {
        let wanted = self.0 * 12 + self.1 - 1 + months;
        let mut day = self;
        loop {
            let here = day.0 * 12 + day.1 - 1 == wanted;
            if here && (day.2 == self.2 || (day.2 == day.month_length() && day.2 < self.2)) {
                return day;
            }
            day = day.next();
        }
    }
}

/// The duty as somebody with a wall calendar would work it out.
fn slowly(due: Day, contacts: &[Day], today: Day) -> (bool, Day, i32) {
    let month = due.months(1);
    let mut from = month;
    let mut day = due;
    let mut overdue = 0;
    while day <= today {
        if contacts.contains(&day) && day > from {
            from = day;
        }
        if day > due {
            overdue += 1;
        }
        day = day.next();
    }
    (today > month, from.after(15), overdue)
}

prop_compose! {
    fn any_day()(y in 2019i16..2033, m in 1i8..=12, d in 1i8..=31) -> Date {
        let first = date(y, m, 1);
        date(y, m, d.min(first.days_in_month()))
    }
}

proptest! {
    #[test]
    fn the_rules_agree_with_a_calendar_that_counts_day_by_day(
        due in any_day(),
        today_after in -40i32..900,
        contacts_after in prop::collection::vec(-60i32..900, 0..6),
    ) {
        let today = days_later(due, today_after);
        let contacts: Vec<Date> = contacts_after.iter().map(|n| days_later(due, *n)).collect();
        let s = standing(&Known { contacts: &contacts, ..Known::of(due, today) });
        let slow: Vec<Day> = contacts.iter().map(|d| Day::of(*d)).collect();
        let (in_scope, deadline, overdue) = slowly(Day::of(due), &slow, Day::of(today));
        prop_assert_eq!(s.in_scope, in_scope);
        prop_assert_eq!(s.deadline.map(Day::of), Some(deadline));
        prop_assert_eq!(s.overdue_days, overdue);
        prop_assert_eq!(Day::of(s.scope_from), Day::of(due).months(1).next());
    }

    #[test]
    fn months_agree_with_a_calendar_that_counts_day_by_day(due in any_day(), months in 0i32..48) {
        prop_assert_eq!(Day::of(months_later(due, months)), Day::of(due).months(months));
    }

    #[test]
    fn another_contact_never_brings_the_deadline_nearer(
        due in any_day(),
        after in prop::collection::vec(0i32..400, 1..5),
        today_after in 0i32..400,
    ) {
        let today = days_later(due, today_after);
        let contacts: Vec<Date> = after.iter().map(|n| days_later(due, *n)).collect();
        let with = standing(&Known { contacts: &contacts, ..Known::of(due, today) });
        let without = standing(&Known { contacts: &contacts[1..], ..Known::of(due, today) });
        prop_assert!(with.deadline >= without.deadline);
    }

    #[test]
    fn a_task_shows_on_a_working_day_no_later_than_its_deadline(deadline in any_day()) {
        let t = task(deadline);
        prop_assert!(t.work_by <= deadline && t.raised_on <= t.work_by);
        prop_assert!(workdays::is_working(t.work_by));
        let mut day = t.work_by;
        while day < deadline {
            day = day.tomorrow().expect("in range");
            prop_assert!(!workdays::is_working(day));
        }
    }
}
