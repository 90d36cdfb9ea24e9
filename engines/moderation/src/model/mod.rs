//! The trained part: a linear model over symbols and groups of syllables, eight bits of weight each.
//!
//! Symbols and pairs of syllables have their own places; threes share slots, of which each keeps the
//! bits that tell one three from all others, so that no feature ever reads another's weight.
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
use grams::{DIRECT, Feature, GRAMS, Grams, LENGTHS, mixed};

/// Words shown of what raised a score.
const WORDS_SHOWN: usize = 5;
/// Features looked at when words are shown: a long message's first screen.
const PLACES_SHOWN_MAX: usize = 2_000;

/// A trained model.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Weights of the symbols, then of the pairs of syllables.
    pub(crate) direct: Box<[i8; DIRECT]>,
    /// Threes of syllables: eight bits that tell one from the others of its slot, eight bits of
    /// weight; 0 for none.
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

static SHIPPED: LazyLock<Model> = LazyLock::new(|| {
    Model::from_bytes(include_bytes!("../../model/insult.model"))
        .expect("a test reads the shipped model")
});

/// The model that comes with linli.
#[must_use]
pub fn shipped() -> &'static Model {
    &SHIPPED
}

/// Logit of symbols and pairs alone below which a text is no insult, whatever threes would say.
const CLEAR: f32 = -1.0;

/// Slots for threes of syllables: 256 KiB. Of the threes that would share one, the weightiest has it.
pub(crate) const SLOTS: usize = 1 << 17;

/// No feature at all.
pub(crate) fn empty_slots() -> Box<[u16; SLOTS]> {
    let slots = vec![0u16; SLOTS].into_boxed_slice();
    slots.try_into().expect("the length is the type's")
}

/// No weight at all.
pub(crate) fn empty_direct() -> Box<[i8; DIRECT]> {
    let direct = vec![0i8; DIRECT].into_boxed_slice();
    direct.try_into().expect("the length is the type's")
}

/// The slot of a three, and the bits that tell it from the others there.
#[inline(always)]
fn slot_of(triple: u32) -> (usize, u16) {
    let mixed = mixed(triple);
    ((mixed >> 8) as usize, (mixed as u16) << 8)
}

impl Model {
    /// The weight of a three, 0 for one that training did not keep.
    #[inline(always)]
    fn triple(&self, triple: u32) -> i32 {
        let (slot, mark) = slot_of(triple);
        let slot = self.slots[slot];
        // Without a branch: whether a three is known is as good as chance to the processor.
        let known = (slot ^ mark) & 0xFF00 == 0;
        i32::from(slot as u8 as i8) & -i32::from(known)
    }

    /// The weight of a feature.
    fn weight(&self, feature: Feature) -> i32 {
        match feature.place() {
            Ok(place) => i32::from(self.direct[place]),
            Err(triple) => self.triple(triple),
        }
    }

    /// Whether a feature has a place of its own, or one whose holder weighs no more than `spare`.
    fn is_free(&self, feature: Feature, spare: i32) -> bool {
        let Err(triple) = feature.place() else {
            return true;
        };
        let (slot, mark) = slot_of(triple);
        let held = self.slots[slot];
        (held ^ mark) & 0xFF00 == 0 || i32::from(held as u8 as i8).abs() <= spare
    }

    /// Gives a feature its weight, and the slot it needs.
    fn put(&mut self, feature: Feature, weight: i8) {
        match feature.place() {
            Ok(place) => self.direct[place] = weight,
            Err(triple) => {
                let (slot, mark) = slot_of(triple);
                self.slots[slot] = mark | u16::from(weight as u8);
            }
        }
    }

    /// The logit of a text. Longer texts have more to say on both sides, so the sum is scaled by the
    /// root of the length. Threes are read only where symbols and pairs leave it open: of ordinary
    /// talk nearly nothing.
    pub(crate) fn score(&self, symbols: &Symbols) -> f32 {
        let count = symbols.len();
        if count == 0 {
            return self.bias.min(-4.0);
        }
        let (plain, sound) = (&symbols.plain()[..count], &symbols.sound()[..count]);
        let places = &symbols.places()[..count];
        let logit = |sum: i32| self.bias + sum as f32 * self.scale / (count as f32).sqrt();
        let (mut sum, mut grams) = (0i32, Grams::default());
        for at in 0..count {
            grams.step(plain[at], sound[at], places[at].gap.clause());
            let (symbol, pair, _) = grams.places();
            sum += i32::from(self.direct[symbol]) + i32::from(self.direct[pair]);
        }
        if logit(sum) < CLEAR {
            return logit(sum);
        }
        grams = Grams::default();
        for at in 0..count {
            grams.step(plain[at], sound[at], places[at].gap.clause());
            sum += self.triple(grams.places().2);
        }
        logit(sum)
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

    /// The stretches whose features raised the score most: never the place of the insult, which
    /// weights do not show better than the whole message does.
    pub(crate) fn words_that_raised(&self, symbols: &Symbols, text: &str) -> Vec<String> {
        let mut grams = Grams::default();
        let mut raised: Vec<(i32, usize, usize)> = Vec::new();
        for at in 0..symbols.len().min(PLACES_SHOWN_MAX) {
            grams.step(
                symbols.plain()[at],
                symbols.sound()[at],
                symbols.places()[at].gap.clause(),
            );
            let features = grams.features();
            for kind in 0..GRAMS {
                let weight = self.weight(features[kind]);
                let from = (at + 1).saturating_sub(LENGTHS[kind]);
                let inner = &symbols.places()[from + 1..=at.max(from)];
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
            let bytes =
                symbols.places()[from].start as usize..symbols.places()[to - 1].end as usize;
            text[bytes].to_owned()
        };
        shown.into_iter().map(of).collect()
    }
}
