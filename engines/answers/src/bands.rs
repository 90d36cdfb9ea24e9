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

/// Of the base's own questions, and of strangers', at most this many are answered wrongly (of
/// 1,000).
const WRONG_PER_MILLE: usize = 25;
/// Of questions whose topic is there, at most this many fall below the low line (of 1,000):
/// they are handed to people at once, as strangers' questions are.
const LOST_PER_MILLE: usize = 80;
/// Fewer questions to itself say nothing about others.
const ASKED_MIN: usize = 200;

impl Bands {
    /// For a base that is too small to ask itself.
    pub const SHIPPED: Bands = Bands {
        high: 1.0,
        gap: 1.0,
        low: 0.5,
    };
    /// The same where BM25 ranks alone.
    pub const PLAIN: Bands = Bands {
        high: 0.55,
        gap: 0.08,
        low: 0.32,
    };

    pub(crate) fn shipped(learned: bool) -> Bands {
        match learned {
            true => Bands::SHIPPED,
            false => Bands::PLAIN,
        }
    }

    /// Asks the base its own phrasings. The lines are those that answer the most of what is
    /// known while what is answered wrongly stays under its share.
    pub(crate) fn calibrated(base: &Base) -> Bands {
        struct One {
            score: f32,
            gap: f32,
            right: bool,
            known: bool,
            barred: bool,
        }
        let asked: Vec<One> = base
            .itself()
            .map(|a| One {
                score: a.best.first().map_or(0.0, |c| c.score),
                gap: gap(&a.best),
                right: a.best.first().map(|c| c.topic) == a.topic && a.topic.is_some(),
                known: a.topic.is_some(),
                barred: a.barred,
            })
            .collect();
        let mut scores: Vec<f32> = asked.iter().filter(|o| o.known).map(|o| o.score).collect();
        if scores.len() < ASKED_MIN {
            return base.bands();
        }
        scores.sort_by(f32::total_cmp);
        // A question that a stranger asks sooner is refused however little the base knows.
        let low = scores[scores.len() * LOST_PER_MILLE / 1_000].max(0.0);
        // What leads by little is asked back first: down the line until too much is wrong.
        let mut by_gap: Vec<&One> = asked
            .iter()
            .filter(|o| o.score >= low && !o.barred)
            .collect();
        by_gap.sort_by(|a, b| b.gap.total_cmp(&a.gap));
        let (known, strangers) = (scores.len(), asked.len() - scores.len());
        let (mut wrong, mut strange, mut line) = (0, 0, f32::INFINITY);
        for one in by_gap {
            wrong += usize::from(one.known && !one.right);
            strange += usize::from(!one.known);
            let too_many = |count: usize, of: usize| count * 1_000 > of * WRONG_PER_MILLE;
            if too_many(wrong, known) || too_many(strange, strangers) {
                break;
            }
            line = one.gap;
        }
        Bands {
            high: low,
            gap: line,
            low,
        }
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

/// By how much the first leads: the second, or a stranger where that is nearer.
fn gap(best: &[Candidate]) -> f32 {
    let score = |at: usize| best.get(at).map_or(0.0, |c| c.score);
    score(0) - score(1).max(0.0)
}
