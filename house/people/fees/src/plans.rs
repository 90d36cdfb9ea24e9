//! Instalment plans: the manager agrees dates and amounts with a household; while a
//! plan runs, arrears say so. A plan forgives nothing.

use jiff::civil::Date;

use super::corrections::may_correct;
use super::money::Fen;
use super::own_words::seal;
use super::{FeesError, NOTE_CHARS_MAX, events, positive, store};
use foundation::database::Look;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// Three years of months: longer than any plan an office agrees.
pub const PLAN_PARTS_MAX: usize = 36;

/// One instalment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanPart {
    pub due: Date,
    pub amount: Fen,
}

/// Agrees a plan; it runs from today until its last instalment's date.
pub async fn agree_plan(
    house: &House,
    by: &Actor,
    room: Id,
    parts: Vec<PlanPart>,
    note: &str,
) -> Result<Id, FeesError> {
    may_correct(by)?;
    let today = house.now().date();
    let rising = parts.windows(2).all(|w| w[0].due < w[1].due);
    let begins = parts.first().is_some_and(|p| p.due >= today);
    if parts.len() > PLAN_PARTS_MAX || !rising || !begins {
        return Err(FeesError::PlanParts);
    }
    for part in &parts {
        positive(part.amount)?;
    }
    let note = note.trim().to_owned();
    if note.chars().count() > NOTE_CHARS_MAX {
        return Err(FeesError::NoteTooLong);
    }
    let note = seal(house, by.community, room, store::PLAN_NOTE, &note).await?;
    let (id, account) = (house.id(), by.account);
    house
        .write(
            by.community,
            &by.who_for(Permission::FeesWriteOff),
            move |mut tx| {
                let c = tx.community();
                let known: Option<(Id,)> = tx.optional(store::room_is_there(c, room))?;
                known.ok_or(FeesError::NoSuchRoom)?;
                tx.execute(store::end_run_out_plan(c, room, today))?;
                if store::insert_plan(&mut tx, id, room, today, &parts, &note, account)? == 0 {
                    return Err(FeesError::PlanActive);
                }
                let event = Event::new(events::PLAN_AGREED)
                    .about("fee_account", room)
                    .to(Audience::Staff)
                    .with("plan", id)
                    .with("parts", parts.len() as i64)
                    .with("fen", Fen::sum(parts.iter().map(|p| p.amount))?.0);
                Ok(tx.record(event, id)?)
            },
        )
        .await
}

/// Ends a plan that was not kept or is no longer needed.
pub async fn end_plan(house: &House, by: &Actor, plan: Id) -> Result<(), FeesError> {
    may_correct(by)?;
    house
        .write(
            by.community,
            &by.who_for(Permission::FeesWriteOff),
            move |mut tx| {
                let c = tx.community();
                let (room, state): (Id, String) = tx
                    .optional(store::plan_room_and_state(c, plan))?
                    .ok_or(FeesError::NoSuchPlan)?;
                if state != "active" {
                    return Err(FeesError::PlanEnded);
                }
                tx.execute(store::mark_plan_ended(c, plan))?;
                let event = Event::new(events::PLAN_ENDED)
                    .about("fee_account", room)
                    .to(Audience::Staff)
                    .with("plan", plan);
                Ok(tx.record(event, ())?)
            },
        )
        .await
}
