//! Every key that a page says exists in every language, and none lies about unused.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_bundle::FluentResource;

use foundation::page::words::{Lang, files};

/// Calls whose literal is a key.
const CALLS: [&str; 6] = [".t(", ".one(", ".with(", ".titled(", "say(", "key("];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Source files below a folder, without tests, each with its comment lines taken out.
fn sources(folder: &str, end: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder can be read") {
            let path = entry.expect("it can be listed").path();
            let is_test = path.file_stem().is_some_and(|name| name == "tests");
            if path.is_dir() && !is_test {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == end) && !is_test {
                let text = fs::read_to_string(&path).expect("sources are UTF-8");
                let text = without_template_comments(&text);
                let kept = text
                    .lines()
                    .filter(|line| !line.trim_start().starts_with("//"));
                found.push((path, kept.collect::<Vec<_>>().join("\n")));
            }
        }
    }
    found
}

fn without_template_comments(text: &str) -> String {
    let mut parts = text.split("{#");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept += part.split_once("#}").map_or(part, |(_, after)| after);
    }
    kept
}

fn all_sources() -> Vec<(PathBuf, String)> {
    let mut all = sources("linli/src", "rs");
    all.extend(sources("house", "rs"));
    all.extend(sources("linli/examples", "rs"));
    all.extend(sources("templates", "html"));
    all
}

fn is_key(text: &str) -> bool {
    text.contains('-')
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// The literal at the start of a text, if it is one.
fn literal(text: &str) -> Option<&str> {
    text.trim_start().strip_prefix('"')?.split('"').next()
}

/// The literals that are said to be keys by the call they stand in.
fn said(source: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for call in CALLS {
        for (place, _) in source.match_indices(call) {
            let before = source[..place].chars().next_back();
            let is_part = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
            if (!is_part || call.starts_with('.'))
                && let Some(key) = literal(&source[place + call.len()..])
                && !key.contains(['|', ' '])
                // A ledger event's fact has a name too; words' keys have a hyphen.
                && (call != ".with(" || key.contains('-'))
            {
                keys.insert(key.to_owned());
            }
        }
    }
    // The label of a field is its second argument.
    for (place, call) in source.match_indices(".field(") {
        let rest = &source[place + call.len()..];
        let rest = rest.split(')').next().unwrap_or_default();
        if let Some((_, label)) = rest.split_once(',')
            && let Some(key) = literal(label)
        {
            keys.insert(key.to_owned());
        }
    }
    // A kind of event is said by the sentence of its name, under its room.
    for (place, call) in source.match_indices(concat!("Kind::", "new(")) {
        if let Some(kind) = literal(&source[place + call.len()..])
            && let Some((room, _)) = kind.split_once('.')
        {
            keys.insert(format!("event-room-{room}"));
            keys.insert(format!("event-{}", kind.replace(['.', '_'], "-")));
        }
    }
    keys
}

/// Key → the variables of its sentence, for one language.
fn words(lang: Lang) -> BTreeMap<String, BTreeSet<String>> {
    let mut words = BTreeMap::new();
    for (_, text) in files(lang) {
        let resource = FluentResource::try_new((*text).to_owned());
        assert!(
            resource.is_ok(),
            "words of {lang:?} do not parse: {:?}",
            resource.err()
        );
        let mut key = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, _)) = line.split_once(" =")
                && !line.starts_with(' ')
            {
                key = name.to_owned();
                let twice = words.insert(key.clone(), BTreeSet::new()).is_some();
                assert!(!twice, "{key} stands twice in the words of {lang:?}");
            }
            for variable in line.split('$').skip(1) {
                let end = |c: char| !c.is_ascii_alphanumeric() && c != '_';
                let name = variable.split(end).next().unwrap_or_default().to_owned();
                words.entry(key.clone()).or_default().insert(name);
            }
        }
    }
    words
}

#[test]
fn all_languages_have_the_same_keys_with_the_same_values() {
    crate::furnish();
    let hant = words(Lang::ZhHant);
    assert!(hant.len() > 50, "the words were not found");
    assert_eq!(hant, words(Lang::ZhHans));
    assert_eq!(hant, words(Lang::En));
}

#[test]
fn every_key_that_is_said_exists() {
    crate::furnish();
    let words = words(Lang::ZhHant);
    let mut missing = Vec::new();
    for (path, source) in all_sources() {
        for key in said(&source)
            .into_iter()
            .filter(|key| !words.contains_key(key))
        {
            missing.push(format!("{}: {key}", path.display()));
        }
    }
    assert!(
        missing.is_empty(),
        "keys without words:\n{}",
        missing.join("\n")
    );
}

#[test]
fn every_key_is_used() {
    crate::furnish();
    let mut literals = BTreeSet::new();
    for (_, source) in all_sources() {
        literals.extend(said(&source));
        literals.extend(
            source
                .split('"')
                .filter(|text| is_key(text))
                .map(str::to_owned),
        );
    }
    let references: String = files(Lang::ZhHant).iter().map(|(_, text)| *text).collect();
    let unused: Vec<_> = words(Lang::ZhHant)
        .into_keys()
        .filter(|key| !literals.contains(key) && !references.contains(&format!("{{ {key} }}")))
        .collect();
    assert!(unused.is_empty(), "words that nobody says: {unused:?}");
}

#[test]
fn the_scan_sees_keys_in_every_kind_of_call() {
    crate::furnish();
    let source = r#"
        frame.t("a-b"); words.with(
            "c-d", &[]); say("e-f"); monkey("no-key"); form.field("name", "g-h").text(1..=4);
        NavItem { word: key("i-j") }; frame.titled("k-l")
    "#;
    let found: Vec<_> = said(source).into_iter().collect();
    assert_eq!(found, ["a-b", "c-d", "e-f", "g-h", "i-j", "k-l"]);
}
