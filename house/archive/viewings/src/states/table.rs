//! The table itself: what may be done in which state, what must hold for it, what follows.

use super::{Effect, Guard, State, Verb};

/// One row of the table.
pub struct Row {
    pub from: &'static [State],
    pub verb: Verb,
    pub to: State,
    pub guards: &'static [Guard],
    pub effects: &'static [Effect],
}

const ENDED: &[Effect] = &[Effect::EndViewers, Effect::BoxDue, Effect::TellOwnerLater];
const TO_REVIEW: &[Effect] = &[
    Effect::EndViewers,
    Effect::BoxDue,
    Effect::PlanReview,
    Effect::TellDeciders,
    Effect::TellOwnerLater,
];

const COVERS: &[Guard] = &[
    Guard::OwnFile,
    Guard::Registers,
    Guard::NotAsker,
    Guard::NotNear,
    Guard::NotFrozen,
    Guard::Inside,
];

/// All that may be done.
pub const TABLE: &[Row] = {
    use Effect as E;
    use Guard as G;
    use State as S;
    &[
        Row {
            from: &[S::Draft],
            verb: Verb::Submit,
            to: S::Submitted,
            guards: &[G::Asker, G::Complete, G::NotFrozen],
            effects: &[E::TellDeciders, E::PlanExpiry],
        },
        Row {
            from: &[
                S::Draft,
                S::Submitted,
                S::Approved,
                S::Covered,
                S::Released,
                S::Registered,
            ],
            verb: Verb::Withdraw,
            to: S::Withdrawn,
            guards: &[G::Asker],
            effects: &[],
        },
        // A person's own file: one covers what is of others, another looks at it and lets it go.
        Row {
            from: &[S::Approved],
            verb: Verb::See,
            to: S::Approved,
            guards: COVERS,
            effects: &[],
        },
        Row {
            from: &[S::Approved],
            verb: Verb::Cover,
            to: S::Approved,
            guards: COVERS,
            effects: &[],
        },
        Row {
            from: &[S::Approved],
            verb: Verb::Offer,
            to: S::Covered,
            guards: &[G::OwnFile, G::Registers, G::NotAsker, G::NotNear, G::Whole],
            effects: &[E::TellRegistrars],
        },
        Row {
            from: &[S::Covered],
            verb: Verb::See,
            to: S::Covered,
            guards: &[
                G::Releases,
                G::NotAsker,
                G::NotNear,
                G::OtherCover,
                G::NotFrozen,
                G::Inside,
            ],
            effects: &[],
        },
        Row {
            from: &[S::Covered],
            verb: Verb::Release,
            to: S::Released,
            guards: &[
                G::Registers,
                G::NotAsker,
                G::NotNear,
                G::OtherCover,
                G::CoverSeen,
            ],
            effects: &[E::TellRegistrars],
        },
        Row {
            from: &[S::Covered],
            verb: Verb::Vouch,
            to: S::Released,
            guards: &[
                G::Decides,
                G::NotAsker,
                G::NotNear,
                G::Fresh,
                G::OtherCover,
                G::CoverAlone,
                G::CoverSeen,
            ],
            effects: &[E::TellRegistrars],
        },
        Row {
            from: &[S::Covered],
            verb: Verb::SendBack,
            to: S::Approved,
            guards: &[G::Releases, G::NotAsker, G::NotNear, G::Reasoned],
            effects: &[E::TellRegistrars],
        },
        // With more than five rooms it stays submitted until the second approves.
        Row {
            from: &[S::Submitted],
            verb: Verb::Approve,
            to: S::Approved,
            guards: &[
                G::Decides,
                G::NotAsker,
                G::NotNear,
                G::Fresh,
                G::First,
                G::Narrows,
                G::InTime,
            ],
            effects: &[E::TellAsker, E::TellRegistrars, E::PlanExpiry],
        },
        Row {
            from: &[S::Submitted],
            verb: Verb::Second,
            to: S::Approved,
            guards: &[
                G::DecidesOrCompany,
                G::NotAsker,
                G::NotNear,
                G::Fresh,
                G::AnotherApproved,
                G::InTime,
            ],
            effects: &[
                E::TellCompany,
                E::TellAsker,
                E::TellRegistrars,
                E::PlanExpiry,
            ],
        },
        Row {
            from: &[S::Submitted],
            verb: Verb::Deny,
            to: S::Denied,
            guards: &[G::Decides, G::NotAsker, G::Reasoned],
            effects: &[E::TellAsker],
        },
        Row {
            from: &[S::Approved, S::Released],
            verb: Verb::Register,
            to: S::Registered,
            guards: &[
                G::Registers,
                G::NotApprover,
                G::OtherRegistrar,
                G::Released,
                G::IdentitySeen,
                G::InTime,
            ],
            effects: &[E::TellAsker, E::PlanExpiry],
        },
        Row {
            from: &[S::Registered],
            verb: Verb::Tap,
            to: S::Registered,
            guards: &[G::Decides, G::NotAsker, G::Fresh, G::TapWanted, G::InTime],
            effects: &[E::TellAsker],
        },
        Row {
            from: &[S::Registered],
            verb: Verb::Activate,
            to: S::Active,
            guards: &[
                G::Asker,
                G::Fresh,
                G::ThreePersons,
                G::Released,
                G::NotBefore,
                G::InTime,
                G::NotFrozen,
            ],
            effects: &[E::PlanExpiry],
        },
        Row {
            from: &[S::Active],
            verb: Verb::Read,
            to: S::Active,
            guards: &[
                G::Asker,
                G::ThreePersons,
                G::Released,
                G::Running,
                G::InScope,
                G::NotFrozen,
            ],
            effects: &[],
        },
        Row {
            from: &[S::Active],
            verb: Verb::Close,
            to: S::Closed,
            guards: &[G::Concerned],
            effects: ENDED,
        },
        Row {
            from: &[S::Active],
            verb: Verb::Expire,
            to: S::Expired,
            guards: &[G::Clock, G::PastTime],
            effects: ENDED,
        },
        Row {
            from: &[S::Submitted, S::Approved, S::Registered],
            verb: Verb::Expire,
            to: S::Expired,
            guards: &[G::Clock, G::PastTime],
            effects: &[E::TellAsker],
        },
        Row {
            from: &[S::Active],
            verb: Verb::Revoke,
            to: S::Revoked,
            guards: &[G::Decides, G::Reasoned],
            effects: &[E::EndViewers, E::BoxDue, E::TellOwnerLater, E::TellAsker],
        },
        Row {
            from: &[S::Approved, S::Covered, S::Released, S::Registered],
            verb: Verb::Revoke,
            to: S::Revoked,
            guards: &[G::Decides, G::Reasoned],
            effects: &[E::TellAsker],
        },
        Row {
            from: &[S::Draft],
            verb: Verb::Break,
            to: S::Emergency,
            guards: &[
                G::Asker,
                G::Fresh,
                G::Complete,
                G::InDanger,
                G::OtherWitness,
                G::NotFrozen,
            ],
            effects: &[E::TellDeciders, E::TellCompany, E::PlanExpiry],
        },
        Row {
            from: &[S::Emergency],
            verb: Verb::Read,
            to: S::Emergency,
            guards: &[G::Asker, G::Running, G::InScope, G::NotFrozen],
            effects: &[],
        },
        Row {
            from: &[S::Emergency],
            verb: Verb::Close,
            to: S::ReviewDue,
            guards: &[G::Concerned],
            effects: TO_REVIEW,
        },
        Row {
            from: &[S::Emergency],
            verb: Verb::Expire,
            to: S::ReviewDue,
            guards: &[G::Clock, G::PastTime],
            effects: TO_REVIEW,
        },
        Row {
            from: &[S::Emergency],
            verb: Verb::Revoke,
            to: S::ReviewDue,
            guards: &[G::Decides, G::Reasoned],
            effects: TO_REVIEW,
        },
        Row {
            from: &[S::ReviewDue],
            verb: Verb::Justify,
            to: S::Justified,
            guards: &[G::DecidesOrCompany, G::Fresh, G::Uninvolved, G::Reasoned],
            effects: &[E::TellAsker, E::ThawAsker],
        },
        Row {
            from: &[S::ReviewDue],
            verb: Verb::Condemn,
            to: S::Violation,
            guards: &[G::DecidesOrCompany, G::Fresh, G::Uninvolved, G::Reasoned],
            effects: &[E::TellCompany, E::TellAsker, E::FreezeAsker],
        },
        Row {
            from: &[S::ReviewDue],
            verb: Verb::Freeze,
            to: S::ReviewDue,
            guards: &[G::Clock, G::PastTime, G::NotYetFrozen],
            effects: &[E::FreezeAsker, E::TellDeciders, E::TellCompany],
        },
    ]
};
