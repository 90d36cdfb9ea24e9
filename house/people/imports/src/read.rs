//! Reads a file with its mapping into rows and remarks. Pure; runs outside the writer.

use sheets::{Book, CellFault, Field, Limits, Mapping, RosterRow, Warning, sheet_warnings};

use super::agreement::Agreement;
use super::outcome::Remark;

/// What a file says.
#[derive(Default)]
pub struct Read {
    pub rows: Vec<RosterRow>,
    pub errors: Vec<Remark>,
    pub warnings: Vec<Remark>,
    /// Where the names of owners stand: sheet and column.
    pub(super) owners_at: Vec<(String, u32)>,
    /// Whether any sheet was recognised.
    pub recognised: bool,
}

/// Columns whose values are personal: masked on the screen.
pub(super) fn personal(field: Field) -> bool {
    matches!(
        field,
        Field::Phone | Field::IdNumber | Field::BirthDate | Field::Workplace | Field::Note
    )
}

/// Reads all recognised sheets of a book.
pub fn read(book: &Book, mappings: &[Mapping]) -> Read {
    let mut out = Read::default();
    let mut agreement = Agreement::default();
    for sheet in &book.sheets {
        let Some(mapping) = mappings.iter().find(|m| m.sheet == sheet.name) else {
            continue;
        };
        out.recognised |= mapping.recognised();
        let cautions = sheet_warnings(sheet, mapping, Limits::default().columns);
        out.warnings
            .extend(cautions.into_iter().map(|w| warning(mapping, w)));
        if let Some(column) = mapping.first(Field::Name) {
            out.owners_at.push((sheet.name.clone(), column.number));
        }
        for mut line in mapping.roster(sheet) {
            if let Some(row) = &mut line.row {
                agreement.hold(row, mapping, &mut out);
            }
            out.rows.extend(line.row);
            out.errors
                .extend(line.faults.into_iter().map(|f| fault(mapping, f)));
            out.warnings
                .extend(line.warnings.into_iter().map(|w| warning(mapping, w)));
        }
    }
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
