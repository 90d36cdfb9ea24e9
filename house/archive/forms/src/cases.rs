//! Renovations (g) and breaches (h) as processes: a case stands in a state, and each act leads
//! it from the states that it is done in to the next, by who may, with what is said of it.
//! What is not in the tables [`renovation::ACTS`] and [`breach::ACTS`] cannot be done.

pub mod act;
pub mod breach;
pub mod clock;
pub mod looking;
pub mod permit;
pub mod renovation;

use dossiers::Kind;
use foundation::clock::Moment;
use foundation::database::{DbError, FromRow, Row};
use foundation::ids::Id;
use foundation::ledger;
use permissions::Permission;

use crate::fields::Field;

/// An act after which the case stands where it stood.
pub const STAYS: &str = "";

/// What becomes of a case's date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    Keep,
    None,
    /// The office looks at it within its working days.
    Review,
    /// The second check, months after acceptance.
    Recheck,
    /// The end of the day in a field.
    Day(&'static str),
}

/// One act of a process.
#[derive(Debug)]
pub struct Act {
    /// As stored, and as it stands in addresses. Frozen.
    pub name: &'static str,
    /// The key of its word.
    pub word: &'static str,
    pub event: ledger::Kind,
    pub from: &'static [&'static str],
    /// Or [`STAYS`].
    pub to: &'static str,
    pub may: Permission,
    pub asks: &'static [Field],
    pub due: Due,
    /// Whether the case ends with it.
    pub ends: bool,
}

impl Act {
    /// The state after it.
    pub fn leads_to<'s>(&self, from: &'s str) -> &'s str {
        if self.to == STAYS { from } else { self.to }
    }
}

/// A process: its states with the keys of their words, and its acts.
#[derive(Debug)]
pub struct Process {
    pub kind: Kind,
    pub title: &'static str,
    /// Before its number: `ZX-2026-0001`.
    pub prefix: &'static str,
    pub states: &'static [(&'static str, &'static str)],
    pub acts: &'static [Act],
}

impl Process {
    pub fn of(kind: Kind) -> Option<&'static Process> {
        match kind {
            Kind::Renovation => Some(&renovation::PROCESS),
            Kind::Breach => Some(&breach::PROCESS),
            _ => None,
        }
    }

    pub fn act(&self, name: &str) -> Option<&'static Act> {
        let acts: &'static [Act] = self.acts;
        acts.iter().find(|a| a.name == name)
    }

    /// The frozen word and the key of a state.
    pub fn state(&self, name: &str) -> Option<(&'static str, &'static str)> {
        self.states.iter().copied().find(|(s, _)| *s == name)
    }
}

/// A case as it stands; what was found lies sealed.
#[derive(Clone)]
pub struct Case {
    pub id: Id,
    pub dossier: Id,
    pub room: Id,
    pub kind: Kind,
    pub year: i64,
    pub nth: i64,
    pub state: String,
    /// The application, or the notice.
    pub form: Option<Id>,
    /// Of a breach: the renovation that it happened in.
    pub renovation: Option<Id>,
    pub fields: String,
    pub fee: i64,
    pub deposit: i64,
    pub refund: i64,
    /// When the next step is owed.
    pub due_at: Option<Moment>,
    pub version: i64,
    pub opened_by: Id,
    pub opened_at: Moment,
    pub closed_at: Option<Moment>,
    /// The room's code, the dossier's number.
    pub code: String,
    pub number: String,
}

impl Case {
    /// # Errors
    /// When the database holds a case of a kind that has no process.
    pub fn process(&self) -> Result<&'static Process, DbError> {
        Process::of(self.kind)
            .ok_or_else(|| DbError::Shape(format!("a case of kind {}", self.kind.letter())))
    }

    /// `ZX-2026-0001`: a renovation's permit goes by it too.
    pub fn label(&self) -> String {
        let prefix = Process::of(self.kind).map_or("", |p| p.prefix);
        format!("{prefix}-{}-{:04}", self.year, self.nth)
    }

    pub fn overdue(&self, now: Moment) -> bool {
        self.closed_at.is_none() && self.due_at.is_some_and(|due| due < now)
    }
}

impl FromRow for Case {
    fn from_row(row: &mut Row) -> Result<Case, DbError> {
        Ok(Case {
            id: row.next()?,
            dossier: row.next()?,
            room: row.next()?,
            kind: row.next()?,
            year: row.next()?,
            nth: row.next()?,
            state: row.next()?,
            form: row.next()?,
            renovation: row.next()?,
            fields: row.next()?,
            fee: row.next()?,
            deposit: row.next()?,
            refund: row.next()?,
            due_at: row.next()?,
            version: row.next()?,
            opened_by: row.next()?,
            opened_at: row.next()?,
            closed_at: row.next()?,
            code: row.next()?,
            number: row.next()?,
        })
    }
}

/// What was done in a case; what was said with it lies sealed.
pub struct Step {
    pub n: i64,
    pub act: String,
    pub state: String,
    pub at: Moment,
    pub by_name: String,
    pub fields: String,
}

impl FromRow for Step {
    fn from_row(row: &mut Row) -> Result<Step, DbError> {
        Ok(Step {
            n: row.next()?,
            act: row.next()?,
            state: row.next()?,
            at: row.next()?,
            by_name: row.next()?,
            fields: row.next()?,
        })
    }
}

/// What a document is to a case.
pub const WHATS: [&str; 6] = [
    "drawing",
    "contractor",
    "workers",
    "evidence",
    "agreement",
    "other",
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_state_is_reached_and_each_open_one_is_left() {
        for kind in [Kind::Renovation, Kind::Breach] {
            let process = Process::of(kind).expect("defined");
            let mut names = BTreeSet::new();
            for act in process.acts {
                assert!(names.insert(act.name), "{} twice", act.name);
                assert!(
                    act.to == STAYS || process.state(act.to).is_some(),
                    "{}",
                    act.to
                );
                for from in act.from {
                    assert!(process.state(from).is_some(), "{from}");
                }
            }
            let first = process.states[0].0;
            for (state, _) in process.states {
                let reached = process.acts.iter().any(|a| a.to == *state);
                assert!(reached || *state == first, "{state} is never reached");
                let ends = process.acts.iter().any(|a| a.to == *state && a.ends);
                let left = process.acts.iter().any(|a| a.from.contains(state));
                assert_ne!(ends, left, "{state}: ends or goes on");
            }
        }
    }

    #[test]
    fn the_office_has_no_power_to_fine() {
        for act in breach::PROCESS.acts {
            for field in act.asks {
                let money = matches!(field.input, crate::fields::Input::Money);
                assert!(!money, "{} asks for money", act.name);
            }
        }
        let notice = crate::fields::Definition::of(Kind::Breach).expect("defined");
        for field in notice.fields() {
            assert!(!matches!(field.input, crate::fields::Input::Money));
        }
    }
}
