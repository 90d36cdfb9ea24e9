//! 代理管理員: until stewards are elected and trained, the host appoints an active member
//! to keep order for at most 90 days, shown as such. It ends by itself, exactly once.

use serde_json::json;

use foundation::clock::{DAY, Moment};
use foundation::database::{Community, DbError, FromRow, Look, Row, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::{Job, Runner, cancel, enqueue};
use foundation::ledger::{Audience, Event};
use membership::directory;
use permissions::actor::Actor;
use permissions::{Permission, Role};

use crate::{GroupError, events, store};

/// The longest term (the charter of the group, 03).
pub const DAYS_MAX: i64 = 90;
const JOB: &str = "group.acting_over";

/// An appointment in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acting {
    pub id: Id,
    pub account: Id,
    pub member: Id,
    pub from: Moment,
    pub until: Moment,
}

impl FromRow for Acting {
    fn from_row(row: &mut Row) -> Result<Acting, DbError> {
        Ok(Acting {
            id: row.next()?,
            account: row.next()?,
            member: row.next()?,
            from: row.next()?,
            until: row.next()?,
        })
    }
}

/// The appointments in force in a compound.
pub async fn now(house: &House, c: Community) -> Result<Vec<Acting>, GroupError> {
    Ok(house.db.all(store::acting(c, house.now())).await?)
}

/// The appointment of an account, if one is in force.
pub async fn of(house: &House, c: Community, account: Id) -> Result<Option<Acting>, GroupError> {
    let found = store::acting_of(c, account, house.now());
    Ok(house.db.optional(found).await?)
}

/// Appoints an active member for so many days.
///
/// # Errors
/// [`GroupError::Term`] outside 1 to [`DAYS_MAX`] days; [`GroupError::StewardAlready`] for
/// whoever is one; [`GroupError::NotFound`] for whoever is no active member.
pub async fn appoint(
    house: &House,
    by: &Actor,
    account: Id,
    days: i64,
) -> Result<Moment, GroupError> {
    by.may(Permission::GroupLead)?;
    if !(1..=DAYS_MAX).contains(&days) {
        return Err(GroupError::Term);
    }
    let c = by.community;
    let member = directory::active(house, c, account).await?;
    let member = member.ok_or(GroupError::NotFound)?;
    let stewards = accounts::staff::holders(house, c, &[Role::Steward]).await?;
    if stewards.iter().any(|s| s.id == account) {
        return Err(GroupError::StewardAlready);
    }
    let id = house.id();
    house
        .write(c, &by.who_for(Permission::GroupLead), move |mut tx| {
            let now = tx.now();
            let until = now.plus(days * DAY);
            // A term that is over while its job has not come yet makes room for the next.
            if let Some(ended) = close(&mut tx, account, "term", Some(now))? {
                tx.also(ended)?;
            }
            let one = Acting {
                id,
                account,
                member: member.id,
                from: now,
                until,
            };
            if tx.execute(store::insert_acting(c, &one))? == 0 {
                return Err(GroupError::StewardAlready);
            }
            accounts::grant(
                &mut tx,
                c,
                account,
                Role::Steward,
                member.party,
                Some(until),
            )?;
            let payload = json!({ "acting": id });
            enqueue(&mut tx, JOB, &format!("{JOB}:{id}"), &payload, until)?;
            let event = Event::new(events::ACTING_APPOINTED)
                .about("account", account)
                .to(Audience::Members)
                .with("acting", id)
                .with("until", until);
            Ok(tx.record(event, until)?)
        })
        .await
}

/// Ends an appointment before its time.
pub async fn dismiss(house: &House, by: &Actor, account: Id) -> Result<(), GroupError> {
    by.may(Permission::GroupLead)?;
    let who = by.who_for(Permission::GroupLead);
    house
        .write(by.community, &who, move |mut tx| {
            let ended = close(&mut tx, account, "host", None)?;
            let ended = ended.ok_or(GroupError::NotFound)?;
            Ok(tx.record(ended, ())?)
        })
        .await
}

/// Ends whoever's membership ended; whether there was an appointment.
pub async fn left(house: &House, c: Community, account: Id) -> Result<bool, GroupError> {
    if directory::active(house, c, account).await?.is_some() {
        return Ok(false);
    }
    end_by_itself(house, c, account, "left", None).await
}

async fn end_by_itself(
    house: &House,
    c: Community,
    account: Id,
    why: &'static str,
    over_at: Option<Moment>,
) -> Result<bool, GroupError> {
    let done = house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            let ended = close(&mut tx, account, why, over_at)?;
            let ended = ended.ok_or(GroupError::Changed)?;
            Ok(tx.record(ended, true)?)
        })
        .await;
    match done {
        Err(GroupError::Changed) => Ok(false),
        other => other,
    }
}

/// Closes the open appointment of an account, with the role it gave; with `over_at` only
/// when its time is over by then. The event to record, or nothing where none was open.
fn close(
    tx: &mut Tx<'_>,
    account: Id,
    why: &'static str,
    over_at: Option<Moment>,
) -> Result<Option<Event>, GroupError> {
    let (c, now) = (tx.community(), tx.now());
    let open: Option<Acting> = tx.optional(store::open_acting(c, account))?;
    let Some(open) = open.filter(|a| over_at.is_none_or(|at| a.until <= at)) else {
        return Ok(None);
    };
    if tx.execute(store::end_acting(c, open.id, now, why))? == 0 {
        return Ok(None);
    }
    accounts::revoke(tx, c, account, Role::Steward)?;
    cancel(tx, &format!("{JOB}:{}", open.id))?;
    let event = Event::new(events::ACTING_ENDED)
        .about("account", account)
        .to(Audience::Members)
        .with("acting", open.id)
        .with("why", why);
    Ok(Some(event))
}

/// Who ends terms.
pub fn jobs(runner: Runner<House>) -> Runner<House> {
    runner.on(JOB, |house, job: Job| async move {
        let id = job.payload["acting"].as_str().unwrap_or_default();
        let id: Id = id
            .parse()
            .map_err(|_| "an appointment without id".to_owned())?;
        let c = job.community;
        let found: Option<Acting> = house
            .db
            .optional(store::acting_by_id(c, id))
            .await
            .map_err(|e| e.to_string())?;
        let Some(one) = found else { return Ok(()) };
        end_by_itself(&house, c, one.account, "term", Some(house.now()))
            .await
            .map(|_| ())
            .map_err(|e| e.to_string())
    })
}
