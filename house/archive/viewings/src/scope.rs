//! What a viewing is for, what it may see, in which way and for how long.

use dossiers::{Kind, Kinds};
use foundation::clock::{HOUR, MINUTE};
use foundation::database::{DbError, FromValue, Value};
use foundation::page::key;

/// No window is longer, whatever was asked (archive.md P2).
pub const WINDOW_MAX: i64 = 8 * HOUR;
/// Copies of papers of identity are seen for so long at most, and in no other way (P2).
pub const IDENTITY_WINDOW: i64 = 15 * MINUTE;
/// A look without approval, in danger to life or with the police at the door (P2).
pub const EMERGENCY_WINDOW: i64 = 15 * MINUTE;
/// A viewing of more rooms than these needs two who approve, and the company is told (P2).
pub const ROOMS_BY_ONE: usize = 5;
/// Rooms of one viewing; also the ids that its event names.
pub const ROOMS_MAX: usize = 50;
/// Documents that a viewing may be narrowed to.
pub const DOCUMENTS_MAX: usize = 50;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal, $key:literal;)* })*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),* }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// As stored and as it stands in the ledger.
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word),* }
            }

            pub fn from_word(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|one| one.word() == word)
            }

            /// The key of its name on the screen.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => key($key)),* }
            }
        }

        impl FromValue for $name {
            fn from_value(value: Value) -> Result<$name, DbError> {
                let word = String::from_value(value)?;
                $name::from_word(&word)
                    .ok_or_else(|| DbError::Shape(format!("{word} is no {}", stringify!($name))))
            }
        }
    )* };
}

words! {
    /// Why a dossier is opened.
    Purpose {
        /// 辦理業主委託或核對資料
        Service = "service", "viewings-purpose-service";
        /// 爭議、投訴處理
        Dispute = "dispute", "viewings-purpose-dispute";
        /// 訴訟、仲裁
        Court = "court", "viewings-purpose-court";
        /// 行政機關、司法機關依法調取
        Authority = "authority", "viewings-purpose-authority";
        /// 內部檢查、審計
        Audit = "audit", "viewings-purpose-audit";
        /// 檔案移交
        Transfer = "transfer", "viewings-purpose-transfer";
        /// 本人查閱（個人信息保護法 45）
        Own = "own", "viewings-purpose-own";
        /// 生命安全
        Life = "life", "viewings-purpose-life";
        /// 公安、消防現場
        Police = "police", "viewings-purpose-police";
    }

    /// By which way a viewing came about.
    Way {
        /// Asked, approved, registered.
        Ordinary = "ordinary", "viewings-way-ordinary";
        /// A person looks at what is kept of them (個人信息保護法 45).
        Own = "own", "viewings-way-own";
        /// Opened at once, looked into afterwards.
        Emergency = "emergency", "viewings-way-emergency";
    }

    /// What may be done with what is opened.
    Mode {
        View = "view", "viewings-mode-view";
        /// Numbered copies that come back or are shredded.
        Print = "print", "viewings-mode-print";
        /// Numbered copies that are handed out, as to a court.
        Copy = "copy", "viewings-mode-copy";
        /// 原件借出: the box itself.
        Loan = "loan", "viewings-mode-loan";
    }
}

impl Purpose {
    /// Purposes of a viewing that is asked for.
    pub const ASKED: [Purpose; 6] = [
        Purpose::Service,
        Purpose::Dispute,
        Purpose::Court,
        Purpose::Authority,
        Purpose::Audit,
        Purpose::Transfer,
    ];
    /// What alone opens a dossier without approval (P2).
    pub const EMERGENCIES: [Purpose; 2] = [Purpose::Life, Purpose::Police];

    /// Whether a dossier whose tenure has ended may be opened for it: it is kept, and otherwise
    /// left alone (個人信息保護法 47; archive.md P1, sealed).
    pub fn opens_sealed(self) -> bool {
        matches!(
            self,
            Purpose::Court
                | Purpose::Authority
                | Purpose::Own
                | Purpose::Transfer
                | Purpose::Life
                | Purpose::Police
        )
    }
}

/// A set of modes; bit 0 is viewing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Modes(pub i64);

impl Modes {
    pub const VIEW: Modes = Modes(1);

    pub fn of(modes: impl IntoIterator<Item = Mode>) -> Modes {
        Modes(modes.into_iter().fold(0, |set, m| set | 1 << m as i64))
    }

    pub fn has(self, mode: Mode) -> bool {
        self.0 & (1 << mode as i64) != 0
    }

    pub fn iter(self) -> impl Iterator<Item = Mode> {
        Mode::ALL.iter().copied().filter(move |m| self.has(*m))
    }
}

impl FromValue for Modes {
    fn from_value(value: Value) -> Result<Modes, DbError> {
        i64::from_value(value).map(Modes)
    }
}

/// What may be seen, how and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    pub kinds: Kinds,
    pub modes: Modes,
    /// Milliseconds.
    pub window: i64,
}

impl Scope {
    /// Whether it is nothing beyond `asked`: who approves may narrow, never widen.
    pub fn is_within(&self, asked: &Scope) -> bool {
        self.kinds.without(asked.kinds).is_empty()
            && self.modes.0 & !asked.modes.0 == 0
            && self.window <= asked.window
            && self.makes_sense()
    }

    /// Something, in some way, for some time.
    pub fn makes_sense(&self) -> bool {
        !self.kinds.is_empty() && self.modes.0 != 0 && self.window > 0
    }

    /// Whether a page of a kind may be looked at in a way, so long after the window opened.
    pub fn covers(&self, kind: Kind, mode: Mode, after: i64) -> bool {
        let identity = kind != Kind::Identity || (mode == Mode::View && after < IDENTITY_WINDOW);
        self.kinds.has(kind) && self.modes.has(mode) && identity
    }
}

/// How long a window is open: the shortest of what was asked, what was approved, what the
/// office's policy has and what is allowed at all.
pub fn window(asked: i64, approved: i64, policy: i64) -> i64 {
    asked.min(approved).min(policy).min(WINDOW_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn scopes() -> impl Strategy<Value = Scope> {
        (0i64..1024, 0i64..16, 0i64..WINDOW_MAX * 2).prop_map(|(kinds, modes, window)| Scope {
            kinds: Kinds(kinds),
            modes: Modes(modes),
            window,
        })
    }

    proptest! {
        #[test]
        fn what_is_within_never_covers_more(a in scopes(), b in scopes(), after in 0..WINDOW_MAX) {
            if a.is_within(&b) {
                for kind in Kind::ALL {
                    for mode in Mode::ALL {
                        prop_assert!(!a.covers(kind, *mode, after) || b.covers(kind, *mode, after));
                    }
                }
                prop_assert!(a.window <= b.window);
            }
        }

        #[test]
        fn papers_of_identity_are_seen_a_quarter_of_an_hour_and_never_printed(s in scopes(), after in 0..WINDOW_MAX) {
            for mode in Mode::ALL {
                let seen = s.covers(Kind::Identity, *mode, after);
                prop_assert!(!seen || (*mode == Mode::View && after < IDENTITY_WINDOW));
            }
        }

        #[test]
        fn a_window_is_never_longer_than_any_limit(a in 1..WINDOW_MAX * 3, b in 1..WINDOW_MAX * 3, c in 1..WINDOW_MAX * 3) {
            let w = window(a, b, c);
            prop_assert!(w <= a && w <= b && w <= c && w <= WINDOW_MAX && w > 0);
        }
    }
}
