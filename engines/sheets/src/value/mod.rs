//! Readers of single cells: a text or number in, a value or the reason why not out.

pub mod area;
pub mod date;
pub mod floor;
pub mod idnumber;
pub mod money;
pub mod people;
pub mod phone;
pub mod plate;
pub mod share;
pub mod words;

use crate::label::key;

/// Words that clerks write where they know nothing.
const STAND_INS: &[&str] = &[
    "无",
    "无人",
    "暂无",
    "没有",
    "不详",
    "未知",
    "不明",
    "不清楚",
    "待补",
    "待定",
    "待补充",
    "待登记",
    "未登记",
    "未填",
    "未提供",
    "未留",
    "空",
    "略",
    "拒绝提供",
    "na",
    "null",
    "none",
    "nil",
    "unknown",
    "tbd",
];

/// Whether a text only says that nothing is known: 無, 不詳, `-`, `/`, `N/A`.
pub(crate) fn stand_in(text: &str) -> bool {
    let key = key(text);
    // Only marks: "-", "/", "——", "…".
    key.chars().all(|c| !c.is_alphanumeric()) || STAND_INS.contains(&key.as_str())
}

/// Whether a text means the same as the cell above: 同上, 〃.
pub(crate) fn ditto(text: &str) -> bool {
    matches!(
        text.trim(),
        "同上" | "〃" | "″" | "\"" | "''" | "ditto" | "上同" | "同左上"
    )
}

/// A number as the office program shows it: 15 significant digits, without the noise of binary
/// fractions (0.1 + 0.2 is 0.3).
pub(crate) fn decimal(n: f64) -> String {
    let shown: f64 = format!("{n:.14e}").parse().unwrap_or(n);
    format!("{shown}")
}
