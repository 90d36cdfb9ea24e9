//! Random histories of tickets through the desk's own verbs, with terms and office hours set anew
//! in between, held to a replay that reads the bare rows of the log and walks them minute by
//! minute with its own idea of the hours: each clock, and the deadline that orders the list.
//! `LINLI_HISTORIES=10000` plays more; `LINLI_SEED` another round.

use std::collections::BTreeMap;

use ::desk::calendar::{self, Hours};
use ::desk::category::{self, Draft};
use ::desk::clocks::{Reading, Standing};
use foundation::chance::Chance;

use super::*;

/// Tickets of one office; each is a history.
const TOGETHER: u64 = 20;
const ROUNDS: u64 = 10;
/// As far ahead as a deadline is looked for: what lies behind it is beyond a walk.
const AHEAD: i64 = 90 * 1_440;

/// What the office has set, as the replay has it.
#[derive(Clone, Copy, Debug)]
struct Set {
    hours: usize,
    terms: [i64; 3],
    round_the_clock: bool,
}

/// Minutes since Monday, 2 March 2026, 00:00 in Shanghai.
fn monday() -> Moment {
    Moment::at_start_of(date(2026, 3, 2))
}

fn minute(at: Moment) -> i64 {
    (at.0 - monday().0) / MINUTE
}

/// Whether the office is open in a minute. By the published notices of 2026, 4 to 6 April and
/// 1 to 5 May are holidays, 9 May is worked; the office of the second kind keeps 10 March closed
/// and works on Sunday the 15th.
fn is_open(hours: usize, minute: i64) -> bool {
    let (day, at) = (minute.div_euclid(1_440), minute.rem_euclid(1_440));
    let published = match day {
        33..=35 | 60..=64 => Some(false),
        68 => Some(true),
        _ => None,
    };
    let own = match (hours, day) {
        (1, 8) => Some(false),
        (1, 13) => Some(true),
        _ => None,
    };
    let within = |of: &[(i64, i64)]| of.iter().any(|(from, until)| (*from..*until).contains(&at));
    let usual: &[(i64, i64)] = &[(510, 720), (840, 1_050)];
    let weekday = day.rem_euclid(7);
    match hours {
        0 => published.unwrap_or(weekday < 6) && within(usual),
        1 => match own.or(published) {
            Some(open) => open && within(&[(540, 660)]),
            None => weekday < 5 && within(&[(600, 1_140)]),
        },
        _ => published.unwrap_or(weekday == 1 || weekday == 4) && within(&[(600, 690)]),
    }
}

/// The same hours as the office types them.
fn typed(hours: usize, version: i64) -> Hours {
    let usual = "08:30-12:00 14:00-17:30";
    let week = |open: fn(usize) -> bool, text: &str| {
        std::array::from_fn(|n| if open(n) { text } else { "" }.to_owned())
    };
    let mut out = Hours {
        version,
        ..Hours::default()
    };
    match hours {
        0 => {
            out.week = week(|n| n < 6, usual);
            out.make_up = usual.into();
        }
        1 => {
            out.week = week(|n| n < 5, "10:00-19:00");
            out.make_up = "09:00-11:00".into();
            let kind = |word| calendar::day_kind(word).expect("one of ours");
            out.own = BTreeMap::from([
                (date(2026, 3, 10), kind("holiday")),
                (date(2026, 3, 15), kind("make_up")),
            ]);
        }
        _ => {
            out.week = week(|n| n == 1 || n == 4, "10:00-11:30");
            out.make_up = "10:00-11:30".into();
        }
    }
    out
}

/// One row of the log, as it lies there.
type Line = (String, Moment, bool, Option<Moment>);

/// What the replay says of a clock.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    /// Minute in which it was done; `None` while it runs.
    done: Option<i64>,
    off: bool,
    due: Option<i64>,
}

/// Walks a log for one clock (0 first response, 1 update, 2 resolution).
fn replay(nth: usize, since: i64, opened: i64, log: &[Line], set: Set, now: i64) -> Told {
    let answers = |act: &str, public: bool| match act {
        "accept" | "grab" | "start" | "resolve" => true,
        "answered" | "priced" | "incident" => public,
        _ => false,
    };
    let ends = |act: &str| {
        matches!(
            act,
            "merge" | "refer" | "decline" | "cancel" | "confirm" | "confirm_silently" | "close"
        )
    };
    let from = if nth == 1 { opened.max(since) } else { since };
    let (mut left, mut due) = (set.terms[nth], None);
    let (mut wait, mut resolved, mut ended, mut answered) = (None, None, false, None);
    let mut lines = log.iter().peekable();
    for at in from.. {
        while let Some((act, when, public, until)) = lines.next_if(|l| minute(l.1).max(from) <= at)
        {
            let when = minute(*when);
            if answers(act, *public) {
                answered = answered.or(Some(when));
            }
            // Each word to the reporter begins the next update.
            if nth == 1 && (answers(act, *public) || act == "reopen") {
                (left, due) = (set.terms[1], None);
            }
            match act.as_str() {
                "wait" => wait = until.map(minute),
                "resume" => wait = None,
                "resolve" => (wait, resolved) = (None, Some(when)),
                "reopen" => (resolved, ended) = (None, false),
                act if ends(act) => (wait, ended) = (None, true),
                _ => {}
            }
        }
        let rest = lines.peek().is_some();
        if !rest && (at >= now + AHEAD || due.is_some()) {
            break;
        }
        let done = match nth {
            0 => answered.is_some(),
            2 => resolved.is_some(),
            _ => false,
        };
        // What waits does not count; nor what lies with the reporter, unless it was over by then.
        let back = lines.clone().any(|l| l.0 == "reopen");
        let with_reporter = nth == 2 && resolved.is_some() && back;
        let waits = (with_reporter || !done) && wait.is_some_and(|until| at < until);
        let open = set.round_the_clock || is_open(set.hours, at);
        if open && !waits && !with_reporter && due.is_none() {
            left -= 1;
            if left == 0 {
                due = Some(at + 1);
            }
        }
    }
    match nth {
        0 => Told {
            done: answered,
            off: answered.is_none() && ended,
            due,
        },
        1 => Told {
            done: None,
            off: resolved.is_some() || ended,
            due,
        },
        _ => Told {
            done: resolved,
            off: resolved.is_none() && ended,
            due,
        },
    }
}

fn read(r: &Reading) -> Told {
    Told {
        done: match r.standing {
            Standing::Done(at) => Some(minute(at)),
            _ => None,
        },
        off: r.standing == Standing::Off,
        due: r.due.map(minute),
    }
}

struct Play<'d> {
    d: &'d Counter,
    chance: Chance,
    set: Set,
    leaf: Id,
    missed: u64,
}

impl Play<'_> {
    fn below(&self, n: u64) -> i64 {
        self.chance.below(n) as i64
    }

    async fn set_terms(&mut self) {
        let (house, by) = (&self.d.w.house, &self.d.w.supervisor);
        self.set.terms = [
            1 + self.below(400),
            1 + self.below(700),
            1 + self.below(1_500),
        ];
        self.set.round_the_clock = self.below(4) == 0;
        let tree = category::ready(house, C).await.expect("read");
        let draft = Draft {
            first: Some(self.set.terms[0]),
            update: Some(self.set.terms[1]),
            resolve: Some(self.set.terms[2]),
            round_the_clock: Some(self.set.round_the_clock),
            ..Draft::of(tree.get(self.leaf).expect("there"))
        };
        category::set(house, by, Some(self.leaf), None, draft)
            .await
            .expect("set");
    }

    async fn set_hours(&mut self) {
        let house = &self.d.w.house;
        self.set.hours = self.below(3) as usize;
        let version = Hours::of(house, C).await.expect("read").version;
        calendar::set(house, &self.d.w.supervisor, typed(self.set.hours, version))
            .await
            .expect("set");
    }

    /// Something that somebody does to a ticket; what the table forbids is passed over.
    async fn one(&mut self, id: Id) {
        let d = self.d;
        let (desk, works) = (&d.w.specialist, &d.technician);
        let doing = Doing {
            to: works.account,
            waits_for: Some(WaitsFor::ThirdParty),
            days: Some(1 + self.below(9)),
            outcome: Some(Outcome::Partly),
            ..because("照記錄辦理")
        };
        let said = |by: &Actor, public| {
            let saying = Saying {
                words: "有進展".into(),
                public,
                shows: Shows::Before,
                pictures: Vec::new(),
                sent_id: String::new(),
            };
            let (house, by) = (&d.w.house, by.clone());
            async move {
                let _ = work::say(house, &by, id, saying).await;
            }
        };
        let (by, act) = match self.below(24) {
            0 | 1 => (desk, Act::Triage),
            2 | 3 => (desk, Act::Assign),
            4 => (works, Act::Grab),
            5 | 6 => (works, Act::Accept),
            7 | 8 => (works, Act::Start),
            9 => (works, Act::HandBack),
            10..=12 => (works, Act::Wait),
            13 => (works, Act::Resume),
            14 | 15 => (works, Act::Resolve),
            16 => (&d.owner, Act::Confirm),
            17 | 18 => (&d.owner, Act::Reopen),
            19 if self.below(4) == 0 => (&d.owner, Act::Cancel),
            20 if self.below(4) == 0 => (desk, Act::Decline),
            21 => return said(desk, true).await,
            22 => return said(desk, false).await,
            _ => return said(&d.owner, true).await,
        };
        match acts::act(&d.w.house, by, id, act, doing).await {
            Ok(_) | Err(Refused::Illegal(_) | Refused::NotFound | Refused::ReopenOver) => {}
            Err(e) => panic!("{}: {e}", act.word()),
        }
    }

    async fn compare(&mut self, id: Id, round: u64) {
        let house = &self.d.w.house;
        let t = self.d.ticket(id).await;
        let log: Vec<Line> = house
            .db
            .all(ask(
                "SELECT act, at, public, until_at FROM desk_step \
                 WHERE community = $1 AND ticket = $2 ORDER BY seq",
                params![C, id],
            ))
            .await
            .expect("readable");
        let (now, since, opened) = (minute(house.now()), minute(t.since), minute(t.opened_at));
        let readings = looking::readings(house, C, &t).await.expect("read");
        let mut next: Option<i64> = None;
        for (nth, reading) in readings.iter().enumerate() {
            let told = replay(nth, since, opened, &log, self.set, now);
            let mut found = read(reading);
            if told.off {
                found.due = told.due;
            }
            let what = format!("round {round} clock {nth} {:?} {log:?}", self.set);
            assert_eq!(found, told, "{what}");
            let late = told.due.is_some_and(|due| told.done.unwrap_or(now) > due);
            assert_eq!(reading.is_missed(house.now()), late && !told.off, "{what}");
            self.missed += u64::from(late);
            if !told.off && told.done.is_none() {
                next = match (next, told.due) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
            }
        }
        let kept = (t.due_at.0 != i64::MAX).then(|| minute(t.due_at));
        assert_eq!(kept, next, "the list's order: round {round} {:?}", self.set);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn random_histories_with_changed_terms_and_hours_equal_their_replay() {
    let wanted: u64 = std::env::var("LINLI_HISTORIES").map_or(40, |n| n.parse().expect("a number"));
    let seed: u64 = std::env::var("LINLI_SEED").map_or(29, |n| n.parse().expect("a number"));
    let mut missed = 0;
    for office in 0..wanted.div_ceil(TOGETHER) {
        let d = Counter::new().await;
        let tree = category::ready(&d.w.house, C).await.expect("read");
        let mut play = Play {
            chance: Chance::from_seed(seed + office),
            set: Set {
                hours: 0,
                terms: [0; 3],
                round_the_clock: false,
            },
            leaf: tree.by_code("plumbing").expect("proposed").id,
            d: &d,
            missed: 0,
        };
        play.set_terms().await;
        play.set_hours().await;
        let mut ids = Vec::new();
        for _ in 0..TOGETHER {
            let mut new = d.repair();
            new.category = Some(play.leaf);
            ids.push(d.opened(new).await.id);
        }
        for round in 0..ROUNDS {
            for id in &ids {
                play.one(*id).await;
                play.one(*id).await;
            }
            // Two working days at the most, so that a silence of a week is met as well.
            d.w.house.clock.advance(play.below(2_000) * MINUTE);
            match play.below(3) {
                0 => play.set_terms().await,
                1 => play.set_hours().await,
                _ => {}
            }
            tend::run(&d.w.house, C).await.expect("tended");
            for id in &ids {
                play.compare(*id, round).await;
            }
        }
        missed += play.missed;
        let counts: Vec<(i64, i64)> =
            d.w.house
                .db
                .all(ask(
                    "SELECT tickets, (SELECT COUNT(*) FROM desk_ticket t \
                     WHERE t.community = y.community AND t.state = y.state AND t.kind = y.kind \
                     AND t.veil = y.veil AND y.priority IN ('*', t.priority) \
                     AND y.building IN ('*', t.building) \
                     AND y.category IN ('*', COALESCE(t.category, '')) \
                     AND y.team IN ('*', COALESCE(t.team, ''))) \
                     FROM desk_tally y WHERE y.community = $1",
                    params![C],
                ))
                .await
                .expect("counted");
        assert!(
            counts.iter().all(|(kept, is)| kept == is && *is > 0),
            "{counts:?}"
        );
    }
    assert!(missed > 20, "the histories miss deadlines too: {missed}");
}
