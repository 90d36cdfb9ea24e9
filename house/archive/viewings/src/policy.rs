//! The office's settings for viewings; the law's and the procedure's own limits stand above.

use foundation::clock::{HOUR, MINUTE};
use foundation::database::{Community, DbError, FromRow, Look, Row, Tx};
use foundation::house::House;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

use crate::states::Terms;
use crate::{ViewingError, events, store};

/// Hours that a request waits for its approval (archive.md P2: 1 h to 7 d).
pub const WAIT_HOURS: std::ops::RangeInclusive<i64> = 1..=168;
/// Minutes of a window (P2: 8 h at most).
pub const WINDOW_MINUTES: std::ops::RangeInclusive<i64> = 5..=480;

/// The settings; without any, the house's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    pub wait_hours: i64,
    pub window_minutes: i64,
    pub version: i64,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            wait_hours: 72,
            window_minutes: 60,
            version: 0,
        }
    }
}

impl FromRow for Policy {
    fn from_row(row: &mut Row) -> Result<Policy, DbError> {
        Ok(Policy {
            wait_hours: row.next()?,
            window_minutes: row.next()?,
            version: row.next()?,
        })
    }
}

impl Policy {
    pub async fn of(house: &House, c: Community) -> Result<Policy, DbError> {
        let found = house.db.optional(store::policy(c)).await?;
        Ok(found.unwrap_or_default())
    }

    /// As it is within a write, so that the log tells which terms an act had.
    pub(crate) fn held(tx: &mut Tx<'_>) -> Result<Policy, DbError> {
        let c = tx.community();
        Ok(tx.optional(store::policy(c))?.unwrap_or_default())
    }

    pub fn terms(&self) -> Terms {
        Terms {
            wait: self.wait_hours * HOUR,
            window: self.window_minutes * MINUTE,
        }
    }
}

/// Sets them. What was granted already keeps its times.
///
/// # Errors
/// [`ViewingError::Changed`] when another set them meanwhile; [`ViewingError::Setting`].
pub async fn set(house: &House, by: &Actor, policy: &Policy) -> Result<(), ViewingError> {
    by.may(Permission::ArchiveSet)?;
    if !WAIT_HOURS.contains(&policy.wait_hours) || !WINDOW_MINUTES.contains(&policy.window_minutes)
    {
        return Err(ViewingError::Setting);
    }
    let c = by.community;
    let wanted = policy.clone();
    house
        .write(c, &by.who_for(Permission::ArchiveSet), move |mut tx| {
            if tx.execute(store::set_policy(c, &wanted))? == 0 {
                return Err(ViewingError::Changed);
            }
            let event = Event::new(events::POLICY_SET)
                .to(Audience::Staff)
                .with("wait_hours", wanted.wait_hours)
                .with("window_minutes", wanted.window_minutes);
            Ok(tx.record(event, ())?)
        })
        .await
}
