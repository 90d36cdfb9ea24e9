//! A slot: the identity of one document, and the key of its plaintext digests, as a small
//! age file that the site key, the escrow key and whoever else was named can open.
//!
//! What is inside is an identity file in age's own form, the rest of it comments:
//! `age -d -i site.key slot.key.age > k; age -d -i k original.age` opens the document.

use std::io::{Read, Write};
use std::str::FromStr;

use age::secrecy::ExposeSecret as _;
use age::x25519::{Identity, Recipient};
use zeroize::Zeroizing;

use crate::digest::{hex, unhex};
use crate::error::{Result, RoomError};
use crate::names::OpaqueId;

/// A slot has about 500 bytes; each further recipient adds about 100.
pub(crate) const SLOT_BYTES_MAX: u64 = 16 * 1_024;
const HEAD: &str = "# linli strongroom slot 1";

/// A secret key in age's form (`AGE-SECRET-KEY-1…`): the site's, or the escrow's.
#[derive(Clone)]
pub struct Opener {
    key: Identity,
    former: Option<Identity>,
}

impl Opener {
    /// A new one, from the operating system's randomness.
    pub fn generate() -> Opener {
        Opener {
            key: Identity::generate(),
            former: None,
        }
    }

    /// Opens also what the key before it opens: while one takes the other's place.
    #[must_use]
    pub fn or_former(self, former: &Opener) -> Opener {
        Opener {
            key: self.key,
            former: Some(former.key.clone()),
        }
    }

    /// The public half, `age1…`.
    pub fn recipient(&self) -> String {
        self.key.to_public().to_string()
    }

    /// The key as text, for the one file or card that keeps it.
    pub fn secret(&self) -> Zeroizing<String> {
        Zeroizing::new(self.key.to_string().expose_secret().to_owned())
    }
}

impl FromStr for Opener {
    type Err = RoomError;
    fn from_str(text: &str) -> Result<Opener> {
        let key = text.trim().parse().map_err(|_| RoomError::BadKey)?;
        Ok(Opener { key, former: None })
    }
}

/// An opened slot.
pub(crate) struct Slot {
    pub id: OpaqueId,
    pub identity: Identity,
    pub digest_key: Zeroizing<[u8; 32]>,
}

impl Slot {
    /// A new identity and digest key.
    pub fn fresh(id: OpaqueId) -> Slot {
        let mut digest_key = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *digest_key).expect("the operating system gives randomness");
        Slot {
            id,
            identity: Identity::generate(),
            digest_key,
        }
    }

    fn text(&self) -> Zeroizing<String> {
        let secret = self.identity.to_string();
        let key = Zeroizing::new(hex(&*self.digest_key));
        Zeroizing::new(format!(
            "{HEAD}\n# slot: {}\n# digest-key: {}\n{}\n",
            self.id,
            *key,
            secret.expose_secret()
        ))
    }

    /// The slot as an age file for these recipients.
    pub fn wrap(&self, to: &[Recipient]) -> Result<Vec<u8>> {
        let recipients = to.iter().map(|r| r as &dyn age::Recipient);
        let mut out = Vec::with_capacity(1_024);
        let mut age = age::Encryptor::with_recipients(recipients)
            .map_err(|_| RoomError::BadKey)?
            .wrap_output(&mut out)?;
        age.write_all(self.text().as_bytes())?;
        age.finish()?;
        Ok(out)
    }

    /// Opens a wrapped slot and holds it to the name it lies under.
    pub fn open(id: &OpaqueId, wrapped: &[u8], with: &Opener) -> Result<Slot> {
        let refused = || RoomError::DoesNotOpen(id.clone());
        let age = age::Decryptor::new(wrapped).map_err(|_| refused())?;
        let identities = std::iter::once(&with.key).chain(&with.former);
        let identities = identities.map(|key| key as &dyn age::Identity);
        let mut plain = age.decrypt(identities).map_err(|_| refused())?;
        let mut text = Zeroizing::new(String::with_capacity(512));
        plain.read_to_string(&mut text).map_err(|_| refused())?;
        let slot = Slot::parse(&text).ok_or_else(refused)?;
        if slot.id == *id {
            Ok(slot)
        } else {
            Err(refused())
        }
    }

    fn parse(text: &str) -> Option<Slot> {
        let mut lines = text.lines();
        if lines.next()? != HEAD {
            return None;
        }
        let id = lines.next()?.strip_prefix("# slot: ")?.parse().ok()?;
        let key = lines.next()?.strip_prefix("# digest-key: ")?;
        let key = Zeroizing::new(unhex(key)?);
        let digest_key = Zeroizing::new(key.as_slice().try_into().ok()?);
        let identity = lines.next()?.parse().ok()?;
        Some(Slot {
            id,
            identity,
            digest_key,
        })
    }
}
