//! Fee items and what they cost: 物業費 by area, 車位 at a fixed rate, 水 and 電 as
//! read from the meter and entered or imported.

use hanzi::fold;
use jiff::civil::Date;

use super::money::{FEN_MAX, Fen, Period};
use super::{FeesError, NAME_CHARS_MAX, NOTE_CHARS_MAX, events, store};
use foundation::database::{DbError, Look};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Event;
use permissions::Permission;
use permissions::actor::Actor;

/// What an item is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ItemKind {
    /// 物業費
    Property,
    /// 水費
    Water,
    /// 電費
    Electricity,
    /// 車位費
    Parking,
    Other,
}

impl ItemKind {
    pub const ALL: [ItemKind; 5] = [
        ItemKind::Property,
        ItemKind::Water,
        ItemKind::Electricity,
        ItemKind::Parking,
        ItemKind::Other,
    ];

    pub fn word(self) -> &'static str {
        match self {
            ItemKind::Property => "property",
            ItemKind::Water => "water",
            ItemKind::Electricity => "electricity",
            ItemKind::Parking => "parking",
            ItemKind::Other => "other",
        }
    }

    pub fn from_word(word: &str) -> Option<ItemKind> {
        ItemKind::ALL.into_iter().find(|k| k.word() == word)
    }

    /// The name that an item of this kind gets when a sheet brings one and the
    /// compound has none.
    pub fn usual_name(self) -> &'static str {
        match self {
            ItemKind::Property => "物業費",
            ItemKind::Water => "水費",
            ItemKind::Electricity => "電費",
            ItemKind::Parking => "車位費",
            ItemKind::Other => "其他費用",
        }
    }
}

/// From what a month's bill is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basis {
    /// Rate times the room's exclusive area.
    Area,
    /// The same for every room it applies to.
    Fixed,
    /// What went through the room's meters, by the rate of its tier.
    Metered,
    /// What went through meters that rooms share, parted by area (公攤).
    Shared,
    /// Not computed here (services): entered by hand or imported.
    Given,
}

impl Basis {
    pub const ALL: [Basis; 5] = [
        Basis::Area,
        Basis::Fixed,
        Basis::Metered,
        Basis::Shared,
        Basis::Given,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Basis::Area => "area",
            Basis::Fixed => "fixed",
            Basis::Metered => "metered",
            Basis::Shared => "shared",
            Basis::Given => "given",
        }
    }

    pub fn from_word(word: &str) -> Option<Basis> {
        Basis::ALL.into_iter().find(|b| b.word() == word)
    }

    /// Whether a rate of it is 0.01 fen a unit (m², m³, kWh) and not fen a month.
    pub fn by_unit(self) -> bool {
        matches!(self, Basis::Area | Basis::Metered | Basis::Shared)
    }

    /// Whether its bills come from what meters say.
    pub fn reads_meters(self) -> bool {
        matches!(self, Basis::Metered | Basis::Shared)
    }
}

/// What a room pays of the month in which it was moved into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PartMonth {
    /// The whole month, and the months before as well: until it is handed over, the developer
    /// owes the fee (物業管理條例 41).
    #[default]
    Whole,
    /// From the day it was moved into, that day included, by the days of the month.
    Days,
}

impl PartMonth {
    pub const ALL: [PartMonth; 2] = [PartMonth::Whole, PartMonth::Days];

    pub fn word(self) -> &'static str {
        match self {
            PartMonth::Whole => "whole",
            PartMonth::Days => "days",
        }
    }

    pub fn from_word(word: &str) -> Option<PartMonth> {
        PartMonth::ALL.into_iter().find(|p| p.word() == word)
    }
}

/// A fee item as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeItem {
    pub id: Id,
    pub name: String,
    pub kind: ItemKind,
    pub basis: Basis,
    /// A room's purpose (`residence`, `shop`, `parking`, `other`); empty for all rooms.
    pub applies_to: String,
    pub due_day: i8,
    pub due_months: i8,
    pub active_from: Period,
    pub active_until: Option<Period>,
    pub part_month: PartMonth,
}

impl FeeItem {
    /// When the bill of `period` falls due.
    pub fn due(&self, period: Period) -> Date {
        let month = (0..self.due_months).fold(period, |p, _| p.next());
        month.day(self.due_day)
    }

    pub fn active_in(&self, period: Period) -> bool {
        self.active_from <= period && self.active_until.is_none_or(|last| period <= last)
    }
}

/// The bill of a month, rounded half up to the fen; `None` where the area is unknown
/// or the item has no rate.
///
/// `rate` is 0.01 fen per m² and month ([`Basis::Area`]) or fen per month
/// ([`Basis::Fixed`]); `area` is 0.01 m². Unknown stays unknown: no area, no bill.
pub fn amount_for(basis: Basis, rate: i64, area: Option<i64>) -> Option<Fen> {
    match basis {
        Basis::Given | Basis::Metered | Basis::Shared => None,
        Basis::Fixed => Some(Fen(rate)),
        Basis::Area => {
            // 0.01 fen/m² × 0.01 m² = 0.0001 fen.
            let exact = i128::from(rate) * i128::from(area?);
            i64::try_from((exact + 5_000) / 10_000).ok().map(Fen)
        }
    }
}

/// What somebody wants an item to be.
#[derive(Clone, Debug)]
pub struct ItemDraft {
    pub name: String,
    pub kind: ItemKind,
    pub basis: Basis,
    pub applies_to: String,
    pub due_day: i8,
    pub due_months: i8,
    pub active_from: Period,
    pub active_until: Option<Period>,
    pub part_month: PartMonth,
}

impl ItemDraft {
    fn checked(mut self) -> Result<ItemDraft, FeesError> {
        self.name = self.name.trim().to_owned();
        let length = self.name.chars().count();
        if length == 0 || length > NAME_CHARS_MAX || fold::key(&self.name).is_empty() {
            return Err(FeesError::NameLength);
        }
        if !(1..=31).contains(&self.due_day) || !(0..=12).contains(&self.due_months) {
            return Err(FeesError::DueDay);
        }
        if self
            .active_until
            .is_some_and(|last| last < self.active_from)
        {
            return Err(FeesError::MonthsReversed);
        }
        Ok(self)
    }

    fn into_item(self, id: Id) -> FeeItem {
        FeeItem {
            id,
            name: self.name,
            kind: self.kind,
            basis: self.basis,
            applies_to: self.applies_to,
            due_day: self.due_day,
            due_months: self.due_months,
            active_from: self.active_from,
            active_until: self.active_until,
            part_month: self.part_month,
        }
    }
}

fn item_event(item: &FeeItem) -> Event {
    Event::new(events::ITEM_SET)
        .about("fee_item", item.id)
        .with("kind", item.kind.word())
        .with("basis", item.basis.word())
        .with("part_month", item.part_month.word())
        .with("from", item.active_from.number())
        .with_some("until", item.active_until.map(Period::number))
}

/// Makes a fee item, with its first rate where it has one.
pub async fn make_item(
    house: &House,
    by: &Actor,
    draft: ItemDraft,
    rate: Option<i64>,
) -> Result<Id, FeesError> {
    by.may(Permission::FeesSet)?;
    let item = draft.checked()?.into_item(house.id());
    let rate = rate.map(|r| checked_rate(item.basis, r)).transpose()?;
    house
        .write(
            by.community,
            &by.who_for(Permission::FeesSet),
            move |mut tx| {
                let c = tx.community();
                if store::insert_item(&mut tx, &item)? == 0 {
                    return Err(FeesError::NameTaken);
                }
                let event = item_event(&item).with_some("rate", rate);
                if let Some(rate) = rate {
                    tx.execute(store::put_rate(
                        c,
                        item.id,
                        item.active_from,
                        rate,
                        TierSpan::Month,
                        "",
                    ))?;
                }
                Ok(tx.record(event, item.id)?)
            },
        )
        .await
}

/// Changes a fee item; bills that were made already stay as they are.
pub async fn set_item(
    house: &House,
    by: &Actor,
    id: Id,
    draft: ItemDraft,
) -> Result<(), FeesError> {
    by.may(Permission::FeesSet)?;
    let item = draft.checked()?.into_item(id);
    house
        .write(
            by.community,
            &by.who_for(Permission::FeesSet),
            move |mut tx| {
                let c = tx.community();
                let key = fold::key(&item.name);
                match tx.optional::<(Id,)>(store::item_by_key(c, &key))? {
                    Some((other,)) if other != id => return Err(FeesError::NameTaken),
                    _ => {}
                }
                if tx.execute(store::update_item(c, &item))? == 0 {
                    return Err(FeesError::NoSuchItem);
                }
                Ok(tx.record(item_event(&item), ())?)
            },
        )
        .await
}

/// Sets the rate that holds from `from` on; bills that were made already stay.
pub async fn set_rate(
    house: &House,
    by: &Actor,
    id: Id,
    from: Period,
    rate: i64,
) -> Result<(), FeesError> {
    set_rate_by(house, by, id, NewRate::plain(from, rate)).await
}

/// A rate that begins above a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier {
    /// Thousandths of a unit.
    pub above: i64,
    /// 0.01 fen a unit.
    pub rate: i64,
}

/// Over what a tariff's steps count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TierSpan {
    /// Each month begins at the first step.
    #[default]
    Month,
    /// What the room was billed of the item since January counts (年度階梯水價、電價).
    Year,
}

impl TierSpan {
    pub const ALL: [TierSpan; 2] = [TierSpan::Month, TierSpan::Year];

    pub fn word(self) -> &'static str {
        match self {
            TierSpan::Month => "month",
            TierSpan::Year => "year",
        }
    }

    pub fn from_word(word: &str) -> Option<TierSpan> {
        TierSpan::ALL.into_iter().find(|s| s.word() == word)
    }
}

/// A rate to be set, with the rates of larger quantities and the paper that it stands on.
#[derive(Clone, Debug)]
pub struct NewRate {
    pub from: Period,
    pub rate: i64,
    /// Lowest first (階梯); of a metered item.
    pub tiers: Vec<Tier>,
    pub span: TierSpan,
    /// A contract or a price list, and its clause.
    pub grounds: String,
}

impl NewRate {
    /// A rate without steps or grounds.
    pub fn plain(from: Period, rate: i64) -> NewRate {
        NewRate {
            from,
            rate,
            tiers: Vec::new(),
            span: TierSpan::Month,
            grounds: String::new(),
        }
    }
}

/// More steps than any tariff has.
pub const TIERS_MAX: usize = 8;

/// As [`set_rate`], with the rates of larger quantities (階梯, of a metered item) and the
/// paper that the rate stands on: a contract and its clause.
pub async fn set_rate_by(house: &House, by: &Actor, id: Id, new: NewRate) -> Result<(), FeesError> {
    by.may(Permission::FeesSet)?;
    let NewRate {
        from,
        rate,
        tiers,
        span,
        grounds,
    } = new;
    let rising = tiers.windows(2).all(|w| w[0].above < w[1].above);
    let fits = |t: &Tier| (1..=FEN_MAX).contains(&t.above) && (1..=FEN_MAX).contains(&t.rate);
    if tiers.len() > TIERS_MAX || !rising || !tiers.iter().all(fits) {
        return Err(FeesError::Tiers);
    }
    let grounds = grounds.trim().to_owned();
    if grounds.chars().count() > NOTE_CHARS_MAX {
        return Err(FeesError::NoteTooLong);
    }
    house
        .write(
            by.community,
            &by.who_for(Permission::FeesSet),
            move |mut tx| {
                let c = tx.community();
                let item: FeeItem = tx
                    .optional(store::item(c, id))?
                    .ok_or(FeesError::NoSuchItem)?;
                let rate = checked_rate(item.basis, rate)?;
                if !tiers.is_empty() && item.basis != Basis::Metered {
                    return Err(FeesError::Tiers);
                }
                tx.execute(store::put_rate(c, id, from, rate, span, &grounds))?;
                store::put_tiers(&mut tx, id, from, &tiers)?;
                let event = Event::new(events::RATE_SET)
                    .about("fee_item", id)
                    .with("from", from.number())
                    .with("rate", rate)
                    .with("tiers", tiers.len() as i64)
                    .with("span", span.word());
                Ok(tx.record(event, ())?)
            },
        )
        .await
}

fn checked_rate(basis: Basis, rate: i64) -> Result<i64, FeesError> {
    match basis {
        Basis::Given => Err(FeesError::NoRates),
        _ if (1..=FEN_MAX).contains(&rate) => Ok(rate),
        _ => Err(FeesError::Amount),
    }
}

/// All items of the compound with the rate that holds in `period`, in the order of
/// their kinds and names.
pub async fn items(
    house: &House,
    by: &Actor,
    period: Period,
) -> Result<Vec<(FeeItem, Option<i64>)>, FeesError> {
    by.may(Permission::FeesRead)?;
    Ok(all_items(house, by.community, period).await?)
}

pub(super) async fn all_items(
    house: &House,
    c: foundation::database::Community,
    period: Period,
) -> Result<Vec<(FeeItem, Option<i64>)>, DbError> {
    let rows: Vec<store::ItemWithRate> = house.db.all(store::items_with_rate(c, period)).await?;
    Ok(rows.into_iter().map(|r| (r.item, r.rate)).collect())
}

/// A rate as it was set, with the paper that it stands on.
#[derive(Clone, Debug)]
pub struct RateView {
    pub from: Period,
    pub rate: i64,
    pub tiers: Vec<Tier>,
    pub span: TierSpan,
    pub grounds: String,
}

/// Every rate of an item, the newest first.
pub async fn rates(house: &House, by: &Actor, item: Id) -> Result<Vec<RateView>, FeesError> {
    by.may(Permission::FeesRead)?;
    let c = by.community;
    let set: Vec<store::RateSet> = house.db.all(store::rates_of(c, item)).await?;
    let mut out = Vec::with_capacity(set.len());
    for one in set {
        out.push(RateView {
            tiers: house.db.all(store::tiers(c, item, one.from)).await?,
            from: one.from,
            rate: one.rate,
            span: one.span,
            grounds: one.grounds,
        });
    }
    Ok(out)
}
