//! An own file as the log tells it: each page is gone through by one, looked at covered by
//! another, and only then let go; and no page is shown that was not.

use std::collections::{HashMap, HashSet};

use super::facts::Said;
use super::office::Office;
use super::told::{Told, Why, must};
use crate::events as e;
use crate::states::State;

/// A document and a page of it.
type Page = (String, i64);

/// What became of the pages of an own file.
#[derive(Default)]
pub(super) struct Cover {
    /// Asked for since two persons are wanted.
    pub wanted: bool,
    /// Page → who went through it last.
    done: HashMap<Page, String>,
    /// Whoever handed it over, and whether they were the only specialist.
    offered: Option<(String, bool)>,
    /// What each person saw since then.
    seen: HashSet<(String, Page)>,
}

fn page(said: &Said<'_>) -> Result<Page, Why> {
    Ok((said.who("document")?, said.number("page")))
}

impl Cover {
    /// Whether a page may be read: it was gone through before all were let go.
    pub fn reads(&self, said: &Said<'_>) -> Result<(), Why> {
        let through = !self.wanted || self.done.contains_key(&page(said)?);
        must(through, "that nobody covered and released")
    }

    fn is_by(&self, who: &str) -> bool {
        self.done.values().any(|by| by == who)
            || self.offered.as_ref().is_some_and(|(by, _)| by == who)
    }

    fn alone(&self) -> bool {
        self.offered.as_ref().is_some_and(|(_, alone)| *alone)
    }

    /// Somebody else than who covered saw each page since it was handed over.
    fn released_by(&self, who: &str) -> Result<(), Why> {
        must(!self.is_by(who), "released by who covered it")?;
        let saw = |page: &Page| self.seen.contains(&(who.to_owned(), page.clone()));
        must(
            self.done.keys().all(saw),
            "released by who did not see each page",
        )
    }
}

impl Told {
    /// Takes in what is done about an own file's pages; whether the event was of that.
    pub(super) fn covers(&mut self, said: &Said<'_>, office: &Office) -> Result<bool, Why> {
        let mine = [
            e::COVERED,
            e::COVER_SEEN,
            e::COVER_OFFERED,
            e::COVER_SENT_BACK,
            e::COVER_RELEASED,
            e::COVER_VOUCHED,
        ];
        if !mine.iter().any(|kind| said.is(*kind)) {
            return Ok(false);
        }
        must(self.own, "covered what is nobody's own file")?;
        if said.is(e::COVERED) && said.entry.version < e::COVERED.version {
            let before = [State::Submitted, State::Approved].contains(&self.state);
            must(before && !self.cover.wanted, "covered by one alone")?;
            return Ok(true);
        }
        let offered = self.state == State::Covered;
        must(
            offered || self.state == State::Approved,
            "covered or released when it is not",
        )?;
        let who = said.who("person_as")?;
        must(who != self.asker_as, "covered or released by who asked")?;
        if said.is(e::COVERED) || said.is(e::COVER_OFFERED) {
            must(!offered, "covered while another looks at it")?;
            Office::registers(said)?;
            if said.is(e::COVERED) {
                self.is_of_it(said)?;
                self.cover.done.insert(page(said)?, who);
            } else {
                must(!self.cover.done.is_empty(), "handed over uncovered")?;
                let alone = said.number("alone") == 1;
                self.cover.offered = Some((who, alone));
                self.cover.seen.clear();
                self.state = State::Covered;
            }
            return Ok(true);
        }
        let alone = self.cover.alone();
        let may = |said: &Said<'_>| match Office::registers(said) {
            Err(_) if offered && alone => office.decides(said),
            out => out,
        };
        if said.is(e::COVER_SEEN) {
            may(said)?;
            self.is_of_it(said)?;
            office.may_look(&who)?;
            if offered {
                must(!self.cover.is_by(&who), "seen as the other by who covered")?;
                self.cover.seen.insert((who, page(said)?));
            }
            return Ok(true);
        }
        must(offered, "released or sent back before it was handed over")?;
        if said.is(e::COVER_SENT_BACK) {
            may(said)?;
            self.cover.offered = None;
            self.state = State::Approved;
            return Ok(true);
        }
        self.cover.released_by(&who)?;
        if said.is(e::COVER_VOUCHED) {
            must(alone, "vouched for where another specialist is")?;
            office.decides(said)?;
        } else {
            Office::registers(said)?;
        }
        self.state = State::Released;
        Ok(true)
    }

    /// A page of the dossiers and kinds that were granted.
    fn is_of_it(&self, said: &Said<'_>) -> Result<(), Why> {
        let dossier = said.text("dossier");
        let inside = dossier.is_some_and(|id| self.dossiers.iter().any(|one| one == id));
        must(inside, "of a dossier outside of it")?;
        must(
            self.granted.0 & said.kind()? != 0,
            "of a kind outside of it",
        )
    }
}
