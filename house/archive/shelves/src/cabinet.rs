//! Cabinets: where they are in the row, how many layers they have, and how the office fills
//! them.

use std::collections::BTreeSet;

use foundation::database::{Community, DbError, FromRow, FromValue, Look as _, Row, Tx, Value};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

use crate::{CABINETS_MAX, LAYERS_MAX, NAME_CHARS_MAX, ShelfError, WIDTH_MM, events, store};

/// A cabinet of layers that are alike, counted from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cabinet {
    pub id: Id,
    /// As written on its door.
    pub name: String,
    /// Its place among the cabinets.
    pub ord: i64,
    pub layers: i64,
    /// Millimetres of one layer between its sides.
    pub width: i64,
    pub version: i64,
}

impl FromRow for Cabinet {
    fn from_row(row: &mut Row) -> Result<Cabinet, DbError> {
        Ok(Cabinet {
            id: row.next()?,
            name: row.next()?,
            ord: row.next()?,
            layers: row.next()?,
            width: row.next()?,
            version: row.next()?,
        })
    }
}

/// What begins on a layer of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Apart {
    /// Boxes stand close.
    None,
    /// Each building.
    #[default]
    Building,
    /// Each unit of a building.
    Unit,
}

impl Apart {
    pub const ALL: [Apart; 3] = [Apart::None, Apart::Building, Apart::Unit];

    /// As stored and as it stands in the ledger.
    pub fn word(self) -> &'static str {
        match self {
            Apart::None => "none",
            Apart::Building => "building",
            Apart::Unit => "unit",
        }
    }

    pub fn from_word(word: &str) -> Option<Apart> {
        Apart::ALL.into_iter().find(|a| a.word() == word)
    }
}

impl FromValue for Apart {
    fn from_value(value: Value) -> Result<Apart, DbError> {
        let word = String::from_value(value)?;
        Apart::from_word(&word).ok_or_else(|| DbError::Shape(format!("shelves apart by {word}")))
    }
}

/// How the shelves are filled, and the version of what a plan is made from.
pub async fn apart(house: &House, c: Community) -> Result<(Apart, i64), DbError> {
    let found = house.db.optional(store::shelf(c)).await?;
    Ok(found.unwrap_or((Apart::default(), 0)))
}

/// Sets what begins on a layer of its own.
pub async fn set_apart(house: &House, by: &Actor, apart: Apart) -> Result<(), ShelfError> {
    by.may(Permission::ArchiveSet)?;
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::ArchiveSet), move |mut tx| {
            tx.execute(store::set_apart(c, apart.word()))?;
            let event = Event::new(events::APART_SET).to(Audience::Staff);
            Ok(tx.record(event.with("apart", apart.word()), ())?)
        })
        .await
}

/// All cabinets in their row.
pub async fn all(house: &House, c: Community) -> Result<Vec<Cabinet>, DbError> {
    house.db.all(store::cabinets(c, CABINETS_MAX)).await
}

/// What is said of a cabinet that is set up or changed.
#[derive(Clone, Debug)]
pub struct Draft {
    /// `None` for a new one; otherwise which one, and the version that was seen.
    pub there: Option<(Id, i64)>,
    pub name: String,
    pub ord: i64,
    pub layers: i64,
    pub width: i64,
}

/// Sets a cabinet up, or changes one.
///
/// # Errors
/// [`ShelfError::InUse`] when a layer would be lost that boxes stand on, or one would be
/// narrower than its boxes are.
pub async fn set(house: &House, by: &Actor, draft: Draft) -> Result<Id, ShelfError> {
    by.may(Permission::ArchiveSet)?;
    let name = draft.name.trim().to_owned();
    if !(1..=NAME_CHARS_MAX).contains(&name.chars().count()) {
        return Err(ShelfError::Name);
    }
    let fits = (1..=LAYERS_MAX).contains(&draft.layers) && WIDTH_MM.contains(&draft.width);
    if !fits || !(0..=9_999).contains(&draft.ord) {
        return Err(ShelfError::Measure);
    }
    let c = by.community;
    let wanted = Cabinet {
        id: draft.there.map_or_else(|| house.id(), |(id, _)| id),
        name,
        ord: draft.ord,
        layers: draft.layers,
        width: draft.width,
        version: draft.there.map_or(0, |(_, version)| version),
    };
    let new = draft.there.is_none();
    house
        .write(c, &by.who_for(Permission::ArchiveSet), move |mut tx| {
            let there: Vec<Cabinet> = tx.all(store::cabinets(c, CABINETS_MAX))?;
            if new && there.len() as i64 >= CABINETS_MAX {
                return Err(ShelfError::Cabinets);
            }
            if there
                .iter()
                .any(|o| o.id != wanted.id && o.name == wanted.name)
            {
                return Err(ShelfError::NameTaken);
            }
            if new {
                tx.execute(store::insert_cabinet(c, &wanted))?;
            } else {
                still_fits(&mut tx, c, &wanted)?;
                if tx.execute(store::set_cabinet(c, &wanted))? == 0 {
                    return Err(ShelfError::Changed);
                }
            }
            tx.execute(store::touch(c))?;
            let event = Event::new(events::CABINET_SET)
                .about("cabinet", wanted.id)
                .to(Audience::Staff)
                .with("layers", wanted.layers)
                .with("width", wanted.width);
            Ok(tx.record(event, wanted.id)?)
        })
        .await
}

fn still_fits(tx: &mut Tx<'_>, c: Community, wanted: &Cabinet) -> Result<(), ShelfError> {
    let used: Vec<(i64, i64)> = tx.all(store::used(c, wanted.id))?;
    let fits = used
        .iter()
        .all(|(layer, mm)| *layer <= wanted.layers && *mm <= wanted.width);
    if fits { Ok(()) } else { Err(ShelfError::InUse) }
}

/// Takes an empty cabinet away.
pub async fn drop_one(house: &House, by: &Actor, id: Id) -> Result<(), ShelfError> {
    by.may(Permission::ArchiveSet)?;
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::ArchiveSet), move |mut tx| {
            let used: Vec<(i64, i64)> = tx.all(store::used(c, id))?;
            if !used.is_empty() {
                return Err(ShelfError::InUse);
            }
            if tx.execute(store::drop_cabinet(c, id))? == 0 {
                return Err(ShelfError::NotFound);
            }
            tx.execute(store::drop_audits(c, id))?;
            tx.execute(store::touch(c))?;
            let event = Event::new(events::CABINET_DROPPED).to(Audience::Staff);
            Ok(tx.record(event.about("cabinet", id), ())?)
        })
        .await
}

/// The layers of all cabinets in the order in which they are filled: cabinet and layer from 1.
pub fn layers(cabinets: &[Cabinet]) -> Vec<(&Cabinet, i64)> {
    let each = cabinets.iter();
    each.flat_map(|c| (1..=c.layers).map(move |layer| (c, layer)))
        .collect()
}

/// A free place in the row for the next cabinet.
pub fn next_ord(cabinets: &[Cabinet]) -> i64 {
    let taken: BTreeSet<i64> = cabinets.iter().map(|c| c.ord).collect();
    taken.last().map_or(1, |last| last + 1)
}
