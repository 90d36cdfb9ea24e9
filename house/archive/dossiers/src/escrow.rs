//! The escrow cards: the second way into the strongroom, when the machine and its keys are
//! gone. A key is made, split, printed and forgotten; the archive keeps its public half.

use foundation::database::HOUSE;
use foundation::house::House;
use foundation::ledger::{Event, Who};
use strongroom::{Digest, Escrow, Opener, Role, Rotation, SHARES, Share, THRESHOLD};

use crate::heads::digest_in;
use crate::store::installed;
use crate::turn::Turn;
use crate::vault::{Opened, Vault};
use crate::{ArchiveError, events};

/// Why no cards were made.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// There are cards, and it was not said that they are to be replaced.
    #[error("there are escrow cards already")]
    There,
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

/// Makes an escrow key, hands its shares to `keep`, and wraps every slot for it; the key before
/// it, if there is one and `replace` is said, opens nothing afterwards. When `keep` returns the
/// cards must be safe: the key is forgotten.
///
/// Slots that cannot be opened are named; until they are healed the old cards stay good too.
///
/// # Errors
/// [`MakeError::There`]; [`ArchiveError::Elsewhere`] while another process writes; whatever
/// `keep` says, and then nothing has changed.
pub async fn make(
    house: &House,
    by: &Who,
    replace: bool,
    keep: impl FnOnce(&[Share]) -> Result<(), ArchiveError> + Send + 'static,
) -> Result<Rotation, MakeError> {
    let vault = Vault::of(house);
    let opened = vault.open(house).await?;
    // No card for a key that could not be put into use, and the list of keys as it is.
    let alone = vault.alone(house, &opened).await?;
    tend(house, by, &opened, &alone).await?;
    if active(&opened).is_some() && !replace {
        return Err(MakeError::There);
    }
    let printed = tokio::task::spawn_blocking(move || {
        let key = Opener::generate();
        let shares = Escrow::split(&key, THRESHOLD, SHARES).expect("three of five");
        keep(&shares)?;
        Ok::<_, ArchiveError>(key.recipient())
    });
    let recipient = printed
        .await
        .map_err(std::io::Error::other)
        .map_err(ArchiveError::from)??;
    let (now, with) = (house.now(), opened.opener.clone());
    let done = alone
        .writing(house, move |room| {
            room.keys().entrust(&with, &recipient, now.0)
        })
        .await?;
    tell(house, by, &opened).await?;
    Ok(done)
}

/// Ends what a crash cut off: slots that are not yet wrapped for the newest cards, and the
/// event that tells of them.
///
/// # Errors
/// [`ArchiveError::Elsewhere`] while another process writes.
pub(crate) async fn tend(
    house: &House,
    by: &Who,
    opened: &Opened,
    alone: &Turn,
) -> Result<(), ArchiveError> {
    if opened.room.keys().entrusting()?.is_some() {
        let (now, with) = (house.now(), opened.opener.clone());
        alone
            .writing(house, move |room| {
                room.keys().finish_entrusting(&with, now.0)
            })
            .await?;
    }
    tell(house, by, opened).await
}

/// The public half of the newest cards' key, `age1…`.
pub fn active(opened: &Opened) -> Option<String> {
    let keys = opened.room.keys().keys();
    let mut escrow = keys.into_iter().filter(|k| k.role == Role::Escrow);
    escrow.rfind(|k| k.retired.is_none()).map(|k| k.recipient)
}

/// Records the cards in use, if the newest event tells of others.
async fn tell(house: &House, by: &Who, opened: &Opened) -> Result<(), ArchiveError> {
    let Some(recipient) = active(opened) else {
        return Ok(());
    };
    let key = Digest::of(recipient.as_bytes());
    let asked = installed::newest_event(HOUSE, events::ESCROW_MADE.name);
    let told: Option<(String,)> = house.db.optional(asked).await?;
    if told.and_then(|(body,)| digest_in(&body, "key")) == Some(key) {
        return Ok(());
    }
    house
        .write(HOUSE, by, move |tx| {
            let event = Event::new(events::ESCROW_MADE)
                .with("shares", u32::from(SHARES))
                .with("threshold", u32::from(THRESHOLD))
                .with("key", key.0);
            Ok::<_, ArchiveError>(tx.record(event, ())?)
        })
        .await
}
