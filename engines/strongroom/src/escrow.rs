//! The escrow key: whole nowhere, split over printed cards of which any three give it back.
//!
//! A share is Shamir's over GF(256), with the key's fingerprint, so that cards of different
//! keys, the same card twice, or one wrong letter are refused with a reason.

mod gf256;
mod text;

use bech32::{Bech32, Hrp};
use zeroize::Zeroizing;

use crate::digest::Digest;
use crate::slot::Opener;

/// Cards needed, and cards made, unless the caller says otherwise.
pub const THRESHOLD: u8 = 3;
pub const SHARES: u8 = 5;
const SECRET_PREFIX: &str = "age-secret-key-";

/// Why shares do not give a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EscrowError {
    #[error("a threshold of 2 to the number of shares, at most 16")]
    Threshold,
    #[error("group {group} was mistyped: {typed}")]
    Mistyped { group: usize, typed: String },
    #[error("{found} groups, there must be {expected}")]
    Length { found: usize, expected: usize },
    #[error("this is no share of an escrow key")]
    NoShare,
    #[error("share {share} does not check")]
    Check { share: u8 },
    #[error("share {share} is there twice")]
    Twice { share: u8 },
    #[error("share {share} is of another splitting than share {other}")]
    Mixed { share: u8, other: u8 },
    #[error("{have} shares, {need} are needed")]
    TooFew { have: usize, need: u8 },
    #[error("the shares give a key that is not the escrow's: one of them is forged")]
    Forged,
}

/// One card's part of the key. It is as secret as the card.
#[derive(Clone, PartialEq, Eq)]
pub struct Share {
    /// From 1; the card's number.
    pub number: u8,
    /// How many are needed.
    pub threshold: u8,
    /// The same on all cards of one splitting: printed on each, to tell sets apart.
    pub set: [u8; 4],
    /// The first bytes of the SHA-512 of the key's recipient (`age1…`).
    pub key: [u8; 4],
    pub(crate) bytes: Zeroizing<[u8; 32]>,
}

impl std::fmt::Debug for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "share {} of {:02x?}", self.number, self.set)
    }
}

/// Splits and joins the escrow key.
pub struct Escrow;

impl Escrow {
    /// Splits a key into `shares` of which any `threshold` give it back.
    ///
    /// # Errors
    /// [`EscrowError::Threshold`].
    pub fn split(key: &Opener, threshold: u8, shares: u8) -> Result<Vec<Share>, EscrowError> {
        if threshold < 2 || threshold > shares || shares > 16 {
            return Err(EscrowError::Threshold);
        }
        let mut set = [0; 4];
        let mut chance = Zeroizing::new(vec![0; 32 * usize::from(threshold - 1)]);
        getrandom::fill(&mut set).expect("the operating system gives randomness");
        getrandom::fill(&mut chance).expect("the operating system gives randomness");
        let secret = scalar(key);
        let made = (1..=shares).map(|number| Share {
            number,
            threshold,
            set,
            key: fingerprint(key),
            bytes: gf256::evaluate(&secret, &chance, number),
        });
        Ok(made.collect())
    }

    /// Joins shares; more than needed are all used, and must agree.
    ///
    /// # Errors
    /// [`EscrowError`], naming the share that is wrong where it can be known.
    pub fn join(shares: &[Share]) -> Result<Opener, EscrowError> {
        let first = shares.first().ok_or(EscrowError::TooFew {
            have: 0,
            need: THRESHOLD,
        })?;
        for (i, share) in shares.iter().enumerate() {
            let like = |s: &Share| (s.set, s.key, s.threshold);
            if like(share) != like(first) {
                return Err(EscrowError::Mixed {
                    share: share.number,
                    other: first.number,
                });
            }
            if shares[..i].iter().any(|s| s.number == share.number) {
                return Err(EscrowError::Twice {
                    share: share.number,
                });
            }
        }
        if shares.len() < usize::from(first.threshold) {
            return Err(EscrowError::TooFew {
                have: shares.len(),
                need: first.threshold,
            });
        }
        let points: Vec<(u8, &[u8; 32])> = shares.iter().map(|s| (s.number, &*s.bytes)).collect();
        let key = opener(&gf256::interpolate(&points))?;
        if fingerprint(&key) == first.key {
            Ok(key)
        } else {
            Err(EscrowError::Forged)
        }
    }
}

fn fingerprint(key: &Opener) -> [u8; 4] {
    let digest = Digest::of(key.recipient().as_bytes()).0;
    [digest[0], digest[1], digest[2], digest[3]]
}

/// The 32 bytes in an age key's text.
fn scalar(key: &Opener) -> Zeroizing<[u8; 32]> {
    let text = key.secret();
    let (_, bytes) = bech32::decode(&text).expect("age writes its keys in Bech32");
    let bytes = Zeroizing::new(bytes);
    Zeroizing::new(bytes.as_slice().try_into().expect("a key has 32 bytes"))
}

fn opener(scalar: &[u8; 32]) -> Result<Opener, EscrowError> {
    let prefix = Hrp::parse(SECRET_PREFIX).expect("letters and dashes");
    let text = bech32::encode::<Bech32>(prefix, scalar).expect("32 bytes are short");
    let text = Zeroizing::new(text.to_uppercase());
    text.parse().map_err(|_| EscrowError::Forged)
}

#[cfg(test)]
mod tests;
