//! What a compound asks of those who want to join. Versioned: a change makes a new
//! version and an event, the earlier ones stay readable.

use serde::{Deserialize, Serialize};

use super::checks::{Check, CheckKind, Outcome};
use super::{Relation, store};
use foundation::clock::DAY;
use foundation::database::{Community, DbError, Look};
use foundation::house::House;
use foundation::ledger::Event;
use permissions::Permission;
use permissions::actor::{Actor, Forbidden};

/// What an old debt does to an application. It gates the VIP group and its perks
/// only; notices, tickets, votes and rights stay (Civil Code 943, 285).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arrears {
    /// The verifier sees it.
    Note,
    /// The verifier asks the applicant for a plan.
    Ask,
    /// The desk recommends refusal; a person decides.
    AdviseRefusal,
}

impl Arrears {
    pub const ALL: [Arrears; 3] = [Arrears::Note, Arrears::Ask, Arrears::AdviseRefusal];
    pub fn word(self) -> &'static str {
        match self {
            Arrears::Note => "note",
            Arrears::Ask => "ask",
            Arrears::AdviseRefusal => "advise_refusal",
        }
    }
}

/// The rules of one compound. Days are calendar days, months whole months.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    pub family: bool,
    pub tenants: bool,
    /// Whether an application whose decisive checks all pass goes through without a person.
    pub alone: bool,
    /// The checks that must pass for that.
    pub decisive: Vec<CheckKind>,
    pub arrears: Arrears,
    pub arrears_months: u32,
    /// How long an invitation is good (reference: 14 days).
    pub invitation_days: u32,
    /// How long before its end the invited person is reminded.
    pub reminder_days: u32,
    /// How long after the decision identity pictures are kept (PIPL 19).
    pub pictures_days: u32,
    /// How long somebody leaving may change their mind.
    pub leaving_days: u32,
    /// Whether the status link also admits, so that nobody approved waits for paper.
    pub join_by_status: bool,
    /// Whether applicants are asked if a copy of their proof may be kept in the archive.
    pub archive_copy: bool,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            family: false,
            tenants: false,
            alone: false,
            decisive: vec![
                CheckKind::Room,
                CheckKind::Name,
                CheckKind::Phone,
                CheckKind::Relation,
                CheckKind::Member,
                CheckKind::Double,
                CheckKind::PhoneElsewhere,
                CheckKind::Removal,
            ],
            arrears: Arrears::Note,
            arrears_months: 6,
            invitation_days: 14,
            reminder_days: 3,
            pictures_days: 30,
            leaving_days: 7,
            join_by_status: true,
            archive_copy: false,
        }
    }
}

/// What the checks and the policy together say to the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// Everything decisive passes.
    Green,
    /// A person has to look.
    Look,
    /// A person should ask for something.
    Ask,
    /// The policy would refuse; a person decides.
    Refuse,
}

impl Advice {
    pub fn word(self) -> &'static str {
        match self {
            Advice::Green => "green",
            Advice::Look => "look",
            Advice::Ask => "ask",
            Advice::Refuse => "refuse",
        }
    }
    pub fn from_word(word: &str) -> Advice {
        match word {
            "green" => Advice::Green,
            "ask" => Advice::Ask,
            "refuse" => Advice::Refuse,
            _ => Advice::Look,
        }
    }
}

impl Policy {
    /// Whether people of this relation may apply at all.
    pub fn admits(&self, relation: Relation) -> bool {
        match relation {
            Relation::Owner | Relation::CoOwner => true,
            Relation::Family => self.family,
            Relation::Tenant => self.tenants,
        }
    }

    pub fn invitation_ms(&self) -> i64 {
        i64::from(self.invitation_days) * DAY
    }

    /// What the checks mean under this policy. A machine never refuses: the worst
    /// answer is advice to a person.
    pub fn advise(&self, checks: &[Check]) -> Advice {
        let failed = |kind| {
            checks
                .iter()
                .any(|c: &Check| c.kind == kind && c.outcome == Outcome::Fail)
        };
        if failed(CheckKind::Removal) {
            return Advice::Refuse;
        }
        if failed(CheckKind::Fees) {
            match self.arrears {
                Arrears::Note => {}
                Arrears::Ask => return Advice::Ask,
                Arrears::AdviseRefusal => return Advice::Refuse,
            }
        }
        let passes = |kind: &CheckKind| {
            checks
                .iter()
                .any(|c| c.kind == *kind && c.outcome == Outcome::Pass)
        };
        // A number that does not check out is looked at, whatever else agrees.
        if !failed(CheckKind::Identity) && self.decisive.iter().all(passes) {
            Advice::Green
        } else {
            Advice::Look
        }
    }
}

/// Longest terms that make sense, so that a slip of the finger does not keep pictures for a century.
pub const DAYS_MAX: u32 = 365;

/// Why a policy is not taken.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("terms are 1 to {DAYS_MAX} days")]
    Term,
    #[error("roster match cannot be left out of what passes alone")]
    NothingDecisive,
    #[error(transparent)]
    Database(#[from] DbError),
}

/// The policy in force and its version; 0 is the default.
pub async fn policy_of(house: &House, c: Community) -> Result<(i64, Policy), DbError> {
    Ok(read(house.db.optional(store::policy(c)).await?))
}

/// As [`policy_of`], inside a write.
pub fn policy_in(tx: &mut impl Look, c: Community) -> Result<(i64, Policy), DbError> {
    Ok(read(tx.optional(store::policy(c))?))
}

fn read(row: Option<(i64, String)>) -> (i64, Policy) {
    // A policy of a newer program may have more fields; unknown ones are left aside.
    row.and_then(|(version, body)| Some((version, serde_json::from_str(&body).ok()?)))
        .unwrap_or_default()
}

/// Puts a policy in force; its version.
pub async fn set_policy(house: &House, by: &Actor, policy: Policy) -> Result<i64, PolicyError> {
    by.may(Permission::MembershipPolicy)?;
    let days = [
        policy.invitation_days,
        policy.pictures_days,
        policy.leaving_days,
        policy.reminder_days,
    ];
    if days.iter().any(|d| !(1..=DAYS_MAX).contains(d)) {
        return Err(PolicyError::Term);
    }
    let holds = |kind| policy.decisive.contains(&kind);
    if !holds(CheckKind::Room) || !holds(CheckKind::Name) {
        return Err(PolicyError::NothingDecisive);
    }
    let c = by.community;
    let body = serde_json::to_string(&policy).expect("a policy is plain data");
    let account = by.account;
    house
        .write(
            c,
            &by.who_for(Permission::MembershipPolicy),
            move |mut tx| {
                let (version, _) = policy_in(&mut tx, c)?;
                let version = version + 1;
                let now = tx.now();
                tx.execute(store::insert_policy(c, version, now, account, &body))?;
                let event = Event::new(super::events::POLICY_SET)
                    .with("version", version)
                    .with("alone", policy.alone)
                    .with("family", policy.family)
                    .with("tenants", policy.tenants)
                    .with("arrears", policy.arrears.word());
                Ok(tx.record(event, version)?)
            },
        )
        .await
}
