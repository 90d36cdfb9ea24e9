//! Whether the rows of one file agree about a room. Two that do not are a fault of the
//! file: the first stands, the second is not taken, and both rows are named, because only
//! whoever keeps the list knows which is right.

use std::collections::HashMap;
use std::sync::Arc;

use hanzi::name::name_key;
use sheets::{Field, Mapping, Relation, RosterRow, Share};

use super::outcome::Remark;
use super::read::Remarks;

/// What was said first, and where.
struct Said<T> {
    value: T,
    sheet: Arc<str>,
    row: u32,
}

/// What the file has said of one room so far.
#[derive(Default)]
struct Room {
    area: Option<Said<u32>>,
    floor: Option<Said<String>>,
    purpose: Option<Said<sheets::Use>>,
    state: Option<Said<sheets::State>>,
    moved_in: Option<Said<String>>,
    /// The first owner whose ownership stands, and whether it is said to be the whole.
    owner: Option<Said<(String, bool)>>,
}

/// What the file has said so far, room by room.
#[derive(Default)]
pub(super) struct Agreement {
    rooms: HashMap<String, Room>,
    /// The sheet that is being read, by its name.
    sheet: Arc<str>,
}

/// Keeps the first value; takes a later one that differs out of its row and says where the
/// first stood.
fn one<T: PartialEq + Clone>(
    first: &mut Option<Said<T>>,
    now: &mut Option<T>,
    at: (&Arc<str>, u32),
) -> Option<(String, u32)> {
    let value = now.as_ref()?;
    match first {
        None => {
            *first = Some(Said {
                value: value.clone(),
                sheet: at.0.clone(),
                row: at.1,
            });
            None
        }
        Some(said) if said.value == *value => None,
        Some(said) => {
            *now = None;
            Some((said.sheet.to_string(), said.row))
        }
    }
}

impl Agreement {
    /// Holds a row against those before it.
    pub(super) fn hold(&mut self, row: &mut RosterRow, mapping: &Mapping, out: &mut Remarks) {
        let Some(cell) = &row.room else {
            return;
        };
        if *self.sheet != *row.sheet {
            self.sheet = row.sheet.as_str().into();
        }
        let sheet = self.sheet.clone();
        let at = (&sheet, row.row);
        let room = self.rooms.entry(cell.normal.clone()).or_default();
        let area = row.area.map(|a| format!("{}.{:02}", a / 100, a % 100));
        let floor = row.floor.clone();
        let purpose = row.room_use.map(super::terms::purpose).map(str::to_owned);
        let state = row.state.map(super::terms::state).map(str::to_owned);
        let moved_in = row.moved_in.map(|d| d.to_string());
        let mut day = moved_in.clone();
        let other_day = one(&mut room.moved_in, &mut day, at);
        if other_day.is_some() {
            row.moved_in = None;
        }
        let clashes = [
            (Field::Area, area, one(&mut room.area, &mut row.area, at)),
            (
                Field::Floor,
                floor,
                one(&mut room.floor, &mut row.floor, at),
            ),
            (
                Field::Use,
                purpose,
                one(&mut room.purpose, &mut row.room_use, at),
            ),
            (
                Field::State,
                state,
                one(&mut room.state, &mut row.state, at),
            ),
            (Field::MoveIn, moved_in, other_day),
        ];
        for (field, value, clash) in clashes {
            if let Some(other) = clash {
                let column = mapping.first(field).map(|c| c.number);
                let value = value.unwrap_or_default();
                out.errors.push(clash_of(at, column, value, &other));
            }
        }
        hold_owners(room, row, at, mapping, out);
    }
}

/// Two rows that name different owners are co-owners, which is said; unless one of them is
/// said to own the whole: then the second is not taken.
fn hold_owners(
    room: &mut Room,
    row: &mut RosterRow,
    at: (&Arc<str>, u32),
    mapping: &Mapping,
    out: &mut Remarks,
) {
    let column = mapping.first(Field::Name).map(|c| c.number);
    let shared = row.people.iter().filter(|p| owns(p.relation)).count() > 1;
    row.people.retain_mut(|person| {
        if person.relation != Relation::Owner || person.until.is_some() {
            return true;
        }
        let key = name_key(&person.name);
        let whole = person.share
            == Some(Share::Part {
                numerator: 1,
                denominator: 1,
            });
        let Some(first) = &room.owner else {
            room.owner = Some(Said {
                value: (key, whole && !shared),
                sheet: at.0.clone(),
                row: at.1,
            });
            return true;
        };
        let (name, first_whole) = &first.value;
        if *name == key {
            return true;
        }
        let other = (first.sheet.to_string(), first.row);
        if whole || *first_whole {
            let mut clash = clash_of(at, column, person.name.clone(), &other);
            clash.code = "owner_clashes".to_owned();
            clash.reason = format!(
                "row {} of {} names another owner of the whole room; this one was not taken",
                other.1, other.0
            );
            out.errors.push(clash);
            return false;
        }
        person.relation = Relation::CoOwner;
        if person.share.is_none() {
            let mut also = clash_of(at, column, person.name.clone(), &other);
            also.code = "owner_also".to_owned();
            also.reason = format!(
                "row {} of {} names another owner of this room; both were taken, as co-owners; \
                 if one of them has sold, give the day in a column 截止日期",
                other.1, other.0
            );
            out.warnings.push(also);
        }
        true
    });
}

fn owns(relation: Relation) -> bool {
    matches!(relation, Relation::Owner | Relation::CoOwner)
}

fn clash_of(
    at: (&Arc<str>, u32),
    column: Option<u32>,
    value: String,
    other: &(String, u32),
) -> Remark {
    Remark {
        sheet: at.0.to_string(),
        row: Some(at.1),
        column,
        value,
        reason: format!(
            "row {} of {} says otherwise of the same room; that one stands, this was not taken",
            other.1, other.0
        ),
        code: "room_clashes".to_owned(),
        params: vec![
            ("other_sheet".to_owned(), other.0.clone()),
            ("other_row".to_owned(), other.1.to_string()),
        ],
        personal: false,
    }
}
