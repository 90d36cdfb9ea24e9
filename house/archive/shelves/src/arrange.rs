//! The plan for a compound's shelves: where every box belongs, and what to move.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use foundation::database::{Community, DbError};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

use crate::boxes::{self, ArchiveBox, Spot};
use crate::cabinet::{self, Apart, Cabinet};
use crate::plan::{self, Item, Place, Plan};
use crate::standing::{put_in, write_row};
use crate::{ShelfError, events, face, store};

/// Ids in one event: a ledger entry has 64 KiB.
const IDS_MAX: usize = 3_000;

/// A box to take in hand.
#[derive(Clone, Debug)]
pub struct Move {
    pub one: ArchiveBox,
    pub to: Spot,
    /// The code of the box that it comes to stand behind; empty at the left end.
    pub behind: String,
}

/// All boxes, where they belong, and what to do about it.
pub struct Arrangement {
    pub cabinets: Vec<Cabinet>,
    /// In shelf order.
    pub boxes: Vec<ArchiveBox>,
    pub plan: Plan,
    pub apart: Apart,
    version: i64,
}

impl Arrangement {
    fn spot(&self, place: Place) -> Option<Spot> {
        let layers = cabinet::layers(&self.cabinets);
        let (cabinet, layer) = layers.get(place.layer)?;
        Some(Spot {
            cabinet: cabinet.id,
            layer: *layer,
            slot: i64::from(place.slot),
        })
    }

    /// Where a box belongs.
    pub fn belongs(&self, id: Id) -> Option<Spot> {
        let at = self.boxes.iter().position(|b| b.id == id)?;
        self.spot((*self.plan.places.get(at)?)?)
    }

    /// The boxes to move, in the order of their new places.
    pub fn moves(&self) -> Vec<Move> {
        let behind = |at: usize, place: Place| {
            if place.slot == 1 || at == 0 {
                return String::new();
            }
            let before = &self.boxes[at - 1];
            format!("{} {}", before.code, before.tenure_text())
        };
        self.plan
            .moves()
            .filter_map(|(at, place)| {
                Some(Move {
                    one: self.boxes[at].clone(),
                    to: self.spot(place)?,
                    behind: behind(at, place),
                })
            })
            .collect()
    }

    /// Stands for the plan: another when anything that it is made from changed.
    pub fn digest(&self) -> String {
        let mut hasher = DefaultHasher::new();
        self.version.hash(&mut hasher);
        for (one, place) in self.boxes.iter().zip(&self.plan.places) {
            (one.id, place.map(|p| (p.layer, p.slot))).hash(&mut hasher);
        }
        format!("{:016x}", hasher.finish())
    }
}

/// Plans the shelves of a compound.
pub async fn arrangement(house: &House, by: &Actor) -> Result<Arrangement, ShelfError> {
    by.may(Permission::ArchiveRead)?;
    let c = by.community;
    // Read first: what changes meanwhile makes the plan stale, not wrong.
    let (apart, version) = cabinet::apart(house, c).await?;
    let cabinets = cabinet::all(house, c).await?;
    let boxes = boxes::all(house, c).await?;
    let planning = tokio::task::spawn_blocking(move || {
        let plan = planned(&cabinets, &boxes, apart);
        (cabinets, boxes, plan)
    });
    let (cabinets, boxes, plan) = planning
        .await
        .map_err(|e| ShelfError::Database(DbError::Shape(format!("planning ended: {e}"))))?;
    Ok(Arrangement {
        cabinets,
        boxes,
        plan,
        apart,
        version,
    })
}

fn planned(cabinets: &[Cabinet], boxes: &[ArchiveBox], apart: Apart) -> Plan {
    let layers = cabinet::layers(cabinets);
    let nth: BTreeMap<(Id, i64), usize> = layers
        .iter()
        .enumerate()
        .map(|(n, (cabinet, layer))| ((cabinet.id, *layer), n))
        .collect();
    let widths: Vec<u32> = layers.iter().map(|(k, _)| k.width.max(0) as u32).collect();
    let (mut group, mut last) = (0, None);
    let items: Vec<Item> = boxes
        .iter()
        .map(|b| {
            let faced = face::of(&b.code);
            let now = match apart {
                Apart::None => None,
                Apart::Building => Some((b.building.clone(), String::new())),
                Apart::Unit => Some((b.building.clone(), faced.unit)),
            };
            if last.as_ref() != Some(&now) {
                group += 1;
                last = Some(now);
            }
            let stands = b.spot.and_then(|s| {
                Some(Place {
                    layer: *nth.get(&(s.cabinet, s.layer))?,
                    slot: s.slot.max(0) as u32,
                })
            });
            Item {
                width: b.spine.max(0) as u32,
                group,
                stands,
            }
        })
        .collect();
    plan::plan(&items, &widths)
}

/// Writes down that boxes were put where the plan has them: all, or some of those to move.
/// `digest` is that of the plan that was carried out. Returns how many were moved.
///
/// # Errors
/// [`ShelfError::Changed`] when the plan is another by now; [`ShelfError::Full`] when some were
/// chosen that fit only after others were taken out; [`ShelfError::NoRoom`] when boxes that
/// stand would be left over.
pub async fn apply(
    house: &House,
    by: &Actor,
    digest: &str,
    some: Option<&[Id]>,
) -> Result<usize, ShelfError> {
    by.may(Permission::ArchiveFile)?;
    let all = arrangement(house, by).await?;
    if all.digest() != digest {
        return Err(ShelfError::Changed);
    }
    let mut moves = all.moves();
    if let Some(some) = some {
        let some: BTreeSet<Id> = some.iter().copied().collect();
        moves.retain(|m| some.contains(&m.one.id));
    }
    if moves.is_empty() {
        return Err(ShelfError::Nothing);
    }
    let rows = match some {
        Some(_) => with_some(&all, &moves)?,
        None => whole(&all)?,
    };
    write(house, by, all.version, rows, &moves).await
}

type Rows = BTreeMap<(Id, i64), Vec<ArchiveBox>>;

/// The layers as the plan has them.
fn whole(all: &Arrangement) -> Result<Rows, ShelfError> {
    let mut rows = Rows::new();
    let mut left = 0;
    for (one, place) in all.boxes.iter().zip(&all.plan.places) {
        match place.and_then(|p| all.spot(p)) {
            Some(spot) => rows
                .entry((spot.cabinet, spot.layer))
                .or_default()
                .push(one.clone()),
            None => left += usize::from(one.spot.is_some()),
        }
    }
    if left > 0 {
        return Err(ShelfError::NoRoom(left));
    }
    Ok(rows)
}

/// The layers as they are, with the moves made.
fn with_some(all: &Arrangement, moves: &[Move]) -> Result<Rows, ShelfError> {
    let mut rows = Rows::new();
    let mut standing: Vec<&ArchiveBox> = all.boxes.iter().filter(|b| b.spot.is_some()).collect();
    standing.sort_by_key(|b| b.spot);
    let moved: BTreeSet<Id> = moves.iter().map(|m| m.one.id).collect();
    for one in standing {
        if let Some(spot) = one.spot.filter(|_| !moved.contains(&one.id)) {
            let row = rows.entry((spot.cabinet, spot.layer)).or_default();
            row.push(one.clone());
        }
    }
    for m in moves {
        let row = rows.entry((m.to.cabinet, m.to.layer)).or_default();
        put_in(row, m.one.clone(), None);
    }
    for m in moves {
        let row = &rows[&(m.to.cabinet, m.to.layer)];
        let width = all.cabinets.iter().find(|k| k.id == m.to.cabinet);
        let used: i64 = row.iter().map(|b| b.spine).sum();
        let over = used - width.map_or(0, |k| k.width);
        if over > 0 {
            return Err(ShelfError::Full {
                free: (m.one.spine - over).max(0),
                needed: m.one.spine,
            });
        }
    }
    Ok(rows)
}

async fn write(
    house: &House,
    by: &Actor,
    version: i64,
    rows: Rows,
    moves: &[Move],
) -> Result<usize, ShelfError> {
    let c: Community = by.community;
    let ids: Vec<Id> = moves.iter().map(|m| m.one.id).collect();
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            if tx.execute(store::touch_seen(c, version))? == 0 {
                return Err(ShelfError::Changed);
            }
            for ((cabinet, layer), row) in &rows {
                write_row(&mut tx, c, *cabinet, *layer, row)?;
            }
            let count = ids.len();
            for part in ids.chunks(IDS_MAX).skip(1) {
                let more = Event::new(events::ARRANGED).to(Audience::Staff);
                tx.also(more.with("boxes", part.to_vec()))?;
            }
            let event = Event::new(events::ARRANGED)
                .to(Audience::Staff)
                .with("boxes", ids.into_iter().take(IDS_MAX).collect::<Vec<_>>())
                .with("count", count as i64);
            Ok(tx.record(event, count)?)
        })
        .await
}
