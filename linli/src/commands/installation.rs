//! Which installation a command works on: `--data DIR`, `--db URL` and where the
//! site key comes from.

use std::path::PathBuf;
use std::sync::Arc;

use dossiers::vault::At;
use dossiers::{Reader, Vault};
use foundation::chance::Chance;
use foundation::clock::SystemClock;
use foundation::house::{House, Opening};

use super::bucket;

/// The flags that every command takes.
#[derive(Clone, Debug, clap::Args)]
pub struct Installation {
    /// The folder of this installation's data
    #[arg(
        long,
        global = true,
        default_value = "./linli-data",
        value_name = "DIR"
    )]
    pub data: PathBuf,
    /// A PostgreSQL database (postgres://…) instead of the embedded one
    #[arg(long, global = true, value_name = "URL", env = "LINLI_DB")]
    pub db: Option<String>,
    /// The key store's own database, where several nodes share one
    #[arg(long, global = true, value_name = "URL", env = "LINLI_KEYS")]
    pub keys: Option<String>,
    /// The site key's file; by default it lies in the user's configuration folder,
    /// outside the data
    #[arg(long, global = true, value_name = "FILE", env = "LINLI_KEY_FILE")]
    pub key_file: Option<PathBuf>,
    /// Where the archive's strongroom lies: a folder, or s3://BUCKET/PREFIX?endpoint=URL with
    /// the credentials in LINLI_S3_ACCESS_KEY and LINLI_S3_SECRET_KEY or in a file; by default
    /// in the data
    #[arg(long, global = true, value_name = "PLACE", env = "LINLI_STRONGROOM")]
    pub strongroom: Option<String>,
    /// The strongroom's key store: a folder that all nodes reach, where several write
    #[arg(long, global = true, value_name = "DIR", env = "LINLI_STRONGROOM_KEYS")]
    pub strongroom_keys: Option<PathBuf>,
    /// A file with access_key=… and secret_key=…, for a strongroom in a bucket
    #[arg(long, global = true, value_name = "FILE", env = "LINLI_S3_CREDENTIALS")]
    pub s3_credentials: Option<PathBuf>,
    /// Reads strangers' files even where the kernel does not confine the program that does
    #[arg(long, global = true, env = "LINLI_READ_UNCONFINED")]
    pub read_unconfined: bool,
}

impl Installation {
    /// How this installation is opened in service.
    pub fn opening(&self) -> Opening {
        Opening {
            data_dir: self.data.clone(),
            db_url: self.db.clone(),
            keys_url: self.keys.clone(),
            key_file: self.key_file.clone(),
            passphrase: std::env::var("LINLI_PASSPHRASE").ok(),
            clock: Arc::new(SystemClock),
            chance: Arc::new(Chance::from_machine()),
        }
    }

    /// Opens the house, bringing it up to date.
    pub async fn open(&self) -> anyhow::Result<Arc<House>> {
        self.open_as(self.opening()).await
    }

    /// The same by another clock or chance, as a demo makes its year.
    pub async fn open_as(&self, opening: Opening) -> anyhow::Result<Arc<House>> {
        let at = self.strongroom_at()?;
        let house = House::open(opening).await?;
        Vault::of(&house).lies_at(at);
        if self.read_unconfined {
            Reader::of(&house).read_unconfined();
        }
        Ok(Arc::new(house))
    }

    /// Where the strongroom lies.
    pub fn strongroom_at(&self) -> anyhow::Result<At> {
        bucket::at(
            self.strongroom.as_deref(),
            self.strongroom_keys.clone(),
            self.s3_credentials.as_deref(),
        )
    }

    /// The same, where a mistyped folder must not become a new installation.
    pub async fn open_made(&self) -> anyhow::Result<Arc<House>> {
        let made = self.data.join("installation").is_file();
        anyhow::ensure!(made, "{}: there is no installation", self.data.display());
        self.open().await
    }
}
