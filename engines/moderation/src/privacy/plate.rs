//! Number plates and passports: letters and digits together.

use super::{Cells, Datum};
use crate::finding::Rule;

const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
/// What the last place of a plate may hold instead of a letter or digit.
const LAST: &str = "挂学警港澳";
/// How far before a document's number its name may stand, in characters.
const CUE_REACH: usize = 12;
const DOCUMENTS: &[&str] = &["护照", "passport", "通行证", "回乡证"];
/// Numbers of other things.
const OTHERS: &[&str] = &[
    "订单", "单号", "编号", "快递", "运单", "型号", "合同", "航班", "车次",
];

pub(super) fn scan(cells: &Cells, found: &mut Vec<Datum>) {
    for at in cells.openers() {
        // A plate is known by the letter behind its province.
        let province = |before: usize| PROVINCES.contains(cells.c(before));
        if plate_letter(cells.c(at)) && at.checked_sub(1).is_some_and(province) {
            found.extend(plate(cells, at - 1));
        }
        if cells.cells[at].is_letter() && found.len() < super::DATA_MAX {
            found.extend(passport(cells, at));
        }
        if found.len() >= super::DATA_MAX {
            return;
        }
    }
}

/// No plate has an I or O: they are 1 and 0.
fn plate_letter(c: char) -> bool {
    c.is_ascii_lowercase() && c != 'i' && c != 'o'
}

fn plate(cells: &Cells, at: usize) -> Option<Datum> {
    let city = cells.c(at + 1);
    if !plate_letter(city) {
        return None;
    }
    let mut next = at + 2;
    if matches!(cells.c(next), '·' | '.' | '-' | ' ' | '•' | '・') {
        next += 1;
    }
    let fits = |c: char| c.is_ascii_digit() || plate_letter(c);
    let body: Vec<char> = (next..next + 7)
        .map(|at| cells.c(at))
        .take_while(|&c| fits(c))
        .collect();
    // A letter or digit behind it, I and O too, makes it something else.
    let after = next + body.len();
    if cells
        .get(after)
        .is_some_and(|c| c.c.is_ascii_alphanumeric())
    {
        return None;
    }
    let letters = body.iter().filter(|c| c.is_ascii_lowercase()).count();
    let (confidence, length) = match body.len() {
        4 if LAST.contains(cells.c(after)) && letters <= 2 => (0.9, 5),
        5 if letters <= 2 => (0.9, 5),
        6 => {
            let digits = |range: &[char]| range.iter().all(char::is_ascii_digit);
            let front = digits(&body[2..]) && body[0].is_ascii_lowercase();
            let back = digits(&body[..5]) && body[5].is_ascii_lowercase();
            let letter = if front { body[0] } else { body[5] };
            match letter {
                _ if !(front || back) => return None,
                'd' | 'f' => (0.9, 6),
                // The first letters of small new-energy cars were widened in the 2020s.
                'a'..='k' => (0.55, 6),
                _ => return None,
            }
        }
        _ => return None,
    };
    let end = next + length;
    let signs = cells.text(at..at + 2) + &cells.text(next..end);
    Some(Datum::new(
        Rule::Plate,
        at..end,
        confidence,
        signs.to_uppercase(),
    ))
}

fn passport(cells: &Cells, at: usize) -> Option<Datum> {
    if at > 0 && cells.cells[at - 1].is_alnum() {
        return None;
    }
    let digits = |from: usize| {
        (from..from + 12)
            .take_while(|&at| cells.get(at).is_some_and(|c| c.ascii_digit()))
            .count()
    };
    let count = digits(at + 1);
    let second = plate_letter(cells.c(at + 1)) && digits(at + 2) == 7;
    let end = match (cells.c(at), count) {
        ('e' | 'g' | 'd' | 's' | 'p', 8) => at + 9,
        ('h' | 'm', 8) => at + 9,
        ('h' | 'm', 10) => at + 11,
        ('e', 0) if second => at + 9,
        _ => return None,
    };
    if cells.get(end).is_some_and(super::Cell::is_alnum) {
        return None;
    }
    let from = at.saturating_sub(CUE_REACH);
    let near = |words: &[&str]| (from..at).any(|at| cells.one_of(at, words).is_some());
    let confidence = match (near(DOCUMENTS), near(OTHERS)) {
        (true, _) => 0.9,
        (false, true) => return None,
        _ => 0.5,
    };
    let value = cells.text(at..end).to_uppercase();
    Some(Datum::new(Rule::Passport, at..end, confidence, value))
}
