//! Shares of an ownership: `1/2`, `50%`, `0.5`, 共同共有.

use serde::{Deserialize, Serialize};

use crate::fault::Reason;
use crate::label::{key, plain};

/// What a person owns of the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    /// A part, in lowest terms, above 0 and at most 1.
    Part { numerator: u32, denominator: u32 },
    /// 共同共有: owned together without parts.
    Joint,
}

/// Reads one share.
pub(crate) fn parse(text: &str) -> Result<Share, Reason> {
    let known = key(text);
    if matches!(known.as_str(), "共同共有" | "共同" | "共有" | "joint") {
        return Ok(Share::Joint);
    }
    if matches!(
        known.as_str(),
        "单独所有" | "单独" | "独有" | "全部" | "sole"
    ) {
        return part(1, 1);
    }
    let text = plain(text);
    let text = text.strip_prefix('各').unwrap_or(&text);
    let text = text.strip_prefix("占").unwrap_or(text);
    if let Some((a, b)) = text.split_once('/') {
        return part(number(a)?, number(b)?);
    }
    if let Some((b, a)) = text.split_once("分之") {
        return part(small(a)?, small(b)?);
    }
    let (text, percent) = text.strip_suffix('%').map_or((text, false), |t| (t, true));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > 4 {
        return Err(Reason::ShareUnreadable);
    }
    let scale = 10u32.pow(fraction.len() as u32);
    let n = number(whole)?
        .checked_mul(scale)
        .ok_or(Reason::ShareUnreadable)?
        + if fraction.is_empty() {
            0
        } else {
            number(fraction)?
        };
    // A bare number above 1 is a percentage too; a bare 1 is the whole.
    if percent || n > scale {
        part(n, 100 * scale)
    } else {
        part(n, scale)
    }
}

fn number(text: &str) -> Result<u32, Reason> {
    if text.len() > 6 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Reason::ShareUnreadable);
    }
    text.parse().map_err(|_| Reason::ShareUnreadable)
}

/// A number of 二分之一.
fn small(text: &str) -> Result<u32, Reason> {
    if let Some(at) = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"]
        .iter()
        .position(|d| *d == text)
    {
        return Ok(at as u32 + 1);
    }
    number(text)
}

fn part(numerator: u32, denominator: u32) -> Result<Share, Reason> {
    if numerator == 0 || numerator > denominator {
        return Err(Reason::ShareUnreadable);
    }
    let (mut a, mut b) = (numerator, denominator);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    Ok(Share::Part {
        numerator: numerator / a,
        denominator: denominator / a,
    })
}
