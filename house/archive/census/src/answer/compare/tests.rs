//! A household of an owner and a child, and what may be said of it.

use roster::rows::RoomFacts;
use roster::{Room, RoomRef};

use super::*;
use crate::home::Member;

fn id(n: u8) -> Id {
    format!("000000000000000{n}").parse().expect("an id")
}

fn question(what: What, of: u8, known: &str) -> Question {
    Question {
        key: format!("{}-{}", what.word(), id(of)),
        what,
        of: Some(id(of)),
        known: known.into(),
        shown: "***".into(),
        mark: format!("mark of {known}"),
    }
}

fn member(n: u8, tie: Tie, child: bool, phone: &str) -> Member {
    Member {
        party: id(n),
        relation: id(n + 4),
        tie,
        name: "王**".into(),
        organisation: false,
        child,
        questions: vec![
            question(What::Here, n + 4, tie.word()),
            question(What::Phone, n, phone),
        ],
    }
}

fn home() -> Home {
    Home {
        room: Room {
            at: RoomRef {
                id: id(9),
                code: "3-2-1801".into(),
                normal: String::new(),
                sort_key: vec![],
            },
            phase: String::new(),
            zone: String::new(),
            building: "3".into(),
            unit: "2".into(),
            facts: RoomFacts::default(),
            has_note: false,
            version: 1,
        },
        usage: Question {
            key: "use".into(),
            of: None,
            ..question(What::Use, 9, "let")
        },
        people: vec![
            member(1, Tie::Owner, false, "13800138001"),
            member(2, Tie::Family, true, ""),
        ],
        plates: vec![question(What::Plate, 8, "粤B12345")],
    }
}

fn said(given: &[(&str, Given)]) -> Fields {
    Fields {
        given: given
            .iter()
            .map(|(k, g)| ((*k).to_owned(), g.clone()))
            .collect(),
        ..Fields::default()
    }
}

fn to(text: &str) -> Given {
    Given::To(text.into())
}

#[test]
fn every_field_is_confirmed_or_changed_or_ticked_for_the_household() {
    let fields = said(&[("use", Given::Same)]);
    let Err(CensusError::Missing(missing)) = compare(&home(), &fields) else {
        panic!("fields are missing");
    };
    // The child's are not asked for.
    assert_eq!(missing.len(), 3, "{missing:?}");
    let ticked = Fields {
        rest_same: true,
        ..fields
    };
    assert_eq!(compare(&home(), &ticked).expect("complete"), []);
}

#[test]
fn a_child_is_asked_about_with_a_guardians_consent_only() {
    let phone = format!("phone-{}", id(2));
    let mut fields = said(&[(phone.as_str(), to("13900139000"))]);
    fields.rest_same = true;
    let refused = compare(&home(), &fields);
    assert!(matches!(refused, Err(CensusError::Field(key, Fault::Consent)) if key == phone));
    fields.consents.push(id(2));
    assert_eq!(compare(&home(), &fields).expect("with consent").len(), 1);

    let mut new = Newcomer {
        name: "王小寶".into(),
        tie: "family".into(),
        child: true,
        ..Newcomer::default()
    };
    let with = |new: &Newcomer| Fields {
        rest_same: true,
        newcomers: vec![new.clone()],
        ..Fields::default()
    };
    let refused = |new: &Newcomer| {
        matches!(
            compare(&home(), &with(new)),
            Err(CensusError::Field(_, Fault::Consent))
        )
    };
    assert!(refused(&new), "neither guardian nor consent");
    new.consent = true;
    assert!(refused(&new), "no guardian");
    new.guardian = Some(id(2));
    assert!(refused(&new), "a child is no guardian");
    new.guardian = Some(id(1));
    assert_eq!(compare(&home(), &with(&new)).expect("with both").len(), 1);
}

#[test]
fn the_same_number_typed_otherwise_is_no_difference() {
    let phone = format!("phone-{}", id(1));
    let mut fields = said(&[(phone.as_str(), to("+86 138-0013-8001"))]);
    fields.rest_same = true;
    assert_eq!(compare(&home(), &fields).expect("read"), []);
    fields.given.insert(phone.clone(), to("13900139000"));
    let found = compare(&home(), &fields).expect("read");
    assert_eq!(found.len(), 1);
    assert!(matches!(&found[0].becomes, Becomes::Phone { to, .. } if to.contains("139")));
    fields.given.insert(phone, to("no number"));
    assert!(matches!(
        compare(&home(), &fields),
        Err(CensusError::Field(_, Fault::Phone))
    ));
}

#[test]
fn what_changed_since_it_was_shown_is_a_conflict() {
    let phone = format!("phone-{}", id(1));
    let mut fields = said(&[]);
    fields.rest_same = true;
    fields.marks.insert(phone.clone(), "an older mark".into());
    let found = compare(&home(), &fields).expect("read");
    assert_eq!((found.len(), found[0].conflict), (1, true));
    assert_eq!(
        found[0].becomes,
        Becomes::Nothing,
        "the old one was confirmed"
    );
    fields.given.insert(phone, to("13900139000"));
    let found = compare(&home(), &fields).expect("read");
    assert!(found[0].conflict && found[0].becomes != Becomes::Nothing);
    let gone = said(&[("phone-0000000000000007", to("13900139000"))]);
    let gone = Fields {
        rest_same: true,
        ..gone
    };
    assert!(compare(&home(), &gone).expect("read")[0].conflict);
}

#[test]
fn owners_are_not_ended_by_a_census_and_others_move_out() {
    let (owner, child) = (format!("here-{}", id(5)), format!("here-{}", id(6)));
    let fields = said(&[(owner.as_str(), Given::Gone), (child.as_str(), Given::Gone)]);
    let fields = Fields {
        rest_same: true,
        consents: vec![id(2)],
        ..fields
    };
    let found = compare(&home(), &fields).expect("read");
    assert_eq!(found[0].becomes, Becomes::Sold { party: id(1) });
    assert_eq!(
        found[1].becomes,
        Becomes::MovedOut {
            party: id(2),
            relation: id(6)
        }
    );
}

#[test]
fn cars_come_and_go() {
    let plate = format!("plate-{}", id(8));
    let fields = Fields {
        rest_same: true,
        plates: vec!["粵B·12345".into(), "粤B66666".into()],
        ..said(&[(plate.as_str(), Given::Gone)])
    };
    let found = compare(&home(), &fields).expect("read");
    assert_eq!(
        found.len(),
        2,
        "the one that is there is not new: {found:?}"
    );
    let bad = Fields {
        rest_same: true,
        plates: vec!["?".into()],
        ..Fields::default()
    };
    assert!(matches!(
        compare(&home(), &bad),
        Err(CensusError::Field(_, Fault::Plate))
    ));
}
