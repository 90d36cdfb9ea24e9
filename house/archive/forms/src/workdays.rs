//! Working days: weekends and the published holidays are none, worked weekends (調休) are.

use jiff::civil::{Date, Weekday};

/// Whether offices work on a day, as far as the published notices tell.
pub fn is_working(date: Date) -> bool {
    match almanac::statutory(date) {
        Some(told) => told.worked,
        None => !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday),
    }
}

/// The last of so many working days after a day, the day itself not counted.
pub fn after(date: Date, days: i64) -> Date {
    let mut day = date;
    let mut left = days;
    // A holiday and its weekends take nine days at most, so this ends.
    while left > 0 {
        let Ok(next) = day.tomorrow() else {
            return day;
        };
        day = next;
        left -= i64::from(is_working(day));
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn weekends_and_holidays_are_not_counted() {
        // Friday: Monday is the first.
        assert_eq!(after(date(2026, 11, 27), 1), date(2026, 11, 30));
        assert_eq!(after(date(2026, 11, 27), 5), date(2026, 12, 4));
        assert_eq!(after(date(2026, 11, 27), 0), date(2026, 11, 27));
        if almanac::knows_statutory(2026) {
            let next = after(date(2026, 9, 30), 1);
            assert!(next > date(2026, 10, 7), "{next}: the national day's week");
        }
    }
}
