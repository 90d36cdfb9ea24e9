//! The trained part: a linear model over hashed n-grams, eight bits of weight each.
//!
//! A slot keeps one feature with eight bits of its hash, so that an n-gram never seen in training
//! reads nothing instead of somebody else's weight.
//!
//! It queues a message for a person and never punishes alone. What it was trained on and how well
//! it does stands in decision 010 and at the head of the weights.

mod adapt;
mod eval;
mod format;
mod grams;
mod train;

use std::sync::LazyLock;

pub use adapt::adapt;
pub use eval::{AtRate, Figures, figures};
pub use format::ModelError;
pub use train::{Progress, Sample, TrainError, train};

use crate::text::Symbols;
use grams::{GRAMS, Grams, LENGTHS};

/// Words shown of what raised a score.
const WORDS_SHOWN: usize = 5;
/// Features looked at when words are shown: a long message's first screen.
const PLACES_SHOWN_MAX: usize = 2_000;

/// A trained model.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Eight bits that tell a feature from others of its slot, eight bits of weight; 0 for none.
    pub(crate) slots: Box<[u16; SLOTS]>,
    /// What a weight's unit is worth in the logit.
    pub(crate) scale: f32,
    pub(crate) bias: f32,
    /// Logit from which a text counts as an insult in [`figures`].
    pub(crate) decision: f32,
    /// Probability from which a message is queued.
    pub(crate) threshold: f32,
    /// What it was trained on and how.
    pub(crate) made_of: String,
}

/// Weights summed over a text.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    weights: i32,
    places: u32,
}

static SHIPPED: LazyLock<Model> = LazyLock::new(|| {
    Model::from_bytes(include_bytes!("../../model/insult.model"))
        .expect("a test reads the shipped model")
});

/// The model that comes with linli.
#[must_use]
pub fn shipped() -> &'static Model {
    &SHIPPED
}

/// Slots of a model: 256 KiB. Four times as many tell no more right (decision 010), and this stays
/// in a core's cache.
pub(crate) const SLOTS: usize = 1 << SLOT_BITS;
const SLOT_BITS: u32 = 17;

/// No feature at all.
pub(crate) fn empty_slots() -> Box<[u16; SLOTS]> {
    let slots = vec![0u16; SLOTS].into_boxed_slice();
    slots.try_into().expect("the length is the type's")
}

/// The slot of a feature: by its upper bits.
#[inline(always)]
pub(crate) fn slot_of(hash: u32) -> usize {
    (hash >> (32 - SLOT_BITS)) as usize
}

/// What tells a feature from others of its slot: its lower bits, where the slot keeps them. Never 0,
/// so that an empty slot is nobody's.
#[inline(always)]
pub(crate) fn mark_of(hash: u32) -> u16 {
    ((hash as u16) << 8) | 0x100
}

impl Model {
    /// The weight of a feature, 0 for one that training did not keep.
    #[inline(always)]
    fn weight(&self, hash: u32) -> i32 {
        let slot = self.slots[slot_of(hash)];
        // Without a branch: whether an n-gram is known is as good as chance to the processor.
        let known = (slot ^ mark_of(hash)) & 0xFF00 == 0;
        i32::from(slot as u8 as i8) & -i32::from(known)
    }

    /// Adds the features of one place.
    #[inline(always)]
    fn add(&self, grams: &Grams, sum: &mut Sum) {
        let mut weights = 0;
        for hash in grams.hashes() {
            weights += self.weight(hash);
        }
        sum.weights = sum.weights.wrapping_add(weights);
        sum.places += 1;
    }

    /// The logit of a sum: longer texts have more to say on both sides, so the sum is scaled by the
    /// root of the length.
    fn logit(&self, sum: &Sum) -> f32 {
        if sum.places == 0 {
            return self.bias.min(-4.0);
        }
        self.bias + sum.weights as f32 * self.scale / (sum.places as f32).sqrt()
    }

    /// The logit of a text.
    pub(crate) fn score(&self, symbols: &Symbols) -> f32 {
        let (mut sum, mut grams) = (Sum::default(), Grams::default());
        let count = symbols.len();
        let (plain, sound) = (&symbols.plain[..count], &symbols.sound[..count]);
        let places = &symbols.places[..count];
        for at in 0..count {
            grams.step(plain[at], sound[at], places[at].gap.clause());
            self.add(&grams, &mut sum);
        }
        self.logit(&sum)
    }

    /// The probability of a logit.
    #[must_use]
    pub fn probability(&self, logit: f32) -> f32 {
        1.0 / (1.0 + (-logit).exp())
    }

    /// Probability from which a message is queued.
    #[must_use]
    pub fn threshold(&self) -> f32 {
        self.threshold
    }

    /// Logit from which a text counts as an insult.
    #[must_use]
    pub fn decision(&self) -> f32 {
        self.decision
    }

    /// What it was trained on and how.
    #[must_use]
    pub fn made_of(&self) -> &str {
        &self.made_of
    }

    /// The stretches whose n-grams raised the score most: never the place of the insult, which
    /// weights do not show better than the whole message does.
    pub(crate) fn words_that_raised(&self, symbols: &Symbols, text: &str) -> Vec<String> {
        let mut grams = Grams::default();
        let mut raised: Vec<(i32, usize, usize)> = Vec::new();
        for at in 0..symbols.len().min(PLACES_SHOWN_MAX) {
            grams.step(
                symbols.plain[at],
                symbols.sound[at],
                symbols.places[at].gap.clause(),
            );
            let hashes = grams.hashes();
            for kind in 0..GRAMS {
                let weight = self.weight(hashes[kind]);
                let from = (at + 1).saturating_sub(LENGTHS[kind]);
                let inner = &symbols.places[from + 1..=at.max(from)];
                if weight > 0 && !inner.iter().any(|p| p.gap.clause()) {
                    raised.push((weight, from, at + 1));
                }
            }
        }
        raised.sort_by_key(|&(weight, from, to)| (-weight, from, to));
        let mut shown: Vec<(usize, usize)> = Vec::new();
        for (_, from, to) in raised {
            if shown.len() == WORDS_SHOWN {
                break;
            }
            // What overlaps a word shown already says the same again.
            if shown.iter().all(|&(a, b)| to <= a || b <= from) {
                shown.push((from, to));
            }
        }
        let of = |(from, to): (usize, usize)| {
            let bytes = symbols.places[from].start as usize..symbols.places[to - 1].end as usize;
            text[bytes].to_owned()
        };
        shown.into_iter().map(of).collect()
    }
}
