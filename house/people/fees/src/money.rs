//! Money in integer fen and months as `YYYY-MM`. No float ever touches money, and
//! no sum wraps: arithmetic that leaves the range is an answer, not a number.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use foundation::database::{DbError, FromValue, Value};

/// An amount in fen (0.01 yuan).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fen(pub i64);

/// The largest amount taken from outside: 100 million yuan, far above any bill of
/// one room and far below where sums of a million of them could overflow.
pub const FEN_MAX: i64 = 10_000_000_000;

/// The sum does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the amount is out of range")]
pub struct OutOfRange;

/// The text is no amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an amount in yuan with at most two decimals")]
pub struct NotMoney;

impl Fen {
    pub const ZERO: Fen = Fen(0);

    pub fn plus(self, other: Fen) -> Result<Fen, OutOfRange> {
        self.0.checked_add(other.0).map(Fen).ok_or(OutOfRange)
    }

    pub fn minus(self, other: Fen) -> Result<Fen, OutOfRange> {
        self.0.checked_sub(other.0).map(Fen).ok_or(OutOfRange)
    }

    pub fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// All of them together.
    pub fn sum(amounts: impl IntoIterator<Item = Fen>) -> Result<Fen, OutOfRange> {
        amounts.into_iter().try_fold(Fen::ZERO, Fen::plus)
    }

    /// Yuan with two decimals and no grouping, as a form field takes it back: `-12.05`.
    pub fn plain(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let n = self.0.unsigned_abs();
        format!("{sign}{}.{:02}", n / 100, n % 100)
    }
}

impl fmt::Display for Fen {
    /// Yuan with grouping: `1,234.50`; the page puts `¥` before it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.0.unsigned_abs();
        let whole = (n / 100).to_string();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        for (i, digit) in whole.chars().enumerate() {
            if i > 0 && (whole.len() - i).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        write!(f, ".{:02}", n % 100)
    }
}

impl FromStr for Fen {
    type Err = NotMoney;

    /// Reads yuan as clerks type them: `1234.5`, `1,234.50`, `¥1234`, `１２３４元`.
    fn from_str(text: &str) -> Result<Fen, NotMoney> {
        Decimals::read(text, 2).map(|n| Fen(n.0)).ok_or(NotMoney)
    }
}

/// A decimal number as a whole number of its last place.
pub struct Decimals(pub i64);

impl Decimals {
    /// Reads `text` with at most `places` decimals, at most [`FEN_MAX`] either way.
    pub fn read(text: &str, places: u32) -> Option<Decimals> {
        let mut plain = String::new();
        for c in text.trim().chars() {
            match c {
                '０'..='９' => plain.push(char::from_digit(c as u32 - '０' as u32, 10)?),
                '．' => plain.push('.'),
                '－' | '−' => plain.push('-'),
                ',' | '，' | ' ' | '¥' | '￥' | '元' | '\u{3000}' => {}
                other => plain.push(other),
            }
        }
        let (sign, rest) = match plain.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, plain.as_str()),
        };
        let (whole, part) = rest.split_once('.').unwrap_or((rest, ""));
        // 1.500 is 1.5: zeros beyond the last place say nothing.
        let part = part.trim_end_matches('0');
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        let empty = whole.is_empty() && part.is_empty();
        if empty || !digits(whole) || !digits(part) || part.len() > places as usize {
            return None;
        }
        let scaled = format!("{whole}{part:0<width$}", width = places as usize);
        let number: i64 = scaled.parse().ok()?;
        (number <= FEN_MAX).then_some(Decimals(sign * number))
    }
}

impl From<Fen> for Value {
    fn from(fen: Fen) -> Value {
        Value::Int(fen.0)
    }
}

impl FromValue for Fen {
    fn from_value(value: Value) -> Result<Fen, DbError> {
        i64::from_value(value).map(Fen)
    }
}

impl From<OutOfRange> for DbError {
    // Within FEN_MAX a sum can only leave the range when stored rows are damaged.
    fn from(_: OutOfRange) -> DbError {
        DbError::Shape("a sum of money is out of range".into())
    }
}

/// A month that a bill is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    year: i16,
    month: i8,
}

/// The text is no month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a month written YYYY-MM")]
pub struct NotAPeriod;

impl Period {
    /// The month that `date` lies in.
    pub fn of(date: Date) -> Period {
        Period {
            year: date.year(),
            month: date.month(),
        }
    }

    /// Years a bill can be for: nothing older than the oldest commercial housing,
    /// nothing beyond what a leap of the keyboard makes.
    pub fn new(year: i16, month: i8) -> Option<Period> {
        ((1980..=2100).contains(&year) && (1..=12).contains(&month))
            .then_some(Period { year, month })
    }

    /// `202603`, for the ledger.
    pub fn number(self) -> i64 {
        i64::from(self.year) * 100 + i64::from(self.month)
    }

    pub fn next(self) -> Period {
        match self.month {
            12 => Period {
                year: self.year + 1,
                month: 1,
            },
            month => Period {
                month: month + 1,
                ..self
            },
        }
    }

    /// The given day of this month, or its last day where the month is shorter.
    pub fn day(self, day: i8) -> Date {
        let first = Date::constant(self.year, self.month, 1);
        let last = first.days_in_month();
        Date::constant(self.year, self.month, day.clamp(1, last))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Period {
    type Err = NotAPeriod;
    fn from_str(text: &str) -> Result<Period, NotAPeriod> {
        let (year, month) = text.split_once('-').ok_or(NotAPeriod)?;
        let digits = |s: &str, n: usize| s.len() == n && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(NotAPeriod);
        }
        let (year, month) = (year.parse().ok(), month.parse().ok());
        year.zip(month)
            .and_then(|(y, m)| Period::new(y, m))
            .ok_or(NotAPeriod)
    }
}

impl From<Period> for Value {
    fn from(period: Period) -> Value {
        Value::Text(period.to_string())
    }
}

impl FromValue for Period {
    fn from_value(value: Value) -> Result<Period, DbError> {
        String::from_value(value)?
            .parse()
            .map_err(|_| DbError::Shape("a stored month is damaged".into()))
    }
}
