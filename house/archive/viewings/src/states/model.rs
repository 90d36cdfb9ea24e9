//! Every sequence of acts by every hand, to a depth of twelve: what may never happen does not,
//! whatever is tried. States that are the same are looked at once.

use std::collections::{BTreeMap, HashSet};

use super::*;
use crate::scope::WINDOW_MAX;
use dossiers::Kinds;
use foundation::clock::MINUTE;

const DEPTH: usize = 12;
const TERMS: Terms = Terms {
    wait: 72 * HOUR,
    window: HOUR,
};
/// How far the clock goes between two acts: within a window, past it, past each term.
const GOES: [i64; 4] = [0, 16 * MINUTE, 25 * HOUR, 73 * HOUR];

type Person = u8;
/// Who asks and also registers; a manager; a specialist; a manager who lives there; the
/// company; one who may do nothing.
const PERSONS: Person = 6;

fn hands(alone: bool, own: bool) -> Vec<Hand<Person>> {
    let lone = if own { 2 } else { 0 };
    let hand = |person: Person| Hand {
        person,
        decides: matches!(person, 1 | 3),
        company: person == 4,
        registers: match person {
            0 => true,
            2 => own || !alone,
            _ => false,
        },
        alone: alone && person == lone,
        covered: false,
        near: person == 3,
        fresh: true,
        frozen: false,
        clock: false,
    };
    let mut all: Vec<Hand<Person>> = (0..PERSONS).map(hand).collect();
    // The asker as manager: roles change, persons do not.
    all.push(Hand {
        decides: true,
        ..hand(0)
    });
    // The approver as specialist.
    all.push(Hand {
        registers: true,
        ..hand(1)
    });
    if own && !alone {
        // Another specialist.
        all.push(Hand {
            registers: true,
            ..hand(5)
        });
    }
    // Without a second factor.
    all.push(Hand {
        fresh: false,
        ..hand(1)
    });
    all.push(Hand {
        fresh: false,
        ..hand(0)
    });
    all.push(Hand {
        clock: true,
        decides: false,
        registers: false,
        ..hand(5)
    });
    all
}

fn scope(kinds: &[Kind], modes: &[Mode], window: i64) -> Scope {
    Scope {
        kinds: Kinds::of(kinds.iter().copied()),
        modes: Modes::of(modes.iter().copied()),
        window,
    }
}

fn acts() -> Vec<Act<Person>> {
    let both = [Kind::Registration, Kind::Identity];
    let mut all = vec![
        Act::Submit { complete: true },
        Act::Submit { complete: false },
        Act::Withdraw,
        Act::Approve(scope(&both, &[Mode::View, Mode::Print], HOUR)),
        Act::Approve(scope(&[Kind::Registration], &[Mode::View], 30 * MINUTE)),
        // Wider than was asked.
        Act::Approve(scope(&[Kind::Covenant], &[Mode::View], HOUR)),
        Act::Approve(scope(&both, &[Mode::View, Mode::Loan], HOUR)),
        Act::Second,
        Act::Deny { reasoned: true },
        Act::Register {
            identity_seen: true,
        },
        Act::Register {
            identity_seen: false,
        },
        Act::Tap,
        Act::Activate,
        Act::Close,
        Act::Expire,
        Act::Revoke { reasoned: true },
        Act::Break {
            in_danger: true,
            witness: None,
        },
        Act::Break {
            in_danger: true,
            witness: Some(1),
        },
        Act::Break {
            in_danger: true,
            witness: Some(0),
        },
        Act::Break {
            in_danger: false,
            witness: None,
        },
        Act::Justify,
        Act::Condemn { reasoned: true },
        Act::Freeze,
        Act::See { inside: true },
        Act::See { inside: false },
        Act::Cover { inside: true },
        Act::Cover { inside: false },
        Act::Offer { whole: true },
        Act::Offer { whole: false },
        Act::Release { seen: true },
        Act::Release { seen: false },
        Act::Vouch { seen: true },
        Act::Vouch { seen: false },
        Act::SendBack { reasoned: true },
        Act::SendBack { reasoned: false },
    ];
    for kind in [Kind::Registration, Kind::Identity, Kind::Covenant] {
        for mode in [Mode::View, Mode::Print] {
            for inside in [true, false] {
                all.push(Act::Read { kind, mode, inside });
            }
        }
    }
    all
}

/// What really happened, kept by the search itself and not by the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Truth {
    approved: Option<(Person, Scope)>,
    seconded: Option<Person>,
    registered: Option<Person>,
    tapped: Option<Person>,
    opened: Option<Moment>,
    over: bool,
    broken: Option<Moment>,
    /// When the emergency was over.
    review_from: Option<Moment>,
    reviewed: Option<Person>,
    frozen: bool,
    /// Who covered a page, by bit; and who let it go in the end, with which right.
    covered: u8,
    offered_alone: bool,
    released: Option<(Person, Verb)>,
}

/// Holds a served page against what happened, without asking the table.
fn page_was_right(g: &Grant<Person>, t: &Truth, act: Act<Person>, by: &Hand<Person>, now: Moment) {
    let Act::Read { kind, mode, inside } = act else {
        return;
    };
    assert!(inside, "outside of the scope");
    assert_eq!(by.person, g.asker, "another person's viewing");
    assert!(!t.over, "after its end");
    if let Some(at) = t.broken {
        assert!(now.0 - at.0 < EMERGENCY_WINDOW && mode == Mode::View);
        return;
    }
    let (approver, granted) = t.approved.expect("approved");
    let registrar = t.registered.expect("registered");
    let opened = t.opened.expect("opened");
    assert_ne!(approver, g.asker, "approved by who asked");
    assert_ne!(approver, 3, "approved by who lives there");
    assert_ne!(registrar, approver, "registered by who approved");
    if registrar == g.asker {
        let tapped = t.tapped.expect("vouched for");
        assert_ne!(tapped, g.asker);
    }
    if g.rooms > ROOMS_BY_ONE {
        let second = t.seconded.expect("a second approved");
        assert!(second != approver && second != g.asker && second != registrar);
    }
    if g.way == Way::Own {
        let (by, how) = t.released.expect("released");
        assert_eq!(t.covered & (1 << by), 0, "released by who covered");
        assert_ne!(t.covered, 0, "released uncovered");
        assert_eq!(t.covered & 1, 0, "covered by whose file it is");
        assert!(by != g.asker && by != 3, "released by who it is of");
        assert!(
            how == Verb::Release || t.offered_alone,
            "vouched for without need"
        );
    }
    let after = now.0 - opened.0;
    assert!(
        after
            < granted
                .window
                .min(g.asked.window)
                .min(TERMS.window)
                .min(WINDOW_MAX)
    );
    assert!(granted.kinds.has(kind) && granted.modes.has(mode));
    assert!(kind != Kind::Identity || (mode == Mode::View && after < 15 * MINUTE));
}

fn remember(t: &mut Truth, act: Act<Person>, by: &Hand<Person>, now: Moment) {
    match act {
        Act::Approve(scope) => t.approved = Some((by.person, scope)),
        Act::Second => t.seconded = Some(by.person),
        Act::Register { .. } => t.registered = Some(by.person),
        Act::Tap => t.tapped = Some(by.person),
        Act::Activate => t.opened = Some(now),
        Act::Break { .. } => t.broken = Some(now),
        Act::Close | Act::Expire | Act::Revoke { .. } => {
            t.over = true;
            if t.broken.is_some() {
                t.review_from = Some(now);
            }
        }
        Act::Justify | Act::Condemn { .. } => t.reviewed = Some(by.person),
        Act::Freeze => t.frozen = true,
        Act::Cover { .. } => t.covered |= 1 << by.person,
        Act::Offer { .. } => {
            t.covered |= 1 << by.person;
            t.offered_alone = by.alone;
        }
        Act::Release { .. } | Act::Vouch { .. } => t.released = Some((by.person, act.verb())),
        _ => {}
    }
}

type Seen = (Grant<Person>, Truth, Moment);

fn begin(way: Way, rooms: usize) -> Grant<Person> {
    let asked = scope(
        &[Kind::Registration, Kind::Identity],
        &[Mode::View, Mode::Print],
        HOUR,
    );
    Grant {
        state: State::Draft,
        way,
        rooms,
        asked,
        granted: asked,
        asker: 0,
        approver: None,
        second: None,
        registrar: None,
        tapped: false,
        witness: None,
        covered: None,
        cover_alone: false,
        released: None,
        until: None,
        from: None,
        began: None,
        ends: None,
        frozen: false,
    }
}

/// Before an own file is registered nothing has a term, and the clock changes nothing.
fn goes(g: &Grant<Person>) -> &'static [i64] {
    use State::{Approved, Covered, Draft, Released, Submitted};
    let termless = [Draft, Submitted, Approved, Covered, Released].contains(&g.state);
    if g.way == Way::Own && termless {
        &GOES[..1]
    } else {
        &GOES
    }
}

/// All that can be reached, level by level; `look` sees every step that is done.
fn search(
    start: Grant<Person>,
    alone: bool,
    mut look: impl FnMut(&Seen, Verb, &Seen),
) -> HashSet<Seen> {
    let (hands, acts) = (hands(alone, start.way == Way::Own), acts());
    let first = (start, Truth::default(), Moment(0));
    let mut seen = HashSet::from([first]);
    let mut level = vec![first];
    for _ in 0..DEPTH {
        let mut next = Vec::new();
        for here in &level {
            let (g, truth, at) = here;
            for goes in goes(g) {
                let now = at.plus(*goes);
                for by in &hands {
                    for act in &acts {
                        let by = Hand {
                            frozen: truth.frozen && by.person == g.asker,
                            covered: truth.covered & (1 << by.person) != 0,
                            ..*by
                        };
                        let Ok((to, _)) = step(g, *act, &by, TERMS, now) else {
                            continue;
                        };
                        page_was_right(g, truth, *act, &by, now);
                        let mut truth = *truth;
                        remember(&mut truth, *act, &by, now);
                        let there = (to, truth, now);
                        look(here, act.verb(), &there);
                        // Reading and denying to read change nothing.
                        if seen.insert(there) {
                            next.push(there);
                        }
                    }
                }
            }
        }
        level = next;
    }
    seen
}

fn everywhere(mut look: impl FnMut(&Seen, Verb, &Seen)) -> Vec<Seen> {
    let mut all = Vec::new();
    for (way, rooms, alone) in [
        (Way::Ordinary, 1, false),
        (Way::Ordinary, 1, true),
        (Way::Ordinary, ROOMS_BY_ONE + 1, false),
        (Way::Own, 1, false),
        (Way::Own, 1, true),
    ] {
        all.extend(search(begin(way, rooms), alone, &mut look));
    }
    all
}

#[test]
fn no_page_is_served_but_within_a_grant_of_distinct_persons_and_all_states_are_reached() {
    let mut served: BTreeMap<State, usize> = BTreeMap::new();
    let mut steps = 0usize;
    let seen = everywhere(|from, verb, _| {
        steps += 1;
        if verb == Verb::Read {
            *served.entry(from.0.state).or_default() += 1;
        }
    });
    assert_eq!(
        served.keys().copied().collect::<Vec<_>>(),
        [State::Active, State::Emergency]
    );
    for state in State::ALL {
        assert!(seen.iter().any(|(g, ..)| g.state == state), "{state:?}");
    }
    // The tap alone makes two persons enough, and never one.
    let tapped = |(g, ..): &&Seen| g.state == State::Active && g.registrar == Some(g.asker);
    assert!(seen.iter().filter(tapped).all(|(g, ..)| g.tapped));
    assert!(seen.iter().any(|one| tapped(&one)));
    println!("{} states, {steps} steps, {served:?}", seen.len());
}

#[test]
fn every_state_has_a_way_out_but_the_last_ones() {
    let last = [
        State::Closed,
        State::Denied,
        State::Withdrawn,
        State::Expired,
        State::Revoked,
        State::Justified,
        State::Violation,
    ];
    for state in State::ALL {
        assert_eq!(state.is_final(), last.contains(&state), "{state:?}");
    }
    let acts = acts();
    let mut looked: HashSet<Grant<Person>> = HashSet::new();
    for (g, _, at) in everywhere(|_, _, _| ()) {
        if g.state.is_final() || !looked.insert(g) {
            continue;
        }
        let hands = hands(g.cover_alone, g.way == Way::Own);
        let out = GOES.iter().any(|goes| {
            hands.iter().any(|by| {
                acts.iter().any(|act| {
                    step(&g, *act, by, TERMS, at.plus(*goes))
                        .is_ok_and(|(to, _)| to.state != g.state)
                })
            })
        });
        assert!(out, "{g:?} at {at:?}");
    }
}

#[test]
fn an_emergency_ends_in_a_review_by_another_or_in_a_frozen_person() {
    let mut ended = 0;
    for (g, t, at) in everywhere(|_, _, _| ()) {
        let Some(broken) = t.broken else { continue };
        match g.state {
            State::Justified | State::Violation => {
                let by = t.reviewed.expect("somebody looked into it");
                assert!(by != g.asker && g.witness != Some(by));
                ended += 1;
            }
            State::Emergency => assert!(g.ends == Some(broken.plus(EMERGENCY_WINDOW))),
            State::ReviewDue => {
                let due = t.review_from.expect("over").plus(REVIEW_WITHIN);
                assert_eq!(g.until, Some(due));
                // Whenever the clock comes by past the term, the person is frozen and stays so
                // until somebody looked into it.
                let clock = Hand {
                    clock: true,
                    ..hands(false, false)[5]
                };
                let late = due.max(at).plus(1);
                let froze = step(&g, Act::Freeze, &clock, TERMS, late);
                assert!(
                    t.frozen
                        || froze.is_ok_and(|(to, effects)| {
                            to.frozen && effects.contains(&Effect::FreezeAsker)
                        })
                );
            }
            other => panic!("an emergency that is {other:?}"),
        }
    }
    assert!(ended > 0);
}

#[test]
fn nothing_is_approved_by_the_passing_of_time() {
    everywhere(|from, verb, to| {
        if from.0.approver != to.0.approver {
            assert!(matches!(verb, Verb::Approve));
        }
        if verb == Verb::Expire {
            assert!(matches!(to.0.state, State::Expired | State::ReviewDue));
        }
    });
}
