//! The rule against dates by hand and against a slow model that walks every day.

use foundation::clock::{HOUR, MINUTE};
use jiff::civil::date;
use proptest::prelude::*;

use super::*;

const Q1: Quarter = Quarter { year: 2026, nth: 1 };

fn lived(began: Option<Date>, ended: Option<Date>, registered: Option<Date>) -> Tenure {
    Tenure {
        began,
        ended,
        registered,
        standing: Standing::Lived,
    }
}

#[test]
fn a_quarter_turns_at_midnight_in_shanghai() {
    // 2025-03-31T16:30Z is 2025-04-01 00:30 there.
    let at = Moment(
        "2025-03-31T16:30:00Z"
            .parse::<jiff::Timestamp>()
            .expect("a time")
            .as_millisecond(),
    );
    assert_eq!(Quarter::at(at), Quarter { year: 2025, nth: 2 });
    let (first, end) = Quarter { year: 2025, nth: 2 }.bounds();
    assert_eq!(at.0 - first.0, 30 * MINUTE);
    assert_eq!(Quarter::at(first.plus(-1)), Quarter { year: 2025, nth: 1 });
    assert_eq!(Quarter::at(end), Quarter { year: 2025, nth: 3 });
}

#[test]
fn leap_years_and_quarter_ends() {
    assert_eq!(Q1.last(), date(2026, 3, 31));
    assert_eq!(Quarter { year: 2026, nth: 2 }.last(), date(2026, 6, 30));
    let leap = Quarter { year: 2024, nth: 1 };
    assert_eq!(days(leap.first(), leap.end()), 91);
    assert_eq!(days(Q1.first(), Q1.end()), 90);
    assert_eq!(
        Quarter { year: 2026, nth: 4 }.next(),
        Quarter { year: 2027, nth: 1 }
    );
    assert_eq!(Q1.previous(), Quarter { year: 2025, nth: 4 });
}

#[test]
fn the_target_is_five_days_before_the_last_working_day() {
    // 2026-03-31 is a Tuesday; 2025-08-31 style Sundays fall back to Friday.
    assert_eq!(Q1.target(), date(2026, 3, 26));
    // 2028-12-31 is a Sunday: the last working day is Friday the 29th.
    let end = Quarter { year: 2028, nth: 4 };
    assert_eq!(
        (end.last_working(), end.target()),
        (date(2028, 12, 29), date(2028, 12, 24))
    );
}

#[test]
fn a_registration_at_moving_in_counts_for_its_quarter_and_no_other() {
    let moved = lived(Some(date(2026, 1, 20)), None, Some(date(2026, 1, 20)));
    assert_eq!(duty(Q1, &moved), Duty::Registered);
    assert_eq!(duty(Q1.next(), &moved), Duty::Due);
    // Signed late in the next quarter, the first one has no record.
    let late = lived(Some(date(2026, 1, 20)), None, Some(date(2026, 4, 2)));
    assert_eq!(duty(Q1, &late), Duty::Due);
}

#[test]
fn a_tenure_that_ends_is_due_from_thirty_days_on() {
    let ended = |day| lived(None, Some(day), None);
    assert_eq!(duty(Q1, &ended(date(2026, 1, 1))), Duty::None(Why::Ended));
    assert_eq!(duty(Q1, &ended(date(2026, 1, 30))), Duty::None(Why::Ended));
    // 1 to 30 January are thirty days.
    assert_eq!(duty(Q1, &ended(date(2026, 1, 31))), Duty::Due);
    assert_eq!(duty(Q1, &ended(date(2026, 4, 1))), Duty::Due);
    assert_eq!(duty(Q1, &ended(date(2025, 12, 1))), Duty::None(Why::Ended));
}

#[test]
fn a_new_tenure_of_the_last_thirty_days_is_content_with_its_registration() {
    // Signed before the quarter, moved in near its end.
    let q2 = Q1.next();
    let early = Some(date(2026, 3, 30));
    assert_eq!(
        duty(q2, &lived(Some(date(2026, 6, 1)), None, early)),
        Duty::Registered
    );
    assert_eq!(
        duty(q2, &lived(Some(date(2026, 5, 31)), None, early)),
        Duty::Due
    );
    assert_eq!(
        duty(q2, &lived(Some(date(2026, 6, 1)), None, None)),
        Duty::Due
    );
}

#[test]
fn what_is_no_home_is_not_due_and_an_empty_one_is() {
    let with = |standing| Tenure {
        standing,
        ..lived(None, None, None)
    };
    assert_eq!(duty(Q1, &with(Standing::NoHome)), Duty::None(Why::NoHome));
    assert_eq!(duty(Q1, &with(Standing::Vacant)), Duty::Due);
    assert_eq!(Standing::of(Some("parking"), None), Standing::NoHome);
    assert_eq!(
        Standing::of(Some("residence"), Some("not_handed_over")),
        Standing::NoHome
    );
    assert_eq!(Standing::of(None, Some("vacant")), Standing::Vacant);
    assert_eq!(Standing::of(None, None), Standing::Lived);
}

#[test]
fn finished_on_the_second_of_april_is_late_for_the_first_quarter() {
    let (_, end) = Q1.bounds();
    assert_eq!(in_time(Q1, end.plus(-1)), Some(true));
    assert_eq!(
        in_time(Q1, Moment::at_start_of(date(2026, 4, 2)).plus(9 * HOUR)),
        Some(false)
    );
    assert_eq!(in_time(Q1.next(), end.plus(-1)), None, "before it began");
}

#[test]
fn the_quota_spreads_what_remains_over_the_weeks_left() {
    // 2026-03-23, a Monday; the target is Thursday of that very week.
    assert_eq!(weeks_left(Q1, date(2026, 3, 23)), 1);
    assert_eq!(weekly_quota(Q1, date(2026, 3, 16), 101), 51);
    // Past the target all that remains is this week's; past the end too.
    assert_eq!(weekly_quota(Q1, date(2026, 3, 30), 7), 7);
    assert_eq!(weekly_quota(Q1, date(2026, 4, 2), 7), 7);
    assert_eq!(weekly_quota(Q1, date(2026, 1, 5), 0), 0);
}

#[test]
fn whoever_was_visited_less_than_sixty_days_ago_comes_later() {
    let today = date(2026, 2, 2);
    let lately = Some(rested_from(date(2025, 12, 20)));
    let rested = [lately, None, Some(rested_from(date(2025, 12, 4))), lately];
    assert_eq!(pick(&rested, today, 2), [1, 2]);
    assert_eq!(
        pick(&rested, today, 3),
        [0, 1, 2],
        "preferred, not forbidden"
    );
}

#[test]
fn words_come_back_and_strange_ones_do_not() {
    assert_eq!(Quarter::from_word(&Q1.word()), Some(Q1));
    assert_eq!(Quarter::from_number(Q1.number()), Some(Q1));
    for bad in [
        "", "2026-Q5", "2026-Q0", "26-Q1", "2026-Q01", "2026Q1", "+026-Q1",
    ] {
        assert_eq!(Quarter::from_word(bad), None, "{bad}");
    }
}

/// A day of 2023 to 2028.
fn day() -> impl Strategy<Value = Date> {
    (0i64..2190).prop_map(|n| date(2023, 1, 1).saturating_add(n.days()))
}

fn every_day_of(q: Quarter) -> Vec<Date> {
    let mut out = Vec::new();
    let mut day = date(q.year, 1, 1);
    while day.year() == q.year {
        if (i16::from(day.month()) + 2) / 3 == i16::from(q.nth) {
            out.push(day);
        }
        day = day.tomorrow().expect("there is a tomorrow");
    }
    out
}

/// The sentences of the rule, one after another, over lists of days.
fn slowly(q: Quarter, t: &Tenure) -> Duty {
    let all = every_day_of(q);
    let (first, last) = (all[0], all[all.len() - 1]);
    if t.standing == Standing::NoHome {
        return Duty::None(Why::NoHome);
    }
    if t.began.is_some_and(|b| b > last) {
        return Duty::None(Why::NotYet);
    }
    let of_it = |d: &&Date| t.began.is_none_or(|b| **d >= b) && t.ended.is_none_or(|e| **d < e);
    let lasted = all.iter().filter(of_it).count();
    let ends_in_or_before = t.ended.is_some_and(|e| e <= last);
    if ends_in_or_before && lasted < 30 {
        return Duty::None(Why::Ended);
    }
    let registered_in = t.registered.is_some_and(|r| all.contains(&r));
    let last_thirty = &all[all.len() - 30..];
    let new = t.began.is_some_and(|b| last_thirty.contains(&b));
    if registered_in || (new && t.registered.is_some_and(|r| r < first)) {
        return Duty::Registered;
    }
    Duty::Due
}

proptest! {
    #[test]
    fn the_rule_says_what_walking_every_day_says(
        at in day(), began in proptest::option::of(day()), ended in proptest::option::of(day()),
        registered in proptest::option::of(day()), standing in 0usize..3,
    ) {
        let standing = [Standing::Lived, Standing::Vacant, Standing::NoHome][standing];
        let t = Tenure { began, ended, registered, standing };
        let q = Quarter::of(at);
        prop_assert_eq!(duty(q, &t), slowly(q, &t));
    }

    #[test]
    fn every_instant_lies_in_one_quarter(ms in 1_600_000_000_000i64..1_900_000_000_000) {
        let at = Moment(ms);
        let q = Quarter::at(at);
        let (first, end) = q.bounds();
        prop_assert!(first <= at && at < end);
        prop_assert_eq!(q.next().bounds().0, end);
        prop_assert!(every_day_of(q).contains(&at.date()));
    }

    #[test]
    fn quotas_kept_finish_by_the_target(remaining in 0i64..5_000, start in 0i64..60, q in 0i8..4) {
        let q = Quarter { year: 2026, nth: q + 1 };
        let mut left = remaining;
        let mut day = q.first().saturating_add(start.days());
        while day <= q.target() {
            if weeks_left(q, day) >= 1 {
                left -= weekly_quota(q, day, left);
            }
            day = monday(day).saturating_add(7.days());
        }
        prop_assert_eq!(left, 0);
    }

    #[test]
    fn a_pick_takes_the_rested_first_and_never_more_than_the_quota(
        rested in proptest::collection::vec(proptest::option::of(day()), 0..40), today in day(), quota in 0usize..50,
    ) {
        let chosen = pick(&rested, today, quota);
        prop_assert_eq!(chosen.len(), quota.min(rested.len()));
        prop_assert!(chosen.windows(2).all(|w| w[0] < w[1]));
        let peace = |i: &usize| rested[*i].is_none_or(|d| d <= today);
        let left_out = (0..rested.len()).filter(|i| !chosen.contains(i)).any(|i| peace(&i));
        prop_assert!(!(left_out && chosen.iter().any(|i| !peace(i))));
    }
}
