//! What the assistant may say: a topic, the ways in which people ask for it, one answer.

use std::collections::BTreeMap;

use foundation::clock::Moment;
use foundation::database::{DbError, FromRow, Row};
use foundation::ids::Id;
use serde::{Deserialize, Serialize};

use crate::AssistantError;

pub const TITLE_CHARS_MAX: usize = 40;
pub const PHRASING_CHARS_MAX: usize = 100;
pub const PHRASINGS_MAX: usize = 60;
pub const ANSWER_CHARS_MAX: usize = 2_000;
/// Buildings and phases that one answer is for.
pub const BUILDINGS_MAX: usize = 60;
const BUILDING_CHARS_MAX: usize = 20;
/// Entries of one compound.
pub const ENTRIES_MAX: i64 = 10_000;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$case_doc:meta])* $case:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum $name { $($(#[$case_doc])* $case),* }
        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$case),*];
            #[must_use]
            pub fn word(self) -> &'static str { match self { $($name::$case => $word),* } }
            #[must_use]
            pub fn from_word(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|one| one.word() == word)
            }
        }
    };
}

words! {
    /// Whom an answer is for.
    Whom { #[default] All = "all", Owner = "owner", Tenant = "tenant" }
}

words! {
    /// What is worked out for whoever asks, beside the answer.
    Live { #[default] Nothing = "", Fees = "fees", Tickets = "tickets", Hours = "hours", Notices = "notices" }
}

words! {
    /// Where an answer stands.
    State {
        #[default]
        Draft = "draft",
        Published = "published",
        /// Its source or its time is over: it answers nobody until somebody confirms it.
        Expired = "expired",
        Withdrawn = "withdrawn",
    }
}

words! {
    /// What an answer rests on.
    Source { #[default] Office = "", Notice = "notice", Rules = "rules" }
}

/// What somebody writes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Body {
    pub title: String,
    pub phrasings: Vec<String>,
    /// Markdown.
    pub answer: String,
    pub whom: Whom,
    /// Buildings that it is for; none says all.
    pub buildings: Vec<String>,
    pub live: Live,
    pub risk: bool,
    /// Days as YYYY-MM-DD, or empty.
    pub valid_from: String,
    pub valid_to: String,
    pub source: Source,
    /// The notice's id, or the version of the rules.
    pub source_ref: String,
    /// Questions that must find this entry and that nobody is matched with: what the
    /// regression set asks beside the phrasings.
    pub checks: Vec<String>,
}

impl Body {
    /// # Errors
    /// [`AssistantError::Body`] with the field that does not fit.
    pub fn check(&self) -> Result<(), AssistantError> {
        let fits = |text: &str, max| (1..=max).contains(&text.chars().count());
        let day = |day: &str| day.is_empty() || day.parse::<jiff::civil::Date>().is_ok();
        let fault = |field| Err(AssistantError::Body(field));
        if !fits(&self.title, TITLE_CHARS_MAX) {
            return fault("title");
        }
        if !fits(&self.answer, ANSWER_CHARS_MAX) {
            return fault("answer");
        }
        if !(1..=PHRASINGS_MAX).contains(&self.phrasings.len())
            || !self.phrasings.iter().all(|p| fits(p, PHRASING_CHARS_MAX))
        {
            return fault("phrasings");
        }
        if self.checks.len() > PHRASINGS_MAX
            || !self.checks.iter().all(|p| fits(p, PHRASING_CHARS_MAX))
        {
            return fault("checks");
        }
        if self.buildings.len() > BUILDINGS_MAX
            || !self.buildings.iter().all(|b| fits(b, BUILDING_CHARS_MAX))
        {
            return fault("buildings");
        }
        if !day(&self.valid_from) {
            return fault("valid_from");
        }
        let ends_first = !self.valid_to.is_empty() && self.valid_to < self.valid_from;
        if !day(&self.valid_to) || ends_first {
            return fault("valid_to");
        }
        if self.source == Source::Notice && self.source_ref.parse::<Id>().is_err() {
            return fault("source_ref");
        }
        Ok(())
    }

    /// The places of the answer that the office has not filled, once each.
    #[must_use]
    pub fn open_places(&self, fills: &BTreeMap<String, String>) -> Vec<String> {
        let mut open: Vec<String> = Vec::new();
        for name in places(&self.answer) {
            if !fills.contains_key(name) && !open.iter().any(|o| o == name) {
                open.push(name.to_owned());
            }
        }
        open
    }
}

/// Names between braces: small letters and `_`.
pub(crate) fn places(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| {
        let name = &rest[..rest.find('}')?];
        let fits = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        fits.then_some(name)
    })
}

/// The sentences of an answer, from which the engine learns what its topic speaks of.
#[must_use]
pub fn sentences(answer: &str) -> Vec<String> {
    let parts = answer.split(['。', '\n', ';', '；']).map(str::trim);
    parts
        .filter(|s| s.chars().count() > 3)
        .map(str::to_owned)
        .collect()
}

/// The answer with its places filled.
#[must_use]
pub fn filled(answer: &str, fills: &BTreeMap<String, String>) -> String {
    let mut out = answer.to_owned();
    for name in places(answer) {
        if let Some(value) = fills.get(name) {
            out = out.replace(&format!("{{{name}}}"), value);
        }
    }
    out
}

/// What the regression set said of a version before it was let out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Checked {
    /// 0 where nothing was looked at yet.
    pub version: i64,
    /// Questions that find their answer today, and that would with this version; of how many.
    pub was: i64,
    pub now: i64,
    pub of: i64,
    /// Some that would lose it.
    pub lost: Vec<String>,
}

impl Checked {
    /// Fewer would find their answer.
    #[must_use]
    pub fn stops(&self) -> bool {
        self.now < self.was
    }
}

/// An entry as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub id: Id,
    pub topic: String,
    /// Of what is in force.
    pub state: State,
    /// What was written last.
    pub body: Body,
    pub version: i64,
    /// What was let out last. It answers until another version is let out.
    pub in_force: Option<Body>,
    pub in_force_version: i64,
    /// Who keeps it true.
    pub keeper: Option<Id>,
    /// Why it expired, or empty.
    pub why: String,
    pub confirmed_at: Option<Moment>,
    pub changed_at: Moment,
    pub row_version: i64,
    pub checked: Checked,
}

impl Entry {
    /// What was written last is not what is in force.
    #[must_use]
    pub fn is_ahead(&self) -> bool {
        self.in_force_version != 0 && self.version != self.in_force_version
    }

    /// Its last version can be put in force, or be confirmed again.
    #[must_use]
    pub fn may_come(&self) -> bool {
        self.state != State::Published || self.is_ahead()
    }
}

impl FromRow for Entry {
    fn from_row(row: &mut Row) -> Result<Entry, DbError> {
        Ok(Entry {
            id: row.next()?,
            topic: row.next()?,
            state: State::from_word(&row.next::<String>()?).unwrap_or_default(),
            body: serde_json::from_str(&row.next::<String>()?).unwrap_or_default(),
            version: row.next()?,
            in_force: serde_json::from_str(&row.next::<String>()?).ok(),
            in_force_version: row.next()?,
            keeper: row.next()?,
            why: row.next()?,
            confirmed_at: row.next()?,
            changed_at: row.next()?,
            row_version: row.next()?,
            checked: serde_json::from_str(&row.next::<String>()?).unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_once_and_what_is_open_is_named() {
        let body = Body {
            answer: "致電 {office_phone},或 {office_phone};{duty_phone}".into(),
            ..Body::default()
        };
        let fills = BTreeMap::from([("office_phone".to_owned(), "8888".to_owned())]);
        assert_eq!(body.open_places(&fills), ["duty_phone"]);
        assert_eq!(
            filled(&body.answer, &fills),
            "致電 8888,或 8888;{duty_phone}"
        );
        assert_eq!(places("{} {A} {x y").count(), 0);
    }
}
