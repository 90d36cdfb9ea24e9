//! How well a base answers questions whose answers are known.

use crate::bands::Band;
use crate::base::{Base, Scratch};

/// Shares of all questions, or of those that they name.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    pub n: usize,
    /// Questions with an answer: the right topic stands first, among the first three.
    pub hit1: f64,
    pub hit3: f64,
    pub mrr10: f64,
    /// Of all questions: answered with a topic that is not theirs.
    pub wrong_rate: f64,
    /// Of questions without an answer here: refused outright.
    pub refused_out_of_scope: f64,
    /// Of all questions: given three to choose from.
    pub clarified: f64,
    /// Of questions with an answer: answered rightly without asking back.
    pub answered: f64,
    /// Of questions with an answer: refused.
    pub refused_in_scope: f64,
    pub in_scope: usize,
}

fn share(part: usize, of: usize) -> f64 {
    if of == 0 {
        0.0
    } else {
        part as f64 / of as f64
    }
}

/// Questions with the id of their topic; an empty id is out of scope.
pub fn measure<'a>(base: &Base, questions: impl Iterator<Item = (&'a str, &'a str)>) -> Figures {
    let mut scratch = Scratch::default();
    let (mut n, mut inside, mut hit1, mut hit3) = (0, 0, 0, 0);
    let (mut wrong, mut outside_refused, mut clarified, mut answered, mut lost) = (0, 0, 0, 0, 0);
    let mut reciprocal = 0.0;
    for (question, id) in questions {
        n += 1;
        let reply = base.ask_within(question, |_| true, &mut scratch);
        let rank = reply.best.iter().position(|c| base.topic(c.topic) == id);
        clarified += usize::from(reply.band == Band::Clarify);
        if id.is_empty() {
            outside_refused += usize::from(reply.band == Band::Refuse);
            wrong += usize::from(reply.band == Band::Answer);
            continue;
        }
        inside += 1;
        hit1 += usize::from(rank == Some(0));
        hit3 += usize::from(rank.is_some_and(|r| r < 3));
        reciprocal += rank.map_or(0.0, |r| 1.0 / (r + 1) as f64);
        match reply.band {
            Band::Answer if rank == Some(0) => answered += 1,
            Band::Answer => wrong += 1,
            Band::Refuse => lost += 1,
            Band::Clarify => {}
        }
    }
    Figures {
        n,
        hit1: share(hit1, inside),
        hit3: share(hit3, inside),
        mrr10: if inside == 0 {
            0.0
        } else {
            reciprocal / inside as f64
        },
        wrong_rate: share(wrong, n),
        refused_out_of_scope: share(outside_refused, n - inside),
        clarified: share(clarified, n),
        answered: share(answered, inside),
        refused_in_scope: share(lost, inside),
        in_scope: inside,
    }
}

/// Which questions find their topic first: the regression set of a publishing.
#[must_use]
pub fn hits(base: &Base, questions: &[(String, String)]) -> Vec<bool> {
    let mut scratch = Scratch::default();
    let first = |question: &str, scratch: &mut Scratch| {
        let reply = base.ask_within(question, |_| true, scratch);
        reply.best.first().map(|c| base.topic(c.topic).to_owned())
    };
    let mut found =
        |(question, id): &(String, String)| first(question, &mut scratch).as_deref() == Some(id);
    questions.iter().map(&mut found).collect()
}

/// The base asked its own phrasings, each without itself; and, as out of scope, each without
/// its topic. This is the set on which the engine is tuned; no other is looked at.
#[must_use]
pub fn itself(base: &Base) -> Figures {
    let (mut inside, mut hit1, mut hit3, mut n) = (0, 0, 0, 0);
    let (mut wrong, mut refused, mut clarified, mut answered, mut lost, mut foreign) =
        (0, 0, 0, 0, 0, 0);
    let mut reciprocal = 0.0;
    for asked in base.itself() {
        let (best, barred) = &asked.foreign;
        foreign += 1;
        refused += usize::from(base.bands().of(best, *barred) == Band::Refuse);
        let Some((best, barred)) = &asked.known else {
            continue;
        };
        inside += 1;
        n += 1;
        let rank = best.iter().position(|c| c.topic == asked.topic);
        hit1 += usize::from(rank == Some(0));
        hit3 += usize::from(rank.is_some_and(|r| r < 3));
        reciprocal += rank.map_or(0.0, |r| 1.0 / (r + 1) as f64);
        match base.bands().of(best, *barred) {
            Band::Answer if rank == Some(0) => answered += 1,
            Band::Answer => wrong += 1,
            Band::Refuse => lost += 1,
            Band::Clarify => clarified += 1,
        }
    }
    Figures {
        n,
        hit1: share(hit1, inside),
        hit3: share(hit3, inside),
        mrr10: if inside == 0 {
            0.0
        } else {
            reciprocal / inside as f64
        },
        wrong_rate: share(wrong, inside),
        refused_out_of_scope: share(refused, foreign),
        clarified: share(clarified, inside),
        answered: share(answered, inside),
        refused_in_scope: share(lost, inside),
        in_scope: inside,
    }
}
