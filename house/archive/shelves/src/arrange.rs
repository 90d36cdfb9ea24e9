//! The plan for a compound's shelves: where every box belongs, and what to move. It is made once
//! for what stands, and kept until something of that changes.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use foundation::database::{Community, DbError, FromRow, LIST_MAX, Row};
use foundation::house::House;
use foundation::ids::Id;
use permissions::Permission;
use permissions::actor::Actor;
use tokio::sync::Mutex;

use crate::boxes::{ArchiveBox, Spot};
use crate::cabinet::{self, Apart, Cabinet};
use crate::plan::{self, Item, Place, Plan};
use crate::{BOXES_MAX, ShelfError, carry, face, follow, store};

/// Plans kept at once: of compounds whose offices work on their shelves at the same time.
const KEPT_MAX: usize = 4;

/// A box as a plan keeps it.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    pub id: Id,
    pub spine: i64,
    pub spot: Option<Spot>,
}

/// The same, with what says where a layer of its own begins.
struct Seen {
    one: Standing,
    building: String,
    code: String,
}

impl FromRow for Seen {
    fn from_row(row: &mut Row) -> Result<Seen, DbError> {
        let (id, spine) = (row.next()?, row.next()?);
        let cabinet: String = row.next()?;
        let (layer, slot) = (row.next()?, row.next()?);
        let spot = cabinet.parse().ok().map(|cabinet| Spot {
            cabinet,
            layer,
            slot,
        });
        Ok(Seen {
            one: Standing { id, spine, spot },
            building: row.next()?,
            code: row.next()?,
        })
    }
}

/// A box to take in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    pub id: Id,
    pub from: Option<Spot>,
    pub to: Spot,
    /// The box that it comes to stand behind; none at the left end.
    pub behind: Option<Id>,
}

/// All boxes, where they belong, and what to do about it.
pub struct Arrangement {
    pub cabinets: Vec<Cabinet>,
    /// In shelf order.
    pub boxes: Vec<Standing>,
    pub plan: Plan,
    pub apart: Apart,
    pub(crate) version: i64,
}

impl Arrangement {
    /// The layers in the order in which they are filled.
    pub(crate) fn layers(&self) -> Vec<(Id, i64)> {
        let layers = cabinet::layers(&self.cabinets);
        layers.into_iter().map(|(k, layer)| (k.id, layer)).collect()
    }

    /// Where a box belongs, and whether it has to be moved there.
    pub fn belongs(&self, id: Id) -> Option<(Spot, bool)> {
        let at = self.boxes.iter().position(|b| b.id == id)?;
        let place = (*self.plan.places.get(at)?)?;
        let (cabinet, layer) = *self.layers().get(place.layer)?;
        Some((spot(place, cabinet, layer), !self.plan.stays[at]))
    }

    /// How many boxes are to be moved.
    pub fn to_move(&self) -> usize {
        self.plan.moves().count()
    }

    /// The boxes to move, in the order of their new places.
    pub fn moves(&self) -> impl Iterator<Item = Move> {
        let layers = self.layers();
        self.plan.moves().filter_map(move |(at, place)| {
            let (cabinet, layer) = *layers.get(place.layer)?;
            let before = at.checked_sub(1).filter(|_| place.slot > 1);
            Some(Move {
                id: self.boxes[at].id,
                from: self.boxes[at].spot,
                to: spot(place, cabinet, layer),
                behind: before.map(|before| self.boxes[before].id),
            })
        })
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

fn spot(place: Place, cabinet: Id, layer: i64) -> Spot {
    Spot {
        cabinet,
        layer,
        slot: i64::from(place.slot),
    }
}

/// A plan, and up to where the ledger says that it still holds.
struct Known {
    c: Community,
    seen: i64,
    all: Arc<Arrangement>,
}

/// The newest plans, one of a compound; one is made at a time.
#[derive(Default)]
struct Plans(Mutex<Vec<Known>>);

/// Plans the shelves of a compound.
///
/// # Errors
/// [`ShelfError::TooMany`] with more boxes than a plan looks at.
pub async fn arrangement(house: &House, by: &Actor) -> Result<Arc<Arrangement>, ShelfError> {
    by.may(Permission::ArchiveRead)?;
    let c = by.community;
    let plans: Arc<Plans> = house.kept();
    let mut plans = plans.0.lock().await;
    // Read first: what changes meanwhile makes the plan stale, not wrong.
    let head: Option<(i64,)> = house.db.optional(store::head(c)).await?;
    let seen = head.map_or(0, |(size,)| size);
    let (apart, version) = cabinet::apart(house, c).await?;
    let kept = plans.iter_mut().find(|known| known.c == c);
    if let Some(known) = kept.filter(|known| known.all.version == version) {
        let changed = store::changed_since(c, known.seen, &follow::CHANGING);
        if house.db.optional::<(i64,)>(changed).await?.is_none() {
            known.seen = known.seen.max(seen);
            return Ok(known.all.clone());
        }
    }
    let all = Arc::new(planned(house, c, apart, version).await?);
    plans.retain(|known| known.c != c);
    if plans.len() >= KEPT_MAX {
        plans.remove(0);
    }
    plans.push(Known {
        c,
        seen,
        all: all.clone(),
    });
    Ok(all)
}

async fn planned(
    house: &House,
    c: Community,
    apart: Apart,
    version: i64,
) -> Result<Arrangement, ShelfError> {
    let cabinets = cabinet::all(house, c).await?;
    let seen: Vec<Seen> = house.db.all(store::shelved(c, BOXES_MAX + 1)).await?;
    if seen.len() as i64 > BOXES_MAX {
        return Err(ShelfError::TooMany(BOXES_MAX as usize));
    }
    let planning = tokio::task::spawn_blocking(move || {
        let plan = laid(&cabinets, &seen, apart);
        Arrangement {
            cabinets,
            boxes: seen.into_iter().map(|b| b.one).collect(),
            plan,
            apart,
            version,
        }
    });
    planning
        .await
        .map_err(|e| ShelfError::Database(DbError::Shape(format!("planning ended: {e}"))))
}

fn laid(cabinets: &[Cabinet], boxes: &[Seen], apart: Apart) -> Plan {
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
            let now = match apart {
                Apart::None => None,
                Apart::Building => Some((b.building.as_str(), String::new())),
                Apart::Unit => Some((b.building.as_str(), face::of(&b.code).unit)),
            };
            if last.as_ref() != Some(&now) {
                group += 1;
                last = Some(now);
            }
            let stands = b.one.spot.and_then(|s| {
                Some(Place {
                    layer: *nth.get(&(s.cabinet, s.layer))?,
                    slot: s.slot.max(0) as u32,
                })
            });
            Item {
                width: b.one.spine.max(0) as u32,
                group,
                stands,
            }
        })
        .collect();
    plan::plan(&items, &widths)
}

/// Boxes by their ids, for what is said of some moves.
pub async fn named(
    house: &House,
    by: &Actor,
    moves: &[Move],
) -> Result<BTreeMap<Id, ArchiveBox>, ShelfError> {
    by.may(Permission::ArchiveRead)?;
    let ids: BTreeSet<Id> = moves
        .iter()
        .flat_map(|m| [Some(m.id), m.behind])
        .flatten()
        .collect();
    let ids: Vec<Id> = ids.into_iter().collect();
    let mut out = BTreeMap::new();
    for part in ids.chunks(LIST_MAX) {
        let found: Vec<ArchiveBox> = house.db.all(store::some_boxes(by.community, part)).await?;
        out.extend(found.into_iter().map(|one| (one.id, one)));
    }
    Ok(out)
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
    let some: Option<BTreeSet<Id>> = some.map(|some| some.iter().copied().collect());
    let chosen = |m: &Move| some.as_ref().is_none_or(|some| some.contains(&m.id));
    let moves: Vec<Move> = all.moves().filter(chosen).collect();
    if moves.is_empty() {
        return Err(ShelfError::Nothing);
    }
    let rows = match some {
        Some(_) => carry::with_some(&all, &moves)?,
        None => carry::whole(&all)?,
    };
    carry::out(house, by, all.version, rows, &moves).await
}
