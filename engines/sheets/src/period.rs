//! A month or a run of months, as fee lists name them: `2026-01`, `2026年1月`, `2026年1-3月`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A month of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Month {
    pub year: i16,
    pub month: i8,
}

/// First and last month, both included; one month when they are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Period {
    pub first: Month,
    pub last: Month,
}

/// Why a text is no period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPeriod {
    /// A month, but of which year?
    YearUnknown,
    Unreadable,
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            self.first.fmt(f)
        } else {
            write!(f, "{}/{}", self.first, self.last)
        }
    }
}

impl Month {
    pub fn new(year: i16, month: i8) -> Option<Month> {
        ((1900..=2200).contains(&year) && (1..=12).contains(&month))
            .then_some(Month { year, month })
    }
}

impl Period {
    pub fn month(month: Month) -> Period {
        Period {
            first: month,
            last: month,
        }
    }

    /// Reads a period; `year` helps where the text names only months.
    pub fn parse(text: &str, year: Option<i16>) -> Result<Period, NoPeriod> {
        let plain = crate::label::plain(text);
        let plain = plain.trim_end_matches(['份', '度']);
        for (word, first, last) in NAMED {
            if let Some(rest) = plain.strip_suffix(word) {
                let of = year_of(rest.trim_end_matches(['-', '.', '/', ' ']))
                    .or(if rest.is_empty() { year } else { None });
                return match of {
                    Some(y) => between(Month::new(y, *first), Month::new(y, *last)),
                    None if rest.is_empty() => Err(NoPeriod::YearUnknown),
                    None => Err(NoPeriod::Unreadable),
                };
            }
        }
        let numbers = numbers(plain)?;
        match numbers.as_slice() {
            [ym] if (190_001..=220_012).contains(ym) => between(
                Month::new((ym / 100) as i16, (ym % 100) as i8),
                Month::new((ym / 100) as i16, (ym % 100) as i8),
            ),
            [m] if (1..=12).contains(m) => match year {
                Some(y) => between(Month::new(y, *m as i8), Month::new(y, *m as i8)),
                None => Err(NoPeriod::YearUnknown),
            },
            [y, m] if *y >= 1900 => between(month(*y, *m), month(*y, *m)),
            [a, b] if *a > 190_000 && *b > 190_000 => {
                between(month(a / 100, a % 100), month(b / 100, b % 100))
            }
            [a, b] if *a <= 12 && *b <= 12 => match year {
                Some(y) => between(Month::new(y, *a as i8), Month::new(y, *b as i8)),
                None => Err(NoPeriod::YearUnknown),
            },
            [y, a, b] if *y >= 1900 => between(month(*y, *a), month(*y, *b)),
            [y, a, z, b] if *y >= 1900 && *z >= 1900 => between(month(*y, *a), month(*z, *b)),
            // Days are given too: 2026-01-01 to 2026-03-31.
            [y, a, d, z, b, e] if *y >= 1900 && *z >= 1900 && *d <= 31 && *e <= 31 => {
                between(month(*y, *a), month(*z, *b))
            }
            _ => Err(NoPeriod::Unreadable),
        }
    }
}

/// Parts of a year by name, longest first.
const NAMED: &[(&str, i8, i8)] = &[
    ("第一季", 1, 3),
    ("第二季", 4, 6),
    ("第三季", 7, 9),
    ("第四季", 10, 12),
    ("一季", 1, 3),
    ("二季", 4, 6),
    ("三季", 7, 9),
    ("四季", 10, 12),
    ("1季", 1, 3),
    ("2季", 4, 6),
    ("3季", 7, 9),
    ("4季", 10, 12),
    ("q1", 1, 3),
    ("q2", 4, 6),
    ("q3", 7, 9),
    ("q4", 10, 12),
    ("上半年", 1, 6),
    ("下半年", 7, 12),
    ("全年", 1, 12),
    ("年", 1, 12),
];

fn month(year: u32, month: u32) -> Option<Month> {
    Month::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?)
}

fn between(first: Option<Month>, last: Option<Month>) -> Result<Period, NoPeriod> {
    match (first, last) {
        (Some(first), Some(last)) if first <= last => Ok(Period { first, last }),
        _ => Err(NoPeriod::Unreadable),
    }
}

/// `2026`, `2026年`, `26年`.
pub(crate) fn year_of(text: &str) -> Option<i16> {
    let digits = text.strip_suffix('年').unwrap_or(text);
    let year: i16 = digits.parse().ok()?;
    match digits.len() {
        4 if (1900..=2200).contains(&year) => Some(year),
        2 if text.ends_with('年') => Some(2000 + year),
        _ => None,
    }
}

/// The numbers of a text whose other signs may only be those of dates and ranges.
fn numbers(text: &str) -> Result<Vec<u32>, NoPeriod> {
    let mut numbers = Vec::new();
    let mut digits = String::new();
    for c in text.chars().chain([' ']) {
        if c.is_ascii_digit() && digits.len() < 6 {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            let n: u32 = digits.parse().map_err(|_| NoPeriod::Unreadable)?;
            // 26年1月: a year of two digits only before its own sign.
            numbers.push(if c == '年' && digits.len() == 2 {
                2000 + n
            } else {
                n
            });
            digits.clear();
        }
        if !matches!(
            c,
            '年' | '月' | '日' | '-' | '/' | '.' | '~' | '至' | '到' | ' ' | '—' | '–' | '_'
        ) || numbers.len() > 6
        {
            return Err(NoPeriod::Unreadable);
        }
    }
    if numbers.is_empty() {
        Err(NoPeriod::Unreadable)
    } else {
        Ok(numbers)
    }
}
