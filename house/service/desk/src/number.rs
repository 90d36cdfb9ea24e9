//! The number of a ticket.

use std::fmt;

/// `R-2026-000123`: of a compound and a year, without a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number {
    pub year: i64,
    pub number: i64,
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "R-{}-{:06}", self.year, self.number)
    }
}

impl Number {
    /// A number as people type it: `R-2026-000123`, `2026-123`, or `123` of this year.
    pub fn read(text: &str, this_year: i64) -> Option<Number> {
        let text = text
            .trim()
            .trim_start_matches(['R', 'r'])
            .trim_start_matches('-');
        let (year, number) = match text.split_once('-') {
            Some((year, number)) => (year.parse().ok()?, number),
            None => (this_year, text),
        };
        let digits = (1..=9).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
        let number = digits.then(|| number.parse().ok())??;
        Some(Number { year, number })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_people_type_it() {
        let n = Number {
            year: 2026,
            number: 123,
        };
        assert_eq!(n.to_string(), "R-2026-000123");
        for text in [
            "R-2026-000123",
            "r-2026-123",
            "2026-123",
            "123",
            " R-2026-000123 ",
        ] {
            assert_eq!(Number::read(text, 2026), Some(n), "{text}");
        }
        for text in ["", "R-", "x", "12345678901234", "R-2026-", "漏水"] {
            assert_eq!(Number::read(text, 2026), None, "{text}");
        }
    }
}
