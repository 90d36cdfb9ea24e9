//! Guesses a column by what stands in it, where its heading says nothing.

use crate::field::{Field, Layout};
use crate::grid::{Cell, Sheet};
use crate::label::plain;
use crate::mapping::{Column, Evidence};
use crate::value::{date, people, plate, words};

/// Rows looked at.
const SEEN_ROWS: usize = 200;
/// Least share of the filled cells that must have the form, in percent.
const FITTING_PERCENT: u32 = 70;
/// Least number of filled cells for a guess.
const FITTING_LEAST: u32 = 2;
/// Content convinces less than a heading.
const CONFIDENCE_MAX: u32 = 80;
/// With a heading that says something unknown, content convinces still less.
const CONFIDENCE_UNDER_HEADING: u32 = 60;

/// The first values of each column from 1 to `last`.
pub(crate) fn samples(sheet: &Sheet, first_row: u32, last: u32, each: usize) -> Vec<Vec<String>> {
    let mut samples = vec![Vec::new(); last as usize];
    for row in sheet
        .rows()
        .skip_while(|r| r.number() < first_row)
        .take(SEEN_ROWS)
    {
        for (column, cell) in row.filled() {
            if let Some(kept) = samples.get_mut(column as usize - 1)
                && kept.len() < each
            {
                kept.push(crate::fault::shown(&cell.shown()));
            }
        }
    }
    samples
}

type Form = fn(Cell<'_>) -> bool;

/// Forms from the most telling to the least.
const FORMS: &[(Field, Form)] = &[
    (Field::IdNumber, is_id),
    (Field::Phone, is_phone),
    (Field::Plate, |c| plate::parse(&c.shown()).is_some()),
    (Field::Uscc, is_uscc),
    (Field::Use, |c| words::room_use(&c.shown()).is_some()),
    (Field::State, |c| words::state(&c.shown()).is_some()),
    (Field::Room, is_room),
    (Field::Name, is_name),
    (Field::MoveIn, |c| {
        matches!(c, Cell::Date(_))
            || (matches!(c, Cell::Text(_)) && date::parse(&c.shown()).is_ok())
    }),
    (
        Field::Area,
        |c| matches!(c, Cell::Number(n) if (8.0..2000.0).contains(&n) && n.fract() != 0.0),
    ),
];

/// Gives a meaning to the columns that have none. Without a heading at all only what identifies a
/// room or a person is guessed; a wrong amount or date would be worse than none.
pub(crate) fn fill_gaps(
    sheet: &Sheet,
    first_row: u32,
    layout: Layout,
    headed: bool,
    columns: &mut [Column],
) {
    for (field, form) in FORMS {
        let unsure = matches!(field, Field::MoveIn | Field::Area);
        if !field.fits(layout)
            || (unsure && layout == Layout::Fees)
            || columns.iter().any(|c| c.field == *field)
        {
            continue;
        }
        let mut best: Option<(usize, u32, u32)> = None;
        for (i, column) in columns.iter().enumerate() {
            if column.evidence != Evidence::Nothing || (headed && column.heading.is_empty()) {
                continue;
            }
            let (fitting, seen) = count(sheet, first_row, column.number, *form);
            let enough = fitting >= FITTING_LEAST && fitting * 100 >= seen * FITTING_PERCENT;
            if enough && best.is_none_or(|(_, most, _)| fitting > most) {
                best = Some((i, fitting, seen));
            }
        }
        if let Some((i, fitting, seen)) = best {
            let max = if columns[i].heading.is_empty() {
                CONFIDENCE_MAX
            } else {
                CONFIDENCE_UNDER_HEADING
            };
            columns[i].field = *field;
            columns[i].confidence = (max * fitting / seen) as u8;
            columns[i].evidence = Evidence::Content { fitting, seen };
        }
    }
}

fn count(sheet: &Sheet, first_row: u32, column: u32, form: Form) -> (u32, u32) {
    let (mut fitting, mut seen) = (0, 0);
    for row in sheet
        .rows()
        .skip_while(|r| r.number() < first_row)
        .take(SEEN_ROWS)
    {
        let cell = row.cell(column);
        if !cell.is_blank() {
            seen += 1;
            fitting += u32::from(form(cell));
        }
    }
    (fitting, seen)
}

fn is_id(cell: Cell<'_>) -> bool {
    let text = plain(&cell.shown());
    let (digits, last) = text.as_bytes().split_at(text.len().min(17));
    let ends = matches!(last, [b'0'..=b'9' | b'x']);
    ends && digits.iter().all(u8::is_ascii_digit)
}

fn is_phone(cell: Cell<'_>) -> bool {
    let text = plain(&cell.shown());
    text.split(['、', ',', '/', ';'])
        .all(|p| p.len() == 11 && p.starts_with('1') && p.bytes().all(|b| b.is_ascii_digit()))
}

fn is_uscc(cell: Cell<'_>) -> bool {
    let text = plain(&cell.shown());
    text.len() == 18
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
        && text.bytes().any(|b| b.is_ascii_alphabetic())
        && text.starts_with(|c: char| c.is_ascii_digit())
}

fn is_room(cell: Cell<'_>) -> bool {
    let text = cell.shown();
    let told = text.contains(['-', '栋', '棟', '座', '幢', '室', '單', '单'])
        && text.chars().any(|c| c.is_ascii_digit());
    matches!(cell, Cell::Text(_))
        && told
        && text.chars().count() <= 24
        && date::parse(&text).is_err()
        && crate::room::is_code(&text)
}

fn is_name(cell: Cell<'_>) -> bool {
    matches!(cell, Cell::Text(text) if people::looks_like_names(text))
}
