//! The office's settings for keys and processes. Offices differ: one rule gives five working
//! days for looking at an application, another fifteen.

use foundation::database::{Community, DbError, FromRow, Row};
use foundation::house::House;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

use crate::{FormsError, events, store};

/// Working days for looking at an application.
pub const REVIEW_DAYS: std::ops::RangeInclusive<i64> = 5..=15;
/// Months until the second check.
pub const RECHECK_MONTHS: std::ops::RangeInclusive<i64> = 1..=12;
/// Hours that a key may be out.
pub const LOAN_HOURS: std::ops::RangeInclusive<i64> = 1..=168;

/// The settings; without any, the house's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    pub review_days: i64,
    pub recheck_months: i64,
    pub loan_hours: i64,
    pub version: i64,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            review_days: 5,
            recheck_months: 3,
            loan_hours: 24,
            version: 0,
        }
    }
}

impl FromRow for Policy {
    fn from_row(row: &mut Row) -> Result<Policy, DbError> {
        Ok(Policy {
            review_days: row.next()?,
            recheck_months: row.next()?,
            loan_hours: row.next()?,
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

/// Sets them. What runs already keeps its dates.
///
/// # Errors
/// [`FormsError::Changed`] when another set them meanwhile; [`FormsError::Setting`].
pub async fn set(house: &House, by: &Actor, policy: &Policy) -> Result<(), FormsError> {
    by.may(Permission::ArchiveSet)?;
    if !REVIEW_DAYS.contains(&policy.review_days)
        || !RECHECK_MONTHS.contains(&policy.recheck_months)
        || !LOAN_HOURS.contains(&policy.loan_hours)
    {
        return Err(FormsError::Setting);
    }
    let c = by.community;
    let wanted = policy.clone();
    house
        .write(c, &by.who_for(Permission::ArchiveSet), move |mut tx| {
            if tx.execute(store::set_policy(c, &wanted))? == 0 {
                return Err(FormsError::Changed);
            }
            let event = Event::new(events::POLICY_SET)
                .to(Audience::Staff)
                .with("review_days", wanted.review_days)
                .with("recheck_months", wanted.recheck_months)
                .with("loan_hours", wanted.loan_hours);
            Ok(tx.record(event, ())?)
        })
        .await
}
