//! Training: logistic regression over symbols and groups of syllables, each scaled by how unevenly it
//! is spread over the two kinds (Wang & Manning 2012), by steps that shrink with use (Duchi et al.
//! 2011).
//!
//! Every text is learned twice: as it is, and with some of its characters written as others of the
//! same sound, so that sounds carry the weight that characters cannot be trusted with.
//!
//! The same samples in the same order give the same bytes: chance is a counter, sums are taken in
//! one order, and weights are rounded at the end.

use std::collections::HashMap;

use super::eval::logit_at;
use super::grams::{Feature, GRAMS, Grams};
use super::{Model, figures};
use crate::text::{Symbols, Table};

/// Passes over the samples.
const EPOCHS: u32 = 8;
/// First step.
const STEP: f32 = 1.0;
/// What every feature has been stepped already, so that the first steps are small.
const STEPPED: f32 = 10.0;
/// Pull of every used weight towards nothing at each use.
const SHRINK: f32 = 1e-4;
/// Texts in which a feature must stand: what stood once says nothing about the next text.
const TEXTS_MIN: u32 = 2;
/// Counted beside every feature's uses in each kind.
const SMOOTHING: f64 = 1.0;
/// Every so many-th sample is kept back to set thresholds when no tuning set is given.
const HELD_BACK: usize = 10;
/// Characters of a disguised copy that are written as others of their sound, in percent.
const DISGUISED_PERCENT: u64 = 40;
/// Share of insults expected where the model works; a training set has about half.
const EXPECTED_SHARE: f32 = 0.4;
/// Share of innocent messages that the shipped threshold queues.
const QUEUED_SHARE: f64 = 0.01;
/// Fewest samples of each kind that can teach anything.
const SAMPLES_MIN: usize = 50;
/// Longest part of a text that is learned from, in symbols.
pub(super) const SYMBOLS_MAX: usize = 600;

/// A labelled text.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The text.
    pub text: String,
    /// Whether it is an insult.
    pub insult: bool,
    /// How much it counts; 1 for most.
    pub weight: f32,
}

/// How far training is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Passes done.
    pub epoch: u32,
    /// Of so many.
    pub epochs: u32,
    /// Accuracy on the texts kept back.
    pub accuracy: f64,
}

/// Why nothing was trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrainError {
    /// Too few of one kind.
    #[error(
        "{insults} insults and {innocent} innocent texts; at least {SAMPLES_MIN} of each are needed"
    )]
    TooFew {
        /// Texts labelled 1.
        insults: usize,
        /// Texts labelled 0.
        innocent: usize,
    },
}

/// A text's features.
struct Row {
    features: Vec<Feature>,
    /// The same, as numbers of those that are learned.
    numbers: Vec<u32>,
    scale: f32,
    insult: bool,
    weight: f32,
}

/// Chance that is the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) % bound
    }
}

/// Reads samples into rows.
struct Rows {
    table: Table,
    symbols: Symbols,
    /// Symbols of the samples by their sounds.
    alike: Vec<Vec<u16>>,
}

impl Rows {
    fn new(samples: &[Sample]) -> Rows {
        let (table, mut symbols) = (Table::new(), Symbols::default());
        let mut alike: Vec<Vec<u16>> = vec![Vec::new(); super::grams::SOUNDS];
        for sample in samples {
            symbols.read(&table, &sample.text);
            for (&symbol, &sound) in symbols.plain().iter().zip(symbols.sound()) {
                alike[usize::from(sound)].push(symbol);
            }
        }
        // What has no sound has none like it.
        alike[0].clear();
        for symbols in &mut alike {
            symbols.sort_unstable();
            symbols.dedup();
        }
        Rows {
            table,
            symbols,
            alike,
        }
    }

    /// A sample's row; with `chance` the row of a disguised copy.
    fn row(&mut self, sample: &Sample, mut chance: Option<&mut Chance>) -> Row {
        let symbols = &mut self.symbols;
        symbols.read(&self.table, &sample.text);
        let count = symbols.len().min(SYMBOLS_MAX);
        let mut features = Vec::with_capacity(count * GRAMS);
        let mut grams = Grams::default();
        for at in 0..count {
            let (mut symbol, sound) = (symbols.plain()[at], symbols.sound()[at]);
            let alike = &self.alike[usize::from(sound)];
            if let Some(chance) = chance.as_deref_mut()
                && !alike.is_empty()
                && chance.below(100) < DISGUISED_PERCENT
            {
                symbol = alike[chance.below(alike.len() as u64) as usize];
            }
            grams.step(symbol, sound, symbols.places()[at].gap.clause());
            features.extend(grams.features());
        }
        Row {
            features,
            numbers: Vec::new(),
            scale: 1.0 / (count.max(1) as f32).sqrt(),
            insult: sample.insult,
            weight: sample.weight,
        }
    }
}

/// Steps through 0..count in an order that depends on the round alone.
fn shuffled(count: usize, round: u32) -> Vec<u32> {
    let mut order: Vec<u32> = (0..count as u32).collect();
    let mut state = 0x9E37_79B9_7F4A_7C15u64 ^ u64::from(round).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    for at in (1..count).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        order.swap(at, (state % (at as u64 + 1)) as usize);
    }
    order
}

/// Trains a model. `tune` sets the thresholds and is not learned from; without it every tenth
/// sample is kept back for that. `made_of` is written into the model; `seed` changes the order of
/// the samples.
///
/// # Errors
/// When there are too few samples of a kind.
pub fn train(
    samples: &[Sample],
    tune: &[Sample],
    made_of: &str,
    seed: u32,
    mut progress: impl FnMut(Progress),
) -> Result<Model, TrainError> {
    let insults = samples.iter().filter(|s| s.insult).count();
    let innocent = samples.len() - insults;
    if insults < SAMPLES_MIN || innocent < SAMPLES_MIN {
        return Err(TrainError::TooFew { insults, innocent });
    }
    let mut reader = Rows::new(samples);
    let mut learned: Vec<Row> = Vec::new();
    let mut copies: Vec<Row> = Vec::new();
    let mut kept: Vec<Row> = tune.iter().map(|s| reader.row(s, None)).collect();
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15 ^ u64::from(seed) << 32);
    for (at, sample) in samples.iter().enumerate() {
        let row = reader.row(sample, None);
        if tune.is_empty() && at % HELD_BACK == 0 {
            kept.push(row);
        } else {
            learned.push(row);
            copies.push(reader.row(sample, Some(&mut chance)));
        }
    }
    let features = number(&mut learned, [&mut copies, &mut kept]);
    learned.append(&mut copies);
    let spread = &features.spread;
    let count = spread.len();
    let mut weights = vec![0f32; count];
    let mut used = vec![STEPPED; count];
    let mut mean = vec![0f64; count];
    let (mut bias, mut bias_used) = (0f32, 1e-6f32);
    let mut bias_mean = 0f64;
    let mut means = 0u32;
    for epoch in 0..EPOCHS {
        for at in shuffled(learned.len(), epoch + seed * EPOCHS) {
            let row = &learned[at as usize];
            let sum: f32 = row
                .numbers
                .iter()
                .map(|&s| weights[s as usize] * spread[s as usize])
                .sum();
            let logit = bias + sum * row.scale;
            let truth = f32::from(u8::from(row.insult));
            let wrong = row.weight * (1.0 / (1.0 + (-logit).exp()) - truth);
            let step = wrong * row.scale;
            for &slot in &row.numbers {
                let slot = slot as usize;
                let gradient = step * spread[slot] + SHRINK * weights[slot];
                used[slot] += gradient * gradient;
                weights[slot] -= STEP * gradient / used[slot].sqrt();
            }
            bias_used += wrong * wrong;
            bias -= 0.05 * wrong / bias_used.sqrt();
        }
        // The mean of the later passes is steadier than the last.
        if epoch >= EPOCHS / 2 {
            means += 1;
            for (mean, &weight) in mean.iter_mut().zip(&weights) {
                *mean += f64::from(weight);
            }
            bias_mean += f64::from(bias);
        }
        let scored = scored(&kept, |s| weights[s] * spread[s], bias);
        progress(Progress {
            epoch: epoch + 1,
            epochs: EPOCHS,
            accuracy: figures(&scored, 0.0).accuracy,
        });
    }
    let weights: Vec<f32> = mean
        .iter()
        .zip(spread)
        .map(|(&mean, &spread)| (mean / f64::from(means)) as f32 * spread)
        .collect();
    Ok(finish(
        &features,
        &weights,
        (bias_mean / f64::from(means)) as f32,
        &kept,
        made_of,
    ))
}

/// The features that stood in enough texts, with how much more often each stands in insults: the
/// logarithm of the ratio.
struct Features {
    features: Vec<Feature>,
    /// Texts it stood in.
    texts: Vec<u32>,
    spread: Vec<f32>,
}

/// Numbers the features of the learned texts in the order they are met; those of the others that
/// were met there get the same numbers.
fn number(learned: &mut [Row], others: [&mut Vec<Row>; 2]) -> Features {
    let mut counts: HashMap<Feature, [u32; 2]> = HashMap::new();
    let mut once = Vec::new();
    for row in learned.iter() {
        once.clone_from(&row.features);
        once.sort_unstable();
        once.dedup();
        for &feature in &once {
            counts.entry(feature).or_default()[usize::from(row.insult)] += 1;
        }
    }
    counts.retain(|_, c| c[0] + c[1] >= TEXTS_MIN);
    // Whole numbers are summed: their order changes nothing.
    let totals = [0, 1].map(|kind| {
        let met: u64 = counts.values().map(|c| u64::from(c[kind])).sum();
        met as f64 + SMOOTHING * counts.len() as f64
    });
    let mut features = Features {
        features: Vec::new(),
        texts: Vec::new(),
        spread: Vec::new(),
    };
    let mut numbers: HashMap<Feature, u32> = HashMap::with_capacity(counts.len());
    for row in learned.iter_mut() {
        for feature in std::mem::take(&mut row.features) {
            let Some(count) = counts.get(&feature) else {
                continue;
            };
            let number = *numbers.entry(feature).or_insert_with(|| {
                features.features.push(feature);
                features.texts.push(count[0] + count[1]);
                let [safe, insult] = [0, 1].map(|k| (f64::from(count[k]) + SMOOTHING) / totals[k]);
                features.spread.push((insult / safe).ln() as f32);
                features.features.len() as u32 - 1
            });
            row.numbers.push(number);
        }
    }
    for row in others.into_iter().flatten() {
        let read = std::mem::take(&mut row.features);
        row.numbers = read
            .iter()
            .filter_map(|f| numbers.get(f).copied())
            .collect();
    }
    features
}

fn scored(rows: &[Row], weight: impl Fn(usize) -> f32, bias: f32) -> Vec<(f32, bool)> {
    let score = |row: &Row| {
        let sum: f32 = row.numbers.iter().map(|&s| weight(s as usize)).sum();
        (bias + sum * row.scale, row.insult)
    };
    rows.iter().map(score).collect()
}

/// Rounds to eight bits, gives each feature its place, the weightier first, makes the logits mean
/// what they say, and sets the thresholds.
fn finish(features: &Features, weights: &[f32], bias: f32, kept: &[Row], made_of: &str) -> Model {
    // The largest weights are few: cutting one in ten thousand keeps the others fine.
    let mut sizes: Vec<f32> = weights.iter().map(|w| w.abs()).collect();
    sizes.sort_by(f32::total_cmp);
    let largest = sizes[sizes.len() - 1 - sizes.len() / 10_000].max(1e-6);
    let unit = largest / 127.0;
    let rounded = |w: f32| (w / unit).round().clamp(-127.0, 127.0) as i8;
    let worth = |at: usize| weights[at].abs() * (features.texts[at] as f32).sqrt();
    let mut order: Vec<usize> = (0..weights.len())
        .filter(|&at| rounded(weights[at]) != 0)
        .collect();
    order.sort_by(|&a, &b| {
        let feature = |at: usize| features.features[at];
        worth(b)
            .total_cmp(&worth(a))
            .then(feature(a).cmp(&feature(b)))
    });
    let mut model = Model {
        direct: super::empty_direct(),
        slots: super::empty_slots(),
        scale: unit,
        bias,
        decision: ((1.0 - EXPECTED_SHARE) / EXPECTED_SHARE).ln(),
        threshold: 0.0,
        made_of: made_of.to_owned(),
    };
    let mut placed = vec![0f32; weights.len()];
    for at in order {
        let feature = features.features[at];
        if model.is_free(feature, 0) {
            model.put(feature, rounded(weights[at]));
            placed[at] = f32::from(rounded(weights[at])) * unit;
        }
    }
    let raw = scored(kept, |at| placed[at], bias);
    let (slope, shift) = calibrated(&raw);
    let scored: Vec<(f32, bool)> = raw.iter().map(|&(l, t)| (l * slope + shift, t)).collect();
    model.threshold = 1.0 / (1.0 + (-logit_at(&scored, QUEUED_SHARE)).exp());
    model.scale = unit * slope;
    model.bias = bias * slope + shift;
    model
}

/// Slope and shift that turn scores into logits on the texts kept back (Platt 1999), by Newton.
fn calibrated(scored: &[(f32, bool)]) -> (f32, f32) {
    /// Steps of Newton's method; it converges in six.
    const STEPS: usize = 20;
    let (mut slope, mut shift) = (1f64, 0f64);
    for _ in 0..STEPS {
        let (mut ga, mut gb, mut aa, mut ab, mut bb) = (0.0, 0.0, 1e-3, 0.0, 1e-3);
        for &(x, truth) in scored {
            let x = f64::from(x);
            let p = 1.0 / (1.0 + (-(slope * x + shift)).exp());
            let (e, w) = (p - f64::from(u8::from(truth)), p * (1.0 - p));
            ga += e * x;
            gb += e;
            aa += w * x * x;
            ab += w * x;
            bb += w;
        }
        let det = aa * bb - ab * ab;
        if det.abs() < 1e-12 {
            break;
        }
        slope -= (bb * ga - ab * gb) / det;
        shift -= (aa * gb - ab * ga) / det;
    }
    if slope.is_finite() && shift.is_finite() && slope > 0.0 {
        (slope as f32, shift as f32)
    } else {
        (1.0, 0.0)
    }
}
