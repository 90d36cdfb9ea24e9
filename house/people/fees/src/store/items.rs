//! Items and rates.

use hanzi::fold;

use super::{small, word};
use crate::items::{Basis, FeeItem, ItemKind, PartMonth, Tier, TierSpan};
use crate::money::Period;
use foundation::database::{Ask, Change, Community, DbError, FromRow, Row, ask};
use foundation::ids::Id;
use foundation::params;

/// A compound has a handful of items; the bound keeps a page whole.
const ITEMS_MAX: i64 = 500;

const COLUMNS: &str =
    "id, name, kind, basis, applies_to, due_day, due_months, active_from, active_until, part_month";

impl FromRow for FeeItem {
    fn from_row(row: &mut Row) -> Result<FeeItem, DbError> {
        Ok(FeeItem {
            id: row.next()?,
            name: row.next()?,
            kind: word(row, ItemKind::from_word)?,
            basis: word(row, Basis::from_word)?,
            applies_to: row.next()?,
            due_day: small(row)?,
            due_months: small(row)?,
            active_from: row.next()?,
            active_until: row.next()?,
            part_month: word(row, PartMonth::from_word)?,
        })
    }
}

pub struct ItemWithRate {
    pub item: FeeItem,
    pub rate: Option<i64>,
}

impl FromRow for ItemWithRate {
    fn from_row(row: &mut Row) -> Result<ItemWithRate, DbError> {
        Ok(ItemWithRate {
            item: FeeItem::from_row(row)?,
            rate: row.next()?,
        })
    }
}

/// 0 when the name is taken.
pub fn insert_item(tx: &mut impl Change, item: &FeeItem) -> Result<u64, DbError> {
    let (c, now) = (tx.community(), tx.now());
    tx.execute(ask(
        "INSERT INTO fee_item (community, id, name, name_key, kind, basis, applies_to, due_day, \
         due_months, active_from, active_until, part_month, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
         ON CONFLICT (community, name_key) DO NOTHING",
        params![
            c,
            item.id,
            &item.name,
            fold::key(&item.name),
            item.kind.word(),
            item.basis.word(),
            &item.applies_to,
            i64::from(item.due_day),
            i64::from(item.due_months),
            item.active_from,
            item.active_until,
            item.part_month.word(),
            now
        ],
    ))
}

pub fn update_item(c: Community, item: &FeeItem) -> Ask {
    ask(
        "UPDATE fee_item SET name = $3, name_key = $4, kind = $5, basis = $6, applies_to = $7, \
         due_day = $8, due_months = $9, active_from = $10, active_until = $11, part_month = $12 \
         WHERE community = $1 AND id = $2",
        params![
            c,
            item.id,
            &item.name,
            fold::key(&item.name),
            item.kind.word(),
            item.basis.word(),
            &item.applies_to,
            i64::from(item.due_day),
            i64::from(item.due_months),
            item.active_from,
            item.active_until,
            item.part_month.word()
        ],
    )
}

pub fn item(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {COLUMNS} FROM fee_item WHERE community = $1 AND id = $2 LIMIT 1"),
        params![c, id],
    )
}

pub fn item_by_key(c: Community, key: &str) -> Ask {
    ask(
        "SELECT id FROM fee_item WHERE community = $1 AND name_key = $2 LIMIT 1",
        params![c, key],
    )
}

/// Every item in the order of making; the first of a kind is the one that a sheet means.
pub fn items_by_age(c: Community) -> Ask {
    ask(
        format!("SELECT {COLUMNS} FROM fee_item WHERE community = $1 ORDER BY id LIMIT $2"),
        params![c, ITEMS_MAX],
    )
}

pub fn put_rate(
    c: Community,
    item: Id,
    from: Period,
    rate: i64,
    span: TierSpan,
    grounds: &str,
) -> Ask {
    ask(
        "INSERT INTO fee_rate (community, item, from_period, rate, tier_span, grounds) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (community, item, from_period) \
         DO UPDATE SET rate = excluded.rate, tier_span = excluded.tier_span, \
         grounds = excluded.grounds",
        params![c, item, from, rate, span.word(), grounds],
    )
}

/// The tiers that hold from that month on, in place of what was set for it before.
pub fn put_tiers(
    tx: &mut impl Change,
    item: Id,
    from: Period,
    tiers: &[Tier],
) -> Result<(), DbError> {
    let c = tx.community();
    tx.execute(ask(
        "DELETE FROM fee_tier WHERE community = $1 AND item = $2 AND from_period = $3",
        params![c, item, from],
    ))?;
    let rows = tiers
        .iter()
        .map(|t| params![c, item, from, t.above, t.rate])
        .collect();
    tx.insert_many(
        "INSERT INTO fee_tier (community, item, from_period, above, rate) VALUES",
        5,
        rows,
        "",
    )?;
    Ok(())
}

impl FromRow for Tier {
    fn from_row(row: &mut Row) -> Result<Tier, DbError> {
        Ok(Tier {
            above: row.next()?,
            rate: row.next()?,
        })
    }
}

/// The tiers of the rate that holds in that month, lowest first.
pub fn tiers(c: Community, item: Id, period: Period) -> Ask {
    ask(
        "SELECT t.above, t.rate FROM fee_tier t WHERE t.community = $1 AND t.item = $2 \
         AND t.from_period = (SELECT MAX(r.from_period) FROM fee_rate r \
         WHERE r.community = $1 AND r.item = $2 AND r.from_period <= $3) \
         ORDER BY t.above LIMIT $4",
        params![c, item, period, ITEMS_MAX],
    )
}

/// Over what the steps of that rate count.
pub fn tier_span(c: Community, item: Id, period: Period) -> Ask {
    ask(
        "SELECT tier_span FROM fee_rate WHERE community = $1 AND item = $2 AND from_period <= $3 \
         ORDER BY from_period DESC LIMIT 1",
        params![c, item, period],
    )
}

/// A rate as it was set.
pub struct RateSet {
    pub from: Period,
    pub rate: i64,
    pub span: TierSpan,
    pub grounds: String,
}

impl FromRow for RateSet {
    fn from_row(row: &mut Row) -> Result<RateSet, DbError> {
        Ok(RateSet {
            from: row.next()?,
            rate: row.next()?,
            span: word(row, TierSpan::from_word)?,
            grounds: row.next()?,
        })
    }
}

/// Every rate of an item, the newest first.
pub fn rates_of(c: Community, item: Id) -> Ask {
    ask(
        "SELECT from_period, rate, tier_span, grounds FROM fee_rate WHERE community = $1 AND item = $2 \
         ORDER BY from_period DESC LIMIT $3",
        params![c, item, ITEMS_MAX],
    )
}

pub fn items_with_rate(c: Community, period: Period) -> Ask {
    ask(
        format!(
            "/* whole: a compound has some dozen items */ SELECT {COLUMNS}, (SELECT r.rate FROM fee_rate r WHERE r.community = i.community \
             AND r.item = i.id AND r.from_period <= $2 ORDER BY r.from_period DESC LIMIT 1) \
             FROM fee_item i WHERE i.community = $1 ORDER BY i.kind DESC, i.name_key, i.id LIMIT $3"
        ),
        params![c, period, ITEMS_MAX],
    )
}
