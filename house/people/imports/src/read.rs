//! Reads a file with its mapping into rows and remarks. Pure; runs outside the writer.
//!
//! The file stays as it was opened, which is a tenth of what its rows are when understood:
//! whoever needs them walks down the file again.

use std::sync::Arc;

use hanzi::name::name_key;
use sheets::{
    Book, CellFault, Faulty, Field, Limits, Mapping, RosterRow, Sheet, Warning, sheet_warnings,
};

use super::agreement::Agreement;
use super::outcome::Remark;

/// What a file says.
#[derive(Default)]
pub struct Read {
    book: Arc<Book>,
    mappings: Vec<Mapping>,
    pub errors: Vec<Remark>,
    pub warnings: Vec<Remark>,
    /// Where the names of owners stand: sheet and column.
    pub(super) owners_at: Vec<(String, u32)>,
    /// Room codes and name keys that the file speaks of, to be looked up on the roster.
    pub(super) normals: Vec<String>,
    pub(super) names: Vec<String>,
    /// Whether any sheet was recognised.
    pub recognised: bool,
}

/// What was found wanting in a file.
#[derive(Default)]
pub(super) struct Remarks {
    pub errors: Vec<Remark>,
    pub warnings: Vec<Remark>,
}

impl Read {
    /// The faulty rows as they stand in the file, for whoever mends them.
    pub(super) fn faulty(&self) -> Vec<Faulty> {
        faulty_rows(&self.book, &self.mappings, &self.errors)
    }

    /// The rows that are taken, top to bottom.
    pub(super) fn rows(&self) -> impl Iterator<Item = RosterRow> + '_ {
        // Said already, when the file was read.
        let (mut agreement, mut unsaid) = (Agreement::default(), Remarks::default());
        let lines = pairs(&self.book, &self.mappings)
            .flat_map(|(sheet, mapping)| mapping.roster(sheet).map(move |line| (mapping, line)));
        lines.filter_map(move |(mapping, line)| {
            let mut row = line.row?;
            agreement.hold(&mut row, mapping, &mut unsaid);
            unsaid.errors.clear();
            unsaid.warnings.clear();
            Some(row)
        })
    }
}

/// The rows that these faults are in.
pub(super) fn faulty_rows(book: &Book, mappings: &[Mapping], faults: &[Remark]) -> Vec<Faulty> {
    let rows = faults
        .iter()
        .filter_map(|f| Some((f.sheet.clone(), f.row?)));
    sheets::faulty(book, mappings, &rows.collect())
}

/// Each sheet that has a mapping.
fn pairs<'b>(
    book: &'b Book,
    mappings: &'b [Mapping],
) -> impl Iterator<Item = (&'b Sheet, &'b Mapping)> {
    let of = |sheet: &'b Sheet| Some((sheet, mappings.iter().find(|m| m.sheet == sheet.name)?));
    book.sheets.iter().filter_map(of)
}

/// Columns whose values are personal: masked on the screen.
pub(super) fn personal(field: Field) -> bool {
    matches!(
        field,
        Field::Phone | Field::IdNumber | Field::BirthDate | Field::Workplace | Field::Note
    )
}

/// Reads all recognised sheets of a book.
pub fn read(book: &Arc<Book>, mappings: &[Mapping]) -> Read {
    let mut out = Read {
        book: book.clone(),
        mappings: mappings.to_vec(),
        ..Read::default()
    };
    let (mut agreement, mut said) = (Agreement::default(), Remarks::default());
    for (sheet, mapping) in pairs(book, mappings) {
        out.recognised |= mapping.recognised();
        let cautions = sheet_warnings(sheet, mapping, Limits::default().columns);
        said.warnings
            .extend(cautions.into_iter().map(|w| warning(mapping, w)));
        if let Some(column) = mapping.first(Field::Name) {
            out.owners_at.push((sheet.name.clone(), column.number));
        }
        for line in mapping.roster(sheet) {
            if let Some(mut row) = line.row {
                agreement.hold(&mut row, mapping, &mut said);
                out.normals.extend(row.room.map(|c| c.normal));
                let names = row.people.iter().map(|p| name_key(&p.name));
                out.names.extend(names);
            }
            let faults = line.faults.into_iter().map(|f| fault(mapping, f));
            said.errors.extend(faults);
            let warnings = line.warnings.into_iter().map(|w| warning(mapping, w));
            said.warnings.extend(warnings);
        }
    }
    for list in [&mut out.normals, &mut out.names] {
        list.sort_unstable();
        list.dedup();
        list.shrink_to_fit();
    }
    (out.errors, out.warnings) = (said.errors, said.warnings);
    out
}

fn is_personal(mapping: &Mapping, column: Option<u32>) -> bool {
    mapping
        .columns
        .iter()
        .any(|c| Some(c.number) == column && personal(c.field))
}

fn named(params: Vec<(&'static str, String)>) -> Vec<(String, String)> {
    params.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()
}

pub(super) fn fault(mapping: &Mapping, f: CellFault) -> Remark {
    Remark {
        personal: is_personal(mapping, Some(f.column)),
        sheet: f.sheet,
        row: Some(f.row),
        column: Some(f.column),
        value: f.value,
        reason: f.reason.to_string(),
        code: f.reason.code().to_owned(),
        params: named(f.reason.params()),
    }
}

pub(super) fn warning(mapping: &Mapping, w: Warning) -> Remark {
    Remark {
        personal: is_personal(mapping, w.column),
        sheet: w.sheet,
        row: w.row,
        column: w.column,
        value: w.value,
        reason: w.caution.to_string(),
        code: w.caution.code().to_owned(),
        params: named(w.caution.params()),
    }
}
