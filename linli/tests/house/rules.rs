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

/// The house's own code: its rooms and its front.
pub fn house_sources() -> Vec<(String, String)> {
    let mut all = sources("house");
    all.extend(sources("linli/src"));
    all
}

fn all_sources() -> Vec<(String, String)> {
    let mut all = sources("linli");
    all.extend(sources("house"));
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

/// Who may stand on whom, from the ground up; what is not named is nobody's.
/// Engines know nothing of the house, save `hanzi` among themselves; the watermark takes its
/// letters from the fonts of `paper`, so that there is one choice of fonts.
const MAY_STAND_ON: &[(&str, &[&str])] = &[
    ("engines/watermark", &["engines/paper"]),
    ("engines", &[]),
    ("house/foundation", &["engines"]),
    ("house/packed", &["house/foundation"]),
    (
        "house/people",
        &["engines", "house/foundation", "house/people"],
    ),
    (
        "house/community",
        &[
            "engines",
            "house/foundation",
            "house/people",
            "house/community",
        ],
    ),
    (
        "house/service",
        &[
            "engines",
            "house/foundation",
            "house/people",
            "house/community",
            "house/service",
        ],
    ),
    (
        "house/archive",
        &[
            "engines",
            "house/foundation",
            "house/people",
            "house/archive",
        ],
    ),
];

/// The crates of the workspace: name, folder, and what its manifest names of ours.
fn manifests() -> Vec<(String, String, Vec<String>)> {
    let read: Vec<(String, String)> = texts("", &["Cargo.toml"]);
    let field = |text: &str| -> Option<String> {
        let line = text.lines().find(|l| l.starts_with("name = "))?;
        Some(line.split('"').nth(1)?.to_owned())
    };
    let names: Vec<String> = read.iter().filter_map(|(_, text)| field(text)).collect();
    read.iter()
        .filter_map(|(path, text)| {
            let name = field(text)?;
            let code = text.split("[dev-dependencies]").next().unwrap_or("");
            let ours = code
                .lines()
                .filter_map(|l| l.split(['.', ' ']).next())
                .filter(|l| names.iter().any(|n| n == l) && *l != name && *l != "name")
                .map(str::to_owned)
                .collect();
            let folder = path.trim_end_matches("/Cargo.toml").to_owned();
            Some((name, folder, ours))
        })
        .collect()
}

#[test]
fn nobody_stands_on_whom_they_may_not() {
    let all = manifests();
    assert!(all.len() > 8, "the crates are there: {}", all.len());
    let folder = |name: &str| -> &str {
        let found = all.iter().find(|(n, ..)| n == name);
        found.map_or("", |(_, folder, _)| folder.as_str())
    };
    for (name, path, ours) in &all {
        let Some((_, allowed)) = MAY_STAND_ON.iter().find(|(w, _)| path.starts_with(w)) else {
            continue;
        };
        for other in ours {
            let hanzi = other == "hanzi";
            let fine = hanzi || allowed.iter().any(|w| folder(other).starts_with(w));
            assert!(fine, "{name} may not name {other}");
        }
    }
}

/// Longer than the rule allows: tables of data, and what may only shrink.
const LONG: &[(&str, usize, &str)] = &[(
    "engines/sheets/src/headings.rs",
    1_200,
    "a table of data: the words of column headings",
)];

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
        "house/foundation/src/migrations.rs",
        "lists the steps of both",
    ),
    (
        "house/foundation/src/house.rs",
        "names the embedded files in the data folder",
    ),
    (
        "linli/src/commands/installation.rs",
        "says in --help what --db takes",
    ),
];

#[test]
fn the_two_databases_are_named_in_one_place() {
    for (path, text) in house_sources() {
        let here = path.starts_with("house/foundation/src/database/");
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
        "linli/src/doors/web/compounds.rs",
        "the one question that every request asks",
    ),
    (
        "linli/src/doors/web/plain.rs",
        "asks whether the database answers",
    ),
    ("house/community/membership/src/texts.rs", "one small table"),
    (
        "house/community/membership/src/view.rs",
        "a list whose filters make its question",
    ),
    (
        "house/community/membership/src/account_side.rs",
        "the account's rows seen from the group",
    ),
];

#[test]
fn sql_is_spoken_in_stores_only() {
    let mut found = Vec::new();
    const WORDS: [&str; 4] = ["SELECT ", "INSERT INTO ", "DELETE FROM ", "UPDATE "];
    for (path, text) in house_sources() {
        let store = path.ends_with("store.rs")
            || path.contains("/store/")
            || path.starts_with("house/foundation/src/")
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
    for (path, text) in house_sources() {
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
