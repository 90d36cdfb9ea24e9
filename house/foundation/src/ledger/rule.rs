//! Rules of the house that are replayed over a log by whoever verifies it. A rule belongs to
//! the room whose duty it checks, and reads that room's events only: what it needs to know
//! must have been recorded.

use super::Entry;
use crate::clock::Moment;

/// Something that was due by a day and came late or not at all: the log stays sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Late {
    pub rule: &'static str,
    /// The record whose duty it was, as in the ledger.
    pub subject: String,
    pub due: Moment,
    /// The event that did it after all.
    pub seq: Option<i64>,
}

/// Something that must never happen, and did: the log is not sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    pub rule: &'static str,
    /// What was broken, in English, with ids only.
    pub why: String,
}

/// One rule, fed with every event of one log in order.
pub trait Rule: Send {
    /// Takes in `entry`; a breach where that event itself may never have been recorded.
    fn see(&mut self, entry: &Entry) -> Option<Breach>;
    /// What was late by the last event's time.
    fn late(self: Box<Self>, last: Moment) -> Vec<Late>;
}
