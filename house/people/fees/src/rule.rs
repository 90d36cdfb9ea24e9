//! What must never stand in a ledger about money, replayed by whoever verifies it: who takes
//! money never gives it up, and what needs two was not done by one.

use std::collections::HashMap;

use super::events;
use foundation::clock::Moment;
use foundation::ledger::{Breach, Entry, Late, Rule};

/// The rule's name in reports.
const NAME: &str = "fees.hands";

/// Who asked for what waits for another: the wish or closing, and the actor.
#[derive(Default)]
pub struct Hands {
    waiting: HashMap<String, String>,
}

/// A fact of an event that is an id or a word.
fn fact(entry: &Entry, name: &str) -> Option<String> {
    let body: serde_json::Value = serde_json::from_str(&entry.body).ok()?;
    Some(body.get(name)?.as_str()?.to_owned())
}

fn breach(why: String) -> Option<Breach> {
    Some(Breach { rule: NAME, why })
}

impl Hands {
    fn second(&mut self, entry: &Entry, what: Option<String>) -> Option<Breach> {
        let what = what?;
        match self.waiting.remove(&what) {
            Some(first) if first == entry.actor => {
                breach(format!("{what} was asked for and decided by one actor"))
            }
            Some(_) => None,
            None => breach(format!("{what} was decided, and nobody had asked for it")),
        }
    }
}

impl Rule for Hands {
    fn see(&mut self, entry: &Entry) -> Option<Breach> {
        let kind = entry.kind.as_str();
        let is = |k: foundation::ledger::Kind| k.name == kind;
        let gives_up = is(events::WRITTEN_OFF)
            || is(events::ADJUSTED)
            || is(events::REFUNDED)
            || is(events::LATE_WAIVED)
            || is(events::WRITE_OFF_ASKED)
            || is(events::WRITE_OFF_DECIDED);
        if gives_up && entry.role == "cashier" {
            return breach(format!("{kind} by who takes money"));
        }
        if is(events::WRITE_OFF_ASKED) {
            if let Some(wish) = fact(entry, "wish") {
                self.waiting.insert(wish, entry.actor.clone());
            }
            return None;
        }
        if is(events::TILL_COUNTED) {
            self.waiting
                .insert(entry.subject.clone(), entry.actor.clone());
            return None;
        }
        if is(events::WRITE_OFF_DECIDED) {
            return self.second(entry, fact(entry, "wish"));
        }
        if is(events::TILL_CLOSED) {
            return self.second(entry, Some(entry.subject.clone()));
        }
        None
    }

    fn late(self: Box<Self>, _last: Moment) -> Vec<Late> {
        // Nothing of money here is due by a day of law.
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(kind: foundation::ledger::Kind, actor: &str, role: &str, body: &str) -> Entry {
        Entry {
            community: foundation::database::HOUSE,
            seq: 1,
            at: Moment(0),
            kind: kind.name.to_owned(),
            version: 1,
            actor: actor.to_owned(),
            role: role.to_owned(),
            behalf: String::new(),
            door: "web".to_owned(),
            subject: "fee_closing:abc".to_owned(),
            audience: "staff".to_owned(),
            body: body.to_owned(),
        }
    }

    #[test]
    fn one_hand_for_two_is_found_and_two_hands_are_not() {
        let asked = |who| entry(events::WRITE_OFF_ASKED, who, "manager", r#"{"wish":"w"}"#);
        let decided = |who| entry(events::WRITE_OFF_DECIDED, who, "manager", r#"{"wish":"w"}"#);
        let mut rule = Hands::default();
        assert_eq!(rule.see(&asked("a")), None);
        assert!(rule.see(&decided("a")).is_some());
        assert_eq!(rule.see(&asked("a")), None);
        assert_eq!(rule.see(&decided("b")), None);
        assert!(rule.see(&decided("b")).is_some(), "nobody had asked");
        assert_eq!(
            rule.see(&entry(events::TILL_COUNTED, "a", "cashier", "{}")),
            None
        );
        assert!(
            rule.see(&entry(events::TILL_CLOSED, "a", "cashier", "{}"))
                .is_some()
        );
    }

    #[test]
    fn who_takes_money_gives_none_up() {
        let mut rule = Hands::default();
        assert!(
            rule.see(&entry(events::WRITTEN_OFF, "a", "cashier", "{}"))
                .is_some()
        );
        assert_eq!(
            rule.see(&entry(events::WRITTEN_OFF, "a", "manager", "{}")),
            None
        );
    }
}
