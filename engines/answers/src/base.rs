//! A base of topics, and what it answers to a question.

use std::collections::HashMap;

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

impl Topic {
    /// Topics of pairs of an id and a phrasing, in the order in which ids first stand; an id said
    /// again is a further phrasing.
    #[must_use]
    pub fn gathered(pairs: impl IntoIterator<Item = (String, String)>) -> Vec<Topic> {
        let mut topics: Vec<Topic> = Vec::new();
        let mut at = HashMap::new();
        for (id, phrasing) in pairs {
            let place = *at.entry(id).or_insert_with_key(|id| {
                topics.push(Topic {
                    id: id.clone(),
                    ..Topic::default()
                });
                topics.len() - 1
            });
            topics[place].phrasings.push(phrasing);
        }
        topics
    }
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
    /// Terms that tell near topics apart.
    pub telling: bool,
    /// The judge that is learned from the entries ranks the topics; without it BM25 does.
    pub learned: bool,
}

impl Make {
    pub const FULL: Make = Make {
        characters: true,
        words: true,
        aliases: true,
        telling: true,
        learned: true,
    };
    /// What a search library does: words, BM25, the best phrasing.
    pub const PLAIN: Make = Make {
        characters: false,
        words: true,
        aliases: false,
        telling: false,
        learned: false,
    };
}

/// What the two views say to a phrasing's score.
const CHARACTERS: f32 = 0.5;
const WORDS: f32 = 0.5;
/// A stranger's question that a phrasing reaches by this share is no stranger's here.
const AT_HOME: f32 = 0.6;
/// Calibration asks at most so many phrasings.
const ASKED_MAX: usize = 2_500;

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
    /// Strangers' questions that were learned, each with its class.
    strangers: Vec<(u32, &'static str)>,
    bands: Bands,
    make: Make,
}

/// A topic that may answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    pub topic: u32,
    /// The phrasing that came nearest.
    pub phrasing: u32,
    /// By how much likelier the topic says the question than any stranger does (a logarithm); by
    /// [`Make::PLAIN`] the share of the question that the phrasing reaches.
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
        for (topic, one) in topics.into_iter().enumerate() {
            let topic = topic as u32;
            names.push(one.id);
            for phrasing in one.phrasings {
                let cut = Cut::of(&phrasing, make.aliases);
                lessons.push(cut.lesson(topic, 1.0));
                characters.push((topic, cut.characters));
                words.push((topic, cut.words));
                phrasings.push(phrasing);
                topic_of.push(topic);
            }
            for sentence in one.sentences {
                let cut = Cut::of(&sentence, make.aliases);
                taught.push(cut.lesson(topic, learned::SENTENCE));
            }
        }
        let count = names.len() as u32;
        let words = View::build(&words, count);
        let telling = match make.telling {
            true => Telling::of(&words, &topic_of, count),
            false => Telling::default(),
        };
        let mut base = Base {
            topics: names,
            phrasings,
            characters: View::build(&characters, count),
            words,
            telling,
            learned: None,
            strangers: Vec::new(),
            topic_of,
            bands: Bands::shipped(make.learned),
            make,
        };
        // An empty base has nothing to tell from strangers.
        if make.learned && !base.topics.is_empty() {
            base.learn(lessons, taught);
        }
        base
    }

    /// Learns the judge from the entries, and from those strangers' questions that are not
    /// asked here.
    fn learn(&mut self, mut lessons: Vec<Lesson>, taught: Vec<Lesson>) {
        lessons.extend(taught);
        let topics = self.topics.len();
        let mut scratch = Scratch::default();
        for (section, question) in learned::strangers() {
            self.rank(question, Asking::PLAINLY, &|_| true, &mut scratch);
            let nearest = scratch.by_topic.iter().map(|t| t.2).fold(0.0, f32::max);
            if nearest < AT_HOME {
                let class = topics as u32 + section;
                lessons.push(Cut::of(question, self.make.aliases).lesson(class, 1.0));
                self.strangers.push((class, question));
            }
        }
        self.learned = Some(Learned::of(&lessons, topics));
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
        let asking = Asking {
            judge: self.learned.as_ref(),
            ..Asking::PLAINLY
        };
        self.rank(question, asking, &may, scratch);
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
        asking: Asking<'_>,
        may: &dyn Fn(u32) -> bool,
        s: &mut Scratch,
    ) {
        let without = asking.without;
        let raw = text::core(question);
        let plain = text::trade(&raw, self.make.aliases);
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
        if let Some(judge) = asking.judge {
            let raw: Vec<char> = raw.chars().collect();
            let terms = learned::terms(&s.characters, &raw);
            judge.judge(&terms, asking.but, &mut s.judged);
        }
        // Phrasings lie topic by topic, so sorted documents come topic by topic.
        s.touched.sort_unstable();
        s.touched.dedup();
        let mut at = 0;
        while at < s.touched.len() {
            let topic = self.topic_of[s.touched[at] as usize];
            let (mut nearest, mut score) = (s.touched[at], 0.0_f32);
            while at < s.touched.len() && self.topic_of[s.touched[at] as usize] == topic {
                let doc = s.touched[at];
                let reached = std::mem::take(&mut s.scores[doc as usize]);
                at += 1;
                let own = matches!(without, Without::Phrasing(own) if own == doc);
                if reached > score && !own {
                    (nearest, score) = (doc, reached);
                }
            }
            if score == 0.0 || !may(topic) {
                continue;
            }
            if let Some(&judged) = s.judged.get(topic as usize) {
                score = judged;
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

    /// Phrasings asked without themselves, strangers' questions without having been learned: what
    /// calibration looks at.
    pub(crate) fn itself(&self) -> impl Iterator<Item = Asked> + '_ {
        let mut scratch = Scratch::default();
        let mut sizes = vec![0_u32; self.topics.len()];
        for &topic in &self.topic_of {
            sizes[topic as usize] += 1;
        }
        let step = self.phrasings.len().div_ceil(ASKED_MAX).max(1);
        let known = (0..self.phrasings.len())
            .step_by(step)
            .map(move |at| (at, self.topic_of[at]))
            .filter(move |&(_, topic)| sizes[topic as usize] > 1)
            .map(move |(at, topic)| {
                let question = self.phrasings[at].as_str();
                (question, Without::Phrasing(at as u32), topic, Some(topic))
            });
        let strangers = self.strangers.iter();
        let strangers =
            strangers.map(|&(class, question)| (question, Without::Nothing, class, None));
        known
            .chain(strangers)
            .map(move |(question, without, class, topic)| {
                let asking = Asking {
                    judge: self.learned.as_ref(),
                    without,
                    but: Some(class),
                };
                self.rank(question, asking, &|_| true, &mut scratch);
                let best = best_of(&scratch.by_topic);
                let barred = best.first().is_some_and(|first| {
                    let words = &scratch.words;
                    let against =
                        self.telling
                            .against(first.topic, words, &self.words, &self.topic_of);
                    against.is_some()
                });
                Asked {
                    topic,
                    best,
                    barred,
                }
            })
    }
}

/// A question asked of a base that knows it.
pub(crate) struct Asked {
    /// The topic it is a phrasing of; a stranger's has none.
    pub topic: Option<u32>,
    pub best: Vec<Candidate>,
    pub barred: bool,
}

/// How a question is ranked.
#[derive(Clone, Copy)]
pub(crate) struct Asking<'a> {
    judge: Option<&'a Learned>,
    without: Without,
    /// The class that speaks as if it had never learned the question.
    but: Option<u32>,
}

impl Asking<'_> {
    /// By what the phrasings reach alone.
    const PLAINLY: Asking<'static> = Asking {
        judge: None,
        without: Without::Nothing,
        but: None,
    };
}

/// A text as the views and the judge read it.
struct Cut {
    characters: Vec<Term>,
    words: Vec<Term>,
    terms: learned::Terms,
}

impl Cut {
    fn of(said: &str, aliases: bool) -> Cut {
        let raw = text::core(said);
        let plain = text::trade(&raw, aliases);
        let chars: Vec<char> = plain.chars().collect();
        let raw: Vec<char> = raw.chars().collect();
        let (mut characters, mut words) = (Vec::new(), Vec::new());
        text::characters(&chars, true, &mut characters);
        text::words(&plain, &chars, &mut words);
        Cut {
            terms: learned::terms(&characters, &raw),
            characters,
            words,
        }
    }

    fn lesson(&self, class: u32, counts: f32) -> Lesson {
        Lesson {
            class,
            terms: self.terms.clone(),
            counts,
        }
    }
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
