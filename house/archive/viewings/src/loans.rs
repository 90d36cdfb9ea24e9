//! The box itself leaves the shelf under a viewing, and comes back: each by the code on its
//! label, and its pages counted both times. A box that is late is called out after an hour and
//! after a day; one with other pages than it left with stays on the board until it is settled.

use foundation::clock::{DAY, HOUR};
use foundation::database::{Community, DbError};
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::cancel;
use permissions::Permission;
use permissions::actor::Actor;

use crate::act;
use crate::scope::Mode;
use crate::store::{self, lent};
use crate::{Loan, ViewingError, ask, clock, events, persons};

/// Loans that are looked at together.
const OUT_MAX: i64 = 200;
/// The column that the words about a difference are sealed for.
const FOUND_TEXT: &str = "viewing_loan_found";
/// Pages of a box: one of 60 mm holds some hundreds.
pub const PAGES_MAX: i64 = 9_999;
/// What was found about a difference, as stored and as it stands in the ledger.
pub const FOUND: [&str; 3] = ["recovered", "miscounted", "lost"];

fn counted(pages: i64) -> Result<i64, ViewingError> {
    if (0..=PAGES_MAX).contains(&pages) {
        Ok(pages)
    } else {
        Err(ViewingError::Count)
    }
}

/// Lends a box of an open viewing; how many pages it leaves with.
///
/// # Errors
/// [`ViewingError::OtherBox`] for a void label and for another dossier's;
/// [`ViewingError::BoxOut`]; [`ViewingError::Count`]; [`ViewingError::Scope`] where no loan was granted or the window
/// is not open.
pub async fn lend(
    house: &House,
    by: &Actor,
    id: Id,
    typed: &str,
    pages: i64,
) -> Result<Id, ViewingError> {
    by.may(Permission::ViewingRegister)?;
    let pages = counted(pages)?;
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
                pages_out: Some(pages),
                pages_back: None,
                amiss: false,
                found: String::new(),
                found_name: String::new(),
                found_at: None,
                found_text: String::new(),
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
                .with("due", due_at)
                .with("pages", pages);
            Ok(tx.record(event, loan_id)?)
        })
        .await
}

/// A box is back on the shelf: the code on its label says which, and how many pages are in it.
///
/// # Errors
/// [`ViewingError::OtherBox`] when no loan of this box is out; [`ViewingError::Count`].
pub async fn take_back(
    house: &House,
    by: &Actor,
    typed: &str,
    pages: i64,
) -> Result<Loan, ViewingError> {
    by.may(Permission::ViewingRegister)?;
    let pages = counted(pages)?;
    let c = by.community;
    let (one, _) = shelves::audit::scan(house, by, typed).await?;
    let found: Option<Loan> = house.db.optional(lent::of_box(c, one.id)).await?;
    let mut loan = found.ok_or(ViewingError::OtherBox)?;
    // What left before pages were counted is counted from now on.
    let amiss = loan.pages_out.is_some_and(|left| left != pages);
    let account = by.account.ok_or(ViewingError::NotFound)?;
    let name = accounts::name_of(house, account).await?;
    house
        .write(c, &persons::registering(by), move |mut tx| {
            let now = tx.now();
            if tx.execute(lent::back(c, loan.id, &name, pages, amiss, now))? == 0 {
                return Err(ViewingError::Changed);
            }
            (loan.pages_back, loan.amiss) = (Some(pages), amiss);
            shelves::away::is_back(&mut tx, c, loan.one)?;
            for rung in [1, 2] {
                cancel(&mut tx, &format!("{}:{}:{rung}", clock::BOX_DUE, loan.id))?;
            }
            let v = act::held(&mut tx, loan.viewing)?;
            let event = act::begun(&v, events::BOX_RETURNED)
                .with("box", loan.one)
                .with("loan", loan.id)
                .with("late", loan.due_at < now)
                .with("pages", pages)
                .with("amiss", amiss);
            Ok(tx.record(event, loan)?)
        })
        .await
}

/// Boxes that are out, the first due first.
pub async fn out(house: &House, by: &Actor) -> Result<Vec<Loan>, ViewingError> {
    by.may(Permission::ViewingRegister)?;
    Ok(house.db.all(lent::out(by.community, OUT_MAX)).await?)
}

/// Boxes that came back with other pages than they left with, until it is settled.
pub async fn amiss(house: &House, by: &Actor) -> Result<Vec<Loan>, ViewingError> {
    by.may(Permission::ViewingRegister)?;
    Ok(house.db.all(lent::amiss(by.community, OUT_MAX)).await?)
}

/// How many of them there are. Whoever calls has asked for the right.
pub async fn amiss_count(house: &House, c: Community) -> Result<u32, DbError> {
    let (n,): (i64,) = house.db.one(lent::amiss_count(c)).await?;
    Ok(u32::try_from(n).unwrap_or(0))
}

/// What became of the pages that were wanting or too many: how, and in what words.
///
/// # Errors
/// [`ViewingError::Reason`] without words; [`ViewingError::Count`] for another end;
/// [`ViewingError::NotFound`] for who had borrowed it; [`ViewingError::Changed`] once it is
/// settled.
pub async fn settle(
    house: &House,
    by: &Actor,
    viewing: Id,
    loan: Id,
    found: &str,
    text: &str,
) -> Result<(), ViewingError> {
    by.may(Permission::ViewingRegister)?;
    let c = by.community;
    let found = FOUND.into_iter().find(|one| *one == found);
    let found = found.ok_or(ViewingError::Count)?;
    let text = ask::reason(text)?;
    let v = act::one(house, c, viewing).await?;
    // Who borrowed it does not say what became of it.
    if persons::acting(house, by).await? == v.asker_as {
        return Err(ViewingError::NotFound);
    }
    let there: Option<Loan> = house.db.optional(lent::loan(c, loan)).await?;
    let there = there.filter(|l| l.viewing == viewing);
    let there = there.ok_or(ViewingError::NotFound)?;
    let name = accounts::name_of(house, by.account.ok_or(ViewingError::NotFound)?).await?;
    let sealed = house.keys.seal_words(c, viewing, FOUND_TEXT, &text).await?;
    house
        .write(c, &persons::registering(by), move |mut tx| {
            let settled = lent::settle(c, loan, found, &name, &sealed, tx.now());
            if tx.execute(settled)? == 0 {
                return Err(ViewingError::Changed);
            }
            let event = act::begun(&v, events::BOX_SETTLED)
                .with("box", there.one)
                .with("loan", loan)
                .with("found", found);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// The loans of a viewing, what was found of them opened.
pub async fn of(house: &House, by: &Actor, viewing: Id) -> Result<Vec<Loan>, ViewingError> {
    let c = by.community;
    let mut all: Vec<Loan> = house.db.all(lent::of_viewing(c, viewing)).await?;
    for loan in &mut all {
        let text = std::mem::take(&mut loan.found_text);
        if !text.is_empty() {
            loan.found_text = house.keys.open_words(c, viewing, FOUND_TEXT, &text).await?;
        }
    }
    Ok(all)
}
