//! Rules of this room that need no database.

use proptest::prelude::*;

use crate::channels::{Channel, SanctionKind};
use crate::ladder::{Ladder, LadderFault, REMOVAL_HOURS, Rung};
use crate::policy::Policy;
use crate::quarter::Quarter;
use crate::report::weight_hundredths;
use crate::state::{AppealState, CaseState, SanctionState};
use foundation::clock::{HOUR, Moment};

#[test]
fn no_sanction_closes_anything_but_speech() {
    for kind in SanctionKind::ALL {
        for channel in Channel::ALL {
            let closes = kind.closes(channel);
            let may = channel == Channel::Speech && kind != SanctionKind::Warning;
            assert_eq!(closes, may, "{kind:?} on {channel:?}");
        }
    }
}

#[test]
fn the_shipped_ladder_goes_from_a_warning_to_removal() {
    let ladder = Ladder::default();
    ladder.check().expect("it goes up");
    let hours: Vec<i64> = (0..7).map(|open| ladder.next(open).hours).collect();
    assert_eq!(
        hours,
        [0, 24, 168, 720, REMOVAL_HOURS, REMOVAL_HOURS, REMOVAL_HOURS]
    );
}

#[test]
fn a_ladder_that_does_not_go_up_is_refused() {
    let rung = |severity, hours| Rung { severity, hours };
    let cases = [
        (vec![], LadderFault::Length),
        (vec![rung(0, 0), rung(0, 24)], LadderFault::Order),
        (vec![rung(0, 48), rung(1, 24)], LadderFault::Order),
        (
            vec![rung(0, REMOVAL_HOURS), rung(1, 24)],
            LadderFault::Order,
        ),
        (vec![rung(0, -2)], LadderFault::Hours),
        (vec![rung(0, 9_000)], LadderFault::Hours),
    ];
    for (rungs, fault) in cases {
        assert_eq!(Ladder(rungs.clone()).check(), Err(fault), "{rungs:?}");
    }
}

#[test]
fn nothing_follows_an_appeal_that_was_decided_or_a_sanction_that_was_reversed() {
    for to in AppealState::ALL {
        for from in AppealState::ALL.iter().filter(|s| !s.is_open()) {
            assert!(!from.may_become(*to), "{from:?} → {to:?}");
        }
    }
    for to in SanctionState::ALL {
        assert!(!SanctionState::Reversed.may_become(*to));
    }
}

#[test]
fn every_sanction_that_has_or_had_an_effect_can_be_reversed() {
    for state in SanctionState::ALL {
        let effect = *state != SanctionState::Reversed;
        assert_eq!(
            state.may_become(SanctionState::Reversed),
            effect,
            "{state:?}"
        );
    }
}

#[test]
fn what_is_illegal_is_never_opened_again_by_the_desk() {
    for to in CaseState::ALL {
        assert!(!CaseState::Illegal.may_become(*to));
    }
}

#[test]
fn a_reporter_begins_in_the_middle_and_is_believed_by_their_record() {
    assert_eq!(weight_hundredths(0, 0), 50);
    assert!(weight_hundredths(8, 1) > 80);
    assert!(weight_hundredths(1, 8) < 20);
}

#[test]
fn terms_that_would_lose_evidence_under_an_appeal_are_refused() {
    let short = Policy {
        keep_days: 100,
        ..Policy::default()
    };
    assert!(short.check().is_err(), "six months at least");
    let late = Policy {
        appeal_days: 300,
        ..Policy::default()
    };
    assert!(late.check().is_err(), "an appeal finds what it is about");
    Policy::default().check().expect("the shipped one");
}

proptest! {
    #[test]
    fn a_rung_ends_exactly_its_hours_after_it_began(start in 0_i64..4_000_000_000_000, hours in 1_i64..8_760) {
        let ends = Rung { severity: 1, hours }.ends(Moment(start));
        prop_assert_eq!(ends, Some(Moment(start + hours * HOUR)));
    }

    #[test]
    fn more_open_strikes_never_give_a_milder_rung(open in 0_usize..40) {
        let ladder = Ladder::default();
        prop_assert!(ladder.next(open + 1).severity >= ladder.next(open).severity);
    }

    #[test]
    fn an_instant_lies_in_the_quarter_it_is_of(at in 946_684_800_000_i64..4_102_444_800_000) {
        let quarter = Quarter::of(Moment(at));
        let (from, to) = quarter.span();
        prop_assert!(from.0 <= at && at < to.0);
        prop_assert_eq!(Quarter::from_code(quarter.code()), Some(quarter));
        prop_assert_eq!(quarter.before().span().1, from);
    }
}
