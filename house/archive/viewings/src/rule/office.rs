//! The office around the viewings as the log tells it: who decides for the manager, who is
//! frozen, what terms hold, which number of the register comes next.

use std::collections::{HashMap, HashSet};

use foundation::clock::{DAY, Moment};
use foundation::ledger::Entry;
use permissions::Role;

use super::facts::Said;
use crate::deputy::DAYS_MAX;
use crate::events as e;
use crate::policy::Policy;
use crate::states::Terms;

struct Deputy {
    actor: String,
    person: String,
    named_as: String,
    until: Moment,
    holds: bool,
}

pub(super) struct Office {
    deputies: HashMap<String, Deputy>,
    /// A person, and the viewing that froze them.
    frozen: HashSet<(String, String)>,
    terms: Terms,
    /// Year → last number of the register.
    registered: HashMap<i64, i64>,
    /// Boxes that are out.
    pub out: HashSet<String>,
    /// Requests are sent in the form by which an own file is released by a second person.
    released: bool,
}

impl Default for Office {
    fn default() -> Office {
        Office {
            deputies: HashMap::new(),
            frozen: HashSet::new(),
            terms: Policy::default().terms(),
            registered: HashMap::new(),
            out: HashSet::new(),
            released: false,
        }
    }
}

fn in_office(entry: &Entry, role: Role) -> bool {
    entry.role == role.word()
}

impl Office {
    pub fn terms(&self) -> Terms {
        self.terms
    }

    /// Whether whoever acted was the manager or a deputy whom another had confirmed.
    pub fn decides(&self, said: &Said<'_>) -> Result<(), &'static str> {
        let (entry, at) = (said.entry, said.at());
        let deputy = |d: &Deputy| d.holds && d.actor == entry.actor && at < d.until;
        if in_office(entry, Role::Manager) || self.deputies.values().any(deputy) {
            Ok(())
        } else {
            Err("decided by who is neither the manager nor a confirmed deputy")
        }
    }

    pub fn decides_or_company(&self, said: &Said<'_>) -> Result<(), &'static str> {
        if in_office(said.entry, Role::Host) {
            return Ok(());
        }
        self.decides(said)
    }

    /// Whether an own file that is asked for by this event is released by a second person: all
    /// are from the first on.
    pub fn releases(&mut self, said: &Said<'_>) -> Result<bool, &'static str> {
        let released = said.entry.version >= e::SUBMITTED.version;
        if self.released && !released {
            return Err("sent in a form of before");
        }
        self.released = released;
        Ok(released)
    }

    pub fn registers(said: &Said<'_>) -> Result<(), &'static str> {
        if in_office(said.entry, Role::Specialist) {
            Ok(())
        } else {
            Err("done by who is no specialist")
        }
    }

    pub fn may_look(&self, person: &str) -> Result<(), &'static str> {
        if self.frozen.iter().any(|(who, _)| who == person) {
            Err("by who is frozen")
        } else {
            Ok(())
        }
    }

    pub fn freeze(&mut self, person: &str, viewing: &str) {
        self.frozen.insert((person.to_owned(), viewing.to_owned()));
    }

    pub fn thaw(&mut self, person: &str, viewing: &str) {
        self.frozen.remove(&(person.to_owned(), viewing.to_owned()));
    }

    /// The register has no gap and no number twice.
    pub fn number(&mut self, year: i64, nth: i64) -> Result<(), &'static str> {
        let last = self.registered.entry(year).or_default();
        if nth != *last + 1 {
            return Err("registered under a number that is not the next one");
        }
        *last = nth;
        Ok(())
    }

    /// What is about the office and not about one viewing; `None` for all else.
    pub fn see(&mut self, said: &Said<'_>) -> Option<Result<(), &'static str>> {
        let subject = &said.entry.subject;
        if said.is(e::POLICY_SET) {
            self.terms = Policy {
                wait_hours: said.number("wait_hours"),
                window_minutes: said.number("window_minutes"),
                version: 0,
            }
            .terms();
            return Some(Ok(()));
        }
        if said.is(e::DEPUTY_NAMED) {
            return Some(self.named(said));
        }
        if said.is(e::DEPUTY_CONFIRMED) {
            let Some(deputy) = self.deputies.get_mut(subject) else {
                return Some(Err("a deputy confirmed whom nobody named"));
            };
            let by = said.text("confirmed_as");
            if by.is_none() || by == Some(&deputy.named_as) || by == Some(&deputy.person) {
                return Some(Err(
                    "a deputy confirmed by who named them, or by themselves",
                ));
            }
            deputy.holds = true;
            return Some(Ok(()));
        }
        if said.is(e::DEPUTY_ENDED) {
            let ended = self.deputies.remove(subject);
            return Some(ended.map(|_| ()).ok_or("a deputy ended who was none"));
        }
        // Neither changes what may be looked at.
        (said.is(e::TRACED) || said.is(e::REGISTER_TAKEN)).then_some(Ok(()))
    }

    fn named(&mut self, said: &Said<'_>) -> Result<(), &'static str> {
        let (account, person) = (said.who("account")?, said.who("person")?);
        let named_as = said.who("named_as")?;
        let until = said.moment("until").unwrap_or(said.at());
        if !in_office(said.entry, Role::Manager) || person == named_as {
            return Err("a deputy named by who may not, or of themselves");
        }
        if until > said.at().plus(DAYS_MAX * DAY) {
            return Err("a deputy for longer than a week");
        }
        let deputy = Deputy {
            actor: format!("a:{account}"),
            person,
            named_as,
            until,
            holds: false,
        };
        self.deputies.insert(said.entry.subject.clone(), deputy);
        Ok(())
    }
}
