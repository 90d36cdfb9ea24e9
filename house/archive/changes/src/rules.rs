//! Rules of this room that a verifier replays over the log.

use foundation::clock::Moment;
use foundation::ledger::{Breach, Entry, Late, Rule};

use crate::events;

/// Nobody decides on a change that they made themselves, by account or by person (spec A5).
#[derive(Default)]
pub struct CheckedByAnother;

impl Rule for CheckedByAnother {
    fn see(&mut self, entry: &Entry) -> Option<Breach> {
        if entry.kind != events::CHECKED.name && entry.kind != events::REJECTED.name {
            return None;
        }
        let body: serde_json::Value = serde_json::from_str(&entry.body).unwrap_or_default();
        let same = |a: &str, b: &str| match (body[a].as_str(), body[b].as_str()) {
            (Some(a), Some(b)) => a == b,
            _ => false,
        };
        let actor = body["maker"].as_str().map(|id| format!("a:{id}"));
        let by_itself = actor.is_some_and(|maker| maker == entry.actor);
        if by_itself || same("maker", "checker") || same("maker_person", "checker_person") {
            return Some(Breach {
                rule: "changes.checked_by_another",
                why: format!(
                    "{} was decided by who made it (event {})",
                    entry.subject, entry.seq
                ),
            });
        }
        None
    }

    fn late(self: Box<Self>, _: Moment) -> Vec<Late> {
        Vec::new()
    }
}

/// What a transfer began has its dossier within a day (spec A5): followers that stand still
/// are found here.
#[derive(Default)]
pub struct TransferSettled {
    open: Vec<(String, Moment)>,
    late: Vec<Late>,
}

/// Followers need seconds; a day says that nobody looked.
const SETTLED_WITHIN: i64 = foundation::clock::DAY;

impl Rule for TransferSettled {
    fn see(&mut self, entry: &Entry) -> Option<Breach> {
        let kind = entry.kind.as_str();
        if kind == events::TRANSFER_DONE.name {
            self.open.push((entry.subject.clone(), entry.at));
        } else if kind == events::TRANSFER_SETTLED.name || kind == events::TRANSFER_UNDONE.name {
            let found = self.open.iter().position(|(s, _)| *s == entry.subject);
            if let Some(at) = found {
                let (subject, done) = self.open.remove(at);
                let due = done.plus(SETTLED_WITHIN);
                if entry.at > due {
                    self.late.push(Late {
                        rule: "changes.transfer_settled",
                        subject,
                        due,
                        seq: Some(entry.seq),
                    });
                }
            }
        }
        None
    }

    fn late(mut self: Box<Self>, last: Moment) -> Vec<Late> {
        for (subject, done) in self.open {
            let due = done.plus(SETTLED_WITHIN);
            if last > due {
                self.late.push(Late {
                    rule: "changes.transfer_settled",
                    subject,
                    due,
                    seq: None,
                });
            }
        }
        self.late
    }
}
