//! Rules of the house that are replayed over the events: what should have happened
//! by a day and did not is late. A rule belongs to the room whose duty it checks;
//! none has one yet (the archive brings the first).

use serde_json::{Value as Json, json};

use foundation::clock::Moment;
use foundation::ledger::Entry;

/// Something that was due and came late or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Late {
    pub rule: &'static str,
    /// The record whose duty it was, as in the ledger.
    pub subject: String,
    pub due: Moment,
    /// The event that did it after all.
    pub seq: Option<i64>,
}

impl Late {
    pub fn json(&self) -> Json {
        json!({
            "rule": self.rule,
            "subject": self.subject,
            "due": self.due.date().to_string(),
            "seq": self.seq,
        })
    }
}

/// One rule, fed with every event of one log in order.
pub trait Rule: Send {
    fn see(&mut self, entry: &Entry);
    /// What was late by the last event's time.
    fn late(self: Box<Self>, last: Moment) -> Vec<Late>;
}

/// The rules that are replayed.
pub fn all() -> Vec<Box<dyn Rule>> {
    Vec::new()
}
