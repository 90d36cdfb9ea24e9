//! The site key: the one secret that is not in any store. It lies outside the data
//! folder, so that a stolen disk or a copied folder shows nothing.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::chance::Chance;

/// 32 secret bytes from which everything else is unwrapped.
pub struct SiteKey(pub(super) Zeroizing<[u8; 32]>);

/// Where the site key comes from.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// A file of 64 hexadecimal digits, made with mode 0600 if absent.
    File(PathBuf),
    /// Typed at start; stretched with Argon2id.
    Passphrase(Zeroizing<String>),
}

/// Why the site key cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum SiteKeyError {
    #[error(
        "the site key is missing: {0} is not there, but this data folder was made with one. \
         Put the file back (from the escrow or the other machine), or name it with --key-file"
    )]
    Missing(PathBuf),
    #[error("the site key file {0} is damaged: it must hold 64 hexadecimal digits")]
    Damaged(PathBuf),
    #[error("the site key file {path} cannot be read or made: {source}")]
    Io {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("the passphrase cannot be stretched: {0}")]
    Passphrase(String),
}

impl KeySource {
    /// What was asked for, else the service manager's credential, else a file in
    /// the user's configuration folder, named after the installation.
    pub fn choose(
        key_file: Option<&Path>,
        passphrase: Option<String>,
        installation: &str,
    ) -> KeySource {
        if let Some(passphrase) = passphrase {
            return KeySource::Passphrase(Zeroizing::new(passphrase));
        }
        if let Some(path) = key_file {
            return KeySource::File(path.to_owned());
        }
        if let Some(dir) = std::env::var_os("CREDENTIALS_DIRECTORY") {
            let path = Path::new(&dir).join("linli-site-key");
            if path.exists() {
                return KeySource::File(path);
            }
        }
        let dir = std::env::var_os("XDG_CONFIG_HOME")
            .map(PathBuf::from)
            .or_else(|| std::env::var_os("HOME").map(|h| Path::new(&h).join(".config")))
            .unwrap_or_else(|| PathBuf::from("/etc"));
        KeySource::File(dir.join("linli").join(format!("{installation}.key")))
    }

    /// Reads the key, or makes it at the very first start.
    ///
    /// `salt` belongs to the installation and is only used for a passphrase.
    ///
    /// # Errors
    /// [`SiteKeyError::Missing`] when `first_start` is false and the file is gone:
    /// a new key would make every sealed value unreadable.
    pub fn open(
        &self,
        first_start: bool,
        salt: &[u8],
        chance: &Chance,
    ) -> Result<SiteKey, SiteKeyError> {
        match self {
            KeySource::Passphrase(words) => stretch(words, salt),
            KeySource::File(path) if path.exists() => read(path),
            KeySource::File(path) if first_start => make(path, chance),
            KeySource::File(path) => Err(SiteKeyError::Missing(path.clone())),
        }
    }

    /// The file, where there is one: `doctor` looks at where it lies.
    pub fn file(&self) -> Option<&Path> {
        match self {
            KeySource::File(path) => Some(path),
            KeySource::Passphrase(_) => None,
        }
    }
}

fn read(path: &Path) -> Result<SiteKey, SiteKeyError> {
    let text = std::fs::read_to_string(path).map_err(|source| SiteKeyError::Io {
        path: path.to_owned(),
        source,
    })?;
    let text = Zeroizing::new(text);
    let digits = text.trim().as_bytes();
    let mut key = Zeroizing::new([0u8; 32]);
    let damaged = || SiteKeyError::Damaged(path.to_owned());
    if digits.len() != 64 || !digits.is_ascii() {
        return Err(damaged());
    }
    for (slot, pair) in key.iter_mut().zip(digits.chunks(2)) {
        let pair = std::str::from_utf8(pair).map_err(|_| damaged())?;
        *slot = u8::from_str_radix(pair, 16).map_err(|_| damaged())?;
    }
    Ok(SiteKey(key))
}

fn make(path: &Path, chance: &Chance) -> Result<SiteKey, SiteKeyError> {
    use std::io::Write as _;
    let io = |source| SiteKeyError::Io {
        path: path.to_owned(),
        source,
    };
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir).map_err(io)?;
    }
    let key = Zeroizing::new(chance.bytes::<32>());
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(io)?;
    let text = Zeroizing::new(key.iter().map(|b| format!("{b:02x}")).collect::<String>());
    writeln!(file, "{}", text.as_str()).map_err(io)?;
    file.sync_all().map_err(io)?;
    Ok(SiteKey(key))
}

fn stretch(words: &str, salt: &[u8]) -> Result<SiteKey, SiteKeyError> {
    // A key for years, typed seldom: four times the cost of a password.
    let params = argon2::Params::new(192 * 1024, 3, 1, Some(32))
        .map_err(|e| SiteKeyError::Passphrase(e.to_string()))?;
    let mut key = Zeroizing::new([0u8; 32]);
    argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
        .hash_password_into(words.as_bytes(), salt, key.as_mut())
        .map_err(|e| SiteKeyError::Passphrase(e.to_string()))?;
    Ok(SiteKey(key))
}
