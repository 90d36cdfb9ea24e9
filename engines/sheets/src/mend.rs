//! The faulty rows of a file as a workbook of their own, each fault beside its cell: the
//! clerk mends what is marked and hands the workbook in as it is.

use std::collections::{BTreeSet, HashMap};

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, XlsxError,
};
use serde::{Deserialize, Serialize};

use crate::export::WriteError;
use crate::field::{Field, Whose};
use crate::grid::{Book, Cell, Sheet};
use crate::headings::{WHOSE, WORDS};
use crate::mapping::{Column, Evidence, Mapping};
use crate::rows::{Line, Step, Walk};
use crate::template::Language;
use crate::value::date::from_serial;

/// Headings that the reader leaves out, by language: the row in the clerk's own file, and
/// what is wrong with the cell to the left.
const ROW: [&str; 3] = ["原行號", "原行号", "Row in the file"];
const FAULT: [&str; 3] = ["問題", "问题", "Fault"];
/// What Excel lets a cell hold.
const CELL_CHARS: usize = 32_767;
/// What Excel lets a tab be called.
const TAB_CHARS: usize = 31;

/// Rows of one sheet, with what its heading says of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Faulty {
    pub sheet: String,
    /// What stood above the heading: it may name the month or the fee of every row.
    pub title: String,
    /// Number of the column in the clerk's file (0 for one that was added), and its heading.
    pub columns: Vec<(u32, String)>,
    /// The row's own number, and its cells in the order of the columns.
    pub rows: Vec<(u32, Vec<String>)>,
}

/// A fault to be shown: the sheet, the row's and the column's own numbers, and the reason
/// in the reader's language.
#[derive(Clone, Debug)]
pub struct Flaw {
    pub sheet: String,
    pub row: u32,
    pub column: u32,
    pub reason: String,
}

/// Picks rows out of a file, so that each can be read without those around it: merged
/// blocks, ditto marks and buildings written once are written out.
///
/// `wanted` are sheets by name with the rows' own numbers.
pub fn faulty(book: &Book, mappings: &[Mapping], wanted: &BTreeSet<(String, u32)>) -> Vec<Faulty> {
    let mut out = Vec::new();
    for sheet in &book.sheets {
        let Some(mapping) = mappings.iter().find(|m| m.sheet == sheet.name) else {
            continue;
        };
        let mut picked = Picked::new(sheet, mapping);
        for step in Walk::new(sheet, mapping) {
            if let Step::Line(line, _) = step
                && wanted.contains(&(sheet.name.clone(), line.row.number()))
            {
                picked.take(&line);
            }
        }
        if !picked.faulty.rows.is_empty() {
            out.push(picked.faulty);
        }
    }
    out
}

struct Picked<'s> {
    sheet: &'s Sheet,
    mapping: &'s Mapping,
    faulty: Faulty,
    /// Fields that the rows above say and no column does: `3棟` alone in a row.
    added: Vec<Field>,
}

const PLACES: [Field; 4] = [Field::Phase, Field::Zone, Field::Building, Field::Unit];

impl<'s> Picked<'s> {
    fn new(sheet: &'s Sheet, mapping: &'s Mapping) -> Picked<'s> {
        let added: Vec<Field> = PLACES.into_iter().filter(|f| !mapping.has(*f)).collect();
        let columns = added
            .iter()
            .map(|f| (0, word_of(*f, Whose::default())))
            .chain(mapping.columns.iter().map(|c| (c.number, heading(c))))
            .collect();
        Picked {
            sheet,
            mapping,
            added,
            faulty: Faulty {
                sheet: sheet.name.clone(),
                title: mapping.title.clone(),
                columns,
                rows: Vec::new(),
            },
        }
    }

    fn take(&mut self, line: &Line<'_>) {
        let part = |field| match field {
            Field::Phase => line.parts.phase.clone(),
            Field::Zone => line.parts.zone.clone(),
            Field::Building => line.parts.building.clone(),
            Field::Unit => line.parts.unit.clone(),
            _ => String::new(),
        };
        let mut cells: Vec<String> = self.added.iter().map(|f| part(*f)).collect();
        for column in &self.mapping.columns {
            let own = text(line.cell(column), self.sheet.epoch_1904);
            cells.push(match own.is_empty() {
                true => part(column.field),
                false => own,
            });
        }
        self.faulty.rows.push((line.row.number(), cells));
    }
}

/// A cell as it is typed again: days as days, everything else as it is seen.
fn text(cell: Cell<'_>, epoch_1904: bool) -> String {
    match cell {
        Cell::Date(serial) => from_serial(serial, epoch_1904)
            .map_or_else(|| cell.shown().into_owned(), |day| day.to_string()),
        cell => cell.shown().into_owned(),
    }
}

/// A heading that is read as the column was; the clerk's own where it is.
fn heading(column: &Column) -> String {
    let own = column.heading.trim();
    match column.evidence {
        Evidence::Heading { .. } | Evidence::HeadingPart { .. } if !own.is_empty() => {
            own.to_owned()
        }
        _ if column.field == Field::Ignored => own.to_owned(),
        _ => word_of(column.field, column.whose),
    }
}

/// The first known word for a field, behind whose it is.
fn word_of(field: Field, whose: Whose) -> String {
    let word = WORDS.iter().find(|(f, _)| *f == field);
    let word = word.and_then(|(_, words)| words.first()).copied();
    let of = match whose {
        Whose::Owner => "",
        whose => {
            let known = WHOSE.iter().find(|(w, _)| *w == whose);
            known
                .and_then(|(_, words)| words.first())
                .copied()
                .unwrap_or("")
        }
    };
    format!("{of}{}", word.unwrap_or_default())
}

/// The workbook: a sheet for each that had faults, under its own name.
pub fn mending(
    sheets: &[Faulty],
    flaws: &[Flaw],
    language: Language,
) -> Result<Vec<u8>, WriteError> {
    let of = language as usize;
    let mut book = Workbook::new();
    // No clock here: the file's own date says nothing to anyone.
    let properties =
        DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?);
    book.set_properties(&properties);
    for faulty in sheets {
        let flaws: Vec<&Flaw> = flaws.iter().filter(|f| f.sheet == faulty.sheet).collect();
        write_sheet(&mut book, faulty, &flaws, of)?;
    }
    Ok(book.save_to_buffer()?)
}

fn write_sheet(
    book: &mut Workbook,
    faulty: &Faulty,
    flaws: &[&Flaw],
    of: usize,
) -> Result<(), XlsxError> {
    let head = Format::new().set_bold();
    let plain = Format::new().set_num_format("@");
    let wrong = Format::new()
        .set_num_format("@")
        .set_background_color(Color::RGB(0xFF_D9_D9));
    let why = Format::new()
        .set_font_color(Color::RGB(0xB0_00_20))
        .set_align(FormatAlign::Top)
        .set_text_wrap();
    let sheet = book.add_worksheet();
    let tab: String = faulty
        .sheet
        .chars()
        .map(|c| if "[]:*?/\\'".contains(c) { ' ' } else { c })
        .take(TAB_CHARS)
        .collect();
    if !tab.trim().is_empty() {
        // Two tabs that are cut to one name keep the names that Excel gives.
        let _ = sheet.set_name(tab.trim());
    }
    // An added column that says nothing in any row is left out.
    let used: Vec<usize> = (0..faulty.columns.len())
        .filter(|at| {
            faulty.columns[*at].0 > 0 || faulty.rows.iter().any(|(_, cells)| !cells[*at].is_empty())
        })
        .collect();
    let flawed: BTreeSet<u32> = flaws.iter().map(|f| f.column).collect();
    let top = u32::from(!faulty.title.is_empty());
    if top > 0 {
        sheet.write_string(0, 0, cut(&faulty.title))?;
    }
    sheet.set_freeze_panes(top + 1, 1)?;
    sheet.write_string_with_format(top, 0, ROW[of], &head)?;
    let mut place = Vec::with_capacity(used.len());
    let mut next: u16 = 1;
    for at in &used {
        let (number, heading) = &faulty.columns[*at];
        sheet.write_string_with_format(top, next, cut(heading), &head)?;
        sheet.set_column_width(next, 14)?;
        place.push((*at, *number, next));
        next += 1;
        if *number > 0 && flawed.contains(number) {
            let said = format!("{}（{heading}）", FAULT[of]);
            sheet.write_string_with_format(top, next, cut(&said), &head)?;
            sheet.set_column_width(next, 28)?;
            next += 1;
        }
    }
    let mut of_cell: HashMap<(u32, u32), Vec<&str>> = HashMap::new();
    for flaw in flaws {
        let at = (flaw.row, flaw.column);
        of_cell.entry(at).or_default().push(&flaw.reason);
    }
    for (n, (row, cells)) in faulty.rows.iter().enumerate() {
        let line = top + 1 + n as u32;
        sheet.write_string(line, 0, row.to_string())?;
        for (at, number, to) in &place {
            let said = of_cell.get(&(*row, *number)).filter(|_| *number > 0);
            let format = if said.is_some() { &wrong } else { &plain };
            // A blank one is marked as well.
            sheet.write_string_with_format(line, *to, cut(&cells[*at]), format)?;
            if let Some(said) = said {
                sheet.write_string_with_format(line, to + 1, cut(&said.join("\n")), &why)?;
            }
        }
    }
    Ok(())
}

fn cut(text: &str) -> &str {
    text.char_indices()
        .nth(CELL_CHARS)
        .map_or(text, |(at, _)| &text[..at])
}
