//! The box itself leaves the shelf under a viewing, and comes back: each by the code on its
//! label. A box that is late is called out after an hour and after a day.

use foundation::clock::{DAY, HOUR};
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::cancel;
use permissions::Permission;
use permissions::actor::Actor;

use crate::act;
use crate::scope::Mode;
use crate::store::{self, lent};
use crate::{Loan, ViewingError, clock, events, persons};

/// Loans that are looked at together.
const OUT_MAX: i64 = 200;

/// Lends a box of an open viewing.
///
/// # Errors
/// [`ViewingError::OtherBox`] for a void label and for another dossier's;
/// [`ViewingError::BoxOut`]; [`ViewingError::Scope`] where no loan was granted or the window
/// is not open.
pub async fn lend(house: &House, by: &Actor, id: Id, typed: &str) -> Result<Id, ViewingError> {
    by.may(Permission::ViewingRegister)?;
    let c = by.community;
    let v = act::one(house, c, id).await?;
    // Who borrows does not hand it to themselves.
    let mine = persons::acting(house, by).await?;
    if mine == v.asker_as {
        return Err(ViewingError::NotFound);
    }
    let (one, void) = shelves::audit::scan(house, by, typed).await?;
    let dossiers: Vec<(Id, Id, String, String)> = house.db.all(store::dossiers_of(c, id)).await?;
    if void || !dossiers.iter().any(|(d, ..)| *d == one.dossier) {
        return Err(ViewingError::OtherBox);
    }
    let account = by.account.ok_or(ViewingError::NotFound)?;
    let name = accounts::name_of(house, account).await?;
    let loan_id = house.id();
    house
        .write(c, &persons::registering(by), move |mut tx| {
            let v = act::held(&mut tx, id)?;
            let now = tx.now();
            let Some(due_at) = v.ends_at.filter(|_| v.is_open(now)) else {
                return Err(ViewingError::Scope);
            };
            if !v.granted.modes.has(Mode::Loan) {
                return Err(ViewingError::Scope);
            }
            let loan = Loan {
                id: loan_id,
                viewing: id,
                one: one.id,
                label: format!("{} {}", one.code, one.tenure_text()),
                at: now,
                by_name: name,
                due_at,
                rung: 0,
                back_at: None,
                back_name: String::new(),
            };
            if tx.execute(lent::lend(c, &loan))? == 0 {
                return Err(ViewingError::BoxOut);
            }
            shelves::away::leaves(&mut tx, c, one.id)?;
            act::box_due(&mut tx, loan_id, 1, due_at.plus(HOUR))?;
            act::box_due(&mut tx, loan_id, 2, due_at.plus(DAY))?;
            let event = act::begun(&v, events::BOX_LENT)
                .with("box", one.id)
                .with("loan", loan_id)
                .with("due", due_at);
            Ok(tx.record(event, loan_id)?)
        })
        .await
}

/// A box is back on the shelf: the code on its label says which.
///
/// # Errors
/// [`ViewingError::OtherBox`] when no loan of this box is out.
pub async fn take_back(house: &House, by: &Actor, typed: &str) -> Result<Loan, ViewingError> {
    by.may(Permission::ViewingRegister)?;
    let c = by.community;
    let (one, _) = shelves::audit::scan(house, by, typed).await?;
    let found: Option<Loan> = house.db.optional(lent::of_box(c, one.id)).await?;
    let loan = found.ok_or(ViewingError::OtherBox)?;
    let account = by.account.ok_or(ViewingError::NotFound)?;
    let name = accounts::name_of(house, account).await?;
    house
        .write(c, &persons::registering(by), move |mut tx| {
            let now = tx.now();
            if tx.execute(lent::back(c, loan.id, &name, now))? == 0 {
                return Err(ViewingError::Changed);
            }
            shelves::away::is_back(&mut tx, c, loan.one)?;
            for rung in [1, 2] {
                cancel(&mut tx, &format!("{}:{}:{rung}", clock::BOX_DUE, loan.id))?;
            }
            let v = act::held(&mut tx, loan.viewing)?;
            let event = act::begun(&v, events::BOX_RETURNED)
                .with("box", loan.one)
                .with("loan", loan.id)
                .with("late", loan.due_at < now);
            Ok(tx.record(event, loan)?)
        })
        .await
}

/// Boxes that are out, the first due first.
pub async fn out(house: &House, by: &Actor) -> Result<Vec<Loan>, ViewingError> {
    by.may(Permission::ViewingRegister)?;
    Ok(house.db.all(lent::out(by.community, OUT_MAX)).await?)
}

/// The loans of a viewing.
pub async fn of(house: &House, by: &Actor, viewing: Id) -> Result<Vec<Loan>, ViewingError> {
    Ok(house
        .db
        .all(lent::of_viewing(by.community, viewing))
        .await?)
}
