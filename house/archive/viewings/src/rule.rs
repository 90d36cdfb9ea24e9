//! The rule of viewings replayed over a log: each event is one that could follow, by who could
//! do it, so that no page was shown but within a grant of distinct persons, its time and its
//! scope; and what was owed and came late is named. It stands on its own and asks nothing of the
//! table, so that a mistake there is seen here. What breaks it changes nothing: a grant that was
//! forged opens nothing.

use std::collections::HashMap;

use foundation::clock::Moment;
use foundation::ledger::{Breach, Entry, Late, Rule};

use crate::events as e;

mod facts;
mod office;
mod owed;
mod own;
#[cfg(test)]
mod tests;
mod told;

use facts::Said;
use office::Office;
use owed::Duties;
use told::{Told, Why};

const READ: &str = "viewings.read_within_grant";
const STEP: &str = "viewings.step_by_its_persons_in_its_time";

/// See the module.
#[derive(Default)]
pub struct WithinGrant {
    viewings: HashMap<String, Told>,
    office: Office,
    duties: Duties,
}

impl WithinGrant {
    fn may_stand(&mut self, said: &Said<'_>) -> Result<(), Why> {
        if let Some(out) = self.office.see(said) {
            return out;
        }
        let subject = &said.entry.subject;
        if let Some(told) = self.viewings.get_mut(subject) {
            return told.see(said, &mut self.office);
        }
        let told = Told::begins(said, &self.office)?;
        self.viewings.insert(subject.clone(), told);
        Ok(())
    }
}

impl Rule for WithinGrant {
    fn see(&mut self, entry: &Entry) -> Option<Breach> {
        if !entry.kind.starts_with("viewings.") {
            return None;
        }
        let said = Said::read(entry);
        match self.may_stand(&said) {
            Ok(()) => {
                self.duties.see(&said);
                None
            }
            Err(why) if said.is(e::PAGE_READ) || said.is(e::COVER_SEEN) => Some(Breach {
                rule: READ,
                why: format!("{}: a page was shown {why}", entry.subject),
            }),
            Err(why) => Some(Breach {
                rule: STEP,
                why: format!("{}: {} {why}", entry.subject, entry.kind),
            }),
        }
    }

    fn late(self: Box<Self>, last: Moment) -> Vec<Late> {
        self.duties.late(last)
    }
}
