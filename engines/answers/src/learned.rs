//! What tells the topics apart, learned from the entries themselves: for each topic a linear
//! judge (L2 support vector, dual coordinate descent) over characters, pairs and words of its
//! phrasings and of its answer's sentences, against those of all others. BM25 finds what is
//! near; this weighs which of the near ones is meant.
//!
//! The same entries give the same weights: the order is shuffled by a fixed rule.

use std::collections::HashMap;

use crate::text::Term;

/// Weights are kept dense: topics × texts (work) and topics × features (memory) bound it. A
/// larger base is answered without the learned part.
const WORK_MAX: usize = 2_500_000;
const WEIGHTS_MAX: usize = 16_000_000;
const ROUNDS: usize = 12;
/// How much a text that is misjudged costs.
const COST: f32 = 1.0;
/// A text that is judged soundly rests for so many rounds.
const REST: u8 = 3;

/// A text that is learned from: its topic, its terms.
#[derive(Clone, Debug)]
pub(crate) struct Lesson {
    pub topic: u32,
    pub terms: Vec<u64>,
}

#[derive(Debug)]
pub(crate) struct Learned {
    features: HashMap<u64, (u32, f32)>,
    /// By feature, then by topic.
    weights: Vec<f32>,
    bias: Vec<f32>,
    topics: usize,
}

/// Terms of a text in one list.
pub(crate) fn terms(characters: &[Term], words: &[Term]) -> Vec<u64> {
    characters.iter().chain(words).map(|t| t.key).collect()
}

impl Learned {
    /// Learns from those lessons that `takes` lets through; `None` where the base is too large.
    pub fn of(lessons: &[Lesson], topics: usize, takes: impl Fn(usize) -> bool) -> Option<Learned> {
        let taken: Vec<&Lesson> = lessons
            .iter()
            .enumerate()
            .filter(|(at, _)| takes(*at))
            .map(|(_, l)| l)
            .collect();
        if topics < 2 || topics * taken.len() > WORK_MAX {
            return None;
        }
        let mut count: HashMap<u64, (u32, u32)> = HashMap::new();
        for lesson in &taken {
            for &term in &lesson.terms {
                let next = count.len() as u32;
                count.entry(term).or_insert((next, 0)).1 += 1;
            }
        }
        if topics * count.len() > WEIGHTS_MAX {
            return None;
        }
        let n = taken.len() as f32;
        let rarity = |with: u32| ((1.0 + n) / (1.0 + with as f32)).ln() + 1.0;
        let features: HashMap<u64, (u32, f32)> = count
            .into_iter()
            .map(|(term, (id, with))| (term, (id, rarity(with))))
            .collect();
        let vectors: Vec<Vec<(u32, f32)>> =
            taken.iter().map(|l| vector(&features, &l.terms)).collect();
        let mut order: Vec<u32> = (0..taken.len() as u32).collect();
        shuffle(&mut order);
        let size = features.len();
        let mut out = Learned {
            weights: vec![0.0; size * topics],
            bias: vec![0.0; topics],
            features,
            topics,
        };
        let (mut w, mut alpha, mut rest) = (
            vec![0.0_f32; size],
            vec![0.0_f32; taken.len()],
            vec![0_u8; taken.len()],
        );
        for topic in 0..topics {
            w.fill(0.0);
            alpha.fill(0.0);
            rest.fill(0);
            let mut bias = 0.0_f32;
            for _ in 0..ROUNDS {
                let mut moved = 0.0_f32;
                for &at in &order {
                    let at = at as usize;
                    if rest[at] > 0 {
                        rest[at] -= 1;
                        continue;
                    }
                    let y = if taken[at].topic as usize == topic {
                        1.0
                    } else {
                        -1.0
                    };
                    let soft = 1.0 / (2.0 * COST);
                    let said: f32 = bias
                        + vectors[at]
                            .iter()
                            .map(|&(f, v)| w[f as usize] * v)
                            .sum::<f32>();
                    let gradient = y * said - 1.0 + soft * alpha[at];
                    if alpha[at] == 0.0 && gradient >= 0.0 {
                        rest[at] = REST;
                        continue;
                    }
                    // A vector has length one, and the bias is a feature of one.
                    let new = (alpha[at] - gradient / (2.0 + soft)).max(0.0);
                    let step = (new - alpha[at]) * y;
                    alpha[at] = new;
                    moved = moved.max(step.abs());
                    bias += step;
                    for &(f, v) in &vectors[at] {
                        w[f as usize] += step * v;
                    }
                }
                if moved < 0.01 {
                    break;
                }
            }
            out.bias[topic] = bias;
            for (feature, &weight) in w.iter().enumerate() {
                out.weights[feature * topics + topic] = weight;
            }
        }
        Some(out)
    }

    /// What each topic's judge says: above 0 yes, below no.
    pub fn judge(&self, terms: &[u64], out: &mut Vec<f32>) {
        out.clear();
        out.extend_from_slice(&self.bias);
        for (feature, value) in vector(&self.features, terms) {
            let from = feature as usize * self.topics;
            for (sum, weight) in out.iter_mut().zip(&self.weights[from..from + self.topics]) {
                *sum += value * weight;
            }
        }
    }
}

/// Rarity per term, the whole of length one; terms that were never learned count in the
/// length, so that a text of strangers' words says little.
fn vector(features: &HashMap<u64, (u32, f32)>, terms: &[u64]) -> Vec<(u32, f32)> {
    let mut out = Vec::with_capacity(terms.len());
    let mut square = 0.0_f32;
    let strange = features.len() as f32;
    let strange = (1.0 + strange).ln() * STRANGE;
    for term in terms {
        match features.get(term) {
            Some(&(id, rarity)) => {
                out.push((id, rarity));
                square += rarity * rarity;
            }
            None => square += strange * strange,
        }
    }
    let length = square.sqrt().max(f32::MIN_POSITIVE);
    for (_, value) in &mut out {
        *value /= length;
    }
    out
}

/// How heavy a term that was never learned weighs against the learned ones.
const STRANGE: f32 = 0.5;

/// Fisher and Yates with a fixed beginning.
fn shuffle(order: &mut [u32]) {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for at in (1..order.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        order.swap(at, (state % (at as u64 + 1)) as usize);
    }
}
