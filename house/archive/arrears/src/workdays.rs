//! Working days by the State Council's published calendar: weekends and holidays are none,
//! worked weekends (調休) are.

use jiff::civil::{Date, Weekday};

/// Whether offices work on a day, as far as the published notices tell.
pub fn is_working(date: Date) -> bool {
    match almanac::statutory(date) {
        Some(told) => told.worked,
        None => !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday),
    }
}

/// The last working day up to a day, and whether a year that was looked at has no published
/// calendar yet: then Monday to Friday are taken.
pub fn last_until(date: Date) -> (Date, bool) {
    let mut day = date;
    let mut unknown = !almanac::knows_statutory(day.year());
    while !is_working(day) {
        let Ok(before) = day.yesterday() else {
            return (day, true);
        };
        day = before;
        unknown |= !almanac::knows_statutory(day.year());
    }
    (day, unknown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_task_due_in_a_holiday_is_done_before_it_and_a_worked_weekend_counts() {
        // The national day's week of 2025 is 1 to 8 October; 28 September, a Sunday, is worked.
        assert_eq!(last_until(date(2025, 10, 7)), (date(2025, 9, 30), false));
        assert_eq!(last_until(date(2025, 9, 28)), (date(2025, 9, 28), false));
        assert_eq!(last_until(date(2025, 3, 2)), (date(2025, 2, 28), false));
    }

    #[test]
    fn a_year_without_a_published_calendar_is_monday_to_friday_and_says_so() {
        assert_eq!(last_until(date(2150, 10, 4)), (date(2150, 10, 2), true));
    }
}
