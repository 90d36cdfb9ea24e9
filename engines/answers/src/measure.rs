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

/// What is counted on the way to [`Figures`].
#[derive(Default)]
struct Tally {
    inside: usize,
    outside: usize,
    hit1: usize,
    hit3: usize,
    reciprocal: f64,
    wrong: usize,
    refused: usize,
    clarified: usize,
    answered: usize,
    lost: usize,
}

impl Tally {
    /// A question with an answer: the place of its topic among the candidates, and its band.
    fn known(&mut self, rank: Option<usize>, band: Band) {
        self.inside += 1;
        self.hit1 += usize::from(rank == Some(0));
        self.hit3 += usize::from(rank.is_some_and(|r| r < 3));
        self.reciprocal += rank.map_or(0.0, |r| 1.0 / (r + 1) as f64);
        match band {
            Band::Answer if rank == Some(0) => self.answered += 1,
            Band::Answer => self.wrong += 1,
            Band::Refuse => self.lost += 1,
            Band::Clarify => self.clarified += 1,
        }
    }

    /// A question without an answer here.
    fn foreign(&mut self, band: Band) {
        self.outside += 1;
        match band {
            Band::Answer => self.wrong += 1,
            Band::Refuse => self.refused += 1,
            Band::Clarify => self.clarified += 1,
        }
    }

    fn figures(&self) -> Figures {
        let n = self.inside + self.outside;
        Figures {
            n,
            hit1: share(self.hit1, self.inside),
            hit3: share(self.hit3, self.inside),
            mrr10: match self.inside {
                0 => 0.0,
                inside => self.reciprocal / inside as f64,
            },
            wrong_rate: share(self.wrong, n),
            refused_out_of_scope: share(self.refused, self.outside),
            clarified: share(self.clarified, n),
            answered: share(self.answered, self.inside),
            refused_in_scope: share(self.lost, self.inside),
            in_scope: self.inside,
        }
    }
}

/// Questions with the id of their topic; an empty id is out of scope.
pub fn measure<'a>(base: &Base, questions: impl Iterator<Item = (&'a str, &'a str)>) -> Figures {
    let (mut scratch, mut tally) = (Scratch::default(), Tally::default());
    for (question, id) in questions {
        let reply = base.ask_within(question, |_| true, &mut scratch);
        if id.is_empty() {
            tally.foreign(reply.band);
        } else {
            let rank = reply.best.iter().position(|c| base.topic(c.topic) == id);
            tally.known(rank, reply.band);
        }
    }
    tally.figures()
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

/// The base asked its own phrasings, each without itself, and strangers' questions, each as if
/// it had not been learned. By this the engine is tuned where no other set is at hand.
#[must_use]
pub fn itself(base: &Base) -> Figures {
    let mut tally = Tally::default();
    for asked in base.itself() {
        let band = base.bands().of(&asked.best, asked.barred);
        match asked.topic {
            Some(topic) => tally.known(asked.best.iter().position(|c| c.topic == topic), band),
            None => tally.foreign(band),
        }
    }
    tally.figures()
}
