//! Where words may begin: one loop over a text's symbols, without a branch until all is known.

use crate::text::Symbols;
use crate::words::{Hit, Words};

const LONGER: u32 = 1;
const PAIR: u32 = 2;
const LONGER_HEARD: u32 = 4;
const PAIR_HEARD: u32 = 8;

/// Finds the words that are in the text as they are written or heard. `candidates` is memory kept
/// from text to text.
pub(crate) fn run(
    words: &Words,
    symbols: &Symbols,
    candidates: &mut Vec<u32>,
    hits: &mut Vec<Hit>,
) {
    let count = symbols.len();
    let (plain, sound) = (&symbols.plain[..count], &symbols.sound[..count]);
    if candidates.len() < count {
        candidates.resize(count, 0);
    }
    let open = &mut candidates[..count];
    let (written, spoken) = (&words.plain.filter, &words.sound.filter);
    // The last symbols and syllables. Before the text stands 0, which no word begins with.
    let (mut seen, mut heard) = (0u64, 0u64);
    let mut found = 0;
    // A place is a candidate once in ten times: a branch would be mispredicted each time.
    for at in 0..count {
        seen = seen << 16 | u64::from(plain[at]);
        heard = heard << 16 | u64::from(sound[at]);
        let why = (u32::from(written.is_triple(seen)) * LONGER)
            | (u32::from(written.is_pair(seen)) * PAIR)
            | (u32::from(spoken.is_triple(heard)) * LONGER_HEARD)
            | (u32::from(spoken.is_pair(heard)) * PAIR_HEARD);
        open[found] = ((at as u32) << 4) | why;
        found += usize::from(why != 0);
    }
    for &candidate in &open[..found] {
        let (at, why) = ((candidate >> 4) as usize, candidate & 15);
        if why & LONGER != 0 && at >= 2 {
            Words::follow_longer(&words.plain, plain, at - 2, hits);
        }
        if why & PAIR != 0 && at >= 1 {
            Words::follow_pair(&words.plain, plain, at + 1, hits);
        }
        if why & LONGER_HEARD != 0 && at >= 2 {
            Words::follow_longer(&words.sound, sound, at - 2, hits);
        }
        if why & PAIR_HEARD != 0 && at >= 1 {
            Words::follow_pair(&words.sound, sound, at + 1, hits);
        }
    }
}
