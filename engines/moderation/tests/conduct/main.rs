//! What the conduct engine must find, must spare, and must bear.

mod advertising;
mod benign;
mod complaints;
mod evasion;
mod hostile;
mod model;
mod personal;
mod policy;
mod spam;

use std::sync::LazyLock;

use moderation::{Action, Context, Engine, Policy, Rule, Verdict};

static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| Engine::new(Policy::default()).expect("the shipped policy is sound"));

/// The shipped engine's verdict.
fn check(text: &str) -> Verdict {
    ENGINE.check(text, &Context::default())
}

/// The rules found, each once, without the trained part's.
fn rules(text: &str) -> Vec<Rule> {
    let mut rules: Vec<Rule> = check(text).findings.iter().map(|f| f.rule).collect();
    rules.retain(|&r| r != Rule::InsultModel);
    rules.sort_unstable();
    rules.dedup();
    rules
}

fn finds(text: &str, rule: Rule) -> bool {
    rules(text).contains(&rule)
}

/// The texts of the stretches that a rule found.
fn stretches(text: &str, rule: Rule) -> Vec<String> {
    let verdict = check(text);
    let of_rule = verdict.findings.iter().filter(|f| f.rule == rule);
    of_rule
        .map(|f| text[f.byte_start..f.byte_end].to_owned())
        .collect()
}

/// An engine with words of the operator's, `word rule severity source marks innocent` a line.
fn with_words(list: &str) -> Engine {
    let words = moderation::parse_lexicon(&list.replace(" | ", "\t")).expect("the list is sound");
    Engine::with_words(Policy::default(), words, None).expect("the words can be looked for")
}

fn held(text: &str) -> bool {
    check(text).action >= Action::Hold
}
