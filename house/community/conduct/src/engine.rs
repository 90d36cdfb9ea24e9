//! The engine as this room uses it: built once per policy and kept, told whose data may
//! not be revealed, and its findings put into this room's words.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use moderation::{Action, Context, Engine, Kind, Mode, Policy, Protected, Role, Rule, Scratch};

use crate::ConductError;
use crate::judge::{Found, Said, Verdict};
use crate::policy::SpeechRules;
use foundation::clock::{MINUTE, Moment};
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;

/// Engines kept ready: as many policies as a node serves at a time.
const KEPT_MAX: usize = 64;
/// A name that came onto the roster is protected after so long at the latest.
const FRESH_MS: i64 = 10 * MINUTE;
/// Most people of one compound whose names are protected.
const PEOPLE_MAX: i64 = 120_000;
/// Fewer digits than this are no phone; the author's own need not be looked up.
const DIGITS_MIN: usize = 7;

static KEPT: LazyLock<Mutex<HashMap<String, Arc<Engine>>>> = LazyLock::new(Mutex::default);

/// Made when, for which house and compound.
type Known = HashMap<([u8; 32], Community), (Moment, Arc<Protected>)>;
static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::new(Scratch::default());
}

/// How a mode is written.
pub(crate) fn mode_word(mode: Mode) -> &'static str {
    match mode {
        Mode::DryRun => "dry_run",
        Mode::Flag => "flag",
        Mode::Hold => "hold",
        Mode::Block => "block",
    }
}

/// The mode of that word.
pub(crate) fn mode_of(word: &str) -> Option<Mode> {
    [Mode::DryRun, Mode::Flag, Mode::Hold, Mode::Block]
        .into_iter()
        .find(|m| mode_word(*m) == word)
}

/// The engine's policy: the office's choices over the shipped ones.
pub(crate) fn policy(rules: &SpeechRules) -> Result<Policy, ConductError> {
    let said = |e: &dyn std::fmt::Display| ConductError::Policy(e.to_string());
    let mut policy = Policy::default();
    for (code, word) in &rules.modes {
        let (Some(rule), Some(mode)) = (Rule::of_code(code), mode_of(word)) else {
            return Err(ConductError::Policy(format!("{code} = {word}")));
        };
        policy.set_mode(rule, mode).map_err(|e| said(&e))?;
    }
    for word in &rules.words {
        policy.words.push(moderation::Entry {
            word: word.clone(),
            role: Role::Finding(Rule::Custom),
            severity: moderation::Severity::Middle,
            source: "operator".to_owned(),
            by_ear: false,
            inside: false,
            innocent: Vec::new(),
        });
    }
    policy.allow = moderation::Allow {
        numbers: rules.numbers.clone(),
        names: rules.names.clone(),
        domains: rules.domains.clone(),
        words: rules.innocent.clone(),
        offers: rules.offers.clone(),
    };
    Ok(policy)
}

/// Builds an engine, or says which word of the policy cannot be looked for.
pub(crate) fn build(rules: &SpeechRules) -> Result<Engine, ConductError> {
    Engine::new(policy(rules)?).map_err(|e| ConductError::Policy(e.to_string()))
}

/// The engine of a policy with the compound's trained part; the same give the same one.
pub(crate) async fn ready(
    house: &House,
    c: Community,
    rules: &SpeechRules,
) -> Result<Arc<Engine>, ConductError> {
    let (version, digest) = crate::learned::digest(house, c).await?;
    let key = serde_json::to_string(&(rules, &digest)).expect("rules are plain data");
    let lock = || KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = lock().get(&key) {
        return Ok(found.clone());
    }
    let mut fresh = build(rules)?;
    if !digest.is_empty() {
        match crate::learned::read(house, c, version).await {
            Ok(model) => fresh = fresh.with_model(model),
            // Made by a program whose models were of another form. The shipped one judges
            // until it is trained again: nobody is silenced by an upgrade.
            Err(ConductError::Policy(why)) => {
                tracing::warn!(community = c.0, version, %why, "the compound's own model is not read");
            }
            Err(other) => return Err(other),
        }
    }
    let fresh = Arc::new(fresh);
    let mut kept = lock();
    if kept.len() >= KEPT_MAX {
        kept.clear();
    }
    kept.insert(key, fresh.clone());
    Ok(fresh)
}

/// Whose a datum is, as a number.
fn owner(person: Id) -> u64 {
    let digest: [u8; 32] = <sha2::Sha256 as sha2::Digest>::digest(person.as_str()).into();
    u64::from_be_bytes(digest[..8].try_into().expect("eight of thirty-two bytes"))
}

/// Names and rooms of everybody on the roster, as digests under the house's key.
async fn protected(house: &House, c: Community) -> Result<Arc<Protected>, ConductError> {
    let key = house.keys.digest("conduct.protected", &c.0.to_be_bytes());
    let now = house.now();
    let lock = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((at, set)) = lock().get(&(key, c))
        && at.plus(FRESH_MS) > now
    {
        return Ok(set.clone());
    }
    let mut set = Protected::new(&key);
    for (person, name, room) in roster::standing(house, c, PEOPLE_MAX).await? {
        let whose = owner(person);
        set.add(Kind::Name, &name, whose);
        set.add(Kind::Room, &room, whose);
    }
    let set = Arc::new(set);
    let mut known = lock();
    if known.len() >= KEPT_MAX {
        known.clear();
    }
    known.insert((key, c), (now, set.clone()));
    Ok(set)
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

/// What a finding weighs in the queue: spaced, so that a report can stand between two.
fn weight(mode: Mode, confidence: f32) -> i64 {
    let base = match mode {
        Mode::DryRun => 0,
        Mode::Flag => 1_000,
        Mode::Hold => 2_000,
        Mode::Block => 3_000,
    };
    base + (confidence * 900.0) as i64
}

/// Looks at what was said with all that is known about its author.
pub(crate) async fn check(
    house: &House,
    c: Community,
    rules: &SpeechRules,
    said: &Said,
) -> Result<Looked, ConductError> {
    let engine = ready(house, c, rules).await?;
    let mut known = protected(house, c).await?;
    if let Some(person) = said.person
        && hanzi::fold::digits_only(&said.text).len() >= DIGITS_MIN
    {
        let mut own = Protected::clone(&known);
        for phone in roster::phones_of(house, c, person).await? {
            own.add(Kind::Phone, &phone, owner(person));
        }
        known = Arc::new(own);
    }
    let context = Context {
        protected: Some(&known),
        writer: said.person.map(owner),
        now: house.now().0 / 1_000,
        recent: &said.recent,
    };
    let checked = SCRATCH.with_borrow_mut(|s| engine.check_with(s, &said.text, &context));
    let mut looked = Looked {
        verdict: verdict(checked.action),
        found: Vec::with_capacity(checked.findings.len()),
        raised: Vec::new(),
        score: 0,
    };
    for f in &checked.findings {
        if f.rule == Rule::InsultModel {
            // What raised the score is shown as words, never as a place of blame.
            looked.raised.push(f.evidence.clone());
            looked.score = (f64::from(f.confidence) * 1_000.0) as i64;
        }
        looked.found.push(Found {
            category: category(f.category).to_owned(),
            rule: f.rule.code().to_owned(),
            start: f.start,
            end: f.end,
            confidence: f.confidence,
            severity: weight(engine.policy().mode(f.rule), f.confidence),
        });
    }
    Ok(looked)
}

fn category(c: moderation::Category) -> &'static str {
    use moderation::Category as C;
    match c {
        C::Privacy => "privacy",
        C::Advertising => "advertising",
        C::Insult => "insult",
        C::Illegal => "illegal",
        C::Spam => "spam",
        C::Custom => "custom",
    }
}

/// Looks at a text by itself.
pub(crate) fn alone(engine: &Engine, text: &str) -> Verdict {
    let context = Context::default();
    let checked = SCRATCH.with_borrow_mut(|s| engine.check_with(s, text, &context));
    verdict(checked.action)
}
