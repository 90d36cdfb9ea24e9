//! What the clock does in this room: mutes end, strikes expire, removals that nobody
//! confirmed lapse, undecided appeals go up, old texts are forgotten. Each once, however
//! often a runner dies between the act and the tick.

use std::sync::Arc;

use crate::state::{SanctionState, StrikeState};
use crate::{Case, ConductError, Sanction, Strike, appeals, events, store};
use foundation::database::Look;
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::{Job, Runner};
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;

pub const END: &str = "conduct.end";
pub const LAPSE: &str = "conduct.lapse";
pub const EXPIRE: &str = "conduct.expire";
pub const APPEAL_DUE: &str = "conduct.appeal_due";
pub const FORGET: &str = "conduct.forget";

/// Registers this room's jobs.
pub fn jobs(runner: Runner<House>) -> Runner<House> {
    runner
        .on(END, |house: Arc<House>, job: Job| async move {
            let (by, id) = who(&job, "sanction")?;
            settled(end(&house, &by, id).await)
        })
        .on(LAPSE, |house: Arc<House>, job: Job| async move {
            let (by, id) = who(&job, "sanction")?;
            settled(lapse(&house, &by, id).await)
        })
        .on(EXPIRE, |house: Arc<House>, job: Job| async move {
            let (by, id) = who(&job, "strike")?;
            settled(expire(&house, &by, id).await)
        })
        .on(APPEAL_DUE, |house: Arc<House>, job: Job| async move {
            let (by, id) = who(&job, "appeal")?;
            settled(appeals::escalate(&house, &by, id).await)
        })
        .on(FORGET, |house: Arc<House>, job: Job| async move {
            let (by, id) = who(&job, "case")?;
            settled(forget(&house, &by, id).await)
        })
}

fn who(job: &Job, name: &str) -> Result<(Actor, Id), String> {
    let text = job.payload[name].as_str().unwrap_or_default();
    let id = text
        .parse()
        .map_err(|_| format!("the job names no {name}"))?;
    Ok((Actor::system(job.community), id))
}

/// What is done already, or was taken back, is no failure of a job.
fn settled(out: Result<(), ConductError>) -> Result<(), String> {
    match out {
        Ok(()) | Err(ConductError::NotPending | ConductError::NotFound) => Ok(()),
        Err(e) => Err(e.to_string()),
    }
}

/// A mute's time is over.
pub async fn end(house: &House, by: &Actor, sanction: Id) -> Result<(), ConductError> {
    let c = by.community;
    house
        .write(c, &by.who(), move |mut tx| {
            let now = tx.now();
            let s: Option<Sanction> = tx.optional(store::sanction(c, sanction))?;
            let s = s.ok_or(ConductError::NotFound)?;
            let over = s.ends_at.is_some_and(|end| end <= now);
            let runs = matches!(s.state, SanctionState::Active | SanctionState::Paused);
            if !over || !runs {
                return Err(ConductError::NotPending);
            }
            tx.execute(store::move_sanction(
                c,
                sanction,
                s.state,
                SanctionState::Served,
                now,
            ))?;
            let event = Event::new(events::SERVED)
                .about("sanction", sanction)
                .to(Audience::Account(s.account))
                .with("strike", s.strike);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Nobody confirmed the removal in time.
async fn lapse(house: &House, by: &Actor, sanction: Id) -> Result<(), ConductError> {
    let c = by.community;
    house
        .write(c, &by.who(), move |mut tx| {
            let now = tx.now();
            let s: Option<Sanction> = tx.optional(store::sanction(c, sanction))?;
            let s = s.ok_or(ConductError::NotFound)?;
            if s.state != SanctionState::Proposed {
                return Err(ConductError::NotPending);
            }
            tx.execute(store::move_sanction(
                c,
                sanction,
                s.state,
                SanctionState::Lapsed,
                now,
            ))?;
            let event = Event::new(events::REMOVAL_LAPSED)
                .about("sanction", sanction)
                .to(Audience::Staff)
                .with("strike", s.strike);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// A strike counts no more.
async fn expire(house: &House, by: &Actor, strike: Id) -> Result<(), ConductError> {
    let c = by.community;
    house
        .write(c, &by.who(), move |mut tx| {
            let s: Option<Strike> = tx.optional(store::strike(c, strike))?;
            let s = s.ok_or(ConductError::NotFound)?;
            if s.expires_at > tx.now()
                || tx.execute(store::set_strike(c, strike, StrikeState::Expired))? == 0
            {
                return Err(ConductError::NotPending);
            }
            let event = Event::new(events::STRIKE_EXPIRED)
                .about("strike", strike)
                .to(Audience::Account(s.account));
            Ok(tx.record(event, ())?)
        })
        .await
}

/// What was said is destroyed with its key; that it was, and what followed, stays.
async fn forget(house: &House, by: &Actor, case: Id) -> Result<(), ConductError> {
    let c = by.community;
    let k: Option<Case> = house.db.optional(store::case(c, case)).await?;
    let k = k.ok_or(ConductError::NotFound)?;
    if k.state.is_waiting() || k.state == crate::state::CaseState::Illegal || k.body.is_none() {
        return Err(ConductError::NotPending);
    }
    let strike: Option<Strike> = house.db.optional(store::strike_of_case(c, case)).await?;
    if let Some(strike) = strike {
        let open: Vec<crate::Appeal> = house.db.all(store::appeals_of_strike(c, strike.id)).await?;
        if open.iter().any(|a| a.state.is_open()) {
            // The appeal's end plans it anew by its own keep.
            return Err(ConductError::NotPending);
        }
    }
    house.keys.shred(c, case, "conduct", house.now()).await?;
    house
        .write(c, &by.who(), move |mut tx| {
            if tx.execute(store::forget_case(c, case))? == 0 {
                return Err(ConductError::NotPending);
            }
            let event = Event::new(events::FORGOTTEN).about("case", case);
            Ok(tx.record(event, ())?)
        })
        .await
}
