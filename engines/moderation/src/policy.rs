//! What an operator decides: the mode of each rule, words of their own, what is allowed.
//!
//! A policy is a TOML file; everything in it is optional:
//!
//! ```toml
//! [modes]                       # dry_run, flag, hold or block, by rule
//! mobile = "hold"
//! gambling = "block"
//!
//! [allow]
//! numbers = ["010-62345678"]    # the office's own and other public numbers, plates, e-mails
//! names = ["张师傅"]             # staff on duty
//! domains = ["example.com"]     # and what lies below them
//! words = ["大麻烦"]             # innocent words that hold a listed one
//! offers = ["中秋团购月饼"]       # approved offers: a message with one of them is no advertisement
//!
//! [spam]
//! repeat_count = 3              # the same message so often …
//! repeat_seconds = 600          # … within so long
//! flood_count = 10
//! flood_seconds = 60
//!
//! [model]
//! threshold = 0.9               # how sure the trained part must be to queue a message
//!
//! [[words]]                     # the operator's own list
//! word = "某某传销"
//! rule = "fraud"                # default: custom
//! severity = 3                  # 1 to 3; default 2
//! source = "街道办通知"
//! marks = ["ear"]
//! innocent = []
//! ```

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::finding::{Action, Rule};
use crate::words::{self, Entry, LexiconError};

/// Longest policy file read: the largest public list is a tenth of it.
pub const POLICY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// How a rule acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// It finds and does nothing, so that one can see what it would have done.
    DryRun,
    /// Somebody looks at the message later.
    Flag,
    /// The message waits until somebody has looked.
    Hold,
    /// The message does not appear.
    Block,
}

impl Mode {
    /// What the mode makes of a finding.
    #[must_use]
    pub fn action(self) -> Action {
        match self {
            Mode::DryRun => Action::Pass,
            Mode::Flag => Action::Flag,
            Mode::Hold => Action::Hold,
            Mode::Block => Action::Block,
        }
    }
}

/// When repeating and flooding begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Spam {
    /// So many messages alike, this one counted, …
    pub repeat_count: u32,
    /// … within so many seconds.
    pub repeat_seconds: i64,
    /// So many messages of any kind, this one counted, …
    pub flood_count: u32,
    /// … within so many seconds.
    pub flood_seconds: i64,
}

impl Default for Spam {
    /// A convention of linli: three alike in ten minutes; ten of any kind in a minute.
    fn default() -> Spam {
        Spam {
            repeat_count: 3,
            repeat_seconds: 600,
            flood_count: 10,
            flood_seconds: 60,
        }
    }
}

/// What is allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Allow {
    /// Public numbers, in any writing.
    pub numbers: Vec<String>,
    /// Names of staff.
    pub names: Vec<String>,
    /// Domains.
    pub domains: Vec<String>,
    /// Innocent words.
    pub words: Vec<String>,
    /// Approved offers.
    pub offers: Vec<String>,
}

/// The trained part's part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ModelPart {
    threshold: Option<f32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Word {
    word: String,
    rule: Option<String>,
    severity: Option<u8>,
    source: Option<String>,
    #[serde(default)]
    marks: Vec<String>,
    #[serde(default)]
    innocent: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    modes: BTreeMap<String, Mode>,
    #[serde(default)]
    allow: Allow,
    #[serde(default)]
    spam: Spam,
    #[serde(default)]
    model: ModelPart,
    #[serde(default)]
    words: Vec<Word>,
}

/// An operator's decisions, laid over the shipped ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    modes: [Mode; Rule::ALL.len()],
    /// What is allowed.
    pub allow: Allow,
    /// When repeating and flooding begin.
    pub spam: Spam,
    /// Probability from which the trained part queues a message; `None` for the model's own.
    pub model_threshold: Option<f32>,
    /// The operator's words.
    pub words: Vec<Entry>,
}

/// Why a policy was not taken. `Display` says what to change.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PolicyError {
    /// The file is too long.
    #[error("the file is longer than {} MB", POLICY_BYTES_MAX >> 20)]
    TooLong,
    /// The file is no TOML, or has keys or values that a policy has not.
    #[error("{0}")]
    Toml(String),
    /// A mode for a rule that there is not.
    #[error("[modes] {code}: no such rule; rules are {known}", known = Rule::ALL.map(Rule::code).join(", "))]
    Rule {
        /// What stood there.
        code: String,
    },
    /// The trained part may only queue.
    #[error(
        "[modes] insult_model: the trained part queues for a person and never acts alone; take dry_run or flag"
    )]
    ModelActs,
    /// A threshold outside 0–1.
    #[error("[model] threshold: {0} is not between 0 and 1")]
    Threshold(f32),
    /// A bound of spam that means nothing.
    #[error("[spam] counts are 2 or more and seconds 1 or more")]
    Spam,
    /// A word that cannot be looked for.
    #[error("[[words]] {0}")]
    Word(#[from] LexiconError),
}

impl Default for Policy {
    /// The policy that comes with linli.
    ///
    /// Numbers that open somebody's life wait; plates and addresses, which neighbours give for good
    /// reasons (挪车, 几栋漏水), are looked at later; only a whole identity number is stopped at once.
    fn default() -> Policy {
        let mode = |rule: Rule| match rule {
            Rule::ResidentId => Mode::Block,
            Rule::Mobile
            | Rule::BankCard
            | Rule::Passport
            | Rule::Wechat
            | Rule::Qq
            | Rule::RosterName
            | Rule::Gambling
            | Rule::Drugs
            | Rule::Fraud
            | Rule::Porn
            | Rule::Contraband
            | Rule::InsultStrong
            | Rule::AdOffer
            | Rule::AdQr
            | Rule::Flood
            | Rule::Custom => Mode::Hold,
            Rule::Landline
            | Rule::Plate
            | Rule::Email
            | Rule::Address
            | Rule::InsultMild
            | Rule::InsultModel
            | Rule::AdLink
            | Rule::Repeat => Mode::Flag,
        };
        Policy {
            modes: Rule::ALL.map(mode),
            allow: Allow::default(),
            spam: Spam::default(),
            model_threshold: None,
            words: Vec::new(),
        }
    }
}

impl Policy {
    /// Reads a policy file over the shipped policy.
    ///
    /// # Errors
    /// On the first thing that is wrong; the error says where and what to write instead.
    pub fn read(text: &str) -> Result<Policy, PolicyError> {
        if text.len() > POLICY_BYTES_MAX {
            return Err(PolicyError::TooLong);
        }
        let text = text.trim_start_matches('\u{feff}');
        let file: File =
            basic_toml::from_str(text).map_err(|e| PolicyError::Toml(e.to_string()))?;
        let mut policy = Policy::default();
        for (code, mode) in file.modes {
            let rule = Rule::of_code(&code).ok_or(PolicyError::Rule { code })?;
            policy.set_mode(rule, mode)?;
        }
        let s = file.spam;
        if s.repeat_count < 2 || s.flood_count < 2 || s.repeat_seconds < 1 || s.flood_seconds < 1 {
            return Err(PolicyError::Spam);
        }
        if let Some(threshold) = file.model.threshold
            && !(0.0..=1.0).contains(&threshold)
        {
            return Err(PolicyError::Threshold(threshold));
        }
        policy.allow = file.allow;
        policy.spam = s;
        policy.model_threshold = file.model.threshold;
        for (at, word) in file.words.into_iter().enumerate() {
            policy.words.push(entry(at, word)?);
        }
        Ok(policy)
    }

    /// The mode of a rule.
    #[must_use]
    pub fn mode(&self, rule: Rule) -> Mode {
        self.modes[rule as usize]
    }

    /// Sets the mode of a rule.
    ///
    /// # Errors
    /// [`PolicyError::ModelActs`]: the trained part may only queue.
    pub fn set_mode(&mut self, rule: Rule, mode: Mode) -> Result<(), PolicyError> {
        if rule == Rule::InsultModel && matches!(mode, Mode::Hold | Mode::Block) {
            return Err(PolicyError::ModelActs);
        }
        self.modes[rule as usize] = mode;
        Ok(())
    }
}

fn entry(at: usize, word: Word) -> Result<Entry, LexiconError> {
    let line = at + 1;
    let code = word.rule.unwrap_or_else(|| "custom".to_owned());
    let role = words::role_of(&code).ok_or(LexiconError::Rule { line, code })?;
    let severity = word.severity.unwrap_or(2).to_string();
    let severity = words::severity_of(&severity).ok_or(LexiconError::Severity {
        line,
        found: severity,
    })?;
    if let Some(mark) = word
        .marks
        .iter()
        .find(|m| !matches!(m.as_str(), "ear" | "inside"))
    {
        let mark = mark.clone();
        return Err(LexiconError::Mark { line, mark });
    }
    Ok(Entry {
        word: word.word,
        role,
        severity,
        source: word.source.unwrap_or_else(|| "operator".to_owned()),
        by_ear: word.marks.iter().any(|m| m == "ear"),
        inside: word.marks.iter().any(|m| m == "inside"),
        innocent: word.innocent,
    })
}
