//! Dates in every form that Excel and clerks make.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::fault::Reason;
use crate::grid::Cell;
use crate::label::narrowed;

/// A date and whether its year had only two digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Read {
    pub date: Date,
    pub short_year: bool,
}

/// Years outside are slips of the finger.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2200;
/// Excel's serial numbers of 1927 and 2200; smaller numbers are years, ages, rooms.
const SERIALS: std::ops::RangeInclusive<f64> = 10_000.0..=109_939.0;
/// Eight digits that are a year, a month and a day: 20150301.
const WRITTEN_OUT: std::ops::RangeInclusive<f64> = 19_000_000.0..=22_009_999.0;
/// 民國元年 is 1912.
const BEFORE_MINGUO: i16 = 1911;
/// Years of two digits from here on lie in the last century, as Excel reads them.
const CENTURY_TURN: i16 = 50;

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// The day of a serial number, if it has one between 1900 and 2200.
pub(crate) fn from_serial(serial: f64, epoch_1904: bool) -> Option<Date> {
    if !(0.0..=200_000.0).contains(&serial) {
        return None;
    }
    let days = serial.floor() as i64;
    let epoch = if epoch_1904 {
        Date::constant(1904, 1, 1)
    } else if days < 60 {
        Date::constant(1899, 12, 31)
    } else {
        // Excel believes in a 29 February 1900.
        Date::constant(1899, 12, 30)
    };
    epoch
        .checked_add(days.days())
        .ok()
        .filter(|d| YEARS.contains(&d.year()))
}

/// Reads a cell as a date.
pub(crate) fn read(cell: Cell<'_>, epoch_1904: bool) -> Result<Read, Reason> {
    let whole = |date| Read {
        date,
        short_year: false,
    };
    match cell {
        Cell::Date(serial) => from_serial(serial, epoch_1904)
            .map(whole)
            .ok_or(Reason::DateOutOfRange),
        Cell::Number(n) if n.fract() == 0.0 && WRITTEN_OUT.contains(&n) => parse(&cell.shown()),
        Cell::Number(n) if SERIALS.contains(&n) => from_serial(n, epoch_1904)
            .map(whole)
            .ok_or(Reason::DateOutOfRange),
        Cell::Text(text) => match narrowed(text).parse::<f64>() {
            Ok(n) if SERIALS.contains(&n) && n.fract() == 0.0 => from_serial(n, epoch_1904)
                .map(whole)
                .ok_or(Reason::DateOutOfRange),
            // A CSV export writes the number 20150301 as `20150301.0`.
            Ok(n) if WRITTEN_OUT.contains(&n) && n.fract() == 0.0 => parse(&format!("{n:.0}")),
            _ => parse(text),
        },
        _ => Err(Reason::DateUnreadable),
    }
}

/// Reads a text as a date.
pub(crate) fn parse(text: &str) -> Result<Read, Reason> {
    let text = in_digits(&narrowed(text).to_lowercase())?;
    for era in ["民国", "民國", "中华民国", "中華民國"] {
        if let Some(rest) = text.strip_prefix(era) {
            return in_minguo(rest.trim());
        }
    }
    let text = text.replacen("元月", "1月", 1);
    let day = without_time(&text);
    if day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit()) {
        return dated(
            number(&day[..4])?,
            number(&day[4..6])?,
            number(&day[6..])?,
            false,
        );
    }
    let (numbers, month_at) = parts(day)?;
    let year_marked = day.contains('年');
    match (numbers.as_slice(), month_at) {
        // 5-Jan-24, Jan 5 2024: the month's name leaves day and year, and the day comes first.
        ([(a, _), (b, digits), month], Some(2)) => {
            let (year, short) = if *digits == 4 {
                (*b, false)
            } else {
                (full_year(*b), true)
            };
            dated(year, month.0, *a, short)
        }
        ([(y, 4), (m, _), (d, _)], None) => dated(*y, *m, *d, false),
        ([(y, 2), (m, _), (d, _)], None) if year_marked => dated(full_year(*y), *m, *d, true),
        ([(a, 1..=2), (b, 1..=2), (y, 4)], None) => one_of(&[(*y, *b, *a), (*y, *a, *b)], false),
        ([(a, 1..=2), (b, 1..=2), (c, 1..=2)], None) => one_of(
            &[
                (full_year(*a), *b, *c),
                (full_year(*c), *b, *a),
                (full_year(*c), *a, *b),
            ],
            true,
        ),
        ([(_, 4), (_, 1..=2)], None) => Err(Reason::DateWithoutDay),
        _ => Err(Reason::DateUnreadable),
    }
}

/// 民國104年3月1日: the year counts from 1912; without 民國 it is never taken for one.
fn in_minguo(text: &str) -> Result<Read, Reason> {
    match parts(&without_time(text).replace('元', "1"))?.0.as_slice() {
        [(year, 1..=3), (month, _), (day, _)] if *year > 0 => {
            dated(year + BEFORE_MINGUO, *month, *day, false)
        }
        [(_, 1..=3), (_, 1..=2)] => Err(Reason::DateWithoutDay),
        _ => Err(Reason::DateUnreadable),
    }
}

/// 二〇一五年三月二十一日 → 2015年3月21日. A weekday's number is no part of the date.
fn in_digits(text: &str) -> Result<String, Reason> {
    if !text.contains(['年', '月']) {
        return Ok(text.to_owned());
    }
    let (day, rest) = text.split_at(text.find(['星', '周', '週']).unwrap_or(text.len()));
    let mut out = String::with_capacity(text.len());
    let mut run: Vec<char> = Vec::new();
    for c in day.chars().chain(['\0']) {
        if digit_of(c).is_some() || tens_of(c).is_some() {
            run.push(c);
            continue;
        }
        if !run.is_empty() {
            out.push_str(&spoken(&run)?);
            run.clear();
        }
        if c != '\0' {
            out.push(c);
        }
    }
    out.push_str(rest);
    Ok(out)
}

fn digit_of(c: char) -> Option<u32> {
    let row = [
        "〇零○",
        "一壹",
        "二贰貳",
        "三叁參",
        "四肆",
        "五伍",
        "六陆陸",
        "七柒",
        "八捌",
        "九玖",
    ];
    row.iter().position(|d| d.contains(c)).map(|d| d as u32)
}

fn tens_of(c: char) -> Option<u32> {
    match c {
        '十' | '拾' => Some(1),
        '廿' => Some(2),
        '卅' => Some(3),
        _ => None,
    }
}

/// 十二 → 12, 廿一 → 21, 三十 → 30, 二〇一五 → 2015.
fn spoken(run: &[char]) -> Result<String, Reason> {
    let digits = |part: &[char]| -> Option<String> {
        part.iter()
            .map(|c| digit_of(*c).and_then(|d| char::from_digit(d, 10)))
            .collect()
    };
    let Some(at) = run.iter().position(|c| tens_of(*c).is_some()) else {
        return digits(run).ok_or(Reason::DateUnreadable);
    };
    let tens = match (&run[..at], run[at]) {
        ([], c) => tens_of(c),
        ([c], '十' | '拾') => digit_of(*c),
        // 零三十 and 三廿 are nobody's numbers.
        _ => None,
    };
    let ones = match &run[at + 1..] {
        [] => Some(0),
        [c] => digit_of(*c),
        _ => None,
    };
    match (tens, ones) {
        (Some(tens), Some(ones)) => Ok((tens * 10 + ones).to_string()),
        _ => Err(Reason::DateUnreadable),
    }
}

/// Cuts off a time of day and a weekday: `2024-01-05 00:00:00`, `2024-01-05T00:00`, 星期五.
fn without_time(text: &str) -> &str {
    let cut = text
        .find("星期")
        .or_else(|| text.find("周"))
        .unwrap_or(text.len());
    let text = text[..cut].trim_end_matches([' ', '(']);
    match text.find(':') {
        Some(colon) => {
            let start = text[..colon].rfind([' ', 't']).unwrap_or(colon);
            text[..start].trim_end()
        }
        None => text,
    }
}

type Numbers = Vec<(i16, usize)>;

/// The numbers with their digits; a month's name comes last in the list.
fn parts(text: &str) -> Result<(Numbers, Option<usize>), Reason> {
    let mut numbers: Numbers = Vec::new();
    let mut named = None;
    for part in text
        .split(|c: char| {
            matches!(
                c,
                '-' | '/' | '.' | ' ' | ',' | '年' | '月' | '日' | '号' | '號'
            )
        })
        .filter(|p| !p.is_empty())
    {
        if part.bytes().all(|b| b.is_ascii_digit()) && part.len() <= 4 {
            numbers.push((number(part)?, part.len()));
        } else if part.is_ascii() && part.len() >= 3 && named.is_none() {
            let month = MONTHS
                .iter()
                .position(|m| part.starts_with(m))
                .ok_or(Reason::DateUnreadable)?;
            named = Some(month as i16 + 1);
        } else {
            return Err(Reason::DateUnreadable);
        }
    }
    if let Some(month) = named {
        numbers.push((month, 3));
        return Ok((numbers, Some(2)));
    }
    Ok((numbers, None))
}

fn number(digits: &str) -> Result<i16, Reason> {
    digits.parse().map_err(|_| Reason::DateUnreadable)
}

fn full_year(year: i16) -> i16 {
    if year < CENTURY_TURN {
        2000 + year
    } else {
        1900 + year
    }
}

fn dated(year: i16, month: i16, day: i16, short_year: bool) -> Result<Read, Reason> {
    if !YEARS.contains(&year) {
        return Err(Reason::DateOutOfRange);
    }
    let narrow = |n: i16| i8::try_from(n).map_err(|_| Reason::DateUnreadable);
    let date = Date::new(year, narrow(month)?, narrow(day)?).map_err(|_| Reason::DateUnreadable)?;
    Ok(Read { date, short_year })
}

/// The only date that the readings allow; two different ones are ambiguous.
fn one_of(readings: &[(i16, i16, i16)], short_year: bool) -> Result<Read, Reason> {
    let mut dates: Vec<Read> = readings
        .iter()
        .filter_map(|&(y, m, d)| dated(y, m, d, short_year).ok())
        .collect();
    dates.dedup();
    match dates.as_slice() {
        [] => Err(Reason::DateUnreadable),
        [one] => Ok(*one),
        [first, second, ..] => Err(Reason::DateAmbiguous {
            first: first.date.to_string(),
            second: second.date.to_string(),
        }),
    }
}

/// Reads 起止日期: two dates in one cell. An open end (至今, 長期) has no second date.
pub(crate) fn range(text: &str) -> Result<(Option<Date>, Option<Date>), Reason> {
    let text = narrowed(text);
    let open = ["至今", "长期", "長期", "now"];
    for mark in ["至", "到", "~", "—", "--", " - ", "起"] {
        let Some((from, until)) = text.split_once(mark) else {
            continue;
        };
        let from = parse(from.trim_matches(['-', ' ']))?.date;
        let until = until.trim_matches(['-', ' ', '止']);
        if until.is_empty() || until == "今" || open.contains(&until) {
            return Ok((Some(from), None));
        }
        return Ok((Some(from), Some(parse(until)?.date)));
    }
    // 2024.1.1-2025.1.1: the middle dash among dots.
    for (at, _) in text.match_indices('-') {
        if let (Ok(from), Ok(until)) = (parse(&text[..at]), parse(&text[at + 1..])) {
            return Ok((Some(from.date), Some(until.date)));
        }
    }
    parse(&text).map(|d| (Some(d.date), None))
}
