//! Finds the heading of a sheet: below titles, of one row or two, with merged group heads.

use crate::field::{Field, Layout};
use crate::grid::{Cell, Sheet, is_space};
use crate::heading::{Meaning, is_group, understand};
use crate::period::year_of;

/// Rows in which a heading is looked for; titles and remarks above it are seldom ten.
const SEARCHED_ROWS: usize = 60;

/// A heading that was found.
pub(crate) struct Header {
    pub first_row: u32,
    pub last_row: u32,
    /// Per column: number, heading as written, what it means.
    pub columns: Vec<(u32, String, Option<Meaning>)>,
}

/// One row's labels, merged blocks filled; empty where nothing stands.
struct Labels {
    number: u32,
    texts: Vec<String>,
    /// Of each label: the columns of its merged block, if it is in one.
    blocks: Vec<Option<(u32, u32)>>,
    /// A block that reaches down into the next row.
    reaches_down: bool,
}

/// Finds the heading, or none when no row reads as one.
pub(crate) fn find(sheet: &Sheet, layout: Layout, year: Option<i16>) -> Option<Header> {
    let rows: Vec<Labels> = sheet
        .rows()
        .take(SEARCHED_ROWS)
        .map(|row| labels(sheet, row.number()))
        .collect();
    let mut best: Option<(u32, Header)> = None;
    for (i, row) in rows.iter().enumerate() {
        let single = header(row, None, layout, year);
        let below = rows
            .get(i + 1)
            .filter(|below| below.number == row.number + 1 && !below.texts.is_empty());
        let double = below.map(|below| header(below, Some(row), layout, year));
        let mut found = single;
        if let Some(double) = double {
            let lone_below = below.map_or(0, |b| worth(&header(b, None, layout, year)));
            let more = worth(&double) > worth(&found) && worth(&double) > lone_below;
            // 業主信息 over 姓名 and 電話 adds whose they are, even where each row alone scores as well.
            let grouped = worth(&double) >= lone_below
                && worth(&double) >= worth(&found)
                && below.is_some_and(|b| has_groups(row, b, layout))
                && worth(&double) > 1;
            if more || grouped {
                found = double;
            }
        }
        let score = worth(&found);
        let enough = score >= 2
            || (score == 1
                && filled(row) == 1
                && sure(&found)
                && filled_columns(sheet, row.number) <= 1);
        // The first of equals wins: a repeated heading further down is not the heading.
        if enough && best.as_ref().is_none_or(|(most, _)| score > *most) {
            best = Some((score, found));
        }
    }
    best.map(|(_, header)| header)
}

/// What stands above a row, joined: titles, the compound's name, the year.
pub(crate) fn title_above(sheet: &Sheet, row: u32) -> String {
    let above = sheet
        .rows()
        .take_while(|r| r.number() < row)
        .take(SEARCHED_ROWS);
    let texts: Vec<String> = above
        .flat_map(|r| {
            r.filled()
                .map(|(_, c)| c.shown().into_owned())
                .collect::<Vec<_>>()
        })
        .collect();
    crate::fill::beginning(&texts.join(" "), 200).to_owned()
}

/// The year that a title, a tab or a file's name tells.
pub(crate) fn year_in(text: &str) -> Option<i16> {
    let signs: Vec<char> = text.chars().map(crate::label::narrow).collect();
    signs.windows(4).enumerate().find_map(|(i, four)| {
        let digit = |at: Option<usize>| {
            at.and_then(|at| signs.get(at))
                .is_some_and(char::is_ascii_digit)
        };
        let lone = !digit(i.checked_sub(1)) && !digit(Some(i + 4));
        let digits: String = four.iter().collect();
        (lone && digits.starts_with("20") && digits.chars().all(|c| c.is_ascii_digit()))
            .then(|| year_of(&digits))?
    })
}

fn labels(sheet: &Sheet, number: u32) -> Labels {
    let mut row = Labels {
        number,
        texts: Vec::new(),
        blocks: Vec::new(),
        reaches_down: false,
    };
    let mut put = |column: u32, text: String, block: Option<(u32, u32)>| {
        let at = column as usize - 1;
        if row.texts.len() <= at {
            row.texts.resize(at + 1, String::new());
            row.blocks.resize(at + 1, None);
        }
        row.texts[at] = text;
        row.blocks[at] = block;
    };
    if let Some(cells) = sheet.row(number) {
        for (column, cell) in cells.filled() {
            put(column, label(cell, sheet.epoch_1904), None);
        }
    }
    let width_max = sheet
        .rows()
        .take(SEARCHED_ROWS)
        .map(|r| r.width())
        .max()
        .unwrap_or(0);
    for merge in sheet
        .merges()
        .iter()
        .filter(|m| m.first_row <= number && number <= m.last_row)
    {
        let text = label(
            sheet.cell(merge.first_row, merge.first_column),
            sheet.epoch_1904,
        );
        if text.is_empty() {
            continue;
        }
        for column in merge.first_column..=merge.last_column.min(width_max) {
            put(
                column,
                text.clone(),
                Some((merge.first_column, merge.last_column)),
            );
        }
        row.reaches_down |= merge.last_row > number;
    }
    row
}

fn label(cell: Cell<'_>, epoch_1904: bool) -> String {
    match cell {
        Cell::Text(text) => text
            .split(is_space)
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" "),
        // A month's heading that Excel has made a date of.
        Cell::Date(serial) => crate::value::date::from_serial(serial, epoch_1904)
            .map(|d| format!("{:04}-{:02}", d.year(), d.month()))
            .unwrap_or_default(),
        Cell::Number(_) => cell.shown().into_owned(),
        _ => String::new(),
    }
}

/// Reads a row as a heading, with the row above it as heads of groups.
fn header(row: &Labels, above: Option<&Labels>, layout: Layout, year: Option<i16>) -> Header {
    let width = row.texts.len().max(above.map_or(0, |a| a.texts.len()));
    let mut columns = Vec::with_capacity(width);
    let mut carried = String::new();
    for at in 0..width {
        let own = row.texts.get(at).map_or("", String::as_str);
        let head = above.map_or("", |a| {
            let text = a.texts.get(at).map_or("", String::as_str);
            let merged = a.blocks.get(at).copied().flatten().is_some();
            if !text.is_empty() {
                // A head that nobody merged still stands over the blank columns to its right.
                carried = if !merged && is_group(text, layout) {
                    text.to_owned()
                } else {
                    String::new()
                };
                text
            } else if own.is_empty() {
                carried.clear();
                ""
            } else {
                carried.as_str()
            }
        });
        let (heading, meaning) = if own.is_empty() || own == head {
            (head.to_owned(), understand(head, "", layout, year))
        } else {
            let joined = if head.is_empty() {
                own.to_owned()
            } else {
                format!("{head} {own}")
            };
            (joined, understand(own, head, layout, year))
        };
        if !heading.is_empty() {
            columns.push((at as u32 + 1, heading, meaning));
        }
    }
    Header {
        first_row: above.map_or(row.number, |a| a.number),
        last_row: row.number,
        columns,
    }
}

/// How many different things a heading names.
fn worth(header: &Header) -> u32 {
    let mut seen: Vec<&Meaning> = Vec::new();
    for (_, _, meaning) in &header.columns {
        if let Some(meaning) = meaning
            && !seen.iter().any(|s| {
                (s.field, s.whose, s.nth, &s.item, s.period)
                    == (
                        meaning.field,
                        meaning.whose,
                        meaning.nth,
                        &meaning.item,
                        meaning.period,
                    )
            })
        {
            seen.push(meaning);
        }
    }
    seen.len() as u32
}

fn sure(header: &Header) -> bool {
    header.columns.iter().any(|(_, _, m)| {
        m.as_ref()
            .is_some_and(|m| m.confidence >= 90 && m.field != Field::Ignored)
    })
}

/// Whether a row holds a head over several columns: merged, or with blanks to its right.
fn has_groups(row: &Labels, below: &Labels, layout: Layout) -> bool {
    let blank = |labels: &Labels, at: usize| labels.texts.get(at).is_none_or(String::is_empty);
    let spans = |at: usize| match row.blocks[at] {
        Some((first, last)) => last > first,
        None => blank(row, at + 1) && !blank(below, at + 1),
    };
    filled(row) > 1
        && filled(below) > 1
        && (0..row.texts.len()).any(|at| is_group(&row.texts[at], layout) && spans(at))
}

/// Labels of a row, a merged block counted once.
fn filled(row: &Labels) -> usize {
    let mut last = None;
    let mut count = 0;
    for (text, block) in row.texts.iter().zip(&row.blocks) {
        if !text.is_empty() && (block.is_none() || *block != last) {
            count += 1;
        }
        last = *block;
    }
    count
}

fn filled_columns(sheet: &Sheet, from: u32) -> u32 {
    sheet
        .rows()
        .skip_while(|r| r.number() < from)
        .take(SEARCHED_ROWS)
        .map(|r| r.width())
        .max()
        .unwrap_or(0)
}
