//! The review desk: a person looks at what was found or reported, and decides.

use serde_json::json;

use crate::channels::SanctionKind;
use crate::ladder::Rung;
use crate::policy::{Policy, policy_in};
use crate::reversal::{self, Why};
use crate::state::{CaseState, SanctionState, StrikeState, Visible};
use crate::store::{self, Move};
use crate::{
    Case, ConductError, Sanction, Strike, events, has_owner_side, jobs, not_a_party, owner_side,
    words,
};
use foundation::clock::{DAY, MINUTE, Moment};
use foundation::database::{Community, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::enqueue;
use foundation::ledger::{Audience, Event};
use membership::texts::{self, TextName};
use permissions::actor::Actor;
use permissions::{Permission, Role};

/// How long a colleague is told that somebody looks at a case.
pub const CLAIM_MS: i64 = 5 * MINUTE;
/// As many cases of one flood as are decided at once.
pub const FLOOD_MAX: i64 = 200;

/// A decision at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// No breach.
    Dismiss,
    /// A breach; what follows is the rung of this severity.
    Breach { severity: i64 },
    /// 違法信息: a breach that is preserved and reported as well.
    Illegal { severity: i64 },
}

/// Tells colleagues that somebody looks at the case; who looked before, while that is fresh.
pub async fn claim(house: &House, by: &Actor, case: Id) -> Result<Option<Id>, ConductError> {
    by.may(Permission::ConductDecide)?;
    let account = by.account.ok_or(ConductError::NotFound)?;
    let c = by.community;
    let out = house
        .write(c, &by.who_for(Permission::ConductDecide), move |mut tx| {
            let now = tx.now();
            let k: Option<Case> = tx.optional(store::case(c, case))?;
            let k = k.ok_or(ConductError::NotFound)?;
            let fresh = |at: Moment| at.plus(CLAIM_MS) > now;
            if k.claimed_by == Some(account) && k.claimed_at.is_some_and(fresh) {
                return Err(ConductError::NotPending);
            }
            let other = k
                .claimed_by
                .filter(|_| k.claimed_at.is_some_and(fresh))
                .filter(|other| *other != account);
            if other.is_none() {
                tx.execute(store::claim_case(c, case, account, now))?;
            }
            let event = Event::new(events::CLAIMED)
                .about("case", case)
                .to(Audience::Staff)
                .with("other", other.is_some());
            Ok(tx.record(event, other)?)
        })
        .await;
    match out {
        Err(ConductError::NotPending) => Ok(None),
        other => other,
    }
}

/// Decides the case as it was at `version`.
///
/// # Errors
/// [`ConductError::Changed`] when somebody changed it since; [`ConductError::Party`],
/// [`ConductError::Involved`] and [`ConductError::NeedsOwnerSide`] when this person may not;
/// [`ConductError::BeyondLimits`] when the rung is not theirs to choose.
pub async fn decide(
    house: &House,
    by: &Actor,
    case: Id,
    version: i64,
    decision: Decision,
    about_company: bool,
    why: &str,
) -> Result<CaseState, ConductError> {
    by.may(Permission::ConductDecide)?;
    let account = by.account.ok_or(ConductError::NotFound)?;
    // A dismissal may go without words; what weighs on somebody may not.
    let why = match decision {
        Decision::Dismiss => why.trim(),
        Decision::Breach { .. } | Decision::Illegal { .. } => words(why)?,
    };
    if why.chars().count() > crate::WORDS_CHARS_MAX {
        return Err(ConductError::Words);
    }
    let c = by.community;
    let ring = house.keys.ring(c, &[case]).await?;
    let reason = if ring.has(case) {
        Some(house.keys.seal(&ring, case, "reason", why.as_bytes())?)
    } else {
        None
    };
    let ids = [house.id(), house.id()];
    let actor = by.clone();
    house
        .write(c, &by.who_for(Permission::ConductDecide), move |mut tx| {
            let k: Option<Case> = tx.optional(store::case(c, case))?;
            let k = k.ok_or(ConductError::NotFound)?;
            if k.version != version {
                return Err(ConductError::Changed);
            }
            if !k.state.is_waiting() {
                return Err(ConductError::NotPending);
            }
            not_a_party(&mut tx, c, &k, account)?;
            let judge = Judge {
                actor: &actor,
                account,
                about_company,
                reason,
                ids,
            };
            let (event, state) = match decision {
                Decision::Dismiss => judge.dismiss(&mut tx, &k)?,
                Decision::Breach { severity } => judge.breach(&mut tx, &k, severity, false)?,
                Decision::Illegal { severity } => judge.breach(&mut tx, &k, severity, true)?,
            };
            Ok(tx.record(event, state)?)
        })
        .await
}

/// Decides all that the same author said alike; how many were decided.
pub async fn decide_flood(
    house: &House,
    by: &Actor,
    case: Id,
    decision: Decision,
    about_company: bool,
    why: &str,
) -> Result<usize, ConductError> {
    by.may(Permission::ConductDecide)?;
    let c = by.community;
    let k: Option<Case> = house.db.optional(store::case(c, case)).await?;
    let k = k.ok_or(ConductError::NotFound)?;
    let author = k.author.ok_or(ConductError::NotPending)?;
    let all: Vec<Case> = house
        .db
        .all(store::flood(c, author, &k.digest, FLOOD_MAX))
        .await?;
    let mut done = 0;
    for (at, k) in all.iter().enumerate() {
        // One flood is one breach: the first bears the strike, the rest are hidden with it.
        let decision = match decision {
            Decision::Breach { .. } if at > 0 => {
                hide_with(house, by, k, why).await?;
                done += 1;
                continue;
            }
            other => other,
        };
        match decide(house, by, k.id, k.version, decision, about_company, why).await {
            Ok(_) => done += 1,
            Err(ConductError::Changed | ConductError::NotPending) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(done)
}

/// Hides one of a flood without a strike of its own.
async fn hide_with(house: &House, by: &Actor, k: &Case, why: &str) -> Result<(), ConductError> {
    let account = by.account.ok_or(ConductError::NotFound)?;
    let why = words(why)?;
    let c = by.community;
    let ring = house.keys.ring(c, &[k.id]).await?;
    let reason = house.keys.seal(&ring, k.id, "reason", why.as_bytes()).ok();
    let k = k.clone();
    house
        .write(c, &by.who_for(Permission::ConductDecide), move |mut tx| {
            not_a_party(&mut tx, c, &k, account)?;
            let (now, moved) = (tx.now(), moved(&k, CaseState::Violation, Visible::Hidden));
            let moved = Move {
                decided: Some(Some(account)),
                reason,
                ..moved
            };
            if tx.execute(store::move_case(c, &moved, now))? == 0 {
                return Err(ConductError::Changed);
            }
            tx.execute(store::settle_reports(c, k.id, "right"))?;
            let event = Event::new(events::VIOLATION)
                .about("case", k.id)
                .to(Audience::Staff)
                .with("flood", true);
            Ok(tx.record(event, ())?)
        })
        .await
}

fn moved(k: &Case, state: CaseState, visible: Visible) -> Move {
    Move {
        id: k.id,
        version: k.version,
        state,
        visible,
        about_company: k.about_company,
        proposed: k.proposed_rung.map(|rung| (k.proposed_by, rung)),
        decided: None,
        reason: None,
    }
}

struct Judge<'a> {
    actor: &'a Actor,
    account: Id,
    about_company: bool,
    reason: Option<Vec<u8>>,
    ids: [Id; 2],
}

impl Judge<'_> {
    fn dismiss(self, tx: &mut Tx<'_>, k: &Case) -> Result<(Event, CaseState), ConductError> {
        let (c, now) = (tx.community(), tx.now());
        let moved = Move {
            about_company: self.about_company,
            decided: Some(Some(self.account)),
            reason: self.reason,
            ..moved(k, CaseState::Dismissed, Visible::Shown)
        };
        if tx.execute(store::move_case(c, &moved, now))? == 0 {
            return Err(ConductError::Changed);
        }
        tx.execute(store::settle_reports(c, k.id, "wrong"))?;
        tx.execute(store::learn(c, k.id, &k.category, &k.rule, false, now))?;
        let (_, policy) = policy_in(tx, c)?;
        plan_forgetting(tx, k.id, now.plus(policy.keep_ms()))?;
        let event = Event::new(events::DISMISSED)
            .about("case", k.id)
            .to(Audience::Staff);
        Ok((event, CaseState::Dismissed))
    }

    fn breach(
        self,
        tx: &mut Tx<'_>,
        k: &Case,
        severity: i64,
        illegal: bool,
    ) -> Result<(Event, CaseState), ConductError> {
        let (c, now) = (tx.community(), tx.now());
        let (policy_version, policy) = policy_in(tx, c)?;
        let rung = self.rung(tx, &policy, k, severity, now)?;
        if self.about_company {
            let owner = owner_side(self.actor);
            if k.state == CaseState::Open && !owner {
                // The company's own person has spoken; somebody of the owners must agree.
                let moved = Move {
                    about_company: true,
                    proposed: Some((Some(self.account), rung.severity)),
                    reason: self.reason,
                    ..moved(k, CaseState::Seconding, k.visible)
                };
                if tx.execute(store::move_case(c, &moved, now))? == 0 {
                    return Err(ConductError::Changed);
                }
                let event = Event::new(events::PROPOSED)
                    .about("case", k.id)
                    .to(Audience::Staff)
                    .with("severity", rung.severity);
                return Ok((event, CaseState::Seconding));
            }
            let seconding = k.state == CaseState::Seconding;
            if seconding && !owner && has_owner_side(tx, c, self.account)? {
                return Err(ConductError::NeedsOwnerSide);
            }
        }
        if k.state == CaseState::Seconding && k.proposed_by == Some(self.account) {
            return Err(ConductError::Involved);
        }
        let state = if illegal {
            CaseState::Illegal
        } else {
            CaseState::Violation
        };
        let moved = Move {
            about_company: self.about_company,
            decided: Some(Some(self.account)),
            reason: self.reason,
            ..moved(k, state, Visible::Hidden)
        };
        if tx.execute(store::move_case(c, &moved, now))? == 0 {
            return Err(ConductError::Changed);
        }
        tx.execute(store::settle_reports(c, k.id, "right"))?;
        tx.execute(store::learn(c, k.id, &k.category, &k.rule, true, now))?;
        if illegal {
            tx.execute(store::insert_illegal(c, k.id, now))?;
        } else {
            plan_forgetting(tx, k.id, now.plus(policy.keep_ms()))?;
        }
        if let Some(author) = k.author {
            let open: (i64,) = tx.one(store::count_open(c, author, now))?;
            let strike = Strike {
                id: self.ids[0],
                case: k.id,
                account: author,
                member: k.member,
                room: k.room,
                category: k.category.clone(),
                rule: k.rule.clone(),
                rules_version: texts::current_version(tx, c, TextName::Rules)?,
                policy_version,
                digest: k.digest.clone(),
                open_before: open.0,
                issued_by: Some(self.account),
                issued_at: now,
                expires_at: now.plus(policy.strike_ms()),
                state: StrikeState::Issued,
            };
            impose(tx, &strike, rung, self.ids[1], &policy)?;
        }
        let kind = if illegal {
            events::ILLEGAL
        } else {
            events::VIOLATION
        };
        let event = Event::new(kind)
            .about("case", k.id)
            .to(Audience::Staff)
            .with("policy", policy_version);
        Ok((event, state))
    }

    /// The rung that was chosen, if it may be chosen: at most one above the ladder's own,
    /// and within a steward's limit.
    fn rung(
        &self,
        tx: &mut Tx<'_>,
        policy: &Policy,
        k: &Case,
        severity: i64,
        now: Moment,
    ) -> Result<Rung, ConductError> {
        let c = tx.community();
        let rung = policy.ladder.of(severity);
        let Some(author) = k.author else {
            return Ok(rung);
        };
        let (open,): (i64,) = tx.one(store::count_open(c, author, now))?;
        let most = policy.ladder.next(open as usize + 1);
        if rung.severity > most.severity {
            return Err(ConductError::BeyondLimits);
        }
        let only_steward = !self.actor.roles.iter().any(|r| {
            matches!(
                r,
                Role::Host | Role::Manager | Role::Supervisor | Role::Committee
            )
        });
        // A removal is only proposed here; its second person is host or manager.
        let within =
            rung.kind() != SanctionKind::Mute || rung.hours <= i64::from(policy.steward_hours_max);
        if only_steward && !within {
            return Err(ConductError::BeyondLimits);
        }
        Ok(rung)
    }
}

/// Issues a strike and what follows it.
fn impose(
    tx: &mut Tx<'_>,
    strike: &Strike,
    rung: Rung,
    sanction: Id,
    policy: &Policy,
) -> Result<(), ConductError> {
    let (c, now) = (tx.community(), tx.now());
    tx.execute(store::insert_strike(c, strike))?;
    tx.also(
        Event::new(events::STRUCK)
            .about("strike", strike.id)
            .to(Audience::Account(strike.account))
            .with("case", strike.case)
            .with("rules", strike.rules_version)
            .with("until", strike.expires_at)
            .with("digest", crate::judge::digest(&strike.digest)),
    )?;
    let id = format!("{}:{}", jobs::EXPIRE, strike.id);
    enqueue(
        tx,
        jobs::EXPIRE,
        &id,
        &json!({ "strike": strike.id }),
        strike.expires_at,
    )?;
    let kind = rung.kind();
    let made = Sanction {
        id: sanction,
        strike: strike.id,
        account: strike.account,
        member: strike.member,
        kind,
        severity: rung.severity,
        state: match kind {
            // Said is done; it can still be reversed.
            SanctionKind::Warning => SanctionState::Served,
            SanctionKind::Mute => SanctionState::Active,
            SanctionKind::Removal => SanctionState::Proposed,
        },
        starts_at: now,
        ends_at: rung.ends(now),
        imposed_by: strike.issued_by,
        confirmed_by: None,
        superseded_by: None,
    };
    if kind == SanctionKind::Mute {
        supersede_milder(tx, &made)?;
    }
    tx.execute(store::insert_sanction(c, &made))?;
    if let Some(ends) = made.ends_at {
        let id = format!("{}:{}", jobs::END, made.id);
        enqueue(tx, jobs::END, &id, &json!({ "sanction": made.id }), ends)?;
    }
    if kind == SanctionKind::Removal {
        let id = format!("{}:{}", jobs::LAPSE, made.id);
        let due = now.plus(i64::from(policy.confirm_days) * DAY);
        enqueue(tx, jobs::LAPSE, &id, &json!({ "sanction": made.id }), due)?;
    }
    tx.also(
        Event::new(events::SANCTIONED)
            .about("sanction", made.id)
            .to(Audience::Account(made.account))
            .with("strike", strike.id)
            .with("kind", kind.word())
            .with("severity", made.severity)
            .with_some("until", made.ends_at)
            .with("proposed", made.state == SanctionState::Proposed),
    )?;
    Ok(())
}

/// A mute takes the place of those that end before it; a longer one stays beside it.
fn supersede_milder(tx: &mut Tx<'_>, by: &Sanction) -> Result<(), ConductError> {
    let (c, now) = (tx.community(), tx.now());
    let silent: Vec<Sanction> = tx.all(store::silent(c, by.account, now))?;
    for other in silent {
        if other.kind == SanctionKind::Mute && other.ends_at <= by.ends_at {
            tx.execute(store::supersede(c, other.id, by.id, now))?;
        }
    }
    Ok(())
}

fn plan_forgetting(tx: &mut Tx<'_>, case: Id, due: Moment) -> Result<(), ConductError> {
    let id = format!("{}:{case}", jobs::FORGET);
    enqueue(tx, jobs::FORGET, &id, &json!({ "case": case }), due)?;
    Ok(())
}

/// Takes a decision back soon after, by whoever made it; the case waits again.
pub async fn undo(
    house: &House,
    by: &Actor,
    case: Id,
    version: i64,
) -> Result<CaseState, ConductError> {
    by.may(Permission::ConductDecide)?;
    let account = by.account.ok_or(ConductError::NotFound)?;
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::ConductDecide), move |mut tx| {
            let now = tx.now();
            let k: Option<Case> = tx.optional(store::case(c, case))?;
            let k = k.ok_or(ConductError::NotFound)?;
            if k.version != version {
                return Err(ConductError::Changed);
            }
            // What is illegal has gone its own way.
            if k.state == CaseState::Illegal || !k.state.may_become(CaseState::Open) {
                return Err(ConductError::NotPending);
            }
            let (_, policy) = policy_in(&mut tx, c)?;
            let in_time = k
                .decided_at
                .is_some_and(|at| at.plus(policy.undo_ms()) >= now);
            if k.decided_by != Some(account) || !in_time {
                return Err(ConductError::UndoOver(policy.undo_minutes));
            }
            let strike: Option<Strike> = tx.optional(store::strike_of_case(c, case))?;
            if let Some(strike) = strike.filter(|s| s.state == StrikeState::Issued) {
                let appeals: Vec<crate::Appeal> = tx.all(store::appeals_of_strike(c, strike.id))?;
                if !appeals.is_empty() {
                    return Err(ConductError::NotPending);
                }
                reversal::overrule(&mut tx, &strike, &policy, Why::Undone)?;
            }
            // Nobody sees it again before it is decided.
            let visible = match k.visible {
                Visible::Hidden => Visible::Held,
                other => other,
            };
            let back = Move {
                proposed: None,
                ..moved(&k, CaseState::Open, visible)
            };
            if tx.execute(store::move_case(c, &back, now))? == 0 {
                return Err(ConductError::Changed);
            }
            tx.execute(store::settle_reports(c, case, "open"))?;
            tx.execute(store::unlearn(c, case))?;
            foundation::jobs::cancel(&mut tx, &format!("{}:{case}", jobs::FORGET))?;
            let event = Event::new(events::UNDONE)
                .about("case", case)
                .to(Audience::Staff);
            Ok(tx.record(event, CaseState::Open)?)
        })
        .await
}

/// What the ladder gives for the author of a case now, for the desk to show.
pub async fn proposed_rung(
    house: &House,
    c: Community,
    case: &Case,
) -> Result<(usize, Rung, Policy), ConductError> {
    let (_, policy) = crate::policy::policy_of(house, c).await?;
    let open = match case.author {
        Some(author) => {
            let (open,): (i64,) = house
                .db
                .one(store::count_open(c, author, house.now()))
                .await?;
            open as usize
        }
        None => 0,
    };
    let rung = policy.ladder.next(open);
    Ok((open, rung, policy))
}
