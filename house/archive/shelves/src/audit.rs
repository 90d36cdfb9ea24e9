//! The shelf audit: the codes of a layer, read from left to right, against the record. Boxes
//! outside a longest run in shelf order are the fewest that have to move.

use std::collections::{BTreeMap, BTreeSet};

use foundation::clock::Moment;
use foundation::database::{Community, Look as _};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

use crate::boxes::{ArchiveBox, Spot};
use crate::cabinet::Cabinet;
use crate::plan::longest_increasing;
use crate::standing::write_row;
use crate::{ShelfError, away, code, events, store};

/// Codes of one layer: sixty boxes of 20 mm fill the widest but one.
pub const CODES_MAX: usize = 200;
/// The longest line that a scanner sends.
const LINE_CHARS_MAX: usize = 100;

/// What one code turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// No label of this compound.
    Unknown,
    /// A label's code; the box is in [`Report::boxes`].
    Box {
        at: usize,
        /// 舊標: a reprint made this label void.
        void: bool,
        /// The same box was read before.
        again: bool,
        /// The record has it elsewhere, or nowhere.
        elsewhere: bool,
        /// It stands out of order here.
        to_move: bool,
    },
}

/// A line that was read, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub typed: String,
    pub found: Found,
}

/// A layer as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub lines: Vec<Line>,
    /// The boxes read, once each, from the left.
    pub boxes: Vec<ArchiveBox>,
    /// Boxes that the record has here and nobody read.
    pub missing: Vec<ArchiveBox>,
    /// The same, of boxes that are lent.
    pub away: Vec<ArchiveBox>,
}

impl Report {
    fn count(&self, which: impl Fn(&Found) -> bool) -> i64 {
        self.lines.iter().filter(|l| which(&l.found)).count() as i64
    }

    pub fn unknown(&self) -> i64 {
        self.count(|f| matches!(f, Found::Unknown))
    }

    pub fn void(&self) -> i64 {
        self.count(|f| matches!(f, Found::Box { void: true, .. }))
    }

    pub fn misplaced(&self) -> i64 {
        self.count(|f| matches!(f, Found::Box { to_move: true, .. }))
    }

    /// Nothing is wrong with the layer.
    pub fn is_sound(&self) -> bool {
        let elsewhere = self.count(|f| {
            matches!(
                f,
                Found::Box {
                    elsewhere: true,
                    ..
                } | Found::Box { again: true, .. }
            )
        });
        self.missing.is_empty() && self.unknown() + self.void() + self.misplaced() + elsewhere == 0
    }
}

/// A code that was read: as typed, and its box with whether the label is void.
pub type Read = (String, Option<(ArchiveBox, bool)>);

/// Compares what was read with what the record has on the layer, some of it `away`.
pub fn judge(expected: &[ArchiveBox], away: &BTreeSet<Id>, read: Vec<Read>) -> Report {
    let here: BTreeSet<Id> = expected.iter().map(|b| b.id).collect();
    let mut report = Report::default();
    for (typed, found) in read {
        let found = match found {
            None => Found::Unknown,
            Some((one, void)) => {
                let before = report.boxes.iter().position(|b| b.id == one.id);
                let elsewhere = !here.contains(&one.id);
                let at = before.unwrap_or(report.boxes.len());
                if before.is_none() {
                    report.boxes.push(one);
                }
                Found::Box {
                    at,
                    void,
                    again: before.is_some(),
                    elsewhere,
                    to_move: false,
                }
            }
        };
        report.lines.push(Line { typed, found });
    }
    let ranks: Vec<(&[u8], i64, i64)> = report.boxes.iter().map(ArchiveBox::rank).collect();
    let stay: BTreeSet<usize> = longest_increasing(&ranks).into_iter().collect();
    for line in &mut report.lines {
        if let Found::Box {
            at, again, to_move, ..
        } = &mut line.found
        {
            *to_move = !*again && !stay.contains(at);
        }
    }
    let seen: BTreeSet<Id> = report.boxes.iter().map(|b| b.id).collect();
    let unread = expected.iter().filter(|b| !seen.contains(&b.id)).cloned();
    (report.away, report.missing) = unread.partition(|b| away.contains(&b.id));
    report
}

/// The lines of what was typed or scanned, blank ones left out.
pub fn lines(typed: &str) -> Result<Vec<String>, ShelfError> {
    let all: Vec<String> = typed
        .lines()
        .map(|l| l.trim().chars().take(LINE_CHARS_MAX).collect::<String>())
        .filter(|l| !l.is_empty())
        .collect();
    if all.is_empty() {
        return Err(ShelfError::Nothing);
    }
    if all.len() > CODES_MAX {
        return Err(ShelfError::TooMany(CODES_MAX));
    }
    Ok(all)
}

async fn read(house: &House, c: Community, typed: Vec<String>) -> Result<Vec<Read>, ShelfError> {
    let serials: Vec<Option<String>> = typed.iter().map(|t| code::read(t)).collect();
    let known: Vec<String> = serials.iter().flatten().cloned().collect();
    let mut prints: BTreeMap<String, (Id, bool)> = BTreeMap::new();
    let mut boxes: BTreeMap<Id, ArchiveBox> = BTreeMap::new();
    if !known.is_empty() {
        type Print = (String, Id, Option<Moment>);
        let rows: Vec<Print> = house.db.all(store::labels::by_serials(c, &known)).await?;
        let ids: Vec<Id> = rows.iter().map(|(_, id, _)| *id).collect();
        for (serial, id, voided) in rows {
            prints.insert(serial, (id, voided.is_some()));
        }
        if !ids.is_empty() {
            let found: Vec<ArchiveBox> = house.db.all(store::some_boxes(c, &ids)).await?;
            boxes = found.into_iter().map(|b| (b.id, b)).collect();
        }
    }
    let each = typed.into_iter().zip(serials).map(|(typed, serial)| {
        let found = serial.and_then(|serial| {
            let (id, void) = prints.get(&serial)?;
            Some((boxes.get(id)?.clone(), *void))
        });
        (typed, found)
    });
    Ok(each.collect())
}

/// Which box a code belongs to, and whether the label is void (舊標).
///
/// # Errors
/// [`ShelfError::NotFound`] when it is no label of this compound.
pub async fn scan(
    house: &House,
    by: &Actor,
    typed: &str,
) -> Result<(ArchiveBox, bool), ShelfError> {
    by.may(Permission::ArchiveRead)?;
    let mut found = read(house, by.community, vec![typed.to_owned()]).await?;
    found
        .pop()
        .and_then(|(_, found)| found)
        .ok_or(ShelfError::NotFound)
}

async fn compared(
    house: &House,
    by: &Actor,
    cabinet: Id,
    layer: i64,
    typed: &str,
) -> Result<Report, ShelfError> {
    let c = by.community;
    let found: Option<Cabinet> = house.db.optional(store::cabinet(c, cabinet)).await?;
    found
        .filter(|k| (1..=k.layers).contains(&layer))
        .ok_or(ShelfError::NotFound)?;
    let expected: Vec<ArchiveBox> = house.db.all(store::on_layer(c, cabinet, layer)).await?;
    let away: Vec<(Id,)> = house
        .db
        .all(store::away::of_layer(c, cabinet, layer))
        .await?;
    let away = away.into_iter().map(|(id,)| id).collect();
    Ok(judge(
        &expected,
        &away,
        read(house, c, lines(typed)?).await?,
    ))
}

/// Audits a layer: compares and keeps what was found.
pub async fn look(
    house: &House,
    by: &Actor,
    cabinet: Id,
    layer: i64,
    typed: &str,
) -> Result<Report, ShelfError> {
    by.may(Permission::ArchiveFile)?;
    let c = by.community;
    let report = compared(house, by, cabinet, layer, typed).await?;
    let counts = [
        report.lines.len() as i64,
        report.unknown(),
        report.void(),
        report.missing.len() as i64,
        report.misplaced(),
    ];
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            let now = tx.now();
            tx.execute(store::labels::audited(c, cabinet, layer, now, counts))?;
            let event = Event::new(events::AUDITED)
                .about("cabinet", cabinet)
                .to(Audience::Staff)
                .with("layer", layer)
                .with("scanned", counts[0])
                .with("unknown", counts[1])
                .with("voided", counts[2])
                .with("missing", counts[3])
                .with("misplaced", counts[4]);
            Ok::<_, ShelfError>(tx.record(event, ())?)
        })
        .await?;
    Ok(report)
}

/// Makes the record of a layer what was read there: what stands is what is. Boxes that the
/// record had there and nobody read stand nowhere from now on, unless they are lent: these keep
/// their place. Returns how many stand there.
///
/// # Errors
/// [`ShelfError::NotFound`] when a code is no label's: then the layer is not wholly known.
pub async fn record(
    house: &House,
    by: &Actor,
    cabinet: Id,
    layer: i64,
    typed: &str,
) -> Result<usize, ShelfError> {
    by.may(Permission::ArchiveFile)?;
    let c = by.community;
    let report = compared(house, by, cabinet, layer, typed).await?;
    if report.unknown() > 0 {
        return Err(ShelfError::NotFound);
    }
    let ids: Vec<Id> = report.boxes.iter().map(|b| b.id).collect();
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            let there: Vec<ArchiveBox> = tx.all(store::on_layer(c, cabinet, layer))?;
            let away: Vec<(Id,)> = tx.all(store::away::of_layer(c, cabinet, layer))?;
            let away = away.into_iter().map(|(id,)| id).collect();
            let ids = away::kept(ids, &there, &away);
            let mut left: BTreeSet<(Id, i64)> = BTreeSet::new();
            for gone in there.iter().filter(|b| !ids.contains(&b.id)) {
                tx.execute(store::set_spot(c, gone.id, None))?;
            }
            let found: Vec<ArchiveBox> = tx.all(store::some_boxes(c, &ids))?;
            for (n, id) in ids.iter().enumerate() {
                let Some(one) = found.iter().find(|b| b.id == *id) else {
                    return Err(ShelfError::Changed);
                };
                if let Some(was) = one
                    .spot
                    .filter(|s| (s.cabinet, s.layer) != (cabinet, layer))
                {
                    left.insert((was.cabinet, was.layer));
                }
                let spot = Spot {
                    cabinet,
                    layer,
                    slot: n as i64 + 1,
                };
                tx.execute(store::set_spot(c, *id, Some(spot)))?;
            }
            for (cabinet, layer) in left {
                let row: Vec<ArchiveBox> = tx.all(store::on_layer(c, cabinet, layer))?;
                write_row(&mut tx, c, cabinet, layer, &row)?;
            }
            tx.execute(store::touch(c))?;
            let count = ids.len();
            let event = Event::new(events::RECORDED)
                .about("cabinet", cabinet)
                .to(Audience::Staff)
                .with("layer", layer)
                .with("boxes", ids);
            Ok(tx.record(event, count)?)
        })
        .await
}
