//! The lives of a case, a strike, a sanction and an appeal, as tables: what may follow
//! what. Pure; the reference's state machine 2 (違規·處置·申訴).

macro_rules! states {
    ($(#[$doc:meta])* $name:ident { $($(#[$d:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$d])* $variant),* }
        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),*];
            /// As stored and as it stands in the ledger.
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word),* }
            }
            pub fn from_word(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|s| s.word() == word)
            }
        }
    };
}

states! {
    /// One thing said that somebody has to look at.
    CaseState {
        /// What a rule in trial would have done; nobody has to look.
        Trial = "trial",
        Open = "open",
        /// The company judged criticism of itself: an owner's side has to agree.
        Seconding = "seconding",
        Dismissed = "dismissed",
        Violation = "violation",
        /// 違法信息: hidden, preserved, to be reported.
        Illegal = "illegal",
        /// Taken back by its author before anybody decided.
        Withdrawn = "withdrawn",
    }
}

states! {
    /// Whether others see what was said.
    Visible {
        Shown = "shown",
        /// Waits for a person before anybody sees it.
        Held = "held",
        Hidden = "hidden",
    }
}

states! {
    /// 記過
    StrikeState {
        Issued = "issued",
        /// 屆滿: counts no more.
        Expired = "expired",
        /// 撤銷: counts as nothing.
        Overruled = "overruled",
    }
}

states! {
    /// 處置
    SanctionState {
        /// A removal that waits for its second person.
        Proposed = "proposed",
        Active = "active",
        /// An appeal has waited too long: without effect until it is decided.
        Paused = "paused",
        Served = "served",
        Lifted = "lifted",
        Reversed = "reversed",
        /// A severer one of a later strike took its place.
        Superseded = "superseded",
        /// Nobody confirmed the removal in time.
        Lapsed = "lapsed",
    }
}

states! {
    /// 申訴
    AppealState {
        Filed = "filed",
        Assigned = "assigned",
        /// Undecided for too long: the sanction is paused, the next level has it.
        Escalated = "escalated",
        Upheld = "upheld",
        Reduced = "reduced",
        Overturned = "overturned",
        Withdrawn = "withdrawn",
    }
}

impl CaseState {
    /// Somebody has to do something.
    pub fn is_waiting(self) -> bool {
        matches!(self, CaseState::Open | CaseState::Seconding)
    }

    /// Whether `to` may follow.
    pub fn may_become(self, to: CaseState) -> bool {
        use CaseState::*;
        matches!(
            (self, to),
            (Trial, Open)
                | (Open, Seconding | Dismissed | Violation | Illegal | Withdrawn)
                | (Seconding, Dismissed | Violation | Illegal | Open)
                // Undone soon after, by whoever decided.
                | (Dismissed | Violation, Open)
                | (Dismissed | Violation, Illegal)
        )
    }
}

impl SanctionState {
    /// Whether `to` may follow.
    pub fn may_become(self, to: SanctionState) -> bool {
        use SanctionState::*;
        matches!(
            (self, to),
            (Proposed, Active | Reversed | Lapsed)
                | (Active, Paused | Served | Lifted | Reversed | Superseded)
                | (Paused, Active | Served | Lifted | Reversed | Superseded)
                // The severer one that took its place was reversed.
                | (Superseded, Active | Reversed | Served)
                | (Served | Lifted | Lapsed, Reversed)
        )
    }
}

impl AppealState {
    pub fn is_open(self) -> bool {
        matches!(
            self,
            AppealState::Filed | AppealState::Assigned | AppealState::Escalated
        )
    }

    /// Whether `to` may follow.
    pub fn may_become(self, to: AppealState) -> bool {
        use AppealState::*;
        matches!(
            (self, to),
            (Filed | Assigned, Assigned | Escalated)
                | (Escalated, Assigned)
                | (
                    Filed | Assigned | Escalated,
                    Upheld | Reduced | Overturned | Withdrawn
                )
        )
    }
}
