//! Words of danger: what must never wait for a score.
//!
//! Two readings, either of which is enough. Words of a list (`risk.txt`) say a danger outright; and
//! the whole sentence is weighed against how people tell of dangers and of what is none
//! (`dangers.txt`), for half of those in danger never say its name: 「門打不開 燈也滅了」.
//!
//! A text is looked at folded and by its sound, so that 煤汽, 着伙 and 觸殿 are found. Whether
//! it happens or is asked about (如果着火怎麼辦) makes no difference to the card; it does to
//! whether a ticket is opened unasked ([`Danger::happening`]).

use std::sync::OnceLock;

use crate::learned::{self, Learned, Lesson};
use crate::text::{self, folded};

const DATA: &str = include_str!("../data/risk.txt");
const TOLD: &str = include_str!("../data/dangers.txt");

/// From here on a sentence tells of a danger, by [`Learned::judge`]: a little below even, for a
/// danger missed is worse than a card too many.
const DOUBT: f32 = -0.5;
/// From here on it does so certainly enough to act unasked.
const CERTAIN: f32 = 1.0;
/// Words that only sound like a word of the list, or that stand near each other by chance, are
/// not believed below this.
const UNLIKELY: f32 = -3.0;

/// How far apart the two words of a pair may stand, in characters.
const APART: usize = 8;

/// What kind of danger; each has its own card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    Gas,
    Fire,
    Lift,
    Hurt,
    Crime,
    Water,
    Fall,
    Power,
    Child,
}

impl Kind {
    pub const ALL: [Kind; 9] = [
        Kind::Gas,
        Kind::Fire,
        Kind::Lift,
        Kind::Hurt,
        Kind::Crime,
        Kind::Water,
        Kind::Fall,
        Kind::Power,
        Kind::Child,
    ];

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Kind::Gas => "gas",
            Kind::Fire => "fire",
            Kind::Lift => "lift",
            Kind::Hurt => "hurt",
            Kind::Crime => "crime",
            Kind::Water => "water",
            Kind::Fall => "fall",
            Kind::Power => "power",
            Kind::Child => "child",
        }
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|k| k.word() == word)
    }
}

/// A danger that was read in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Danger {
    pub kind: Kind,
    /// The words that told it, as the list has them; none where the sentence as a whole did.
    pub words: Vec<String>,
    /// False where the text asks about the case (如果, 會不會, 演習), or where nothing but the
    /// sum of its words tells of danger, and barely.
    pub happening: bool,
}

/// What makes of a report a question about the case.
const ABOUT: [&str; 14] = [
    "如果",
    "假如",
    "万一",
    "要是",
    "若果",
    "会不会",
    "会唔会",
    "演习",
    "演练",
    "预防",
    "防止",
    "以后",
    "如何避免",
    "怎么预防",
];

/// Characters that tell nothing alone when the rest of a word is only heard.
const LIGHT: &str = "了咗到人住好";

/// A word of the list, as it is written and as it sounds.
#[derive(Debug)]
struct Word {
    chars: Vec<char>,
    sound: Vec<u16>,
}

impl Word {
    fn new(folded: &str) -> Word {
        let chars: Vec<char> = folded.chars().collect();
        Word {
            sound: sounds(&chars),
            chars,
        }
    }

    fn text(&self) -> String {
        self.chars.iter().collect()
    }

    /// Whether it stands at the head of a text; by sound where at least one character is as it
    /// is written, for sound alone meets too much.
    fn heads(&self, chars: &[char], sound: &[u16], by_ear: bool) -> bool {
        if !by_ear {
            return chars.starts_with(&self.chars);
        }
        self.chars.len() >= 2
            && sound.starts_with(&self.sound)
            && self.sound.iter().all(|&s| s != 0)
            && self
                .chars
                .iter()
                .zip(chars)
                .any(|(a, b)| a == b && !LIGHT.contains(*a))
    }
}

fn sounds(chars: &[char]) -> Vec<u16> {
    chars.iter().map(|&c| hanzi::fold::syllable_id(c)).collect()
}

#[derive(Debug, Default)]
struct Words {
    single: Vec<(Kind, Word)>,
    pairs: Vec<(Kind, Vec<Word>, Vec<Word>)>,
    but: Vec<String>,
}

/// The danger a text tells of, the gravest kind first named in [`Kind`].
#[must_use]
pub fn danger(text: &str) -> Option<Danger> {
    let plain = folded(text);
    let about = ABOUT.iter().any(|a| plain.contains(a));
    let named = shipped().find(plain);
    if let Some(named) = &named
        && named.outright
    {
        return Some(named.danger(!about));
    }
    let (kind, weight) = Sentences::shipped().weigh(text);
    match named {
        Some(named) if weight > UNLIKELY => Some(named.danger(!about)),
        _ if weight > DOUBT => Some(Danger {
            kind,
            words: Vec::new(),
            happening: !about && weight > CERTAIN,
        }),
        _ => None,
    }
}

/// Words of danger that were found in a text.
struct Named {
    kind: Kind,
    words: Vec<String>,
    /// One of them stands there as it is written and says it alone.
    outright: bool,
}

impl Named {
    fn danger(&self, happening: bool) -> Danger {
        Danger {
            kind: self.kind,
            words: self.words.clone(),
            happening,
        }
    }
}

/// How people tell of dangers, learned.
struct Sentences(Learned);

impl Sentences {
    fn shipped() -> &'static Sentences {
        static SHIPPED: OnceLock<Sentences> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            let none = Kind::ALL.len() as u32;
            let lesson = |class: u32, text: &str| Lesson {
                class,
                terms: learned::read(text),
                counts: 1.0,
            };
            let told = text::sections(TOLD).map(|(_, name, line)| {
                let kind = Kind::ALL.iter().position(|k| k.word() == name);
                lesson(kind.map_or(none, |at| at as u32), line)
            });
            let mut lessons: Vec<Lesson> = told.collect();
            let strangers = learned::strangers();
            lessons.extend(strangers.map(|(_, text)| lesson(none + 1, text)));
            Sentences(Learned::of(&lessons, Kind::ALL.len()))
        })
    }

    /// The likeliest kind and by how much likelier it is than none.
    fn weigh(&self, text: &str) -> (Kind, f32) {
        let mut weights = Vec::new();
        self.0.judge(&learned::read(text), None, &mut weights);
        let of = Kind::ALL.into_iter().zip(weights);
        of.max_by(|a, b| a.1.total_cmp(&b.1))
            .unwrap_or((Kind::Gas, f32::NEG_INFINITY))
    }
}

impl Words {
    fn read(lines: &str) -> Words {
        let mut out = Words::default();
        let fold = |words: &str| -> Vec<String> {
            words
                .split_whitespace()
                .map(folded)
                .filter(|w| !w.is_empty())
                .collect()
        };
        let words = |words: &str| {
            fold(words)
                .iter()
                .map(|w| Word::new(w))
                .collect::<Vec<Word>>()
        };
        for line in lines.lines().map(str::trim).filter(|l| !l.starts_with('#')) {
            if let Some((name, said)) = line.split_once(" = ") {
                match Kind::from_word(name) {
                    Some(kind) => out
                        .single
                        .extend(words(said).into_iter().map(|w| (kind, w))),
                    None => out.but.extend(fold(said)),
                }
            } else if let Some((name, sides)) = line.split_once(" : ")
                && let (Some(kind), Some((left, right))) =
                    (Kind::from_word(name), sides.split_once('|'))
            {
                out.pairs.push((kind, words(left), words(right)));
            }
        }
        out.but.sort_by_key(|w| std::cmp::Reverse(w.len()));
        out
    }

    /// Looks in a folded text.
    fn find(&self, mut plain: String) -> Option<Named> {
        for but in &self.but {
            if plain.contains(but.as_str()) {
                plain = plain.replace(but.as_str(), "、");
            }
        }
        let chars: Vec<char> = plain.chars().collect();
        let sound = sounds(&chars);
        for by_ear in [false, true] {
            let mut found: Vec<(Kind, String)> = Vec::new();
            for (kind, word) in &self.single {
                if places(&chars, &sound, word, by_ear).next().is_some() {
                    found.push((*kind, word.text()));
                }
            }
            let alone = found.iter().map(|(kind, _)| *kind).min();
            for (kind, left, right) in &self.pairs {
                if let Some(words) = near(&chars, &sound, left, right, by_ear) {
                    found.push((*kind, words));
                }
            }
            let Some(kind) = found.iter().map(|(kind, _)| *kind).min() else {
                continue;
            };
            found.retain(|(k, _)| *k == kind);
            let mut words: Vec<String> = found.into_iter().map(|(_, w)| w).collect();
            words.dedup();
            return Some(Named {
                kind,
                words,
                outright: !by_ear && alone.is_some(),
            });
        }
        None
    }
}

fn places<'a>(
    chars: &'a [char],
    sound: &'a [u16],
    word: &'a Word,
    by_ear: bool,
) -> impl Iterator<Item = usize> + 'a {
    let last = (chars.len() + 1).saturating_sub(word.chars.len());
    (0..last).filter(move |&at| word.heads(&chars[at..], &sound[at..], by_ear))
}

/// Two words that stand near each other; by ear, one of them may be as it is written.
fn near(
    chars: &[char],
    sound: &[u16],
    left: &[Word],
    right: &[Word],
    by_ear: bool,
) -> Option<String> {
    let of = |words: &[Word]| -> Vec<(usize, usize, String)> {
        let found = |w: &Word, ear| {
            let at = places(chars, sound, w, ear);
            at.map(|at| (at, at + w.chars.len(), w.text()))
                .collect::<Vec<_>>()
        };
        let mut out: Vec<_> = words.iter().flat_map(|w| found(w, false)).collect();
        if by_ear {
            out.extend(words.iter().flat_map(|w| found(w, true)));
        }
        out
    };
    let left = of(left);
    if left.is_empty() {
        return None;
    }
    for (b_from, b_to, b) in of(right) {
        for (a_from, a_to, a) in &left {
            let gap = match b_from >= *a_from {
                true => b_from.checked_sub(*a_to),
                false => a_from.checked_sub(b_to),
            };
            if gap.is_some_and(|gap| gap <= APART) {
                return Some(format!("{a} {b}"));
            }
        }
    }
    None
}

fn shipped() -> &'static Words {
    static SHIPPED: OnceLock<Words> = OnceLock::new();
    SHIPPED.get_or_init(|| Words::read(DATA))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn danger_is_read_however_it_is_said() {
        for (text, kind) in [
            ("廚房好大陣煤氣味", Kind::Gas),
            ("3棟樓下聞到很濃的天然气味道", Kind::Gas),
            ("煤汽漏咗", Kind::Gas),
            ("對面陽台着火了！！", Kind::Fire),
            ("充电桩那边冒烟", Kind::Fire),
            ("樓道里著伙了快來人", Kind::Fire),
            ("我困喺𨋢入面出唔到嚟", Kind::Lift),
            ("电梯门打不开 里面有人", Kind::Lift),
            ("有個阿婆喺大堂跌倒起唔到身", Kind::Hurt),
            ("有人受傷", Kind::Hurt),
            ("地庫水浸好深", Kind::Water),
            ("有人撬門", Kind::Crime),
        ] {
            let danger = danger(text);
            assert_eq!(
                danger.as_ref().map(|d| d.kind),
                Some(kind),
                "{text}: {danger:?}"
            );
            assert!(danger.is_some_and(|d| d.happening), "{text}");
        }
    }

    #[test]
    fn a_question_about_danger_shows_the_card_and_is_known_as_one() {
        for text in ["如果著火怎麼辦", "萬一困電梯點算", "要是漏氣了該打什麼電話"]
        {
            assert!(danger(text).is_some_and(|d| !d.happening), "{text}");
        }
    }

    #[test]
    fn everyday_questions_are_no_danger() {
        for text in [
            "管理費怎麼交",
            "燃氣費在哪裏交",
            "游泳池幾點開門",
            "我要開發票",
            "裝修要辦什麼手續",
            "電梯卡怎麼補辦",
            "樓上漏水怎麼辦",
            "今晚食火鍋",
            "累死了",
            "快遞放在哪裏",
            "停車月卡多少錢",
            "狗沒牽繩",
        ] {
            assert_eq!(danger(text), None, "{text}");
        }
    }
}
