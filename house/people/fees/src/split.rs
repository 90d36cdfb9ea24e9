//! A bill parted between its household's owners: by the days of each in a month of a sale, and
//! among co-owners by their shares. The books keep the bill on the room; what is parted here is
//! said to people and printed, and each part can be paid on its own.

use jiff::ToSpan;
use jiff::civil::Date;

use super::account::{BillView, bill_view};
use super::amounts::parted;
use super::money::Fen;
use super::{FeesError, store};
use foundation::house::House;
use foundation::ids::Id;
use permissions::actor::Actor;

/// Someone who owned the room on some of the bill's days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub party: Id,
    pub name: String,
    pub organisation: bool,
    /// Lowest terms; 0/0 is joint; `None` is unknown.
    pub share: Option<(i64, i64)>,
    pub from: Option<Date>,
    pub until: Option<Date>,
}

impl Holder {
    fn on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| until >= day)
    }
}

/// Who bears a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bearer {
    Owner(Holder),
    /// Before and from the day of handing over that was named.
    Before,
    After,
    /// The roster knows no owner for these days.
    Unknown,
}

/// A part of the bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portion {
    pub bearer: Bearer,
    pub from: Date,
    pub until: Date,
    pub days: i64,
    pub amount: Fen,
}

/// A bill with its parts, which add up to it.
#[derive(Clone, Debug)]
pub struct Split {
    pub room: Id,
    pub code: String,
    pub bill: BillView,
    /// The days that the bill is for.
    pub first: Date,
    pub last: Date,
    pub whole: Fen,
    pub portions: Vec<Portion>,
    /// Some shares are unknown or joint: those days are parted evenly.
    pub evenly: bool,
}

/// The days that a bill is for: its months, or the last days of one.
fn days_of(bill: &BillView) -> (Date, Date) {
    let last = bill.period_last.day(31);
    let first = match bill.days {
        0 => bill.period.day(1),
        n => last.saturating_sub((n - 1).days()),
    };
    (first, last)
}

/// Who owns on a day. On the day of a sale the buyer does: it is theirs from the entry on (民法典
/// 209), and the seller's day before was the last.
fn owners_on(holders: &[Holder], day: Date) -> Vec<&Holder> {
    let all: Vec<&Holder> = holders.iter().filter(|h| h.on(day)).collect();
    let comes = all.iter().any(|h| h.from == Some(day));
    let stay = |h: &&Holder| !comes || h.until != Some(day);
    all.into_iter().filter(stay).collect()
}

/// The parts' weights among co-owners, and whether they are their shares.
fn weights(owners: &[&Holder]) -> (Vec<i64>, bool) {
    let even = vec![1; owners.len()];
    let shares: Option<Vec<(i64, i64)>> = owners
        .iter()
        .map(|h| h.share.filter(|(part, whole)| *part > 0 && *whole > 0))
        .collect();
    let Some(shares) = shares else {
        return (even, owners.len() < 2);
    };
    let common = shares
        .iter()
        .try_fold(1_i64, |all, (_, whole)| all.checked_mul(*whole));
    let Some(common) = common.filter(|c| *c <= 1_000_000_000) else {
        return (even, false);
    };
    let parts: Vec<i64> = shares.iter().map(|(p, w)| p * (common / w)).collect();
    // Shares that do not make a whole say that somebody is not known.
    match parts.iter().sum::<i64>() == common {
        true => (parts, true),
        false => (even, owners.len() < 2),
    }
}

/// Parts an amount among whoever owned in each of the days; whether some of it went evenly for
/// want of shares.
fn among(amount: Fen, first: Date, last: Date, holders: &[Holder]) -> (Vec<Portion>, bool) {
    let mut stretches: Vec<(Date, Date, i64, Vec<&Holder>)> = Vec::new();
    let mut day = first;
    while day <= last {
        let owners = owners_on(holders, day);
        match stretches.last_mut() {
            Some(stretch) if stretch.3 == owners => (stretch.1, stretch.2) = (day, stretch.2 + 1),
            _ => stretches.push((day, day, 1, owners)),
        }
        day = day.saturating_add(1.days());
    }
    let days: Vec<i64> = stretches.iter().map(|s| s.2).collect();
    let (mut out, mut evenly) = (Vec::new(), false);
    for ((from, until, days, owners), sum) in stretches.into_iter().zip(parted(amount, &days)) {
        let portion = |bearer, amount| Portion {
            bearer,
            from,
            until,
            days,
            amount,
        };
        if owners.is_empty() {
            out.push(portion(Bearer::Unknown, sum));
            continue;
        }
        let (weights, by_share) = weights(&owners);
        evenly |= !by_share;
        for (owner, part) in owners.into_iter().zip(parted(sum, &weights)) {
            out.push(portion(Bearer::Owner(owner.clone()), part));
        }
    }
    (out, evenly)
}

/// Before and from a day that somebody names, where the roster does not know of a sale yet.
fn at_day(amount: Fen, first: Date, last: Date, on: Date) -> Vec<Portion> {
    let count =
        |from: Date, until: Date| from.until(until).map_or(0, |s| i64::from(s.get_days()) + 1);
    let eve = on.saturating_sub(1.days());
    let days = [count(first, eve), count(on, last)];
    let sums = parted(amount, &days);
    vec![
        Portion {
            bearer: Bearer::Before,
            from: first,
            until: eve,
            days: days[0],
            amount: sums[0],
        },
        Portion {
            bearer: Bearer::After,
            from: on,
            until: last,
            days: days[1],
            amount: sums[1],
        },
    ]
}

/// The parts of a bill: by what the roster knows, or at a day that is named.
///
/// # Errors
/// [`FeesError::SplitDay`] for a day that does not lie behind the bill's first and up to its last.
pub async fn split(
    house: &House,
    by: &Actor,
    bill: Id,
    on: Option<Date>,
) -> Result<Split, FeesError> {
    let (room, code, bill, _) = bill_view(house, by, bill).await?;
    if bill.is_void() {
        return Err(FeesError::AlreadyVoid);
    }
    let (first, last) = days_of(&bill);
    let whole = Fen(bill.amount.0 + bill.corrected().0);
    let (portions, evenly) = match on {
        Some(on) if on > first && on <= last => (at_day(whole, first, last, on), false),
        Some(_) => return Err(FeesError::SplitDay),
        None => {
            let holders: Vec<Holder> = house
                .db
                .all(store::holders(by.community, room, first, last))
                .await?;
            among(whole, first, last, &holders)
        }
    };
    Ok(Split {
        room,
        code,
        bill,
        first,
        last,
        whole,
        portions,
        evenly,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn holder(
        sign: char,
        share: Option<(i64, i64)>,
        from: Option<i8>,
        until: Option<i8>,
    ) -> Holder {
        let day = |d: i8| date(2026, 3, d);
        Holder {
            party: String::from(sign).repeat(16).parse().expect("an id"),
            name: sign.to_string(),
            organisation: false,
            share,
            from: from.map(day),
            until: until.map(day),
        }
    }

    fn march(holders: &[Holder]) -> (Vec<(String, i64, i64)>, bool) {
        let (parts, evenly) = among(Fen(31_000), date(2026, 3, 1), date(2026, 3, 31), holders);
        let said = parts.into_iter().map(|p| match p.bearer {
            Bearer::Owner(h) => (h.name, p.days, p.amount.0),
            _ => (String::new(), p.days, p.amount.0),
        });
        (said.collect(), evenly)
    }

    #[test]
    fn a_sale_within_the_month_parts_it_by_days_and_the_day_itself_is_the_buyers() {
        let seller = holder('a', Some((1, 1)), None, Some(11));
        let buyer = holder('b', Some((1, 1)), Some(11), None);
        let want = vec![("a".into(), 10, 10_000), ("b".into(), 21, 21_000)];
        assert_eq!(march(&[seller, buyer]), (want, false));
    }

    #[test]
    fn co_owners_bear_by_share_and_evenly_where_shares_are_not_known() {
        let two = |a, b| [holder('a', a, None, None), holder('b', b, None, None)];
        let (parts, evenly) = march(&two(Some((3, 10)), Some((7, 10))));
        assert_eq!((parts[0].2, parts[1].2, evenly), (9_300, 21_700, false));
        for joint in [Some((0, 0)), None, Some((1, 4))] {
            let (parts, evenly) = march(&two(joint, joint));
            assert_eq!((parts[0].2, parts[1].2, evenly), (15_500, 15_500, true));
        }
    }

    #[test]
    fn days_of_nobody_are_said_as_such() {
        let (parts, _) = march(&[holder('a', None, Some(17), None)]);
        assert_eq!(parts[0], (String::new(), 16, 16_000));
        assert_eq!(parts[1], ("a".into(), 15, 15_000));
    }

    proptest! {
        #[test]
        fn parts_add_up_to_the_bill(
            fen in 1_i64..10_000_000,
            all in prop::collection::vec((prop::option::of((0_i64..9, 0_i64..9)), prop::option::of(1_i8..31), prop::option::of(1_i8..31)), 0..5),
            on in 2_i8..31,
        ) {
            let (first, last) = (date(2026, 3, 1), date(2026, 3, 31));
            let holders: Vec<Holder> = all.into_iter().zip('a'..).map(|((s, f, u), c)| holder(c, s, f, u)).collect();
            let (parts, _) = among(Fen(fen), first, last, &holders);
            prop_assert_eq!(parts.iter().map(|p| p.amount.0).sum::<i64>(), fen);
            let parts = at_day(Fen(fen), first, last, date(2026, 3, on));
            prop_assert_eq!(parts.iter().map(|p| p.amount.0).sum::<i64>(), fen);
            prop_assert_eq!(parts.iter().map(|p| p.days).sum::<i64>(), 31);
        }
    }
}
