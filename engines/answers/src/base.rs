//! A base of topics, and what it answers to a question.

use crate::bands::{Band, Bands};
use crate::learned::{self, Learned, Lesson};
use crate::terms::Telling;
use crate::text::{self, Term};
use crate::view::{View, Without};

/// A topic as the base is built of it: its name and the ways in which people ask for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Topic {
    pub id: String,
    pub phrasings: Vec<String>,
    /// Sentences of the answer: the judge learns from them, nobody is matched with them.
    pub sentences: Vec<String>,
}

/// Which parts take part; all of them but for a measurement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Make {
    /// Single and paired characters.
    pub characters: bool,
    /// The words of jieba's search mode.
    pub words: bool,
    /// The trade's word for what people call otherwise.
    pub aliases: bool,
    /// What the topic says as a whole counts beside its best phrasing.
    pub whole: bool,
    /// Terms that tell near topics apart.
    pub telling: bool,
    /// The judge that is learned from the entries.
    pub learned: bool,
}

impl Make {
    pub const FULL: Make = Make {
        characters: true,
        words: true,
        aliases: true,
        whole: true,
        telling: true,
        learned: true,
    };
    /// What a search library does: words, BM25, the best phrasing.
    pub const PLAIN: Make = Make {
        characters: false,
        words: true,
        aliases: false,
        whole: false,
        telling: false,
        learned: false,
    };
}

/// Pairs beside single characters, words beside both, the topic beside its best phrasing.
const CHARACTERS: f32 = 0.5;
const WORDS: f32 = 0.5;
const WHOLE: f32 = 0.35;
/// What the judge says beside what the views say.
const JUDGED: f32 = 0.75;
/// Calibration learns so many times, each time without its share of the phrasings.
const FOLDS: usize = 4;
/// Of a topic's further phrasings each counts this much less than the one before.
const FADE: f32 = 0.6;
/// As many of a topic's phrasings are looked at for [`Make::whole`].
const FURTHER: usize = 6;

/// Topics and their phrasings, ready to be asked. Built once, shared by all who ask.
#[derive(Debug)]
pub struct Base {
    topics: Vec<String>,
    phrasings: Vec<String>,
    topic_of: Vec<u32>,
    characters: View,
    words: View,
    telling: Telling,
    learned: Option<Learned>,
    lessons: Vec<Lesson>,
    bands: Bands,
    make: Make,
}

/// A topic that may answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    pub topic: u32,
    /// The phrasing that came nearest.
    pub phrasing: u32,
    pub score: f32,
}

/// Why a topic stands first: the terms that question and phrasing share, each with its part of
/// the score, and the term that bars it, if one does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Why {
    pub terms: Vec<(String, f32)>,
    pub barred_by: Option<String>,
}

/// What the base says to a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    pub band: Band,
    /// The best first; at most ten.
    pub best: Vec<Candidate>,
    pub why: Why,
}

/// What is kept between questions so that none allocates anew.
#[derive(Debug, Default)]
pub struct Scratch {
    scores: Vec<f32>,
    touched: Vec<u32>,
    by_topic: Vec<(u32, u32, f32)>,
    chars: Vec<char>,
    characters: Vec<Term>,
    words: Vec<Term>,
    judged: Vec<f32>,
}

/// As many candidates as a reply holds.
const BEST_MAX: usize = 10;

impl Base {
    /// Builds with all parts and works out where the bands begin.
    #[must_use]
    pub fn new(topics: Vec<Topic>) -> Base {
        Base::made(topics, Make::FULL)
    }

    #[must_use]
    pub fn made(topics: Vec<Topic>, make: Make) -> Base {
        let mut base = Base::uncalibrated(topics, make);
        base.bands = Bands::calibrated(&base);
        base
    }

    /// Built to be ranked with, its bands as shipped: a regression set asks no more.
    #[must_use]
    pub fn uncalibrated(topics: Vec<Topic>, make: Make) -> Base {
        let (mut names, mut phrasings, mut topic_of) = (Vec::new(), Vec::new(), Vec::new());
        let (mut characters, mut words) = (Vec::new(), Vec::new());
        let (mut lessons, mut taught) = (Vec::new(), Vec::new());
        let cut = |said: &str| {
            let plain = text::plain(said, make.aliases);
            let chars: Vec<char> = plain.chars().collect();
            let (mut single, mut cut) = (Vec::new(), Vec::new());
            text::characters(&chars, true, &mut single);
            text::words(&plain, &chars, &mut cut);
            (single, cut)
        };
        for (topic, one) in topics.into_iter().enumerate() {
            let topic = topic as u32;
            names.push(one.id);
            for phrasing in one.phrasings {
                let (single, cut) = cut(&phrasing);
                let terms = learned::terms(&single, &cut);
                lessons.push(Lesson { topic, terms });
                characters.push((topic, single));
                words.push((topic, cut));
                phrasings.push(phrasing);
                topic_of.push(topic);
            }
            for sentence in one.sentences {
                let (single, cut) = cut(&sentence);
                let terms = learned::terms(&single, &cut);
                taught.push(Lesson { topic, terms });
            }
        }
        // Phrasings first, so that a lesson's place is its phrasing's.
        lessons.extend(taught);
        let learned = match make.learned {
            true => Learned::of(&lessons, names.len(), |_| true),
            false => None,
        };
        let count = names.len() as u32;
        let words = View::build(&words, count);
        let telling = match make.telling {
            true => Telling::of(&words, &topic_of, count),
            false => Telling::default(),
        };
        Base {
            topics: names,
            phrasings,
            characters: View::build(&characters, count),
            words,
            telling,
            learned,
            lessons,
            topic_of,
            bands: Bands::SHIPPED,
            make,
        }
    }

    /// A question to all topics.
    #[must_use]
    pub fn ask(&self, question: &str) -> Reply {
        self.ask_within(question, |_| true, &mut Scratch::default())
    }

    /// A question to those topics that may answer here: in force, and meant for who asks.
    pub fn ask_within(
        &self,
        question: &str,
        may: impl Fn(u32) -> bool,
        scratch: &mut Scratch,
    ) -> Reply {
        self.rank(
            question,
            Without::Nothing,
            self.learned.as_ref(),
            &may,
            scratch,
        );
        let best = best_of(&scratch.by_topic);
        let barred = best.first().and_then(|first| {
            self.telling
                .against(first.topic, &scratch.words, &self.words, &self.topic_of)
        });
        let band = self.bands.of(&best, barred.is_some());
        let say = |t: &Term| {
            scratch.chars[t.from as usize..t.to as usize]
                .iter()
                .collect()
        };
        let mut terms = Vec::new();
        if let Some(first) = best.first() {
            if self.make.characters {
                let parts = self
                    .characters
                    .parts(&scratch.characters, first.phrasing, CHARACTERS);
                terms.extend(parts.iter().map(|(t, part)| (say(t), *part)));
            }
            if self.make.words {
                let parts = self.words.parts(&scratch.words, first.phrasing, WORDS);
                terms.extend(parts.iter().map(|(t, part)| (say(t), *part)));
            }
            terms.sort_by(|a: &(String, f32), b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        }
        Reply {
            band,
            best,
            why: Why {
                terms,
                barred_by: barred.as_ref().map(say),
            },
        }
    }

    /// Fills `by_topic` with topic, nearest phrasing and score.
    pub(crate) fn rank(
        &self,
        question: &str,
        without: Without,
        judge: Option<&Learned>,
        may: &dyn Fn(u32) -> bool,
        s: &mut Scratch,
    ) {
        let plain = text::plain(question, self.make.aliases);
        s.chars.clear();
        s.chars.extend(plain.chars());
        text::characters(&s.chars, true, &mut s.characters);
        text::words(&plain, &s.chars, &mut s.words);
        s.scores.resize(self.phrasings.len(), 0.0);
        s.touched.clear();
        let (one, two) = match (self.make.characters, self.make.words) {
            (true, true) => (CHARACTERS, WORDS),
            (true, false) => (1.0, 0.0),
            _ => (0.0, 1.0),
        };
        for (view, terms, weight) in [
            (&self.characters, &s.characters, one),
            (&self.words, &s.words, two),
        ] {
            if weight > 0.0 {
                view.score(
                    terms,
                    &self.topic_of,
                    without,
                    weight,
                    &mut s.scores,
                    &mut s.touched,
                );
            }
        }
        s.by_topic.clear();
        s.judged.clear();
        if let Some(judge) = judge {
            judge.judge(&learned::terms(&s.characters, &s.words), &mut s.judged);
        }
        // Phrasings lie topic by topic, so sorted documents come topic by topic.
        s.touched.sort_unstable();
        s.touched.dedup();
        let mut at = 0;
        while at < s.touched.len() {
            let topic = self.topic_of[s.touched[at] as usize];
            let mut top = [0.0_f32; FURTHER];
            let mut nearest = s.touched[at];
            while at < s.touched.len() && self.topic_of[s.touched[at] as usize] == topic {
                let doc = s.touched[at];
                let score = std::mem::take(&mut s.scores[doc as usize]);
                at += 1;
                if matches!(without, Without::Phrasing(own) if own == doc) {
                    continue;
                }
                if score > top[0] {
                    nearest = doc;
                }
                let place = top.partition_point(|&t| t >= score);
                if place < FURTHER {
                    top[place..].rotate_right(1);
                    top[place] = score;
                }
            }
            if top[0] == 0.0
                || !may(topic)
                || matches!(without, Without::Topic(own) if own == topic)
            {
                continue;
            }
            let mut score = top[0];
            if self.make.whole {
                let (mut sum, mut all, mut share) = (0.0, 0.0, 1.0);
                for further in &top {
                    sum += share * further;
                    all += share;
                    share *= FADE;
                }
                score = (1.0 - WHOLE) * top[0] + WHOLE * sum / all;
            }
            if let Some(judged) = s.judged.get(topic as usize) {
                // From -1 to 1 becomes 0 to 1, as the views have it.
                let judged = (0.5 + judged / 2.0).clamp(0.0, 1.5);
                score = (1.0 - JUDGED) * score + JUDGED * judged;
            }
            s.by_topic.push((topic, nearest, score));
        }
    }

    #[must_use]
    pub fn topic(&self, topic: u32) -> &str {
        &self.topics[topic as usize]
    }

    #[must_use]
    pub fn phrasing(&self, phrasing: u32) -> &str {
        &self.phrasings[phrasing as usize]
    }

    #[must_use]
    pub fn bands(&self) -> Bands {
        self.bands
    }

    /// Terms that tell topics apart.
    #[must_use]
    pub fn telling(&self) -> &Telling {
        &self.telling
    }

    /// Topics and phrasings.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.topics.len(), self.phrasings.len())
    }

    /// Each phrasing asked without itself and without its topic: what calibration looks at.
    pub(crate) fn itself(&self) -> impl Iterator<Item = Asked> + '_ {
        let mut scratch = Scratch::default();
        let mut sizes = vec![0_u32; self.topics.len()];
        for &topic in &self.topic_of {
            sizes[topic as usize] += 1;
        }
        let judges: Vec<Option<Learned>> = (0..FOLDS)
            .map(|fold| {
                let known = self.phrasings.len();
                let takes = |at: usize| at >= known || at % FOLDS != fold;
                self.learned.as_ref()?;
                Learned::of(&self.lessons, self.topics.len(), takes)
            })
            .collect();
        (0..self.phrasings.len()).map(move |at| {
            let topic = self.topic_of[at];
            let question = &self.phrasings[at];
            let mut of = |without| {
                self.rank(
                    question,
                    without,
                    judges[at % FOLDS].as_ref(),
                    &|_| true,
                    &mut scratch,
                );
                let best = best_of(&scratch.by_topic);
                let barred = best.first().is_some_and(|first| {
                    let words = &scratch.words;
                    let against =
                        self.telling
                            .against(first.topic, words, &self.words, &self.topic_of);
                    against.is_some()
                });
                (best, barred)
            };
            let known = (sizes[topic as usize] > 1).then(|| of(Without::Phrasing(at as u32)));
            Asked {
                topic,
                known,
                foreign: of(Without::Topic(topic)),
            }
        })
    }
}

/// A phrasing asked of the base it is from.
pub(crate) struct Asked {
    pub topic: u32,
    /// Without itself, where its topic has other phrasings.
    pub known: Option<(Vec<Candidate>, bool)>,
    /// Without its topic: nothing that is left is an answer.
    pub foreign: (Vec<Candidate>, bool),
}

fn best_of(by_topic: &[(u32, u32, f32)]) -> Vec<Candidate> {
    let mut best: Vec<Candidate> = Vec::with_capacity(BEST_MAX + 1);
    for &(topic, phrasing, score) in by_topic {
        let place = best.partition_point(|c| c.score >= score);
        if place < BEST_MAX {
            best.insert(
                place,
                Candidate {
                    topic,
                    phrasing,
                    score,
                },
            );
            best.truncate(BEST_MAX);
        }
    }
    best
}
