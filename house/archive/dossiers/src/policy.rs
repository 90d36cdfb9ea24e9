//! What a complete dossier holds in a compound, and how its numbers are made.

use foundation::database::{Community, DbError, FromRow, Row};
use foundation::house::House;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

use crate::kind::Kinds;
use crate::number::Rule;
use crate::open::Home;
use crate::{ArchiveError, events, open, store};

/// The office's settings; without any, the house's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Asked of a home that was handed over and stands empty.
    pub handed_over: Kinds,
    /// Asked of one that somebody lives in.
    pub lived_in: Kinds,
    pub rule: Rule,
    pub version: i64,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            handed_over: Kinds::OF_HANDOVER,
            lived_in: Kinds::OF_HANDOVER,
            rule: Rule::default(),
            version: 0,
        }
    }
}

impl FromRow for Policy {
    fn from_row(row: &mut Row) -> Result<Policy, DbError> {
        Ok(Policy {
            handed_over: row.next()?,
            lived_in: row.next()?,
            rule: Rule::parse(&row.next::<String>()?).unwrap_or_default(),
            version: row.next()?,
        })
    }
}

impl Policy {
    pub async fn of(house: &House, c: Community) -> Result<Policy, DbError> {
        let found = house.db.optional(store::policy(c)).await?;
        Ok(found.unwrap_or_default())
    }

    /// The kinds that a room's dossier must hold. A parking space or store room shares the
    /// box of its flat; what is not handed over yet has no papers.
    pub fn asked(&self, home: &Home) -> Kinds {
        match (home.purpose.as_deref(), home.state.as_deref()) {
            (Some("parking" | "other"), _) | (_, Some("not_handed_over")) => Kinds::NONE,
            (_, Some("owner_occupied" | "let")) => self.lived_in,
            _ => self.handed_over,
        }
    }
}

/// Sets the policy and counts every dossier anew by it. Numbers that were given stay.
///
/// # Errors
/// [`ArchiveError::Changed`] when another set it meanwhile.
pub async fn set(house: &House, by: &Actor, policy: &Policy) -> Result<(), ArchiveError> {
    by.may(Permission::ArchiveSet)?;
    let c = by.community;
    let wanted = policy.clone();
    house
        .write(c, &by.who_for(Permission::ArchiveSet), move |mut tx| {
            if tx.execute(store::set_policy(c, &wanted))? == 0 {
                return Err(ArchiveError::Changed);
            }
            let event = Event::new(events::POLICY_SET)
                .to(Audience::Staff)
                .with("handed_over", wanted.handed_over.0)
                .with("lived_in", wanted.lived_in.0)
                .with("version", wanted.version + 1);
            Ok(tx.record(event, ())?)
        })
        .await?;
    open::tend(house, c).await?;
    Ok(())
}
