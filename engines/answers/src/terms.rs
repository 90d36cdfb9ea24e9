//! Terms that tell near topics apart: 本期 from 上期, 急修 from 一般維修.

use std::collections::HashMap;

use crate::text::Term;
use crate::view::View;

/// A term said by more topics than this tells none of them apart.
const TOPICS_MAX: u32 = 3;
/// A topic claims a term by this share of its phrasings.
const CLAIM: f32 = 0.5;
/// A topic with fewer phrasings claims nothing: one sentence says words by chance.
const PHRASINGS_MIN: u32 = 4;

/// Term to the topics that claim it; only those that are silent about it are barred by it.
#[derive(Debug, Default)]
pub struct Telling {
    claims: HashMap<u64, Vec<u32>>,
}

impl Telling {
    pub(crate) fn of(words: &View, topic_of: &[u32], topics: u32) -> Telling {
        let mut sizes = vec![0_u32; topics as usize];
        for &topic in topic_of {
            sizes[topic as usize] += 1;
        }
        let mut claims = HashMap::new();
        for (key, docs) in words.rare(TOPICS_MAX) {
            let mut said: HashMap<u32, u32> = HashMap::new();
            for doc in docs {
                *said.entry(topic_of[doc as usize]).or_default() += 1;
            }
            let mut owners: Vec<u32> = said
                .iter()
                .filter(|&(&topic, &times)| {
                    let size = sizes[topic as usize];
                    size >= PHRASINGS_MIN && times as f32 >= CLAIM * size as f32
                })
                .map(|(&topic, _)| topic)
                .collect();
            if !owners.is_empty() {
                owners.sort_unstable();
                claims.insert(key, owners);
            }
        }
        Telling { claims }
    }

    /// A term of the question that another topic claims and this one never says.
    pub(crate) fn against(
        &self,
        topic: u32,
        question: &[Term],
        words: &View,
        topic_of: &[u32],
    ) -> Option<Term> {
        question.iter().copied().find(|term| {
            term.to - term.from >= 2
                && self.claims.get(&term.key).is_some_and(|owners| {
                    !owners.contains(&topic)
                        && words
                            .documents(term.key)
                            .all(|doc| topic_of[doc as usize] != topic)
                })
        })
    }

    /// How many terms tell something apart.
    #[must_use]
    pub fn len(&self) -> usize {
        self.claims.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.claims.is_empty()
    }
}
