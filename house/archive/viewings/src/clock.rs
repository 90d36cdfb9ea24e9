//! What the clock does in this room: terms run out, reviews that nobody did freeze, boxes that
//! are late are called out, owners are told. Each is safe to do twice.

use std::sync::Arc;

use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::{Job, Runner};
use outbox::{Letter, Recipient, Way};
use permissions::actor::Actor;

use crate::act::{self, Deed, act};
use crate::states::{Act, Effect, Refused, State};
use crate::store::{self, lent};
use crate::tell::Tell;
use crate::{Loan, ViewingError, events, persons};

pub const DUE: &str = "viewings.due";
pub const BOX_DUE: &str = "viewings.box_due";
pub const TELL_OWNER: &str = "viewings.tell_owner";

/// A message that was not sent within a week tells nothing new.
const LETTER_EXPIRES: i64 = 7 * foundation::clock::DAY;

/// Registers this room's jobs.
pub fn jobs(runner: Runner<House>) -> Runner<House> {
    runner
        .on(DUE, |house: Arc<House>, job: Job| async move {
            let (by, id) = who(&job, "viewing")?;
            settled(due(&house, &by, id).await)
        })
        .on(BOX_DUE, |house: Arc<House>, job: Job| async move {
            let (by, id) = who(&job, "loan")?;
            let rung = job.payload["rung"].as_i64().unwrap_or(1);
            settled(box_late(&house, &by, id, rung).await)
        })
        .on(TELL_OWNER, |house: Arc<House>, job: Job| async move {
            let (by, id) = who(&job, "viewing")?;
            settled(tell_owner(&house, &by, id).await)
        })
}

fn who(job: &Job, what: &str) -> Result<(Actor, Id), String> {
    let text = job.payload[what].as_str().unwrap_or_default();
    let id = text
        .parse()
        .map_err(|_| format!("the job names no {what}"))?;
    Ok((Actor::system(job.community), id))
}

/// What is done already, or is not due, is no failure of a job.
fn settled(out: Result<(), ViewingError>) -> Result<(), String> {
    match out {
        Ok(()) | Err(ViewingError::NotFound | ViewingError::Changed | ViewingError::Refused(_)) => {
            Ok(())
        }
        Err(e) => Err(e.to_string()),
    }
}

/// A term ran out: what waits expires, a window closes, a review that is owed freezes.
pub async fn due(house: &House, by: &Actor, id: Id) -> Result<(), ViewingError> {
    let c = by.community;
    let v = act::one(house, c, id).await?;
    let (what, kind) = if v.state == State::ReviewDue {
        (Act::Freeze, events::FROZEN)
    } else {
        (Act::Expire, events::EXPIRED)
    };
    let deed = Deed {
        id,
        act: what,
        hand: persons::clock_hand(house),
        kind,
    };
    let done = act(house, c, &by.who(), deed, |_, v, event| {
        let review = v
            .until_at
            .filter(|_| v.state == State::ReviewDue && !v.frozen);
        let event = event.with_some("review_by", review);
        Ok(if v.frozen {
            event.with("asker_as", v.asker_as).with("account", v.asker)
        } else {
            event.with("pages", v.pages)
        })
    })
    .await;
    match done {
        Ok(_) | Err(ViewingError::Refused(Refused::NoWay(_))) => Ok(()),
        Err(e) => Err(e),
    }
}

/// A box is late by an hour, by a day: its first and its second call.
pub async fn box_late(house: &House, by: &Actor, id: Id, rung: i64) -> Result<(), ViewingError> {
    let c = by.community;
    let found: Option<Loan> = house.db.optional(lent::loan(c, id)).await?;
    let loan = found.ok_or(ViewingError::NotFound)?;
    let v = act::one(house, c, loan.viewing).await?;
    let mut tell = Tell::of(house, c, v.asker).await?;
    house
        .write(c, &by.who(), move |mut tx| {
            if tx.execute(lent::escalate(c, id, rung))? == 0 {
                return Err(ViewingError::Changed);
            }
            tell.carry(&mut tx, &v, Effect::TellAsker)?;
            tell.carry(&mut tx, &v, Effect::TellRegistrars)?;
            if rung > 1 {
                tell.carry(&mut tx, &v, Effect::TellDeciders)?;
            }
            let event = act::begun(&v, events::BOX_OVERDUE)
                .with("box", loan.one)
                .with("loan", id)
                .with("rung", rung);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// The owners of the dossiers are told that their file was opened, unless a lawful order
/// withholds it; they read who and why on their own page.
pub async fn tell_owner(house: &House, by: &Actor, id: Id) -> Result<(), ViewingError> {
    let c = by.community;
    let v = act::one(house, c, id).await?;
    let due = v.tell_at.is_some_and(|at| at <= house.now());
    if !due || v.withheld || v.told_at.is_some() || v.state.shows() {
        return Ok(());
    }
    let there: Vec<(Id, Id, String, String)> = house.db.all(store::dossiers_of(c, id)).await?;
    let dossiers: Vec<Id> = there.into_iter().map(|(d, ..)| d).collect();
    let mut accounts = Vec::new();
    for (_, party) in dossiers::for_viewing::owners(house, c, &dossiers).await? {
        accounts.extend(accounts::roles::account_of(house, c, party).await?);
    }
    accounts.sort_unstable();
    accounts.dedup();
    let reachable = outbox::reachable(house, c, &accounts).await?;
    let letter_id = house.id();
    house
        .write(c, &by.who(), move |mut tx| {
            let mut v = act::held(&mut tx, id)?;
            if v.withheld || v.told_at.is_some() {
                return Err(ViewingError::Changed);
            }
            let now = tx.now();
            v.told_at = Some(now);
            v.version += 1;
            tx.execute(store::keep(c, &v))?;
            let letter = Letter {
                source: format!("viewing:{id}"),
                title: "您的業主檔案被查閱".into(),
                text:
                    "您的業主檔案在過去一段時間內被查閱過，誰查閱、為何查閱，請在「我的檔案」查看。"
                        .into(),
                path: "/my/files".into(),
                urgent: false,
                expires_at: now.plus(LETTER_EXPIRES),
            };
            let mut put = 0;
            for account in accounts {
                let way = [Way::Push, Way::Mail]
                    .into_iter()
                    .find(|way| reachable.has(account, *way));
                let Some(way) = way else { continue };
                if put == 0 {
                    outbox::letter_in(&mut tx, letter_id, &letter)?;
                }
                let to = Recipient {
                    account: Some(account),
                    ..Recipient::default()
                };
                put += i64::from(outbox::post_in(&mut tx, letter_id, way, &to, now)?);
            }
            let event = act::begun(&v, events::OWNER_TOLD).with("items", put);
            Ok(tx.record(event, ())?)
        })
        .await
}
