//! Removal takes two: whoever proposed it and another, one of them host or manager. It
//! ends the voice in the group and nothing else.

use crate::policy::policy_in;
use crate::state::SanctionState;
use crate::{Case, ConductError, Sanction, Strike, events, not_a_party, store};
use foundation::clock::DAY;
use foundation::database::Look;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// The second person confirms a proposed removal.
pub async fn confirm(house: &House, by: &Actor, sanction: Id) -> Result<(), ConductError> {
    by.may(Permission::ConductRemove)?;
    let account = by.account.ok_or(ConductError::NotFound)?;
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::ConductRemove), move |mut tx| {
            let now = tx.now();
            let s: Option<Sanction> = tx.optional(store::sanction(c, sanction))?;
            let s = s.ok_or(ConductError::NotFound)?;
            if s.state != SanctionState::Proposed {
                return Err(ConductError::NotPending);
            }
            if s.imposed_by == Some(account) {
                return Err(ConductError::Involved);
            }
            let strike: Strike = tx.one(store::strike(c, s.strike))?;
            let case: Case = tx.one(store::case(c, strike.case))?;
            not_a_party(&mut tx, c, &case, account)?;
            let (_, policy) = policy_in(&mut tx, c)?;
            let until = now.plus(i64::from(policy.removal_days) * DAY);
            if let Some(member) = s.member {
                let event = membership::members::remove_in(&mut tx, member, until)?;
                tx.also(event)?;
            }
            tx.execute(store::confirm_removal(c, sanction, account, now))?;
            let event = Event::new(events::REMOVAL_CONFIRMED)
                .about("sanction", sanction)
                .to(Audience::Account(s.account))
                .with("strike", s.strike)
                .with("until", until);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Removals that wait for their second person.
pub async fn waiting(house: &House, by: &Actor) -> Result<Vec<Sanction>, ConductError> {
    by.may(Permission::ConductRead)?;
    Ok(house.db.all(store::proposals(by.community)).await?)
}

/// Lifts a mute or a removal before its end: grace, not a reversal; the strike stays.
pub async fn lift(house: &House, by: &Actor, sanction: Id) -> Result<(), ConductError> {
    by.may(Permission::ConductRemove)?;
    let account = by.account.ok_or(ConductError::NotFound)?;
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::ConductRemove), move |mut tx| {
            let now = tx.now();
            let s: Option<Sanction> = tx.optional(store::sanction(c, sanction))?;
            let s = s.ok_or(ConductError::NotFound)?;
            if !s.state.may_become(SanctionState::Lifted) {
                return Err(ConductError::NotPending);
            }
            let strike: Strike = tx.one(store::strike(c, s.strike))?;
            let case: Case = tx.one(store::case(c, strike.case))?;
            not_a_party(&mut tx, c, &case, account)?;
            tx.execute(store::move_sanction(
                c,
                sanction,
                s.state,
                SanctionState::Lifted,
                now,
            ))?;
            if s.kind == crate::channels::SanctionKind::Removal {
                crate::reversal::readmit(&mut tx, &s)?;
            }
            let event = Event::new(events::LIFTED)
                .about("sanction", sanction)
                .to(Audience::Account(s.account))
                .with("strike", s.strike);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// The case that a sanction goes back to.
pub async fn case_of(
    house: &House,
    c: foundation::database::Community,
    sanction: &Sanction,
) -> Result<Id, ConductError> {
    let strike: Strike = house.db.one(store::strike(c, sanction.strike)).await?;
    Ok(strike.case)
}
