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
use strongroom::{KeyStore, ObjectId, Opener, Place, Role, RoomError, StrongRoom};
use tokio::sync::{OnceCell, RwLock};
use zeroize::Zeroizing;

use crate::store::installed;
use crate::{ArchiveError, events, heads};

/// Where the sealed key lies in the table of the installation, and for which column it is
/// sealed.
pub(crate) const KEY: &str = "strongroom-key";
/// Where the key lies that is to take its place, sealed like it.
pub(crate) const NEXT: &str = "strongroom-key-next";

/// What the house keeps of it.
#[derive(Default)]
pub struct Vault {
    room: OnceCell<Arc<StrongRoom>>,
    /// The keys as they lie sealed, and what opens the slots.
    opener: Mutex<Option<(Kept, Opener)>>,
    /// Intakes share it, recovery has it alone.
    pub(crate) turn: RwLock<()>,
    /// One intake at a time for each dossier: its versions follow each other.
    objects: Mutex<HashMap<Id, Arc<tokio::sync::Mutex<()>>>>,
}

/// The key, and the one that is to take its place, as they lie sealed.
pub(crate) type Kept = (Option<String>, Option<String>);

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

    /// Opens the strongroom, or makes it at its first use. While a key takes another's place,
    /// here or in another process, both open.
    ///
    /// # Errors
    /// [`ArchiveError::Strongroom`]; [`ArchiveError::Io`] also when it was made before and is
    /// not there; [`ArchiveError::Keys`] without the site key.
    pub async fn open(&self, house: &House) -> Result<Opened, ArchiveError> {
        let opener = self.opener(house).await?;
        let room = self.room.get_or_try_init(|| opened(house, &opener)).await?;
        Ok(Opened {
            room: room.clone(),
            opener,
        })
    }

    /// What opens the slots now.
    async fn opener(&self, house: &House) -> Result<Opener, ArchiveError> {
        let mut now = kept(house).await?;
        if now.0.is_none() {
            make(house).await?;
            now = kept(house).await?;
        }
        let known = |kept: &Option<(Kept, Opener)>| {
            let (before, opener) = kept.as_ref()?;
            (*before == now).then(|| opener.clone())
        };
        if let Some(opener) = known(&self.opener.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(opener);
        }
        let mut opener = unsealed(house, now.0.as_deref().unwrap_or_default()).await?;
        if let Some(next) = &now.1 {
            opener = unsealed(house, next).await?.or_former(&opener);
        }
        let mut mine = self.opener.lock().unwrap_or_else(PoisonError::into_inner);
        *mine = Some((now, opener.clone()));
        Ok(opener)
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

/// The keys that open the slots, as they lie sealed.
pub(crate) async fn kept(house: &House) -> Result<Kept, ArchiveError> {
    let rows: Vec<(String, String)> = house.db.all(installed::values(KEY, NEXT)).await?;
    let mut kept = Kept::default();
    for (name, value) in rows {
        match name.as_str() {
            KEY => kept.0 = Some(value),
            _ => kept.1 = Some(value),
        }
    }
    Ok(kept)
}

/// Makes the key that opens the slots; where another node was first, that one's stands.
async fn make(house: &House) -> Result<(), ArchiveError> {
    let value = sealed(house, &Opener::generate()).await?;
    house
        .write(HOUSE, &Actor::system(HOUSE).who(), move |mut tx| {
            tx.execute(installed::keep(KEY, &value))?;
            Ok::<_, ArchiveError>(tx.record(Event::new(events::KEY_MADE), ())?)
        })
        .await
}

/// A key as it lies in the database: under which key of the house, and sealed.
pub(crate) async fn sealed(house: &House, opener: &Opener) -> Result<String, ArchiveError> {
    let id = house.id();
    let secret = opener.secret();
    let sealed = house.keys.seal_words(HOUSE, id, KEY, &secret).await?;
    Ok(format!("{id} {sealed}"))
}

pub(crate) async fn unsealed(house: &House, kept: &str) -> Result<Opener, ArchiveError> {
    let damaged = || ArchiveError::Strongroom(RoomError::BadKey);
    let (id, sealed) = kept.split_once(' ').ok_or_else(damaged)?;
    let id: Id = id.parse().map_err(|_| damaged())?;
    let secret = Zeroizing::new(house.keys.open_words(HOUSE, id, KEY, sealed).await?);
    Ok(secret.parse::<Opener>()?)
}

async fn opened(house: &House, opener: &Opener) -> Result<Arc<StrongRoom>, ArchiveError> {
    let known = heads::root(house).await?.is_some();
    let now = house.now();
    let (root, keys) = (
        house.data_dir.join("strongroom"),
        house.data_dir.join("keys/strongroom"),
    );
    let recipient = opener.recipient();
    let made = tokio::task::spawn_blocking(move || {
        let (fresh, empty) = (
            !keys.join("keys.json").exists(),
            !root.join("root").exists(),
        );
        // An empty one in its place would only hide the loss.
        let lost = if known {
            fresh || empty
        } else {
            fresh && !empty
        };
        if lost {
            let place = if fresh { &keys } else { &root };
            let why = format!("the archive was here and is gone: {}", place.display());
            return Err(std::io::Error::new(std::io::ErrorKind::NotFound, why).into());
        }
        std::fs::create_dir_all(&root)?;
        std::fs::create_dir_all(&keys)?;
        let disk = Arc::new(LocalDisk::new(&keys)?);
        let store = if fresh {
            KeyStore::create(disk, &[(Role::Site, recipient)], now.0)?
        } else {
            KeyStore::open(disk)?
        };
        let place = Place::folder(&root)?;
        let (room, made) = if empty {
            let (room, digest) = StrongRoom::create(place, store)?;
            (room, Some(digest))
        } else {
            let room = StrongRoom::open(place, store)?;
            // A crash came before the event.
            let digest = if known { None } else { room.heads()?.root };
            (room, digest)
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
    Ok(Arc::new(room))
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
