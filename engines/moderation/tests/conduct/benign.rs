//! Ordinary and angry talk of owners. The lists were vetted against `vetting.txt`; the gate is
//! measured on `gate.txt`, whose sentences were made from other patterns and seen by nothing.

use moderation::{Action, Rule};

use crate::check;

const VETTING: &str = include_str!("../benign/vetting.txt");
const GATE: &str = include_str!("../benign/gate.txt");

#[test]
fn there_are_three_thousand_lines_and_none_twice() {
    let mut lines: Vec<&str> = VETTING.lines().chain(GATE.lines()).collect();
    lines.sort_unstable();
    let all = lines.len();
    lines.dedup();
    assert_eq!(lines.len(), all);
    assert!(all >= 3_000, "{all}");
}

#[test]
fn no_listed_word_acts_on_the_talk_it_was_vetted_against() {
    for line in VETTING.lines() {
        let verdict = check(line);
        let acts = verdict.action >= Action::Hold;
        assert!(!acts, "{line}: {:?}", verdict.findings);
    }
}

#[test]
fn of_talk_nobody_looked_at_at_most_five_in_a_thousand_wait() {
    let acted: Vec<&str> = GATE
        .lines()
        .filter(|line| check(line).action >= Action::Hold)
        .collect();
    let bound = GATE.lines().count() * 5 / 1_000;
    assert!(
        acted.len() <= bound,
        "{} of {}: {acted:?}",
        acted.len(),
        GATE.lines().count()
    );
}

#[test]
fn the_trained_part_queues_at_most_two_in_a_hundred_of_it() {
    let queued = GATE.lines().filter(|line| {
        check(line)
            .findings
            .iter()
            .any(|f| f.rule == Rule::InsultModel)
    });
    let (queued, all) = (queued.count(), GATE.lines().count());
    assert!(queued * 100 <= all * 2, "{queued} of {all}");
}

#[test]
fn every_entry_says_where_it_is_from_and_stands_once() {
    let mut words: Vec<String> = Vec::new();
    for entry in moderation::shipped_words() {
        assert_eq!(entry.source, "own", "{}", entry.word);
        words.push(entry.word);
    }
    let all = words.len();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), all);
    assert!(all > 500, "{all}");
}
