//! The strongroom as the house keeps it open: its root in `strongroom/` of the data folder, its
//! key store in `keys/strongroom/`, and the key that opens the slots sealed in the database
//! under a key of the house, which only the site key opens.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use foundation::clock::Moment;
use foundation::database::{Community, HOUSE};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Event;
use permissions::actor::Actor;
use strongroom::disk::LocalDisk;
use strongroom::{KeyStore, ObjectId, Opener, Place, Role, StrongRoom};
use tokio::sync::{OnceCell, RwLock};
use zeroize::Zeroizing;

use crate::store::installed;
use crate::{ArchiveError, events};

/// Where the sealed key lies in the table of the installation, and for which column it is
/// sealed.
const KEY: &str = "strongroom-key";

/// What the house keeps of it.
#[derive(Default)]
pub struct Vault {
    open: OnceCell<Opened>,
    /// Intakes share it, recovery has it alone.
    pub(crate) turn: RwLock<()>,
    /// One intake at a time for each dossier: its versions follow each other.
    objects: Mutex<HashMap<Id, Arc<tokio::sync::Mutex<()>>>>,
}

/// The strongroom, opened.
#[derive(Clone)]
pub struct Opened {
    pub room: Arc<StrongRoom>,
    pub opener: Opener,
}

/// The object of a dossier: no name, no room number.
pub fn object(c: Community, dossier: Id) -> ObjectId {
    format!("urn:linli:{c}:{dossier}")
        .parse()
        .expect("numbers and letters")
}

impl Vault {
    /// The house's own.
    pub fn of(house: &House) -> Arc<Vault> {
        house.kept()
    }

    /// Opens the strongroom, or makes it at its first use.
    ///
    /// # Errors
    /// [`ArchiveError::Strongroom`]; [`ArchiveError::Keys`] without the site key.
    pub async fn open(&self, house: &House) -> Result<Opened, ArchiveError> {
        let opened = self.open.get_or_try_init(|| opened(house)).await?;
        Ok(opened.clone())
    }

    /// Whether there is one yet: looking makes none.
    pub fn is_made(house: &House) -> bool {
        house.data_dir.join("strongroom/root").exists()
    }

    /// The turn of one dossier.
    pub(crate) fn object_turn(&self, dossier: Id) -> Arc<tokio::sync::Mutex<()>> {
        let mut objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        // Nobody waits for those that only this map holds.
        objects.retain(|_, turn| Arc::strong_count(turn) > 1);
        objects.entry(dossier).or_default().clone()
    }
}

/// The key that opens the slots, made and kept first where there is none.
async fn key(house: &House) -> Result<Opener, ArchiveError> {
    let kept: Option<(String,)> = house.db.optional(installed::value(KEY)).await?;
    if let Some((kept,)) = kept {
        return unsealed(house, &kept).await;
    }
    let opener = Opener::generate();
    let id = house.id();
    let sealed = house
        .keys
        .seal_words(HOUSE, id, KEY, &opener.secret())
        .await?;
    let value = format!("{id} {sealed}");
    house
        .write(HOUSE, &Actor::system(HOUSE).who(), move |mut tx| {
            tx.execute(installed::keep(KEY, &value))?;
            Ok::<_, ArchiveError>(tx.record(Event::new(events::KEY_MADE), ())?)
        })
        .await?;
    // Another node may have been first.
    let (kept,): (String,) = house.db.one(installed::value(KEY)).await?;
    unsealed(house, &kept).await
}

async fn unsealed(house: &House, kept: &str) -> Result<Opener, ArchiveError> {
    let damaged = || ArchiveError::Strongroom(strongroom::RoomError::BadKey);
    let (id, sealed) = kept.split_once(' ').ok_or_else(damaged)?;
    let id: Id = id.parse().map_err(|_| damaged())?;
    let secret = Zeroizing::new(house.keys.open_words(HOUSE, id, KEY, sealed).await?);
    Ok(secret.parse::<Opener>()?)
}

async fn opened(house: &House) -> Result<Opened, ArchiveError> {
    let opener = key(house).await?;
    let now = house.now();
    let (root, keys) = (
        house.data_dir.join("strongroom"),
        house.data_dir.join("keys/strongroom"),
    );
    let recipient = opener.recipient();
    let made = tokio::task::spawn_blocking(move || {
        std::fs::create_dir_all(&root)?;
        std::fs::create_dir_all(&keys)?;
        let disk = Arc::new(LocalDisk::new(&keys)?);
        let fresh = !keys.join("keys.json").exists();
        let store = if fresh {
            KeyStore::create(disk, &[(Role::Site, recipient)], now.0)?
        } else {
            KeyStore::open(disk)?
        };
        let place = Place::folder(&root)?;
        let (room, made) = if root.join("root").exists() {
            (StrongRoom::open(place, store)?, None)
        } else {
            let (room, digest) = StrongRoom::create(place, store)?;
            (room, Some(digest))
        };
        Ok::<_, ArchiveError>((room, made))
    });
    let (room, made) = made.await.map_err(std::io::Error::other)??;
    if let Some(digest) = made {
        house
            .write(HOUSE, &Actor::system(HOUSE).who(), move |tx| {
                let event = Event::new(events::STRONGROOM_MADE).with("root", digest.0);
                Ok::<_, ArchiveError>(tx.record(event, ())?)
            })
            .await?;
    }
    Ok(Opened {
        room: Arc::new(room),
        opener,
    })
}

impl Opened {
    /// Does what blocks, as the one writer of the strongroom.
    pub(crate) async fn writing<T: Send + 'static>(
        &self,
        now: Moment,
        work: impl FnOnce(&StrongRoom) -> Result<T, strongroom::RoomError> + Send + 'static,
    ) -> Result<T, ArchiveError> {
        let room = self.room.clone();
        let done = tokio::task::spawn_blocking(move || {
            room.write_from(now.0)?;
            work(&room)
        });
        Ok(done.await.map_err(std::io::Error::other)??)
    }
}
