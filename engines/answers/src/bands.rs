//! Where an answer begins and where a question is not ours.

use crate::base::{Base, Candidate};

/// What a question gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Band {
    /// The first candidate answers.
    Answer,
    /// The first three, and "none of these".
    Clarify,
    /// Nothing here answers it.
    Refuse,
}

impl Band {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Band::Answer => "answer",
            Band::Clarify => "clarify",
            Band::Refuse => "refuse",
        }
    }
}

/// The lines between the bands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bands {
    /// From here on the first candidate may answer,
    pub high: f32,
    /// if it leads the second by this much.
    pub gap: f32,
    /// Below this nothing here answers.
    pub low: f32,
}

/// Of all questions of the base to itself at most this many are answered wrongly (of 1,000).
const WRONG_PER_MILLE: usize = 10;
/// Of questions whose topic was taken away, at most this many are answered (of 1,000). They are
/// nearer to what is left than a stranger's question is.
const FOREIGN_PER_MILLE: usize = 80;
/// Of questions whose topic is there, at most this many fall below the low line (of 1,000):
/// they are handed to people at once, as strangers' questions are.
const LOST_PER_MILLE: usize = 150;
/// Fewer questions to itself say nothing about others.
const ASKED_MIN: usize = 40;

impl Bands {
    /// For a base that is too small to ask itself.
    pub const SHIPPED: Bands = Bands {
        high: 0.55,
        gap: 0.08,
        low: 0.32,
    };

    /// Asks the base its own phrasings. The lines are those that answer the most of what is
    /// known while what is answered wrongly stays under its share.
    pub(crate) fn calibrated(base: &Base) -> Bands {
        struct One {
            score: f32,
            gap: f32,
            right: bool,
            barred: bool,
        }
        let one = |(best, barred): &(Vec<Candidate>, bool), topic: Option<u32>| One {
            score: best.first().map_or(0.0, |c| c.score),
            gap: gap(best),
            right: best.first().map(|c| c.topic) == topic && topic.is_some(),
            barred: *barred,
        };
        let (mut known, mut foreign) = (Vec::new(), Vec::new());
        for asked in base.itself() {
            if let Some(k) = &asked.known {
                known.push(one(k, Some(asked.topic)));
            }
            foreign.push(one(&asked.foreign, None));
        }
        if known.len() < ASKED_MIN {
            return Bands::SHIPPED;
        }
        let mut scores: Vec<f32> = known.iter().map(|k| k.score).collect();
        scores.sort_by(f32::total_cmp);
        let low = scores[known.len() * LOST_PER_MILLE / 1_000];
        let mut best: Option<(usize, Bands)> = None;
        for step in 0..60 {
            let high = low.max(0.01 * step as f32);
            for step in 0..40 {
                let gap = 0.01 * step as f32;
                let answered = |o: &&One| !o.barred && o.score >= high && o.gap >= gap;
                let right = known.iter().filter(answered).filter(|k| k.right).count();
                let wrong = known.iter().filter(answered).filter(|k| !k.right).count();
                let strangers = foreign.iter().filter(answered).count();
                let fits = wrong * 1_000 <= known.len() * WRONG_PER_MILLE
                    && strangers * 1_000 <= foreign.len() * FOREIGN_PER_MILLE;
                if fits && best.as_ref().is_none_or(|(most, _)| right > *most) {
                    best = Some((right, Bands { high, gap, low }));
                }
            }
        }
        best.map_or(
            Bands {
                low,
                ..Bands::SHIPPED
            },
            |(_, bands)| bands,
        )
    }

    pub(crate) fn of(self, best: &[Candidate], barred: bool) -> Band {
        let score = best.first().map_or(0.0, |c| c.score);
        if score < self.low || score == 0.0 {
            return Band::Refuse;
        }
        if !barred && score >= self.high && gap(best) >= self.gap {
            return Band::Answer;
        }
        Band::Clarify
    }
}

fn gap(best: &[Candidate]) -> f32 {
    let score = |at: usize| best.get(at).map_or(0.0, |c| c.score);
    score(0) - score(1)
}
