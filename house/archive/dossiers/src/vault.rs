//! The strongroom as the house keeps it open: its root in `strongroom/` of the data folder or
//! where the operator said, its key store in `keys/strongroom/`, and the key that opens the slots sealed in the database
//! under a key of the house, which only the site key opens.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use foundation::database::{Community, HOUSE};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Event;
use permissions::actor::Actor;
use strongroom::disk::LocalDisk;
use strongroom::storage::Storage;
use strongroom::{ObjectId, Opener, Place, Role, RoomError, StrongRoom};
use tokio::sync::{OnceCell, RwLock};
use zeroize::Zeroizing;

use crate::store::installed;
use crate::{ArchiveError, events, heads, turn};

/// Where the sealed key lies in the table of the installation, and for which column it is
/// sealed.
pub(crate) const KEY: &str = "strongroom-key";
/// Where the key lies that is to take its place, sealed like it.
pub(crate) const NEXT: &str = "strongroom-key-next";

/// Where the strongroom lies, as the operator said.
#[derive(Clone, Default)]
pub struct At {
    pub root: Root,
    /// The key store's folder: one that all nodes reach, where several write.
    pub keys: Option<PathBuf>,
}

/// Where its root lies.
#[derive(Clone, Default)]
pub enum Root {
    /// In `strongroom/` of the data folder.
    #[default]
    Data,
    Folder(PathBuf),
    /// In a bucket, by its name for people; versions are made ready in the data folder.
    Bucket(String, Arc<dyn Storage>),
}

impl At {
    /// The root, and where versions are made ready.
    ///
    /// # Errors
    /// The medium's.
    pub fn place(&self, data: &Path) -> Result<Place, RoomError> {
        match &self.root {
            Root::Data | Root::Folder(_) => Place::folder(self.folder(data)),
            Root::Bucket(_, storage) => {
                let work = LocalDisk::new(self.folder(data))?;
                Ok(Place::apart(storage.clone(), Arc::new(work)))
            }
        }
    }

    /// The folder of this machine: of the root, or only of what is made ready for a bucket.
    pub fn folder(&self, data: &Path) -> PathBuf {
        match &self.root {
            Root::Folder(path) => path.clone(),
            Root::Data | Root::Bucket(..) => data.join("strongroom"),
        }
    }

    /// The key store's folder.
    pub fn keys(&self, data: &Path) -> PathBuf {
        let own = || data.join("keys/strongroom");
        self.keys.clone().unwrap_or_else(own)
    }

    /// Whether nothing at all lies at the root's place, asking a bucket; it blocks.
    pub(crate) fn is_empty(&self, data: &Path) -> std::io::Result<bool> {
        match &self.root {
            Root::Bucket(_, storage) => Ok(storage.list("")?.is_empty()),
            Root::Data | Root::Folder(_) => Ok(!self.folder(data).join("root").exists()),
        }
    }

    /// The folder of key store or root that is not there.
    fn gone(&self, data: &Path) -> Option<PathBuf> {
        let root = match self.root {
            // What is made ready for a bucket may go.
            Root::Bucket(..) => None,
            Root::Data | Root::Folder(_) => Some(self.folder(data)),
        };
        let mut places = [Some(self.keys(data)), root].into_iter().flatten();
        places.find(|place| !place.is_dir())
    }

    /// Whether the root that was made is there, asking a bucket; it blocks.
    ///
    /// # Errors
    /// The medium's.
    pub fn is_whole(&self, data: &Path) -> std::io::Result<bool> {
        const RECORD: &str = "strongroom.json";
        match &self.root {
            Root::Bucket(_, storage) => Ok(storage.stat(RECORD)?.is_some()),
            Root::Data | Root::Folder(_) => {
                self.folder(data).join("root").join(RECORD).try_exists()
            }
        }
    }

    /// Whether there is one yet, without asking a bucket: its keys are made first.
    pub fn is_made(&self, data: &Path) -> bool {
        match self.root {
            Root::Bucket(..) => self.keys(data).join("keys.json").exists(),
            Root::Data | Root::Folder(_) => self.folder(data).join("root").exists(),
        }
    }
}

/// What the house keeps of it.
#[derive(Default)]
pub struct Vault {
    at: OnceLock<At>,
    room: OnceCell<Arc<StrongRoom>>,
    /// The keys as they lie sealed, and what opens the slots.
    opener: Mutex<Option<(Kept, Opener)>>,
    /// Intakes share it, recovery has it alone.
    pub(crate) hall: Arc<RwLock<()>>,
    /// How many turns are being taken: after the last, another process may write.
    pub(crate) turns: Arc<Mutex<usize>>,
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

    /// Says where it lies, before it is opened.
    pub fn lies_at(&self, at: At) {
        // The first stands: an open one does not move.
        let _ = self.at.set(at);
    }

    /// Where it lies.
    pub fn at(&self) -> At {
        self.at.get().cloned().unwrap_or_default()
    }

    /// Opens the strongroom, or makes it at its first use. While a key takes another's place,
    /// here or in another process, both open.
    ///
    /// # Errors
    /// [`ArchiveError::Strongroom`]; [`ArchiveError::Io`] also when it was made before and is
    /// not there; [`ArchiveError::Keys`] without the site key.
    pub async fn open(&self, house: &House) -> Result<Opened, ArchiveError> {
        let opener = self.opener(house).await?;
        let room = self
            .room
            .get_or_try_init(|| self.found_in_turn(house, &opener));
        let room = room.await?;
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
        Vault::of(house).at().is_made(&house.data_dir)
    }

    /// Opens it, or makes it; waits while another process makes it.
    async fn found_in_turn(
        &self,
        house: &House,
        opener: &Opener,
    ) -> Result<Arc<StrongRoom>, ArchiveError> {
        let mut asked = 0;
        loop {
            match self.found(house, opener).await {
                Err(ArchiveError::Elsewhere) if asked < turn::FOR_AN_INTAKE => {
                    asked += 1;
                    tokio::time::sleep(turn::AGAIN).await;
                }
                other => return other,
            }
        }
    }

    /// Opens it, or makes it; one whose making was cut off is gone on with.
    async fn found(&self, house: &House, opener: &Opener) -> Result<Arc<StrongRoom>, ArchiveError> {
        let known = heads::root(house).await?.is_some();
        let (at, data, now) = (self.at(), house.data_dir.clone(), house.now());
        let site = [(Role::Site, opener.recipient())];
        let made = tokio::task::spawn_blocking(move || {
            let (keys, folder) = (at.keys(&data), at.folder(&data));
            if !known {
                make_folder(&keys)?;
                make_folder(&folder)?;
            } else if let Some(gone) = at.gone(&data) {
                // Not even an empty folder takes its place.
                let why = format!("the archive was here and is gone: {}", gone.display());
                return Err(std::io::Error::new(std::io::ErrorKind::NotFound, why).into());
            }
            let keys = Arc::new(LocalDisk::new(keys)?);
            let (room, made) = StrongRoom::found(at.place(&data)?, keys, &site, known, now.0)?;
            room.let_go()?;
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

/// Makes a folder that is there after a power cut.
fn make_folder(path: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(path)?;
    for above in path.ancestors().skip(1).take(2) {
        if !above.as_os_str().is_empty() {
            std::fs::File::open(above)?.sync_all()?;
        }
    }
    Ok(())
}
