//! Which installation a command works on: `--data DIR`, `--db URL` and where the
//! site key comes from.

use std::path::PathBuf;
use std::sync::Arc;

use foundation::chance::Chance;
use foundation::clock::SystemClock;
use foundation::house::{House, OpenError, Opening};

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
    pub async fn open(&self) -> Result<Arc<House>, OpenError> {
        House::open(self.opening()).await.map(Arc::new)
    }

    /// The same, where a mistyped folder must not become a new installation.
    pub async fn open_made(&self) -> anyhow::Result<Arc<House>> {
        let made = self.data.join("installation").is_file();
        anyhow::ensure!(made, "{}: there is no installation", self.data.display());
        Ok(self.open().await?)
    }
}
