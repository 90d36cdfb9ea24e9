//! The features of the trained part: hashed n-grams of symbols and of syllables.
//!
//! Digits are one symbol, the end of a clause is one. Features of one place: symbols 1 to 3 long and
//! syllables 2 long. Longer ones, and pairs with one left out, made the model worse on topics it had
//! not been trained on (decision 010).

/// Features of one place.
pub(crate) const GRAMS: usize = 4;

/// What stands for the end of a clause.
const CLAUSE: u16 = 0x3002;
const DIGIT: u16 = b'0' as u16;

/// Odd numbers with well-mixed bits, one for each kind of feature, so that 的 alone and 的 by sound
/// are not one feature.
const MIXERS: [u64; GRAMS] = [
    0x9E37_79B9_7F4A_7C15,
    0xC2B2_AE3D_27D4_EB4F,
    0x1656_67B1_9E37_79F9,
    0xA076_1D64_78BD_642F,
];

/// A window over the last symbols and syllables.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Grams {
    symbols: u64,
    syllables: u64,
}

impl Grams {
    /// Moves on to a symbol and its syllable.
    #[inline(always)]
    pub fn step(&mut self, symbol: u16, syllable: u16, after_clause: bool) {
        // A clause's end is one symbol more; shifted without a branch.
        let shift = u32::from(after_clause) * 16;
        let clause = u64::from(CLAUSE) * u64::from(after_clause);
        self.symbols = self.symbols << shift | clause;
        self.syllables <<= shift;
        let digit = symbol.wrapping_sub(DIGIT) < 10;
        let symbol = if digit { DIGIT } else { symbol };
        self.symbols = self.symbols << 16 | u64::from(symbol);
        self.syllables = self.syllables << 16 | u64::from(syllable);
    }

    /// The hashes of the features that end here.
    #[inline(always)]
    pub fn hashes(&self) -> [u32; GRAMS] {
        let (s, p) = (self.symbols, self.syllables);
        let keys = [
            s & 0xFFFF,
            s & 0xFFFF_FFFF,
            s & 0xFFFF_FFFF_FFFF,
            p & 0xFFFF_FFFF,
        ];
        let mut hashes = [0; GRAMS];
        for (hash, (key, mixer)) in hashes.iter_mut().zip(keys.iter().zip(MIXERS)) {
            // Folded once so that the low symbols reach the upper bits of the product.
            *hash = ((key ^ (key >> 31)).wrapping_mul(mixer) >> 32) as u32;
        }
        hashes
    }
}

/// How many symbols back each feature reaches, itself counted.
pub(crate) const LENGTHS: [usize; GRAMS] = [1, 2, 3, 2];
