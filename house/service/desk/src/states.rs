//! The life of a ticket as one table: from where, by which act, to where, and who may. Pure:
//! whoever asks says what they are to the ticket. What is not in the table is an error with a
//! name.

use foundation::page::key;

use crate::words::frozen;

frozen! {
    /// Where a ticket stands.
    State {
        New = "new", key("desk-state-new");
        Triaged = "triaged", key("desk-state-triaged");
        Assigned = "assigned", key("desk-state-assigned");
        Accepted = "accepted", key("desk-state-accepted");
        InProgress = "in_progress", key("desk-state-in-progress");
        Waiting = "waiting", key("desk-state-waiting");
        /// Staff can go no further than here.
        Resolved = "resolved", key("desk-state-resolved");
        Confirmed = "confirmed", key("desk-state-confirmed");
        Closed = "closed", key("desk-state-closed");
        Reopened = "reopened", key("desk-state-reopened");
        Merged = "merged", key("desk-state-merged");
        Referred = "referred", key("desk-state-referred");
        Declined = "declined", key("desk-state-declined");
        Cancelled = "cancelled", key("desk-state-cancelled");
    }

    /// What moves a ticket.
    Act {
        Triage = "triage", key("desk-act-triage");
        Assign = "assign", key("desk-act-assign");
        Grab = "grab", key("desk-act-grab");
        Accept = "accept", key("desk-act-accept");
        HandBack = "hand_back", key("desk-act-hand-back");
        TimeOut = "time_out", key("desk-act-time-out");
        Start = "start", key("desk-act-start");
        Wait = "wait", key("desk-act-wait");
        Resume = "resume", key("desk-act-resume");
        Resolve = "resolve", key("desk-act-resolve");
        Confirm = "confirm", key("desk-act-confirm");
        ConfirmSilently = "confirm_silently", key("desk-act-confirm-silently");
        Close = "close", key("desk-act-close");
        Reopen = "reopen", key("desk-act-reopen");
        Merge = "merge", key("desk-act-merge");
        Refer = "refer", key("desk-act-refer");
        Decline = "decline", key("desk-act-decline");
        Cancel = "cancel", key("desk-act-cancel");
    }

    /// What somebody is to a ticket.
    Hand {
        /// The office, with the right to handle tickets.
        Office = "office", key("desk-hand-office");
        /// Somebody who works, taking from the pool.
        Worker = "worker", key("desk-hand-worker");
        /// The one it was given to.
        Assignee = "assignee", key("desk-hand-assignee");
        /// Who reported it.
        Reporter = "reporter", key("desk-hand-reporter");
        /// A colleague who spoke with a reporter that has no account, and did none of the work.
        Caller = "caller", key("desk-hand-caller");
        /// The house's own clock.
        Clock = "clock", key("desk-hand-clock");
    }
}

impl State {
    /// Nothing is owed any more.
    pub fn is_over(self) -> bool {
        matches!(
            self,
            State::Closed
                | State::Confirmed
                | State::Merged
                | State::Referred
                | State::Declined
                | State::Cancelled
        )
    }

    /// In the pool: anybody able may take it.
    pub fn is_pooled(self) -> bool {
        matches!(self, State::Triaged | State::Reopened)
    }
}

/// Why a ticket does not move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Illegal {
    /// There is no such way out of this state.
    #[error("{} is no way out of {}", .1.word(), .0.word())]
    NoWay(State, Act),
    /// There is, but not for this hand.
    #[error("{} may not {} what is {}", .2.word(), .1.word(), .0.word())]
    NotBy(State, Act, Hand),
}

use Act as A;
use Hand::{Assignee, Caller, Clock, Office, Reporter, Worker};
use State as S;

/// One line of the table: from, act, to, and who may.
type Line = (State, Act, State, &'static [Hand]);

/// Every way there is.
pub const TABLE: &[Line] = &[
    (S::New, A::Triage, S::Triaged, &[Office]),
    (S::New, A::Assign, S::Assigned, &[Office]),
    // An enquiry at the counter is answered where it is asked.
    (S::New, A::Resolve, S::Resolved, &[Office]),
    (S::New, A::Merge, S::Merged, &[Office]),
    (S::New, A::Refer, S::Referred, &[Office, Clock]),
    (S::New, A::Decline, S::Declined, &[Office]),
    (S::New, A::Cancel, S::Cancelled, &[Reporter, Caller]),
    (S::Triaged, A::Triage, S::Triaged, &[Office]),
    (S::Triaged, A::Assign, S::Assigned, &[Office, Clock]),
    (S::Triaged, A::Grab, S::Accepted, &[Worker]),
    (S::Triaged, A::Resolve, S::Resolved, &[Office]),
    (S::Triaged, A::Merge, S::Merged, &[Office]),
    (S::Triaged, A::Refer, S::Referred, &[Office]),
    (S::Triaged, A::Decline, S::Declined, &[Office]),
    (S::Triaged, A::Cancel, S::Cancelled, &[Reporter, Caller]),
    (S::Assigned, A::Assign, S::Assigned, &[Office]),
    (S::Assigned, A::Accept, S::Accepted, &[Assignee]),
    (S::Assigned, A::HandBack, S::Triaged, &[Assignee]),
    (S::Assigned, A::TimeOut, S::Triaged, &[Clock]),
    (S::Assigned, A::Merge, S::Merged, &[Office]),
    (S::Assigned, A::Refer, S::Referred, &[Office]),
    (S::Assigned, A::Decline, S::Declined, &[Office]),
    (S::Assigned, A::Cancel, S::Cancelled, &[Reporter, Caller]),
    (S::Accepted, A::Assign, S::Assigned, &[Office]),
    (S::Accepted, A::Start, S::InProgress, &[Assignee]),
    (S::Accepted, A::HandBack, S::Triaged, &[Assignee]),
    (S::Accepted, A::Merge, S::Merged, &[Office]),
    (S::Accepted, A::Refer, S::Referred, &[Office]),
    (S::Accepted, A::Decline, S::Declined, &[Office]),
    (S::Accepted, A::Cancel, S::Cancelled, &[Reporter, Caller]),
    (S::InProgress, A::Assign, S::Assigned, &[Office]),
    (S::InProgress, A::HandBack, S::Triaged, &[Assignee]),
    (S::InProgress, A::Wait, S::Waiting, &[Assignee, Office]),
    (S::InProgress, A::Resolve, S::Resolved, &[Assignee, Office]),
    (S::InProgress, A::Merge, S::Merged, &[Office]),
    (S::InProgress, A::Refer, S::Referred, &[Office]),
    (S::InProgress, A::Cancel, S::Cancelled, &[Reporter, Caller]),
    // The reporter answers, or the longest time is over.
    (
        S::Waiting,
        A::Resume,
        S::InProgress,
        &[Assignee, Office, Reporter, Clock],
    ),
    (S::Waiting, A::Merge, S::Merged, &[Office]),
    (S::Waiting, A::Refer, S::Referred, &[Office]),
    (S::Waiting, A::Cancel, S::Cancelled, &[Reporter, Caller]),
    // Only the reporter says that it is done, in person or asked on the phone; silence is a
    // saying of its own.
    (S::Resolved, A::Confirm, S::Confirmed, &[Reporter, Caller]),
    (S::Resolved, A::ConfirmSilently, S::Confirmed, &[Clock]),
    (S::Resolved, A::Reopen, S::Reopened, &[Reporter, Caller]),
    (S::Confirmed, A::Close, S::Closed, &[Clock, Office]),
    (S::Confirmed, A::Reopen, S::Reopened, &[Reporter, Caller]),
    (S::Closed, A::Reopen, S::Reopened, &[Reporter, Caller]),
    (S::Reopened, A::Triage, S::Triaged, &[Office]),
    (S::Reopened, A::Assign, S::Assigned, &[Office, Clock]),
    (S::Reopened, A::Grab, S::Accepted, &[Worker]),
    (S::Reopened, A::Refer, S::Referred, &[Office]),
    (S::Reopened, A::Cancel, S::Cancelled, &[Reporter, Caller]),
];

/// Where an act leads.
///
/// # Errors
/// [`Illegal`], saying whether nobody may or only this hand may not.
pub fn step(from: State, act: Act, by: Hand) -> Result<State, Illegal> {
    let line = TABLE.iter().find(|l| l.0 == from && l.1 == act);
    let (_, _, to, hands) = line.ok_or(Illegal::NoWay(from, act))?;
    if hands.contains(&by) {
        Ok(*to)
    } else {
        Err(Illegal::NotBy(from, act, by))
    }
}

/// The same for somebody who is several things to a ticket: the first hand that may.
pub fn step_any(from: State, act: Act, hands: &[Hand]) -> Result<(State, Hand), Illegal> {
    let mut last = Illegal::NoWay(from, act);
    for hand in hands {
        match step(from, act, *hand) {
            Ok(to) => return Ok((to, *hand)),
            Err(e) => last = e,
        }
    }
    Err(last)
}

/// What somebody may do from a state, for the buttons of a page.
pub fn ways(from: State, hands: &[Hand]) -> Vec<Act> {
    let open = TABLE.iter().filter(|l| l.0 == from);
    open.filter(|l| l.3.iter().any(|h| hands.contains(h)))
        .map(|l| l.1)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_state_act_and_hand_is_answered_by_the_table_alone() {
        for &from in State::ALL {
            for &act in Act::ALL {
                let lines: Vec<&Line> =
                    TABLE.iter().filter(|l| l.0 == from && l.1 == act).collect();
                assert!(lines.len() <= 1, "{} {} twice", from.word(), act.word());
                for &by in Hand::ALL {
                    let told = step(from, act, by);
                    match lines.first() {
                        None => assert_eq!(told, Err(Illegal::NoWay(from, act))),
                        Some(l) if l.3.contains(&by) => assert_eq!(told, Ok(l.2)),
                        Some(_) => assert_eq!(told, Err(Illegal::NotBy(from, act, by))),
                    }
                }
            }
        }
    }

    #[test]
    fn staff_reach_resolved_and_nobody_but_reporter_and_clock_goes_on() {
        for &act in Act::ALL {
            for by in [Office, Worker, Assignee] {
                let led = step(S::Resolved, act, by);
                assert!(led.is_err(), "{} leads staff to {led:?}", act.word());
            }
        }
        for by in [Reporter, Caller] {
            assert_eq!(step(S::Resolved, A::Confirm, by), Ok(S::Confirmed));
        }
        let silent = step(S::Resolved, A::ConfirmSilently, Reporter);
        assert!(silent.is_err(), "silence is the clock's word alone");
    }

    #[test]
    fn a_clock_stands_only_in_waiting_and_only_work_leads_there() {
        for (from, act, to, _) in TABLE {
            if *to == S::Waiting {
                assert_eq!((*from, *act), (S::InProgress, A::Wait));
            }
        }
    }

    #[test]
    fn every_state_is_reached_from_new_and_what_is_over_for_good_has_no_way_out() {
        let mut reached = BTreeSet::from([S::New]);
        loop {
            let next: BTreeSet<State> = TABLE
                .iter()
                .filter(|l| reached.contains(&l.0))
                .map(|l| l.2)
                .collect();
            if next.is_subset(&reached) {
                break;
            }
            reached.extend(next);
        }
        assert_eq!(reached.len(), State::ALL.len());
        for end in [S::Merged, S::Referred, S::Declined, S::Cancelled] {
            assert!(TABLE.iter().all(|l| l.0 != end), "{}", end.word());
        }
    }
}
