//! The verification desk: a person of the office looks, asks, approves, refuses.

use super::policy::Advice;
use super::state::{Event as Step, Guard, State, next};
use super::store::{self, Application, Change};
use super::{MembershipError, WORDS_CHARS_MAX, events, jobs, recheck, roster_side};
use foundation::database::Look;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event, Kind};
use permissions::Permission;
use permissions::actor::Actor;

/// Why an application is refused; each has a sentence that says how to mend it.
pub const REFUSALS: [&str; 6] = [
    "not_on_roster",
    "proof_unclear",
    "other_person",
    "sold",
    "removal_runs",
    "arrears",
];

/// What may be asked for.
pub const ASKS: [&str; 6] = [
    "deed",
    "contract",
    "authority",
    "identity",
    "clearer",
    "call",
];

/// A decision at the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Begins to look, so that colleagues see it.
    Open,
    /// What exactly is missing, one of [`ASKS`], and words for the applicant.
    AskMore {
        what: &'static str,
        words: String,
    },
    Approve,
    /// One of [`REFUSALS`], and words for the applicant.
    Refuse {
        why: &'static str,
        words: String,
    },
}

/// Decides on the application as it was at `version`.
///
/// # Errors
/// [`MembershipError::Changed`] when somebody changed it since.
pub async fn decide(
    house: &House,
    by: &Actor,
    application: Id,
    version: i64,
    decision: Decision,
) -> Result<State, MembershipError> {
    by.may(Permission::MembershipVerify)?;
    let c = by.community;
    let account = by.account;
    if let Decision::AskMore { words, .. } | Decision::Refuse { words, .. } = &decision
        && words.chars().count() > WORDS_CHARS_MAX
    {
        return Err(MembershipError::Missing("words"));
    }
    let words = match &decision {
        Decision::AskMore { words, .. } | Decision::Refuse { words, .. } => words.as_str(),
        Decision::Open | Decision::Approve => "",
    };
    let sealed = if words.is_empty() {
        String::new()
    } else {
        let app: Option<Application> = house
            .db
            .optional(store::application(c, application))
            .await?;
        let keyed = app.ok_or(MembershipError::NotFound)?.keyed;
        house.keys.seal_words(c, keyed, store::WORDS, words).await?
    };
    // Whoever is approved is tied to the person that the roster has now.
    let found = match decision {
        Decision::Approve => {
            let app: Option<Application> = house
                .db
                .optional(store::application(c, application))
                .await?;
            let app = app.ok_or(MembershipError::NotFound)?;
            Some(recheck::now(house, c, &app).await?)
        }
        _ => None,
    };
    house
        .write(c, &by.who_for(Permission::MembershipVerify), move |mut tx| {
            let now = tx.now();
            let app: Option<Application> = tx.optional(store::application(c, application))?;
            let app = app.ok_or(MembershipError::NotFound)?;
            if app.version != version {
                return Err(MembershipError::Changed);
            }
            if app.not_by.is_some() && app.not_by == account {
                // Bound only where somebody else could do it.
                let able = roster_side::count_able(&mut tx, c, Permission::MembershipVerify, now)?;
                if able >= 2 {
                    return Err(MembershipError::NotThisReviewer);
                }
            }
            let (step, kind) = match &decision {
                Decision::Open => (Step::Open, events::OPENED),
                Decision::AskMore { .. } => (Step::AskMore, events::ASKED),
                Decision::Approve => (Step::Approve, events::APPROVED),
                Decision::Refuse { .. } => (Step::Reject, events::REJECTED),
            };
            let guard = Guard {
                has_reason: !matches!(&decision, Decision::Refuse { words, .. } if words.is_empty()),
                by_machine: account.is_none(),
                ..Guard::PERSON
            };
            let state = next(app.state, step, guard)?;
            if state == State::Approved && app.room.is_none() {
                return Err(MembershipError::Missing("room"));
            }
            let (mut change, event) = describe(c_event(kind, application), decision, sealed, state, account);
            change.found = found.map(|f| (f.party, f.advice));
            tx.execute(store::change_application(c, application, &change, now))?;
            if state == State::Rejected {
                jobs::plan_erasure(&mut tx, c, application)?;
            }
            Ok(tx.record(event, state)?)
        })
        .await
}

fn c_event(kind: Kind, application: Id) -> Event {
    Event::new(kind)
        .about("application", application)
        .to(Audience::Staff)
}

fn describe(
    event: Event,
    decision: Decision,
    words: String,
    state: State,
    account: Option<Id>,
) -> (Change, Event) {
    let mut change = Change {
        state: Some(state),
        ..Change::default()
    };
    let event = match decision {
        Decision::Open => {
            change.verifier = account;
            event
        }
        Decision::AskMore { what, .. } => {
            change.verifier = account;
            change.reason = Some(what.into());
            change.words = Some(words);
            event.with("what", what)
        }
        Decision::Approve => {
            change.decided = true;
            change.decided_by = account;
            event
        }
        Decision::Refuse { why, .. } => {
            change.decided = true;
            change.decided_by = account;
            change.reason = Some(why.into());
            change.words = Some(words);
            event.with("why", why)
        }
    };
    (change, event)
}

/// How many may be approved with one act: a page of the queue.
pub const BULK_MAX: usize = 100;

/// Why one of several was left as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Left {
    /// Not all that decides agrees, as of now.
    NotGreen,
    /// Decided already, or gone.
    Decided,
    /// Changed by a colleague at this moment.
    Changed,
    /// Its applicant asked for another reviewer.
    OtherReviewer,
    /// Not tied to a room of the roster.
    NoRoom,
}

/// What came of each of several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bulk {
    pub done: usize,
    /// The rest, by room code, each with its reason.
    pub left: Vec<(String, Left)>,
}

/// Approves those of `applications` whose checks are all green; the rest is left.
pub async fn approve_green(
    house: &House,
    by: &Actor,
    applications: &[Id],
) -> Result<Bulk, MembershipError> {
    by.may(Permission::MembershipVerify)?;
    if applications.len() > BULK_MAX {
        return Err(MembershipError::TooMany(BULK_MAX));
    }
    let mut bulk = Bulk::default();
    for id in applications {
        let app: Option<Application> = house
            .db
            .optional(store::application(by.community, *id))
            .await?;
        let Some(app) = app else { continue };
        let mut leave = |why| bulk.left.push((app.room_code.clone(), why));
        if !app.state.is_undecided() {
            leave(Left::Decided);
            continue;
        }
        // Green when it was sent is not green now: the roster goes on living.
        if recheck::now(house, by.community, &app).await?.advice != Advice::Green {
            leave(Left::NotGreen);
            continue;
        }
        match decide(house, by, *id, app.version, Decision::Approve).await {
            Ok(_) => bulk.done += 1,
            Err(MembershipError::Changed) => leave(Left::Changed),
            Err(MembershipError::Illegal(_)) => leave(Left::Decided),
            Err(MembershipError::NotThisReviewer) => leave(Left::OtherReviewer),
            Err(MembershipError::Missing(_)) => leave(Left::NoRoom),
            Err(e) => return Err(e),
        }
    }
    Ok(bulk)
}
