//! A room's account: its bills, what was paid, what is left, and the plan if there
//! is one; and the cashier's day book.

use jiff::civil::Date;

use super::arrears::{Arrears, arrears_of};
use super::items::ItemKind;
use super::money::{Fen, Period};
use super::payments::Way;
use super::plans::PlanPart;
use super::{FeesError, own_words, store};
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use permissions::Permission;
use permissions::actor::Actor;

/// One room's account on one day.
#[derive(Clone, Debug)]
pub struct AccountView {
    pub room: Id,
    pub code: String,
    /// 0.01 m²
    pub area: Option<i64>,
    /// Newest due date first, at most [`SHOWN_MAX`].
    pub bills: Vec<BillView>,
    /// Newest first, at most [`SHOWN_MAX`].
    pub payments: Vec<PaymentView>,
    /// Newest first, of the bills shown.
    pub corrections: Vec<CorrectionView>,
    /// The active plan.
    pub plan: Option<PlanView>,
    /// Everything open, due or not.
    pub owed: Fen,
    /// Paid and not yet set against a bill.
    pub credit: Fen,
    pub arrears: Arrears,
}

/// Bills and payments that one page shows: ten years of five items.
pub const SHOWN_MAX: i64 = 600;

#[derive(Clone, Debug)]
pub struct BillView {
    pub id: Id,
    pub item: Id,
    pub item_name: String,
    pub kind: ItemKind,
    pub period: Period,
    pub period_last: Period,
    pub amount: Fen,
    pub adjusted: Fen,
    pub written_off: Fen,
    pub allocated: Fen,
    pub owed: Fen,
    pub due: Date,
    /// `open`, `settled` or `void`
    pub state: String,
    pub void_reason: String,
    /// The days of the month that it is for; 0 for whole months.
    pub days: i64,
}

impl BillView {
    pub fn is_open(&self) -> bool {
        self.state == "open"
    }

    pub fn is_void(&self) -> bool {
        self.state == "void"
    }

    /// Adjustments and write-offs together, as they change what is to be paid.
    pub fn corrected(&self) -> Fen {
        Fen(self.adjusted.0 - self.written_off.0)
    }

    pub fn is_overdue(&self, today: impl std::borrow::Borrow<Date>) -> bool {
        self.owed.0 > 0 && self.due < *today.borrow()
    }

    /// `2026-03`, `2026-01 – 2026-03`, or `2026-03 (16/31)` for a part of it.
    pub fn months(&self) -> String {
        if self.days > 0 {
            let of = self.period.day(31).day();
            format!("{} ({}/{of})", self.period, self.days)
        } else if self.period == self.period_last {
            self.period.to_string()
        } else {
            format!("{} – {}", self.period, self.period_last)
        }
    }
}

#[derive(Clone, Debug)]
pub struct PaymentView {
    pub id: Id,
    pub room: Id,
    pub room_code: String,
    pub paid_on: Date,
    pub way: Way,
    pub amount: Fen,
    pub credit: Fen,
    pub receipt: String,
    pub payer: String,
    pub note: String,
    /// `received` or `void`
    pub state: String,
    pub void_reason: String,
}

impl PaymentView {
    pub fn is_void(&self) -> bool {
        self.state == "void"
    }
}

/// An adjustment or a write-off.
#[derive(Clone, Debug)]
pub struct CorrectionView {
    pub bill: Id,
    pub item_name: String,
    pub period: Period,
    pub is_write_off: bool,
    pub amount: Fen,
    pub reason: String,
    pub at_ms: i64,
}

#[derive(Clone, Debug)]
pub struct PlanView {
    pub id: Id,
    pub from: Date,
    pub until: Date,
    pub note: String,
    pub parts: Vec<PlanPart>,
}

/// The account of a room, for the desk or for whoever owns it. A room of another
/// compound and a room that is not one's own do not exist.
pub async fn account(house: &House, by: &Actor, room: Id) -> Result<AccountView, FeesError> {
    let (c, today) = (by.community, house.now().date());
    if !by.has(Permission::FeesRead) {
        by.may(Permission::HomeRead)?;
        let mine = my_rooms(house, by).await?;
        if !mine.iter().any(|(id, _)| *id == room) {
            return Err(FeesError::NoSuchRoom);
        }
    }
    let (code, area) = house
        .db
        .optional::<(String, Option<i64>)>(store::room_head(c, room))
        .await?
        .ok_or(FeesError::NoSuchRoom)?;
    let (owed,) = house.db.one::<(Fen,)>(store::owed_by(c, room)).await?;
    let credits: Option<(Id, Fen)> = house
        .db
        .optional(store::credits_of_rooms(c, &[room]))
        .await?;
    let mut view = AccountView {
        room,
        code,
        area,
        bills: house
            .db
            .all(store::bills_of_room(c, room, SHOWN_MAX))
            .await?,
        payments: house
            .db
            .all(store::payments_of_room(c, room, SHOWN_MAX))
            .await?,
        corrections: house
            .db
            .all(store::corrections_of_room(c, room, SHOWN_MAX))
            .await?,
        plan: active_plan(house, c, room).await?,
        owed,
        credit: credits.map_or(Fen::ZERO, |(_, credit)| credit),
        arrears: arrears_of(house, c, room, today).await?,
    };
    own_words::open_payments(house, c, &mut view.payments).await?;
    let plan = view.plan.as_mut();
    let (bills, corrections) = (&mut view.bills, &mut view.corrections);
    own_words::open_account(house, c, room, bills, corrections, plan).await?;
    Ok(view)
}

async fn active_plan(house: &House, c: Community, room: Id) -> Result<Option<PlanView>, FeesError> {
    let plan: Option<PlanView> = house.db.optional(store::active_plan(c, room)).await?;
    let Some(mut plan) = plan else {
        return Ok(None);
    };
    plan.parts = house.db.all(store::plan_parts(c, plan.id)).await?;
    Ok(Some(plan))
}

/// The rooms that the actor's person owns today, in shelf order.
pub async fn my_rooms(house: &House, by: &Actor) -> Result<Vec<(Id, String)>, FeesError> {
    by.may(Permission::HomeRead)?;
    let Some(person) = by.person else {
        return Ok(Vec::new());
    };
    let today = house.now().date();
    Ok(house
        .db
        .all(store::rooms_owned_by(by.community, person, today))
        .await?)
}

/// The payments received on a day, in the order of recording: what the cashier
/// counts the drawer against.
pub async fn payments_of_day(
    house: &House,
    by: &Actor,
    day: Date,
) -> Result<Vec<PaymentView>, FeesError> {
    by.may(Permission::FeesRead)?;
    let day = store::payments_of_day(by.community, day, SHOWN_MAX);
    let mut payments: Vec<PaymentView> = house.db.all(day).await?;
    own_words::open_payments(house, by.community, &mut payments).await?;
    Ok(payments)
}

/// One bill with its room and what corrected it.
pub(super) async fn bill_view(
    house: &House,
    by: &Actor,
    bill: Id,
) -> Result<(Id, String, BillView, Vec<CorrectionView>), FeesError> {
    by.may(Permission::FeesRead)?;
    let c = by.community;
    let (room, code) = house
        .db
        .optional::<(Id, String)>(store::room_of_bill(c, bill))
        .await?
        .ok_or(FeesError::NoSuchBill)?;
    let mut view: BillView = house.db.one(store::bill_view(c, bill)).await?;
    let mut corrections: Vec<CorrectionView> = house
        .db
        .all(store::corrections_of_bill(c, bill, SHOWN_MAX))
        .await?;
    let bills = std::slice::from_mut(&mut view);
    own_words::open_account(house, c, room, bills, &mut corrections, None).await?;
    Ok((room, code, view, corrections))
}
