//! The office's terms: how long a demand gives to pay, and when the manager is told.

use foundation::database::{Community, DbError, FromRow, Row};
use foundation::house::House;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

use crate::rule::{TERM_DAYS_DEFAULT, TERM_DAYS_MIN};
use crate::{ArrearsError, events, store};

/// Days that a demand gives to pay.
pub const TERM_DAYS: std::ops::RangeInclusive<i64> = TERM_DAYS_MIN..=90;
/// Days after a missed deadline on which the manager is told; the supervisor is at once.
pub const MANAGER_DAYS: std::ops::RangeInclusive<i64> = 1..=30;

/// The terms; without any, the house's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    pub term_days: i64,
    pub manager_days: i64,
    pub version: i64,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            term_days: TERM_DAYS_DEFAULT,
            manager_days: 7,
            version: 0,
        }
    }
}

impl FromRow for Policy {
    fn from_row(row: &mut Row) -> Result<Policy, DbError> {
        Ok(Policy {
            term_days: row.next()?,
            manager_days: row.next()?,
            version: row.next()?,
        })
    }
}

impl Policy {
    pub async fn of(house: &House, c: Community) -> Result<Policy, DbError> {
        let found = house.db.optional(store::policy(c)).await?;
        Ok(found.unwrap_or_default())
    }
}

/// Sets them. Demands that were issued keep their day.
///
/// # Errors
/// [`ArrearsError::Changed`] when another set them meanwhile; [`ArrearsError::Setting`].
pub async fn set(house: &House, by: &Actor, policy: &Policy) -> Result<(), ArrearsError> {
    by.may(Permission::ArrearsSet)?;
    if !TERM_DAYS.contains(&policy.term_days) || !MANAGER_DAYS.contains(&policy.manager_days) {
        return Err(ArrearsError::Setting);
    }
    let c = by.community;
    let wanted = policy.clone();
    house
        .write(c, &by.who_for(Permission::ArrearsSet), move |mut tx| {
            if tx.execute(store::set_policy(c, &wanted))? == 0 {
                return Err(ArrearsError::Changed);
            }
            let event = Event::new(events::POLICY_SET)
                .to(Audience::Staff)
                .with("term_days", wanted.term_days)
                .with("manager_days", wanted.manager_days);
            Ok(tx.record(event, ())?)
        })
        .await
}
