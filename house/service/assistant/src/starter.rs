//! The starter base: topics that any property office is asked about, in linli's own words.
//! What an office must say itself stands in braces (`{office_phone}`); an entry with such a
//! place that is not filled stays a draft.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use answers::Topic;

use crate::entry::{Body, Live, Whom, places, sentences};

/// One file per domain.
const FILES: [(&str, &str); 12] = [
    ("01-fees.txt", include_str!("../starter/01-fees.txt")),
    ("02-repairs.txt", include_str!("../starter/02-repairs.txt")),
    (
        "03-renovation.txt",
        include_str!("../starter/03-renovation.txt"),
    ),
    ("04-access.txt", include_str!("../starter/04-access.txt")),
    ("05-parking.txt", include_str!("../starter/05-parking.txt")),
    ("06-safety.txt", include_str!("../starter/06-safety.txt")),
    (
        "07-environment.txt",
        include_str!("../starter/07-environment.txt"),
    ),
    ("08-group.txt", include_str!("../starter/08-group.txt")),
    ("09-archive.txt", include_str!("../starter/09-archive.txt")),
    ("10-owners.txt", include_str!("../starter/10-owners.txt")),
    (
        "11-services.txt",
        include_str!("../starter/11-services.txt"),
    ),
    ("12-office.txt", include_str!("../starter/12-office.txt")),
];

/// A topic of a file, by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Starter {
    pub topic: String,
    pub body: Body,
}

/// What a place of the answers is about, in the order in which an office fills them in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// Whom to call, where and when: what answers of several domains say.
    Office,
    Fees,
    Repairs,
    Renovation,
    Access,
    Parking,
    Safety,
    Environment,
    Group,
    Archive,
    Owners,
    Services,
    /// The office's own: no answer that comes along has it.
    Own,
}

impl About {
    pub const ALL: [About; 13] = [
        About::Office,
        About::Fees,
        About::Repairs,
        About::Renovation,
        About::Access,
        About::Parking,
        About::Safety,
        About::Environment,
        About::Group,
        About::Archive,
        About::Owners,
        About::Services,
        About::Own,
    ];

    /// The domain of the file at this place among [`FILES`].
    fn of_file(at: usize) -> About {
        // Behind the office, in the files' order; the last file is the office's own.
        match at + 1 {
            last if last == FILES.len() => About::Office,
            nth => About::ALL[nth],
        }
    }

    /// What a place is about: its domain where one alone asks for it.
    #[must_use]
    pub fn of(place: &str) -> About {
        static KNOWN: LazyLock<BTreeMap<&str, About>> = LazyLock::new(|| {
            let mut known = BTreeMap::new();
            for (at, (_, text)) in FILES.iter().enumerate() {
                let here = About::of_file(at);
                for place in places(text) {
                    let about = known.entry(place).or_insert(here);
                    if *about != here {
                        *about = About::Office;
                    }
                }
            }
            known
        });
        KNOWN.get(place).copied().unwrap_or(About::Own)
    }
}

/// Why a file is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: {why}")]
pub struct Unsound {
    pub file: String,
    pub line: usize,
    pub why: &'static str,
}

/// Reads one file.
///
/// # Errors
/// [`Unsound`] with the first line that is not understood.
pub fn read(file: &str, text: &str) -> Result<Vec<Starter>, Unsound> {
    let mut out: Vec<Starter> = Vec::new();
    let mut in_answer = false;
    for (at, line) in text.lines().enumerate() {
        let fault = |why| Unsound {
            file: file.to_owned(),
            line: at + 1,
            why,
        };
        if let Some(head) = line.strip_prefix("## ") {
            let (topic, title) = head
                .split_once(' ')
                .ok_or_else(|| fault("a topic has an id and a title"))?;
            let body = Body {
                title: title.trim().to_owned(),
                ..Body::default()
            };
            out.push(Starter {
                topic: topic.to_owned(),
                body,
            });
            in_answer = false;
            continue;
        }
        let Some(one) = out.last_mut() else {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            return Err(fault("before the first topic"));
        };
        if in_answer {
            one.body.answer.push('\n');
            one.body.answer.push_str(line);
        } else if let Some(answer) = line.strip_prefix("= ") {
            one.body.answer.push_str(answer);
            in_answer = true;
        } else if let Some(phrasing) = line.strip_prefix("? ") {
            one.body.phrasings.push(phrasing.trim().to_owned());
        } else if let Some(scope) = line.strip_prefix("scope: ") {
            one.body.whom = Whom::from_word(scope.trim()).ok_or_else(|| fault("scope"))?;
        } else if let Some(live) = line.strip_prefix("live: ") {
            one.body.live = Live::from_word(live.trim()).ok_or_else(|| fault("live"))?;
        } else if let Some(risk) = line.strip_prefix("risk: ") {
            one.body.risk = risk.trim() == "yes";
        } else if !line.trim().is_empty() {
            return Err(fault("neither of the marks"));
        }
    }
    for one in &mut out {
        one.body.answer = one.body.answer.trim().to_owned();
    }
    Ok(out)
}

/// All of them.
#[must_use]
pub fn all() -> Vec<Starter> {
    FILES
        .iter()
        .flat_map(|(name, text)| read(name, text).expect("a test reads every file"))
        .collect()
}

/// As the engine takes them.
#[must_use]
pub fn topics() -> Vec<Topic> {
    let topic = |s: Starter| {
        let mut phrasings = vec![s.body.title.clone()];
        phrasings.extend(s.body.phrasings.clone());
        Topic {
            id: s.topic,
            phrasings,
            sentences: sentences(&s.body.answer),
        }
    };
    all().into_iter().map(topic).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::entry::{ANSWER_CHARS_MAX, PHRASING_CHARS_MAX, PHRASINGS_MAX, TITLE_CHARS_MAX};

    #[test]
    fn every_file_is_read_and_every_topic_can_be_kept() {
        let (mut topics, mut said) = (HashSet::new(), HashSet::new());
        let mut phrasings = 0;
        for (name, text) in FILES {
            let read = read(name, text).unwrap_or_else(|e| panic!("{e}"));
            assert!(!read.is_empty(), "{name}");
            for one in read {
                let body = &one.body;
                assert!(
                    topics.insert(one.topic.clone()),
                    "{} stands twice",
                    one.topic
                );
                assert!((1..=TITLE_CHARS_MAX).contains(&body.title.chars().count()));
                assert!(
                    (1..=ANSWER_CHARS_MAX).contains(&body.answer.chars().count()),
                    "{}",
                    one.topic
                );
                assert!(
                    (5..=PHRASINGS_MAX).contains(&body.phrasings.len()),
                    "{}",
                    one.topic
                );
                for phrasing in &body.phrasings {
                    assert!((1..=PHRASING_CHARS_MAX).contains(&phrasing.chars().count()));
                    assert!(
                        said.insert(answers::folded(phrasing)),
                        "{phrasing} stands twice"
                    );
                }
                phrasings += body.phrasings.len();
            }
        }
        assert!(topics.len() >= 150, "{} topics", topics.len());
        assert!(phrasings >= 1_500, "{phrasings} phrasings");
    }

    #[test]
    fn each_place_is_about_one_thing_and_what_several_ask_for_is_the_offices() {
        for (place, about) in [
            ("office_phone", About::Office),
            ("committee_contact", About::Office),
            ("manager_day", About::Office),
            ("fee_rate", About::Fees),
            ("goods_elevator", About::Renovation),
            ("venue_list", About::Services),
            ("pool_hours", About::Own),
        ] {
            assert_eq!(About::of(place), about, "{place}");
        }
        let all = FILES.iter().flat_map(|(_, text)| places(text));
        assert!(all.into_iter().all(|place| About::of(place) != About::Own));
    }

    #[test]
    fn a_file_that_is_none_names_its_line() {
        let found = read("a.txt", "# a\n\n## x 標題\n? 問\n什麼");
        assert_eq!(found.expect_err("no mark").line, 5);
        assert!(read("a.txt", "? 沒有主題").is_err());
    }
}
