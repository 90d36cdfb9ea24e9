//! What staff may do with a ledger: have it verified, have its head signed.

use std::sync::OnceLock;

use tokio::sync::Semaphore;

use super::anchors::Sources;
use super::checkpoints::{self, TendError};
use super::events;
use super::verify::{self, CommunityReport, VerifyError, Wanted};
use foundation::clock::Moment;
use foundation::database::DbError;
use foundation::house::House;
use foundation::ledger::Event;
use permissions::Permission;
use permissions::actor::{Actor, Forbidden};

/// Verifying reads a whole log: one at a time leaves the house its breath.
const VERIFIERS_MAX: usize = 1;

/// Why nothing was verified.
#[derive(Debug, thiserror::Error)]
pub enum VerifyRefused {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("another verification is running")]
    Running,
    #[error(transparent)]
    Verify(#[from] VerifyError),
}

/// Why there is no signed head.
#[derive(Debug, thiserror::Error)]
pub enum HeadRefused {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error(transparent)]
    Checkpoint(#[from] TendError),
}

/// A signed head to print.
#[derive(Clone, Debug)]
pub struct SignedHead {
    pub size: u64,
    pub root: Vec<u8>,
    pub at: i64,
    pub note: String,
}

fn right(actor: &Actor) -> Permission {
    if actor.in_house() {
        Permission::HouseLedger
    } else {
        Permission::LedgerRead
    }
}

/// Verifies the log that the actor stands in and records that it was done.
pub async fn verify(house: &House, by: &Actor) -> Result<CommunityReport, VerifyRefused> {
    static RUNNING: OnceLock<Semaphore> = OnceLock::new();
    let needed = right(by);
    by.may(needed)?;
    let one = RUNNING.get_or_init(|| Semaphore::new(VERIFIERS_MAX));
    let _permit = one.try_acquire().map_err(|_| VerifyRefused::Running)?;
    let wanted = Wanted {
        number: Some(by.community),
        kinds: Some(crate::event_kinds()),
        sources: Sources {
            key_store: Some(house.keys.store().clone()),
            data_dir: Some(house.data_dir.clone()),
            ..Sources::default()
        },
        ..Wanted::default()
    };
    let report = verify::verify(&house.db, &wanted).await?;
    let name = by.community.to_string();
    let one = report.communities.into_iter().next();
    let one = one.ok_or(VerifyError::NoCommunity(name))?;
    let event = Event::new(events::VERIFIED)
        .with("events", one.events as i64)
        .with("sound", one.sound());
    house
        .write::<_, DbError, _>(by.community, &by.who_for(needed), move |tx| {
            tx.record(event, ())
        })
        .await
        .map_err(VerifyError::from)?;
    Ok(one)
}

/// The head of the log that the actor stands in, signed.
pub async fn head(house: &House, by: &Actor) -> Result<SignedHead, HeadRefused> {
    by.may(right(by))?;
    let kept = checkpoints::now(house, by.community).await?;
    let Moment(at) = kept.at;
    Ok(SignedHead {
        size: kept.size,
        root: kept.root,
        at,
        note: kept.note,
    })
}
