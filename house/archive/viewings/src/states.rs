//! The life of a viewing as a pure table (archive.md P2): a state and an act, guarded, lead to
//! a state and its effects. Verbs ask [`step`] inside their write and carry out what it says; a
//! search over all sequences of acts holds what may never happen.
//!
//! Distinctness is of persons: `P` is whoever stands behind the accounts.

use std::fmt::Debug;

use dossiers::Kind;
use foundation::clock::{DAY, HOUR, Moment};
use foundation::database::{DbError, FromValue, Value};

use crate::scope::{EMERGENCY_WINDOW, Mode, Modes, ROOMS_BY_ONE, Scope, Way, window};

#[cfg(test)]
mod model;
mod table;

pub use table::{Row, TABLE};

/// Where a viewing is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    Draft,
    Submitted,
    /// A person's own file: what is of others in it is being covered.
    Approved,
    /// Each page was gone through by one; another looks at what is covered.
    Covered,
    /// Another let it go.
    Released,
    Registered,
    Active,
    Closed,
    Denied,
    Withdrawn,
    Expired,
    Revoked,
    /// Opened at once, in danger to life or with the police at the door.
    Emergency,
    ReviewDue,
    Justified,
    Violation,
}

impl State {
    pub const ALL: [State; 16] = [
        State::Draft,
        State::Submitted,
        State::Approved,
        State::Covered,
        State::Released,
        State::Registered,
        State::Active,
        State::Closed,
        State::Denied,
        State::Withdrawn,
        State::Expired,
        State::Revoked,
        State::Emergency,
        State::ReviewDue,
        State::Justified,
        State::Violation,
    ];

    /// As stored and as it stands in the ledger.
    pub fn word(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Submitted => "submitted",
            State::Approved => "approved",
            State::Covered => "covered",
            State::Released => "released",
            State::Registered => "registered",
            State::Active => "active",
            State::Closed => "closed",
            State::Denied => "denied",
            State::Withdrawn => "withdrawn",
            State::Expired => "expired",
            State::Revoked => "revoked",
            State::Emergency => "emergency",
            State::ReviewDue => "review_due",
            State::Justified => "justified",
            State::Violation => "violation",
        }
    }

    pub fn from_word(word: &str) -> Option<State> {
        State::ALL.into_iter().find(|s| s.word() == word)
    }

    /// Whether nothing follows.
    pub fn is_final(self) -> bool {
        !TABLE.iter().any(|row| row.from.contains(&self))
    }

    /// Whether pages may be shown in it at all.
    pub fn shows(self) -> bool {
        matches!(self, State::Active | State::Emergency)
    }
}

impl FromValue for State {
    fn from_value(value: Value) -> Result<State, DbError> {
        let word = String::from_value(value)?;
        State::from_word(&word).ok_or_else(|| DbError::Shape(format!("a viewing that is {word}")))
    }
}

/// What is done with a viewing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act<P> {
    /// Whether purpose, reason and scope are all there.
    Submit {
        complete: bool,
    },
    Withdraw,
    Approve(Scope),
    /// The other of two who approve many rooms.
    Second,
    Deny {
        reasoned: bool,
    },
    Register {
        identity_seen: bool,
    },
    /// The manager vouches for a registration by the one specialist who also asked.
    Tap,
    Activate,
    /// A page, and whether its dossier and document are among those of the viewing.
    Read {
        kind: Kind,
        mode: Mode,
        inside: bool,
    },
    Close,
    Expire,
    Revoke {
        reasoned: bool,
    },
    /// Opens at once; who else of the office is there.
    Break {
        in_danger: bool,
        witness: Option<P>,
    },
    Justify,
    Condemn {
        reasoned: bool,
    },
    /// Nobody looked into an emergency in time.
    Freeze,
    /// A page is shown to who covers it, or covered to who releases it.
    See {
        inside: bool,
    },
    /// What is of others on a page is covered; or it is found that nothing is.
    Cover {
        inside: bool,
    },
    /// Whoever covered hands it to another; whether each page was gone through.
    Offer {
        whole: bool,
    },
    /// Another specialist lets it go; whether they saw each page as it is covered.
    Release {
        seen: bool,
    },
    /// The manager lets it go, where one specialist is alone.
    Vouch {
        seen: bool,
    },
    /// It is to be covered anew.
    SendBack {
        reasoned: bool,
    },
}

/// The act without what is said with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verb {
    Submit,
    Withdraw,
    Approve,
    Second,
    Deny,
    Register,
    Tap,
    Activate,
    Read,
    Close,
    Expire,
    Revoke,
    Break,
    Justify,
    Condemn,
    Freeze,
    See,
    Cover,
    Offer,
    Release,
    Vouch,
    SendBack,
}

impl<P> Act<P> {
    pub fn verb(&self) -> Verb {
        match self {
            Act::Submit { .. } => Verb::Submit,
            Act::Withdraw => Verb::Withdraw,
            Act::Approve(_) => Verb::Approve,
            Act::Second => Verb::Second,
            Act::Deny { .. } => Verb::Deny,
            Act::Register { .. } => Verb::Register,
            Act::Tap => Verb::Tap,
            Act::Activate => Verb::Activate,
            Act::Read { .. } => Verb::Read,
            Act::Close => Verb::Close,
            Act::Expire => Verb::Expire,
            Act::Revoke { .. } => Verb::Revoke,
            Act::Break { .. } => Verb::Break,
            Act::Justify => Verb::Justify,
            Act::Condemn { .. } => Verb::Condemn,
            Act::Freeze => Verb::Freeze,
            Act::See { .. } => Verb::See,
            Act::Cover { .. } => Verb::Cover,
            Act::Offer { .. } => Verb::Offer,
            Act::Release { .. } => Verb::Release,
            Act::Vouch { .. } => Verb::Vouch,
            Act::SendBack { .. } => Verb::SendBack,
        }
    }
}

/// What must hold for an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Guard {
    /// The manager of the compound, or whoever was named deputy.
    Decides,
    /// As `Decides`, or the company's representative.
    DecidesOrCompany,
    /// 客服專員
    Registers,
    Asker,
    NotAsker,
    /// Neither lives in a room of it nor belongs to who does.
    NotNear,
    /// A second factor was shown within five minutes.
    Fresh,
    /// Purpose, a reason of ten characters, and a scope.
    Complete,
    Reasoned,
    /// Nothing beyond what was asked.
    Narrows,
    /// Nobody approved it yet, or for `Second`: another did.
    First,
    AnotherApproved,
    NotApprover,
    /// Another than who asked, save where one specialist is alone.
    OtherRegistrar,
    IdentitySeen,
    /// Registered by who asked, not vouched for yet.
    TapWanted,
    /// Asked, approved and registered by different persons, or the manager tapped.
    ThreePersons,
    NotBefore,
    InTime,
    PastTime,
    /// The window is open.
    Running,
    InScope,
    NotFrozen,
    NotYetFrozen,
    InDanger,
    OtherWitness,
    /// Neither opened it nor stood by.
    Uninvolved,
    Clock,
    /// Who asked, who decides or who registers.
    Concerned,
    /// A person looks at what is kept of them.
    OwnFile,
    /// A page of what was granted.
    Inside,
    /// Each page was gone through.
    Whole,
    /// Another than who covered any of it.
    OtherCover,
    /// Another specialist, or the manager where one specialist is alone.
    Releases,
    /// They saw each page as it is covered.
    CoverSeen,
    /// Whoever covered is the only specialist.
    CoverAlone,
    /// What is of others in a person's own file was covered by one and released by another.
    Released,
}

/// What follows an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    TellDeciders,
    TellCompany,
    TellAsker,
    TellRegistrars,
    /// The clock comes back when the next step is due.
    PlanExpiry,
    /// Open viewers end.
    EndViewers,
    /// The box is due back now.
    BoxDue,
    /// The owner learns of it in the digest.
    TellOwnerLater,
    PlanReview,
    FreezeAsker,
    ThawAsker,
}

/// How long each step may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// From submission to approval, and from registration to opening.
    pub wait: i64,
    /// The office's longest window.
    pub window: i64,
}

/// From approval to registration (P2).
pub const REGISTER_WITHIN: i64 = 24 * HOUR;
/// From an emergency to its review (P2).
pub const REVIEW_WITHIN: i64 = 72 * HOUR;
/// A person who looks at their own file may come when they have time.
pub const OWN_OPEN: i64 = 30 * DAY;

/// A viewing as the table sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Grant<P> {
    pub state: State,
    pub way: Way,
    pub rooms: usize,
    pub asked: Scope,
    pub granted: Scope,
    pub asker: P,
    pub approver: Option<P>,
    pub second: Option<P>,
    pub registrar: Option<P>,
    pub tapped: bool,
    pub witness: Option<P>,
    /// Who handed the covered pages over, and whether there was no other specialist.
    pub covered: Option<P>,
    pub cover_alone: bool,
    pub released: Option<P>,
    /// The next step is taken by then; later it expires.
    pub until: Option<Moment>,
    /// Not opened before.
    pub from: Option<Moment>,
    pub began: Option<Moment>,
    pub ends: Option<Moment>,
    /// Whether the one who opened it in an emergency was frozen for want of a review.
    pub frozen: bool,
}

/// Whoever acts, as the table sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hand<P> {
    pub person: P,
    pub decides: bool,
    pub company: bool,
    pub registers: bool,
    /// There is no other specialist.
    pub alone: bool,
    /// Covered a page of it.
    pub covered: bool,
    /// Lives in a room of it, or belongs to who does.
    pub near: bool,
    pub fresh: bool,
    pub frozen: bool,
    /// The house's clock and nobody else.
    pub clock: bool,
}

/// Why an act is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refused {
    /// In this state there is no such act.
    NoWay(State),
    Guard(Guard),
}

/// Whether asker, approver and registrar are three persons, or the manager vouched.
pub fn three_persons<P: Copy + PartialEq>(g: &Grant<P>) -> bool {
    let (Some(approver), Some(registrar)) = (g.approver, g.registrar) else {
        return false;
    };
    let bulk = g.rooms > ROOMS_BY_ONE;
    let second = match g.second {
        Some(second) => second != g.asker && second != approver && second != registrar,
        None => !bulk,
    };
    approver != g.asker && registrar != approver && second && (registrar != g.asker || g.tapped)
}

/// Whether what is of others was covered by one person and released by another.
pub fn released<P: Copy + PartialEq>(g: &Grant<P>) -> bool {
    let (Some(covered), Some(released)) = (g.covered, g.released) else {
        return false;
    };
    covered != released && covered != g.asker && released != g.asker
}

fn holds<P: Copy + PartialEq>(
    guard: Guard,
    g: &Grant<P>,
    act: &Act<P>,
    by: &Hand<P>,
    now: Moment,
) -> bool {
    match guard {
        Guard::Decides => by.decides,
        Guard::DecidesOrCompany => by.decides || by.company,
        Guard::Registers => by.registers,
        Guard::Asker => by.person == g.asker && !by.clock,
        Guard::NotAsker => by.person != g.asker,
        Guard::NotNear => !by.near,
        Guard::Fresh => by.fresh,
        Guard::Complete => match act {
            Act::Submit { complete } => *complete && g.asked.makes_sense(),
            _ => g.asked.makes_sense(),
        },
        Guard::Reasoned => matches!(
            act,
            Act::Deny { reasoned: true }
                | Act::Revoke { reasoned: true }
                | Act::Condemn { reasoned: true }
                | Act::SendBack { reasoned: true }
                | Act::Justify
        ),
        Guard::Narrows => matches!(act, Act::Approve(scope) if scope.is_within(&g.asked)),
        Guard::First => g.approver.is_none(),
        Guard::AnotherApproved => g.approver.is_some_and(|first| first != by.person),
        Guard::NotApprover => g.approver != Some(by.person) && g.second != Some(by.person),
        Guard::OtherRegistrar => by.person != g.asker || (by.alone && g.way == Way::Ordinary),
        Guard::IdentitySeen => matches!(
            act,
            Act::Register {
                identity_seen: true
            }
        ),
        Guard::TapWanted => g.registrar == Some(g.asker) && !g.tapped,
        Guard::ThreePersons => three_persons(g),
        Guard::NotBefore => g.from.is_none_or(|from| from <= now),
        Guard::InTime => g.until.is_none_or(|until| now <= until),
        Guard::PastTime => match g.state {
            State::Active | State::Emergency => g.ends.is_some_and(|ends| ends <= now),
            _ => g.until.is_some_and(|until| until < now),
        },
        Guard::Running => {
            g.began.is_some_and(|began| began <= now) && g.ends.is_some_and(|ends| now < ends)
        }
        Guard::InScope => match (act, g.began) {
            (Act::Read { kind, mode, inside }, Some(began)) => {
                *inside
                    && g.granted
                        .covers(*kind, *mode, now.0.saturating_sub(began.0))
            }
            _ => false,
        },
        Guard::NotFrozen => !by.frozen,
        Guard::NotYetFrozen => !g.frozen,
        Guard::InDanger => matches!(
            act,
            Act::Break {
                in_danger: true,
                ..
            }
        ),
        Guard::OtherWitness => {
            matches!(act, Act::Break { witness, .. } if *witness != Some(g.asker))
        }
        Guard::Uninvolved => by.person != g.asker && g.witness != Some(by.person) && !by.clock,
        Guard::Clock => by.clock,
        Guard::Concerned => by.person == g.asker || by.decides || by.registers,
        Guard::OwnFile => g.way == Way::Own,
        Guard::Inside => matches!(act, Act::See { inside: true } | Act::Cover { inside: true }),
        Guard::Whole => matches!(act, Act::Offer { whole: true }),
        Guard::OtherCover => g.covered != Some(by.person) && !by.covered,
        Guard::Releases => by.registers || (by.decides && g.cover_alone),
        Guard::CoverSeen => matches!(act, Act::Release { seen: true } | Act::Vouch { seen: true }),
        Guard::CoverAlone => g.cover_alone,
        Guard::Released => g.way != Way::Own || released(g),
    }
}

/// Does an act, if it may be done.
///
/// # Errors
/// [`Refused`] names the first guard that does not hold.
pub fn step<P: Copy + PartialEq + Debug>(
    g: &Grant<P>,
    act: Act<P>,
    by: &Hand<P>,
    terms: Terms,
    now: Moment,
) -> Result<(Grant<P>, &'static [Effect]), Refused> {
    let verb = act.verb();
    let row = TABLE
        .iter()
        .find(|row| row.verb == verb && row.from.contains(&g.state))
        .ok_or(Refused::NoWay(g.state))?;
    for guard in row.guards {
        if !holds(*guard, g, &act, by, now) {
            return Err(Refused::Guard(*guard));
        }
    }
    let mut next = Grant {
        state: row.to,
        until: None,
        ..*g
    };
    match act {
        Act::Submit { .. } if g.way != Way::Own => next.until = Some(now.plus(terms.wait)),
        Act::Approve(scope) => {
            next.approver = Some(by.person);
            next.granted = scope;
            if g.rooms > ROOMS_BY_ONE {
                // Two approve; nothing follows but another's hand.
                next.state = State::Submitted;
                next.until = g.until;
                return Ok((next, &[Effect::TellCompany, Effect::TellDeciders]));
            }
            next.until = registered_by(g.way, now);
        }
        Act::Second => {
            next.second = Some(by.person);
            next.until = registered_by(g.way, now);
        }
        Act::Register { .. } => {
            next.registrar = Some(by.person);
            let from = g.from.map_or(now, |from| from.max(now));
            let wait = if g.way == Way::Own {
                OWN_OPEN
            } else {
                terms.wait
            };
            next.until = Some(from.plus(wait));
        }
        Act::Tap => {
            next.tapped = true;
            next.until = g.until;
        }
        Act::Activate => {
            next.began = Some(now);
            let long = window(g.asked.window, g.granted.window, terms.window);
            next.ends = Some(now.plus(long));
        }
        Act::Break { witness, .. } => {
            next.witness = witness;
            next.granted = Scope {
                modes: Modes::VIEW,
                window: EMERGENCY_WINDOW,
                ..g.asked
            };
            next.began = Some(now);
            next.ends = Some(now.plus(EMERGENCY_WINDOW));
        }
        Act::Close | Act::Expire | Act::Revoke { .. } if next.state == State::ReviewDue => {
            next.until = Some(now.plus(REVIEW_WITHIN));
        }
        Act::Offer { .. } => {
            next.covered = Some(by.person);
            next.cover_alone = by.alone;
            if by.alone {
                return Ok((next, &[Effect::TellDeciders]));
            }
        }
        Act::Release { .. } | Act::Vouch { .. } => next.released = Some(by.person),
        Act::SendBack { .. } => {
            (next.covered, next.cover_alone) = (None, false);
        }
        Act::Freeze => {
            next.frozen = true;
            next.until = g.until;
        }
        _ => {}
    }
    Ok((next, row.effects))
}

/// A person's own file may take longer: what is of others in it is covered first.
fn registered_by(way: Way, now: Moment) -> Option<Moment> {
    (way != Way::Own).then(|| now.plus(REGISTER_WITHIN))
}
