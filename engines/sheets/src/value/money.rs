//! Amounts of yuan as integer fen, exactly.

use crate::fault::Reason;
use crate::grid::Cell;
use crate::label::plain;
use crate::value::decimal;

/// One hundred million yuan: no bill of a compound comes near.
const FEN_MAX: i64 = 10_000_000_000;

/// Reads a cell as an amount; none when it is blank or a dash for nothing.
pub(crate) fn read(cell: Cell<'_>) -> Result<Option<i64>, Reason> {
    match cell {
        Cell::Number(n) => parse(&decimal(n)),
        Cell::Text(text) => parse(text),
        Cell::Empty => Ok(None),
        Cell::Error(_) => Err(Reason::FormulaError),
        _ => Err(Reason::AmountUnreadable),
    }
}

/// Reads `¥1,234.50`, `1234.5`, `(12.30)`, `-12.3元`.
pub(crate) fn parse(text: &str) -> Result<Option<i64>, Reason> {
    let text = plain(text);
    if text.is_empty() || text.chars().all(|c| matches!(c, '-' | '/')) {
        return Ok(None);
    }
    let mut rest = text.as_str();
    let mut negative = false;
    if let Some(inner) = rest.strip_prefix('(').and_then(|r| r.strip_suffix(')')) {
        negative = true;
        rest = inner;
    }
    for _ in 0..2 {
        if let Some(after) = rest.strip_prefix('-') {
            if negative {
                return Err(Reason::AmountUnreadable);
            }
            negative = true;
            rest = after;
        }
        for mark in ["¥", "rmb", "cny", "人民币", "人民幣"] {
            rest = rest.strip_prefix(mark).unwrap_or(rest);
        }
    }
    for mark in ["元", "圆", "圓", "rmb", "cny", "整"] {
        rest = rest.strip_suffix(mark).unwrap_or(rest);
    }
    let rest = rest.strip_prefix('+').unwrap_or(rest);
    let (yuan, fen) = rest.split_once('.').unwrap_or((rest, ""));
    let yuan = whole(yuan)?;
    if !fen.bytes().all(|b| b.is_ascii_digit()) || (rest.ends_with('.') && rest.len() == 1) {
        return Err(Reason::AmountUnreadable);
    }
    let fen = fen.trim_end_matches('0');
    if fen.len() > 2 {
        return Err(Reason::AmountTooFine);
    }
    let fen: i64 = if fen.is_empty() {
        0
    } else {
        format!("{fen:0<2}")
            .parse()
            .map_err(|_| Reason::AmountUnreadable)?
    };
    let amount = yuan
        .checked_mul(100)
        .and_then(|y| y.checked_add(fen))
        .filter(|a| *a <= FEN_MAX);
    let amount = amount.ok_or(Reason::AmountOutOfRange)?;
    Ok(Some(if negative { -amount } else { amount }))
}

/// Whole yuan, with or without commas; commas must part groups of three.
fn whole(text: &str) -> Result<i64, Reason> {
    if text.contains(',') {
        let mut groups = text.split(',');
        let head = groups.next().unwrap_or("");
        if !(1..=3).contains(&head.len()) || groups.any(|g| g.len() != 3) {
            return Err(Reason::AmountUnreadable);
        }
    }
    let digits: String = text.chars().filter(|c| *c != ',').collect();
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Reason::AmountUnreadable);
    }
    if digits.is_empty() {
        return Err(Reason::AmountUnreadable);
    }
    digits.parse().map_err(|_| Reason::AmountOutOfRange)
}
