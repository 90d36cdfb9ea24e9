//! Where words may begin: two filters for both views, small enough for a core's caches.
//!
//! The first is a table over pairs of syllables; the pairs of everyday talk lie together in it, and
//! at four places of five it says that nothing begins there. The second is asked at the others.
//! There, a symbol's **class** is its syllable, or the symbol itself where it has none, so that a
//! word that stands as written also sounds as it does: the first three classes of every longer word
//! are in the filter once, whichever view the word is looked for in. The word of memory that tells
//! is chosen by a place's last two classes; one load answers for all kinds of words.

use super::variants::Variant;
use crate::text::{SYLLABLES_MAX, Table};

/// A longer word may begin with the last three symbols.
pub(crate) const LONGER: u32 = 1;
/// The last two may be a word as written.
pub(crate) const PAIR: u32 = 2;
/// The last two may be a word by ear.
pub(crate) const PAIR_HEARD: u32 = 4;

/// Bits of the filter for each of its words, at least, of which two are set. With half as many the
/// engine is a twentieth slower.
const BITS_PER_WORD: usize = 14;
/// Most bits: 128 KiB, which share a core's cache with the model.
const BITS_MAX: usize = 1 << 20;

/// The last symbols and classes, the last in the lowest 16 bits. Before the text stands 0, which no
/// word begins with.
#[derive(Clone, Copy, Default)]
pub(crate) struct Window {
    symbols: u64,
    classes: u64,
}

impl Window {
    /// Moves on by a symbol with its syllable, 0 for none.
    #[inline(always)]
    pub fn step(&mut self, symbol: u16, sound: u16) {
        self.symbols = self.symbols << 16 | u64::from(symbol);
        let class = if sound == 0 { symbol | 0x200 } else { sound };
        self.classes = self.classes << 16 | u64::from(class);
    }
}

/// Set for a pair of syllables that is a word by ear.
const HEARD: u16 = 1 << 15;
/// Bits for the third syllable back, from the lowest; above them those for written pairs.
const LONGER_BITS: u32 = 8;
/// Bits for written pairs.
const WRITTEN_BITS: u32 = 7;

/// The last syllables and the symbol before, for the first filter.
#[derive(Clone, Copy, Default)]
pub(crate) struct Glance {
    symbol: u16,
    last: u16,
    before: u16,
}

impl Glance {
    /// Moves on; says which place of the first filter tells of the last two symbols, and which of
    /// its bits would.
    #[inline(always)]
    fn step(&mut self, symbol: u16, sound: u16) -> (usize, [u16; 3]) {
        let at = usize::from(self.last) * SYLLABLES_MAX + usize::from(sound);
        let longer = 1 << (u32::from(self.before) % LONGER_BITS);
        let written = (u32::from(self.symbol) * 31 + u32::from(symbol)) & 0xFF;
        let written = 1 << (LONGER_BITS + ((written * WRITTEN_BITS) >> 8));
        *self = Glance {
            symbol,
            last: sound,
            before: self.last,
        };
        (at, [longer, written, HEARD])
    }
}

/// The beginnings of all words.
pub(crate) struct Gate {
    /// For each pair of syllables, what a word that has it may have besides.
    pairs: Box<[u16]>,
    /// Two bits for each beginning.
    bits: Box<[u64]>,
    /// Leaves of a hash the number of its word of memory.
    shift: u32,
}

/// Two bits out of a hash, by its upper bits, the mixed ones.
#[inline(always)]
fn mask(hash: u64) -> u64 {
    1 << (hash >> 58) | 1 << (hash >> 52 & 63)
}

impl Gate {
    /// Holds the beginnings of all patterns.
    pub fn new(table: &Table, patterns: &[Variant]) -> Gate {
        let bits = (patterns.len() * BITS_PER_WORD)
            .next_power_of_two()
            .clamp(128, BITS_MAX);
        let mut gate = Gate {
            pairs: vec![0; SYLLABLES_MAX * SYLLABLES_MAX].into_boxed_slice(),
            bits: vec![0; bits / 64].into_boxed_slice(),
            shift: 64 - (bits / 64).trailing_zeros(),
        };
        for pattern in patterns {
            let (mut window, mut glance) = (Window::default(), Glance::default());
            let mut first = (0, [0; 3]);
            for &symbol in pattern.symbols.iter().take(3) {
                // A pattern by ear has syllables for symbols.
                let (symbol, sound) = if pattern.sound {
                    (0, symbol)
                } else {
                    (symbol, table.sound(symbol))
                };
                window.step(symbol, sound);
                first = glance.step(symbol, sound);
            }
            let kind = match (pattern.symbols.len(), pattern.sound) {
                (2, false) => 1,
                (2, true) => 2,
                _ => 0,
            };
            gate.pairs[first.0] |= first.1[kind];
            let (at, kinds) = gate.place(window);
            gate.bits[at] |= kinds[kind];
        }
        gate
    }

    /// Whether a word may begin with the last symbols; false at most places.
    #[inline(always)]
    pub fn glance(&self, glance: &mut Glance, symbol: u16, sound: u16) -> bool {
        let (at, [longer, written, heard]) = glance.step(symbol, sound);
        self.pairs[at] & (longer | written | heard) != 0
    }

    /// Where a place's bits are, and which for each kind of word.
    #[inline(always)]
    fn place(&self, window: Window) -> (usize, [u64; 3]) {
        let two = (window.classes & 0xFFFF_FFFF).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let three = (window.classes & 0xFFFF_FFFF_FFFF).wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
        let written = (window.symbols & 0xFFFF_FFFF).wrapping_mul(0xA076_1D64_78BD_642F);
        let kinds = [mask(three), mask(written), mask(two << 20)];
        ((two >> self.shift) as usize, kinds)
    }

    /// Which kinds of words the window's last symbols may be.
    #[inline(always)]
    pub fn look(&self, window: Window) -> u32 {
        let (at, [longer, pair, heard]) = self.place(window);
        let bits = !self.bits[at];
        (u32::from(bits & longer == 0) * LONGER)
            | (u32::from(bits & pair == 0) * PAIR)
            | (u32::from(bits & heard == 0) * PAIR_HEARD)
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.bits.len() * 8 + self.pairs.len() * 2
    }
}
