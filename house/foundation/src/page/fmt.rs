//! How dates, money, phones and counts are written, the same on every page.
//!
//! Instants are epoch milliseconds UTC, shown in the compound's time (China has one).

use std::sync::LazyLock;

use jiff::tz::{TimeZone, offset};
use jiff::{Timestamp, Zoned};

use super::words::{Lang, Words, key};

/// The compound's clock. A machine without a time zone database gets the fixed offset, which is
/// exact for every instant since 1991.
static SHANGHAI: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::get("Asia/Shanghai").unwrap_or_else(|_| TimeZone::fixed(offset(8))));

const WEEKDAYS_HANT: [&str; 7] = ["週一", "週二", "週三", "週四", "週五", "週六", "週日"];
const WEEKDAYS_HANS: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
const WEEKDAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS_EN: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// An instant on the compound's clock. Instants beyond the calendar (forged input) become its edge.
pub fn local(ms: i64) -> Zoned {
    let edge = if ms < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    Timestamp::from_millisecond(ms)
        .unwrap_or(edge)
        .to_zoned(SHANGHAI.clone())
}

/// `2026年11月23日（週一）14:05`, in English `Mon 23 Nov 2026, 14:05`.
pub fn date(lang: Lang, ms: i64) -> String {
    let separator = if lang.is_chinese() { "" } else { ", " };
    format!("{}{separator}{}", day(lang, ms), time(ms))
}

/// `2026年11月23日（週一）`, in English `Mon 23 Nov 2026`.
pub fn day(lang: Lang, ms: i64) -> String {
    civil_day(lang, local(ms).date())
}

/// A date that has no instant (a birthday, a due date), written like [`day`].
pub fn civil_day(lang: Lang, date: jiff::civil::Date) -> String {
    let (year, month, day) = (date.year(), date.month(), date.day());
    let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
    match lang {
        Lang::ZhHant => format!("{year}年{month}月{day}日（{}）", WEEKDAYS_HANT[weekday]),
        Lang::ZhHans => format!("{year}年{month}月{day}日（{}）", WEEKDAYS_HANS[weekday]),
        Lang::En => {
            let month = MONTHS_EN[usize::from(month.unsigned_abs()) - 1];
            format!("{} {day} {month} {year}", WEEKDAYS_EN[weekday])
        }
    }
}

/// `14:05`.
pub fn time(ms: i64) -> String {
    let at = local(ms);
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// For tables, where width is dear: `2026-11-23 14:05`.
pub fn stamp(ms: i64) -> String {
    let at = local(ms);
    format!("{} {}", at.date(), time(ms))
}

/// The machine's form for `<time datetime>`: `2026-11-23T14:05:00+08:00`.
pub fn datetime(ms: i64) -> String {
    local(ms).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// Integer fen as `¥1,234.50`; a credit is `−¥3.00` with the minus sign of print.
pub fn money(fen: i64) -> String {
    let sign = if fen < 0 { "−" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}¥{}.{:02}", grouped(fen / 100), fen % 100)
}

/// A count with thousands apart: `12,345`.
pub fn count(count: i64) -> String {
    let sign = if count < 0 { "−" } else { "" };
    format!("{sign}{}", grouped(count.unsigned_abs()))
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A phone in groups as people say it: `138 0013 8000`, `021 6200 1234`, `+86 138 0013 8000`.
/// Masked phones (`138****8000`) group alike; what is no Chinese number stays as it is.
pub fn phone(phone: &str) -> String {
    let (country, number) = match phone.strip_prefix("+86") {
        Some(rest) => ("+86 ", rest.trim_start()),
        None => ("", phone),
    };
    let signs: Vec<char> = number.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    if !signs
        .iter()
        .all(|c| c.is_ascii_digit() || matches!(c, '*' | '•'))
    {
        return phone.to_owned();
    }
    let area = match signs.as_slice() {
        // Mobile: 3-4-4.
        ['1', ..] if signs.len() == 11 => 3,
        // Beijing, Guangzhou and the other three-digit areas: 0xx and eight digits.
        ['0', '1' | '2', ..] if signs.len() == 11 => 3,
        // Four-digit areas with seven or eight digits.
        ['0', ..] if signs.len() == 11 || signs.len() == 12 => 4,
        // 400 and 800 numbers: 3-3-4.
        ['4' | '8', '0', '0', ..] if signs.len() == 10 => 3,
        _ => return phone.to_owned(),
    };
    let (head, rest) = signs.split_at(area);
    let (middle, tail) = rest.split_at(rest.len() - 4);
    let text = |part: &[char]| part.iter().collect::<String>();
    format!("{country}{} {} {}", text(head), text(middle), text(tail))
}

/// A span of time in its largest fitting unit: 45 minutes, 3 hours, 12 days.
pub fn duration(words: &Words, ms: i64) -> String {
    const MINUTE: i64 = 60_000;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    let ms = ms.max(0);
    let said = match ms {
        DAY.. => words.one("duration-days", "count", ms / DAY),
        HOUR.. => words.one("duration-hours", "count", ms / HOUR),
        MINUTE.. => words.one("duration-minutes", "count", ms / MINUTE),
        _ => words.t("duration-moment"),
    };
    said.into_owned()
}

/// How far an instant lies from now, for use beside the absolute only: `3 天前`, `2 小時後`.
pub fn relative(words: &Words, now_ms: i64, at_ms: i64) -> String {
    let span = duration(words, (now_ms - at_ms).abs());
    let key = if at_ms <= now_ms {
        key("relative-past")
    } else {
        key("relative-future")
    };
    words.one(key, "span", span).into_owned()
}
