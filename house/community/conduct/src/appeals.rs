//! Appeals: against a strike, by a link that works while sanctioned and after removal,
//! decided by somebody uninvolved, with reasons. Undecided for too long, the sanction is
//! paused and the appeal goes up. A second level stands open once.

use serde_json::json;

use crate::channels::SanctionKind;
use crate::policy::{Policy, policy_in, policy_of};
use crate::reversal::{self, Why};
use crate::state::{AppealState, CaseState, SanctionState, StrikeState, Visible};
use crate::{
    Appeal, Case, ConductError, Sanction, Strike, events, has_owner_side, jobs, not_a_party,
    owner_side, store, words,
};
use foundation::database::{Community, Look, Tx};
use foundation::house::House;
use foundation::ids::{Id, crockford};
use foundation::jobs::enqueue;
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;
use permissions::{Permission, Role};

/// The last level: before the owners' committee, once.
pub const LEVELS: i64 = 2;

/// Compares secrets in a time that tells nothing.
mod subtle_eq {
    pub fn same(a: &str, b: &str) -> bool {
        a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |d, (x, y)| d | (x ^ y)) == 0
    }
}

/// The secret in the link to appeal against a strike: made from the site's key, so that
/// it can be shown again at any time and lies nowhere.
pub fn secret(house: &House, c: Community, strike: Id) -> String {
    let mac = house
        .keys
        .digest("conduct.appeal", format!("{c}/{strike}").as_bytes());
    format!("{strike}-{}", crockford(&mac[..15]))
}

/// The strike that a link's secret opens.
pub async fn by_secret(house: &House, c: Community, given: &str) -> Result<Strike, ConductError> {
    let (id, _) = given.rsplit_once('-').ok_or(ConductError::NotFound)?;
    let id: Id = id.parse().map_err(|_| ConductError::NotFound)?;
    if !subtle_eq::same(&secret(house, c, id), given) {
        return Err(ConductError::NotFound);
    }
    let strike = house.db.optional(store::strike(c, id)).await?;
    strike.ok_or(ConductError::NotFound)
}

/// What may be done about a strike by whom it weighs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// An appeal of this level may be filed until then.
    File {
        level: i64,
        until: foundation::clock::Moment,
    },
    /// One waits to be decided.
    Waits,
    /// No more.
    Closed,
}

/// What is open to the person a strike weighs on.
pub fn open_to(
    strike: &Strike,
    appeals: &[Appeal],
    policy: &Policy,
    now: foundation::clock::Moment,
) -> Open {
    if strike.state == StrikeState::Overruled {
        return Open::Closed;
    }
    let last = appeals.iter().max_by_key(|a| a.level);
    let (level, from) = match last {
        None => (1, strike.issued_at),
        Some(a) if a.state.is_open() => return Open::Waits,
        // Who withdrew has had their say.
        Some(a) if a.state == AppealState::Withdrawn || a.level >= LEVELS => return Open::Closed,
        Some(a) => (a.level + 1, a.decided_at.unwrap_or(a.filed_at)),
    };
    let until = from.plus(policy.appeal_ms());
    if now > until {
        Open::Closed
    } else {
        Open::File { level, until }
    }
}

/// Files an appeal. Whoever holds the link may, and the account itself.
///
/// # Errors
/// [`ConductError::TooLate`], [`ConductError::AlreadyAppealed`], [`ConductError::Words`].
pub async fn file(house: &House, by: &Actor, strike: Id, said: &str) -> Result<Id, ConductError> {
    let said = words(said)?;
    let c = by.community;
    let s: Option<Strike> = house.db.optional(store::strike(c, strike)).await?;
    let s = s.ok_or(ConductError::NotFound)?;
    if by.account.is_some_and(|a| a != s.account) {
        return Err(ConductError::NotFound);
    }
    let id = house.id();
    let ring = house.keys.ring(c, &[s.case]).await?;
    let sealed = house
        .keys
        .seal(&ring, s.case, &format!("appeal/{id}"), said.as_bytes())?;
    house
        .write(c, &by.who(), move |mut tx| {
            let now = tx.now();
            let (_, policy) = policy_in(&mut tx, c)?;
            let appeals: Vec<Appeal> = tx.all(store::appeals_of_strike(c, strike))?;
            let s: Strike = tx.one(store::strike(c, strike))?;
            let level = match open_to(&s, &appeals, &policy, now) {
                Open::File { level, .. } => level,
                Open::Waits => return Err(ConductError::AlreadyAppealed),
                Open::Closed if appeals.is_empty() => {
                    return Err(ConductError::TooLate(policy.appeal_days));
                }
                Open::Closed => return Err(ConductError::AlreadyAppealed),
            };
            let appeal = Appeal {
                id,
                strike,
                case: s.case,
                account: s.account,
                level,
                state: AppealState::Filed,
                version: 1,
                words: sealed,
                reasons: None,
                filed_at: now,
                due_at: now.plus(policy.decide_ms()),
                assigned_to: None,
                decided_by: None,
                decided_at: None,
            };
            if tx.execute(store::insert_appeal(c, &appeal))? == 0 {
                return Err(ConductError::AlreadyAppealed);
            }
            // What it is about stays while it is heard.
            let keep = appeal.due_at.plus(policy.keep_ms());
            let forget = format!("{}:{}", jobs::FORGET, s.case);
            enqueue(
                &mut tx,
                jobs::FORGET,
                &forget,
                &json!({ "case": s.case }),
                keep,
            )?;
            let due = format!("{}:{id}", jobs::APPEAL_DUE);
            enqueue(
                &mut tx,
                jobs::APPEAL_DUE,
                &due,
                &json!({ "appeal": id }),
                appeal.due_at,
            )?;
            let event = Event::new(events::APPEALED)
                .about("appeal", id)
                .to(Audience::Staff)
                .with("strike", strike)
                .with("level", level);
            Ok(tx.record(event, id)?)
        })
        .await
}

/// Which permission hears an appeal of this level: the last is the committee's; where the
/// compound has none, that of a deputy whom the company names.
fn hears(tx: &mut impl Look, c: Community, level: i64) -> Result<Permission, ConductError> {
    if level < LEVELS {
        return Ok(Permission::ConductAppeal);
    }
    let (n,): (i64,) = tx.one(store::count_roles(c, Role::Committee.word(), None))?;
    Ok(if n > 0 {
        Permission::ConductAppealFinal
    } else {
        Permission::ConductPolicy
    })
}

/// Refuses whoever had a hand in what is appealed against.
fn uninvolved(
    tx: &mut impl Look,
    c: Community,
    by: &Actor,
    account: Id,
    appeal: &Appeal,
) -> Result<(Strike, Case), ConductError> {
    let strike: Strike = tx.one(store::strike(c, appeal.strike))?;
    let case: Case = tx.one(store::case(c, appeal.case))?;
    not_a_party(tx, c, &case, account)?;
    let sanctions: Vec<Sanction> = tx.all(store::sanctions_of_strike(c, strike.id))?;
    let appeals: Vec<Appeal> = tx.all(store::appeals_of_strike(c, strike.id))?;
    let mut hands = vec![strike.issued_by, case.proposed_by, case.decided_by];
    hands.extend(
        sanctions
            .iter()
            .flat_map(|s| [s.imposed_by, s.confirmed_by]),
    );
    hands.extend(
        appeals
            .iter()
            .filter(|a| a.level < appeal.level)
            .map(|a| a.decided_by),
    );
    if hands.contains(&Some(account)) {
        return Err(ConductError::Involved);
    }
    if case.about_company && !owner_side(by) && has_owner_side(tx, c, account)? {
        return Err(ConductError::NeedsOwnerSide);
    }
    Ok((strike, case))
}

/// Takes an appeal to hear it.
pub async fn assign(
    house: &House,
    by: &Actor,
    appeal: Id,
    version: i64,
) -> Result<(), ConductError> {
    let account = by.account.ok_or(ConductError::NotFound)?;
    let c = by.community;
    by.may(Permission::ConductAppeal)?;
    let actor = by.clone();
    house
        .write(c, &by.who_for(Permission::ConductAppeal), move |mut tx| {
            let a: Option<Appeal> = tx.optional(store::appeal(c, appeal))?;
            let a = a.ok_or(ConductError::NotFound)?;
            actor.may(hears(&mut tx, c, a.level)?)?;
            uninvolved(&mut tx, c, &actor, account, &a)?;
            if tx.execute(store::assign_appeal(c, appeal, version, account))? == 0 {
                return Err(ConductError::Changed);
            }
            let event = Event::new(events::APPEAL_ASSIGNED)
                .about("appeal", appeal)
                .to(Audience::Staff);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// How an appeal is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Upheld,
    /// To the milder rung of this severity.
    Reduced {
        severity: i64,
    },
    Overturned,
}

/// Decides an appeal with reasons; a success undoes every effect in this one write.
pub async fn decide(
    house: &House,
    by: &Actor,
    appeal: Id,
    version: i64,
    outcome: Outcome,
    reasons: &str,
) -> Result<AppealState, ConductError> {
    let reasons = words(reasons)?;
    let account = by.account.ok_or(ConductError::NotFound)?;
    let c = by.community;
    let a: Option<Appeal> = house.db.optional(store::appeal(c, appeal)).await?;
    let a = a.ok_or(ConductError::NotFound)?;
    by.may(Permission::ConductAppeal)?;
    let ring = house.keys.ring(c, &[a.case]).await?;
    let place = format!("reasons/{appeal}");
    let sealed = house.keys.seal(&ring, a.case, &place, reasons.as_bytes())?;
    let actor = by.clone();
    house
        .write(c, &by.who_for(Permission::ConductAppeal), move |mut tx| {
            let now = tx.now();
            let a: Appeal = tx.one(store::appeal(c, appeal))?;
            actor.may(hears(&mut tx, c, a.level)?)?;
            if a.version != version {
                return Err(ConductError::Changed);
            }
            if !a.state.is_open() {
                return Err(ConductError::NotPending);
            }
            let (strike, case) = uninvolved(&mut tx, c, &actor, account, &a)?;
            let (_, policy) = policy_in(&mut tx, c)?;
            let state = match outcome {
                Outcome::Upheld => {
                    resume(&mut tx, &strike, &policy)?;
                    AppealState::Upheld
                }
                Outcome::Reduced { severity } => {
                    reduce(&mut tx, &strike, &policy, severity)?;
                    AppealState::Reduced
                }
                Outcome::Overturned => {
                    overturn(&mut tx, &strike, &case, &policy)?;
                    AppealState::Overturned
                }
            };
            tx.execute(store::decide_appeal(
                c,
                appeal,
                version,
                state,
                Some(account),
                Some(sealed),
                now,
            ))?;
            let event = Event::new(events::APPEAL_DECIDED)
                .about("appeal", appeal)
                .to(Audience::Account(a.account))
                .with("strike", strike.id)
                .with("level", a.level)
                .with("outcome", state.word());
            Ok(tx.record(event, state)?)
        })
        .await
}

/// A paused sanction runs on; its end stays where it was.
fn resume(tx: &mut Tx<'_>, strike: &Strike, policy: &Policy) -> Result<(), ConductError> {
    let (c, now) = (tx.community(), tx.now());
    let sanctions: Vec<Sanction> = tx.all(store::sanctions_of_strike(c, strike.id))?;
    for s in sanctions {
        if s.state != SanctionState::Paused {
            continue;
        }
        let over = s.ends_at.is_some_and(|end| end <= now);
        let to = if over {
            SanctionState::Served
        } else {
            SanctionState::Active
        };
        tx.execute(store::move_sanction(c, s.id, s.state, to, now))?;
        if s.kind == SanctionKind::Removal
            && let Some(member) = s.member
        {
            let until = s
                .starts_at
                .plus(i64::from(policy.removal_days) * foundation::clock::DAY);
            let event = membership::members::remove_in(tx, member, until)?;
            tx.also(event)?;
        }
    }
    Ok(())
}

fn reduce(
    tx: &mut Tx<'_>,
    strike: &Strike,
    policy: &Policy,
    severity: i64,
) -> Result<(), ConductError> {
    let c = tx.community();
    let sanctions: Vec<Sanction> = tx.all(store::sanctions_of_strike(c, strike.id))?;
    let mut any = false;
    for s in &sanctions {
        let rung = policy
            .ladder
            .below(s.severity)
            .find(|r| r.severity == severity);
        if let Some(rung) = rung {
            reversal::lessen(tx, s, rung)?;
            any = true;
        }
    }
    if any {
        Ok(())
    } else {
        Err(ConductError::BeyondLimits)
    }
}

fn overturn(
    tx: &mut Tx<'_>,
    strike: &Strike,
    case: &Case,
    policy: &Policy,
) -> Result<(), ConductError> {
    let (c, now) = (tx.community(), tx.now());
    reversal::overrule(tx, strike, policy, Why::Appeal)?;
    // What is illegal stays hidden: only the authority's word changes that.
    if case.state != CaseState::Illegal {
        tx.execute(store::show_case(c, case.id, Visible::Shown))?;
    }
    tx.execute(store::settle_reports(c, case.id, "wrong"))?;
    tx.execute(store::learn(
        c,
        case.id,
        &case.category,
        &case.rule,
        false,
        now,
    ))?;
    Ok(())
}

/// The appellant takes the appeal back.
pub async fn withdraw(
    house: &House,
    by: &Actor,
    strike: Id,
    appeal: Id,
) -> Result<(), ConductError> {
    let c = by.community;
    let account = by.account;
    house
        .write(c, &by.who(), move |mut tx| {
            let now = tx.now();
            let a: Option<Appeal> = tx.optional(store::appeal(c, appeal))?;
            let a = a.ok_or(ConductError::NotFound)?;
            // The link opens one strike's appeals, an account its own.
            if a.strike != strike || account.is_some_and(|account| account != a.account) {
                return Err(ConductError::NotFound);
            }
            if !a.state.is_open() {
                return Err(ConductError::NotPending);
            }
            let strike: Strike = tx.one(store::strike(c, a.strike))?;
            let (_, policy) = policy_in(&mut tx, c)?;
            resume(&mut tx, &strike, &policy)?;
            tx.execute(store::decide_appeal(
                c,
                appeal,
                a.version,
                AppealState::Withdrawn,
                account,
                None,
                now,
            ))?;
            let event = Event::new(events::APPEAL_WITHDRAWN)
                .about("appeal", appeal)
                .to(Audience::Staff)
                .with("strike", a.strike);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Nobody decided in time: the sanction is paused until somebody does, and those above
/// are told. Once, however often the clock asks.
pub(crate) async fn escalate(house: &House, by: &Actor, appeal: Id) -> Result<(), ConductError> {
    let c = by.community;
    house
        .write(c, &by.who(), move |mut tx| {
            let now = tx.now();
            let a: Option<Appeal> = tx.optional(store::appeal(c, appeal))?;
            let a = a.ok_or(ConductError::NotFound)?;
            if a.due_at > now || tx.execute(store::escalate_appeal(c, appeal))? == 0 {
                return Err(ConductError::NotPending);
            }
            let sanctions: Vec<Sanction> = tx.all(store::sanctions_of_strike(c, a.strike))?;
            for s in &sanctions {
                if s.state != SanctionState::Active {
                    continue;
                }
                tx.execute(store::move_sanction(
                    c,
                    s.id,
                    s.state,
                    SanctionState::Paused,
                    now,
                ))?;
                if s.kind == SanctionKind::Removal {
                    reversal::readmit(&mut tx, s)?;
                }
            }
            let event = Event::new(events::APPEAL_ESCALATED)
                .about("appeal", appeal)
                .to(Audience::Staff)
                .with("strike", a.strike);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// An appeal with its words opened.
pub struct Heard {
    pub appeal: Appeal,
    pub words: Option<String>,
    pub reasons: Option<String>,
}

/// Opens the words of appeals.
pub async fn heard(
    house: &House,
    c: Community,
    appeals: Vec<Appeal>,
) -> Result<Vec<Heard>, ConductError> {
    let cases: Vec<Id> = appeals.iter().map(|a| a.case).collect();
    let ring = house.keys.ring(c, &cases).await?;
    let mut out = Vec::with_capacity(appeals.len());
    for appeal in appeals {
        let words = ring.open(appeal.case, &format!("appeal/{}", appeal.id), &appeal.words)?;
        let reasons = match &appeal.reasons {
            Some(sealed) => ring.open(appeal.case, &format!("reasons/{}", appeal.id), sealed)?,
            None => None,
        };
        out.push(Heard {
            appeal,
            words,
            reasons,
        });
    }
    Ok(out)
}

/// Appeals that wait, soonest due first, and whether this person may hear each.
pub async fn waiting(
    house: &House,
    by: &Actor,
) -> Result<Vec<(Appeal, Result<(), ConductError>)>, ConductError> {
    by.may(Permission::ConductRead)?;
    let c = by.community;
    let account = by.account.ok_or(ConductError::NotFound)?;
    let actor = by.clone();
    house
        .db
        .reading(move |r| {
            let open: Vec<Appeal> = r.all(store::open_appeals(c, 100))?;
            let mut out = Vec::with_capacity(open.len());
            for a in open {
                let permission = hears(r, c, a.level)?;
                let may = match actor.may(permission) {
                    Ok(()) => uninvolved(r, c, &actor, account, &a).map(|_| ()),
                    Err(e) => Err(e.into()),
                };
                out.push((a, may));
            }
            Ok(out)
        })
        .await
}

/// The terms in force, for pages that say until when.
pub async fn terms(house: &House, c: Community) -> Result<Policy, ConductError> {
    Ok(policy_of(house, c).await?.1)
}

/// One appeal with its words, and whether this person may hear it.
pub async fn hearing(
    house: &House,
    by: &Actor,
    appeal: Id,
) -> Result<(Heard, Result<(), ConductError>), ConductError> {
    by.may(Permission::ConductRead)?;
    let c = by.community;
    let found: Option<Appeal> = house.db.optional(store::appeal(c, appeal)).await?;
    let found = found.ok_or(ConductError::NotFound)?;
    let (actor, asked) = (by.clone(), found.clone());
    let account = by.account.ok_or(ConductError::NotFound)?;
    let may = house
        .db
        .reading(move |r| {
            let permission = hears(r, c, asked.level)?;
            Ok::<_, ConductError>(match actor.may(permission) {
                Ok(()) => uninvolved(r, c, &actor, account, &asked).map(|_| ()),
                Err(e) => Err(e.into()),
            })
        })
        .await?;
    let mut heard = heard(house, c, vec![found]).await?;
    Ok((heard.remove(0), may))
}

/// The strike that an appeal is against.
pub async fn strike_of(
    house: &House,
    c: Community,
    appeal: &Appeal,
) -> Result<Strike, ConductError> {
    Ok(house.db.one(store::strike(c, appeal.strike)).await?)
}
