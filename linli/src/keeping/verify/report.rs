//! What came of verifying, as the command's JSON and as sentences.

use serde_json::{Value as Json, json};

use super::super::anchors::Keeper;
use foundation::ledger::Late;
use foundation::ledger::tree::{Hash, hex};

/// The first event that cannot be trusted, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub seq: i64,
    pub why: Why,
}

/// Why an event cannot be trusted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    #[error("missing: events {from} to {to} are gone")]
    Missing { from: i64, to: i64 },
    #[error("changed: the event is not what was recorded")]
    Changed,
    #[error("reordered: here stands what was recorded as event {really}")]
    Reordered { really: i64 },
    #[error("inserted: this event was put in later and those after it moved down")]
    Inserted,
    #[error("inserted: the log was recorded to its end at event {end}")]
    Beyond { end: u64 },
    #[error("time runs backwards")]
    BackInTime,
    #[error("unknown kind: {0}")]
    UnknownKind(String),
    #[error("unreadable: {0}")]
    Unreadable(String),
    #[error("forbidden by {rule}: {why}")]
    Breach { rule: &'static str, why: String },
    #[error("the head row is altered")]
    Head,
    #[error("the head row is missing")]
    NoHead,
    #[error(
        "changed together with its leaf: the head does not fit events {from} to {to}, or the head is altered"
    )]
    Unmatched { from: u64, to: u64 },
    #[error("another history: events {from} to {to} are not those signed, says {keeper}")]
    OtherHistory { from: u64, to: u64, keeper: Keeper },
    #[error("rolled back to size {to}, before size {kept} that {keeper} keeps")]
    RolledBack { to: u64, kept: u64, keeper: Keeper },
    #[error("the checkpoint at size {size} in {keeper} is false: {fault}")]
    FalseCheckpoint {
        size: u64,
        keeper: Keeper,
        fault: String,
    },
    #[error("the checkpoint at size {size} is gone from the database")]
    LostCheckpoint { size: u64 },
    #[error("the export's {file}: {fault}")]
    Export { file: String, fault: &'static str },
}

impl Why {
    /// One word for programs.
    pub fn word(&self) -> &'static str {
        match self {
            Why::Missing { .. } => "missing",
            Why::Changed | Why::Unmatched { .. } => "changed",
            Why::Reordered { .. } => "reordered",
            Why::Inserted | Why::Beyond { .. } => "inserted",
            Why::BackInTime => "back_in_time",
            Why::UnknownKind(_) => "unknown_kind",
            Why::Unreadable(_) => "unreadable",
            Why::Breach { .. } => "breach",
            Why::Head | Why::NoHead => "head",
            Why::OtherHistory { .. } => "other_history",
            Why::RolledBack { .. } => "rolled_back",
            Why::FalseCheckpoint { .. } | Why::LostCheckpoint { .. } => "checkpoint",
            Why::Export { .. } => "export",
        }
    }
}

fn late_json(late: &Late) -> Json {
    json!({
        "rule": late.rule,
        "subject": late.subject,
        "due": late.due.date().to_string(),
        "seq": late.seq,
    })
}

/// One log.
#[derive(Clone, Debug)]
pub struct CommunityReport {
    pub name: String,
    /// How many events were found sound, from the first.
    pub events: u64,
    /// The root over them.
    pub root: Hash,
    pub first_bad: Option<Finding>,
    pub late: Vec<Late>,
    /// The largest size that a signed head vouches for.
    pub signed_to: u64,
}

impl CommunityReport {
    pub fn sound(&self) -> bool {
        self.first_bad.is_none()
    }

    pub fn json(&self) -> Json {
        let bad = self.first_bad.as_ref().map(|f| {
            json!({
                "seq": f.seq,
                "why": f.why.to_string(),
                "cause": f.why.word(),
                "after_last_good_checkpoint": f.seq > self.signed_to as i64,
            })
        });
        json!({
            "name": self.name,
            "events": self.events,
            "root": hex(&self.root),
            "sound": self.sound(),
            "first_bad": bad,
            "late": self.late.iter().map(late_json).collect::<Vec<_>>(),
            "signed_to": self.signed_to,
        })
    }
}

impl std::fmt::Display for CommunityReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.first_bad {
            None => write!(
                f,
                "{}: sound, {} events, signed to {}, root {}",
                self.name,
                self.events,
                self.signed_to,
                hex(&self.root)
            ),
            Some(bad) => {
                let place = if bad.seq > self.signed_to as i64 {
                    "after"
                } else {
                    "within"
                };
                write!(
                    f,
                    "{}: NOT SOUND, event {}: {} ({place} what is signed, which reaches to {})",
                    self.name, bad.seq, bad.why, self.signed_to
                )
            }
        }
    }
}

/// Every log that was looked at.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub communities: Vec<CommunityReport>,
    /// Of an export: the first file that belongs to no log and is not what it was.
    pub export_bad: Option<Finding>,
}

impl Report {
    pub fn sound(&self) -> bool {
        self.export_bad.is_none() && self.communities.iter().all(CommunityReport::sound)
    }

    pub fn events(&self) -> u64 {
        self.communities.iter().map(|c| c.events).sum()
    }

    pub fn json(&self) -> Json {
        let all: Vec<Json> = self.communities.iter().map(CommunityReport::json).collect();
        let mut out = json!({ "communities": all });
        if let Some(bad) = &self.export_bad {
            out["export"] = json!({ "sound": false, "why": bad.why.to_string() });
        }
        out
    }
}
