//! How far collecting has gone: reminder, call, written demand, visit, lawyer's letter, order for
//! payment or suit. Each step needs what the law or the next reader will ask for.

use foundation::database::Look;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use foundation::page::key;
use jiff::civil::Date;
use permissions::Permission;
use permissions::actor::Actor;

use crate::contact::{Contact, Way};
use crate::letter::{self, Letter};
use crate::{Account, ArrearsError, events, hold, looking, store};

crate::contact::frozen! {
    /// A step of collecting, the mildest first.
    Stage {
        Reminder = "reminder", key("arrears-stage-reminder");
        Phone = "phone", key("arrears-stage-phone");
        Written = "written", key("arrears-stage-written");
        Visit = "visit", key("arrears-stage-visit");
        Lawyer = "lawyer", key("arrears-stage-lawyer");
        Court = "court", key("arrears-stage-court");
    }
}

impl Stage {
    fn at(self) -> usize {
        let found = Stage::ALL.iter().position(|s| *s == self);
        found.unwrap_or(0)
    }

    /// Lawyers and courts are the manager's.
    pub fn permission(self) -> Permission {
        match self {
            Stage::Lawyer | Stage::Court => Permission::ArrearsDecide,
            _ => Permission::ArrearsFollow,
        }
    }

    /// The key of what it needs, in words for the page.
    pub fn needs_key(self) -> &'static str {
        match self {
            Stage::Reminder => key("arrears-stage-needs-reminder"),
            Stage::Phone => key("arrears-stage-needs-phone"),
            Stage::Written => key("arrears-stage-needs-written"),
            Stage::Visit => key("arrears-stage-needs-visit"),
            Stage::Lawyer => key("arrears-stage-needs-lawyer"),
            Stage::Court => key("arrears-stage-needs-court"),
        }
    }
}

/// What a step is judged by.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts {
    pub overdue: bool,
    pub in_scope: bool,
    pub held: bool,
    pub contacted: bool,
    /// A written demand was handed over or came back.
    pub demand_settled: bool,
    /// One was handed over and its term is over.
    pub demand_run_out: bool,
    pub visited: bool,
    /// A lawyer's letter was handed over and its term is over.
    pub lawyer_run_out: bool,
}

impl Facts {
    pub fn of(account: &Account, contacts: &[Contact], letters: &[Letter], today: Date) -> Facts {
        let since = |k: &&Contact| k.counts() && k.on >= account.anchor;
        let run_out = |kind| {
            letters.iter().any(|l| {
                l.kind == kind
                    && l.state == letter::State::Delivered
                    && l.issued_on >= account.anchor
                    && l.pay_by < today
            })
        };
        Facts {
            overdue: account.anchor < today,
            in_scope: account.in_scope(today),
            held: account.is_held(today),
            contacted: contacts.iter().any(|k| since(&k)),
            demand_settled: letters.iter().any(|l| {
                l.kind == letter::Kind::Demand
                    && l.state != letter::State::Issued
                    && l.issued_on >= account.anchor
            }),
            demand_run_out: run_out(letter::Kind::Demand),
            visited: contacts.iter().any(|k| since(&k) && k.way == Way::Visit),
            lawyer_run_out: run_out(letter::Kind::Lawyer),
        }
    }
}

/// What is missing for a step, as keys of words; nothing when it can be taken.
pub fn missing(stage: Stage, f: &Facts) -> Vec<&'static str> {
    let mut out = Vec::new();
    let mut need = |there: bool, word: &'static str| {
        if !there {
            out.push(word);
        }
    };
    need(f.overdue, key("arrears-need-overdue"));
    if stage >= Stage::Phone {
        need(!f.held, key("arrears-need-no-hold"));
    }
    if stage >= Stage::Written {
        need(f.in_scope, key("arrears-need-scope"));
        need(f.contacted, key("arrears-need-contact"));
    }
    if stage >= Stage::Visit {
        need(f.demand_settled, key("arrears-need-demand"));
    }
    if stage >= Stage::Lawyer {
        // 民法典 944: only when the reasonable time has run out.
        need(f.demand_run_out, key("arrears-need-term"));
    }
    if stage == Stage::Court {
        need(f.visited || f.lawyer_run_out, key("arrears-need-last"));
    }
    out
}

impl PartialOrd for Stage {
    fn partial_cmp(&self, other: &Stage) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Stage {
    fn cmp(&self, other: &Stage) -> std::cmp::Ordering {
        self.at().cmp(&other.at())
    }
}

/// Takes a step; none is taken twice or backwards.
///
/// # Errors
/// [`ArrearsError::Needs`] with what must be there first; [`ArrearsError::OwnCase`] when the
/// manager owns the home.
pub async fn advance(
    house: &House,
    by: &Actor,
    room: Id,
    stage: Stage,
) -> Result<(), ArrearsError> {
    by.may(stage.permission())?;
    let c = by.community;
    let story = looking::story(house, by, room).await?;
    let account = story.account.ok_or(ArrearsError::NothingOverdue)?;
    if stage.permission() == Permission::ArrearsDecide && hold::owns(house, by, room).await? {
        return Err(ArrearsError::OwnCase);
    }
    if account.stage.is_some_and(|at| at >= stage) {
        return Err(ArrearsError::Again);
    }
    let today = house.now().date();
    let facts = Facts::of(&account, &story.contacts, &story.letters, today);
    let missing = missing(stage, &facts);
    if !missing.is_empty() {
        return Err(ArrearsError::Needs(missing));
    }
    let was = account.stage;
    house
        .write(c, &by.who_for(stage.permission()), move |mut tx| {
            let now: Option<Account> = tx.optional(store::account(c, room))?;
            if now.is_none_or(|a| a.stage != was) {
                return Err(ArrearsError::Changed);
            }
            tx.execute(store::set_stage(c, room, stage))?;
            let event = Event::new(events::STAGED)
                .about("fee_account", room)
                .to(Audience::Staff)
                .with("stage", stage.word());
            Ok(tx.record(event, ())?)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Facts {
        Facts {
            overdue: true,
            in_scope: true,
            held: false,
            contacted: true,
            demand_settled: true,
            demand_run_out: true,
            visited: true,
            lawyer_run_out: true,
        }
    }

    #[test]
    fn with_everything_there_each_step_can_be_taken() {
        for stage in Stage::ALL {
            assert!(missing(*stage, &all()).is_empty(), "{stage:?}");
        }
    }

    #[test]
    fn no_lawyer_and_no_court_before_the_reasonable_time_has_run_out() {
        let f = Facts {
            demand_run_out: false,
            ..all()
        };
        assert!(missing(Stage::Visit, &f).is_empty());
        for stage in [Stage::Lawyer, Stage::Court] {
            assert_eq!(missing(stage, &f), ["arrears-need-term"], "{stage:?}");
        }
    }

    #[test]
    fn while_a_hold_runs_only_the_reminder_stays() {
        let f = Facts {
            held: true,
            ..all()
        };
        for stage in Stage::ALL {
            let free = *stage == Stage::Reminder;
            assert_eq!(missing(*stage, &f).is_empty(), free, "{stage:?}");
        }
    }

    #[test]
    fn a_court_wants_a_visit_or_a_lawyers_letter_and_a_written_demand_a_contact() {
        let f = Facts {
            visited: false,
            lawyer_run_out: false,
            ..all()
        };
        assert_eq!(missing(Stage::Court, &f), ["arrears-need-last"]);
        let f = Facts {
            contacted: false,
            ..all()
        };
        assert_eq!(missing(Stage::Written, &f), ["arrears-need-contact"]);
    }
}
