//! The span that figures are summed over: a week from its Monday, a month, a quarter; in the
//! calendar of Asia/Shanghai.

use jiff::civil::{Date, date};
use jiff::{Span, ToSpan as _};

/// How long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Length {
    Week,
    #[default]
    Month,
    Quarter,
}

impl Length {
    pub const ALL: [Length; 3] = [Length::Week, Length::Month, Length::Quarter];

    /// As it stands in addresses.
    pub fn word(self) -> &'static str {
        match self {
            Length::Week => "week",
            Length::Month => "month",
            Length::Quarter => "quarter",
        }
    }

    pub fn from_word(word: &str) -> Option<Length> {
        Length::ALL.into_iter().find(|l| l.word() == word)
    }

    fn span(self) -> Span {
        match self {
            Length::Week => 1.week(),
            Length::Month => 1.month(),
            Length::Quarter => 3.months(),
        }
    }
}

/// A span of whole days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub length: Length,
    /// Its first day.
    pub first: Date,
}

impl Period {
    /// The one that a day lies in.
    pub fn holding(length: Length, day: Date) -> Period {
        let first = match length {
            Length::Week => {
                let back = i64::from(day.weekday().to_monday_zero_offset());
                day.saturating_sub(Span::new().days(back))
            }
            Length::Month => day.first_of_month(),
            Length::Quarter => date(day.year(), (day.month() - 1) / 3 * 3 + 1, 1),
        };
        Period { length, first }
    }

    /// The first day after it.
    pub fn end(self) -> Date {
        self.first.saturating_add(self.length.span())
    }

    /// Its last day.
    pub fn last(self) -> Date {
        self.end().saturating_sub(1.day())
    }

    pub fn before(self) -> Period {
        Period::holding(self.length, self.first.saturating_sub(1.day()))
    }

    pub fn after(self) -> Period {
        Period::holding(self.length, self.end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_day_lies_in_one_period_and_periods_leave_no_gap() {
        let mut day = date(2023, 12, 20);
        while day < date(2028, 3, 3) {
            for length in Length::ALL {
                let p = Period::holding(length, day);
                assert!(p.first <= day && day < p.end(), "{length:?} {day}");
                assert_eq!(Period::holding(length, p.last()), p);
                assert_eq!(p.after().before(), p);
                assert_eq!(p.after().first, p.end());
            }
            day = day.saturating_add(1.day());
        }
        let quarter = Period::holding(Length::Quarter, date(2024, 2, 29));
        assert_eq!(
            (quarter.first, quarter.last()),
            (date(2024, 1, 1), date(2024, 3, 31))
        );
        let week = Period::holding(Length::Week, date(2026, 11, 27));
        assert_eq!(week.first, date(2026, 11, 23), "a Monday");
    }
}
