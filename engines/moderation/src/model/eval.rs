//! How well a model tells two kinds of text apart.

use serde::Serialize;

/// A point of the curve: how much is found when so many innocent texts may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct AtRate {
    /// Probability from which a text counts.
    pub threshold: f32,
    /// Of those counted, the share that is insulting.
    pub precision: f64,
    /// Of the insulting ones, the share that is counted.
    pub recall: f64,
}

/// The figures of one set of texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Texts.
    pub n: usize,
    /// Share told right at the model's decision.
    pub accuracy: f64,
    /// Mean of both kinds' F1.
    pub macro_f1: f64,
    /// Precision for the insulting kind.
    pub precision: f64,
    /// Recall for the insulting kind.
    pub recall: f64,
    /// Where 1 % of the innocent texts of this set are counted.
    pub at_fpr_1: AtRate,
    /// Where 5 % are.
    pub at_fpr_5: AtRate,
}

fn share(part: usize, of: usize) -> f64 {
    if of == 0 {
        0.0
    } else {
        part as f64 / of as f64
    }
}

fn f1(precision: f64, recall: f64) -> f64 {
    if precision + recall == 0.0 {
        0.0
    } else {
        2.0 * precision * recall / (precision + recall)
    }
}

/// The figures of scored texts: logit, and whether the text is insulting.
#[must_use]
pub fn figures(scored: &[(f32, bool)], decision: f32) -> Figures {
    let count = |wanted: bool, said: bool| {
        let right = |&&(logit, truth): &&(f32, bool)| truth == wanted && (logit > decision) == said;
        scored.iter().filter(right).count()
    };
    let (hit, missed) = (count(true, true), count(true, false));
    let (wrong, spared) = (count(false, true), count(false, false));
    let precision = share(hit, hit + wrong);
    let recall = share(hit, hit + missed);
    let innocent = f1(
        share(spared, spared + missed),
        share(spared, spared + wrong),
    );
    Figures {
        n: scored.len(),
        accuracy: share(hit + spared, scored.len()),
        macro_f1: (f1(precision, recall) + innocent) / 2.0,
        precision,
        recall,
        at_fpr_1: at_rate(scored, 0.01),
        at_fpr_5: at_rate(scored, 0.05),
    }
}

/// The logit above which at most that share of the innocent texts lies.
pub(crate) fn logit_at(scored: &[(f32, bool)], rate: f64) -> f32 {
    let mut innocent: Vec<f32> = scored.iter().filter(|s| !s.1).map(|s| s.0).collect();
    innocent.sort_by(|a, b| b.total_cmp(a));
    let allowed = (innocent.len() as f64 * rate) as usize;
    innocent.get(allowed).copied().unwrap_or(0.0)
}

fn at_rate(scored: &[(f32, bool)], rate: f64) -> AtRate {
    let logit = logit_at(scored, rate);
    let above = |truth: bool| {
        scored
            .iter()
            .filter(|s| s.1 == truth && s.0 > logit)
            .count()
    };
    let (hit, wrong) = (above(true), above(false));
    let all = scored.iter().filter(|s| s.1).count();
    AtRate {
        threshold: 1.0 / (1.0 + (-logit).exp()),
        precision: share(hit, hit + wrong),
        recall: share(hit, all),
    }
}
