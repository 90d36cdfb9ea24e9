//! Keys: what is personal lies in the database sealed under a key per person, and
//! those keys lie here, in a store apart, wrapped under a wrapping key that is itself
//! wrapped under the site key. Erasing a person destroys one small row.
//!
//! Whoever holds the database alone, or the whole data folder without the site key,
//! reads no phone, no identity number and no picture.

mod people;
mod seal;
mod site;
mod texts;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use zeroize::Zeroizing;

use crate::chance::Chance;
use crate::clock::Moment;
use crate::database::{Chore, Community, Database, DbError, HOUSE, ask};
use crate::params;

pub use people::Keyring;
pub use seal::{DoesNotOpen, Key};
pub use site::{KeySource, SiteKey, SiteKeyError};
pub use texts::{TextColumn, seal_clear};

/// Why a key cannot be had or used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the key store: {0}")]
    Store(#[from] DbError),
    #[error(transparent)]
    DoesNotOpen(#[from] DoesNotOpen),
    #[error("this site key is not the one that the key store was made with")]
    OtherSiteKey,
    #[error("this person was erased")]
    Erased,
}

/// The secrets that the house keeps for itself, by name.
const INDEX: &str = "blind-index";
const DIGEST: &str = "digest";
const PEPPER: &str = "password-pepper";
const SIGNING: &str = "ledger-signing";

/// The key store, opened.
pub struct Keys {
    store: Database,
    chance: Arc<Chance>,
    site: SiteKey,
    wrapping: RwLock<(i64, HashMap<i64, Key>)>,
    secrets: HashMap<&'static str, Key>,
}

impl Keys {
    /// Opens the store, making the first wrapping key and the house's secrets if new.
    ///
    /// # Errors
    /// [`KeyError::OtherSiteKey`] when `site` does not open what is there.
    pub async fn open(
        store: Database,
        site: SiteKey,
        chance: Arc<Chance>,
        now: Moment,
    ) -> Result<Keys, KeyError> {
        let mut keys = Keys {
            store,
            chance,
            site,
            wrapping: RwLock::default(),
            secrets: HashMap::new(),
        };
        keys.load_wrapping().await?;
        if keys.active_number() == 0 {
            keys.new_wrapping(now).await?;
        }
        for name in [INDEX, DIGEST, PEPPER, SIGNING] {
            let secret = keys.secret_or_make(name).await?;
            keys.secrets.insert(name, secret);
        }
        Ok(keys)
    }

    /// Whether the store is new: only then may a site key be made.
    pub async fn are_none(store: &Database) -> Result<bool, KeyError> {
        let (n,): (i64,) = store
            .one(ask("SELECT COUNT(*) FROM wrapping_key", params![]))
            .await?;
        Ok(n == 0)
    }

    async fn load_wrapping(&self) -> Result<(), KeyError> {
        let rows: Vec<(i64, Vec<u8>)> = self
            .store
            .all(ask(
                "SELECT number, wrapped FROM wrapping_key ORDER BY number",
                params![],
            ))
            .await?;
        let mut map = HashMap::new();
        let mut active = 0;
        for (number, wrapped) in rows {
            let key = seal::open(&self.site.0, &format!("wrapping/{number}"), &wrapped)
                .map_err(|_| KeyError::OtherSiteKey)?;
            let key: [u8; 32] = key.as_slice().try_into().map_err(|_| DoesNotOpen)?;
            map.insert(number, Zeroizing::new(key));
            active = active.max(number);
        }
        *self
            .wrapping
            .write()
            .unwrap_or_else(PoisonError::into_inner) = (active, map);
        Ok(())
    }

    /// Puts a new wrapping key in force; older ones go on opening what lies under
    /// them until [`Keys::rewrap`] has moved everything. Nothing stops meanwhile.
    pub async fn new_wrapping(&self, now: Moment) -> Result<i64, KeyError> {
        let number = self.active_number() + 1;
        let key = Zeroizing::new(self.chance.bytes::<32>());
        let wrapped = seal::seal(
            &self.site.0,
            &format!("wrapping/{number}"),
            &*key,
            &self.chance,
        );
        self.store
            .keep::<_, DbError, _>(Chore::KeyStore, HOUSE, move |r| {
                r.execute(ask(
                    "UPDATE wrapping_key SET retired_at = $1 WHERE retired_at IS NULL",
                    params![now],
                ))?;
                r.execute(ask(
                    "INSERT INTO wrapping_key (number, created_at, retired_at, wrapped) \
                     VALUES ($1, $2, NULL, $3)",
                    params![number, now, wrapped],
                ))?;
                Ok(())
            })
            .await?;
        let mut held = self
            .wrapping
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        held.1.insert(number, key);
        held.0 = number;
        Ok(number)
    }

    fn active_number(&self) -> i64 {
        self.wrapping
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .0
    }

    fn active_wrapping(&self) -> (i64, Key) {
        let held = self.wrapping.read().unwrap_or_else(PoisonError::into_inner);
        let key = held
            .1
            .get(&held.0)
            .expect("an opened store has a wrapping key");
        (held.0, key.clone())
    }

    async fn wrapping(&self, number: i64) -> Result<Key, KeyError> {
        let held = |keys: &Keys| {
            keys.wrapping
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .1
                .get(&number)
                .cloned()
        };
        if let Some(key) = held(self) {
            return Ok(key);
        }
        // Another node may have rotated a moment ago.
        self.load_wrapping().await?;
        held(self).ok_or(KeyError::DoesNotOpen(DoesNotOpen))
    }

    async fn secret_or_make(&self, name: &'static str) -> Result<Key, KeyError> {
        let (number, under) = self.active_wrapping();
        let fresh = self.chance.bytes::<32>();
        let wrapped = seal::seal(&under, &format!("secret/{name}"), &fresh, &self.chance);
        self.store
            .keep::<_, DbError, _>(Chore::KeyStore, HOUSE, move |r| {
                r.execute(ask(
                    "INSERT INTO secret (name, wrapping, wrapped) VALUES ($1, $2, $3) \
                     ON CONFLICT (name) DO NOTHING",
                    params![name, number, wrapped],
                ))
            })
            .await?;
        let (under, wrapped): (i64, Vec<u8>) = self
            .store
            .one(ask(
                "SELECT wrapping, wrapped FROM secret WHERE name = $1",
                params![name],
            ))
            .await?;
        let under = self.wrapping(under).await?;
        let key = seal::open(&under, &format!("secret/{name}"), &wrapped)?;
        let key: [u8; 32] = key.as_slice().try_into().map_err(|_| DoesNotOpen)?;
        Ok(Zeroizing::new(key))
    }

    /// Moves the house's own secrets under the wrapping key in force.
    pub async fn rewrap_secrets(&self) -> Result<(), KeyError> {
        let (number, under) = self.active_wrapping();
        let rows: Vec<Vec<crate::database::Value>> = self
            .secrets
            .iter()
            .map(|(name, secret)| {
                let place = format!("secret/{name}");
                params![
                    *name,
                    number,
                    seal::seal(&under, &place, &**secret, &self.chance)
                ]
            })
            .collect();
        self.store
            .keep::<_, DbError, _>(Chore::KeyStore, HOUSE, move |r| {
                for row in rows {
                    r.execute(ask(
                        "UPDATE secret SET wrapping = $2, wrapped = $3 WHERE name = $1",
                        row,
                    ))?;
                }
                Ok(())
            })
            .await?;
        Ok(())
    }

    fn secret(&self, name: &'static str) -> &Key {
        self.secrets.get(name).expect("opening made every secret")
    }

    /// A keyed digest, for link secrets, sessions and facts that may not be said.
    pub fn digest(&self, purpose: &str, value: &[u8]) -> [u8; 32] {
        seal::mac(self.secret(DIGEST), &[purpose.as_bytes(), value])
    }

    /// The blind index of `value`, `bits` wide: found by it are all rows of the same
    /// value and, on purpose, some others, so that the column tells nothing alone.
    pub fn blind(&self, community: Community, column: &str, value: &str, bits: u32) -> i64 {
        let mac = seal::mac(
            self.secret(INDEX),
            &[
                &community.0.to_be_bytes(),
                column.as_bytes(),
                value.as_bytes(),
            ],
        );
        let word = u64::from_be_bytes(mac[..8].try_into().expect("eight of 32 bytes"));
        // bits ≤ 32 keeps the number small and positive; 0 puts everybody in one drawer.
        word.checked_shr(64 - bits.min(32)).unwrap_or(0) as i64
    }

    /// Mixed into every password before it is hashed, so that a stolen database alone
    /// cannot be tried against a dictionary.
    pub fn pepper(&self) -> &[u8; 32] {
        self.secret(PEPPER)
    }

    /// Signs ledger checkpoints.
    pub fn signing(&self) -> ed25519_dalek::SigningKey {
        ed25519_dalek::SigningKey::from_bytes(self.secret(SIGNING))
    }

    /// The store itself, for backups and for the heads kept against rollback.
    pub fn store(&self) -> &Database {
        &self.store
    }
}
