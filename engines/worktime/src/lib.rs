//! Working time: when an office is open, and what follows from it. An office has shifts for each
//! day of the week, several a day and over midnight; a published holiday closes it, a make-up
//! workday (調休) opens it, and the office may say otherwise of any day.
//!
//! Instants are milliseconds since 1970 and all arithmetic is of integers. Days are those of
//! Asia/Shanghai, eight hours ahead of UTC without summer time since 15 September 1991; earlier
//! instants are taken the same way, since no ticket is that old.

mod shift;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;

pub use shift::{Shift, ShiftFault, shifts, text_of};

pub const MINUTE: i64 = 60_000;
pub const DAY: i64 = 24 * 60 * MINUTE;
/// Shanghai's distance from UTC.
const EAST: i64 = 8 * 60 * MINUTE;
/// A calendar that is closed for so long gives no deadline: ten years.
const HORIZON_DAYS: i64 = 3_660;

/// What a day is, as far as the shifts are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind {
    /// As its day of the week has it.
    Ordinary,
    /// A holiday: the office's holiday shifts, mostly none.
    Holiday,
    /// A weekend day that is worked for a holiday.
    MakeUp,
}

/// What was published for a year: its days that are not ordinary.
pub type Year = BTreeMap<Date, DayKind>;

/// When an office works.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Never closed; the rest is not looked at.
    pub round_the_clock: bool,
    /// Monday first.
    pub week: [Vec<Shift>; 7],
    pub holiday: Vec<Shift>,
    pub make_up: Vec<Shift>,
    /// What was published, by year. A year that is not here is taken as ordinary, and
    /// [`Calendar::unpublished`] says so.
    pub years: BTreeMap<i16, Year>,
    /// What the office says of single days, above what was published.
    pub own: BTreeMap<Date, DayKind>,
}

/// A stretch in which a clock stands; without an end it stands for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    pub from: i64,
    pub until: Option<i64>,
}

/// The day of an instant, counted from 1970-01-01 in Shanghai.
fn day_number(at: i64) -> i64 {
    at.saturating_add(EAST).div_euclid(DAY)
}

/// The first instant of a day.
fn day_start(number: i64) -> i64 {
    number.saturating_mul(DAY).saturating_sub(EAST)
}

fn date_of(number: i64) -> Date {
    Date::constant(1970, 1, 1).saturating_add(number.clamp(-700_000, 2_900_000).days())
}

impl Calendar {
    /// Never closed.
    pub fn always() -> Calendar {
        Calendar {
            round_the_clock: true,
            ..Calendar::default()
        }
    }

    /// What a day is.
    pub fn kind(&self, date: Date) -> DayKind {
        let published = || self.years.get(&date.year())?.get(&date);
        let said = self.own.get(&date).or_else(published);
        said.copied().unwrap_or(DayKind::Ordinary)
    }

    /// The shifts that begin on a day.
    pub fn shifts_of(&self, date: Date) -> &[Shift] {
        match self.kind(date) {
            DayKind::Holiday => &self.holiday,
            DayKind::MakeUp => &self.make_up,
            DayKind::Ordinary => &self.week[date.weekday().to_monday_zero_offset() as usize],
        }
    }

    /// Years between two instants for which nothing was published: their holidays are unknown.
    pub fn unpublished(&self, from: i64, to: i64) -> Vec<i16> {
        if self.round_the_clock {
            return Vec::new();
        }
        let (first, last) = (date_of(day_number(from)), date_of(day_number(to)));
        (first.year()..=last.year())
            .filter(|year| !self.years.contains_key(year))
            .collect()
    }

    /// The stretches of a day on which the office is open, in order, without overlaps; the end
    /// of a shift of the day before is among them.
    fn open_on(&self, number: i64) -> Vec<(i64, i64)> {
        let start = day_start(number);
        if self.round_the_clock {
            return vec![(start, start.saturating_add(DAY))];
        }
        let of = |shift: &Shift, begins: i64| {
            let from = begins + i64::from(shift.from) * MINUTE;
            let to = begins + i64::from(shift.to) * MINUTE;
            (from.max(start), to.min(start + DAY))
        };
        let before = self.shifts_of(date_of(number - 1)).iter();
        let today = self.shifts_of(date_of(number)).iter();
        let mut all: Vec<(i64, i64)> = before
            .map(|shift| of(shift, start - DAY))
            .chain(today.map(|shift| of(shift, start)))
            .filter(|(from, to)| from < to)
            .collect();
        all.sort_unstable();
        let mut joined: Vec<(i64, i64)> = Vec::with_capacity(all.len());
        for (from, to) in all {
            match joined.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => joined.push((from, to)),
            }
        }
        joined
    }

    /// Whether the office is open at an instant.
    pub fn is_open(&self, at: i64) -> bool {
        let open = self.open_on(day_number(at));
        open.iter().any(|(from, to)| (*from..*to).contains(&at))
    }

    /// The working time between two instants in milliseconds; nothing where the second is not
    /// later.
    pub fn between(&self, from: i64, to: i64, pauses: &[Pause]) -> i64 {
        let mut worked = 0;
        if to <= from {
            return worked;
        }
        for number in day_number(from)..=day_number(to) {
            for (a, b) in running(self.open_on(number), pauses) {
                worked += (b.min(to) - a.max(from)).max(0);
            }
        }
        worked
    }

    /// The first instant at which so much working time has gone by since `from`; `None` where
    /// the clock stands for good or the office does not open for ten years.
    pub fn add(&self, from: i64, amount: i64, pauses: &[Pause]) -> Option<i64> {
        if amount <= 0 {
            return Some(from);
        }
        let (mut left, mut empty) = (amount, 0);
        let mut number = day_number(from);
        while empty <= HORIZON_DAYS {
            let mut any = false;
            for (a, b) in running(self.open_on(number), pauses) {
                let a = a.max(from);
                if b <= a {
                    continue;
                }
                any = true;
                if b - a >= left {
                    return Some(a + left);
                }
                left -= b - a;
            }
            empty = if any { 0 } else { empty + 1 };
            number += 1;
        }
        None
    }

    /// The instant from which the office is open again, or the given one where it is open.
    pub fn next_open(&self, at: i64) -> Option<i64> {
        if self.is_open(at) {
            return Some(at);
        }
        let first = day_number(at);
        (first..=first + HORIZON_DAYS).find_map(|number| {
            let open = self.open_on(number).into_iter();
            open.map(|(from, _)| from).find(|from| *from > at)
        })
    }
}

/// What is left of some stretches outside of all pauses.
fn running(open: Vec<(i64, i64)>, pauses: &[Pause]) -> Vec<(i64, i64)> {
    let mut left = open;
    for pause in pauses {
        let until = pause.until.unwrap_or(i64::MAX);
        if until <= pause.from {
            continue;
        }
        left = left
            .into_iter()
            .flat_map(|(a, b)| [(a, b.min(pause.from)), (a.max(until), b)])
            .filter(|(a, b)| a < b)
            .collect();
    }
    left
}
