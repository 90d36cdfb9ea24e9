//! The bars, on the half of the set written apart that may be looked at (`heldback/seen`).

use std::path::PathBuf;

use answers::{Base, Topic, measure, risk};

fn rows(file: &str) -> Vec<(String, String)> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file);
    let reader = csv::Reader::from_path(&path);
    let rows = reader.unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    rows.into_deserialize().map(Result::unwrap).collect()
}

fn shipped() -> Base {
    Base::new(Topic::gathered(rows("../../examples/faq.csv")))
}

#[test]
fn colloquial_questions_find_their_topic_and_strangers_are_refused() {
    let mut questions = rows("tests/heldback/seen/queries.csv");
    questions.extend(rows("tests/heldback/seen/out_of_scope.csv"));
    let pairs = questions.iter().map(|(q, id)| (q.as_str(), id.as_str()));
    let f = measure::measure(&shipped(), pairs);
    assert!(f.n >= 500, "{f:?}");
    assert!(f.hit1 >= 0.88, "{f:?}");
    assert!(f.wrong_rate <= 0.02, "{f:?}");
    assert!(f.refused_out_of_scope >= 0.92, "{f:?}");
    assert!(f.answered >= 0.65, "{f:?}");
    assert!(f.refused_in_scope <= 0.02, "{f:?}");
}

#[test]
fn no_message_of_danger_is_missed() {
    let (mut harmless, mut taken) = (0, Vec::new());
    for (text, kind) in rows("tests/heldback/seen/risk.csv") {
        let known = risk::danger(&text).is_some();
        match kind.as_str() {
            "none" => {
                harmless += 1;
                if known {
                    taken.push(text);
                }
            }
            _ => assert!(known, "{kind}: {text}"),
        }
    }
    assert!(harmless >= 30 && taken.len() <= 7, "{taken:?}");
}

#[test]
fn what_is_told_in_the_data_is_known_as_danger() {
    let mut kind = "";
    let mut told = 0;
    for line in include_str!("../data/dangers.txt").lines() {
        if let Some(name) = line.strip_prefix("= ") {
            kind = name;
        } else if !line.is_empty() && !line.starts_with('#') && kind != "none" {
            told += 1;
            assert!(risk::danger(line).is_some(), "{kind}: {line}");
        }
    }
    assert!(told >= 900, "{told}");
}

/// A card too many is better than one too few, but an office that cries wolf is not believed.
#[test]
fn everyday_questions_are_seldom_taken_for_danger() {
    let questions = rows("tests/heldback/seen/queries.csv");
    let everyday: Vec<&str> = questions
        .iter()
        .filter(|(_, id)| !id.starts_with("risk-"))
        .map(|(q, _)| q.as_str())
        .collect();
    let dangers = everyday.iter().filter_map(|q| risk::danger(q));
    let (mut cards, mut acted) = (0, 0);
    for danger in dangers {
        cards += 1;
        acted += usize::from(danger.happening);
    }
    assert!(
        cards * 10 <= everyday.len(),
        "{cards} of {}",
        everyday.len()
    );
    assert!(
        acted * 16 <= everyday.len(),
        "{acted} of {}",
        everyday.len()
    );
}
