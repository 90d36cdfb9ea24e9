//! A shift as an office writes it: `08:30-12:00`, `22:00-06:00`, several with a space between.

/// Minutes after midnight; an end above 1440 lies in the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shift {
    pub from: u16,
    pub to: u16,
}

/// Not a list of shifts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShiftFault {
    /// Not of the shape 08:30-12:00.
    Shape,
    /// No such time of the day.
    Time,
    /// Longer than a day.
    Long,
    /// More than eight a day.
    Many,
}

/// More shifts a day are not what offices have.
const SHIFTS_MAX: usize = 8;
const DAY_MINUTES: u16 = 24 * 60;

impl Shift {
    /// A shift of one day; an end not after the beginning lies in the next.
    pub fn new(from: u16, to: u16) -> Result<Shift, ShiftFault> {
        if from >= DAY_MINUTES || to > DAY_MINUTES {
            return Err(ShiftFault::Time);
        }
        let to = if to > from { to } else { to + DAY_MINUTES };
        if to - from > DAY_MINUTES {
            return Err(ShiftFault::Long);
        }
        Ok(Shift { from, to })
    }
}

fn time(text: &str) -> Result<u16, ShiftFault> {
    let (hour, minute) = text.split_once(':').ok_or(ShiftFault::Shape)?;
    let number = |t: &str| match t.len() {
        1 | 2 if t.bytes().all(|b| b.is_ascii_digit()) => t.parse::<u16>().ok(),
        _ => None,
    };
    let hour = number(hour).ok_or(ShiftFault::Shape)?;
    let minute = number(minute).ok_or(ShiftFault::Shape)?;
    if minute > 59 || hour > 24 || (hour == 24 && minute > 0) {
        return Err(ShiftFault::Time);
    }
    Ok(hour * 60 + minute)
}

/// Reads a day's shifts; an empty text is a day that is closed. Full-width signs and dashes as
/// input methods leave them are read too.
pub fn shifts(text: &str) -> Result<Vec<Shift>, ShiftFault> {
    let text: String = text
        .chars()
        .map(|c| match c {
            '：' => ':',
            '–' | '—' | '~' | '～' | '－' | '至' => '-',
            '，' | ',' | '、' | ';' | '；' | '\u{3000}' => ' ',
            '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
            c => c,
        })
        .collect();
    let mut all = Vec::new();
    for part in text.split_whitespace() {
        let (from, to) = part.split_once('-').ok_or(ShiftFault::Shape)?;
        all.push(Shift::new(time(from)?, time(to)?)?);
    }
    if all.len() > SHIFTS_MAX {
        return Err(ShiftFault::Many);
    }
    all.sort_unstable();
    Ok(all)
}

/// The shifts as they are read again.
pub fn text_of(all: &[Shift]) -> String {
    let clock = |m: u16| {
        let m = if m > DAY_MINUTES { m - DAY_MINUTES } else { m };
        format!("{:02}:{:02}", m / 60, m % 60)
    };
    let one = |s: &Shift| format!("{}-{}", clock(s.from), clock(s.to));
    all.iter().map(one).collect::<Vec<_>>().join(" ")
}
