//! Words that are looked for: the lists, their disguises, the automaton that finds them all in one
//! pass, and the second look that spares innocent words.

mod entry;
mod gate;
mod judge;
mod trie;
mod variants;

pub use entry::Role;
pub use entry::{Entry, LexiconError, Severity, WORD_CHARS_MAX, parse_lexicon, shipped};
pub(crate) use entry::{role_of, severity_of};
pub(crate) use gate::{Gate, Glance, LONGER, PAIR, PAIR_HEARD, Window};
pub(crate) use judge::{Cue, Judge};
pub(crate) use trie::{Hit, Trie};

use crate::text::Table;
use variants::Variant;
pub(crate) use variants::symbols_of;

/// Most words in one engine, with the operator's; the study's largest public list has 112,000.
pub const WORDS_MAX: usize = 200_000;
/// Most hits followed up in one text. A text with more is a list of bad words already.
const HITS_MAX: usize = 4_096;

/// All lists of one engine, ready to be looked for.
pub(crate) struct Words {
    pub entries: Vec<Entry>,
    pub patterns: Vec<Variant>,
    pub gate: Gate,
    pub plain: Trie,
    pub sound: Trie,
    /// Innocent words that hold an entry's word: symbols, and where the word stands in them.
    pub innocent: Vec<Vec<(Vec<u16>, usize)>>,
}

impl Words {
    /// Builds the automata.
    ///
    /// # Errors
    /// When a word is too short, too long, or there are too many.
    pub fn new(table: &Table, entries: Vec<Entry>) -> Result<Words, LexiconError> {
        if entries.len() > WORDS_MAX {
            return Err(LexiconError::TooMany { max: WORDS_MAX });
        }
        let mut patterns = Vec::with_capacity(entries.len() * 2);
        let mut innocent = Vec::with_capacity(entries.len());
        for (at, entry) in entries.iter().enumerate() {
            variants::of(table, entry, at as u32, &mut patterns)?;
            innocent.push(variants::innocent(table, entry));
        }
        let of_view = |sound: bool| {
            let chosen = patterns.iter().enumerate();
            let chosen = chosen.filter(move |(_, p)| p.sound == sound);
            chosen.map(|(id, p)| (&p.symbols[..], id as u32))
        };
        let plain = Trie::new(of_view(false));
        let sound = Trie::new(of_view(true));
        Ok(Words {
            gate: Gate::new(table, &patterns),
            plain,
            sound,
            entries,
            patterns,
            innocent,
        })
    }

    /// Follows a word of two symbols that may stand at `at`.
    #[inline(never)]
    pub fn follow_pair(trie: &Trie, view: &[u16], at: usize, hits: &mut Vec<Hit>) {
        if hits.len() < HITS_MAX {
            trie.follow_pair(view, at, hits);
        }
    }

    /// Follows the longer words that may begin at `at`.
    #[inline(never)]
    pub fn follow_longer(trie: &Trie, view: &[u16], at: usize, hits: &mut Vec<Hit>) {
        if hits.len() < HITS_MAX {
            trie.follow_longer(view, at, hits);
        }
    }
}
