//! The features of the trained part: every symbol, every pair and every three of syllables.
//!
//! Digits are one symbol; the end of a clause is a syllable of its own, 0, as is whatever has no
//! sound. Symbols alone carry what a sound cannot tell; pairs of symbols would tell a little
//! more of clean text for another large table (decision 010).

/// Features of one place.
pub(crate) const GRAMS: usize = 3;

/// How many symbols back each feature reaches, itself counted.
pub(crate) const LENGTHS: [usize; GRAMS] = [1, 2, 3];

/// Threes of so many syllables are numbered in 25 bits.
pub(crate) use crate::text::SYLLABLES_MAX as SOUNDS;
const SOUND: u32 = SOUNDS as u32;
/// Symbols and pairs: features with a weight at their own place.
pub(crate) const DIRECT: usize = PAIRS_FROM + SOUNDS * SOUNDS;
const PAIRS_FROM: usize = 1 << 16;
/// Set in the number of a feature of three syllables.
const TRIPLE: u32 = 1 << 31;
/// Bits of a three's number.
const TRIPLE_BITS: u32 = 25;
const _: () = assert!(SOUNDS * SOUNDS * SOUNDS <= 1 << TRIPLE_BITS);
const DIGIT: u16 = b'0' as u16;

/// A feature's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Feature(pub u32);

impl Feature {
    /// Its place among the symbols and pairs, or the number of a three.
    pub fn place(self) -> Result<usize, u32> {
        if self.0 & TRIPLE == 0 {
            Ok(self.0 as usize)
        } else {
            Err(self.0 & !TRIPLE)
        }
    }
}

/// The number of a three, mixed so that its upper bits choose a slot: multiplying by an odd number
/// mixes the numbers up and makes no two the same.
#[inline(always)]
pub(crate) fn mixed(triple: u32) -> u32 {
    triple.wrapping_mul(0x9E37_79B9) & ((1 << TRIPLE_BITS) - 1)
}

/// A window over the last symbols and syllables.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Grams {
    symbol: u16,
    sound: u32,
    pair: u32,
    triple: u32,
}

impl Grams {
    /// Moves on to a symbol and its syllable.
    #[inline(always)]
    pub fn step(&mut self, symbol: u16, sound: u16, after_clause: bool) {
        // A clause's end is one syllable more; chosen without a branch.
        let (before, last) = if after_clause {
            (self.sound * SOUND, 0)
        } else {
            (self.pair, self.sound)
        };
        self.sound = u32::from(sound);
        self.pair = last * SOUND + self.sound;
        self.triple = before * SOUND + self.sound;
        let digit = symbol.wrapping_sub(DIGIT) < 10;
        self.symbol = if digit { DIGIT } else { symbol };
    }

    /// Place of the symbol's weight, place of the pair's, number of the three.
    #[inline(always)]
    pub fn places(&self) -> (usize, usize, u32) {
        let pair = PAIRS_FROM + self.pair as usize;
        (usize::from(self.symbol), pair, self.triple)
    }

    /// The features that end here.
    pub fn features(&self) -> [Feature; GRAMS] {
        let (symbol, pair, triple) = self.places();
        [
            Feature(symbol as u32),
            Feature(pair as u32),
            Feature(triple | TRIPLE),
        ]
    }
}
