//! Undoing a strike: every effect that can be undone is undone in the one write, and what
//! later strikes stood on is counted again.

use crate::channels::SanctionKind;
use crate::policy::Policy;
use crate::state::{SanctionState, StrikeState};
use crate::{ConductError, Sanction, Strike, events, store};
use foundation::database::{Look, Tx};
use foundation::ledger::{Audience, Event};

/// Why a strike falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// By whoever decided, soon after.
    Undone,
    /// By an appeal.
    Appeal,
}

impl Why {
    fn word(self) -> &'static str {
        match self {
            Why::Undone => "undone",
            Why::Appeal => "appeal",
        }
    }
}

/// Overrules a strike with everything that followed it.
pub(crate) fn overrule(
    tx: &mut Tx<'_>,
    strike: &Strike,
    policy: &Policy,
    why: Why,
) -> Result<(), ConductError> {
    let c = tx.community();
    tx.execute(store::set_strike(c, strike.id, StrikeState::Overruled))?;
    let sanctions: Vec<Sanction> = tx.all(store::sanctions_of_strike(c, strike.id))?;
    for sanction in &sanctions {
        reverse(tx, sanction, why)?;
    }
    recount_later(tx, strike, policy)
}

/// Takes one sanction back; whatever it had taken the place of stands again if its time
/// still runs.
fn reverse(tx: &mut Tx<'_>, s: &Sanction, why: Why) -> Result<(), ConductError> {
    let (c, now) = (tx.community(), tx.now());
    if !s.state.may_become(SanctionState::Reversed) {
        return Ok(());
    }
    tx.execute(store::move_sanction(
        c,
        s.id,
        s.state,
        SanctionState::Reversed,
        now,
    ))?;
    if s.kind == SanctionKind::Removal && s.state == SanctionState::Active {
        readmit(tx, s)?;
    }
    stand_again(tx, s)?;
    tx.also(
        Event::new(events::REVERSED)
            .about("sanction", s.id)
            .to(Audience::Account(s.account))
            .with("strike", s.strike)
            .with("why", why.word()),
    )?;
    Ok(())
}

/// Brings a removed member back, where the membership still waits for that.
pub(crate) fn readmit(tx: &mut Tx<'_>, s: &Sanction) -> Result<(), ConductError> {
    if let Some(member) = s.member
        && let Some(event) = membership::members::reinstate_in(tx, member)?
    {
        tx.also(event)?;
    }
    Ok(())
}

/// Those whose place `s` had taken stand again, or are served when their time is over.
fn stand_again(tx: &mut Tx<'_>, s: &Sanction) -> Result<(), ConductError> {
    let (c, now) = (tx.community(), tx.now());
    let earlier: Vec<Sanction> = tx.all(store::superseded_by(c, s.id))?;
    for e in earlier {
        let running = e.ends_at.is_some_and(|end| end > now);
        let to = if running {
            SanctionState::Active
        } else {
            SanctionState::Served
        };
        tx.execute(store::move_sanction(
            c,
            e.id,
            SanctionState::Superseded,
            to,
            now,
        ))?;
    }
    Ok(())
}

/// A strike that fell counts nothing, also for what came after it: a later sanction whose
/// rung had counted it becomes the milder one that it would have been.
fn recount_later(tx: &mut Tx<'_>, fallen: &Strike, policy: &Policy) -> Result<(), ConductError> {
    let c = tx.community();
    let all: Vec<Strike> = tx.all(store::strikes_of(c, fallen.account))?;
    for later in all {
        let counts = later.state == StrikeState::Issued
            && (later.issued_at, later.id) > (fallen.issued_at, fallen.id);
        if !counts {
            continue;
        }
        let (open,): (i64,) = tx.one(store::count_open_before(
            c,
            later.account,
            later.issued_at,
            later.id,
        ))?;
        let was = policy.ladder.next(later.open_before as usize);
        let would = policy.ladder.next(open as usize);
        if would.severity >= was.severity {
            continue;
        }
        let sanctions: Vec<Sanction> = tx.all(store::sanctions_of_strike(c, later.id))?;
        for s in sanctions {
            // Chosen milder than the ladder's own already: it stays as chosen.
            if s.severity > would.severity {
                lessen(tx, &s, would)?;
            }
        }
    }
    Ok(())
}

/// Makes a sanction milder from its own start; what is over by that is served.
pub(crate) fn lessen(
    tx: &mut Tx<'_>,
    s: &Sanction,
    to: crate::ladder::Rung,
) -> Result<(), ConductError> {
    let (c, now) = (tx.community(), tx.now());
    let standing = matches!(
        s.state,
        SanctionState::Active
            | SanctionState::Paused
            | SanctionState::Proposed
            | SanctionState::Superseded
    );
    if !standing || to.severity >= s.severity {
        return Ok(());
    }
    if s.kind == SanctionKind::Removal && s.state == SanctionState::Active {
        readmit(tx, s)?;
    }
    let ends = to.ends(s.starts_at);
    tx.execute(store::lessen(c, s.id, to.kind(), to.severity, ends, now))?;
    let over = ends.is_none_or(|end| end <= now);
    let next = if over {
        SanctionState::Served
    } else {
        SanctionState::Active
    };
    if s.state != next && s.state != SanctionState::Superseded {
        tx.execute(store::move_sanction(c, s.id, s.state, next, now))?;
    }
    if let Some(end) = ends.filter(|_| !over) {
        let id = format!("{}:{}:{}", crate::jobs::END, s.id, end.0);
        let what = serde_json::json!({ "sanction": s.id });
        foundation::jobs::enqueue(tx, crate::jobs::END, &id, &what, end)?;
    }
    tx.also(
        Event::new(events::LIFTED)
            .about("sanction", s.id)
            .to(Audience::Account(s.account))
            .with("kind", to.kind().word())
            .with("severity", to.severity)
            .with_some("until", ends),
    )?;
    Ok(())
}
