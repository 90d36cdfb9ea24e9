//! What is owed by when: answers, reviews, boxes and copies. Late is no breach.

use std::collections::HashMap;

use foundation::clock::{DAY, Moment};
use foundation::ledger::{Entry, Late};

use super::facts::Said;
use crate::events as e;
use crate::scope::EMERGENCY_WINDOW;

const REVIEW: &str = "viewings.reviewed_in_72_hours";
const BOX: &str = "viewings.box_back_in_time";
const ANSWER: &str = "viewings.own_file_answered_in_15_working_days";
const COPY: &str = "viewings.copy_back_in_a_day";

struct Owed {
    rule: &'static str,
    subject: String,
    due: Moment,
}

#[derive(Default)]
pub(super) struct Duties {
    owed: HashMap<String, Owed>,
    late: Vec<Late>,
}

impl Duties {
    fn owe(&mut self, key: String, rule: &'static str, subject: &str, due: Option<Moment>) {
        if let Some(due) = due {
            let subject = subject.to_owned();
            self.owed.insert(key, Owed { rule, subject, due });
        }
    }

    fn did(&mut self, key: &str, entry: &Entry) {
        if let Some(owed) = self.owed.remove(key)
            && owed.due < entry.at
        {
            self.late.push(Late {
                rule: owed.rule,
                subject: owed.subject,
                due: owed.due,
                seq: Some(entry.seq),
            });
        }
    }

    /// An event that may stand.
    pub fn see(&mut self, said: &Said<'_>) {
        let entry = said.entry;
        let subject = entry.subject.as_str();
        let of = |what: &str| format!("{what} {subject}");
        let loan = || format!("box {subject} {}", said.text("loan").unwrap_or_default());
        let copy = || format!("copy {subject} {}", said.number("copy"));
        let over = said.is(e::CLOSED) || said.is(e::EXPIRED) || said.is(e::REVOKED);
        if said.is(e::SUBMITTED) {
            self.owe(of("answer"), ANSWER, subject, said.moment("answer_by"));
        }
        if said.is(e::APPROVED) || said.is(e::DENIED) || said.is(e::WITHDRAWN) {
            self.did(&of("answer"), entry);
        }
        if said.is(e::BROKEN) {
            // Owed from its end, which is a quarter of an hour later at the latest.
            let due = entry.at.plus(EMERGENCY_WINDOW + 3 * DAY);
            self.owe(of("review"), REVIEW, subject, Some(due));
        }
        if over {
            self.owe(of("review"), REVIEW, subject, said.moment("review_by"));
            // A box goes back when the window ends, however it ends.
            let boxes = format!("box {subject} ");
            for (key, owed) in &mut self.owed {
                if key.starts_with(&boxes) {
                    owed.due = owed.due.min(entry.at);
                }
            }
        }
        if said.is(e::JUSTIFIED) || said.is(e::CONDEMNED) {
            self.did(&of("review"), entry);
        }
        if said.is(e::BOX_LENT) {
            self.owe(loan(), BOX, subject, said.moment("due"));
        }
        if said.is(e::BOX_RETURNED) {
            self.did(&loan(), entry);
        }
        if said.is(e::PRINTED) {
            self.owe(copy(), COPY, subject, said.moment("due"));
        }
        if said.is(e::COPY_ENDED) {
            self.did(&copy(), entry);
        }
    }

    /// What was late, and what is by now.
    pub fn late(self, last: Moment) -> Vec<Late> {
        let mut all = self.late;
        let open = self.owed.into_values().filter(|owed| owed.due < last);
        all.extend(open.map(|owed| Late {
            rule: owed.rule,
            subject: owed.subject,
            due: owed.due,
            seq: None,
        }));
        all.sort_by(|a, b| (a.due, &a.subject).cmp(&(b.due, &b.subject)));
        all
    }
}
