//! One view of all phrasings: an inverted index with BM25.

use std::collections::HashMap;

use crate::text::Term;

const K1: f32 = 1.2;
const B: f32 = 0.75;

#[derive(Clone, Copy, Debug)]
struct Posting {
    doc: u32,
    /// BM25's part of the document alone, without the term's rarity.
    weight: f32,
}

/// Terms to the phrasings that contain them.
#[derive(Debug, Default)]
pub(crate) struct View {
    terms: HashMap<u64, u32>,
    postings: Vec<Vec<Posting>>,
    /// How many topics say the term: rarity counts topics, so that a topic does not make its own
    /// words common by saying them in many ways.
    topics_with: Vec<u32>,
    topics: u32,
}

/// What is left out while the base asks itself.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Without {
    Nothing,
    Phrasing(u32),
}

impl View {
    /// Of each document the topic and its terms.
    pub fn build(documents: &[(u32, Vec<Term>)], topics: u32) -> View {
        let total: usize = documents.iter().map(|(_, t)| t.len()).sum();
        let mean = (total as f32 / documents.len().max(1) as f32).max(1.0);
        let mut view = View {
            topics,
            ..View::default()
        };
        let mut last_topic: Vec<u32> = Vec::new();
        for (doc, (topic, terms)) in documents.iter().enumerate() {
            let long = terms.len() as f32 / mean;
            let weight = (K1 + 1.0) / (1.0 + K1 * (1.0 - B + B * long));
            for term in terms {
                let next = view.postings.len() as u32;
                let id = *view.terms.entry(term.key).or_insert(next) as usize;
                if id == view.postings.len() {
                    view.postings.push(Vec::new());
                    view.topics_with.push(0);
                    last_topic.push(u32::MAX);
                }
                view.postings[id].push(Posting {
                    doc: doc as u32,
                    weight,
                });
                // Documents come topic by topic.
                if last_topic[id] != *topic {
                    last_topic[id] = *topic;
                    view.topics_with[id] += 1;
                }
            }
        }
        view
    }

    fn rarity_of(&self, topics_with: u32) -> f32 {
        let (n, df) = (self.topics as f32, topics_with as f32);
        (1.0 + (n - df + 0.5).max(0.0) / (df + 0.5)).ln()
    }

    /// The term's rarity, as if what is left out were not there. A term that nobody says is the
    /// rarest: it lowers what the question can reach.
    fn rarity(&self, id: Option<usize>, topic_of: &[u32], without: Without) -> f32 {
        let Some(id) = id else {
            return self.rarity_of(0);
        };
        let mut with = self.topics_with[id];
        let of = |topic: u32| {
            let said = self.postings[id].iter();
            said.filter(move |p| topic_of[p.doc as usize] == topic)
        };
        match without {
            Without::Nothing => {}
            Without::Phrasing(doc) => {
                let mut others = of(topic_of[doc as usize]);
                if others.all(|p| p.doc == doc) {
                    with = with.saturating_sub(1);
                }
            }
        }
        self.rarity_of(with)
    }

    /// Adds each document's score, as a share of what the question can reach, times `weight`.
    /// Says how much of the question (by rarity) is known here at all.
    pub fn score(
        &self,
        question: &[Term],
        topic_of: &[u32],
        without: Without,
        weight: f32,
        scores: &mut [f32],
        touched: &mut Vec<u32>,
    ) {
        let id_of = |term: &Term| self.terms.get(&term.key).map(|&id| id as usize);
        let reach: f32 = question
            .iter()
            .map(|t| self.rarity(id_of(t), topic_of, without))
            .sum();
        if reach <= 0.0 {
            return;
        }
        for term in question {
            let Some(id) = id_of(term) else { continue };
            let rarity = self.rarity(Some(id), topic_of, without) * weight / reach;
            for posting in &self.postings[id] {
                let score = &mut scores[posting.doc as usize];
                if *score == 0.0 {
                    touched.push(posting.doc);
                }
                *score += rarity * posting.weight;
            }
        }
    }

    /// What each term of the question added to one document.
    pub fn parts(&self, question: &[Term], doc: u32, weight: f32) -> Vec<(Term, f32)> {
        let id_of = |term: &Term| self.terms.get(&term.key).map(|&id| id as usize);
        let rarity = |term: &Term| self.rarity_of(id_of(term).map_or(0, |id| self.topics_with[id]));
        let reach: f32 = question
            .iter()
            .map(rarity)
            .sum::<f32>()
            .max(f32::MIN_POSITIVE);
        let mut out = Vec::new();
        for term in question {
            let Some(id) = id_of(term) else { continue };
            let at = self.postings[id].binary_search_by_key(&doc, |p| p.doc);
            if let Ok(at) = at {
                let part = rarity(term) * weight / reach * self.postings[id][at].weight;
                out.push((*term, part));
            }
        }
        out
    }

    /// Of a term: the documents that have it.
    pub fn documents(&self, key: u64) -> impl Iterator<Item = u32> + '_ {
        let id = self.terms.get(&key).map(|&id| id as usize);
        id.into_iter()
            .flat_map(|id| self.postings[id].iter().map(|p| p.doc))
    }

    /// All terms that are said in at most `most` topics, with their documents.
    pub fn rare(&self, most: u32) -> impl Iterator<Item = (u64, Vec<u32>)> + '_ {
        self.terms.iter().filter_map(move |(&key, &id)| {
            let docs = &self.postings[id as usize];
            (self.topics_with[id as usize] <= most)
                .then(|| (key, docs.iter().map(|p| p.doc).collect()))
        })
    }
}
