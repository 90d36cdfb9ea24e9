//! Which boxes labels are printed for: by building, by rooms and ranges of rooms, and by what
//! changed since a day.

use std::collections::{BTreeMap, BTreeSet};

use foundation::clock::Moment;
use foundation::house::House;
use foundation::ids::Id;
use hanzi::room::RoomCode;
use permissions::Permission;
use permissions::actor::Actor;

use crate::boxes::ArchiveBox;
use crate::labels::PRINT_MAX;
use crate::store::chosen::{self, Rooms, Wanted};
use crate::{ShelfError, store};

/// Rooms and ranges in one list.
const PARTS_MAX: usize = 500;

/// What is chosen; empty says anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    pub building: String,
    /// Rooms, and ranges as `3-1-101～3-1-2902`, by lines, commas or semicolons.
    pub rooms: String,
    /// `YYYY-MM-DD`: what labels have to say changed on this day or after it.
    pub since: String,
    /// Only boxes without a label, or with one that says something else than it must.
    pub outdated: bool,
}

/// What was chosen.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// How many boxes.
    pub count: usize,
    /// In shelf order; of more than one print takes, the first.
    pub boxes: Vec<ArchiveBox>,
    /// The parts of the list that name no room.
    pub unknown: Vec<String>,
}

/// A part of a list as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part<'t> {
    Room(&'t str),
    Range(&'t str, &'t str),
}

fn parts(typed: &str) -> Vec<Part<'_>> {
    typed
        .split(['\n', ',', '，', '、', ';', '；'])
        .map(str::trim)
        .filter(|p| !p.is_empty())
        .map(|part| {
            let ends = ["～", "~", "至", "到", ".."]
                .iter()
                .find_map(|sign| part.split_once(sign));
            match ends {
                Some((from, to)) => Part::Range(from.trim(), to.trim()),
                None => Part::Room(part),
            }
        })
        .collect()
}

/// Keys between which a room of the list lies, or the room itself.
enum Listed {
    Room(Id),
    Between(Vec<u8>, Vec<u8>),
}

/// The key of a range's end: that of the room where there is one, else where it would be.
async fn end(house: &House, by: &Actor, typed: &str) -> Result<Option<Vec<u8>>, ShelfError> {
    if let Some(room) = roster::find_room(house, by.community, typed).await? {
        return Ok(Some(room.sort_key));
    }
    let site = roster::order::of(house, by.community).await?;
    let code = RoomCode::parse_at(typed, &site).ok();
    Ok(code.map(|code| code.sort_key_with(&site)))
}

/// Chooses boxes.
///
/// # Errors
/// [`ShelfError::Day`] when the day is none; [`ShelfError::TooMany`] with a longer list than is
/// typed by hand.
pub async fn choose(house: &House, by: &Actor, s: &Selection) -> Result<Chosen, ShelfError> {
    by.may(Permission::ArchiveRead)?;
    let since = match s.since.trim() {
        "" => None,
        day => {
            let date = day.parse().map_err(|_| ShelfError::Day(day.to_owned()))?;
            Some(Moment::at_start_of(date))
        }
    };
    let list = parts(&s.rooms);
    if list.len() > PARTS_MAX {
        return Err(ShelfError::TooMany(PARTS_MAX));
    }
    let mut unknown = Vec::new();
    let mut wanted = Vec::new();
    for part in &list {
        match part {
            Part::Room(typed) => match roster::find_room(house, by.community, typed).await? {
                Some(room) => wanted.push(Listed::Room(room.id)),
                None => unknown.push((*typed).to_owned()),
            },
            Part::Range(from, to) => {
                match (end(house, by, from).await?, end(house, by, to).await?) {
                    (Some(from), Some(to)) => {
                        wanted.push(Listed::Between(from.clone().min(to.clone()), from.max(to)));
                    }
                    _ => unknown.push(format!("{from}～{to}")),
                }
            }
        }
    }
    let (count, boxes) = found(house, by, s, since, &wanted, list.is_empty()).await?;
    Ok(Chosen {
        count,
        boxes,
        unknown,
    })
}

/// How many boxes there are of those wanted, and the first of them.
async fn found(
    house: &House,
    by: &Actor,
    s: &Selection,
    since: Option<Moment>,
    listed: &[Listed],
    all: bool,
) -> Result<(usize, Vec<ArchiveBox>), ShelfError> {
    let c = by.community;
    let wanted = |rooms| Wanted {
        building: &s.building,
        since,
        outdated: s.outdated,
        rooms,
    };
    let most = PRINT_MAX as i64;
    if all {
        let wanted = wanted(Rooms::All);
        let (count,): (i64,) = house.db.one(chosen::count_wanted(c, &wanted)).await?;
        let boxes = house.db.all(chosen::wanted(c, &wanted, most)).await?;
        return Ok((count.max(0) as usize, boxes));
    }
    // Ranges may overlap: each box is counted once.
    let mut boxes: BTreeMap<(Vec<u8>, i64, i64, Id), ArchiveBox> = BTreeMap::new();
    let mut count = 0;
    for part in listed {
        let wanted = wanted(match part {
            Listed::Room(id) => Rooms::One(*id),
            Listed::Between(from, to) => Rooms::Between(from, to),
        });
        let more: Vec<ArchiveBox> = house.db.all(chosen::wanted(c, &wanted, most + 1)).await?;
        if more.len() > PRINT_MAX {
            let (many,): (i64,) = house.db.one(chosen::count_wanted(c, &wanted)).await?;
            count = count.max(many.max(0) as usize);
        }
        for one in more {
            let (key, tenure, nth) = one.rank();
            boxes.insert((key.to_vec(), tenure, nth, one.id), one);
        }
        if boxes.len() > PRINT_MAX {
            break;
        }
    }
    count = count.max(boxes.len());
    Ok((count, boxes.into_values().take(PRINT_MAX).collect()))
}

/// The buildings of a compound in shelf order.
pub async fn buildings(house: &House, by: &Actor) -> Result<Vec<String>, ShelfError> {
    by.may(Permission::ArchiveRead)?;
    let rows: Vec<(String,)> = house.db.all(store::buildings(by.community)).await?;
    let mut seen = BTreeSet::new();
    let each = rows.into_iter().map(|(name,)| name);
    Ok(each.filter(|name| seen.insert(name.clone())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_as_people_write_it() {
        let typed = "3-2-1801，3-2-1802、5-2-1801-1802\n3-1-101～3-1-2902; 4-1-101 至 4-1-203";
        assert_eq!(
            parts(typed),
            [
                Part::Room("3-2-1801"),
                Part::Room("3-2-1802"),
                Part::Room("5-2-1801-1802"),
                Part::Range("3-1-101", "3-1-2902"),
                Part::Range("4-1-101", "4-1-203"),
            ]
        );
        assert_eq!(parts(" \n ,"), []);
    }
}
