//! One viewing as the log tells it, and whether its next event may follow. Written apart from
//! the table of [`crate::states`], so that a mistake there is seen here: it asks persons,
//! states, terms and scope of the events alone.

use std::collections::{HashMap, HashSet};

use foundation::clock::{HOUR, Moment};

use super::facts::{Granted, Said};
use super::office::Office;
use super::own::Cover;
use crate::events as e;
use crate::scope::{EMERGENCY_WINDOW, IDENTITY_WINDOW, Purpose, ROOMS_BY_ONE, WINDOW_MAX, Way};
use crate::states::{OWN_OPEN, REGISTER_WITHIN, REVIEW_WITHIN, State};

/// Why an event may not stand.
pub(super) type Why = &'static str;

/// What an event did to the viewing is kept only where it may stand.
pub(super) struct Told {
    pub(super) state: State,
    pub(super) own: bool,
    /// What is of others in an own file.
    pub(super) cover: Cover,
    /// The account that asks, and the person behind it.
    asker: String,
    pub(super) asker_as: String,
    approver_as: Option<String>,
    second_as: Option<String>,
    registrar_as: Option<String>,
    witness_as: Option<String>,
    tapped: bool,
    pub(super) dossiers: Vec<String>,
    documents: Option<Vec<String>>,
    asked: Granted,
    pub(super) granted: Granted,
    from: Option<Moment>,
    until: Option<Moment>,
    began: Option<Moment>,
    ends: Option<Moment>,
    broken: bool,
    frozen: bool,
    /// Pages of a copy that is being printed: document and way.
    printing: HashMap<(String, String), i64>,
    /// The last copy's number, and which are out.
    copies: i64,
    copies_out: Vec<i64>,
    /// Loan → box, and how many pages it left with.
    lent: HashMap<String, (String, Option<i64>)>,
    /// Loans that came back with other pages than they left with.
    amiss: HashSet<String>,
}

pub(super) fn must(holds: bool, why: Why) -> Result<(), Why> {
    if holds { Ok(()) } else { Err(why) }
}

impl Told {
    /// A request as written down, or a dossier opened at once.
    pub fn begins(said: &Said<'_>, office: &Office) -> Result<Told, Why> {
        let mut told = Told {
            state: State::Draft,
            own: false,
            cover: Cover::default(),
            asker: said.entry.actor.clone(),
            asker_as: String::new(),
            approver_as: None,
            second_as: None,
            registrar_as: None,
            witness_as: None,
            tapped: false,
            dossiers: said.many("dossiers").unwrap_or_default(),
            documents: None,
            asked: (0, 0, 0),
            granted: (0, 0, 0),
            from: None,
            until: None,
            began: None,
            ends: None,
            broken: false,
            frozen: false,
            printing: HashMap::new(),
            copies: 0,
            copies_out: Vec::new(),
            lent: HashMap::new(),
            amiss: HashSet::new(),
        };
        must(said.entry.behalf.is_empty(), "in another's name")?;
        must(
            !told.asker.is_empty() && !said.by_clock(),
            "asked by nobody",
        )?;
        if said.is(e::BROKEN) {
            told.breaks(said, office)?;
        } else if !said.is(e::DRAFTED) {
            return Err("of a viewing that nobody asked for");
        }
        Ok(told)
    }

    fn breaks(&mut self, said: &Said<'_>, office: &Office) -> Result<(), Why> {
        self.asker_as = said.who("asker_as")?;
        office.may_look(&self.asker_as)?;
        let purpose = said.text("purpose").and_then(Purpose::from_word);
        let danger = purpose.is_some_and(|p| Purpose::EMERGENCIES.contains(&p));
        must(danger, "opened at once without danger")?;
        let rooms = 1..=ROOMS_BY_ONE;
        must(
            rooms.contains(&self.dossiers.len()),
            "opened at once, of many rooms",
        )?;
        self.witness_as = said.text("witness_as").map(str::to_owned);
        let alone = self.witness_as.as_ref() != Some(&self.asker_as);
        must(alone, "opened at once, witnessed by oneself")?;
        let (began, ends) = (said.at(), said.moment("ends"));
        let within = ends.is_some_and(|ends| ends <= began.plus(EMERGENCY_WINDOW));
        must(within, "opened at once for too long")?;
        self.granted = (said.number("kinds"), 1, EMERGENCY_WINDOW);
        (self.began, self.ends) = (Some(began), ends);
        (self.state, self.broken) = (State::Emergency, true);
        Ok(())
    }

    /// Takes the next event in, or says why it may not stand; then nothing changes.
    pub fn see(&mut self, said: &Said<'_>, office: &mut Office) -> Result<(), Why> {
        must(said.entry.behalf.is_empty(), "in another's name")?;
        if said.is(e::PAGE_READ) {
            return self.reads(said, office);
        }
        if said.is(e::DRAFTED) || said.is(e::BROKEN) {
            return Err("begun twice");
        }
        if said.is(e::REDRAFTED) || said.is(e::SUBMITTED) || said.is(e::WITHDRAWN) {
            return self.asks(said, office);
        }
        if said.is(e::APPROVED) || said.is(e::SECONDED) || said.is(e::DENIED) {
            return self.decided(said, office);
        }
        if self.covers(said, office)? {
            return Ok(());
        }
        if said.is(e::REGISTERED) || said.is(e::TAPPED) {
            return self.entered(said, office);
        }
        if said.is(e::ACTIVATED) {
            return self.opens(said, office);
        }
        if said.is(e::CLOSED) || said.is(e::EXPIRED) || said.is(e::REVOKED) {
            return self.ended(said, office);
        }
        if said.is(e::JUSTIFIED)
            || said.is(e::CONDEMNED)
            || said.is(e::FROZEN)
            || said.is(e::THAWED)
        {
            return self.reviewed(said, office);
        }
        if said.is(e::PRINTED) || said.is(e::COPY_ENDED) {
            return self.copied(said);
        }
        if said.is(e::BOX_LENT)
            || said.is(e::BOX_RETURNED)
            || said.is(e::BOX_SETTLED)
            || said.is(e::BOX_OVERDUE)
        {
            return self.boxed(said, office);
        }
        if said.is(e::WITHHELD) {
            must(!self.own, "withheld from the one who looks")?;
            return office.decides(said);
        }
        if said.is(e::OWNER_TOLD) {
            must(!self.own && !self.state.shows(), "told before it was over")?;
            return must(said.by_clock(), "told by another than the clock");
        }
        Err("of a kind that this rule does not know")
    }

    fn asks(&mut self, said: &Said<'_>, office: &mut Office) -> Result<(), Why> {
        must(said.entry.actor == self.asker, "by another than who asked")?;
        must(
            said.is(e::WITHDRAWN) || self.state == State::Draft,
            "sent twice",
        )?;
        if said.is(e::REDRAFTED) {
            return Ok(());
        }
        if said.is(e::WITHDRAWN) {
            use State::{Approved, Covered, Draft, Registered, Released, Submitted};
            let open = [Draft, Submitted, Approved, Covered, Released, Registered];
            let open = open.contains(&self.state);
            must(open, "taken back too late")?;
            self.state = State::Withdrawn;
            return Ok(());
        }
        let asker_as = said.who("asker_as")?;
        office.may_look(&asker_as)?;
        let dossiers = said.many("dossiers").unwrap_or_default();
        must(!dossiers.is_empty(), "sent without a dossier")?;
        let (kinds, modes, window) = said.scope();
        must(kinds > 0 && modes > 0 && window > 0, "sent without a scope")?;
        let released = office.releases(said)?;
        self.own = said.text("way") == Some(Way::Own.word());
        self.cover.wanted = self.own && released;
        (self.asker_as, self.dossiers) = (asker_as, dossiers);
        (self.asked, self.from) = (said.scope(), said.moment("from"));
        self.until = (!self.own).then(|| said.at().plus(office.terms().wait));
        self.state = State::Submitted;
        Ok(())
    }

    fn in_time(&self, said: &Said<'_>) -> Result<(), Why> {
        must(
            self.until.is_none_or(|until| said.at() <= until),
            "done after its term",
        )
    }

    fn decided(&mut self, said: &Said<'_>, office: &Office) -> Result<(), Why> {
        must(
            self.state == State::Submitted,
            "decided when nothing waited for it",
        )?;
        if said.is(e::DENIED) {
            must(
                said.who("decider_as")? != self.asker_as,
                "refused by who asked",
            )?;
            office.decides(said)?;
            self.state = State::Denied;
            return Ok(());
        }
        self.in_time(said)?;
        let registered_by = (!self.own).then(|| said.at().plus(REGISTER_WITHIN));
        if said.is(e::SECONDED) {
            let second = said.who("second_as")?;
            let first = self
                .approver_as
                .as_ref()
                .ok_or("seconded before the first")?;
            must(
                second != *first && second != self.asker_as,
                "seconded by the first",
            )?;
            office.decides_or_company(said)?;
            self.second_as = Some(second);
            (self.state, self.until) = (State::Approved, registered_by);
            return Ok(());
        }
        let approver = said.who("approver_as")?;
        must(approver != self.asker_as, "approved by who asked")?;
        must(self.approver_as.is_none(), "approved twice")?;
        office.decides(said)?;
        let (kinds, modes, window) = said.scope();
        let within = kinds & !self.asked.0 == 0 && modes & !self.asked.1 == 0;
        let some = kinds > 0 && modes > 0 && (1..=self.asked.2).contains(&window);
        must(within && some, "granted wider than was asked")?;
        self.granted = (kinds, modes, window);
        self.documents = said.many("documents");
        self.approver_as = Some(approver);
        if self.dossiers.len() <= ROOMS_BY_ONE {
            (self.state, self.until) = (State::Approved, registered_by);
        }
        Ok(())
    }

    fn entered(&mut self, said: &Said<'_>, office: &mut Office) -> Result<(), Why> {
        self.in_time(said)?;
        if said.is(e::TAPPED) {
            let alone = self.registrar_as.as_ref() == Some(&self.asker_as) && !self.tapped;
            must(
                self.state == State::Registered && alone,
                "vouched for without need",
            )?;
            must(
                said.who("tapped_as")? != self.asker_as,
                "vouched for by who asked",
            )?;
            office.decides(said)?;
            self.tapped = true;
            return Ok(());
        }
        let ready = if self.cover.wanted {
            self.state == State::Released
        } else {
            [State::Approved, State::Released].contains(&self.state)
        };
        must(ready, "registered before it was approved and released")?;
        Office::registers(said)?;
        let registrar = Some(said.who("registrar_as")?);
        let other = registrar != self.approver_as && registrar != self.second_as;
        must(other, "registered by who approved")?;
        let same = registrar.as_ref() == Some(&self.asker_as);
        must(!(same && self.own), "registered by the owner it is of")?;
        let year = i64::from(said.at().date().year());
        must(said.number("year") == year, "registered under another year")?;
        office.number(year, said.number("nth"))?;
        self.registrar_as = registrar;
        let from = self.from.map_or(said.at(), |from| from.max(said.at()));
        let wait = if self.own {
            OWN_OPEN
        } else {
            office.terms().wait
        };
        (self.state, self.until) = (State::Registered, Some(from.plus(wait)));
        Ok(())
    }

    fn opens(&mut self, said: &Said<'_>, office: &Office) -> Result<(), Why> {
        must(
            self.state == State::Registered,
            "opened when it was not registered",
        )?;
        must(
            said.entry.actor == self.asker,
            "opened by another than who asked",
        )?;
        office.may_look(&self.asker_as)?;
        self.in_time(said)?;
        let early = self.from.is_some_and(|from| said.at() < from);
        must(!early, "opened before its day")?;
        self.persons()?;
        let long = self.granted.2.min(self.asked.2).min(WINDOW_MAX);
        let long = long.min(office.terms().window);
        let ends = said.moment("ends");
        let within = ends.is_some_and(|ends| ends <= said.at().plus(long));
        must(within, "opened for longer than was granted")?;
        (self.began, self.ends) = (Some(said.at()), ends);
        self.state = State::Active;
        Ok(())
    }

    /// Why its persons are not distinct.
    fn persons(&self) -> Result<(), Why> {
        let Some(approver) = &self.approver_as else {
            return Err("that nobody approved");
        };
        let Some(registrar) = &self.registrar_as else {
            return Err("that nobody registered");
        };
        must(*approver != self.asker_as, "approved by who asked")?;
        must(registrar != approver, "registered by who approved")?;
        let vouched = *registrar != self.asker_as || self.tapped;
        must(vouched, "registered by who asked, vouched for by nobody")?;
        let other = |by: &String| by != approver && *by != self.asker_as && by != registrar;
        let bulk = self.dossiers.len() > ROOMS_BY_ONE;
        let seconded = self.second_as.as_ref().is_some_and(other);
        must(!bulk || seconded, "of many rooms, approved by one")
    }

    fn reads(&mut self, said: &Said<'_>, office: &Office) -> Result<(), Why> {
        must(said.entry.actor == self.asker, "by another than who asked")?;
        must(self.state.shows(), "in no open window")?;
        office.may_look(&self.asker_as)?;
        let began = self.began.ok_or("in no open window")?;
        let after = said.at().0 - began.0;
        let running = after >= 0 && self.ends.is_some_and(|ends| said.at() < ends);
        must(running, "after its window")?;
        let word = said.text("mode").unwrap_or_default();
        let mode = match word {
            "view" => 1,
            "print" => 2,
            "copy" => 4,
            _ => return Err("in no known way"),
        };
        let letter = said.text("kind").unwrap_or_default();
        let bit = said.kind()?;
        let inside = |ids: &[String], name| {
            said.text(name)
                .is_some_and(|id| ids.iter().any(|one| one == id))
        };
        must(
            inside(&self.dossiers, "dossier"),
            "of a dossier outside of it",
        )?;
        let narrowed = self.documents.as_ref();
        must(
            narrowed.is_none_or(|ids| inside(ids, "document")),
            "of a document outside of it",
        )?;
        self.cover.reads(said)?;
        let (kinds, modes, _) = self.granted;
        must(
            kinds & bit != 0 && modes & mode != 0,
            "of a kind or in a way outside of it",
        )?;
        let identity = letter == "i" && (mode != 1 || after >= IDENTITY_WINDOW);
        must(!identity, "a paper of identity, printed or too late")?;
        if mode != 1 {
            let document = said.text("document").unwrap_or_default().to_owned();
            *self
                .printing
                .entry((document, word.to_owned()))
                .or_default() += 1;
        }
        Ok(())
    }

    fn ended(&mut self, said: &Said<'_>, office: &Office) -> Result<(), Why> {
        use State::{Active, Approved, Covered, Emergency, Registered, Released, Submitted};
        let open = self.state.shows();
        if said.is(e::EXPIRED) {
            let waits = [Submitted, Approved, Registered].contains(&self.state);
            must(open || waits, "run out after its end")?;
            must(said.by_clock(), "run out by another than the clock")?;
            let over = if open {
                self.ends.is_some_and(|ends| ends <= said.at())
            } else {
                self.until.is_some_and(|until| until < said.at())
            };
            must(over, "run out before its time")?;
        } else if said.is(e::REVOKED) {
            let granted = [Approved, Covered, Released, Registered, Active, Emergency];
            let granted = granted.contains(&self.state);
            must(granted, "revoked when nothing was granted")?;
            office.decides(said)?;
        } else {
            must(open, "closed when it was not open")?;
            let mine = said.who("closer_as")? == self.asker_as;
            let office = office.decides(said).or(Office::registers(said));
            must(mine || office.is_ok(), "closed by who has no part in it")?;
        }
        self.state = if self.broken {
            self.until = Some(said.at().plus(REVIEW_WITHIN));
            State::ReviewDue
        } else if said.is(e::EXPIRED) {
            State::Expired
        } else if said.is(e::REVOKED) {
            State::Revoked
        } else {
            State::Closed
        };
        Ok(())
    }

    fn reviewed(&mut self, said: &Said<'_>, office: &mut Office) -> Result<(), Why> {
        let viewing = said.entry.subject.as_str();
        if said.is(e::THAWED) {
            must(
                self.state == State::Violation,
                "let look again without a violation",
            )?;
            office.decides(said)?;
            must(said.entry.actor != self.asker, "let look again by oneself")?;
            office.thaw(&self.asker_as, viewing);
            return Ok(());
        }
        must(
            self.state == State::ReviewDue,
            "looked into when no review was owed",
        )?;
        if said.is(e::FROZEN) {
            must(
                said.by_clock() && !self.frozen,
                "frozen by another than the clock",
            )?;
            must(
                self.until.is_some_and(|until| until < said.at()),
                "frozen before its time",
            )?;
            self.frozen = true;
            office.freeze(&self.asker_as, viewing);
            return Ok(());
        }
        let reviewer = Some(said.who("reviewer_as")?);
        let involved = reviewer.as_ref() == Some(&self.asker_as) || reviewer == self.witness_as;
        must(!involved, "looked into by who was there")?;
        office.decides_or_company(said)?;
        if said.is(e::JUSTIFIED) {
            office.thaw(&self.asker_as, viewing);
            self.state = State::Justified;
        } else {
            office.freeze(&self.asker_as, viewing);
            self.state = State::Violation;
        }
        Ok(())
    }

    fn copied(&mut self, said: &Said<'_>) -> Result<(), Why> {
        if said.is(e::COPY_ENDED) {
            let copy = said.number("copy");
            let out = self.copies_out.iter().position(|one| *one == copy);
            self.copies_out
                .swap_remove(out.ok_or("a copy back that was not out")?);
            return Ok(());
        }
        must(
            said.entry.actor == self.asker,
            "printed by another than who asked",
        )?;
        let document = said.text("document").unwrap_or_default().to_owned();
        let mode = said.text("mode").unwrap_or_default().to_owned();
        let handed_out = mode == "copy";
        let pages = self.printing.remove(&(document, mode));
        must(
            pages.is_some_and(|pages| pages == said.number("pages")),
            "printed with pages that were not recorded",
        )?;
        must(
            said.number("copy") == self.copies + 1,
            "a copy without the next number",
        )?;
        let due = said.moment("due");
        let day = due.is_some_and(|due| due <= said.at().plus(24 * HOUR));
        must(handed_out || day, "a copy that need not come back")?;
        self.copies += 1;
        if !handed_out {
            self.copies_out.push(self.copies);
        }
        Ok(())
    }

    fn boxed(&mut self, said: &Said<'_>, office: &mut Office) -> Result<(), Why> {
        let loan = said.who("loan")?;
        let one = said.who("box")?;
        if said.is(e::BOX_SETTLED) {
            return must(
                self.amiss.remove(&loan),
                "settled where no page was wanting",
            );
        }
        if !said.is(e::BOX_LENT) {
            let out = self.lent.get(&loan).filter(|(lent, _)| *lent == one);
            let (_, pages) = out.ok_or("a box back that was not out")?;
            if said.is(e::BOX_RETURNED) {
                let (left, back) = (*pages, said.maybe("pages"));
                must(
                    left.is_none() || back.is_some(),
                    "a box back whose pages nobody counted",
                )?;
                if left.is_some() && left != back {
                    self.amiss.insert(loan.clone());
                }
                self.lent.remove(&loan);
                office.out.remove(&one);
            }
            return Ok(());
        }
        must(self.state == State::Active, "a box lent in no open window")?;
        must(said.entry.actor != self.asker, "a box lent to oneself")?;
        // Looking, printing, copying, lending: the fourth bit.
        must(self.granted.1 & 8 != 0, "a box lent without a grant for it")?;
        let in_window = self.ends.is_some_and(|ends| said.at() < ends);
        let due = said.moment("due").is_some_and(|due| Some(due) <= self.ends);
        must(in_window && due, "a box lent for longer than the window")?;
        must(office.out.insert(one.clone()), "a box lent that was out")?;
        self.lent.insert(loan, (one, said.maybe("pages")));
        Ok(())
    }
}
