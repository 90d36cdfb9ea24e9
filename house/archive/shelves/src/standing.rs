//! What stands where, and a box put somewhere by hand.

use std::collections::BTreeMap;

use foundation::clock::Moment;
use foundation::database::{Community, DbError, FromRow, Look as _, Row, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

use crate::boxes::{ArchiveBox, Spot};
use crate::cabinet::Cabinet;
use crate::{ShelfError, events, store};

/// Cabinets whose layers are summed up in one go.
const OVERVIEW: usize = 50;

/// A layer, how full it is and what its ends are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layer {
    pub boxes: i64,
    /// Millimetres taken, and those free; negative where more stands than the record fits.
    pub used: i64,
    pub free: i64,
    /// The codes at its left and right end.
    pub first: String,
    pub last: String,
    pub audited: Option<Audited>,
}

/// What the last audit of a layer found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Audited {
    pub at: i64,
    pub scanned: i64,
    /// Codes of no label, codes of void labels, boxes not found, boxes out of order.
    pub unknown: i64,
    pub voided: i64,
    pub missing: i64,
    pub misplaced: i64,
}

impl FromRow for Audited {
    fn from_row(row: &mut Row) -> Result<Audited, DbError> {
        Ok(Audited {
            at: row.next()?,
            scanned: row.next()?,
            unknown: row.next()?,
            voided: row.next()?,
            missing: row.next()?,
            misplaced: row.next()?,
        })
    }
}

/// A cabinet with its layers from the top.
pub struct Filled {
    pub cabinet: Cabinet,
    pub layers: Vec<Layer>,
}

/// Some cabinets of the row with what stands in them.
pub async fn overview(
    house: &House,
    by: &Actor,
    cabinets: &[Cabinet],
) -> Result<Vec<Filled>, ShelfError> {
    by.may(Permission::ArchiveRead)?;
    let c = by.community;
    let mut out = Vec::with_capacity(cabinets.len());
    for part in cabinets.chunks(OVERVIEW) {
        let ids: Vec<Id> = part.iter().map(|k| k.id).collect();
        let mut at = layers(house, c, &ids).await?;
        let each = part.iter().map(|cabinet| {
            let layers = (1..=cabinet.layers).map(|n| {
                let mut layer = at.remove(&(cabinet.id.to_string(), n)).unwrap_or_default();
                layer.free = cabinet.width - layer.used;
                layer
            });
            Filled {
                layers: layers.collect(),
                cabinet: cabinet.clone(),
            }
        });
        out.extend(each);
    }
    Ok(out)
}

/// What stands on the layers of some cabinets.
async fn layers(
    house: &House,
    c: Community,
    cabinets: &[Id],
) -> Result<BTreeMap<(String, i64), Layer>, DbError> {
    // Cabinet, layer, boxes, millimetres.
    type Sum = (String, i64, i64, i64);
    let sums: Vec<Sum> = house.db.all(store::sums(c, cabinets)).await?;
    let ends: Vec<(String, i64, i64, String)> = house.db.all(store::ends(c, cabinets)).await?;
    let audits: Vec<Looked> = house.db.all(store::audits(c, cabinets)).await?;
    let mut at: BTreeMap<(String, i64), Layer> = BTreeMap::new();
    for (cabinet, layer, boxes, used) in sums {
        let place = at.entry((cabinet, layer)).or_default();
        (place.boxes, place.used) = (boxes, used);
    }
    for (cabinet, layer, slot, code) in ends {
        let place = at.entry((cabinet, layer)).or_default();
        if slot == 1 || place.first.is_empty() {
            place.first.clone_from(&code);
        }
        place.last = code;
    }
    for Looked(cabinet, layer, audited) in audits {
        at.entry((cabinet, layer)).or_default().audited = Some(audited);
    }
    Ok(at)
}

/// How the shelves stand, for whoever answers for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Boxes that stand nowhere.
    pub nowhere: i64,
    /// Layers that boxes stand on, and those of them that were audited since.
    pub layers: i64,
    pub audited: i64,
}

/// Counts boxes that stand nowhere, and layers that were audited since.
pub async fn figures(house: &House, by: &Actor, since: Moment) -> Result<Figures, ShelfError> {
    by.may(Permission::ArchiveRead)?;
    let c = by.community;
    let (layers,): (i64,) = house.db.one(store::count_layers(c)).await?;
    let (audited,): (i64,) = house.db.one(store::count_audited(c, since)).await?;
    Ok(Figures {
        nowhere: nowhere(house, by).await?,
        layers,
        audited,
    })
}

/// How many boxes stand nowhere.
pub async fn nowhere(house: &House, by: &Actor) -> Result<i64, ShelfError> {
    by.may(Permission::ArchiveRead)?;
    let (n,): (i64,) = house.db.one(store::count_nowhere(by.community)).await?;
    Ok(n)
}

/// The last look at a layer of a cabinet.
struct Looked(String, i64, Audited);

impl FromRow for Looked {
    fn from_row(row: &mut Row) -> Result<Looked, DbError> {
        Ok(Looked(row.next()?, row.next()?, Audited::from_row(row)?))
    }
}

/// A cabinet and all its boxes, layer by layer from the left.
pub async fn inside(
    house: &House,
    by: &Actor,
    id: Id,
) -> Result<(Cabinet, Vec<ArchiveBox>), ShelfError> {
    by.may(Permission::ArchiveRead)?;
    let c = by.community;
    let cabinet = house.db.optional(store::cabinet(c, id)).await?;
    let cabinet: Cabinet = cabinet.ok_or(ShelfError::NotFound)?;
    Ok((cabinet, house.db.all(store::in_cabinet(c, id)).await?))
}

/// The boxes of a layer from the left.
pub async fn on_layer(
    house: &House,
    by: &Actor,
    cabinet: Id,
    layer: i64,
) -> Result<Vec<ArchiveBox>, ShelfError> {
    by.may(Permission::ArchiveRead)?;
    let asked = store::on_layer(by.community, cabinet, layer);
    Ok(house.db.all(asked).await?)
}

/// Where a box is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct To {
    pub cabinet: Id,
    pub layer: i64,
    /// From the left, counted from 1; `None` says where its room belongs.
    pub slot: Option<i64>,
}

/// Lays a box into a row; without a slot before the first that comes behind it.
pub(crate) fn put_in(row: &mut Vec<ArchiveBox>, one: ArchiveBox, slot: Option<i64>) {
    let at = match slot {
        Some(slot) => (slot.max(1) - 1) as usize,
        None => {
            let behind = row.iter().position(|b| b.rank() > one.rank());
            behind.unwrap_or(row.len())
        }
    };
    row.insert(at.min(row.len()), one);
}

/// Writes the places of a row down, those that changed.
pub(crate) fn write_row(
    tx: &mut Tx<'_>,
    c: Community,
    cabinet: Id,
    layer: i64,
    row: &[ArchiveBox],
) -> Result<(), DbError> {
    for (n, one) in row.iter().enumerate() {
        let spot = Spot {
            cabinet,
            layer,
            slot: n as i64 + 1,
        };
        if one.spot != Some(spot) {
            tx.execute(store::set_spot(c, one.id, Some(spot)))?;
        }
    }
    Ok(())
}

/// Puts a box on a layer, or with `None` off the shelf.
///
/// # Errors
/// [`ShelfError::Full`] when the layer is not wide enough.
pub async fn move_box(
    house: &House,
    by: &Actor,
    id: Id,
    version: i64,
    to: Option<To>,
) -> Result<(), ShelfError> {
    by.may(Permission::ArchiveFile)?;
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            let found: Option<ArchiveBox> = tx.optional(store::one_box(c, id))?;
            let one = found.ok_or(ShelfError::NotFound)?;
            if one.version != version {
                return Err(ShelfError::Changed);
            }
            if let Some(was) = one.spot
                && to.is_none_or(|to| (to.cabinet, to.layer) != (was.cabinet, was.layer))
            {
                let mut row: Vec<ArchiveBox> =
                    tx.all(store::on_layer(c, was.cabinet, was.layer))?;
                row.retain(|b| b.id != id);
                write_row(&mut tx, c, was.cabinet, was.layer, &row)?;
            }
            let mut event = Event::new(events::MOVED)
                .about("box", id)
                .to(Audience::Staff);
            match to {
                None => {
                    tx.execute(store::set_spot(c, id, None))?;
                }
                Some(to) => {
                    let slot = lay(&mut tx, c, one, to)?;
                    event = event
                        .with("cabinet", to.cabinet)
                        .with("layer", to.layer)
                        .with("slot", slot);
                }
            }
            tx.execute(store::touch(c))?;
            Ok(tx.record(event, ())?)
        })
        .await
}

fn lay(tx: &mut Tx<'_>, c: Community, one: ArchiveBox, to: To) -> Result<i64, ShelfError> {
    let cabinet: Option<Cabinet> = tx.optional(store::cabinet(c, to.cabinet))?;
    let cabinet = cabinet
        .filter(|k| (1..=k.layers).contains(&to.layer))
        .ok_or(ShelfError::NotFound)?;
    let mut row: Vec<ArchiveBox> = tx.all(store::on_layer(c, to.cabinet, to.layer))?;
    row.retain(|b| b.id != one.id);
    let free = cabinet.width - row.iter().map(|b| b.spine).sum::<i64>();
    if free < one.spine {
        return Err(ShelfError::Full {
            free,
            needed: one.spine,
        });
    }
    let id = one.id;
    put_in(&mut row, one, to.slot);
    write_row(tx, c, to.cabinet, to.layer, &row)?;
    let slot = row.iter().position(|b| b.id == id).unwrap_or(0);
    Ok(slot as i64 + 1)
}

/// Whether the layer that a box stands on is wide enough; else the box stands nowhere.
pub(crate) fn still_fits(tx: &mut Tx<'_>, c: Community, id: Id) -> Result<bool, ShelfError> {
    let found: Option<ArchiveBox> = tx.optional(store::one_box(c, id))?;
    let Some(spot) = found.and_then(|b| b.spot) else {
        return Ok(true);
    };
    let cabinet: Option<Cabinet> = tx.optional(store::cabinet(c, spot.cabinet))?;
    let mut row: Vec<ArchiveBox> = tx.all(store::on_layer(c, spot.cabinet, spot.layer))?;
    let used: i64 = row.iter().map(|b| b.spine).sum();
    if cabinet.is_some_and(|k| used <= k.width) {
        return Ok(true);
    }
    row.retain(|b| b.id != id);
    tx.execute(store::set_spot(c, id, None))?;
    write_row(tx, c, spot.cabinet, spot.layer, &row)?;
    Ok(false)
}
