//! The one loop over a text's symbols: where words may begin, and what the trained part makes of
//! each n-gram.

use crate::model::{Grams, Model, Sum};
use crate::text::Symbols;
use crate::words::{Hit, Words, pair_hash};

/// Follows all words and sums the model's weights; the logit when there is a model.
pub(crate) fn run(
    words: &Words,
    model: Option<&Model>,
    symbols: &Symbols,
    hits: &mut Vec<Hit>,
) -> Option<f32> {
    match model {
        Some(model) => {
            let mut sum = Sum::default();
            let mut grams = Grams::default();
            each(words, symbols, hits, |at| {
                grams.step(symbols, at);
                model.add(&grams, &mut sum);
            });
            Some(model.logit(&sum))
        }
        None => {
            each(words, symbols, hits, |_| {});
            None
        }
    }
}

#[inline(always)]
fn each(words: &Words, symbols: &Symbols, hits: &mut Vec<Hit>, mut step: impl FnMut(usize)) {
    let count = symbols.len();
    let (plain, sound) = (&symbols.plain[..count], &symbols.sound[..count]);
    let (mut before, mut heard) = (0u16, 0u16);
    for at in 0..count {
        let (symbol, syllable) = (plain[at], sound[at]);
        if at > 0 {
            if words.plain.filter.may_begin(pair_hash(before, symbol)) {
                words.follow(symbols, at - 1, false, hits);
            }
            if words.sound.filter.may_begin(pair_hash(heard, syllable)) {
                words.follow(symbols, at - 1, true, hits);
            }
        }
        step(at);
        (before, heard) = (symbol, syllable);
    }
}
