//! Random histories of tickets, with terms and calendars changed in between, held to an oracle
//! that walks minute by minute and keeps its own idea of the office's hours.

use super::*;
use proptest::prelude::Rng as _;
use proptest::test_runner::{RngAlgorithm, TestRng};
use std::collections::BTreeMap;
use worktime::{DayKind, shifts};

/// Monday, 2 September 2024, 00:00 in Shanghai.
const MONDAY: i64 = 1_725_206_400_000;
/// As many minutes are walked: five weeks.
const WALK: i64 = 5 * 7 * 1_440;

/// An office as the oracle has it: which minutes of a day are worked, by the day's number from
/// the first Monday.
type Hours = fn(day: i64, minute: i64) -> bool;

fn weekdays(day: i64, minute: i64) -> bool {
    // 17 September is a holiday, 14 September a worked Saturday.
    let worked = match day {
        15 => false,
        12 => true,
        day => day % 7 < 5,
    };
    worked && ((510..720).contains(&minute) || (840..1_050).contains(&minute))
}

fn nights(day: i64, minute: i64) -> bool {
    // 22:00 to 06:00 of each day but those that begin on a Sunday.
    (minute >= 1_320 && day % 7 != 6) || (minute < 360 && (day + 6) % 7 != 6)
}

fn short(day: i64, minute: i64) -> bool {
    (day % 7 == 1 || day % 7 == 4) && (600..660).contains(&minute)
}

fn always(_: i64, _: i64) -> bool {
    true
}

fn offices() -> Vec<(Calendar, Hours)> {
    let of = |text: &str| shifts(text).expect("shifts");
    let day = |m, d| jiff::civil::date(2024, m, d);
    let mut usual = Calendar {
        make_up: of("08:30-12:00 14:00-17:30"),
        years: BTreeMap::from([(
            2024,
            BTreeMap::from([
                (day(9, 17), DayKind::Holiday),
                (day(9, 14), DayKind::MakeUp),
            ]),
        )]),
        ..Calendar::default()
    };
    let mut night = Calendar::default();
    let mut rare = Calendar::default();
    for n in 0..7 {
        if n < 5 {
            usual.week[n] = of("08:30-12:00 14:00-17:30");
        }
        if n < 6 {
            night.week[n] = of("22:00-06:00");
        }
        if n == 1 || n == 4 {
            rare.week[n] = of("10:00-11:00");
        }
    }
    vec![
        (usual, weekdays as Hours),
        (night, nights),
        (rare, short),
        (Calendar::always(), always),
    ]
}

struct Dice(TestRng);

impl Dice {
    fn below(&mut self, n: i64) -> i64 {
        (self.0.next_u64() % n as u64) as i64
    }
}

/// A history that the table of states lets happen, in whole minutes.
fn history(dice: &mut Dice) -> Vec<Mark> {
    let mut log = Vec::new();
    let (mut minute, mut waiting, mut resolved) = (0, false, false);
    for _ in 0..dice.below(12) {
        minute += dice.below(900);
        let at = Moment(MONDAY + minute * MINUTE);
        let sign = match (waiting, resolved, dice.below(6)) {
            (_, true, 0..=2) => {
                resolved = false;
                Sign::Reopened
            }
            (_, true, 3) => Sign::Ended,
            (_, true, _) => continue,
            (true, ..) => {
                waiting = false;
                Sign::Resumed
            }
            (_, _, 0 | 1) => Sign::Answered,
            (_, _, 2 | 3) => {
                waiting = true;
                Sign::Waits {
                    until: at.plus(dice.below(3_000) * MINUTE),
                }
            }
            (_, _, 4) => {
                resolved = true;
                Sign::Resolved
            }
            _ => Sign::Answered,
        };
        log.push(Mark { at, sign });
        if sign == Sign::Ended {
            break;
        }
    }
    log
}

/// What the oracle says of a clock: due and used, and when it was done.
struct Told {
    due: Option<i64>,
    used: i64,
    done: Option<i64>,
    off: bool,
}

/// Walks minute by minute through what happened and then through what would.
fn walk(clock: Clock, log: &[Mark], promised: i64, open: impl Fn(i64) -> bool, now: i64) -> Told {
    let (mut counted, mut due, mut used) = (0, None, 0);
    let mut wait: Option<i64> = None;
    let (mut resolved, mut answered, mut ended) = (None::<i64>, None::<i64>, None::<i64>);
    let mut events = log.iter().peekable();
    for minute in 0..WALK {
        while let Some(mark) = events.next_if(|m| (m.at.0 - MONDAY) / MINUTE <= minute) {
            let at = (mark.at.0 - MONDAY) / MINUTE;
            match mark.sign {
                Sign::Waits { until } => wait = Some((until.0 - MONDAY) / MINUTE),
                Sign::Resumed => wait = None,
                Sign::Resolved => {
                    (wait, resolved) = (None, Some(at));
                    answered = answered.or(Some(at));
                }
                Sign::Reopened => (resolved, ended) = (None, None),
                Sign::Ended => (wait, ended) = (None, Some(at)),
                Sign::Answered => answered = answered.or(Some(at)),
            }
            let again = matches!(mark.sign, Sign::Answered | Sign::Resolved | Sign::Reopened);
            if clock == Clock::Update && again {
                (counted, due, used) = (0, None, 0);
            }
        }
        let later = events.clone().any(|m| m.sign == Sign::Reopened);
        // What waits, or is with the reporter, is not counted; a done clock counts on as if
        // it had not been done, so that its due instant is known.
        let with_reporter = match clock {
            Clock::First => false,
            Clock::Update => false,
            Clock::Resolve => resolved.is_some() && later,
        };
        let frozen = match clock {
            Clock::First => answered.is_some(),
            Clock::Resolve => resolved.is_some() && !later,
            Clock::Update => false,
        };
        let waits = wait.is_some_and(|until| minute < until) && !frozen;
        if open(minute) && !waits && !with_reporter {
            counted += 1;
            let stops = [
                Some(now),
                ended,
                if clock == Clock::First {
                    answered
                } else {
                    None
                },
                if clock == Clock::Resolve {
                    resolved
                } else {
                    None
                },
            ];
            if stops.into_iter().flatten().all(|stop| minute < stop) {
                used += 1;
            }
            if counted == promised && due.is_none() {
                due = Some(minute + 1);
            }
        }
    }
    let (done, off) = match clock {
        Clock::First => (answered, answered.is_none() && ended.is_some()),
        Clock::Update => (None, resolved.is_some() || ended.is_some()),
        Clock::Resolve => (resolved, resolved.is_none() && ended.is_some()),
    };
    Told {
        due,
        used,
        done,
        off,
    }
}

fn histories() -> u32 {
    let asked = std::env::var("LINLI_HISTORIES").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(500)
}

#[test]
fn random_histories_with_changed_terms_and_calendars_equal_the_oracle() {
    let offices = offices();
    // The oracle's own hours, minute by minute, once for each office.
    let open: Vec<Vec<bool>> = offices
        .iter()
        .map(|(_, hours)| (0..WALK).map(|m| hours(m / 1_440, m % 1_440)).collect())
        .collect();
    let mut dice = Dice(TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]));
    let mut missed = 0;
    for nth in 0..histories() {
        let log = history(&mut dice);
        let last = log.last().map_or(0, |m| (m.at.0 - MONDAY) / MINUTE);
        // Looked at as it was, and again after terms and calendar were changed.
        for _ in 0..2 {
            let which = dice.below(offices.len() as i64) as usize;
            let round_the_clock = dice.below(5) == 0;
            let terms = Terms {
                first: Some(1 + dice.below(600)),
                update: Some(1 + dice.below(900)),
                resolve: Some(1 + dice.below(2_500)),
                round_the_clock,
            };
            let now = last + dice.below(2_000);
            let at = Moment(MONDAY + now * MINUTE);
            let start = Moment(MONDAY);
            let read = readings(start, start, &log, &terms, &offices[which].0, at);
            for reading in read {
                let promised = terms.of(reading.clock).expect("promised");
                let worked = |m: i64| round_the_clock || open[which][m as usize];
                let told = walk(reading.clock, &log, promised, worked, now);
                let what = format!(
                    "history {nth} {:?} {log:?} {terms:?} now {now}",
                    reading.clock
                );
                let off = reading.standing == Standing::Off;
                assert_eq!(off, told.off, "off: {what}");
                let done = match reading.standing {
                    Standing::Done(at) => Some((at.0 - MONDAY) / MINUTE),
                    _ => None,
                };
                assert_eq!(done, told.done, "done: {what}");
                if off {
                    continue;
                }
                assert_eq!(reading.used_ms / MINUTE, told.used, "used: {what}");
                if let Some(due) = told.due {
                    let read = reading.due.map(|d| (d.0 - MONDAY) / MINUTE);
                    assert_eq!(read, Some(due), "due: {what}");
                    let end = done.unwrap_or(now);
                    assert_eq!(reading.is_missed(at), end > due, "missed: {what}");
                    missed += i64::from(end > due);
                }
            }
        }
    }
    assert!(missed > 100, "the histories miss deadlines too: {missed}");
}

#[test]
fn the_first_answer_is_timed_from_the_first_unanswered_word_and_never_begins_anew() {
    let terms = Terms {
        first: Some(30),
        resolve: Some(600),
        ..Terms::default()
    };
    let (since, opened) = (Moment(MONDAY), Moment(MONDAY + 20 * MINUTE));
    let office = Calendar::always();
    let now = Moment(MONDAY + 31 * MINUTE);
    let [first, _, _] = readings(opened, since, &[], &terms, &office, now);
    assert_eq!(first.due, Some(Moment(MONDAY + 30 * MINUTE)));
    assert!(
        first.is_missed(now),
        "the bot's words before did not stop it"
    );
    let log = [
        Mark {
            at: Moment(MONDAY + 25 * MINUTE),
            sign: Sign::Answered,
        },
        Mark {
            at: Moment(MONDAY + 60 * MINUTE),
            sign: Sign::Resolved,
        },
        Mark {
            at: Moment(MONDAY + 90 * MINUTE),
            sign: Sign::Reopened,
        },
    ];
    let [first, _, resolve] = readings(opened, since, &log, &terms, &office, now);
    assert_eq!(first.standing, Standing::Done(Moment(MONDAY + 25 * MINUTE)));
    assert_eq!(
        resolve.due,
        Some(Moment(MONDAY + 630 * MINUTE)),
        "it goes on where it stood"
    );
}

#[test]
fn a_wait_longer_than_its_longest_time_runs_again() {
    let terms = Terms {
        resolve: Some(60),
        ..Terms::default()
    };
    let until = Moment(MONDAY + 110 * MINUTE);
    let log = [Mark {
        at: Moment(MONDAY + 10 * MINUTE),
        sign: Sign::Waits { until },
    }];
    let office = Calendar::always();
    let at = |m: i64| Moment(MONDAY + m * MINUTE);
    let read = |m| readings(at(0), at(0), &log, &terms, &office, at(m))[2];
    assert_eq!(read(50).standing, Standing::Paused);
    assert_eq!(read(50).due, Some(at(160)));
    assert_eq!(read(120).standing, Standing::Running);
    assert!(read(161).is_missed(at(161)));
}

#[test]
fn each_alarm_is_owed_once_and_in_its_order() {
    use crate::alarms::{Step, Watched, owed};
    let terms = Terms {
        resolve: Some(100),
        ..Terms::default()
    };
    let watched = Watched {
        opened: Moment(0),
        since: Moment(0),
        log: &[],
        terms,
    };
    let office = Calendar::always();
    let (mut given, mut now, mut steps) = (Vec::new(), Moment(1), Vec::new());
    for _ in 0..20 {
        let (new, next) = owed(&watched, &office, &given, now);
        steps.extend(new.iter().map(|a| (a.step, now.0 / MINUTE)));
        given.extend(new);
        match next {
            Some(next) => now = next,
            None => break,
        }
    }
    let minutes: Vec<(Step, i64)> = vec![
        (Step::Warning, 80),
        (Step::Lead, 100),
        (Step::Manager, 150),
        (Step::Outside, 300),
    ];
    assert_eq!(steps, minutes);
    // A house that stood still for a day owes all of them at once, and none twice.
    let (all, next) = owed(&watched, &office, &[], Moment(86_400_000));
    assert_eq!((all.len(), next), (4, None));
}
