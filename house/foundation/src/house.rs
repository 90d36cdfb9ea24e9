//! The house as rooms hold it: the database, the keys, the clock and chance, in one
//! place that is handed to every verb.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::chance::Chance;
use super::clock::{Clock, Moment};
use super::database::{Community, Database, DbError, Done, Told, Tx};
use super::ids::{Id, Ids};
use super::keys::{KeyError, KeySource, Keys, SiteKeyError};
use super::ledger::{Stamp, Who};

/// Everything a verb may use.
pub struct House {
    pub db: Database,
    pub keys: Keys,
    pub chance: Arc<Chance>,
    /// Files that are no rows (sealed pictures, checkpoints, logs).
    pub data_dir: PathBuf,
    clock: Arc<dyn Clock>,
    ids: Ids,
    kept: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

/// How a house is opened.
pub struct Opening {
    pub data_dir: PathBuf,
    /// `postgres://…`; absent means the embedded database in `data_dir`.
    pub db_url: Option<String>,
    /// The key store's own URL; absent means a file in `data_dir/keys`.
    pub keys_url: Option<String>,
    pub key_file: Option<PathBuf>,
    pub passphrase: Option<String>,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<Chance>,
}

/// Why a house does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the data folder {0}: {1}")]
    Folder(PathBuf, std::io::Error),
    #[error(transparent)]
    Database(#[from] DbError),
    #[error(transparent)]
    SiteKey(#[from] SiteKeyError),
    #[error(transparent)]
    Keys(#[from] KeyError),
}

impl Opening {
    /// The embedded database's file, or the URL.
    pub fn database(&self) -> String {
        self.db_url
            .clone()
            .unwrap_or_else(|| self.data_dir.join("linli.sqlite").display().to_string())
    }

    /// The key store's file, or its URL.
    pub fn key_store(&self) -> String {
        self.keys_url.clone().unwrap_or_else(|| {
            self.data_dir
                .join("keys")
                .join("keys.sqlite")
                .display()
                .to_string()
        })
    }

    /// The installation's own name, made at the first start.
    pub fn installation(&self) -> Result<String, OpenError> {
        let folder = |e| OpenError::Folder(self.data_dir.clone(), e);
        make_private_folder(&self.data_dir).map_err(folder)?;
        let path = self.data_dir.join("installation");
        match std::fs::read_to_string(&path) {
            Ok(name) => Ok(name.trim().to_owned()),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let name = super::ids::crockford(&self.chance.bytes::<10>());
                write_durably(&path, name.as_bytes()).map_err(folder)?;
                Ok(name)
            }
            Err(e) => Err(folder(e)),
        }
    }

    /// Where the site key comes from.
    pub fn key_source(&self, installation: &str) -> KeySource {
        KeySource::choose(
            self.key_file.as_deref(),
            self.passphrase.clone(),
            installation,
        )
    }
}

/// Makes the data folder, if it is not there, so that only its owner looks into it.
fn make_private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Writes a small file so that it is whole or absent after a crash.
pub fn write_durably(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    let beside = path.with_extension("new");
    let mut file = std::fs::File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    if let Some(dir) = path.parent() {
        std::fs::File::open(dir)?.sync_all()?;
    }
    Ok(())
}

impl House {
    /// Opens the house, bringing its tables up to date; at the very first start it
    /// makes its keys.
    pub async fn open(opening: Opening) -> Result<House, OpenError> {
        let installation = opening.installation()?;
        let source = opening.key_source(&installation);
        let store = Database::open(&opening.key_store(), super::migrations::KEY_STEPS).await?;
        let first_start = Keys::are_none(&store).await?;
        let site = source.open(first_start, installation.as_bytes(), &opening.chance)?;
        let db = Database::open(&opening.database(), super::migrations::HOUSE_STEPS).await?;
        let now = opening.clock.now();
        let keys = Keys::open(store, site, opening.chance.clone(), now).await?;
        Ok(House {
            db,
            keys,
            chance: opening.chance,
            data_dir: opening.data_dir,
            clock: opening.clock,
            ids: Ids::default(),
            kept: Mutex::default(),
        })
    }

    /// What a room keeps open for as long as the house stands, one of each type: an opened
    /// store, a pool of hands. Made empty at the first call.
    pub fn kept<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let one = kept
            .entry(TypeId::of::<T>())
            .or_insert_with(|| Arc::new(T::default()))
            .clone();
        drop(kept);
        one.downcast().expect("it lies under its own type")
    }

    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// A new record's id.
    pub fn id(&self) -> Id {
        self.ids.next(self.now(), &self.chance)
    }

    /// Who acts, dated now.
    pub fn stamp(&self, who: &Who) -> Stamp {
        Stamp {
            at: self.now(),
            who: who.clone(),
        }
    }

    /// Runs a verb's write; see [`Database::write`].
    pub fn write<T, E, F>(&self, community: Community, who: &Who, verb: F) -> Told<T, E>
    where
        F: for<'t> FnOnce(Tx<'t>) -> Result<Done<T>, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.db.write(community, self.stamp(who), verb)
    }
}
