//! One spelling for a code's signs: width, case, dashes, and the Traditional marker words.

use crate::fold::{Folded, width};

use super::{CODE_CHARS_MAX, CodeError, marks};

/// Traditional forms of the words that mark a code's parts (archive.md P5.2), nothing else: proper
/// names keep their own script.
const MARKERS: &[(char, char)] = &[
    ('樓', '楼'),
    ('號', '号'),
    ('棟', '栋'),
    ('單', '单'),
    ('層', '层'),
    ('負', '负'),
    ('區', '区'),
    ('東', '东'),
    ('車', '车'),
    ('鋪', '铺'),
    ('舖', '铺'),
    ('儲', '储'),
    ('夾', '夹'),
    ('頂', '顶'),
    ('戶', '户'),
    ('門', '门'),
    ('間', '间'),
    ('庫', '库'),
    ('辦', '办'),
    ('寫', '写'),
    ('業', '业'),
    ('團', '团'),
    ('與', '与'),
    ('貳', '贰'),
    ('陸', '陆'),
    ('兩', '两'),
    ('參', '叁'),
    ('叄', '叁'),
    ('後', '后'),
];

/// Signs that part a code's pieces and may also be a minus (-1层).
fn is_dash(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '‒' | '–' | '−')
}

/// Signs that only part a code's pieces.
fn is_separator(c: char) -> bool {
    matches!(
        c,
        '—' | '―'
            | '─'
            | '━'
            | 'ー'
            | '_'
            | '.'
            | '。'
            | '·'
            | '•'
            | '・'
            | ':'
            | ';'
            | '|'
            | '\\'
            | '('
            | ')'
            | '['
            | ']'
            | '【'
            | '】'
            | '〔'
            | '〕'
            | '「'
            | '」'
    )
}

/// Signs that join merged flats.
fn is_join(c: char) -> bool {
    matches!(
        c,
        '/' | '、' | ',' | '+' | '&' | '~' | '〜' | '至' | '和' | '与' | '⁄'
    )
}

/// The code in its one spelling: upper case, half width, `-` or a space for what parts and `/` for
/// what joins.
pub(super) fn settle(typed: &str) -> Result<Vec<char>, CodeError> {
    if typed.chars().nth(CODE_CHARS_MAX).is_some() {
        return Err(CodeError::TooLong);
    }
    let mut out = Vec::with_capacity(CODE_CHARS_MAX);
    for c in without_spreadsheet_zero(typed.trim()).chars() {
        match roman(c) {
            Some(value) => out.extend(value.to_string().chars()),
            None => match width(c) {
                Folded::Nothing => {}
                Folded::One(one) => settle_char(one, &mut out)?,
                Folded::Many(many) => many
                    .chars()
                    .try_for_each(|one| settle_char(one, &mut out))?,
            },
        }
    }
    // One sign may stand for several (㎡ is two); the bound holds for what is worked on, too.
    if out.len() > 2 * CODE_CHARS_MAX {
        return Err(CodeError::TooLong);
    }
    Ok(part_at_spaces(&out))
}

/// A space parts two pieces (`3 2 1801`) unless a mark follows it (`3 栋 2 单元`).
fn part_at_spaces(code: &[char]) -> Vec<char> {
    let mut out: Vec<char> = Vec::with_capacity(code.len());
    for (at, &c) in code.iter().enumerate() {
        if c != ' ' {
            out.push(c);
            continue;
        }
        let after = &code[at..];
        let next = after
            .iter()
            .position(|c| *c != ' ')
            .map_or(&after[..0], |start| &after[start..]);
        if !next.is_empty() && !marks::starts_with_mark(next) {
            out.push(' ');
        }
    }
    out
}

fn settle_char(c: char, out: &mut Vec<char>) -> Result<(), CodeError> {
    if c.is_whitespace() || is_separator(c) {
        out.push(' ');
    } else if is_dash(c) {
        out.push('-');
    } else if is_join(c) {
        out.push('/');
    } else if let Some(&(_, simple)) = MARKERS.iter().find(|(from, _)| *from == c) {
        out.push(simple);
    } else if c == '#' || c.is_alphanumeric() || c == '〇' || c == '○' {
        match crate::fold::decimal(c) {
            Some(digit) => out.push(digit),
            None => out.extend(c.to_uppercase()),
        }
    } else {
        return Err(CodeError::Sign(c));
    }
    Ok(())
}

/// Ⅰ–Ⅻ as numbers; NFKC would make letters of them.
fn roman(c: char) -> Option<u32> {
    match c as u32 {
        code @ 0x2160..=0x216B => Some(code - 0x2160 + 1),
        code @ 0x2170..=0x217B => Some(code - 0x2170 + 1),
        _ => None,
    }
}

/// `1801.0` is how a spreadsheet keeps the number 1801.
fn without_spreadsheet_zero(typed: &str) -> &str {
    match typed.strip_suffix(".0") {
        Some(digits) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => digits,
        _ => typed,
    }
}
