//! The one loop over a text's symbols: where words may begin, and what the trained part makes of
//! each n-gram.

use crate::model::{Grams, Model, Sum};
use crate::text::Symbols;
use crate::words::{Hit, Words};

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
    // The last four symbols and syllables. Before the text stands 0, which no word begins with.
    let (mut seen, mut heard) = (0u64, 0u64);
    for at in 0..count {
        seen = seen << 16 | u64::from(plain[at]);
        heard = heard << 16 | u64::from(sound[at]);
        if words.plain.filter.is_triple(seen) && at >= 2 {
            Words::follow_longer(&words.plain, plain, at - 2, hits);
        }
        if words.plain.filter.is_pair(seen) && at >= 1 {
            Words::follow_pair(&words.plain, plain, at + 1, hits);
        }
        if words.sound.filter.is_triple(heard) && at >= 2 {
            Words::follow_longer(&words.sound, sound, at - 2, hits);
        }
        if words.sound.filter.is_pair(heard) && at >= 1 {
            Words::follow_pair(&words.sound, sound, at + 1, hits);
        }
        step(at);
    }
}
