//! What a month costs: by area, by days, by quantity in tiers, and a sum parted so that
//! nothing is lost. Pure. Every bill is rounded once, half up, to the fen.

use jiff::civil::Date;

use super::items::{Basis, FeeItem, PartMonth, Tier, amount_for};
use super::money::{FEN_MAX, Fen, Period};

/// What a room is to be billed for a month of an item with a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// So much; `days` of the month, or 0 for all of it.
    Bill { amount: Fen, days: i64 },
    /// Nothing: not moved into yet, or less than half a fen.
    Nothing,
    /// Its area is unknown, so that nothing can be said.
    AreaUnknown,
}

/// The days of `period` that a room pays for which was moved into on `moved_in`: 0 for all of
/// them, `None` for none.
pub fn days_in(part: PartMonth, moved_in: Option<Date>, period: Period) -> Option<i64> {
    let (first, last) = (period.day(1), period.day(31));
    match (part, moved_in) {
        (PartMonth::Days, Some(day)) if day > last => None,
        (PartMonth::Days, Some(day)) if day > first => {
            Some(i64::from(last.day()) - i64::from(day.day()) + 1)
        }
        _ => Some(0),
    }
}

/// What a room owes for `period` of an item by area or at a fixed rate.
pub fn due_of(
    item: &FeeItem,
    rate: i64,
    area: Option<i64>,
    moved_in: Option<Date>,
    period: Period,
) -> Due {
    let Some(days) = days_in(item.part_month, moved_in, period) else {
        return Due::Nothing;
    };
    let of = i64::from(period.day(31).day());
    let amount = if days == 0 {
        amount_for(item.basis, rate, area)
    } else {
        part_of(item.basis, rate, area, days, of)
    };
    match amount {
        None => Due::AreaUnknown,
        Some(amount) if amount.is_positive() => Due::Bill { amount, days },
        Some(_) => Due::Nothing,
    }
}

/// `days` of the `of` days of a month, rounded once, half up.
fn part_of(basis: Basis, rate: i64, area: Option<i64>, days: i64, of: i64) -> Option<Fen> {
    let (exact, unit) = match basis {
        Basis::Area => (i128::from(rate) * i128::from(area?), 10_000),
        _ => (i128::from(rate), 1),
    };
    half_up(exact * i128::from(days), unit * i128::from(of))
}

/// `over / under`, half up; `None` out of range.
fn half_up(over: i128, under: i128) -> Option<Fen> {
    let rounded = (2 * over + under).div_euclid(2 * under);
    i64::try_from(rounded)
        .ok()
        .filter(|fen| *fen <= FEN_MAX)
        .map(Fen)
}

/// The price of a quantity (thousandths of a unit): up to the first tier at `rate`, above each
/// tier at that tier's. Rates are 0.01 fen a unit; rounded once over the whole.
pub fn price(rate: i64, tiers: &[Tier], quantity: i64) -> Option<Fen> {
    let mut exact = 0_i128;
    let (mut from, mut rate) = (0, rate);
    for tier in tiers {
        let part = quantity.min(tier.above) - from;
        if part <= 0 {
            break;
        }
        exact += i128::from(part) * i128::from(rate);
        (from, rate) = (tier.above, tier.rate);
    }
    if quantity > from {
        exact += i128::from(quantity - from) * i128::from(rate);
    }
    // 0.01 fen × 0.001 = 0.00001 fen.
    half_up(exact, 100_000)
}

/// The part of `amount` that belongs to what lies between `before` and `before + own` of `all`:
/// parts side by side add up to the whole, to the fen.
pub fn share(amount: Fen, before: i64, own: i64, all: i64) -> Fen {
    if all <= 0 {
        return Fen::ZERO;
    }
    let until = |place: i64| {
        let exact = i128::from(amount.0) * i128::from(place.clamp(0, all));
        half_up(exact, i128::from(all)).unwrap_or(Fen::ZERO).0
    };
    Fen(until(before + own) - until(before))
}

/// An amount parted by weights (the days of each owner of a month): parts of nothing get
/// nothing, and all of them add up to the amount.
pub fn parted(amount: Fen, weights: &[i64]) -> Vec<Fen> {
    let all: i64 = weights.iter().sum();
    let mut before = 0;
    weights
        .iter()
        .map(|own| {
            let part = share(amount, before, *own, all);
            before += own;
            part
        })
        .collect()
}

/// 違約金 on a debt: millionths a day, at most so many percent of the debt; half up.
pub fn late_fee(debt: Fen, days: i64, rate: i64, cap: i64) -> Fen {
    if debt.0 <= 0 || days <= 0 || rate <= 0 {
        return Fen::ZERO;
    }
    let fee = half_up(
        i128::from(debt.0) * i128::from(days) * i128::from(rate),
        1_000_000,
    );
    let most = half_up(i128::from(debt.0) * i128::from(cap), 100).unwrap_or(Fen::ZERO);
    fee.unwrap_or(most).min(most)
}
