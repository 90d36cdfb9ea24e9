//! A roster's rows: rooms with their people, rooms alone, or people alone.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::fault::{CellFault, Warning};
use crate::field::Field;
use crate::grid::{Cell, Sheet};
use crate::mapping::Mapping;
use crate::reading::Reading;
use crate::room::RoomCell;
use crate::rows::{Step, Walk};
use crate::value::idnumber::IdDocument;
use crate::value::share::Share;
use crate::value::words::{self, Kind, Relation, State, Use};
use crate::value::{area, floor, plate};
use crate::{fault, household};

/// A person or organisation of a row. What is not written stays unknown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonCell {
    pub name: String,
    pub kind: Kind,
    /// Normal forms, the main one first.
    pub phones: Vec<String>,
    pub id: Option<IdDocument>,
    /// 統一社會信用代碼 of an organisation.
    pub uscc: Option<String>,
    /// An organisation's legal representative.
    pub representative: Option<String>,
    pub relation: Relation,
    pub share: Option<Share>,
    pub from: Option<Date>,
    pub until: Option<Date>,
    pub birth: Option<Date>,
    pub workplace: Option<String>,
    /// What stood in brackets beside the name and is no relation or share.
    pub note: Option<String>,
}

/// Whom to call in an emergency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emergency {
    pub name: Option<String>,
    pub phones: Vec<String>,
}

/// One row of a roster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RosterRow {
    pub sheet: String,
    /// The spreadsheet's own row number.
    pub row: u32,
    /// None only in a list of people without rooms.
    pub room: Option<RoomCell>,
    /// Exclusive area in 0.01 m².
    pub area: Option<u32>,
    /// A short normal form: `18`, `B1`, `12A`, `G`.
    pub floor: Option<String>,
    #[serde(rename = "use")]
    pub room_use: Option<Use>,
    pub state: Option<State>,
    pub moved_in: Option<Date>,
    pub people: Vec<PersonCell>,
    pub emergency: Option<Emergency>,
    /// Normal forms such as `粤B12345`.
    pub plates: Vec<String>,
    /// Phones of the row that fit to no person: kept, never given to somebody.
    pub unmatched_phones: Vec<String>,
    pub note: Option<String>,
}

/// What one row of the sheet gave. A row that was left out has only faults or warnings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RosterLine {
    pub row: Option<RosterRow>,
    pub faults: Vec<CellFault>,
    pub warnings: Vec<Warning>,
}

/// Reads a sheet row by row, holding one row at a time.
pub struct RosterLines<'s> {
    walk: Walk<'s>,
    sheet: &'s Sheet,
    mapping: &'s Mapping,
}

impl Mapping {
    /// Reads a sheet's rows as a roster. Nothing comes of a sheet that is not recognised.
    pub fn roster<'s>(&'s self, sheet: &'s Sheet) -> RosterLines<'s> {
        RosterLines {
            walk: Walk::new(sheet, self),
            sheet,
            mapping: self,
        }
    }
}

impl Iterator for RosterLines<'_> {
    type Item = RosterLine;

    fn next(&mut self) -> Option<RosterLine> {
        if !self.mapping.recognised() {
            return None;
        }
        Some(match self.walk.next()? {
            Step::Skipped(warning) => RosterLine {
                warnings: vec![warning],
                ..RosterLine::default()
            },
            Step::Line(line, warnings) => {
                let mut reading = Reading {
                    sheet: self.sheet,
                    mapping: self.mapping,
                    line,
                    faults: Vec::new(),
                    warnings,
                };
                let row = read(&mut reading);
                reading.faults.sort_by_key(|f| f.column);
                RosterLine {
                    row,
                    faults: reading.faults,
                    warnings: reading.warnings,
                }
            }
        })
    }
}

fn read(reading: &mut Reading<'_>) -> Option<RosterRow> {
    // Every other cell is read even when the room is faulty: the clerk mends a row once.
    let room = reading.room();
    let household = household::read(reading);
    let row = RosterRow {
        sheet: reading.sheet.name.clone(),
        row: reading.line.row.number(),
        room: None,
        area: read_area(reading),
        floor: reading.take(Field::Floor, |cell| floor::read(&cell.shown())),
        room_use: reading.take(Field::Use, |cell| {
            words::room_use(&cell.shown()).ok_or(fault::Reason::UseUnknown)
        }),
        state: read_state(reading),
        moved_in: reading.date_of(Field::MoveIn),
        people: household.people,
        emergency: household.emergency,
        plates: read_plates(reading),
        unmatched_phones: household.unmatched_phones,
        note: reading.text(Field::Note),
    };
    match room {
        Ok(None) if row.people.is_empty() => None,
        Ok(room) => Some(RosterRow { room, ..row }),
        Err(()) => None,
    }
}

fn read_state(reading: &mut Reading<'_>) -> Option<State> {
    // 空 says here that nobody lives there, so stand-ins are words like others.
    let column = reading.mapping.first(Field::State)?;
    let text = reading.line.cell(column).shown();
    if let Some(state) = words::state(&text) {
        return Some(state);
    }
    reading.take(Field::State, |_| Err(fault::Reason::StateUnknown))
}

fn read_area(reading: &mut Reading<'_>) -> Option<u32> {
    let (column, cell) = reading.cell(Field::Area)?;
    match area::read(cell) {
        Ok((area, rounded)) => {
            if rounded {
                reading.warn(column, &cell.shown(), fault::Caution::AreaRounded);
            }
            Some(area)
        }
        Err(reason) => {
            reading.fault(column, &cell.shown(), reason);
            None
        }
    }
}

fn read_plates(reading: &mut Reading<'_>) -> Vec<String> {
    let mut plates = Vec::new();
    let mapping = reading.mapping;
    for column in mapping.all(Field::Plate) {
        let Some((number, cell)) = reading.said(column) else {
            continue;
        };
        let text = cell.shown();
        let text: &str = if matches!(cell, Cell::Number(_)) {
            ""
        } else {
            &text
        };
        let whole = plate::parse(text);
        let parts: Vec<&str> = if whole.is_some() {
            vec![text]
        } else {
            plate::split(text).collect()
        };
        if parts.is_empty() {
            reading.fault(number, &cell.shown(), fault::Reason::PlateUnreadable);
        }
        for part in parts {
            match plate::parse(part) {
                Some(plate) if !plates.contains(&plate) => plates.push(plate),
                Some(_) => {}
                None => reading.fault(number, part, fault::Reason::PlateUnreadable),
            }
        }
    }
    plates
}
