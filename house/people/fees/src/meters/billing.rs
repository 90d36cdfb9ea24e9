//! Bills from what meters say: a room's own, and shared ones parted by area.

use std::collections::HashMap;

use crate::amounts::{price, share};
use crate::billing::{Billed, Tariff, fresh};
use crate::items::TierSpan;
use crate::money::{Fen, Period};
use crate::runs::{last_day, put};
use crate::store::{self, Billable, FreshBill};
use crate::{FeesError, events};
use foundation::database::{Community, DbError, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// A meter as a month's run sees it.
#[derive(Clone, Copy, Debug)]
pub struct Dial {
    pub meter: Id,
    pub billed: i64,
    /// All that went through until the month's last reading; `None` where there is none yet.
    pub until: Option<i64>,
    /// Whether it was read in the month, or stands there no more.
    pub read: bool,
}

/// The meters of a chunk of rooms.
#[derive(Default)]
pub struct Dials {
    of: HashMap<Id, Vec<Dial>>,
    /// What each room was billed of the item in other months of the year, where steps count it.
    before: HashMap<Id, i64>,
}

/// What a room is billed from its meters.
pub enum Use {
    /// A meter has no reading of the month.
    Unread,
    /// Nothing went through, or less than was billed: it is carried on.
    Nothing,
    Bill {
        amount: Fen,
        /// Meter, from, until.
        lines: Vec<(Id, i64, i64)>,
    },
}

/// The meters of these rooms at the end of the month.
pub fn dials(
    look: &mut impl Look,
    c: Community,
    t: &Tariff,
    rooms: &[Id],
    period: Period,
) -> Result<Dials, DbError> {
    let mut out = Dials::default();
    if rooms.is_empty() {
        return Ok(out);
    }
    let rows: Vec<store::DialRow> = look.all(store::dials(
        c,
        t.item.id,
        rooms,
        period.day(1),
        last_day(period),
    ))?;
    for row in rows {
        out.of.entry(row.room).or_default().push(row.dial);
    }
    if t.span == TierSpan::Year {
        let year: Vec<(Id, i64)> = look.all(store::metered_in_year(c, t.item.id, rooms, period))?;
        out.before.extend(year);
    }
    Ok(out)
}

/// What a room's meters come to. Steps over a year go on where the year's other bills stand, so
/// that they add up to the price of the year's quantity.
pub fn use_of(t: &Tariff, dials: &Dials, room: Id) -> Use {
    let before = dials.before.get(&room).copied().unwrap_or(0);
    let Some(dials) = dials.of.get(&room) else {
        return Use::Nothing;
    };
    if dials.iter().any(|d| !d.read) {
        return Use::Unread;
    }
    let lines: Vec<(Id, i64, i64)> = dials
        .iter()
        .filter_map(|d| Some((d.meter, d.billed, d.until?)))
        .filter(|(_, from, until)| from != until)
        .collect();
    let quantity: i64 = lines.iter().map(|(_, from, until)| until - from).sum();
    let until = price(t.rate, &t.tiers, before + quantity);
    let amount = until.zip(price(t.rate, &t.tiers, before));
    match amount.map(|(until, from)| Fen(until.0 - from.0)) {
        Some(amount) if quantity > 0 && amount.is_positive() => Use::Bill { amount, lines },
        _ => Use::Nothing,
    }
}

/// Bills rooms from their meters inside the write, where nothing moves between looking and
/// billing.
pub fn bill_meters<'r>(
    tx: &mut Tx<'_>,
    t: &Tariff,
    period: Period,
    rooms: impl Iterator<Item = (&'r Billable, &'r Id)>,
    run: Id,
) -> Result<Billed, DbError> {
    let c = tx.community();
    let rooms: Vec<(&Billable, &Id)> = rooms.collect();
    let ids: Vec<Id> = rooms.iter().map(|(room, _)| room.id).collect();
    let known = store::billed_already(tx, c, period, &[t.item.id], &ids)?;
    let dials = dials(tx, c, t, &ids, period)?;
    let (mut bills, mut lines): (Vec<FreshBill>, _) = (Vec::new(), Vec::new());
    for (room, id) in rooms {
        if known.contains(&(room.id, t.item.id)) {
            continue;
        }
        if let Use::Bill { amount, lines: own } = use_of(t, &dials, room.id) {
            bills.push(FreshBill {
                run: Some(run),
                ..fresh(*id, room.id, &t.item, period, amount)
            });
            lines.extend(own.into_iter().map(|line| (*id, line)));
        }
    }
    if bills.is_empty() {
        return Ok(Billed::default());
    }
    let made = put(tx, &bills)?;
    store::insert_metered(tx, &lines)?;
    Ok(made)
}

/// What bills took from their meters can be billed anew, where no later bill went on from it.
pub fn give_back(tx: &mut Tx<'_>, bills: &[Id]) -> Result<(), DbError> {
    let c = tx.community();
    tx.execute(store::give_back(c, bills))?;
    tx.execute(store::forget_metered(c, bills))?;
    Ok(())
}

/// The same for what a batch shared out.
pub fn give_back_shared(tx: &mut Tx<'_>, run: Id) -> Result<(), DbError> {
    let c = tx.community();
    tx.execute(store::give_back_shared(c, run))?;
    tx.execute(store::forget_shared(c, run))?;
    Ok(())
}

/// A shared meter's month, to be parted by area.
#[derive(Clone, Debug)]
pub struct Shared {
    pub meter: Id,
    /// Empty for the whole compound.
    pub building: String,
    pub from: i64,
    pub until: i64,
    pub amount: Fen,
    /// The area of all rooms that share, 0.01 m².
    pub area: i64,
}

impl Shared {
    pub fn covers(&self, room: &Billable) -> bool {
        self.building.is_empty() || self.building == room.building
    }
}

/// What shared meters have to part at the end of the month, as it stands.
pub fn shared_now(
    look: &mut impl Look,
    c: Community,
    t: &Tariff,
    period: Period,
) -> Result<Vec<Shared>, DbError> {
    let rows: Vec<store::SharedRow> =
        look.all(store::shared_meters(c, t.item.id, last_day(period)))?;
    priced(look, c, t, rows)
}

fn priced(
    look: &mut impl Look,
    c: Community,
    t: &Tariff,
    rows: Vec<store::SharedRow>,
) -> Result<Vec<Shared>, DbError> {
    let mut out = Vec::new();
    for row in rows {
        let Some(until) = row.until.filter(|until| *until > row.from) else {
            continue;
        };
        let Some(amount) = price(t.rate, &[], until - row.from) else {
            continue;
        };
        let (area,): (i64,) =
            look.one(store::area_of(c, &row.building, &t.item.applies_to, None))?;
        out.push(Shared {
            meter: row.meter,
            building: row.building,
            from: row.from,
            until,
            amount,
            area,
        });
    }
    Ok(out)
}

/// Takes what shared meters have to part into the batch: once, so that the batch parts the
/// same after a break.
pub async fn take_shared(
    house: &House,
    by: &Actor,
    run: Id,
    t: &Tariff,
    period: Period,
) -> Result<Vec<Shared>, FeesError> {
    let c = by.community;
    let (tariff, item) = (t.clone(), t.item.id);
    let there: Vec<store::SharedRow> = house.db.all(store::shared_of_run(c, run, item)).await?;
    if there.is_empty() {
        let open: Vec<store::SharedRow> = house
            .db
            .all(store::shared_meters(c, item, last_day(period)))
            .await?;
        if !open.iter().any(|m| m.until.is_some_and(|u| u > m.from)) {
            return Ok(Vec::new());
        }
        let right = Permission::FeesRecord;
        let again = tariff.clone();
        return house
            .write(c, &by.who_for(right), move |mut tx| {
                let there: Vec<store::SharedRow> = tx.all(store::shared_of_run(c, run, item))?;
                let shares = if there.is_empty() {
                    let fresh = shared_now(&mut tx, c, &again, period)?;
                    // A meter whose rooms have no area known cannot be parted: it waits.
                    let fresh: Vec<Shared> = fresh.into_iter().filter(|s| s.area > 0).collect();
                    store::insert_shared(&mut tx, run, &fresh)?;
                    fresh
                } else {
                    priced(&mut tx, c, &again, there)?
                };
                let event = Event::new(events::METERS_SHARED)
                    .about("fee_run", run)
                    .to(Audience::Staff)
                    .with("item", item)
                    .with("meters", shares.len() as i64)
                    .with("fen", Fen::sum(shares.iter().map(|s| s.amount))?.0);
                Ok(tx.record(event, shares)?)
            })
            .await;
    }
    let shares: Result<Vec<Shared>, DbError> = house
        .db
        .reading(move |r| priced(r, c, &tariff, there))
        .await;
    Ok(shares?)
}

/// The bills of a chunk of rooms (in the order of their ids, `after` the last one before
/// them): each meter's parts add up to its amount.
pub async fn shared_bills(
    house: &House,
    c: Community,
    t: &Tariff,
    period: Period,
    part: &[Billable],
    after: &str,
    shares: &[Shared],
) -> Result<Vec<FreshBill>, FeesError> {
    let mut sums: HashMap<Id, i64> = HashMap::new();
    for one in shares {
        let before = store::area_of(c, &one.building, &t.item.applies_to, Some(after));
        let (mut before,): (i64,) = house.db.one(before).await?;
        for room in part.iter().filter(|r| t.applies(r) && one.covers(r)) {
            let Some(area) = room.area else { continue };
            let own = share(one.amount, before, area, one.area);
            before += area;
            *sums.entry(room.id).or_default() += own.0;
        }
    }
    Ok(part
        .iter()
        .filter_map(|room| {
            let amount = Fen(sums.get(&room.id).copied().unwrap_or(0));
            amount
                .is_positive()
                .then(|| fresh(house.id(), room.id, &t.item, period, amount))
        })
        .collect())
}
