//! Frozen words: every kind of event ever written stands in a golden file. A kind may
//! be added there, never renamed, renumbered or taken away.

use std::collections::BTreeSet;

use crate::rules::{code_lines, house_sources};

const GOLDEN: &str = include_str!("golden/event_kinds.txt");

fn kept() -> Vec<String> {
    let lines = GOLDEN
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'));
    lines.map(str::to_owned).collect()
}

fn known() -> BTreeSet<String> {
    let kinds = linli::event_kinds().iter();
    kinds.map(|k| format!("{} {}", k.name, k.version)).collect()
}

#[test]
fn every_kind_ever_written_is_still_known_and_every_new_one_is_kept() {
    let (known, golden) = (known(), kept());
    let lost: Vec<_> = golden.iter().filter(|k| !known.contains(*k)).collect();
    assert!(
        lost.is_empty(),
        "stored ledgers hold these kinds; bring them back: {lost:?}"
    );
    let new: Vec<_> = known.iter().filter(|k| !golden.contains(k)).collect();
    assert!(
        new.is_empty(),
        "add these lines to golden/event_kinds.txt: {new:#?}"
    );
}

#[test]
fn a_kind_is_one_word_for_one_thing() {
    let all = linli::event_kinds();
    let names: BTreeSet<_> = all.iter().map(|k| (k.name, k.version)).collect();
    assert_eq!(names.len(), all.len(), "two rooms use the same word");
    for kind in all {
        let (room, word) = kind.name.split_once('.').unwrap_or_default();
        let plain =
            |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        assert!(
            plain(room) && word.split('.').all(plain) && kind.version > 0,
            "{}",
            kind.name
        );
    }
}

#[test]
fn every_kind_in_the_source_is_gathered() {
    let known = known();
    for (path, text) in house_sources() {
        let code: String = code_lines(&text)
            .map(|(_, line)| line)
            .collect::<Vec<_>>()
            .join("\n");
        for made in code.split("Kind::new(").skip(1) {
            let mut parts = made.splitn(3, '"');
            let (Some(before), Some(name)) = (parts.next(), parts.next()) else {
                continue;
            };
            if !before.trim().is_empty() {
                continue;
            }
            let after = parts
                .next()
                .unwrap_or("")
                .trim_start_matches([',', ' ', '\n']);
            let version: String = after.chars().take_while(char::is_ascii_digit).collect();
            let kind = format!("{name} {version}");
            assert!(
                known.contains(&kind),
                "{path}: {kind} is missing in event_kinds.rs"
            );
        }
    }
}

#[test]
fn every_kind_ever_written_has_its_sentence_in_every_language() {
    use foundation::page::{Lang, Words};
    use linli::keeping::told;
    packed::furnish();
    let mut said = BTreeSet::new();
    let names: BTreeSet<String> = kept()
        .iter()
        .filter_map(|kind| Some(kind.split(' ').next()?.to_owned()))
        .collect();
    for name in &names {
        let (key, room) = (told::sentence(name), told::room(name));
        for lang in Lang::ALL {
            let sentence = Words::new(lang).t(&key);
            assert_ne!(sentence, key, "{name} is not said in {}", lang.tag());
            assert_ne!(Words::new(lang).t(&room), room, "{name} is of no room");
            assert!(
                said.insert((lang.tag(), sentence.into_owned())),
                "{name} is told like another in {}",
                lang.tag()
            );
        }
    }
}

#[test]
fn one_word_is_written_with_one_sign_in_all_rooms() {
    let words = concat!(env!("CARGO_MANIFEST_DIR"), "/../words/zh-Hant");
    let mut files = 0;
    for entry in std::fs::read_dir(words).expect("the words") {
        let path = entry.expect("a file").path();
        let text = std::fs::read_to_string(&path).expect("UTF-8");
        files += 1;
        // 裡 for "inside", 帳 for "account" and 台 for "desk", as the house began.
        for other in ['裏', '賬', '臺'] {
            let line = text.lines().find(|line| line.contains(other));
            assert_eq!(line, None, "{}: write 裡, 帳 and 台", path.display());
        }
    }
    assert!(files > 5, "{files} files of words");
}
