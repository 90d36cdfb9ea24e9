//! The rule of viewings replayed over a log: no page was shown but within a grant of distinct
//! persons, within its time and scope; what was owed and came late is named. It stands on its
//! own and asks nothing of the table, so that a mistake there is seen here.

use std::collections::HashMap;

use foundation::clock::{DAY, Moment};
use foundation::ledger::{Breach, Entry, Late, Rule};
use serde_json::Value as Json;

use crate::events as e;
use crate::scope::{EMERGENCY_WINDOW, IDENTITY_WINDOW, ROOMS_BY_ONE, WINDOW_MAX};

const READ: &str = "viewings.read_within_grant";
const REVIEW: &str = "viewings.reviewed_in_72_hours";
const BOX: &str = "viewings.box_back_in_time";
const ANSWER: &str = "viewings.own_file_answered_in_15_working_days";
const COPY: &str = "viewings.copy_back_in_a_day";

/// A grant as the log tells it.
#[derive(Default)]
struct Told {
    asker: String,
    asker_as: String,
    approver_as: Option<String>,
    second_as: Option<String>,
    registrar_as: Option<String>,
    tapped_as: Option<String>,
    dossiers: Vec<String>,
    documents: Option<Vec<String>>,
    asked: (i64, i64, i64),
    granted: (i64, i64, i64),
    began: Option<Moment>,
    ends: Option<Moment>,
    broken: bool,
    over: bool,
}

/// Something that is owed.
struct Owed {
    rule: &'static str,
    subject: String,
    due: Moment,
}

/// See the module.
#[derive(Default)]
pub struct WithinGrant {
    grants: HashMap<String, Told>,
    owed: HashMap<String, Owed>,
    late: Vec<Late>,
}

fn text(facts: &Json, name: &str) -> Option<String> {
    facts[name].as_str().map(str::to_owned)
}

fn number(facts: &Json, name: &str) -> i64 {
    facts[name].as_i64().unwrap_or(0)
}

fn many(facts: &Json, name: &str) -> Option<Vec<String>> {
    let list = facts[name].as_array()?;
    Some(
        list.iter()
            .filter_map(|v| v.as_str().map(str::to_owned))
            .collect(),
    )
}

fn scope(facts: &Json) -> (i64, i64, i64) {
    (
        number(facts, "kinds"),
        number(facts, "modes"),
        number(facts, "window"),
    )
}

impl Told {
    /// Why a page shown now was shown outside of it.
    fn wrong(&self, entry: &Entry, facts: &Json) -> Option<&'static str> {
        if entry.actor != self.asker || self.asker.is_empty() {
            return Some("by another than who asked");
        }
        let Some(began) = self.began else {
            return Some("in no open window");
        };
        let after = entry.at.0 - began.0;
        if self.over || after < 0 || self.ends.is_none_or(|ends| ends <= entry.at) {
            return Some("after its window");
        }
        let mode = match facts["mode"].as_str() {
            Some("view") => 1,
            Some("print") => 2,
            Some("copy") => 4,
            _ => return Some("in no known way"),
        };
        let letter = facts["kind"].as_str().unwrap_or_default();
        let bit = match letter.as_bytes() {
            [kind @ b'a'..=b'j'] => 1i64 << (kind - b'a'),
            _ => return Some("of no known kind"),
        };
        let (kinds, modes, window) = self.granted;
        let inside = |ids: &[String], name| {
            facts[name]
                .as_str()
                .is_some_and(|id| ids.iter().any(|one| one == id))
        };
        if !inside(&self.dossiers, "dossier") {
            return Some("of a dossier outside of it");
        }
        if self
            .documents
            .as_ref()
            .is_some_and(|ids| !inside(ids, "document"))
        {
            return Some("of a document outside of it");
        }
        if kinds & bit == 0 || modes & mode == 0 {
            return Some("of a kind or in a way outside of it");
        }
        if letter == "i" && (mode != 1 || after >= IDENTITY_WINDOW) {
            return Some("a paper of identity, printed or too late");
        }
        if self.broken {
            return (after >= EMERGENCY_WINDOW).then_some("after the emergency's window");
        }
        if after >= window.min(self.asked.2).min(WINDOW_MAX) {
            return Some("after what was granted");
        }
        if self.asked.0 & kinds != kinds || self.asked.1 & modes != modes {
            return Some("under a grant wider than was asked");
        }
        self.persons()
    }

    /// Why its persons are not distinct.
    fn persons(&self) -> Option<&'static str> {
        let Some(approver) = &self.approver_as else {
            return Some("that nobody approved");
        };
        let Some(registrar) = &self.registrar_as else {
            return Some("that nobody registered");
        };
        if *approver == self.asker_as {
            return Some("approved by who asked");
        }
        if registrar == approver {
            return Some("registered by who approved");
        }
        if *registrar == self.asker_as {
            match &self.tapped_as {
                Some(by) if *by != self.asker_as => {}
                _ => return Some("registered by who asked, vouched for by nobody"),
            }
        }
        if self.dossiers.len() > ROOMS_BY_ONE {
            match &self.second_as {
                Some(by) if by != approver && *by != self.asker_as && by != registrar => {}
                _ => return Some("of many rooms, approved by one"),
            }
        }
        None
    }
}

impl WithinGrant {
    fn owe(&mut self, key: String, rule: &'static str, subject: &str, due: i64) {
        if due > 0 {
            let subject = subject.to_owned();
            let due = Moment(due);
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

    fn duties(
        &mut self,
        entry: &Entry,
        facts: &Json,
        is: impl Fn(foundation::ledger::Kind) -> bool,
    ) {
        let subject = entry.subject.clone();
        let of = |what: &str| format!("{what} {subject}");
        let with = |what: &str, fact: &str| format!("{what} {subject} {}", facts[fact]);
        if is(e::SUBMITTED) {
            self.owe(of("answer"), ANSWER, &subject, number(facts, "answer_by"));
        }
        if is(e::APPROVED) || is(e::DENIED) || is(e::WITHDRAWN) {
            self.did(&of("answer"), entry);
        }
        if is(e::CLOSED) || is(e::EXPIRED) || is(e::REVOKED) {
            self.owe(of("review"), REVIEW, &subject, number(facts, "review_by"));
        }
        if is(e::JUSTIFIED) || is(e::CONDEMNED) {
            self.did(&of("review"), entry);
        }
        if is(e::BOX_LENT) {
            self.owe(with("box", "loan"), BOX, &subject, number(facts, "due"));
        }
        if is(e::BOX_RETURNED) {
            self.did(&with("box", "loan"), entry);
        }
        if is(e::PRINTED) {
            self.owe(with("copy", "copy"), COPY, &subject, number(facts, "due"));
        }
        if is(e::COPY_ENDED) {
            self.did(&with("copy", "copy"), entry);
        }
    }
}

impl Rule for WithinGrant {
    fn see(&mut self, entry: &Entry) -> Option<Breach> {
        if !entry.kind.starts_with("viewings.") {
            return None;
        }
        let is = |kind: foundation::ledger::Kind| entry.kind == kind.name;
        let facts: Json = serde_json::from_str(&entry.body).unwrap_or_default();
        self.duties(entry, &facts, is);
        let g = self.grants.entry(entry.subject.clone()).or_default();
        if is(e::SUBMITTED) {
            g.asker = entry.actor.clone();
            g.asker_as = text(&facts, "asker_as").unwrap_or_default();
            g.dossiers = many(&facts, "dossiers").unwrap_or_default();
            g.asked = scope(&facts);
        } else if is(e::APPROVED) {
            g.approver_as = text(&facts, "approver_as");
            g.granted = scope(&facts);
            g.documents = many(&facts, "documents");
        } else if is(e::SECONDED) {
            g.second_as = text(&facts, "second_as");
        } else if is(e::REGISTERED) {
            g.registrar_as = text(&facts, "registrar_as");
        } else if is(e::TAPPED) {
            g.tapped_as = text(&facts, "tapped_as");
        } else if is(e::ACTIVATED) {
            g.began = Some(entry.at);
            g.ends = Some(Moment(number(&facts, "ends")));
        } else if is(e::BROKEN) {
            g.asker = entry.actor.clone();
            g.asker_as = text(&facts, "asker_as").unwrap_or_default();
            g.dossiers = many(&facts, "dossiers").unwrap_or_default();
            g.granted = (number(&facts, "kinds"), 1, EMERGENCY_WINDOW);
            g.began = Some(entry.at);
            g.ends = Some(Moment(number(&facts, "ends")));
            g.broken = true;
            // Owed from its end, which is a quarter of an hour later at the latest.
            let due = entry.at.0 + EMERGENCY_WINDOW + 3 * DAY;
            let subject = entry.subject.clone();
            self.owe(format!("review {subject}"), REVIEW, &subject, due);
        } else if [e::CLOSED, e::EXPIRED, e::REVOKED, e::WITHDRAWN, e::DENIED]
            .into_iter()
            .any(is)
        {
            g.over = true;
        } else if is(e::PAGE_READ) {
            let why = g.wrong(entry, &facts)?;
            return Some(Breach {
                rule: READ,
                why: format!("{}: a page was shown {why}", entry.subject),
            });
        }
        None
    }

    fn late(self: Box<Self>, last: Moment) -> Vec<Late> {
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
