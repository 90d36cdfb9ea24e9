//! What components are made of: small plain values that rooms fill and templates draw.

use super::words::{Sentence, key};

/// What a colour says. The word beside it says the same, because colour alone says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// A fact.
    #[default]
    Plain,
    /// Something to know.
    Info,
    /// Waiting (amber).
    Waiting,
    /// Done (green).
    Done,
    /// Overdue or irreversible (red).
    Overdue,
}

impl Tone {
    /// The modifier of the CSS class.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Plain => "plain",
            Tone::Info => "info",
            Tone::Waiting => "waiting",
            Tone::Done => "done",
            Tone::Overdue => "overdue",
        }
    }

    /// The symbol that goes with it.
    pub fn icon(self) -> &'static str {
        match self {
            Tone::Plain => "dot",
            Tone::Info => "info",
            Tone::Waiting => "clock",
            Tone::Done => "check",
            Tone::Overdue => "alert",
        }
    }
}

/// What the page before has to tell, kept by the session until it is shown.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Flash {
    /// How it is coloured and announced.
    pub tone: Tone,
    /// The sentence, said already.
    pub text: String,
    /// Where to go on from it: a path of this house and its words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<(String, String)>,
}

impl Flash {
    /// With a link behind the sentence.
    pub fn and_link(mut self, path: impl Into<String>, words: impl Into<String>) -> Flash {
        self.link = Some((path.into(), words.into()));
        self
    }

    /// Something was done.
    pub fn done(text: impl Into<String>) -> Flash {
        Flash {
            tone: Tone::Done,
            text: text.into(),
            link: None,
        }
    }

    /// Something did not happen, or needs attention now.
    pub fn overdue(text: impl Into<String>) -> Flash {
        Flash {
            tone: Tone::Overdue,
            text: text.into(),
            link: None,
        }
    }

    /// Something to know.
    pub fn info(text: impl Into<String>) -> Flash {
        Flash {
            tone: Tone::Info,
            text: text.into(),
            link: None,
        }
    }
}

/// A status tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its colour and symbol.
    pub tone: Tone,
    /// The key of its word.
    pub word: &'static str,
}

impl Tag {
    /// A tag; mark the key: `Tag::new(Tone::Waiting, key("ticket-open"))`.
    pub const fn new(tone: Tone, word: &'static str) -> Tag {
        Tag { tone, word }
    }
}

/// One possible answer of a select, radio group or checkbox group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub text: String,
    /// An explanation below, or empty.
    pub hint: String,
}

impl Choice {
    /// A choice without explanation.
    pub fn new(value: impl Into<String>, text: impl Into<String>) -> Choice {
        Choice {
            value: value.into(),
            text: text.into(),
            hint: String::new(),
        }
    }

    /// Adds an explanation.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Choice {
        self.hint = hint.into();
        self
    }
}

/// One line of a check page, a record or a summary list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub label: String,
    /// What it says; empty is shown as 「未填」.
    pub value: String,
    /// Where to change it, or empty.
    pub change: String,
    /// What the value leads to, or empty.
    pub leads: String,
    /// Shown instead of the value where it is a personal datum.
    pub masked: Option<Masked>,
}

impl Line {
    /// A line that cannot be changed from here.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Line {
        Line {
            label: label.into(),
            value: value.into(),
            ..Line::default()
        }
    }

    /// Shows a masked datum, with its reveal, as the value.
    #[must_use]
    pub fn masked(mut self, datum: Masked) -> Line {
        self.masked = Some(datum);
        self
    }

    /// Makes the value lead to what it names.
    #[must_use]
    pub fn leads(mut self, href: impl Into<String>) -> Line {
        self.leads = href.into();
        self
    }

    /// Adds the link that changes it.
    #[must_use]
    pub fn change(mut self, href: impl Into<String>) -> Line {
        self.change = href.into();
        self
    }
}

/// One entry of a timeline: who did what, when and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// When, epoch milliseconds.
    pub at_ms: i64,
    /// Who, as the reader may know them.
    pub who: String,
    /// What, a whole sentence.
    pub what: String,
    /// Why, or empty.
    pub why: String,
    /// Its colour.
    pub tone: Tone,
    /// The ledger's number, or 0 for none.
    pub seq: u64,
}

/// How far a step of a stepper is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Behind.
    Done,
    /// Here.
    Now,
    /// Ahead.
    Ahead,
}

impl StepState {
    /// Whether it is behind.
    pub fn is_done(self) -> bool {
        self == StepState::Done
    }

    /// Whether the reader stands there.
    pub fn is_now(self) -> bool {
        self == StepState::Now
    }
}

/// One step of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What happens in it.
    pub text: String,
    /// How far it is.
    pub state: StepState,
}

/// The steps of a way, with one of them current (from 0); all are done when it is past the end.
pub fn steps(texts: impl IntoIterator<Item = String>, current: usize) -> Vec<Step> {
    let state = |place: usize| match place.cmp(&current) {
        std::cmp::Ordering::Less => StepState::Done,
        std::cmp::Ordering::Equal => StepState::Now,
        std::cmp::Ordering::Greater => StepState::Ahead,
    };
    texts
        .into_iter()
        .enumerate()
        .map(|(place, text)| Step {
            text,
            state: state(place),
        })
        .collect()
}

/// A personal datum that is shown masked and revealed for a reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Masked {
    /// What is shown: `138****8000`.
    pub masked: String,
    /// Where the reason is posted; empty when the reader may not reveal it.
    pub reveal: String,
    /// Which datum, sent along as `field`.
    pub field: String,
}

/// One row of a comparison side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// What is compared.
    pub label: String,
    /// What the applicant wrote.
    pub left: String,
    /// What the roster holds.
    pub right: String,
    /// Whether they agree, differ, or cannot be compared.
    pub verdict: Verdict,
    /// The evidence, or empty.
    pub why: String,
}

/// The outcome of a comparison or an automatic check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They agree.
    Agrees,
    /// They differ.
    Differs,
    /// One side is missing.
    Unknown,
}

impl Verdict {
    /// Its tag.
    pub fn tag(self) -> Tag {
        match self {
            Verdict::Agrees => Tag::new(Tone::Done, key("verdict-agrees")),
            Verdict::Differs => Tag::new(Tone::Overdue, key("verdict-differs")),
            Verdict::Unknown => Tag::new(Tone::Waiting, key("verdict-unknown")),
        }
    }
}

/// A file that was sent in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thumb {
    /// Where the whole file is.
    pub href: String,
    /// Where the small picture is; empty for what is no picture.
    pub picture: String,
    /// What it shows, for those who cannot see it.
    pub name: String,
    /// A line below (size, date), or empty.
    pub note: String,
}

/// Work that takes more than a second.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    /// Done so far.
    pub done: u64,
    /// All of it; 0 when not known yet.
    pub total: u64,
    /// What is being done, a whole sentence.
    pub text: String,
    /// The address that answers this same component again; empty when finished.
    pub poll: String,
    /// Where to post to stop it, or empty where stopping is not safe.
    pub cancel: String,
}

/// A finding about what was sent, tied to a field or to the whole form (empty name).
#[derive(Clone, Debug, PartialEq)]
pub struct FieldError {
    /// The field's name, or empty.
    pub field: String,
    /// What is wrong and how to mend it.
    pub sentence: Sentence,
}
