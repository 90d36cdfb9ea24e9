//! The three clocks of a ticket (first response, update, resolution), worked out on reading from
//! its log, its terms and the office's calendar. Nothing of them is kept, so nothing drifts when
//! a term or the calendar changes: the next look is right.
//!
//! - **First response** runs from the reporter's first unanswered word until a person answers; it
//!   never begins anew.
//! - **Update** runs from the last thing the reporter was told, while the ticket is open.
//! - **Resolution** runs until the ticket is resolved; a reopened one goes on where it stood.
//!
//! All stand in `waiting`, until it ends or its longest time is over; update and resolution
//! stand while the reporter is to say whether it is done.

use foundation::clock::{MINUTE, Moment};
use foundation::page::key;
use worktime::{Calendar, Pause};

use crate::words::frozen;

frozen! {
    /// Which clock.
    Clock {
        First = "first", key("desk-clock-first");
        Update = "update", key("desk-clock-update");
        Resolve = "resolve", key("desk-clock-resolve");
    }
}

/// What was promised, in minutes of working time; nothing where nothing was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    pub first: Option<i64>,
    pub update: Option<i64>,
    pub resolve: Option<i64>,
    /// Emergencies do not wait for the office to open.
    pub round_the_clock: bool,
}

impl Terms {
    pub fn of(&self, clock: Clock) -> Option<i64> {
        match clock {
            Clock::First => self.first,
            Clock::Update => self.update,
            Clock::Resolve => self.resolve,
        }
    }
}

/// What a log says that clocks listen to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A person of the office answered the reporter, or did something that the reporter sees.
    Answered,
    /// It waits, at the longest until then.
    Waits {
        until: Moment,
    },
    /// It waits no more.
    Resumed,
    Resolved,
    Reopened,
    /// Nothing more is owed.
    Ended,
}

/// One line of a log, in order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub at: Moment,
    pub sign: Sign,
}

/// How a clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Running,
    /// It stands, in a waiting that has not lasted too long.
    Paused,
    /// What was promised was done at that time.
    Done(Moment),
    /// It does not run: not promised, or not yet begun, or no longer asked for.
    Off,
}

/// One clock, worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    pub clock: Clock,
    /// From when it runs.
    pub from: Moment,
    /// When it is due, should nothing change; nothing where the office never opens.
    pub due: Option<Moment>,
    pub standing: Standing,
    /// Working time used so far, and what was promised.
    pub used_ms: i64,
    pub promised_ms: i64,
    /// How often it began before: one alarm for each of these and each step.
    pub round: i64,
}

impl Reading {
    /// What was due was not done in time.
    pub fn is_missed(&self, now: Moment) -> bool {
        let end = match self.standing {
            Standing::Done(at) => at,
            Standing::Running | Standing::Paused => now,
            Standing::Off => return false,
        };
        self.due.is_some_and(|due| end > due)
    }

    /// It may still be met or missed.
    pub fn is_live(&self) -> bool {
        matches!(self.standing, Standing::Running | Standing::Paused)
    }
}

/// What a log comes to, before any calendar is asked.
struct Story {
    waits: Vec<Pause>,
    /// Waits, and the times between resolved and reopened.
    stands: Vec<Pause>,
    answered: Option<Moment>,
    last_told: Moment,
    told: i64,
    resolved: Option<Moment>,
    ended: Option<Moment>,
    waiting_until: Option<Moment>,
}

fn read(opened: Moment, since: Moment, log: &[Mark]) -> Story {
    let mut story = Story {
        waits: Vec::new(),
        stands: Vec::new(),
        answered: None,
        last_told: opened.max(since),
        told: 0,
        resolved: None,
        ended: None,
        waiting_until: None,
    };
    let mut waits_from: Option<(Moment, Moment)> = None;
    let close = |waits: &mut Vec<Pause>, from: Option<(Moment, Moment)>, at: Moment| {
        if let Some((from, longest)) = from {
            let until = at.min(longest);
            waits.push(Pause {
                from: from.0,
                until: Some(until.0),
            });
        }
    };
    for mark in log {
        match mark.sign {
            Sign::Answered => {
                story.answered = story.answered.or(Some(mark.at));
                (story.last_told, story.told) = (mark.at, story.told + 1);
            }
            Sign::Waits { until } => waits_from = Some((mark.at, until)),
            Sign::Resumed => close(&mut story.waits, waits_from.take(), mark.at),
            Sign::Resolved => {
                close(&mut story.waits, waits_from.take(), mark.at);
                story.answered = story.answered.or(Some(mark.at));
                (story.last_told, story.told) = (mark.at, story.told + 1);
                story.resolved = Some(mark.at);
            }
            Sign::Reopened => {
                if let Some(from) = story.resolved.take() {
                    story.stands.push(Pause {
                        from: from.0,
                        until: Some(mark.at.0),
                    });
                }
                story.ended = None;
                (story.last_told, story.told) = (mark.at, story.told + 1);
            }
            Sign::Ended => {
                close(&mut story.waits, waits_from.take(), mark.at);
                story.ended = Some(mark.at);
            }
        }
    }
    if let Some((from, until)) = waits_from {
        story.waits.push(Pause {
            from: from.0,
            until: Some(until.0),
        });
        story.waiting_until = Some(until);
    }
    story.stands.extend(story.waits.iter().copied());
    story
}

/// The three clocks of a log at an instant.
pub fn readings(
    opened: Moment,
    since: Moment,
    log: &[Mark],
    terms: &Terms,
    office: &Calendar,
    now: Moment,
) -> [Reading; 3] {
    let story = read(opened, since, log);
    let always = Calendar::always();
    let calendar = if terms.round_the_clock {
        &always
    } else {
        office
    };
    let paused = story.waiting_until.is_some_and(|until| until > now);
    let running = if paused {
        Standing::Paused
    } else {
        Standing::Running
    };
    // What ended without being resolved (declined, cancelled, merged) was still answered.
    let first = match (story.answered, story.ended) {
        (Some(at), _) => Standing::Done(at),
        (None, Some(_)) => Standing::Off,
        (None, None) => running,
    };
    let update = match (story.resolved, story.ended) {
        (None, None) => running,
        _ => Standing::Off,
    };
    let resolve = match (story.resolved, story.ended) {
        (Some(at), _) => Standing::Done(at),
        (None, Some(_)) => Standing::Off,
        (None, None) => running,
    };
    let one = |clock: Clock, from: Moment, standing: Standing, stands: &[Pause], round: i64| {
        let Some(minutes) = terms.of(clock) else {
            return Reading {
                clock,
                from,
                due: None,
                standing: Standing::Off,
                used_ms: 0,
                promised_ms: 0,
                round,
            };
        };
        let end = match standing {
            Standing::Done(at) => at,
            _ => story.ended.unwrap_or(now),
        };
        let promised_ms = minutes * MINUTE;
        // What stood after it was done changes nothing of when it was due.
        let done = matches!(standing, Standing::Done(_));
        let stands: Vec<Pause> = stands
            .iter()
            .copied()
            .filter(|p| !done || p.from < end.0)
            .map(|p| Pause {
                until: p
                    .until
                    .map(|until| if done { until.min(end.0) } else { until }),
                ..p
            })
            .collect();
        let stands = stands.as_slice();
        Reading {
            clock,
            from,
            due: calendar.add(from.0, promised_ms, stands).map(Moment),
            standing,
            used_ms: calendar.between(from.0, end.0, stands),
            promised_ms,
            round,
        }
    };
    [
        one(Clock::First, since, first, &story.waits, 0),
        one(
            Clock::Update,
            story.last_told,
            update,
            &story.stands,
            story.told,
        ),
        one(Clock::Resolve, since, resolve, &story.stands, 0),
    ]
}

/// When a clock that runs will have used a part of what was promised, in hundredths.
pub fn at_percent(
    reading: &Reading,
    percent: i64,
    opened: Moment,
    since: Moment,
    log: &[Mark],
    terms: &Terms,
    office: &Calendar,
) -> Option<Moment> {
    let story = read(opened, since, log);
    let stands = match reading.clock {
        Clock::First => &story.waits,
        Clock::Update | Clock::Resolve => &story.stands,
    };
    let always = Calendar::always();
    let calendar = if terms.round_the_clock {
        &always
    } else {
        office
    };
    let amount = reading.promised_ms * percent / 100;
    calendar.add(reading.from.0, amount, stands).map(Moment)
}

/// The next time a live clock is due, of all three.
pub fn next_due(readings: &[Reading; 3]) -> Option<Moment> {
    let live = readings.iter().filter(|r| r.is_live());
    live.filter_map(|r| r.due).min()
}

#[cfg(test)]
mod tests;
