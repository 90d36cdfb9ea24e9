//! What tells the topics apart, learned from the entries themselves: of each topic how often its
//! phrasings say a character or a pair (multinomial naive Bayes over rarity-weighted counts),
//! as people wrote it and with the trade's words put in. Strangers' questions (`strangers.txt`)
//! are learned beside them, so that what belongs to nobody here has somewhere to go.
//!
//! Learning is counting: a base of ten thousand topics is learned in a moment, a phrasing can be
//! asked as if it had never been learned, and the same entries give the same weights.

use std::collections::HashMap;

use crate::text::{self, Term};

/// How often each topic is taken to say what it never says.
const SMOOTH: f32 = 0.02;
/// What people wrote, beside the same with the trade's words put in.
const RAW: f32 = 0.7;
/// An answer's sentence beside a phrasing: it explains, it does not ask.
pub(crate) const SENTENCE: f32 = 0.25;
/// How heavy a term that was never learned weighs against the rarest learned one.
const STRANGE: f32 = 0.7;

const DATA: &str = include_str!("../data/strangers.txt");

/// The questions that no property office answers, each with its section.
pub(crate) fn strangers() -> impl Iterator<Item = (u32, &'static str)> {
    text::sections(DATA).map(|(section, _, question)| (section, question))
}

/// Terms of a text, each with the weight of its kind.
pub(crate) type Terms = Vec<(u64, f32)>;

/// A text that is learned from: the class it belongs to, its terms and what it counts.
#[derive(Clone, Debug)]
pub(crate) struct Lesson {
    pub class: u32,
    pub terms: Terms,
    pub counts: f32,
}

/// Characters and pairs of the text as the trade says it, and as it was written.
pub(crate) fn terms(plain: &[Term], raw: &[char]) -> Terms {
    let mut out: Terms = plain.iter().map(|t| (t.key, 1.0)).collect();
    let mut found = Vec::new();
    text::characters(raw, true, &mut found);
    out.extend(found.iter().map(|t| (t.key | text::RAW, RAW)));
    out
}

/// The same of a text that is read for this alone.
pub(crate) fn read(said: &str) -> Terms {
    let raw = text::core(said);
    let of = |text: &str| -> Vec<char> { text.chars().collect() };
    let mut plain = Vec::new();
    text::characters(&of(&text::trade(&raw, true)), true, &mut plain);
    terms(&plain, &of(&raw))
}

#[derive(Debug, Default)]
struct Feature {
    rarity: f32,
    /// Classes that say it, with what that adds to their logarithm.
    said: Vec<(u32, f32)>,
}

#[derive(Debug, Default)]
pub(crate) struct Learned {
    ids: HashMap<u64, u32>,
    features: Vec<Feature>,
    /// Of each class all that it says.
    total: Vec<f32>,
    /// Of each class the logarithm of what it never says.
    silent: Vec<f32>,
    /// The rarity of a term that nobody says.
    strange: f32,
    /// Topics come first, the strangers' sections after them.
    topics: usize,
}

impl Learned {
    pub fn of(lessons: &[Lesson], topics: usize) -> Learned {
        let mut out = Learned {
            topics,
            ..Learned::default()
        };
        let mut with: Vec<u32> = Vec::new();
        for lesson in lessons {
            for (term, _) in &lesson.terms {
                let next = with.len() as u32;
                let id = *out.ids.entry(*term).or_insert(next) as usize;
                if id == with.len() {
                    with.push(0);
                }
                with[id] += 1;
            }
        }
        let n = lessons.len() as f32;
        let rarity = |with: u32| ((1.0 + n) / (1.0 + with as f32)).ln() + 1.0;
        out.strange = rarity(0) * STRANGE;
        out.features = with
            .iter()
            .map(|&with| Feature {
                rarity: rarity(with),
                said: Vec::new(),
            })
            .collect();
        let classes = lessons.iter().map(|l| l.class as usize + 1).max();
        let classes = classes.unwrap_or(0).max(topics);
        out.total = vec![0.0; classes];
        for lesson in lessons {
            for (id, value) in out.vector(&lesson.terms) {
                let mass = value * lesson.counts;
                out.total[lesson.class as usize] += mass;
                let said = &mut out.features[id as usize].said;
                match said.binary_search_by_key(&lesson.class, |s| s.0) {
                    Ok(at) => said[at].1 += mass,
                    Err(at) => said.insert(at, (lesson.class, mass)),
                }
            }
        }
        for feature in &mut out.features {
            for (_, mass) in &mut feature.said {
                *mass = ((*mass + SMOOTH) / SMOOTH).ln();
            }
        }
        let silent = |total: &f32| out.silent_of(*total);
        out.silent = out.total.iter().map(silent).collect();
        out
    }

    fn silent_of(&self, total: f32) -> f32 {
        (SMOOTH / (total + SMOOTH * self.features.len() as f32)).ln()
    }

    /// Of each topic by how much likelier it says the text than any stranger does. `but` is a
    /// class that has learned this very text and speaks as if it had not.
    pub fn judge(&self, terms: &[(u64, f32)], but: Option<u32>, out: &mut Vec<f32>) {
        out.clear();
        let text = self.vector(terms);
        let whole: f32 = text.iter().map(|(_, value)| value).sum();
        out.extend(self.silent.iter().map(|silent| silent * whole));
        for &(id, value) in &text {
            for &(class, adds) in &self.features[id as usize].said {
                out[class as usize] += value * adds;
            }
        }
        if let Some(but) = but {
            let mut own = self.silent_of((self.total[but as usize] - whole).max(0.0)) * whole;
            for &(id, value) in &text {
                let said = &self.features[id as usize].said;
                if let Ok(at) = said.binary_search_by_key(&but, |s| s.0) {
                    let mass = (said[at].1.exp() - 1.0) * SMOOTH - value;
                    own += value * ((mass.max(0.0) + SMOOTH) / SMOOTH).ln();
                }
            }
            out[but as usize] = own;
        }
        let strangers = out[self.topics..].iter().copied();
        // Who has no strangers to compare with compares with what says nothing of the text.
        let stranger = strangers.fold(f32::NEG_INFINITY, f32::max);
        let stranger = match stranger.is_finite() {
            true => stranger,
            false => self.silent_of(0.0) * whole,
        };
        out.truncate(self.topics);
        for score in out {
            *score -= stranger;
        }
    }

    /// Rarity per term, the whole of length one; terms that were never learned count in the
    /// length, so that a text of strangers' words says little.
    fn vector(&self, terms: &[(u64, f32)]) -> Vec<(u32, f32)> {
        let mut out = Vec::with_capacity(terms.len());
        let mut square = 0.0_f32;
        for (term, weight) in terms {
            let value = match self.ids.get(term) {
                Some(&id) => {
                    let value = weight * self.features[id as usize].rarity;
                    out.push((id, value));
                    value
                }
                None => weight * self.strange,
            };
            square += value * value;
        }
        let length = square.sqrt().max(f32::MIN_POSITIVE);
        for (_, value) in &mut out {
            *value /= length;
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Terms {
        let chars: Vec<char> = text.chars().collect();
        let mut plain = Vec::new();
        text::characters(&chars, true, &mut plain);
        terms(&plain, &chars)
    }

    fn lesson(class: u32, text: &str) -> Lesson {
        Lesson {
            class,
            terms: of(text),
            counts: 1.0,
        }
    }

    #[test]
    fn a_text_left_out_is_judged_as_if_it_had_never_been_learned() {
        let all = [
            lesson(0, "物业费怎么交"),
            lesson(0, "在哪交费"),
            lesson(1, "泳池几点开"),
            lesson(2, "明天下雨吗"),
        ];
        let with = Learned::of(&all, 2);
        let (mut out, mut likelier) = (Vec::new(), Vec::new());
        with.judge(&all[0].terms, Some(0), &mut out);
        with.judge(&all[0].terms, None, &mut likelier);
        assert!(out[0] < likelier[0], "{out:?} {likelier:?}");
        assert!((out[1] - likelier[1]).abs() < 1e-5);
        assert!(
            out[0] > out[1],
            "its topic's other phrasing shares a character"
        );
        with.judge(&of("明天几点下雨"), None, &mut out);
        assert!(
            out.iter().all(|&score| score < 0.0),
            "a stranger's: {out:?}"
        );
    }

    #[test]
    fn every_stranger_has_a_section() {
        let sections = strangers().map(|(section, _)| section).max();
        assert!(sections.is_some_and(|s| s >= 5));
        assert!(strangers().count() >= 600);
    }
}
