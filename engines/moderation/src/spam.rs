//! Repeating and flooding, from the digests and times of the messages before: nothing of this is
//! kept here.

use crate::finding::Rule;
use crate::policy::Spam;
use crate::text::Symbols;

/// Symbols from which messages are compared by likeness; below, only what is the same is the same
/// (好的, 收到).
const LIKENESS_SYMBOLS: usize = 12;
/// Bits in which the likenesses of two alike messages may differ, of 64.
const LIKENESS_BITS: u32 = 6;
/// Shortest message that counts as repeated: everybody says 收到.
const REPEAT_SYMBOLS: usize = 5;
/// Most earlier messages looked at.
pub const RECENT_MAX: usize = 1_000;

/// What a message is recognised by, without its words: the same and the like have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digest {
    /// Of all symbols.
    pub exact: u64,
    /// Near for texts that differ a little; 0 for short ones.
    pub near: u64,
}

/// An earlier message of the same writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recent {
    /// What it is recognised by.
    pub digest: Digest,
    /// When, in seconds of any clock that [`crate::Context::now`] shares.
    pub at: i64,
}

fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    (value ^ (value >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93) ^ (value >> 29)
}

/// The digest of a text's symbols.
pub(crate) fn digest(symbols: &Symbols) -> Digest {
    let plain = symbols.plain();
    let exact = plain
        .iter()
        .fold(0x006C_696E_6C69_u64, |h, &s| mix(h ^ u64::from(s)));
    let mut near = 0;
    if plain.len() >= LIKENESS_SYMBOLS {
        // Charikar's simhash over trigrams.
        let mut votes = [0i32; 64];
        for gram in plain.windows(3) {
            let hash =
                mix(u64::from(gram[0]) << 32 | u64::from(gram[1]) << 16 | u64::from(gram[2]));
            for (bit, vote) in votes.iter_mut().enumerate() {
                *vote += if hash >> bit & 1 == 1 { 1 } else { -1 };
            }
        }
        near = votes
            .iter()
            .enumerate()
            .fold(0, |n, (bit, &vote)| n | u64::from(vote > 0) << bit);
    }
    Digest { exact, near }
}

impl Digest {
    /// Whether two messages say the same, but for a little.
    #[must_use]
    pub fn is_like(self, other: Digest) -> bool {
        let near = self.near != 0 && other.near != 0;
        self.exact == other.exact || near && (self.near ^ other.near).count_ones() <= LIKENESS_BITS
    }
}

/// Which rule of spam the message breaks, and how many messages show it.
pub(crate) fn judge(
    bounds: &Spam,
    symbols: &Symbols,
    now: i64,
    recent: &[Recent],
) -> Vec<(Rule, u32)> {
    let recent = &recent[recent.len().saturating_sub(RECENT_MAX)..];
    let within = |at: i64, seconds: i64| at <= now && now.saturating_sub(at) < seconds;
    let mut broken = Vec::new();
    let flood = recent
        .iter()
        .filter(|r| within(r.at, bounds.flood_seconds))
        .count() as u32
        + 1;
    if symbols.len() >= REPEAT_SYMBOLS {
        let own = digest(symbols);
        let alike = recent
            .iter()
            .filter(|r| within(r.at, bounds.repeat_seconds) && r.digest.is_like(own))
            .count() as u32
            + 1;
        if alike >= bounds.repeat_count {
            broken.push((Rule::Repeat, alike));
        }
    }
    if flood >= bounds.flood_count {
        broken.push((Rule::Flood, flood));
    }
    broken
}
