//! Leaves a way alone while it is down, and bounds how fast a way is asked.

use foundation::clock::{MINUTE, Moment, SECOND};
use foundation::database::{DbError, FromRow, Row};

/// So many failures of the way in a row, without one that it took, and it is down.
const BAD_MAX: i64 = 5;
/// How many items try whether it is back.
const PROBE: usize = 4;
const PAUSE_FIRST: i64 = 10 * SECOND;
const PAUSE_LONGEST: i64 = 5 * MINUTE;

/// How a way fares, kept over restarts and shared by all nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Breaker {
    pub failing_since: Option<Moment>,
    /// Failures of the way since it last took something.
    pub bad: i64,
    pub paused_until: Moment,
    pub why: String,
    pub sent_at: Option<Moment>,
}

impl FromRow for Breaker {
    fn from_row(row: &mut Row) -> Result<Breaker, DbError> {
        Ok(Breaker {
            failing_since: row.next()?,
            bad: row.next()?,
            paused_until: row.next()?,
            why: row.next()?,
            sent_at: row.next()?,
        })
    }
}

impl Breaker {
    /// How many items may be tried now.
    pub fn room(&self, now: Moment, most: usize) -> usize {
        if self.paused_until > now {
            0
        } else if self.bad >= BAD_MAX {
            most.min(PROBE)
        } else {
            most
        }
    }

    /// Takes in what a batch found: how many times the way failed, whether it took
    /// anything (even to say no to one recipient), and whether any was sent.
    pub fn note(&mut self, batch: &Noted, now: Moment, jitter: impl FnOnce(i64) -> i64) {
        if batch.sent {
            self.sent_at = Some(now);
        }
        if batch.worked {
            self.bad = 0;
            self.failing_since = None;
            self.paused_until = Moment(0);
            self.why.clear();
            return;
        }
        if batch.failed == 0 {
            return;
        }
        self.bad += batch.failed;
        self.failing_since.get_or_insert(now);
        batch.why.clone_into(&mut self.why);
        if self.bad >= BAD_MAX {
            // As long again as it has been down, so that a short fault costs little.
            let down = now.0 - self.failing_since.unwrap_or(now).0;
            let pause = down.clamp(PAUSE_FIRST, PAUSE_LONGEST);
            self.paused_until = now.plus(pause + jitter(pause / 4));
        }
    }
}

/// What a batch tells of its way.
#[derive(Clone, Debug, Default)]
pub struct Noted {
    pub failed: i64,
    pub worked: bool,
    pub sent: bool,
    pub why: &'static str,
}

/// So many in a minute, with a minute's worth at once.
#[derive(Clone, Debug)]
pub struct Rate {
    per_minute: i64,
    /// In thousandths of an item.
    left: i64,
    at: Moment,
}

impl Rate {
    pub fn new(per_minute: i64, now: Moment) -> Rate {
        let per_minute = per_minute.max(1);
        Rate {
            per_minute,
            left: per_minute * 1_000,
            at: now,
        }
    }

    /// How many may go now, of at most `most`; they count as gone.
    pub fn take(&mut self, now: Moment, most: usize) -> usize {
        let passed = (now.0 - self.at.0).clamp(0, MINUTE);
        let gained = passed * self.per_minute / 60;
        self.left = (self.left + gained).min(self.per_minute * 1_000);
        self.at = now;
        let may = (self.left / 1_000).clamp(0, most as i64);
        self.left -= may * 1_000;
        may as usize
    }

    /// Gives back what was taken and not used.
    pub fn give_back(&mut self, unused: usize) {
        self.left = (self.left + unused as i64 * 1_000).min(self.per_minute * 1_000);
    }

    pub fn is_of(&self, per_minute: i64) -> bool {
        self.per_minute == per_minute.max(1)
    }
}

/// When an item is tried again: 10 s, 20 s, 40 s … up to an hour, and up to a half more
/// so that not all come back at once.
pub fn backoff(attempts: i64, jitter: impl FnOnce(i64) -> i64) -> i64 {
    let wait = (10 * SECOND) << attempts.clamp(0, 8);
    let wait = wait.min(60 * MINUTE);
    wait + jitter(wait / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bad(n: i64) -> Noted {
        Noted {
            failed: n,
            why: "timeout",
            ..Noted::default()
        }
    }

    #[test]
    fn a_way_that_is_down_is_left_alone_for_longer_and_longer_and_comes_back_at_once() {
        let mut b = Breaker::default();
        let mut now = Moment(1_000_000);
        b.note(&bad(4), now, |_| 0);
        assert_eq!(b.room(now, 64), 64, "not yet");
        b.note(&bad(1), now, |_| 0);
        let mut last = 0;
        for _ in 0..12 {
            assert_eq!(b.room(now, 64), 0);
            let pause = b.paused_until.0 - now.0;
            assert!(pause >= last && pause <= PAUSE_LONGEST);
            last = pause;
            now = b.paused_until;
            assert_eq!(b.room(now, 64), PROBE);
            b.note(&bad(PROBE as i64), now, |_| 0);
        }
        assert_eq!(last, PAUSE_LONGEST);
        assert_eq!(b.failing_since, Some(Moment(1_000_000)));
        let good = Noted {
            worked: true,
            sent: true,
            ..Noted::default()
        };
        b.note(&good, now, |_| 0);
        assert_eq!((b.room(now, 64), b.failing_since), (64, None));
    }

    #[test]
    fn a_minute_has_its_measure() {
        let mut rate = Rate::new(60, Moment(0));
        assert_eq!(rate.take(Moment(0), 100), 60);
        assert_eq!(rate.take(Moment(500), 100), 0);
        assert_eq!(rate.take(Moment(3_000), 100), 3);
        rate.give_back(2);
        assert_eq!(rate.take(Moment(3_000), 100), 2);
    }

    #[test]
    fn tries_grow_rarer() {
        assert_eq!(backoff(0, |_| 0), 10 * SECOND);
        assert_eq!(backoff(3, |_| 0), 80 * SECOND);
        assert!(backoff(60, |most| most) <= 90 * MINUTE);
    }
}
