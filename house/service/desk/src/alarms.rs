//! Which alarms a ticket owes: a warning before a clock is due, then team lead, manager and the
//! body outside, each once for a clock's round. Pure; whoever tends the desk tells them.

use foundation::clock::Moment;
use foundation::page::key;
use worktime::Calendar;

use crate::clocks::{Clock, Mark, Terms, at_percent, readings};
use crate::words::frozen;

frozen! {
    /// How far an alarm goes.
    Step {
        /// Before it is due, to whoever has it.
        Warning = "warning", key("desk-step-warning");
        /// It is due and not done.
        Lead = "lead", key("desk-step-lead");
        Manager = "manager", key("desk-step-manager");
        /// 業主委員會 and further: who owed it did not do it.
        Outside = "outside", key("desk-step-outside");
    }
}

impl Step {
    /// After how much of what was promised, in hundredths.
    pub fn percent(self) -> i64 {
        match self {
            Step::Warning => 80,
            Step::Lead => 100,
            Step::Manager => 150,
            Step::Outside => 300,
        }
    }

    pub fn number(self) -> i64 {
        match self {
            Step::Warning => 0,
            Step::Lead => 1,
            Step::Manager => 2,
            Step::Outside => 3,
        }
    }
}

/// One alarm; what it is about makes it one of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alarm {
    pub clock: Clock,
    pub round: i64,
    pub step: Step,
}

/// A ticket as the alarms look at it.
pub struct Watched<'a> {
    pub opened: Moment,
    pub since: Moment,
    pub log: &'a [Mark],
    pub terms: Terms,
}

/// The alarms that are owed at an instant and were not given, and when to look again.
pub fn owed(
    w: &Watched<'_>,
    office: &Calendar,
    given: &[Alarm],
    now: Moment,
) -> (Vec<Alarm>, Option<Moment>) {
    let (mut owed, mut next) = (Vec::new(), None::<Moment>);
    for reading in readings(w.opened, w.since, w.log, &w.terms, office, now) {
        if !reading.is_live() {
            continue;
        }
        for &step in Step::ALL {
            let alarm = Alarm {
                clock: reading.clock,
                round: reading.round,
                step,
            };
            if given.contains(&alarm) {
                continue;
            }
            let when = at_percent(
                &reading,
                step.percent(),
                w.opened,
                w.since,
                w.log,
                &w.terms,
                office,
            );
            match when {
                // At the very instant of a deadline it is not missed yet.
                Some(at) if at < now => owed.push(alarm),
                Some(at) => next = Some(next.map_or(at.plus(1), |n| n.min(at.plus(1)))),
                None => {}
            }
        }
    }
    (owed, next)
}
