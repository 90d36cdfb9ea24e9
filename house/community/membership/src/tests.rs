//! The rules of membership, without database and doors.

use proptest::prelude::*;

use super::Relation;
use super::checks::{self, CheckKind, Facts, Match, Outcome};
use super::policy::{Advice, Arrears, Policy};
use super::reconcile::{Home, Kind, Standing, reconcile};
use super::state::{Event, Guard, Illegal, State, next};

fn guards() -> impl Strategy<Value = Guard> {
    any::<[bool; 4]>().prop_map(|[by_machine, has_reason, same_person, two_exist]| Guard {
        by_machine,
        has_reason,
        same_person,
        two_exist,
    })
}

proptest! {
    #[test]
    fn no_sequence_of_events_breaks_a_promise(
        steps in proptest::collection::vec((0..Event::ALL.len(), guards()), 0..40)
    ) {
        let mut at = State::Draft;
        let mut was_active = false;
        let mut was_invited = false;
        for (event, guard) in steps {
            let event = Event::ALL[event];
            let Ok(to) = next(at, event, guard) else { continue };
            // Nothing follows the end, and nothing is reached without its way.
            prop_assert!(!at.is_final(), "{at:?} is final but {event:?} led to {to:?}");
            was_invited |= to == State::Invited;
            was_active |= to == State::Active;
            if to == State::Active {
                prop_assert!(was_invited, "a member without an invitation");
            }
            if matches!(to, State::Suspended | State::Removed | State::Leaving | State::Ended) {
                prop_assert!(was_active);
            }
            // PIPL 24: no machine decides against a person; nobody without a reason.
            if matches!(event, Event::Reject | Event::Suspend | Event::Remove) {
                prop_assert!(!guard.by_machine && guard.has_reason);
            }
            if event == Event::Remove {
                prop_assert!(!guard.same_person, "one person removed alone");
            }
            if event == Event::Invite && guard.two_exist && !guard.by_machine {
                prop_assert!(!guard.same_person, "the verifier invited");
            }
            at = to;
        }
    }

    #[test]
    fn words_of_states_and_relations_read_back(i in 0..State::ALL.len()) {
        let state = State::ALL[i];
        prop_assert_eq!(State::from_word(state.word()), Some(state));
    }

    #[test]
    fn any_pasted_text_is_taken_without_harm(text in "\\PC{0,200}") {
        let out = reconcile(&text, &homes());
        prop_assert!(out.findings.len() + out.skipped <= text.lines().count());
    }
}

#[test]
fn every_state_but_the_last_has_a_way_on_and_every_way_is_named() {
    let mut legal = 0;
    for from in State::ALL {
        let ways = Event::ALL
            .iter()
            .filter(|e| next(from, **e, Guard::PERSON).is_ok())
            .count();
        assert_eq!(ways == 0, from.is_final(), "{from:?}");
        legal += ways;
    }
    // The table as the reference draws it; a new way is a decision, not an accident.
    assert_eq!(legal, 41);
    let refused = next(State::Draft, Event::Approve, Guard::PERSON);
    assert_eq!(
        refused,
        Err(Illegal::NotFrom {
            from: State::Draft,
            event: Event::Approve
        })
    );
}

fn green() -> Facts {
    Facts {
        room_known: true,
        name: Match::Agrees,
        phone: Match::Agrees,
        document: Match::NotGiven,
        relation_on_roster: Some(Relation::CoOwner),
        arrears_months: Some(0),
        arrears_limit: 6,
        ..Facts::default()
    }
}

#[test]
fn what_each_fact_does_to_the_advice() {
    let policy = Policy {
        arrears: Arrears::AdviseRefusal,
        ..Policy::default()
    };
    type Change = fn(&mut Facts);
    let cases: [(&str, Change, Advice); 12] = [
        ("all agrees", |_| {}, Advice::Green),
        (
            "a look-alike name",
            |f| f.name = Match::Likely,
            Advice::Look,
        ),
        ("another phone", |f| f.phone = Match::Differs, Advice::Look),
        ("a room unknown", |f| f.room_known = false, Advice::Look),
        ("a former owner", |f| f.former = true, Advice::Look),
        (
            "a tenant on the roster",
            |f| f.relation_on_roster = Some(Relation::Tenant),
            Advice::Look,
        ),
        (
            "a wrong check digit",
            |f| f.identity_well_formed = Some(false),
            Advice::Look,
        ),
        ("a member already", |f| f.memberships = 1, Advice::Look),
        (
            "the phone elsewhere",
            |f| f.phone_elsewhere = 1,
            Advice::Look,
        ),
        (
            "an old debt",
            |f| f.arrears_months = Some(7),
            Advice::Refuse,
        ),
        (
            "an old debt with a plan",
            |f| {
                f.arrears_months = Some(7);
                f.has_plan = true;
            },
            Advice::Green,
        ),
        (
            "a removal that runs",
            |f| f.removed_until = Some(1),
            Advice::Refuse,
        ),
    ];
    for (what, change, advice) in cases {
        let mut facts = green();
        change(&mut facts);
        let found = checks::run(&facts, Relation::Owner);
        assert_eq!(found.len(), CheckKind::ALL.len());
        assert_eq!(policy.advise(&found), advice, "{what}");
    }
    let mut owing = green();
    owing.arrears_months = Some(7);
    let found = checks::run(&owing, Relation::Owner);
    for (arrears, advice) in [(Arrears::Note, Advice::Green), (Arrears::Ask, Advice::Ask)] {
        let policy = Policy {
            arrears,
            ..Policy::default()
        };
        assert_eq!(policy.advise(&found), advice);
    }
    assert!(
        found
            .iter()
            .any(|c| c.kind == CheckKind::Fees && c.outcome == Outcome::Fail)
    );
}

fn homes() -> Vec<Home> {
    let home = |code: &str, people: &[(&str, Standing)]| Home {
        normal: code.into(),
        code: code.into(),
        people: people.iter().map(|(n, s)| ((*n).to_owned(), *s)).collect(),
    };
    vec![
        home(
            "3-2-1801",
            &[("王小明", Standing::Owner), ("李娜", Standing::Owner)],
        ),
        home(
            "3-2-1802",
            &[("張建國", Standing::Owner), ("劉洋", Standing::Tenant)],
        ),
        home(
            "3-2-1803",
            &[("陳麗華", Standing::Owner), ("趙大勇", Standing::Former)],
        ),
        home("3-2-1804", &[("周敏", Standing::Owner)]),
    ]
}

#[test]
fn a_pasted_member_list_becomes_findings() {
    let text = "群成員 9\n\
        1. 3-2-1801 王女士\n\
        3棟2單元1801-李娜\n\
        3-2-1802 張建国\n\
        3-2-1802 劉洋（租）\n\
        3-2-1803 趙大勇\n\
        3-2-1803 孫悟空\n\
        3-2-1801 王小姐\n\
        賣保險的小張\n\
        9-9-9901 吳用\n\
        ————\n";
    let out = reconcile(text, &homes());
    let kinds: Vec<(&str, Kind)> = out
        .findings
        .iter()
        .map(|f| (f.card.as_str(), f.kind))
        .collect();
    assert_eq!(
        kinds,
        [
            ("3-2-1801 王女士", Kind::Fits),
            ("3棟2單元1801-李娜", Kind::WrongCard),
            ("3-2-1802 張建国", Kind::Fits),
            ("3-2-1802 劉洋（租）", Kind::Tenant),
            ("3-2-1803 趙大勇", Kind::SoldOut),
            ("3-2-1803 孫悟空", Kind::Stranger),
            ("3-2-1801 王小姐", Kind::Double),
            ("賣保險的小張", Kind::NoRoom),
            ("9-9-9901 吳用", Kind::UnknownRoom),
        ]
    );
    assert_eq!(out.findings[1].ought, "3-2-1801 李娜");
    assert_eq!(out.missing, ["3-2-1803", "3-2-1804"]);
    assert_eq!(out.skipped, 2);
}
