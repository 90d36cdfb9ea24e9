//! The engine as this room uses it: built once per policy and kept, fed with what is the
//! author's own, and its findings put into this room's words.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use moderation::{Action, Checked, Context, Engine, Scratch, Severity};

use crate::ConductError;
use crate::judge::{Found, Said, Verdict};
use crate::policy::Policy;
use foundation::database::Community;
use foundation::house::House;

/// Engines kept ready: as many policies as a node serves at a time.
const KEPT_MAX: usize = 64;

static KEPT: LazyLock<Mutex<HashMap<String, Arc<Engine>>>> = LazyLock::new(Mutex::default);

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::new(Scratch::new());
}

/// Builds an engine, or says which word or number of the policy cannot be taken.
pub(crate) fn build(policy: &moderation::Policy) -> Result<Engine, ConductError> {
    Engine::new(policy).map_err(|e| ConductError::Policy(e.to_string()))
}

/// The engine of a policy; the same policy gives the same one.
fn engine(policy: &moderation::Policy) -> Result<Arc<Engine>, ConductError> {
    let key = serde_json::to_string(policy).expect("a policy is plain data");
    if let Some(found) = KEPT
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
        .get(&key)
    {
        return Ok(found.clone());
    }
    let fresh = Arc::new(build(policy)?);
    let mut kept = KEPT
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    if kept.len() >= KEPT_MAX {
        kept.clear();
    }
    kept.insert(key, fresh.clone());
    Ok(fresh)
}

/// What the engine said, in this room's words.
pub(crate) struct Looked {
    pub verdict: Verdict,
    pub found: Vec<Found>,
    pub raised: Vec<String>,
    /// In thousandths.
    pub score: i64,
}

fn verdict(action: Action) -> Verdict {
    match action {
        Action::Pass => Verdict::Pass,
        Action::Flag => Verdict::Flag,
        Action::Hold => Verdict::Hold,
        Action::Block => Verdict::Block,
    }
}

/// Spaced, so that a report or the office's own weight can stand between two.
fn weight(severity: Severity) -> i64 {
    match severity {
        Severity::Info => 100,
        Severity::Low => 1_000,
        Severity::Medium => 2_000,
        Severity::High => 3_000,
    }
}

fn looked(checked: Checked) -> Looked {
    let found = checked
        .findings
        .iter()
        .map(|f| Found {
            category: f.category.word().to_owned(),
            rule: f.rule.clone(),
            start: f.chars.start,
            end: f.chars.end,
            confidence: f.confidence,
            severity: weight(f.severity),
        })
        .collect();
    Looked {
        verdict: verdict(checked.action),
        found,
        raised: checked.raised.iter().map(|r| r.words.clone()).collect(),
        score: (f64::from(checked.score) * 1_000.0) as i64,
    }
}

/// Looks at what was said with all that is known about its author.
pub(crate) async fn check(
    _house: &House,
    _c: Community,
    policy: &Policy,
    said: &Said,
) -> Result<Looked, ConductError> {
    let engine = engine(&policy.engine)?;
    let context = Context {
        own: &said.own,
        offer: said.offer,
    };
    let checked = SCRATCH.with_borrow_mut(|s| engine.check(s, &said.text, &context));
    Ok(looked(checked))
}

/// Looks at a text by itself.
pub(crate) fn alone(policy: &Policy, text: &str) -> Result<Verdict, ConductError> {
    let engine = engine(&policy.engine)?;
    let checked = SCRATCH.with_borrow_mut(|s| engine.check(s, text, &Context::default()));
    Ok(verdict(checked.action))
}

/// The office's own words as lines to edit: `word` or `word 5`… as the engine writes them.
pub(crate) fn own_words(policy: &moderation::Policy) -> String {
    let lines: Vec<&str> = policy.words.iter().map(|e| e.word.as_str()).collect();
    lines.join("\n")
}

/// Reads the office's own words, one a line.
///
/// # Errors
/// The number of the first line that is no word.
pub(crate) fn read_words(
    text: &str,
    lines_max: usize,
) -> Result<Vec<moderation::lexicon::Entry>, i64> {
    let mut out = Vec::new();
    for (at, line) in text.lines().enumerate().take(lines_max) {
        let word = line.trim();
        if word.is_empty() {
            continue;
        }
        if !(2..=moderation::lexicon::WORD_CHARS_MAX).contains(&word.chars().count()) {
            return Err(at as i64 + 1);
        }
        out.push(moderation::lexicon::Entry {
            word: word.to_owned(),
        });
    }
    Ok(out)
}
