//! Sealing: XChaCha20-Poly1305 under a person's key, bound to where the value lies,
//! so that a sealed phone moved to another row or column does not open.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::chance::Chance;

/// A secret key of 32 bytes, wiped when dropped.
pub type Key = Zeroizing<[u8; 32]>;

const VERSION: u8 = 1;
const NONCE: usize = 24;

/// The sealed bytes are damaged, or not sealed with this key for this place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed value does not open: it is damaged or belongs elsewhere")]
pub struct DoesNotOpen;

/// Seals `plain` for `place` (the authenticated context).
pub fn seal(key: &Key, place: &str, plain: &[u8], chance: &Chance) -> Vec<u8> {
    let nonce: [u8; NONCE] = chance.bytes();
    let cipher = XChaCha20Poly1305::new((&**key).into());
    let payload = Payload {
        msg: plain,
        aad: place.as_bytes(),
    };
    let sealed = cipher
        .encrypt(&XNonce::from(nonce), payload)
        .expect("sealing fails only beyond 256 GiB");
    let mut out = Vec::with_capacity(1 + NONCE + sealed.len());
    out.push(VERSION);
    out.extend_from_slice(&nonce);
    out.extend_from_slice(&sealed);
    out
}

/// Opens what [`seal`] made for the same `place`.
pub fn open(key: &Key, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
    if sealed.len() < 1 + NONCE || sealed[0] != VERSION {
        return Err(DoesNotOpen);
    }
    let nonce: [u8; NONCE] = sealed[1..=NONCE].try_into().map_err(|_| DoesNotOpen)?;
    let cipher = XChaCha20Poly1305::new((&**key).into());
    let payload = Payload {
        msg: &sealed[1 + NONCE..],
        aad: place.as_bytes(),
    };
    cipher
        .decrypt(&XNonce::from(nonce), payload)
        .map(Zeroizing::new)
        .map_err(|_| DoesNotOpen)
}

/// HMAC-SHA-256 of `parts`, each preceded by its length so that no two lists of
/// parts give the same bytes.
pub fn mac(key: &Key, parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key.as_ref())
        .expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
