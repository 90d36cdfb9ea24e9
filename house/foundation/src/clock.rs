//! The one source of time. Everything else is told what time it is, so that a
//! year of office life can be simulated in a test.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// An instant, in milliseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Moment(pub i64);

pub const SECOND: i64 = 1_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

impl Moment {
    /// This instant moved by `ms` milliseconds; never overflows.
    pub fn plus(self, ms: i64) -> Moment {
        Moment(self.0.saturating_add(ms))
    }

    /// The calendar date in Asia/Shanghai, the zone of every compound.
    pub fn date(self) -> jiff::civil::Date {
        self.zoned().date()
    }

    /// The wall-clock time in Asia/Shanghai.
    pub fn zoned(self) -> jiff::Zoned {
        // China has kept one offset, without summer time, since 1991.
        let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
        jiff::Timestamp::from_millisecond(self.0)
            .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
            .to_zoned(zone)
    }

    /// Midnight at the start of `date` in Asia/Shanghai.
    pub fn at_start_of(date: jiff::civil::Date) -> Moment {
        let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
        let ms = date
            .to_zoned(zone)
            .map(|z| z.timestamp().as_millisecond())
            .unwrap_or(0);
        Moment(ms)
    }
}

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    fn now(&self) -> Moment;
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods)] // the one place that may ask the machine
    fn now(&self) -> Moment {
        let since = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        Moment(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A clock that a test or the demo's year of life turns by hand.
#[derive(Clone)]
pub struct HandClock(Arc<AtomicI64>);

impl HandClock {
    pub fn at(moment: Moment) -> HandClock {
        HandClock(Arc::new(AtomicI64::new(moment.0)))
    }
    pub fn set(&self, moment: Moment) {
        self.0.store(moment.0, Ordering::SeqCst);
    }
    pub fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Moment {
        Moment(self.0.load(Ordering::SeqCst))
    }
}
