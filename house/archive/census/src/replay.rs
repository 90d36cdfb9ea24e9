//! The census as whoever verifies a log replays it: tenures that were due in a quarter and had
//! no record by its end are late. A household that refused in time was asked: nobody is pressed
//! for the sake of a figure (PIPL 13, 16).

use std::collections::BTreeMap;

use foundation::clock::Moment;
use foundation::ledger::{Breach, Entry, Late, Rule};
use serde_json::Value;

use crate::events as e;
use crate::rule::Quarter;

const RULE: &str = "census.quarter";

/// What became of a tenure's duty in a quarter.
#[derive(Clone, Copy, Default)]
struct Duty {
    /// When, and by which event.
    done: Option<(Moment, i64)>,
}

/// Feeds on this room's events.
#[derive(Default)]
pub struct Quarters {
    due: BTreeMap<(i64, String), Duty>,
}

impl Rule for Quarters {
    fn see(&mut self, entry: &Entry) -> Option<Breach> {
        if !entry.kind.starts_with("census.") {
            return None;
        }
        let facts: Value = serde_json::from_str(&entry.body).unwrap_or_default();
        let quarter = facts["quarter"].as_i64()?;
        if entry.kind == e::PLANNED.name {
            for tenure in facts["tenures"].as_array().into_iter().flatten() {
                let subject = format!("dossier:{}", tenure.as_str().unwrap_or_default());
                self.due.entry((quarter, subject)).or_default();
            }
            return None;
        }
        let key = (quarter, entry.subject.clone());
        if entry.kind == e::EXCUSED.name {
            self.due.remove(&key);
            return None;
        }
        let at = match entry.kind.as_str() {
            kind if kind == e::REGISTERED.name => Moment(facts["day"].as_i64()?),
            kind if [e::COUNTED.name, e::VACANT.name, e::REFUSED.name].contains(&kind) => entry.at,
            kind if kind == e::REOPENED.name => {
                if let Some(duty) = self.due.get_mut(&key) {
                    duty.done = None;
                }
                return None;
            }
            _ => return None,
        };
        let record = entry.kind == e::COUNTED.name || entry.kind == e::VACANT.name;
        let begun = Quarter::from_number(quarter).map(|q| q.bounds().0);
        if record && begun.is_some_and(|first| entry.at < first) {
            return Some(Breach {
                rule: RULE,
                why: format!(
                    "{} was counted before quarter {quarter} began",
                    entry.subject
                ),
            });
        }
        match self.due.get_mut(&key) {
            Some(duty) => {
                duty.done.get_or_insert((at, entry.seq));
                None
            }
            None if record => Some(Breach {
                rule: RULE,
                why: format!(
                    "{} was counted for {quarter}, which did not ask it",
                    entry.subject
                ),
            }),
            None => None,
        }
    }

    fn late(self: Box<Self>, last: Moment) -> Vec<Late> {
        let late = |((number, subject), duty): ((i64, String), Duty)| {
            let due = Quarter::from_number(number)?.bounds().1;
            let in_time = duty.done.is_some_and(|(at, _)| at < due);
            (last >= due && !in_time).then(|| Late {
                rule: RULE,
                subject,
                due,
                seq: duty.done.map(|(_, seq)| seq),
            })
        };
        self.due.into_iter().filter_map(late).collect()
    }
}

#[cfg(test)]
mod tests {
    use foundation::clock::DAY;
    use foundation::database::Community;
    use foundation::ledger::Kind;

    use super::*;

    const Q1: Quarter = Quarter { year: 2026, nth: 1 };

    fn entry(seq: i64, kind: Kind, at: Moment, subject: &str, body: &str) -> Entry {
        Entry {
            community: Community(1),
            seq,
            at,
            kind: kind.name.into(),
            version: 1,
            actor: "system".into(),
            role: String::new(),
            behalf: String::new(),
            door: "clock".into(),
            subject: subject.into(),
            audience: "record".into(),
            body: body.into(),
        }
    }

    fn played(more: &[Entry], last: Moment) -> (Vec<Breach>, Vec<Late>) {
        let mut rule = Box::new(Quarters::default());
        let planned = r#"{"quarter":20261,"tenures":["a","b","c"]}"#;
        let first = entry(1, e::PLANNED, Q1.bounds().0, "", planned);
        let all = std::iter::once(&first).chain(more);
        let breaches = all.filter_map(|entry| rule.see(entry)).collect();
        (breaches, rule.late(last))
    }

    #[test]
    fn what_has_no_record_at_the_end_is_late_and_stays_so() {
        let (first, end) = Q1.bounds();
        let q = r#"{"quarter":20261}"#;
        let more = [
            entry(2, e::COUNTED, first.plus(DAY), "dossier:a", q),
            entry(3, e::REFUSED, first.plus(DAY), "dossier:b", q),
            entry(4, e::COUNTED, end.plus(DAY), "dossier:c", q),
        ];
        let (breaches, late) = played(&more, end.plus(2 * DAY));
        assert_eq!(breaches, []);
        let late: Vec<(&str, Option<i64>)> =
            late.iter().map(|l| (l.subject.as_str(), l.seq)).collect();
        assert_eq!(late, [("dossier:c", Some(4))]);
        assert_eq!(played(&[], end.plus(-1)).1, [], "not before the end");
        assert_eq!(played(&[], end).1.len(), 3);
    }

    #[test]
    fn a_registration_counts_from_its_own_day() {
        let (_, end) = Q1.bounds();
        let body = format!(r#"{{"day":{},"quarter":20261}}"#, end.plus(-DAY).0);
        let more = [entry(2, e::REGISTERED, end.plus(DAY), "dossier:a", &body)];
        assert_eq!(played(&more, end.plus(2 * DAY)).1.len(), 2);
    }

    #[test]
    fn a_record_of_a_tenure_that_was_not_asked_breaks_the_rule() {
        let at = Q1.bounds().0.plus(DAY);
        let more = [entry(
            2,
            e::COUNTED,
            at,
            "dossier:z",
            r#"{"quarter":20261}"#,
        )];
        assert_eq!(played(&more, at).0.len(), 1);
        let early = [entry(
            2,
            e::COUNTED,
            at,
            "dossier:a",
            r#"{"quarter":20262}"#,
        )];
        assert_eq!(played(&early, at).0.len(), 1);
    }
}
