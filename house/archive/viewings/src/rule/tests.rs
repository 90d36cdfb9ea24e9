//! The rule against the table, both ways: in random histories what the table allows may stand,
//! and what it refuses is a breach wherever the log can tell; and a breach changes nothing.

use std::collections::BTreeSet;

use dossiers::{Kind as Paper, Kinds};
use foundation::clock::{DAY, HOUR, MINUTE, Moment};
use foundation::database::Community;
use foundation::ledger::{Entry, Kind, Rule};
use serde_json::{Value as Json, json};

use super::WithinGrant;
use crate::events as e;
use crate::policy::Policy;
use crate::scope::{Mode, Modes, ROOMS_BY_ONE, Scope, Way};
use crate::states::{Act, Grant, Guard, Hand, Refused, State, Verb, step};

mod histories;
mod others;

/// 2026-03-01 in Shanghai.
const START: Moment = Moment(1_772_294_400_000);

/// Writes events as the verbs do.
struct Log {
    rule: WithinGrant,
    seq: i64,
    now: Moment,
}

impl Log {
    fn new() -> Log {
        Log {
            rule: WithinGrant::default(),
            seq: 0,
            now: START,
        }
    }

    /// Puts an event down; the rule's word on it.
    fn say(
        &mut self,
        kind: Kind,
        subject: &str,
        by: (&str, &str),
        facts: Json,
    ) -> Option<&'static str> {
        self.seq += 1;
        let entry = Entry {
            community: Community(1),
            seq: self.seq,
            at: self.now,
            kind: kind.name.into(),
            version: kind.version,
            actor: by.0.into(),
            role: by.1.into(),
            behalf: String::new(),
            door: "web".into(),
            subject: subject.into(),
            audience: "staff".into(),
            body: facts.to_string(),
        };
        self.rule.see(&entry).map(|breach| breach.rule)
    }

    /// As [`say`](Self::say), of what must stand.
    fn fine(&mut self, kind: Kind, subject: &str, by: (&str, &str), facts: Json) {
        let out = self.say(kind, subject, by, facts.clone());
        assert_eq!(out, None, "{} {facts}", kind.name);
    }

    /// As [`say`](Self::say), of what must not.
    fn wrong(&mut self, kind: Kind, subject: &str, by: (&str, &str), facts: Json) {
        let out = self.say(kind, subject, by, facts.clone());
        assert!(out.is_some(), "{} {facts} was let pass", kind.name);
    }
}

fn scope(kinds: &[Paper], modes: &[Mode], window: i64) -> Scope {
    Scope {
        kinds: Kinds::of(kinds.iter().copied()),
        modes: Modes::of(modes.iter().copied()),
        window,
    }
}
