//! What was faulty or doubtful in a file, as the screen says it: in the reader's language,
//! personal values masked, and a room that seems to have been sold as a proposal to confirm.

use super::outcome::{Remark, TRANSFER_PROPOSED};
use super::words;
use foundation::page::{self, Frame};
use roster::contact::masked_end;

/// Faulty cells and warnings shown on a page; the download has all.
pub(super) const SHOWN_MAX: usize = 100;

/// A remark as the screen says it.
pub(super) struct Shown {
    pub sheet: String,
    pub row: String,
    pub column: String,
    pub value: String,
    pub reason: String,
}

/// A transfer of ownership that a file suggests; confirmed on the room's own form.
pub(super) struct Proposed {
    pub room: String,
    pub name: String,
    /// Where the transfer is recorded.
    pub to: String,
    pub sheet: String,
    pub row: String,
}

/// The first of the proposed transfers, as many as of the faults.
pub(super) fn proposed(slug: &str, warnings: &[Remark]) -> Vec<Proposed> {
    let of = |r: &Remark, name: &str| -> Option<String> {
        let mut named = r.params.iter().filter(|(n, _)| n == name);
        named.next().map(|(_, value)| value.clone())
    };
    warnings
        .iter()
        .filter(|r| r.code == TRANSFER_PROPOSED)
        .take(SHOWN_MAX)
        .filter_map(|r| {
            Some(Proposed {
                room: of(r, "room")?,
                name: r.value.clone(),
                to: format!("/c/{slug}/transfers"),
                sheet: r.sheet.clone(),
                row: r.row?.to_string(),
            })
        })
        .collect()
}

/// A remark in the reader's language; a personal value is masked.
pub(super) fn shown(frame: &Frame, r: &Remark) -> Shown {
    let number = |n: Option<u32>| n.map_or_else(String::new, |n| n.to_string());
    let reason = match words::reason(&r.code) {
        Some(key) => {
            let values: Vec<(&str, page::Value<'_>)> = r
                .params
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str().into()))
                .collect();
            frame.with(key, &values).into_owned()
        }
        None => r.reason.clone(),
    };
    Shown {
        sheet: r.sheet.clone(),
        row: number(r.row),
        column: number(r.column),
        value: if r.personal {
            masked_end(&r.value)
        } else {
            r.value.clone()
        },
        reason,
    }
}

/// A remark as the cells of a list to take along: sheet, row, column, value, reason.
pub(super) fn as_cells(frame: &Frame, remark: &Remark) -> [String; 5] {
    let s = shown(frame, remark);
    [s.sheet, s.row, s.column, harmless(&s.value), s.reason]
}

/// A text that begins as a formula does must not become one, unless it is a number.
pub(super) fn harmless(cell: &str) -> String {
    let number = cell.strip_prefix('-').is_some_and(|rest| {
        !rest.is_empty()
            && rest
                .bytes()
                .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
    });
    if number {
        cell.to_owned()
    } else {
        sheets::harmless(cell)
    }
}

pub(super) fn some(frame: &Frame, list: &[Remark]) -> Vec<Shown> {
    list.iter()
        .take(SHOWN_MAX)
        .map(|r| shown(frame, r))
        .collect()
}

/// How the figure of the faults is coloured.
pub(super) fn tone_of(faults: &[Remark]) -> &'static str {
    if faults.is_empty() {
        "plain"
    } else {
        "overdue"
    }
}
