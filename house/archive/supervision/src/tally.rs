//! Deeds counted from the ledger: a row per day, person and measure. At most behind, never
//! wrong: counts and cursor move in one write.

use std::collections::BTreeMap;

use foundation::clock::Moment;
use foundation::database::{Chore, Community, Look as _};
use foundation::house::House;
use jiff::civil::Date;
use permissions::Permission;
use permissions::actor::Actor;

use crate::period::Period;
use crate::{SupervisionError, measure, store};

/// Places of the ledger looked at in one go.
const TAKE: i64 = 2_000;
/// Persons times measures of one page.
const SUMS_MAX: i64 = 5_000;

/// Counts what the ledger has since the last time.
pub async fn follow(house: &House, c: Community) -> Result<(), SupervisionError> {
    let kinds: Vec<&'static str> = measure::ALL
        .iter()
        .flat_map(|m| m.kinds.iter().map(|k| k.name))
        .collect();
    loop {
        let head: Option<(i64,)> = house.db.optional(store::head(c)).await?;
        let end = head.map_or(0, |h| h.0);
        let at: Option<(i64,)> = house.db.optional(store::cursor(c)).await?;
        let at = at.map_or(0, |r| r.0);
        if at >= end {
            return Ok(());
        }
        let until = end.min(at + TAKE);
        let rows: Vec<(Moment, String, String)> =
            house.db.all(store::deeds(c, &kinds, at, until)).await?;
        let counts = counted(&rows);
        house
            .db
            .keep::<_, SupervisionError, _>(Chore::Cursor, c, move |r| {
                // Another node may have counted the same stretch meanwhile.
                let now: Option<(i64,)> = r.optional(store::cursor(c))?;
                if now.map_or(0, |n| n.0) != at {
                    return Ok(());
                }
                for ((day, account, measure), n) in &counts {
                    r.execute(store::add(c, day, account, measure, *n))?;
                }
                r.execute(store::move_cursor(c, until))?;
                Ok(())
            })
            .await?;
    }
}

type Counts = BTreeMap<(String, String, &'static str), i64>;

fn counted(rows: &[(Moment, String, String)]) -> Counts {
    let mut counts = Counts::new();
    for (at, kind, actor) in rows {
        let (Some(measure), Some(account)) = (measure::of(kind), actor.strip_prefix("a:")) else {
            // What the house or a link's holder did is nobody's work.
            continue;
        };
        let day = at.date().to_string();
        *counts
            .entry((day, account.to_owned(), measure.name))
            .or_default() += 1;
    }
    counts
}

/// Counts everything anew from the first event: after measures have changed.
pub async fn recount(house: &House, c: Community) -> Result<(), SupervisionError> {
    house
        .db
        .keep::<_, SupervisionError, _>(Chore::Cursor, c, move |r| {
            r.execute(store::forget(c))?;
            r.execute(store::move_cursor(c, 0))?;
            Ok(())
        })
        .await?;
    follow(house, c).await
}

/// The first day on which anybody did something; there is nothing to see before.
pub async fn first_day(house: &House, by: &Actor) -> Result<Option<Date>, SupervisionError> {
    by.may(Permission::ArchiveSupervise)?;
    let day: Option<(String,)> = house.db.optional(store::first_day(by.community)).await?;
    Ok(day.and_then(|(day,)| day.parse().ok()))
}

/// A person's deeds in a period: the account, and per measure of [`measure::ALL`] how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deeds {
    pub account: String,
    pub counts: Vec<i64>,
}

/// What each person did in a period, by account.
pub async fn deeds(
    house: &House,
    by: &Actor,
    period: Period,
) -> Result<Vec<Deeds>, SupervisionError> {
    by.may(Permission::ArchiveSupervise)?;
    let c = by.community;
    follow(house, c).await?;
    let (from, until) = (period.first.to_string(), period.end().to_string());
    let asked = store::sums(c, &from, &until, SUMS_MAX);
    let rows: Vec<(String, String, i64)> = house.db.all(asked).await?;
    let mut found: Vec<Deeds> = Vec::new();
    for (account, name, n) in rows {
        let Some(place) = measure::ALL.iter().position(|m| m.name == name) else {
            continue;
        };
        if found.last().is_none_or(|d| d.account != account) {
            found.push(Deeds {
                account,
                counts: vec![0; measure::ALL.len()],
            });
        }
        if let Some(deeds) = found.last_mut() {
            deeds.counts[place] = n;
        }
    }
    Ok(found)
}
