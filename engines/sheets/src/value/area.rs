//! Areas in square metres as integers of 0.01 m².

use crate::fault::Reason;
use crate::grid::Cell;
use crate::label::plain;
use crate::value::decimal;

/// Largest area of one room, in m²: a shopping floor, not a typing error.
const AREA_MAX_M2: u32 = 100_000;

/// Reads a cell as an area: hundredths of a square metre, and whether they had to be rounded.
pub(crate) fn read(cell: Cell<'_>) -> Result<(u32, bool), Reason> {
    let text = match cell {
        Cell::Number(n) => decimal(n),
        Cell::Error(_) => return Err(Reason::FormulaError),
        Cell::Text(text) => plain(text),
        _ => return Err(Reason::AreaUnreadable),
    };
    let mut rest = text.as_str();
    for unit in [
        "平方米",
        "平米",
        "平方",
        "平",
        "㎡",
        "m²",
        "m2",
        "m^2",
        "sqm",
    ] {
        if let Some(cut) = rest.strip_suffix(unit) {
            rest = cut;
            break;
        }
    }
    let rest: String = rest.chars().filter(|c| *c != ',').collect();
    let (whole, fraction) = rest.split_once('.').unwrap_or((&rest, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    let sign = whole.strip_prefix('-').unwrap_or(whole);
    if sign.is_empty() || !digits(sign) || !digits(fraction) {
        return Err(Reason::AreaUnreadable);
    }
    let range = Reason::AreaOutOfRange { max: AREA_MAX_M2 };
    let whole: u32 = whole.parse().map_err(|_| range.clone())?;
    let fraction = fraction.trim_end_matches('0');
    let padded = format!("{fraction:0<3}");
    let third = padded.as_bytes()[2];
    let hundredths: u32 = padded[..2].parse().map_err(|_| Reason::AreaUnreadable)?;
    let cm = whole
        .checked_mul(100)
        .and_then(|w| w.checked_add(hundredths))
        .ok_or(range.clone())?;
    // Measured areas have two decimals; more come from a formula and are rounded as it would show.
    let cm = cm + u32::from(third >= b'5');
    if cm == 0 || cm > AREA_MAX_M2 * 100 {
        Err(range)
    } else {
        Ok((cm, fraction.len() > 2))
    }
}
