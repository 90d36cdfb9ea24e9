//! Going on from a trained model with what a community decided: small steps from weights that
//! stay as they are wherever nothing was decided.
//!
//! The same model and the same texts in the same order give the same bytes.

use super::Model;
use super::grams::{Feature, GRAMS, Grams};
use super::train::{SYMBOLS_MAX, Sample};
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
    let mut known: Vec<Feature> = Vec::new();
    let mut read: Vec<(Vec<Feature>, f32, f32, &Sample)> = Vec::new();
    for sample in samples {
        symbols.read(&table, &sample.text);
        let logit = base.score(&symbols);
        let count = symbols.len().min(SYMBOLS_MAX);
        let mut features = Vec::with_capacity(count * GRAMS);
        let mut grams = Grams::default();
        for at in 0..count {
            grams.step(
                symbols.plain()[at],
                symbols.sound()[at],
                symbols.places()[at].gap.clause(),
            );
            let free = |&f: &Feature| base.is_free(f, SPARE);
            features.extend(grams.features().into_iter().filter(free));
        }
        known.extend(&features);
        read.push((features, 1.0 / (count.max(1) as f32).sqrt(), logit, sample));
    }
    known.sort_unstable();
    known.dedup();
    let number = |f: Feature| known.binary_search(&f).ok().map(|n| n as u32);
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
    placed(base, &known, &learned(&rows, known.len()), made_of)
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
fn placed(base: &Model, known: &[Feature], moved: &[f32], made_of: &str) -> Model {
    let mut model = base.clone();
    for (&feature, &moved) in known.iter().zip(moved) {
        let steps = (moved / base.scale).round() as i32;
        // A slot may have been given to another of the community's features meanwhile.
        if steps == 0 || !model.is_free(feature, SPARE) {
            continue;
        }
        let after = (model.weight(feature) + steps).clamp(-127, 127);
        model.put(feature, after as i8);
    }
    model.made_of = format!("{}{made_of}", base.made_of);
    model
}
