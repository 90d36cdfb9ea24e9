//! Random histories by random hands.

use super::*;

type Person = u8;

/// What the log does not tell: a second factor, who lives where, words, papers seen.
const UNSEEN: [Guard; 5] = [
    Guard::Fresh,
    Guard::NotNear,
    Guard::Complete,
    Guard::Reasoned,
    Guard::IdentitySeen,
];

struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

/// As in the search: who asks and also registers; a manager; a specialist; a second manager;
/// the company; one who may do nothing; the clock.
fn hand(chance: &mut Chance, alone: bool, own: bool, frozen: bool) -> Hand<Person> {
    let person = chance.below(7) as Person;
    Hand {
        person,
        decides: matches!(person, 1 | 3) || (person == 0 && chance.below(9) == 0),
        company: person == 4,
        registers: match person {
            0 => chance.below(3) == 0,
            1 => chance.below(9) == 0,
            2 => own || !alone,
            5 => own && !alone,
            _ => false,
        },
        alone: alone && person == if own { 2 } else { 0 },
        covered: false,
        near: false,
        fresh: true,
        frozen: frozen && person == 0,
        clock: person == 6,
    }
}

/// An own file's one page: who covered it, and who saw it since it was handed over.
#[derive(Default)]
struct Paged {
    covered: Option<Person>,
    seen: BTreeSet<Person>,
}

/// What is done about it, as it is true.
fn covering(chance: &mut Chance, page: &Paged, by: Person) -> Act<Person> {
    let (inside, seen) = (chance.below(5) > 0, page.seen.contains(&by));
    match chance.below(7) {
        0 | 1 => Act::See { inside },
        2 => Act::Cover { inside },
        3 => Act::Offer {
            whole: page.covered.is_some(),
        },
        4 => Act::Release { seen },
        5 => Act::Vouch { seen },
        _ => Act::SendBack { reasoned: true },
    }
}

fn act(
    chance: &mut Chance,
    g: &Grant<Person>,
    danger: bool,
    page: &Paged,
    by: Person,
) -> Act<Person> {
    let both = [Paper::Registration, Paper::Identity];
    // What comes next in life, more often than the rest.
    if chance.below(2) == 0 {
        return match g.state {
            State::Draft if danger => Act::Break {
                in_danger: true,
                witness: [None, Some(1)][chance.below(2)],
            },
            State::Draft => Act::Submit { complete: true },
            State::Submitted if g.approver.is_some() => Act::Second,
            State::Submitted => Act::Approve(g.asked),
            State::Approved if g.way == Way::Own => covering(chance, page, by),
            State::Covered => covering(chance, page, by),
            State::Approved | State::Released => Act::Register {
                identity_seen: true,
            },
            State::Registered if g.registrar == Some(0) && !g.tapped => Act::Tap,
            State::Registered => Act::Activate,
            State::ReviewDue => {
                [Act::Justify, Act::Condemn { reasoned: true }, Act::Freeze][chance.below(3)]
            }
            _ => Act::Read {
                kind: both[chance.below(2)],
                mode: [Mode::View, Mode::Print][chance.below(2)],
                inside: chance.below(4) > 0,
            },
        };
    }
    match chance.below(17) {
        0 => Act::Submit { complete: true },
        1 => Act::Withdraw,
        2 => Act::Approve(scope(&[Paper::Registration], &[Mode::View], 30 * MINUTE)),
        3 => Act::Approve(scope(&[Paper::Covenant], &[Mode::View], HOUR)),
        4 => Act::Approve(scope(&both, &[Mode::View, Mode::Loan], HOUR)),
        5 => Act::Second,
        6 => Act::Deny { reasoned: true },
        7 => Act::Register {
            identity_seen: true,
        },
        8 => Act::Tap,
        9 => Act::Activate,
        10 => Act::Close,
        11 => Act::Expire,
        12 => Act::Revoke { reasoned: true },
        13 => Act::Break {
            in_danger: chance.below(4) > 0,
            witness: [None, Some(1), Some(0)][chance.below(3)],
        },
        14 => [Act::Justify, Act::Condemn { reasoned: true }][chance.below(2)],
        15 => covering(chance, page, by),
        _ => Act::Freeze,
    }
}

/// The event that the verb of an act writes.
fn event(
    g: &Grant<Person>,
    act: Act<Person>,
    by: &Hand<Person>,
    now: Moment,
    nth: i64,
) -> (Kind, Json) {
    let who = format!("p{}", by.person);
    let dossiers: Vec<String> = (0..g.rooms).map(|n| format!("d{n}")).collect();
    let wide = |s: &Scope| json!({ "kinds": s.kinds.0, "modes": s.modes.0, "window": s.window });
    let with = |mut facts: Json, more: Json| {
        let more = more.as_object().expect("facts").clone();
        facts.as_object_mut().expect("facts").extend(more);
        facts
    };
    let long = g.asked.window.min(g.granted.window).min(HOUR);
    match act {
        Act::Submit { .. } => (
            e::SUBMITTED,
            with(
                wide(&g.asked),
                json!({ "asker_as": "p0", "way": g.way.word(), "purpose": "service",
                        "dossiers": dossiers, "from": g.from.map(|from| from.0) }),
            ),
        ),
        Act::Withdraw => (e::WITHDRAWN, json!({})),
        Act::Approve(s) => (e::APPROVED, with(wide(&s), json!({ "approver_as": who }))),
        Act::Second => (e::SECONDED, json!({ "second_as": who })),
        Act::Deny { .. } => (e::DENIED, json!({ "decider_as": who })),
        Act::Register { .. } => (
            e::REGISTERED,
            json!({ "registrar_as": who, "year": now.date().year(), "nth": nth }),
        ),
        Act::Tap => (e::TAPPED, json!({ "tapped_as": who })),
        Act::Activate => (e::ACTIVATED, json!({ "ends": now.0 + long })),
        Act::Read { kind, mode, inside } => (
            e::PAGE_READ,
            json!({ "dossier": if inside { "d0" } else { "elsewhere" }, "document": "x",
                    "kind": kind.letter(), "page": 1, "mode": mode.word(), "code": 7 }),
        ),
        Act::Close => (e::CLOSED, json!({ "closer_as": who, "pages": 0 })),
        Act::Expire => (e::EXPIRED, json!({ "pages": 0 })),
        Act::Revoke { .. } => (e::REVOKED, json!({ "decider_as": who })),
        Act::Break { in_danger, witness } => (
            e::BROKEN,
            json!({ "asker_as": who, "purpose": if in_danger { "life" } else { "service" },
                    "dossiers": dossiers, "kinds": g.asked.kinds.0,
                    "witness_as": witness.map(|w| format!("p{w}")),
                    "ends": now.0 + 15 * MINUTE }),
        ),
        Act::Justify => (e::JUSTIFIED, json!({ "reviewer_as": who })),
        Act::Condemn { .. } => (e::CONDEMNED, json!({ "reviewer_as": who })),
        Act::Freeze => (e::FROZEN, json!({ "asker_as": "p0" })),
        Act::See { inside } | Act::Cover { inside } => (
            if matches!(act, Act::See { .. }) {
                e::COVER_SEEN
            } else {
                e::COVERED
            },
            json!({ "dossier": if inside { "d0" } else { "elsewhere" }, "document": "x",
                    "kind": "c", "page": 1, "person_as": who }),
        ),
        Act::Offer { .. } => (
            e::COVER_OFFERED,
            json!({ "person_as": who, "alone": i64::from(by.alone) }),
        ),
        Act::Release { .. } => (e::COVER_RELEASED, json!({ "person_as": who })),
        Act::Vouch { .. } => (e::COVER_VOUCHED, json!({ "person_as": who })),
        Act::SendBack { .. } => (e::COVER_SENT_BACK, json!({ "person_as": who })),
    }
}

/// The office from which a verb takes the right.
fn role(verb: Verb, by: &Hand<Person>) -> &'static str {
    let registers = matches!(
        verb,
        Verb::Register | Verb::See | Verb::Cover | Verb::Offer | Verb::Release | Verb::SendBack
    );
    match by {
        _ if registers && by.registers => "specialist",
        _ if by.decides => "manager",
        _ if by.company => "host",
        _ if by.registers => "specialist",
        _ => "on_duty",
    }
}

fn begin(chance: &mut Chance) -> Grant<Person> {
    let asked = scope(
        &[Paper::Registration, Paper::Identity],
        &[Mode::View, Mode::Print],
        HOUR,
    );
    Grant {
        state: State::Draft,
        way: [Way::Ordinary, Way::Ordinary, Way::Own][chance.below(3)],
        rooms: [1, 1, ROOMS_BY_ONE + 1][chance.below(3)],
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
        from: (chance.below(4) == 0).then(|| START.plus(2 * HOUR)),
        began: None,
        ends: None,
        frozen: false,
    }
}

/// What was seen over all histories, so that the test is known to try each guard.
#[derive(Default)]
struct Tried {
    refused: BTreeSet<Guard>,
    stood: BTreeSet<Verb>,
    reached: BTreeSet<State>,
    breaches: usize,
}

fn history(seed: u64, tried: &mut Tried) {
    let mut chance = Chance(seed);
    let mut log = Log::new();
    let mut g = begin(&mut chance);
    let (alone, danger) = (chance.below(3) == 0, chance.below(3) == 0);
    let terms = Policy::default().terms();
    let (mut begun, mut nth, mut frozen) = (false, 1, false);
    let mut page = Paged::default();
    for _ in 0..80 {
        let goes = [0, MINUTE, 16 * MINUTE, 5 * HOUR, 25 * HOUR, 74 * HOUR];
        let far = if chance.below(4) == 0 { 6 } else { 3 };
        log.now = log.now.plus(goes[chance.below(far)]);
        let mut by = hand(&mut chance, alone, g.way == Way::Own, frozen);
        by.covered = page.covered == Some(by.person);
        let act = act(&mut chance, &g, danger, &page, by.person);
        let verb = act.verb();
        // One that is opened at once was never written down before.
        if verb == Verb::Break && begun {
            continue;
        }
        // Whoever opens it at once is who asks, of a few rooms.
        let odd = by.person != g.asker || g.rooms > ROOMS_BY_ONE || g.way == Way::Own;
        if verb == Verb::Break && odd {
            continue;
        }
        let actor = if by.clock {
            "system".into()
        } else {
            format!("a:{}", by.person)
        };
        if !begun && verb != Verb::Break {
            log.fine(
                e::DRAFTED,
                "viewing:v",
                ("a:0", ""),
                json!({ "dossiers": ["d0"] }),
            );
            begun = true;
        }
        let (kind, facts) = event(&g, act, &by, log.now, nth);
        let as_ = (actor.as_str(), role(verb, &by));
        match step(&g, act, &by, terms, log.now) {
            Ok((next, _)) => {
                let out = log.say(kind, "viewing:v", as_, facts.clone());
                assert_eq!(
                    out, None,
                    "seed {seed}: {verb:?} by {by:?} in {g:?}: {facts}"
                );
                match verb {
                    Verb::Cover => page.covered = Some(by.person),
                    Verb::Offer => page.seen.clear(),
                    Verb::See if g.state == State::Covered => {
                        page.seen.insert(by.person);
                    }
                    _ => {}
                }
                g = next;
                begun = true;
                nth += i64::from(verb == Verb::Register);
                frozen = match g.state {
                    State::Violation => true,
                    State::Justified => false,
                    _ => frozen || g.frozen,
                };
                tried.stood.insert(verb);
                tried.reached.insert(g.state);
            }
            Err(Refused::Guard(guard)) if UNSEEN.contains(&guard) => {}
            // Whether a specialist is alone the log does not tell; the tap is then wanted.
            Err(Refused::Guard(Guard::OtherRegistrar)) if g.way == Way::Ordinary => {}
            Err(refused) => {
                let out = log.say(kind, "viewing:v", as_, facts.clone());
                assert!(
                    out.is_some(),
                    "seed {seed}: {verb:?} by {by:?} ({refused:?}) stood in {g:?}: {facts}"
                );
                tried.breaches += 1;
                if let Refused::Guard(guard) = refused {
                    tried.refused.insert(guard);
                }
            }
        }
    }
}

#[test]
fn the_rule_says_what_the_table_says() {
    let mut tried = Tried::default();
    for seed in 1..=6_000u64 {
        history(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15), &mut tried);
    }
    for state in State::ALL {
        let drawn = state == State::Draft || tried.reached.contains(&state);
        assert!(drawn, "{state:?} was never reached");
    }
    for guard in [
        Guard::Decides,
        Guard::DecidesOrCompany,
        Guard::Registers,
        Guard::Asker,
        Guard::NotAsker,
        Guard::Narrows,
        Guard::First,
        Guard::AnotherApproved,
        Guard::NotApprover,
        Guard::OtherRegistrar,
        Guard::TapWanted,
        Guard::ThreePersons,
        Guard::NotBefore,
        Guard::InTime,
        Guard::PastTime,
        Guard::Running,
        Guard::InScope,
        Guard::InDanger,
        Guard::OtherWitness,
        Guard::Uninvolved,
        Guard::Clock,
        Guard::Concerned,
        Guard::OwnFile,
        Guard::Inside,
        Guard::Whole,
        Guard::OtherCover,
        Guard::Releases,
        Guard::CoverSeen,
        Guard::CoverAlone,
        Guard::Released,
    ] {
        assert!(tried.refused.contains(&guard), "{guard:?} was never tried");
    }
    assert_eq!(tried.stood.len(), 22, "{:?}", tried.stood);
    println!("{} breaches named", tried.breaches);
}
