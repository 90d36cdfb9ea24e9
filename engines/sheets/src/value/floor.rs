//! Floors: a short normal form such as `18`, `B1`, `12A`, `G`.

use crate::fault::Reason;
use crate::label::key;

/// Signs of the longest floor's normal form.
const FLOOR_CHARS: usize = 4;

/// Reads `18`, `18层`, `18F`, `第十八层`, `负一层`, `-1`, `B1`, `夹层`, `顶层` stays unknown.
pub(crate) fn read(text: &str) -> Result<String, Reason> {
    let narrow: String = text.trim().chars().map(crate::label::narrow).collect();
    let below = narrow.starts_with('-');
    let mut rest = key(&narrow);
    rest = rest.trim_start_matches('第').to_owned();
    for mark in ["层", "楼", "f"] {
        rest = rest.strip_suffix(mark).map(str::to_owned).unwrap_or(rest);
    }
    let mut under = below;
    for mark in ["负", "地下", "b"] {
        if let Some(cut) = rest.strip_prefix(mark) {
            under = true;
            rest = cut.to_owned();
        }
    }
    let rest = rest.strip_suffix(".0").unwrap_or(&rest).to_owned();
    let number = chinese_number(&rest).unwrap_or(rest).to_uppercase();
    let (digits, tail) = number.split_at(number.bytes().take_while(u8::is_ascii_digit).count());
    let digits = digits.trim_start_matches('0');
    let letter = tail.len() <= 1 && tail.bytes().all(|b| b.is_ascii_uppercase());
    if digits.is_empty() {
        return match tail {
            "G" | "LG" | "UG" | "M" if !under => Ok(tail.to_owned()),
            _ => Err(Reason::FloorUnreadable),
        };
    }
    if !letter || digits.len() > 3 || number.len() > FLOOR_CHARS {
        return Err(Reason::FloorUnreadable);
    }
    Ok(if under {
        format!("B{digits}{tail}")
    } else {
        format!("{digits}{tail}")
    })
}

/// 一 to 九十九 as digits.
fn chinese_number(text: &str) -> Option<String> {
    let digit = |c: char| {
        "零一二三四五六七八九"
            .chars()
            .position(|d| d == c)
            .map(|p| p as u32)
    };
    let signs: Vec<char> = text.chars().collect();
    let n = match signs.as_slice() {
        ['十'] => 10,
        [a] => digit(*a)?,
        ['十', b] => 10 + digit(*b)?,
        [a, '十'] => digit(*a)? * 10,
        [a, '十', b] => digit(*a)? * 10 + digit(*b)?,
        _ => return None,
    };
    Some(n.to_string())
}
