//! What the reader of a viewing may do now: which buttons its page has. The verbs ask again.

use crate::State;
use crate::listing::Story;
use crate::scope::{Mode, ROOMS_BY_ONE, Way};
use crate::states::three_persons;
use permissions::Permission;
use permissions::actor::Actor;

/// What the reader may do now.
#[derive(Default)]
pub struct Can {
    pub edit: bool,
    pub withdraw: bool,
    pub approve: bool,
    pub second: bool,
    pub deny: bool,
    pub register: bool,
    pub alone: bool,
    pub tap: bool,
    pub tap_waits: bool,
    pub activate: bool,
    pub view: bool,
    pub close: bool,
    pub revoke: bool,
    pub lend: bool,
    pub back: bool,
    pub review: bool,
    pub thaw: bool,
    pub withhold: bool,
    pub cover: bool,
    pub release: bool,
    pub vouch: bool,
    pub send_back: bool,
}

pub fn can(by: &Actor, s: &Story) -> Can {
    let (v, hand) = (&s.viewing, &s.hand);
    let waits = |state| v.state == state;
    let decides = hand.decides && by.has(Permission::ViewingDecide);
    let other = !s.mine && hand.person != v.asker_as;
    let registrar = hand.registers && by.has(Permission::ViewingRegister);
    let bulk = v.rooms > ROOMS_BY_ONE as i64;
    let uninvolved = other && v.witness_as != Some(hand.person);
    let open = v.state.shows();
    let ready = three_persons(&v.grant());
    let (released, vouch) = release(by, s);
    let registered_from = if v.way == Way::Own {
        State::Released
    } else {
        State::Approved
    };
    Can {
        edit: s.mine && waits(State::Draft) && v.way == Way::Ordinary,
        withdraw: s.mine
            && matches!(
                v.state,
                State::Draft
                    | State::Submitted
                    | State::Approved
                    | State::Covered
                    | State::Released
                    | State::Registered
            ),
        approve: decides && other && !hand.near && waits(State::Submitted) && v.approver.is_none(),
        second: (decides || hand.company)
            && by.has(Permission::ViewingDecide)
            && other
            && !hand.near
            && bulk
            && waits(State::Submitted)
            && v.approver_as.is_some_and(|first| first != hand.person),
        deny: decides && other && waits(State::Submitted),
        register: registrar
            && waits(registered_from)
            && v.approver_as != Some(hand.person)
            && v.second_as != Some(hand.person)
            && (other || hand.alone),
        alone: !other && hand.alone,
        tap: decides && other && waits(State::Registered) && !ready && !v.tapped,
        tap_waits: s.mine && waits(State::Registered) && !ready,
        activate: s.mine && waits(State::Registered) && ready && !hand.frozen,
        view: s.mine && open,
        close: open && (s.mine || decides || registrar),
        revoke: decides
            && matches!(
                v.state,
                State::Approved
                    | State::Covered
                    | State::Released
                    | State::Registered
                    | State::Active
            ),
        lend: by.has(Permission::ViewingRegister)
            && other
            && waits(State::Active)
            && v.granted.modes.has(Mode::Loan),
        back: by.has(Permission::ViewingRegister),
        review: (decides || hand.company)
            && by.has(Permission::ViewingDecide)
            && uninvolved
            && waits(State::ReviewDue),
        thaw: by.roles.contains(&permissions::Role::Manager) && other && waits(State::Violation),
        withhold: decides
            && v.way != Way::Own
            && !v.withheld
            && v.told_at.is_none()
            && v.began_at.is_some(),
        cover: registrar && other && !hand.near && v.way == Way::Own && waits(State::Approved),
        release: released,
        vouch,
        send_back: other
            && !hand.near
            && waits(State::Covered)
            && (registrar || (decides && v.cover_alone)),
    }
}

/// Whether the reader may look at covered pages to let them go: as another specialist, or for
/// the manager where one specialist is alone.
pub fn release(by: &Actor, s: &Story) -> (bool, bool) {
    let (v, hand) = (&s.viewing, &s.hand);
    let other = hand.person != v.asker_as && !hand.near && !hand.covered;
    let waits = v.state == State::Covered && other && v.covered_as != Some(hand.person);
    (
        waits && hand.registers && by.has(Permission::ViewingRegister),
        waits && hand.decides && v.cover_alone && by.has(Permission::ViewingDecide),
    )
}
