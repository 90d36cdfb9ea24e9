//! A plan carried out: the layers as they are afterwards, written down a stretch at a time. What
//! a stretch takes from its layers stands nowhere until the stretch of its new layer is written;
//! so one that is cut off leaves boxes on the list of moves, and none in two places.

use std::collections::{BTreeMap, BTreeSet};

use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

use crate::arrange::{Arrangement, Move};
use crate::{ShelfError, events, store};

/// Boxes of one stretch: it keeps the compound's other writes waiting for some hundredths of a
/// second, and its event has 64 KiB for their ids.
const STRETCH: usize = 1_000;

/// What stands on a layer afterwards, from the left.
pub(crate) struct Layer {
    cabinet: Id,
    layer: i64,
    row: Vec<Id>,
}

/// The layers as the plan has them, those that change.
pub(crate) fn whole(all: &Arrangement) -> Result<Vec<Layer>, ShelfError> {
    let layers = all.layers();
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); layers.len()];
    let mut left = 0;
    for (at, place) in all.plan.places.iter().enumerate() {
        match place {
            Some(place) => rows[place.layer].push(at),
            None => left += usize::from(all.boxes[at].spot.is_some()),
        }
    }
    if left > 0 {
        return Err(ShelfError::NoRoom(left));
    }
    let rows = layers.into_iter().zip(rows);
    Ok(changed(all, rows.collect()))
}

/// The layers as they are, with the moves made; those that change.
pub(crate) fn with_some(all: &Arrangement, moves: &[Move]) -> Result<Vec<Layer>, ShelfError> {
    let layers = all.layers();
    let mut rows: BTreeMap<(Id, i64), Vec<usize>> = BTreeMap::new();
    let moved: BTreeSet<Id> = moves.iter().map(|m| m.id).collect();
    let mut standing: Vec<usize> = (0..all.boxes.len())
        .filter(|at| all.boxes[*at].spot.is_some())
        .collect();
    standing.sort_by_key(|at| all.boxes[*at].spot);
    for at in standing {
        let one = &all.boxes[at];
        if let Some(spot) = one.spot.filter(|_| !moved.contains(&one.id)) {
            rows.entry((spot.cabinet, spot.layer)).or_default().push(at);
        }
    }
    let each = all.boxes.iter().enumerate();
    let index: BTreeMap<Id, usize> = each.map(|(at, b)| (b.id, at)).collect();
    for m in moves {
        let Some(&at) = index.get(&m.id) else {
            continue;
        };
        let row = rows.entry((m.to.cabinet, m.to.layer)).or_default();
        // Before the first that comes behind it in shelf order.
        let behind = row.iter().position(|other| *other > at);
        row.insert(behind.unwrap_or(row.len()), at);
    }
    for m in moves {
        let spine = |at: &usize| all.boxes[*at].spine;
        let row = &rows[&(m.to.cabinet, m.to.layer)];
        let width = all.cabinets.iter().find(|k| k.id == m.to.cabinet);
        let used: i64 = row.iter().map(spine).sum();
        let over = used - width.map_or(0, |k| k.width);
        if over > 0 {
            let needed = index.get(&m.id).map_or(0, spine);
            let free = (needed - over).max(0);
            return Err(ShelfError::Full { free, needed });
        }
    }
    let rows = layers
        .into_iter()
        .map(|layer| (layer, rows.remove(&layer).unwrap_or_default()));
    Ok(changed(all, rows.collect()))
}

/// Leaves out the layers that are so already.
fn changed(all: &Arrangement, rows: Vec<((Id, i64), Vec<usize>)>) -> Vec<Layer> {
    let mut stands: BTreeMap<(Id, i64), usize> = BTreeMap::new();
    for spot in all.boxes.iter().filter_map(|b| b.spot) {
        *stands.entry((spot.cabinet, spot.layer)).or_default() += 1;
    }
    let differs = |(at, row): &((Id, i64), Vec<usize>)| {
        let so = row.iter().zip(1..).all(|(one, slot)| {
            let spot = all.boxes[*one].spot;
            spot.is_some_and(|s| (s.cabinet, s.layer, s.slot) == (at.0, at.1, slot))
        });
        !so || stands.get(at).copied().unwrap_or(0) != row.len()
    };
    let layer = |((cabinet, layer), row): ((Id, i64), Vec<usize>)| Layer {
        cabinet,
        layer,
        row: row.into_iter().map(|at| all.boxes[at].id).collect(),
    };
    rows.into_iter().filter(differs).map(layer).collect()
}

/// Writes the layers down; how many boxes were moved.
///
/// # Errors
/// [`ShelfError::Changed`] when something else changed in between: what was written stays, the
/// rest is on the next list.
pub(crate) async fn out(
    house: &House,
    by: &Actor,
    mut version: i64,
    layers: Vec<Layer>,
    moves: &[Move],
) -> Result<usize, ShelfError> {
    let moved: BTreeSet<Id> = moves.iter().map(|m| m.id).collect();
    let mut stretch: Vec<Layer> = Vec::new();
    let mut count = 0;
    for layer in layers {
        stretch.push(layer);
        if stretch.iter().map(|l| l.row.len() + 1).sum::<usize>() >= STRETCH {
            let part = std::mem::take(&mut stretch);
            count += write(house, by, version, part, &moved).await?;
            version += 1;
        }
    }
    if !stretch.is_empty() {
        count += write(house, by, version, stretch, &moved).await?;
    }
    Ok(count)
}

async fn write(
    house: &House,
    by: &Actor,
    version: i64,
    layers: Vec<Layer>,
    moved: &BTreeSet<Id>,
) -> Result<usize, ShelfError> {
    let c = by.community;
    let ids: Vec<Id> = layers
        .iter()
        .flat_map(|l| &l.row)
        .filter(|id| moved.contains(id))
        .copied()
        .collect();
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            if tx.execute(store::touch_seen(c, version))? == 0 {
                return Err(ShelfError::Changed);
            }
            for Layer {
                cabinet,
                layer,
                row,
            } in &layers
            {
                tx.execute(store::clear(c, *cabinet, *layer, row))?;
                if !row.is_empty() {
                    tx.execute(store::set_row(c, *cabinet, *layer, row))?;
                }
            }
            let count = ids.len();
            let event = Event::new(events::ARRANGED)
                .to(Audience::Staff)
                .with("boxes", ids)
                .with("count", count as i64);
            Ok(tx.record(event, count)?)
        })
        .await
}
