//! In danger to life, or with the police or the fire brigade at the door, a dossier is opened at
//! once: loudly, for a quarter of an hour, to look only; and somebody uninvolved looks into it
//! within 72 hours, or who opened it is frozen.

use dossiers::Kinds;
use foundation::house::House;
use foundation::ids::Id;
use permissions::actor::Actor;
use permissions::{Permission, Role};

use crate::act::{self, Deed, act};
use crate::policy::Policy;
use crate::scope::{EMERGENCY_WINDOW, Modes, Purpose, ROOMS_BY_ONE, Scope, Way};
use crate::states::{Act, State, step};
use crate::tell::Tell;
use crate::viewing::{self, Texts, Viewing};
use crate::{ViewingError, ask, events, persons, store};

/// What is said when a dossier is opened at once.
#[derive(Clone, Debug)]
pub struct Alarm {
    pub dossiers: Vec<Id>,
    pub kinds: Kinds,
    pub purpose: Purpose,
    pub reason: String,
    /// A colleague who is there; without one the review alone holds it.
    pub witness: Option<Id>,
}

/// Opens dossiers at once.
///
/// # Errors
/// [`ViewingError::Refused`] for other purposes, oneself as witness, without a second factor,
/// while frozen; [`ViewingError::Reason`]; [`ViewingError::Dossiers`] above five.
pub async fn open_now(
    house: &House,
    by: &Actor,
    alarm: &Alarm,
    fresh: bool,
) -> Result<Id, ViewingError> {
    by.may(Permission::ViewingAsk)?;
    let c = by.community;
    let reason = ask::reason(&alarm.reason)?;
    if alarm.dossiers.len() > ROOMS_BY_ONE {
        return Err(ViewingError::Dossiers);
    }
    let all = ask::dossiers(house, c, &alarm.dossiers, alarm.purpose).await?;
    let scope = Scope {
        kinds: alarm.kinds,
        modes: Modes::VIEW,
        window: EMERGENCY_WINDOW,
    };
    let way = Way::Emergency;
    let mut v = ask::blank(house, by, way, alarm.purpose, scope, &all).await?;
    let texts = Texts {
        reason,
        ..Texts::default()
    };
    v.texts = viewing::seal_texts(house, c, v.id, &texts).await?;
    let mut hand = persons::hand(house, by, &v, fresh).await?;
    hand.fresh = fresh;
    let witness = match alarm.witness {
        Some(account) => {
            let names = accounts::staff::names(house, c).await?;
            let found = names.into_iter().find(|(id, _)| *id == account);
            v.witness_name = found.ok_or(ViewingError::NotFound)?.1;
            Some(persons::behind(house, c, account).await?)
        }
        None => None,
    };
    let opened = Act::Break {
        in_danger: Purpose::EMERGENCIES.contains(&alarm.purpose),
        witness,
    };
    let terms = Policy::of(house, c).await?.terms();
    let mut tell = Tell::of(house, c, v.asker).await?;
    let kinds = alarm.kinds;
    house
        .write(c, &by.who_for(Permission::ViewingAsk), move |mut tx| {
            let now = tx.now();
            v.asked_at = now;
            let (next, effects) = step(&v.grant(), opened, &hand, terms, now)?;
            v.becomes(&next);
            ask::put(&mut tx, &mut v, &all, &[])?;
            act::carry(&mut tx, &mut v, effects, &mut tell)?;
            let event = act::begun(&v, events::BROKEN)
                .with("asker_as", v.asker_as)
                .with("purpose", v.purpose.word())
                .with("dossiers", all.iter().map(|d| d.id).collect::<Vec<Id>>())
                .with("kinds", kinds.0)
                .with_some("witness_as", v.witness_as)
                .with_some("ends", v.ends_at);
            Ok(tx.record(event, v.id)?)
        })
        .await
}

/// Somebody uninvolved looks into an emergency: justified, or a violation. Both with what they
/// found.
///
/// # Errors
/// [`ViewingError::Refused`] for who opened it and who stood by; [`ViewingError::Reason`].
pub async fn review(
    house: &House,
    by: &Actor,
    id: Id,
    justified: bool,
    found: &str,
    fresh: bool,
) -> Result<Viewing, ViewingError> {
    by.may(Permission::ViewingDecide)?;
    let c = by.community;
    let found = ask::reason(found)?;
    let v = act::one(house, c, id).await?;
    let hand = persons::hand(house, by, &v, fresh).await?;
    let name = accounts::name_of(house, by.account.unwrap_or(hand.person)).await?;
    let sealed = viewing::also_said(house, c, &v, |t| t.review = found).await?;
    let (kind, act_of) = if justified {
        (events::JUSTIFIED, Act::Justify)
    } else {
        (events::CONDEMNED, Act::Condemn { reasoned: true })
    };
    let deed = Deed {
        id,
        act: act_of,
        hand,
        kind,
    };
    let before = v.texts;
    let who = persons::reviewing(by);
    act(house, c, &who, deed, move |tx, v, event| {
        if v.texts != before {
            return Err(ViewingError::Changed);
        }
        v.texts = sealed;
        v.reviewer_name = name;
        v.reviewed_at = Some(tx.now());
        Ok(event.with("reviewer_as", hand.person))
    })
    .await
}

/// Persons whose viewings are frozen: the viewing of it, whose, since when.
pub async fn frozen(house: &House, by: &Actor) -> Result<Vec<Viewing>, ViewingError> {
    by.may(Permission::ViewingDecide)?;
    let c = by.community;
    let rows: Vec<(Id, Id, foundation::clock::Moment)> =
        house.db.all(store::people::frozen(c)).await?;
    let mut out = Vec::with_capacity(rows.len());
    for (_, viewing, _) in rows {
        out.push(act::one(house, c, viewing).await?);
    }
    Ok(out)
}

/// After a violation the manager lets the person look again; before the review nobody does.
///
/// # Errors
/// [`ViewingError::Refused`] while the review is owed; [`ViewingError::NotFound`] for one's own.
pub async fn thaw(house: &House, by: &Actor, viewing: Id) -> Result<(), ViewingError> {
    by.may(Permission::ViewingDecide)?;
    let c = by.community;
    let mine = persons::acting(house, by).await?;
    let manager = by.roles.contains(&Role::Manager);
    house
        .write(c, &persons::deciding(by), move |mut tx| {
            let v = act::held(&mut tx, viewing)?;
            if !manager || v.asker_as == mine {
                return Err(ViewingError::NotFound);
            }
            if v.state != State::Violation {
                return Err(crate::states::Refused::NoWay(v.state).into());
            }
            if tx.execute(store::people::thaw(c, v.asker_as, viewing))? == 0 {
                return Err(ViewingError::Changed);
            }
            Ok(tx.record(act::begun(&v, events::THAWED), ())?)
        })
        .await
}
