//! What an event says, read as leniently as JSON is and judged by the caller.

use foundation::clock::Moment;
use foundation::ledger::{Entry, Kind};
use serde_json::Value as Json;

/// Kinds, ways and window, as numbers of the log.
pub(super) type Granted = (i64, i64, i64);

/// An event and its facts.
pub(super) struct Said<'a> {
    pub entry: &'a Entry,
    facts: Json,
}

impl<'a> Said<'a> {
    pub fn read(entry: &'a Entry) -> Said<'a> {
        Said {
            facts: serde_json::from_str(&entry.body).unwrap_or_default(),
            entry,
        }
    }

    pub fn is(&self, kind: Kind) -> bool {
        self.entry.kind == kind.name
    }

    pub fn at(&self) -> Moment {
        self.entry.at
    }

    /// A word or an id; none where it is missing or empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.facts[name].as_str().filter(|text| !text.is_empty())
    }

    /// As [`text`](Self::text), or why the event may not stand.
    pub fn who(&self, name: &str) -> Result<String, &'static str> {
        let found = self.text(name).map(str::to_owned);
        found.ok_or("a step that says nobody's name")
    }

    pub fn number(&self, name: &str) -> i64 {
        self.maybe(name).unwrap_or(0)
    }

    /// A number; none where it is missing.
    pub fn maybe(&self, name: &str) -> Option<i64> {
        self.facts[name].as_i64()
    }

    pub fn moment(&self, name: &str) -> Option<Moment> {
        self.facts[name].as_i64().map(Moment)
    }

    pub fn many(&self, name: &str) -> Option<Vec<String>> {
        let list = self.facts[name].as_array()?;
        let words = list.iter().filter_map(|one| one.as_str());
        Some(words.map(str::to_owned).collect())
    }

    /// The kind of a paper as a bit; a is the first.
    pub fn kind(&self) -> Result<i64, &'static str> {
        match self.text("kind").unwrap_or_default().as_bytes() {
            [kind @ b'a'..=b'j'] => Ok(1 << (kind - b'a')),
            _ => Err("of no known kind"),
        }
    }

    pub fn scope(&self) -> Granted {
        (
            self.number("kinds"),
            self.number("modes"),
            self.number("window"),
        )
    }

    pub fn by_clock(&self) -> bool {
        self.entry.actor == "system"
    }
}
