//! Short texts brought to one form, so that headings and set words compare equal however typed.

use crate::grid::is_space;

/// Half width, small Latin letters, no blanks.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !is_space(*c))
        .map(narrow)
        .flat_map(char::to_lowercase)
        .collect()
}

/// Half width only; blanks become one plain blank each, the ends are trimmed.
pub(crate) fn narrowed(text: &str) -> String {
    let mapped: String = text
        .chars()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}'))
        .map(|c| {
            if is_space(c) && c != '\n' {
                ' '
            } else {
                narrow(c)
            }
        })
        .collect();
    mapped.trim().to_owned()
}

/// A full-width sign as its ASCII twin.
pub(crate) fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '﹣' => '-',
        '￥' => '¥',
        _ => c,
    }
}

/// The form in which set words are compared: Simplified, half width, small letters, no blanks and
/// no marks.
pub(crate) fn key(text: &str) -> String {
    let mut key = hanzi::fold::key(text);
    key.retain(|c| !is_mark(c));
    // 舖 is another way to write 鋪 in shops' signs, not its Traditional form.
    if key.contains('舖') {
        key.replace('舖', "铺")
    } else {
        key
    }
}

/// A heading's key: also without what stands in brackets (units, hints) unless nothing is left.
pub(crate) fn heading_key(text: &str) -> String {
    let mut outside = String::new();
    let mut depth = 0usize;
    for c in text.chars().map(narrow) {
        match c {
            '(' | '[' | '【' | '〔' => depth += 1,
            ')' | ']' | '】' | '〕' => depth = depth.saturating_sub(1),
            _ if depth == 0 => outside.push(c),
            _ => {}
        }
    }
    let key_outside = key(&outside);
    if key_outside.is_empty() {
        key(text)
    } else {
        key_outside
    }
}

fn is_mark(c: char) -> bool {
    matches!(
        c,
        '*' | ':'
            | '：'
            | '、'
            | '。'
            | ','
            | '，'
            | ';'
            | '；'
            | '"'
            | '\''
            | '“'
            | '”'
            | '「'
            | '」'
            | '_'
            | '#'
            | '!'
            | '?'
            | '('
            | ')'
            | '['
            | ']'
            | '【'
            | '】'
            | '·'
            | '★'
            | '※'
            | '/'
            | '\\'
            | '-'
            | '.'
    )
}
