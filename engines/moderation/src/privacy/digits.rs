//! Numbers made of digits alone: mobile, landline, identity card, bank card.

use hanzi::numbers::{IdError, ResidentId};

use super::{Cells, Datum};
use crate::finding::Rule;

/// Most groups in which one number is written: an identity number digit by digit.
const GROUPS_MAX: usize = 19;
/// Most signs between two groups of one number.
const SEPARATORS_MAX: usize = 2;
/// Longest number read, in digits.
const DIGITS_MAX: usize = 19;

/// Digits without a break, all Han numerals or none.
#[derive(Clone, Copy, Debug)]
struct Group {
    start: usize,
    end: usize,
    han: bool,
    /// Signs between this group and the one before it; `None` when they belong to nothing together.
    apart: Option<usize>,
}

impl Group {
    fn len(self) -> usize {
        self.end - self.start
    }
}

fn separates(c: char) -> bool {
    matches!(
        c,
        ' ' | '-'
            | '.'
            | '·'
            | '•'
            | '・'
            | '_'
            | '('
            | ')'
            | '*'
            | '~'
            | '–'
            | '—'
            | '‐'
            | '−'
            | '|'
    )
}

fn groups(cells: &Cells) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut at = 0;
    while at < cells.len() {
        let cell = cells.cells[at];
        if !cell.is_digit() {
            at += 1;
            continue;
        }
        let run = cells.cells[at..]
            .iter()
            .take_while(|c| c.is_digit() && c.han == cell.han)
            .count();
        let apart = groups.last().and_then(|before| {
            let between = &cells.cells[before.end..at];
            let near = between.len() <= SEPARATORS_MAX && between.iter().all(|c| separates(c.c));
            near.then_some(between.len())
        });
        groups.push(Group {
            start: at,
            end: at + run,
            han: cell.han,
            apart,
        });
        at += run;
    }
    groups
}

/// Some groups read as one number.
struct Read<'a> {
    cells: &'a Cells,
    groups: &'a [Group],
    /// First group, last group.
    first: usize,
    last: usize,
    digits: String,
}

impl Read<'_> {
    fn start(&self) -> usize {
        self.groups[self.first].start
    }

    fn end(&self) -> usize {
        self.groups[self.last].end
    }

    /// Whether no other digit touches the number. Han numerals may touch ASCII ones: 有一13800….
    fn stands_alone(&self) -> bool {
        let inner = &self.groups[self.first..=self.last];
        let ascii = inner.iter().all(|g| !g.han);
        let before = self.groups[self.first].apart == Some(0);
        let after = self
            .groups
            .get(self.last + 1)
            .is_some_and(|g| g.apart == Some(0));
        ascii || !(before || after)
    }

    /// No ASCII letter touches it.
    fn without_letters(&self) -> bool {
        let letter = |at: Option<usize>| {
            at.and_then(|at| self.cells.get(at))
                .is_some_and(|c| c.is_letter())
        };
        !letter(self.start().checked_sub(1)) && !letter(Some(self.end()))
    }

    fn lengths(&self) -> Vec<usize> {
        let mut lengths = Vec::new();
        for (at, group) in self.groups[self.first..=self.last].iter().enumerate() {
            if at > 0 && group.apart == Some(0) {
                *lengths.last_mut().expect("the first was pushed") += group.len();
            } else {
                lengths.push(group.len());
            }
        }
        lengths
    }
}

pub(super) fn scan(cells: &Cells, found: &mut Vec<Datum>) {
    let groups = groups(cells);
    let mut first = 0;
    while first < groups.len() && found.len() < super::DATA_MAX {
        let mut read = Read {
            cells,
            groups: &groups,
            first,
            last: first,
            digits: String::new(),
        };
        let mut hit = None;
        for (last, group) in groups.iter().enumerate().skip(first).take(GROUPS_MAX) {
            if last > first && group.apart.is_none() {
                break;
            }
            if read.digits.len() + group.len() > DIGITS_MAX {
                break;
            }
            read.digits += &cells.digits(group.start..group.end);
            read.last = last;
            if !read.stands_alone() {
                continue;
            }
            // The longest reading stands: a bank card may begin like a phone.
            if let Some(datum) = resident_id(&read)
                .or_else(|| mobile(&read))
                .or_else(|| landline(&read))
                .or_else(|| bank_card(&read))
            {
                hit = Some((datum, last));
            }
        }
        match hit {
            Some((datum, last)) => {
                found.push(datum);
                first = last + 1;
            }
            None => first += 1,
        }
    }
}

fn mobile(read: &Read<'_>) -> Option<Datum> {
    let d = &read.digits;
    let national = match d.len() {
        11 => &d[..],
        12 => d.strip_prefix('0')?,
        13 => d.strip_prefix("86")?,
        15 => d.strip_prefix("0086")?,
        _ => return None,
    };
    // Wide on purpose: the ranges in use change every year.
    if !matches!(national.as_bytes(), [b'1', b'3'..=b'9', ..]) {
        return None;
    }
    let confidence = match &read.lengths()[..] {
        [_] | [3, 4, 4] | [3, 8] | [7, 4] => 0.95,
        [2 | 4, 11] | [2 | 4, 3, 4, 4] | [2 | 4, 3, 8] => 0.95,
        lengths if lengths.iter().all(|&n| n == 1) => 0.9,
        _ => 0.55,
    };
    // +86 in front is part of the number.
    let mut start = read.start();
    if d.len() == 11 && start >= 2 {
        let skip = usize::from(matches!(read.cells.c(start - 1), ' ' | '-'));
        let front = start - skip;
        if front >= 3 && read.cells.starts(front - 3, "+86") {
            start = front - 3;
        }
    } else if start >= 1 && read.cells.c(start - 1) == '+' {
        start -= 1;
    }
    Some(Datum::new(
        Rule::Mobile,
        start..read.end(),
        confidence,
        national.to_owned(),
    ))
}

fn landline(read: &Read<'_>) -> Option<Datum> {
    let d = &read.digits;
    // One group more is the extension: 010-62345678-801 is read at its first two.
    let area = match d.as_bytes() {
        [b'0', b'1', b'0', ..] | [b'0', b'2', ..] => 3,
        [b'0', b'3'..=b'9', ..] => 4,
        _ => return None,
    };
    let number = d.get(area..)?;
    let lengths = if area == 3 { 8..=8 } else { 7..=8 };
    let starts = matches!(number.as_bytes().first(), Some(b'2'..=b'8'));
    if !lengths.contains(&number.len()) || !starts || !read.without_letters() {
        return None;
    }
    let mut start = read.start();
    let mut end = read.end();
    if start >= 1 && read.cells.c(start - 1) == '(' {
        start -= 1;
    }
    for mark in ["转", "分机", "-转", "ext", "-"] {
        if !read.cells.starts(end, mark) {
            continue;
        }
        let from = end + mark.chars().count();
        let digits =
            (from..from + 6).take_while(|&at| read.cells.get(at).is_some_and(|c| c.ascii_digit()));
        let digits = digits.count();
        if digits > 0 {
            end = from + digits;
        }
        break;
    }
    let value = format!("{}-{}", &d[..area], number);
    Some(Datum::new(Rule::Landline, start..end, 0.9, value))
}

fn resident_id(read: &Read<'_>) -> Option<Datum> {
    let mut text = read.digits.clone();
    let mut end = read.end();
    if text.len() == 17 && read.cells.c(end) == 'x' {
        text.push('X');
        end += 1;
    }
    if text.len() != 18 {
        return None;
    }
    let around = |at: Option<usize>| {
        at.and_then(|at| read.cells.get(at))
            .is_some_and(|c| c.is_alnum())
    };
    if around(read.start().checked_sub(1)) || around(Some(end)) {
        return None;
    }
    let confidence = match ResidentId::parse(&text) {
        Ok(_) => 0.99,
        Err(IdError::Check | IdError::Rounded) => 0.5,
        Err(_) => return None,
    };
    Some(Datum::new(
        Rule::ResidentId,
        read.start()..end,
        confidence,
        text,
    ))
}

fn bank_card(read: &Read<'_>) -> Option<Datum> {
    let d = &read.digits;
    let fits = match d.len() {
        16 | 17 | 19 => matches!(d.as_bytes()[0], b'2'..=b'6'),
        18 => d.starts_with("62"),
        15 => d.starts_with("34") || d.starts_with("37"),
        _ => false,
    };
    let lengths = read.lengths();
    let fours = lengths[..lengths.len() - 1].iter().all(|&n| n == 4);
    let amex = lengths == [4, 6, 5];
    if !fits || !(lengths.len() == 1 || fours || amex) || !luhn(d) || !read.without_letters() {
        return None;
    }
    Some(Datum::new(
        Rule::BankCard,
        read.start()..read.end(),
        0.9,
        d.clone(),
    ))
}

/// ISO/IEC 7812-1: doubled every second digit from the right, the sum ends in 0.
fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, b)| {
            let digit = u32::from(b - b'0');
            match (at % 2, digit) {
                (0, d) => d,
                (_, d) if d > 4 => d * 2 - 9,
                (_, d) => d * 2,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}
