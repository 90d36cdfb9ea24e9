//! The ladder: what follows a confirmed breach. Pure, so that every rung can be tried
//! without a database. Severities are spaced, so that a rung can be put between two
//! others without renumbering what is stored.

use serde::{Deserialize, Serialize};

use crate::channels::SanctionKind;
use foundation::clock::{HOUR, Moment};

/// One step of the ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Rung {
    /// Orders the rungs; spaced by a thousand.
    pub severity: i64,
    /// Hours of silence; 0 is a warning, [`REMOVAL_HOURS`] is removal.
    pub hours: i64,
}

/// Marks the rung at which the member is removed.
pub const REMOVAL_HOURS: i64 = -1;
/// The longest mute: a year. What is meant for longer is a removal, by two.
pub const MUTE_HOURS_MAX: i64 = 24 * 365;
/// As many rungs as anybody can keep in mind.
pub const RUNGS_MAX: usize = 12;

impl Rung {
    pub fn kind(self) -> SanctionKind {
        match self.hours {
            0 => SanctionKind::Warning,
            REMOVAL_HOURS => SanctionKind::Removal,
            _ => SanctionKind::Mute,
        }
    }

    /// When a sanction of this rung ends that starts at `from`; a warning has no end.
    pub fn ends(self, from: Moment) -> Option<Moment> {
        match self.kind() {
            SanctionKind::Mute => Some(from.plus(self.hours * HOUR)),
            SanctionKind::Warning | SanctionKind::Removal => None,
        }
    }
}

/// The office's ladder, mildest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ladder(pub Vec<Rung>);

impl Default for Ladder {
    /// 警告 → 禁言 24 h → 7 d → 30 d → 移除: a convention that the office can change.
    fn default() -> Ladder {
        let rung = |severity, hours| Rung { severity, hours };
        Ladder(vec![
            rung(0, 0),
            rung(1_000, 24),
            rung(2_000, 24 * 7),
            rung(3_000, 24 * 30),
            rung(4_000, REMOVAL_HOURS),
        ])
    }
}

/// What is wrong with a ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LadderFault {
    #[error("a ladder has 1 to {RUNGS_MAX} rungs")]
    Length,
    #[error("rungs go up: each is severer and longer than the one before")]
    Order,
    #[error("a mute lasts 1 to {MUTE_HOURS_MAX} hours")]
    Hours,
}

impl Ladder {
    /// Looks whether the rungs go up and end within their bounds.
    ///
    /// # Errors
    /// [`LadderFault`], the first that is found.
    pub fn check(&self) -> Result<(), LadderFault> {
        if self.0.is_empty() || self.0.len() > RUNGS_MAX {
            return Err(LadderFault::Length);
        }
        let weight = |r: &Rung| {
            if r.hours == REMOVAL_HOURS {
                i64::MAX
            } else {
                r.hours
            }
        };
        for rung in &self.0 {
            if rung.hours != REMOVAL_HOURS && !(0..=MUTE_HOURS_MAX).contains(&rung.hours) {
                return Err(LadderFault::Hours);
            }
        }
        let up = |pair: &[Rung]| {
            pair[0].severity < pair[1].severity && weight(&pair[0]) < weight(&pair[1])
        };
        if self.0.windows(2).all(up) {
            Ok(())
        } else {
            Err(LadderFault::Order)
        }
    }

    /// The rung that follows when `open` strikes stand already (neither expired nor
    /// overruled). The last rung stays the last.
    pub fn next(&self, open: usize) -> Rung {
        let last = self.0.len().saturating_sub(1);
        self.0[open.min(last)]
    }

    /// The rung of a stored severity: it, or the mildest above it, or the last.
    pub fn of(&self, severity: i64) -> Rung {
        let at = self.0.iter().find(|r| r.severity >= severity);
        *at.or(self.0.last()).expect("a ladder has a rung")
    }

    /// The rungs milder than `severity`, mildest first: what an appeal may reduce to.
    pub fn below(&self, severity: i64) -> impl Iterator<Item = Rung> + '_ {
        self.0
            .iter()
            .copied()
            .filter(move |r| r.severity < severity)
    }
}
