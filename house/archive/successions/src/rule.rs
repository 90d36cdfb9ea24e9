//! What the verifier replays: a document is opened for a successor only within a succession
//! that one person asked for and another let begin, and that is not over; and a package leaves
//! only while both companies have signed for it and it was not deleted.

use std::collections::{HashMap, HashSet};

use foundation::clock::Moment;
use foundation::ledger::{Breach, Entry, Late, Rule};

use crate::events;

const RULE: &str = "successions.two_persons";
const SIGNED: &str = "successions.downloaded_when_signed";

/// A fresh one.
pub fn rule() -> Box<dyn Rule> {
    Box::<Two>::default()
}

/// Each succession: who asked, and whether it is being written; and those signed for.
#[derive(Default)]
struct Two(HashMap<String, (String, bool)>, HashSet<String>);

impl Rule for Two {
    fn see(&mut self, entry: &Entry) -> Option<Breach> {
        let breach = |why: String| Some(Breach { rule: RULE, why });
        let kind = entry.kind.as_str();
        if kind == dossiers::events::HANDED.name {
            let id = succession(&entry.body).unwrap_or_default();
            let open = self.0.get(&format!("succession:{id}"));
            return if open.is_some_and(|(_, writing)| *writing) {
                None
            } else {
                breach(format!("{} was opened outside a succession", entry.subject))
            };
        }
        if kind == events::ASKED.name {
            let asked = (entry.actor.clone(), false);
            self.0.insert(entry.subject.clone(), asked);
        } else if kind == events::CONFIRMED.name {
            match self.0.get_mut(&entry.subject) {
                Some((asked, writing)) if *asked != entry.actor => *writing = true,
                _ => return breach(format!("{} had no second person", entry.subject)),
            }
        } else if kind == events::DELIVERED.name {
            self.1.insert(entry.subject.clone());
        } else if kind == events::CLEARED.name {
            self.1.remove(&entry.subject);
        } else if kind == events::DOWNLOADED.name && !self.1.contains(&entry.subject) {
            let why = format!("{} left before both signed", entry.subject);
            return Some(Breach { rule: SIGNED, why });
        } else if [events::REFUSED.name, events::WRITTEN.name].contains(&kind) {
            self.0.remove(&entry.subject);
        }
        None
    }

    fn late(self: Box<Self>, _: Moment) -> Vec<Late> {
        // The day by which it must be done is the city's, and stands in no event.
        Vec::new()
    }
}

fn succession(body: &str) -> Option<String> {
    let body: serde_json::Value = serde_json::from_str(body).ok()?;
    Some(body.get("succession")?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use foundation::database::Community;
    use foundation::ledger::Kind;

    fn entry(kind: Kind, actor: &str, subject: &str, body: &str) -> Entry {
        Entry {
            community: Community(1),
            seq: 1,
            at: Moment(0),
            kind: kind.name.into(),
            version: 1,
            actor: actor.into(),
            role: String::new(),
            behalf: String::new(),
            door: String::new(),
            subject: subject.into(),
            audience: String::new(),
            body: body.into(),
        }
    }

    #[test]
    fn a_document_is_opened_only_between_confirming_and_the_end() {
        let mut rule = Two::default();
        let handed = entry(
            dossiers::events::HANDED,
            "",
            "document:d",
            r#"{"succession":"s"}"#,
        );
        let of = |kind, actor| entry(kind, actor, "succession:s", "{}");
        assert!(rule.see(&handed).is_some(), "nobody asked");
        assert!(rule.see(&of(events::ASKED, "account:a")).is_none());
        assert!(rule.see(&handed).is_some(), "nobody confirmed");
        assert!(
            rule.see(&of(events::CONFIRMED, "account:a")).is_some(),
            "the same person"
        );
        assert!(rule.see(&handed).is_some());
        assert!(rule.see(&of(events::CONFIRMED, "account:b")).is_none());
        assert!(rule.see(&handed).is_none());
        assert!(rule.see(&of(events::WRITTEN, "")).is_none());
        assert!(rule.see(&handed).is_some(), "it was over");
        let left = of(events::DOWNLOADED, "account:a");
        assert!(rule.see(&left).is_some(), "not signed for");
        assert!(rule.see(&of(events::DELIVERED, "account:a")).is_none());
        assert!(rule.see(&left).is_none());
        assert!(rule.see(&of(events::CLEARED, "account:a")).is_none());
        assert!(rule.see(&left).is_some(), "it was deleted");
    }
}
