//! Identifiers made by the program, so that a batch of writes needs no answer
//! from the database to know them.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

use super::chance::Chance;
use super::clock::Moment;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Bits of chance below the time in an id; at most 2^35 ids a millisecond.
const CHANCE_BITS: u32 = 35;

/// A record's identifier: 16 signs, sorted by the time it was made. Not a secret.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id([u8; 16]);

impl Id {
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("an id holds only ASCII")
    }

    fn from_u128(n: u128) -> Id {
        let mut out = [b'0'; 16];
        for (i, slot) in out.iter_mut().enumerate() {
            *slot = ALPHABET[((n >> (75 - 5 * i)) & 31) as usize];
        }
        Id(out)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is not an id that this program could have made.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not an identifier")]
pub struct NotAnId;

impl FromStr for Id {
    type Err = NotAnId;
    fn from_str(s: &str) -> Result<Id, NotAnId> {
        let bytes: [u8; 16] = s.as_bytes().try_into().map_err(|_| NotAnId)?;
        if bytes.iter().all(|b| ALPHABET.contains(b)) {
            Ok(Id(bytes))
        } else {
            Err(NotAnId)
        }
    }
}

impl serde::Serialize for Id {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for Id {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Id, D::Error> {
        let s = String::deserialize(d)?;
        s.parse().map_err(serde::de::Error::custom)
    }
}

/// Makes ids: time first, chance after, never the same twice from one maker.
#[derive(Default)]
pub struct Ids {
    last_ms: AtomicU64,
    within: AtomicU64,
}

impl Ids {
    pub fn next(&self, now: Moment, chance: &Chance) -> Id {
        let ms = now.0.max(0) as u64;
        let seen = self.last_ms.swap(ms, Ordering::Relaxed);
        // Within one millisecond the ids count up from a random start, so that a
        // chunk of an import cannot collide with itself; across makers the 35
        // random bits and the compound in every key keep them apart.
        let low = if seen == ms {
            self.within
                .fetch_add(1 + (chance.u64() & 0x3ff), Ordering::Relaxed)
        } else {
            let start = chance.u64() & ((1 << (CHANCE_BITS - 1)) - 1);
            self.within.store(start + 1, Ordering::Relaxed);
            start
        } & ((1 << CHANCE_BITS) - 1);
        Id::from_u128((u128::from(ms) << CHANCE_BITS) | u128::from(low))
    }
}

/// Bytes as lower-case Crockford base 32, without padding.
pub fn crockford(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut acc, mut bits) = (0u32, 0u32);
    for b in bytes {
        acc = (acc << 8) | u32::from(*b);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(ALPHABET[((acc >> bits) & 31) as usize] as char);
        }
    }
    if bits > 0 {
        out.push(ALPHABET[((acc << (5 - bits)) & 31) as usize] as char);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_never_the_same_and_sort_by_time() {
        let (ids, chance) = (Ids::default(), Chance::from_seed(1));
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..10_000 {
            assert!(seen.insert(ids.next(Moment(1_000), &chance)));
        }
        let later = ids.next(Moment(2_000), &chance);
        assert!(seen.iter().all(|id| *id < later));
        assert_eq!(later.to_string().parse::<Id>(), Ok(later));
    }

    #[test]
    fn a_forged_id_is_refused() {
        for bad in ["", "1", "ABCDEFGHIJKLMNOP", "0123456789abcdeu", "十二號樓"] {
            assert_eq!(bad.parse::<Id>(), Err(NotAnId), "{bad}");
        }
    }
}
