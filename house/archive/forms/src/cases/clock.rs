//! The clock of cases: two days before a date and after it, the office is told, on its screens
//! and by messages.

use foundation::clock::{DAY, Moment};
use foundation::database::{DbError, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::enqueue;
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;
use serde_json::json;

use super::Case;
use crate::store::cases as store;
use crate::tell::{self, About, Tell};
use crate::{FormsError, events, jobs};

/// How long before its date a case is called out.
const BEFORE: i64 = 2 * DAY;

/// Plans both for the case's present date, if it has one. What was planned for an earlier
/// date finds another date and says nothing.
pub(crate) fn plan(tx: &mut Tx<'_>, case: &Case) -> Result<(), DbError> {
    let Some(due) = case.due_at else {
        return Ok(());
    };
    let (id, what) = (case.id, json!({ "case": case.id, "due": due.0 }));
    let late = format!("{}:{id}:{}", jobs::CASE_DUE, due.0);
    enqueue(tx, jobs::CASE_DUE, &late, &what, due.plus(1))?;
    let soon = Moment(due.0 - BEFORE);
    if soon > tx.now() {
        let name = format!("{}:{id}:{}", jobs::CASE_SOON, due.0);
        enqueue(tx, jobs::CASE_SOON, &name, &what, soon)?;
    }
    Ok(())
}

/// Calls a case out, if its date is still the one that was planned for.
pub(crate) async fn call(
    house: &House,
    by: &Actor,
    id: Id,
    due: Moment,
    late: bool,
) -> Result<(), FormsError> {
    let c = by.community;
    let found: Option<Case> = house.db.optional(store::case(c, id)).await?;
    let label = found.ok_or(FormsError::NotFound)?.label();
    let about = if late {
        About::Late(id, label)
    } else {
        About::Soon(id, label)
    };
    let tell = Tell::of(house, by, &about).await?;
    house
        .write(c, &by.who(), move |mut tx| {
            let case: Option<Case> = tx.optional(store::case(c, id))?;
            let case = case.ok_or(FormsError::NotFound)?;
            if case.due_at != Some(due) || case.closed_at.is_some() {
                return Err(FormsError::Changed);
            }
            let kind = if late {
                events::OVERDUE
            } else {
                events::DUE_SOON
            };
            let subject = format!("office_case:{id}");
            if tell::is_said(&mut tx, kind, &subject, |body| body["due"] == due.0)? {
                return Err(FormsError::Changed);
            }
            let told = tell.put(&mut tx)?;
            let event = Event::new(kind)
                .about("office_case", id)
                .to(Audience::Staff)
                .with("dossier", case.dossier)
                .with("due", due)
                .with("told", told);
            Ok(tx.record(event, ())?)
        })
        .await
}
