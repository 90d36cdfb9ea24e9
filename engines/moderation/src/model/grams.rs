//! The features of the trained part: hashed n-grams of symbols and of syllables.
//!
//! Digits are one symbol, the end of a clause is one. Features of one place: symbols 1 to 4 long,
//! the pair with one symbol left out, syllables 2 and 3 long.

use crate::text::Symbols;

/// Features of one place.
pub(crate) const GRAMS: usize = 7;

/// What stands for the end of a clause.
const CLAUSE: u16 = 0x3002;
const DIGIT: u16 = b'0' as u16;

/// Odd numbers with well-mixed bits, one for each kind of feature, so that 的 alone and 的 by sound
/// are not one feature.
const MIXERS: [u64; GRAMS] = [
    0x9E37_79B9_7F4A_7C15,
    0xC2B2_AE3D_27D4_EB4F,
    0x1656_67B1_9E37_79F9,
    0x27D4_EB2F_1656_67C5,
    0xD6E8_FEB8_6659_FD93,
    0xA076_1D64_78BD_642F,
    0xE703_7ED1_A0B4_28DB,
];

/// A window over the last four symbols and three syllables.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Grams {
    symbols: u64,
    syllables: u64,
}

impl Grams {
    /// Moves on to a symbol.
    #[inline(always)]
    pub fn step(&mut self, symbols: &Symbols, at: usize) {
        if symbols.places[at].gap.clause() {
            self.symbols = self.symbols << 16 | u64::from(CLAUSE);
            self.syllables <<= 16;
        }
        let symbol = symbols.plain[at];
        let digit = symbol.wrapping_sub(DIGIT) < 10;
        let symbol = if digit { DIGIT } else { symbol };
        self.symbols = self.symbols << 16 | u64::from(symbol);
        self.syllables = self.syllables << 16 | u64::from(symbols.sound[at]);
    }

    /// The hashes of the features that end here.
    #[inline(always)]
    pub fn hashes(&self) -> [u32; GRAMS] {
        let (s, p) = (self.symbols, self.syllables);
        let keys = [
            s & 0xFFFF,
            s & 0xFFFF_FFFF,
            s & 0xFFFF_FFFF_FFFF,
            s,
            s & 0xFFFF_0000_FFFF,
            p & 0xFFFF_FFFF,
            p & 0xFFFF_FFFF_FFFF,
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
pub(crate) const LENGTHS: [usize; GRAMS] = [1, 2, 3, 4, 3, 2, 3];
