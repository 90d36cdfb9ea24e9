//! Going on from a trained model with what a community decided: small steps from weights that
//! stay as they are wherever nothing was decided.
//!
//! The same model and the same texts in the same order give the same bytes.

use super::grams::{GRAMS, Grams};
use super::train::{SYMBOLS_MAX, Sample};
use super::{Model, mark_of, slot_of};
use crate::text::{Symbols, Table};

/// Passes over the texts; the steps shrink so fast that more change nothing.
const EPOCHS: u32 = 30;
/// First step, in logits.
const STEP: f32 = 0.3;
/// What every feature has been stepped already, so that the first steps are small.
const STEPPED: f32 = 1.0;
/// Pull towards the weight that was there: a few decisions correct, many teach.
const SHRINK: f32 = 0.005;
/// A slot whose weight is no larger may be given to a feature of the community's.
const SPARE: i32 = 1;

/// A text's features that can be changed, as numbers.
struct Row {
    features: Vec<u32>,
    scale: f32,
    /// What the model said before.
    logit: f32,
    insult: bool,
    weight: f32,
}

/// A community's model: `base`, moved by what its people decided of `samples`. One decision is
/// enough; thresholds stay as they are. `made_of` is added to the note of what it is made of.
#[must_use]
pub fn adapt(base: &Model, samples: &[Sample], made_of: &str) -> Model {
    let table = Table::new();
    let mut symbols = Symbols::default();
    let mut hashes: Vec<u32> = Vec::new();
    let mut read: Vec<(Vec<u32>, f32, f32, &Sample)> = Vec::new();
    for sample in samples {
        symbols.read(&table, &sample.text);
        let logit = base.score(&symbols);
        let count = symbols.len().min(SYMBOLS_MAX);
        let mut features = Vec::with_capacity(count * GRAMS);
        let mut grams = Grams::default();
        for at in 0..count {
            grams.step(
                symbols.plain[at],
                symbols.sound[at],
                symbols.places[at].gap.clause(),
            );
            features.extend(grams.hashes().into_iter().filter(|&h| is_free(base, h)));
        }
        hashes.extend(&features);
        read.push((features, 1.0 / (count.max(1) as f32).sqrt(), logit, sample));
    }
    hashes.sort_unstable();
    hashes.dedup();
    // Of two features that would share a spare slot, the first has it.
    hashes.dedup_by_key(|h| (slot_of(*h), mark_of(*h)));
    let number = |h: u32| hashes.binary_search(&h).ok().map(|n| n as u32);
    let rows: Vec<Row> = read
        .into_iter()
        .map(|(features, scale, logit, sample)| Row {
            features: features.into_iter().filter_map(number).collect(),
            scale,
            logit,
            insult: sample.insult,
            weight: sample.weight,
        })
        .collect();
    placed(base, &hashes, &learned(&rows, hashes.len()), made_of)
}

/// Whether the feature has a slot, or one is to spare for it.
fn is_free(base: &Model, hash: u32) -> bool {
    let slot = base.slots[slot_of(hash)];
    (slot ^ mark_of(hash)) & 0xFF00 == 0 || i32::from(slot as u8 as i8).abs() <= SPARE
}

/// How far each feature moves, in logits.
fn learned(rows: &[Row], features: usize) -> Vec<f32> {
    let mut moved = vec![0f32; features];
    let mut used = vec![STEPPED; features];
    for _ in 0..EPOCHS {
        for row in rows {
            let sum: f32 = row.features.iter().map(|&f| moved[f as usize]).sum();
            let logit = row.logit + sum * row.scale;
            let truth = f32::from(u8::from(row.insult));
            let wrong = row.weight * (1.0 / (1.0 + (-logit).exp()) - truth) * row.scale;
            for &feature in &row.features {
                let at = feature as usize;
                let gradient = wrong + SHRINK * moved[at];
                used[at] += gradient * gradient;
                moved[at] -= STEP * gradient / used[at].sqrt();
            }
        }
    }
    moved
}

/// The base with the features moved, rounded to its own unit.
fn placed(base: &Model, hashes: &[u32], moved: &[f32], made_of: &str) -> Model {
    let mut model = base.clone();
    for (&hash, &moved) in hashes.iter().zip(moved) {
        let steps = (moved / base.scale).round() as i32;
        if steps == 0 {
            continue;
        }
        let slot = &mut model.slots[slot_of(hash)];
        let own = (*slot ^ mark_of(hash)) & 0xFF00 == 0;
        let before = if own {
            i32::from(*slot as u8 as i8)
        } else if i32::from(*slot as u8 as i8).abs() <= SPARE {
            0
        } else {
            // Given to another of the community's features meanwhile.
            continue;
        };
        let after = (before + steps).clamp(-127, 127) as i8;
        *slot = mark_of(hash) | u16::from(after as u8);
    }
    model.made_of = format!("{}{made_of}", base.made_of);
    model
}
