//! When a household is due, until when, and how the work spreads over a quarter: pure.
//!
//! Dates are local (Asia/Shanghai), whatever the server's zone. A quarter runs from its first
//! day 00:00 to the next one's first day 00:00. Lawful days off do not extend it: they extend
//! legal periods (民法典 203), not a floor on diligence.

use foundation::clock::Moment;
use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday, date};

use forms::workdays::is_working;

/// A tenure that ends within a quarter is due only if it lasted so many days of it.
pub const LASTED_DAYS: i64 = 30;
/// A tenure that begins within so many last days of a quarter is content with its registration.
pub const NEW_DAYS: i64 = 30;
/// The work is to be finished so many days before the last working day.
pub const AHEAD_DAYS: i64 = 5;
/// Days between two visits of a household that are preferred.
pub const APART_DAYS: i64 = 60;

/// A quarter of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    pub year: i16,
    /// 1 to 4.
    pub nth: i8,
}

impl Quarter {
    /// The quarter that a day lies in.
    pub fn of(day: Date) -> Quarter {
        Quarter {
            year: day.year(),
            nth: (day.month() - 1) / 3 + 1,
        }
    }

    /// The quarter of an instant, by the calendar of Shanghai.
    pub fn at(moment: Moment) -> Quarter {
        Quarter::of(moment.date())
    }

    /// As stored and in addresses: `2026-Q1`.
    pub fn word(self) -> String {
        format!("{:04}-Q{}", self.year, self.nth)
    }

    pub fn from_word(word: &str) -> Option<Quarter> {
        let (year, nth) = word.split_once("-Q")?;
        let found = Quarter {
            year: year.parse().ok()?,
            nth: nth.parse().ok()?,
        };
        let within = (1..=4).contains(&found.nth) && (1900..=9000).contains(&found.year);
        (within && found.word() == word).then_some(found)
    }

    /// As it stands in the ledger: 20261 for the first of 2026.
    pub fn number(self) -> i64 {
        i64::from(self.year) * 10 + i64::from(self.nth)
    }

    pub fn from_number(number: i64) -> Option<Quarter> {
        Quarter::from_word(&format!("{:04}-Q{}", number / 10, number % 10))
    }

    pub fn next(self) -> Quarter {
        match self.nth {
            4 => Quarter {
                year: self.year + 1,
                nth: 1,
            },
            n => Quarter { nth: n + 1, ..self },
        }
    }

    pub fn previous(self) -> Quarter {
        match self.nth {
            1 => Quarter {
                year: self.year - 1,
                nth: 4,
            },
            n => Quarter { nth: n - 1, ..self },
        }
    }

    /// Its first day.
    pub fn first(self) -> Date {
        date(self.year, (self.nth - 1) * 3 + 1, 1)
    }

    /// The first day after it.
    pub fn end(self) -> Date {
        self.next().first()
    }

    /// Its last day, at whose 24:00 it is due.
    pub fn last(self) -> Date {
        self.end().yesterday().unwrap_or(Date::MAX)
    }

    /// From its first instant to the first that is not in it.
    pub fn bounds(self) -> (Moment, Moment) {
        (
            Moment::at_start_of(self.first()),
            Moment::at_start_of(self.end()),
        )
    }

    /// Its last working day.
    pub fn last_working(self) -> Date {
        let mut day = self.last();
        while !is_working(day) && day > self.first() {
            day = day.yesterday().unwrap_or(Date::MIN);
        }
        day
    }

    /// The day by which the office means to have finished.
    pub fn target(self) -> Date {
        back(self.last_working(), AHEAD_DAYS)
    }
}

fn back(day: Date, days: i64) -> Date {
    day.saturating_sub(days.days())
}

/// Whole days from one day to another.
pub fn days(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// Whether somebody may live there, as far as the roster tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Lived in, or not known otherwise.
    Lived,
    /// The roster has it empty; a confirmation of that counts.
    Vacant,
    /// A parking space, a store room, or not handed over yet: no household.
    NoHome,
}

impl Standing {
    /// By the roster's words for a room's purpose and state.
    pub fn of(purpose: Option<&str>, state: Option<&str>) -> Standing {
        match (purpose, state) {
            (Some("parking" | "other"), _) | (_, Some("not_handed_over")) => Standing::NoHome,
            (_, Some("vacant")) => Standing::Vacant,
            _ => Standing::Lived,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Standing::Lived => "lived",
            Standing::Vacant => "vacant",
            Standing::NoHome => "none",
        }
    }

    pub fn from_word(word: &str) -> Option<Standing> {
        [Standing::Lived, Standing::Vacant, Standing::NoHome]
            .into_iter()
            .find(|s| s.word() == word)
    }
}

/// A tenure as the rule looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tenure {
    /// 入住時間; unknown is as if it were always.
    pub began: Option<Date>,
    /// The day on which the next began; it is not a day of this tenure any more.
    pub ended: Option<Date>,
    /// The day of the 《情況登記表》 at 入住.
    pub registered: Option<Date>,
    pub standing: Standing,
}

/// What a quarter asks of a tenure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Duty {
    /// One completed record.
    Due,
    /// Its registration at 入住 is the record.
    Registered,
    /// Nothing, and why.
    None(Why),
}

/// Why a tenure is not due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    NoHome,
    /// It begins after the quarter.
    NotYet,
    /// It ended before the quarter, or after fewer than [`LASTED_DAYS`] of it.
    Ended,
}

/// What a quarter asks of a tenure.
pub fn duty(q: Quarter, t: &Tenure) -> Duty {
    if t.standing == Standing::NoHome {
        return Duty::None(Why::NoHome);
    }
    let began = t.began.unwrap_or(Date::MIN);
    if began >= q.end() {
        return Duty::None(Why::NotYet);
    }
    if let Some(ended) = t.ended.filter(|day| *day < q.end()) {
        let from = began.max(q.first());
        if ended <= from || days(from, ended) < LASTED_DAYS {
            return Duty::None(Why::Ended);
        }
    }
    let in_time = t.registered.filter(|day| *day < q.end());
    let within = in_time.is_some_and(|day| day >= q.first());
    let new = began >= back(q.end(), NEW_DAYS);
    if within || (new && in_time.is_some()) {
        return Duty::Registered;
    }
    Duty::Due
}

/// Whether a record for a quarter, completed at an instant, is in time. It counts for no other
/// quarter, and late stays late. `None` before the quarter began: it cannot be for it.
pub fn in_time(q: Quarter, at: Moment) -> Option<bool> {
    let (first, end) = q.bounds();
    (at >= first).then_some(at < end)
}

/// The Monday of a day's week.
pub fn monday(day: Date) -> Date {
    back(
        day,
        i64::from(day.weekday().since(Weekday::Monday).unsigned_abs()),
    )
}

/// Weeks, from a day's own to the target's, that have a working day left; past the target those
/// to the quarter's last day. At least one: what is not done is to be done now.
pub fn weeks_left(q: Quarter, today: Date) -> i64 {
    let today = today.max(q.first());
    let until = if today <= q.target() {
        q.target()
    } else {
        q.last()
    };
    let (mut day, mut weeks) = (today, 0);
    // From week to week: one working day in it is enough.
    while day <= until {
        let next = monday(day).saturating_add(7.days());
        let end = until.min(next.yesterday().unwrap_or(Date::MIN));
        let mut days = std::iter::successors(Some(day), |d| d.tomorrow().ok());
        weeks += i64::from(days.by_ref().take_while(|d| *d <= end).any(is_working));
        day = next;
    }
    weeks.max(1)
}

/// How many households one week has: what remains, spread evenly over the weeks that are left.
pub fn weekly_quota(q: Quarter, today: Date, remaining: i64) -> i64 {
    let weeks = weeks_left(q, today);
    (remaining.max(0) + weeks - 1) / weeks
}

/// The first day on which a household may be visited again without troubling it.
pub fn rested_from(last: Date) -> Date {
    last.saturating_add(APART_DAYS.days())
}

/// Which of those who wait, in shelf order, are a week's: first whoever was left in peace for
/// [`APART_DAYS`], and others only where those are not enough; in shelf order again.
/// `rested` says of each in turn the day from which that is so.
pub fn pick(rested: &[Option<Date>], today: Date, quota: usize) -> Vec<usize> {
    let peace = |day: &Option<Date>| day.is_none_or(|d| d <= today);
    let first = rested.iter().enumerate().filter(|(_, d)| peace(d));
    let then = rested.iter().enumerate().filter(|(_, d)| !peace(d));
    let mut chosen: Vec<usize> = first.chain(then).map(|(i, _)| i).take(quota).collect();
    chosen.sort_unstable();
    chosen
}

#[cfg(test)]
mod tests;
