//! Guesses what each column of a sheet means: by its heading, else by what stands in it.

use crate::content;
use crate::field::{Field, Layout, Whose};
use crate::grid::Sheet;
use crate::header::{self, Header};
use crate::heading::{item, month_without_year};
use crate::label::heading_key;
use crate::mapping::{Column, Evidence, Mapping};
use crate::period::Period;

/// Values of a column that a screen shows below its heading.
const SAMPLES: usize = 3;

/// Guesses the mapping of one sheet. `Mapping::recognised` tells whether there is a table at all.
pub fn guess(sheet: &Sheet, layout: Layout) -> Mapping {
    // The year that months lack stands in the title, and the title ends where the heading begins.
    let first_look = header::find(sheet, layout, header::year_in(&sheet.name));
    let above = first_look
        .as_ref()
        .map(|h| header::title_above(sheet, h.first_row))
        .unwrap_or_default();
    let found = match header::year_in(&above) {
        Some(year) => header::find(sheet, layout, Some(year)),
        None => first_look,
    };
    let (header_rows, first_row) = match &found {
        Some(h) => (Some((h.first_row, h.last_row)), h.last_row + 1),
        None => (None, sheet.rows().next().map_or(1, |r| r.number())),
    };
    let title = header::title_above(sheet, header_rows.map_or(first_row, |(first, _)| first));
    let mut columns = columns(sheet, found, first_row);
    content::fill_gaps(
        sheet,
        first_row,
        layout,
        header_rows.is_some(),
        &mut columns,
    );
    number_alike(&mut columns);
    if layout == Layout::Fees {
        settle_amounts(&mut columns);
    } else {
        settle_people(&mut columns);
    }
    let mut mapping = Mapping {
        sheet: sheet.name.clone(),
        layout,
        header_rows,
        first_row,
        columns,
        item: None,
        period: None,
        title,
    };
    if layout == Layout::Fees {
        from_title(&mut mapping);
    }
    mapping
}

/// What the title or the tab says holds for every row that does not say otherwise.
fn from_title(mapping: &mut Mapping) {
    for text in [mapping.title.clone(), mapping.sheet.clone()] {
        if mapping.item.is_none() {
            mapping.item = item_in(&text);
        }
        if mapping.period.is_none() {
            mapping.period = period_in(&text);
        }
    }
}

fn item_in(text: &str) -> Option<crate::field::FeeItem> {
    let key = heading_key(text);
    crate::headings::ITEMS
        .iter()
        .flat_map(|(_, words)| words.iter())
        .filter(|w| !w.is_ascii() && key.contains(**w))
        .max_by_key(|w| w.len())
        .and_then(|w| item(w))
}

fn period_in(text: &str) -> Option<Period> {
    let plain = crate::label::plain(text);
    let start = plain.find("20")?;
    let end = plain[start..]
        .char_indices()
        .find(|(_, c)| !(c.is_ascii_digit() || "年月-/.~至到季度上下半第一二三四".contains(*c)));
    let run = &plain[start..end.map_or(plain.len(), |(at, _)| start + at)];
    // A bare year names the list, not the period of each bill.
    let whole_year = crate::period::year_of(run).is_some();
    if whole_year {
        None
    } else {
        Period::parse(run, None).ok()
    }
}

fn columns(sheet: &Sheet, found: Option<Header>, first_row: u32) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    let labelled = found.map(|h| h.columns).unwrap_or_default();
    let width = sheet
        .rows()
        .skip_while(|r| r.number() < first_row)
        .map(|r| r.width())
        .max()
        .unwrap_or(0);
    let last = width.max(labelled.iter().map(|(n, ..)| *n).max().unwrap_or(0));
    let samples = content::samples(sheet, first_row, last, SAMPLES);
    for (number, samples) in (1..=last).zip(samples) {
        let label = labelled.iter().find(|(n, ..)| *n == number);
        let heading = label
            .map(|(_, heading, _)| heading.clone())
            .unwrap_or_default();
        let mut column = Column {
            number,
            heading,
            field: Field::Ignored,
            whose: Whose::Owner,
            nth: 0,
            item: None,
            period: None,
            confidence: 0,
            evidence: Evidence::Nothing,
            samples,
        };
        if let Some(meaning) = label.and_then(|(.., meaning)| meaning.clone()) {
            column.field = meaning.field;
            column.whose = meaning.whose;
            column.nth = meaning.nth.unwrap_or(0);
            column.item = meaning.item;
            column.period = meaning.period;
            column.confidence = meaning.confidence;
            column.evidence = meaning.evidence;
        }
        if !column.heading.is_empty() || !column.samples.is_empty() {
            columns.push(column);
        }
    }
    columns
}

/// Columns of one kind without a number of their own are numbered left to right.
fn number_alike(columns: &mut [Column]) {
    for at in 0..columns.len() {
        if columns[at].nth == 0 {
            let (field, whose) = (columns[at].field, columns[at].whose);
            let before = columns[..at]
                .iter()
                .filter(|c| c.field == field && c.whose == whose)
                .map(|c| c.nth)
                .max();
            columns[at].nth = before.unwrap_or(0).saturating_add(1);
        }
    }
}

/// In a list of fees with 應收 or 實收 beside it, 欠費 and a bare total are worked out from them.
fn settle_amounts(columns: &mut [Column]) {
    let plain: Vec<usize> = (0..columns.len())
        .filter(|&i| {
            columns[i].field == Field::Amount
                && columns[i].item.is_none()
                && columns[i].period.is_none()
        })
        .collect();
    // 1月 and 2月 without a year stay amounts: each cell below them is a fault of its own.
    let plain: Vec<usize> = plain
        .into_iter()
        .filter(|&i| !month_without_year(&columns[i].heading))
        .collect();
    let itemised = columns
        .iter()
        .any(|c| c.field == Field::Amount && (c.item.is_some() || c.period.is_some()));
    let owed = |c: &Column| {
        heading_key(&c.heading).contains('欠')
            || heading_key(&c.heading).contains('未')
            || c.heading.eq_ignore_ascii_case("outstanding")
    };
    let billed = plain.iter().any(|&i| !owed(&columns[i]));
    for &i in &plain {
        if itemised || (billed && owed(&columns[i])) {
            columns[i].field = Field::Ignored;
        }
    }
    let mut seen = false;
    for &i in &plain {
        if columns[i].field == Field::Amount {
            if seen {
                columns[i].field = Field::Ignored;
            }
            seen = true;
        }
    }
}

/// What follows the names of tenants, family or co-owners belongs to them, until the next name.
fn settle_people(columns: &mut [Column]) {
    let mut last: Option<(Whose, u8)> = None;
    for column in columns.iter_mut() {
        match column.field {
            Field::Name => last = Some((column.whose, column.nth)),
            Field::Phone
            | Field::IdNumber
            | Field::IdKind
            | Field::From
            | Field::Until
            | Field::Term
            | Field::Share
            | Field::BirthDate
            | Field::Workplace => {
                let told = heading_key(&column.heading);
                let bare = !crate::headings::WHOSE
                    .iter()
                    .any(|(_, words)| words.iter().any(|w| told.contains(w)));
                if let Some((whose, nth)) = last
                    && bare
                    && column.whose == Whose::Owner
                    && (whose != Whose::Owner || nth > 1)
                {
                    column.whose = whose;
                    column.nth = nth;
                }
            }
            _ => {}
        }
    }
}
