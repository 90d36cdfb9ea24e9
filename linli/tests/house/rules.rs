//! The rules of the house, held by reading its source: who may import whom, how long a
//! file may be, where the databases are named and where their language is spoken.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn walk(dir: &Path, endings: &[&str], out: &mut Vec<PathBuf>) {
    let Ok(items) = std::fs::read_dir(dir) else {
        return;
    };
    for item in items.flatten() {
        let path = item.path();
        let name = item.file_name().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && name != "node_modules" && !name.starts_with(".git")
        {
            walk(&path, endings, out);
        } else if endings.iter().any(|e| name.ends_with(e)) {
            out.push(path);
        }
    }
}

fn texts(under: &str, endings: &[&str]) -> Vec<(String, String)> {
    let mut paths = Vec::new();
    walk(&root().join(under), endings, &mut paths);
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let shown = path
                .strip_prefix(root())
                .expect("below the root")
                .display()
                .to_string();
            (shown, std::fs::read_to_string(&path).expect("readable"))
        })
        .collect()
}

/// The Rust files under a folder of the workspace, by path.
pub fn sources(under: &str) -> Vec<(String, String)> {
    let all = texts(under, &[".rs"]);
    assert!(!all.is_empty(), "{under} is there");
    all
}

fn all_sources() -> Vec<(String, String)> {
    let mut all = sources("linli");
    all.extend(sources("engines"));
    all
}

/// The lines that are no comment, with their numbers; tests inside a file end it.
pub fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let tests = text.find("#[cfg(test)]\nmod ").unwrap_or(text.len());
    text[..tests]
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(i, line)| (i + 1, line))
}

/// What code names of its own crate: `crate::X` and `crate::{X, Y}`.
fn named(line: &str) -> Vec<String> {
    let word = |s: &str| -> String {
        s.chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect()
    };
    let mut out = Vec::new();
    for rest in line.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            Some(list) => {
                let list = list.split('}').next().unwrap_or(list);
                out.extend(list.split(',').map(|item| word(item.trim())));
            }
            None => out.push(word(rest)),
        }
    }
    out.retain(|w| !w.is_empty());
    out
}

/// For each wing, what it may name. Words of the whole crate are for everybody.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("foundation", &["foundation"]),
    ("people", &["foundation", "people"]),
    ("community", &["foundation", "people", "community"]),
    ("service", &["foundation", "people", "community", "service"]),
    ("archive", &["foundation", "people", "archive"]),
    (
        "followers",
        &[
            "foundation",
            "people",
            "community",
            "service",
            "archive",
            "followers",
        ],
    ),
    (
        "keeping",
        &["foundation", "people", "keeping", "event_kinds"],
    ),
    (
        "doors",
        &[
            "foundation",
            "people",
            "community",
            "service",
            "archive",
            "keeping",
            "followers",
            "doors",
            "event_kinds",
        ],
    ),
];

#[test]
fn nobody_imports_whom_they_may_not() {
    for (path, text) in sources("linli/src") {
        let wing = path
            .trim_start_matches("linli/src/")
            .split('/')
            .next()
            .unwrap_or("");
        let Some((_, allowed)) = MAY_NAME.iter().find(|(w, _)| *w == wing) else {
            continue;
        };
        for (at, line) in code_lines(&text) {
            for name in named(line) {
                let macros = ["params"].contains(&name.as_str());
                assert!(
                    macros || allowed.contains(&name.as_str()),
                    "{path}:{at}: {wing} may not name {name}"
                );
            }
        }
    }
    for (path, text) in sources("engines") {
        for (at, line) in code_lines(&text) {
            assert!(
                !line.contains("linli::"),
                "{path}:{at}: an engine names the house"
            );
            let uses_hanzi = line.contains("hanzi::");
            let of_hanzi = path.starts_with("engines/hanzi");
            let others = ["sheets::"]
                .iter()
                .any(|e| line.trim_start().starts_with("use ") && line.contains(e));
            let own = path.starts_with("engines/sheets");
            assert!(
                own || !others,
                "{path}:{at}: an engine names another than hanzi"
            );
            assert!(
                !uses_hanzi || of_hanzi || !path.contains("hanzi"),
                "{path}:{at}"
            );
        }
    }
}

/// Longer than the rule allows: tables of data, and what may only shrink.
const LONG: &[(&str, usize, &str)] = &[
    (
        "engines/sheets/src/headings.rs",
        1_200,
        "a table of data: the words of column headings",
    ),
    (
        "linli/src/people/roster/change.rs",
        690,
        "to be split; may only shrink",
    ),
];

#[test]
fn files_are_short() {
    const LINES_MAX: usize = 600;
    let mut lengths = BTreeMap::new();
    for (path, text) in all_sources() {
        let lines = text.lines().count();
        let allowed = LONG
            .iter()
            .find(|(p, ..)| *p == path)
            .map_or(LINES_MAX, |l| l.1);
        assert!(
            lines <= allowed,
            "{path} has {lines} lines, {allowed} are allowed"
        );
        lengths.insert(path, lines);
    }
    let mut sorted: Vec<usize> = lengths.values().copied().collect();
    sorted.sort_unstable();
    println!(
        "{} files, median {} lines",
        sorted.len(),
        sorted[sorted.len() / 2]
    );
}

#[test]
fn every_file_says_first_what_it_is_for() {
    for (path, text) in all_sources() {
        assert!(text.starts_with("//! "), "{path} does not open with //!");
    }
}

/// Where the databases may be named outside `foundation/database`, and why.
const NAME_DATABASES: &[(&str, &str)] = &[
    (
        "linli/src/commands/demo.rs",
        "tells the operator what --reset works on",
    ),
    (
        "linli/src/foundation/migrations.rs",
        "lists the steps of both",
    ),
    (
        "linli/src/foundation/house.rs",
        "names the embedded files in the data folder",
    ),
    (
        "linli/src/commands/installation.rs",
        "says in --help what --db takes",
    ),
];

#[test]
fn the_two_databases_are_named_in_one_place() {
    for (path, text) in sources("linli/src") {
        let here = path.starts_with("linli/src/foundation/database/");
        if here || NAME_DATABASES.iter().any(|(p, _)| *p == path) {
            continue;
        }
        for (at, line) in code_lines(&text) {
            let line = line.to_lowercase();
            let names = ["sqlite", "postgres"].iter().any(|n| line.contains(n));
            assert!(!names, "{path}:{at} names a database");
        }
    }
}

/// Files that are part of a room's store though their name does not say so.
const STORES: &[(&str, &str)] = &[
    (
        "linli/src/people/roster/change.rs",
        "the roster's rows, written",
    ),
    (
        "linli/src/people/roster/merge.rs",
        "the roster's rows, written",
    ),
    (
        "linli/src/people/roster/transfer.rs",
        "the roster's rows, written",
    ),
    (
        "linli/src/people/roster/unmask.rs",
        "the roster's rows, read",
    ),
    ("linli/src/people/roster/rows.rs", "the roster's rows"),
    (
        "linli/src/people/imports/undo.rs",
        "taking an import back, row by row",
    ),
    (
        "linli/src/people/imports/draft.rs",
        "moving a draft on, two statements",
    ),
    (
        "linli/src/people/imports/known.rs",
        "what an import finds in the roster",
    ),
    (
        "linli/src/people/imports/apply.rs",
        "writing an import's rows",
    ),
    (
        "linli/src/doors/web/compounds.rs",
        "the one question that every request asks",
    ),
    (
        "linli/src/doors/web/plain.rs",
        "asks whether the database answers",
    ),
    ("linli/src/community/texts.rs", "one small table"),
    (
        "linli/src/community/membership/view.rs",
        "a list whose filters make its question",
    ),
    (
        "linli/src/community/membership/account_side.rs",
        "the account's rows seen from the group",
    ),
];

#[test]
fn sql_is_spoken_in_stores_only() {
    let mut found = Vec::new();
    const WORDS: [&str; 4] = ["SELECT ", "INSERT INTO ", "DELETE FROM ", "UPDATE "];
    for (path, text) in sources("linli/src") {
        let store = path.ends_with("store.rs")
            || path.contains("/store/")
            || path.starts_with("linli/src/foundation/")
            || STORES.iter().any(|(p, _)| *p == path);
        if store || path.ends_with("tests.rs") {
            continue;
        }
        for (at, line) in code_lines(&text) {
            if WORDS.iter().any(|w| line.contains(w)) {
                found.push(format!("{path}:{at}"));
            }
        }
    }
    assert!(found.is_empty(), "SQL belongs into store.rs: {found:#?}");
}

#[test]
fn nothing_is_left_for_later_and_no_place_is_betrayed() {
    let forbidden = [
        ["TO", "DO"].concat(),
        ["FIX", "ME"].concat(),
        ["unimple", "mented!"].concat(),
        ["to", "do!("].concat(),
        ["/wo", "rk/"].concat(),
        ["sha", "red/spec"].concat(),
        ["sha", "red/design"].concat(),
        ["sha", "red/reference"].concat(),
    ];
    let endings = [
        ".rs", ".md", ".ftl", ".html", ".sql", ".toml", ".css", ".js", ".py",
    ];
    for (path, text) in texts("", &endings) {
        for (i, line) in text.lines().enumerate() {
            for word in &forbidden {
                assert!(!line.contains(word.as_str()), "{path}:{}: {word}", i + 1);
            }
        }
    }
}

#[test]
fn files_are_named_for_what_they_are() {
    for (path, _) in all_sources() {
        let name = path.rsplit('/').next().unwrap_or("");
        let vague = ["util", "helper", "manager", "misc"];
        assert!(!vague.iter().any(|v| name.contains(v)), "{path}");
    }
}

#[test]
fn nothing_from_outside_is_unwrapped() {
    for (path, text) in sources("linli/src") {
        if path.ends_with("tests.rs") {
            continue;
        }
        for (at, line) in code_lines(&text) {
            assert!(
                !line.contains(".unwrap()"),
                "{path}:{at}: say why it cannot happen, or answer"
            );
        }
    }
}

#[test]
fn every_page_and_word_belongs_to_both_languages() {
    let names = |dir: &str| -> Vec<String> {
        let all = texts(dir, &[".ftl"]);
        all.into_iter()
            .map(|(p, _)| p.rsplit('/').next().unwrap_or("").to_owned())
            .collect()
    };
    assert_eq!(names("words/zh-Hant"), names("words/en"));
}
