//! What the clock does in this room: invitations run out, the invited are reminded,
//! pictures are destroyed, suspensions and leavings end.

use std::sync::Arc;

use serde_json::json;

use super::policy::{Policy, policy_in};
use super::{MembershipError, events, invite, pictures, store};
use foundation::clock::DAY;
use foundation::database::{Community, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::{Job, Runner, enqueue};
use foundation::ledger::Event;
use permissions::actor::Actor;

pub const EXPIRE: &str = "membership.expire";
pub const REMIND: &str = "membership.remind";
pub const ERASE: &str = "membership.erase";
pub const TERM: &str = "membership.term";

/// Registers this room's jobs.
pub fn jobs(runner: Runner<House>) -> Runner<House> {
    runner
        .on(EXPIRE, |house: Arc<House>, job: Job| async move {
            let id = id_of(&job, "invitation")?;
            let by = Actor::system(job.community);
            invite::expire(&house, &by, id).await.map_err(said)
        })
        .on(REMIND, |house: Arc<House>, job: Job| async move {
            let id = id_of(&job, "invitation")?;
            let by = Actor::system(job.community);
            invite::remind(&house, &by, id).await.map_err(said)
        })
        .on(ERASE, |house: Arc<House>, job: Job| async move {
            let id = id_of(&job, "application")?;
            erase_pictures(&house, job.community, id)
                .await
                .map_err(said)
        })
        .on(TERM, |house: Arc<House>, job: Job| async move {
            let id = id_of(&job, "member")?;
            let by = Actor::system(job.community);
            super::members::term(&house, &by, id).await.map_err(said)
        })
}

fn said(e: MembershipError) -> String {
    e.to_string()
}

fn id_of(job: &Job, name: &str) -> Result<Id, String> {
    let text = job.payload[name].as_str().unwrap_or_default();
    text.parse().map_err(|_| format!("the job names no {name}"))
}

/// Plans the destruction of an application's pictures after its decision.
pub(super) fn plan_erasure(
    tx: &mut Tx<'_>,
    c: Community,
    application: Id,
) -> Result<(), MembershipError> {
    let (_, policy) = policy_in(tx, c)?;
    plan_erasure_after(tx, application, &policy)
}

pub(super) fn plan_erasure_after(
    tx: &mut Tx<'_>,
    application: Id,
    policy: &Policy,
) -> Result<(), MembershipError> {
    let due = tx.now().plus(i64::from(policy.pictures_days) * DAY);
    let what = json!({ "application": application });
    // By time as well: an application decided anew has a new term.
    enqueue(
        tx,
        ERASE,
        &format!("{ERASE}:{application}:{}", due.0),
        &what,
        due,
    )?;
    Ok(())
}

/// Destroys the pictures and the identity number of a decided application.
pub async fn erase_pictures(
    house: &House,
    c: Community,
    application: Id,
) -> Result<(), MembershipError> {
    let app: Option<store::Application> = house
        .db
        .optional(store::application(c, application))
        .await?;
    // Decided anew meanwhile, or open again: that decision has its own term.
    if app.is_none_or(|a| a.state.is_open()) {
        return Ok(());
    }
    // The files first: should the house stop in between, the job comes again.
    pictures::forget_files(house, c, application).await;
    // With the key goes every copy: the draft, the pictures, the number, backups included.
    house
        .keys
        .shred(c, application, "application", house.now())
        .await?;
    let by = Actor::system(c);
    let out = house
        .write(c, &by.who(), move |mut tx| {
            let now = tx.now();
            let gone = tx.execute(store::erase_pictures(c, application, now))?;
            if gone == 0 && tx.execute(store::mark_erased(c, application, now))? == 0 {
                return Err(MembershipError::NotFound);
            }
            tx.execute(store::mark_erased(c, application, now))?;
            let event = Event::new(events::PICTURES_ERASED)
                .about("application", application)
                .with("pictures", gone as i64);
            Ok(tx.record(event, ())?)
        })
        .await;
    invite::settled(out)
}
