//! The arithmetic held to an oracle that walks minute by minute and knows nothing of spans.

use super::*;
use jiff::civil::date;
use proptest::prelude::*;

fn at(day: Date, hour: i64, minute: i64) -> i64 {
    let since = day - Date::constant(1970, 1, 1);
    i64::from(since.get_days()) * DAY - EAST + (hour * 60 + minute) * MINUTE
}

/// Monday to Friday in two shifts, a short Saturday, a night over midnight from Sunday.
fn office() -> Calendar {
    let day = shifts("08:30-12:00 14:00-17:30").expect("shifts");
    let mut c = Calendar {
        week: std::array::from_fn(|_| day.clone()),
        make_up: day.clone(),
        ..Calendar::default()
    };
    c.week[5] = shifts("09:00-11:30").expect("shifts");
    c.week[6] = shifts("22:00-06:00").expect("shifts");
    let year = BTreeMap::from([
        (date(2024, 2, 10), DayKind::Holiday),
        (date(2024, 2, 18), DayKind::MakeUp),
        (date(2024, 12, 31), DayKind::Holiday),
    ]);
    c.years.insert(2024, year);
    c.years
        .insert(2025, BTreeMap::from([(date(2025, 1, 1), DayKind::Holiday)]));
    c
}

/// Whether a minute is worked, asked of the shifts alone.
fn open(c: &Calendar, minute: i64) -> bool {
    if c.round_the_clock {
        return true;
    }
    let local = minute + 8 * 60;
    let (day, of_day) = (local.div_euclid(1440), local.rem_euclid(1440));
    let in_shift = |date: Date, m: i64| {
        c.shifts_of(date)
            .iter()
            .any(|s| (i64::from(s.from)..i64::from(s.to)).contains(&m))
    };
    in_shift(date_of(day), of_day) || in_shift(date_of(day - 1), of_day + 1440)
}

fn paused(pauses: &[Pause], minute: i64) -> bool {
    let ms = minute * MINUTE;
    pauses
        .iter()
        .any(|p| p.from <= ms && p.until.is_none_or(|until| ms < until))
}

#[test]
fn a_make_up_sunday_is_worked_and_a_leap_day_is_a_day() {
    let c = office();
    let nine = at(date(2024, 2, 18), 9, 0);
    assert!(
        c.is_open(nine),
        "18 February 2024 is worked for the spring festival"
    );
    assert_eq!(
        c.between(at(date(2024, 2, 29), 0, 0), at(date(2024, 3, 1), 0, 0), &[]),
        7 * 60 * MINUTE
    );
    // Twenty minutes before the year's end, over a holiday, into a holiday's morning after.
    let due = c.add(at(date(2024, 12, 30), 17, 10), 30 * MINUTE, &[]);
    assert_eq!(due, Some(at(date(2025, 1, 2), 8, 40)));
}

#[test]
fn a_shift_over_midnight_belongs_to_the_day_it_begins() {
    let c = office();
    assert!(c.is_open(at(date(2024, 3, 4), 5, 59)), "Sunday's night");
    assert!(!c.is_open(at(date(2024, 3, 4), 6, 0)));
    assert!(!c.is_open(at(date(2024, 3, 3), 5, 0)), "no Saturday night");
}

#[test]
fn a_year_without_published_holidays_is_named() {
    let c = office();
    let (a, b) = (at(date(2024, 12, 1), 0, 0), at(date(2027, 1, 1), 0, 0));
    assert_eq!(c.unpublished(a, b), [2026, 2027]);
    assert!(Calendar::always().unpublished(a, b).is_empty());
}

#[test]
fn an_office_that_never_opens_gives_no_deadline() {
    let c = Calendar::default();
    assert_eq!(c.add(0, MINUTE, &[]), None);
    assert_eq!(c.next_open(0), None);
    let open_end = [Pause {
        from: 10,
        until: None,
    }];
    assert_eq!(Calendar::always().add(0, MINUTE, &open_end), None);
}

#[test]
fn shifts_are_read_as_offices_write_them() {
    let read = shifts("8：30－12:00、14:00~17:30").expect("read");
    assert_eq!(text_of(&read), "08:30-12:00 14:00-17:30");
    assert_eq!(
        text_of(&shifts("00:00-24:00").expect("read")),
        "00:00-24:00"
    );
    assert_eq!(text_of(&shifts("22:00-6:00").expect("read")), "22:00-06:00");
    assert_eq!(shifts("9-12"), Err(ShiftFault::Shape));
    assert_eq!(shifts("25:00-26:00"), Err(ShiftFault::Time));
    assert!(shifts("").expect("closed").is_empty());
}

fn some_shifts() -> impl Strategy<Value = Vec<Shift>> {
    prop::collection::vec((0u16..1440, 1u16..=1440), 0..4).prop_map(|all| {
        let read = |(from, long): (u16, u16)| Shift {
            from,
            to: from + long,
        };
        all.into_iter().map(read).collect()
    })
}

fn some_calendar() -> impl Strategy<Value = Calendar> {
    let kinds = prop::sample::select(vec![DayKind::Ordinary, DayKind::Holiday, DayKind::MakeUp]);
    (
        prop::array::uniform7(some_shifts()),
        some_shifts(),
        some_shifts(),
        prop::collection::vec((0i64..12, kinds), 0..8),
        any::<u8>(),
    )
        .prop_map(|(week, holiday, make_up, own, round)| {
            // Around the turn of a leap year.
            let day = |n: i64| date(2024, 2, 24).saturating_add((n).days());
            let eve = |n: i64| date(2024, 12, 27).saturating_add((n).days());
            let both = own.iter().flat_map(|(n, k)| [(day(*n), *k), (eve(*n), *k)]);
            Calendar {
                round_the_clock: round < 16,
                week,
                holiday,
                make_up,
                years: BTreeMap::new(),
                own: both.collect(),
            }
        })
}

fn some_pauses(from: i64) -> impl Strategy<Value = Vec<Pause>> {
    prop::collection::vec((0i64..9_000, 0i64..4_000), 0..4).prop_map(move |all| {
        let one = |(a, long): (i64, i64)| Pause {
            from: from + a * MINUTE,
            until: Some(from + (a + long) * MINUTE),
        };
        all.into_iter().map(one).collect()
    })
}

fn some_case() -> impl Strategy<Value = (Calendar, i64, i64, i64, Vec<Pause>)> {
    let start = prop::sample::select(vec![
        at(date(2024, 2, 25), 0, 0),
        at(date(2024, 12, 28), 0, 0),
    ]);
    (
        some_calendar(),
        start,
        0i64..4_000,
        0i64..9_000,
        1i64..3_000,
    )
        .prop_flat_map(|(c, start, first, long, amount)| {
            let from = start + first * MINUTE;
            (
                Just(c),
                Just(from),
                Just(long),
                Just(amount),
                some_pauses(from),
            )
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn time_between_is_the_minutes_that_were_worked((c, from, long, _, pauses) in some_case()) {
        let first = from / MINUTE;
        let worked = (first..first + long).filter(|m| open(&c, *m) && !paused(&pauses, *m)).count();
        prop_assert_eq!(c.between(from, from + long * MINUTE, &pauses), worked as i64 * MINUTE);
    }

    #[test]
    fn time_added_ends_with_the_last_minute_worked((c, from, _, amount, pauses) in some_case()) {
        // The oracle looks as far as two weeks; what is not due by then is due later.
        let first = from / MINUTE;
        let mut left = amount;
        let oracle = (first..first + 20_160).find_map(|m| {
            left -= i64::from(open(&c, m) && !paused(&pauses, m));
            (left == 0).then_some((m + 1) * MINUTE)
        });
        let due = c.add(from, amount * MINUTE, &pauses);
        match oracle {
            Some(at) => prop_assert_eq!(due, Some(at)),
            None => prop_assert!(due.is_none_or(|at| at > (first + 20_160) * MINUTE)),
        }
    }

    #[test]
    fn what_is_added_lies_between((c, from, _, amount, pauses) in some_case()) {
        if let Some(due) = c.add(from, amount * MINUTE, &pauses) {
            prop_assert_eq!(c.between(from, due, &pauses), amount * MINUTE);
            prop_assert_eq!(c.between(from, due - 1, &pauses), amount * MINUTE - 1);
        }
    }

    #[test]
    fn the_next_opening_is_the_first_open_minute((c, from, ..) in some_case()) {
        let first = from / MINUTE;
        let oracle = (first..first + 20_160).find(|m| open(&c, *m)).map(|m| m * MINUTE);
        if let Some(at) = oracle {
            prop_assert_eq!(c.next_open(from), Some(at));
        }
    }
}
