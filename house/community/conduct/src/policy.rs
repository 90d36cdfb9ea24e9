//! A compound's policy on speech: each rule's mode, the office's own words, the ladder
//! and the terms. Versioned; every change is an event with its version.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ladder::Ladder;
use crate::{ConductError, REASON_CHARS_MIN, events, store};
use foundation::clock::{DAY, MINUTE};
use foundation::database::{Community, DbError, Look};
use foundation::house::House;
use foundation::ledger::Event;
use permissions::Permission;
use permissions::actor::Actor;

/// The rules of one compound. All but the engine's modes are conventions (terms as the
/// reference gives them) that the office may change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Modes, own words, what may be said.
    pub speech: SpeechRules,
    pub ladder: Ladder,
    /// After how many days a strike counts no more.
    pub strike_days: u32,
    /// How long an appeal may be filed.
    pub appeal_days: u32,
    /// After how many days an undecided appeal pauses the sanction and goes up.
    pub decide_days: u32,
    /// The longest mute that a steward may impose, in hours.
    pub steward_hours_max: u32,
    /// How long a removal bars from applying again.
    pub removal_days: u32,
    /// How long a removal waits for its second person.
    pub confirm_days: u32,
    /// How long what was said is kept after the decision; never under six months
    /// (network logs: CSL, in its article on log retention).
    pub keep_days: u32,
    /// How long a decision can be undone by whoever made it.
    pub undo_minutes: u32,
    /// How many distinct reporters, weighed by how often they were right, hide a message
    /// until a person has looked, in hundredths.
    pub report_weight_hundredths: u32,
    /// Category → what a member is told of such a breach; the house's words where none is.
    pub replies: BTreeMap<String, String>,
}

/// The kinds of breach that have a reply.
pub const CATEGORIES: [&str; 6] = [
    "illegal",
    "privacy",
    "advertising",
    "insult",
    "spam",
    "custom",
];

/// What the office sets of the engine; the rest is as shipped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SpeechRules {
    /// Rule → `dry_run`, `flag`, `hold` or `block`; a rule that is not here is as shipped.
    pub modes: BTreeMap<String, String>,
    /// The office's own words.
    pub words: Vec<String>,
    /// Innocent phrases that hold a listed word.
    pub innocent: Vec<String>,
    /// Public numbers: hotline, duty room, shops.
    pub numbers: Vec<String>,
    /// Names of staff on duty.
    pub names: Vec<String>,
    /// Sites that may be linked.
    pub domains: Vec<String>,
    /// Approved offers.
    pub offers: Vec<String>,
}

/// What is hidden is kept at least so long, in days.
pub const KEEP_DAYS_MIN: u32 = 183;
/// The longest reply: a paragraph.
const REPLY_CHARS_MAX: usize = 500;
/// Terms end within ten years.
const DAYS_MAX: u32 = 3_650;

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            speech: SpeechRules::default(),
            ladder: Ladder::default(),
            strike_days: 180,
            appeal_days: 20,
            decide_days: 7,
            steward_hours_max: 24,
            removal_days: 180,
            confirm_days: 7,
            keep_days: 200,
            undo_minutes: 10,
            report_weight_hundredths: 200,
            replies: BTreeMap::new(),
        }
    }
}

impl Policy {
    pub fn strike_ms(&self) -> i64 {
        i64::from(self.strike_days) * DAY
    }
    pub fn appeal_ms(&self) -> i64 {
        i64::from(self.appeal_days) * DAY
    }
    pub fn decide_ms(&self) -> i64 {
        i64::from(self.decide_days) * DAY
    }
    pub fn keep_ms(&self) -> i64 {
        i64::from(self.keep_days) * DAY
    }
    pub fn undo_ms(&self) -> i64 {
        i64::from(self.undo_minutes) * MINUTE
    }

    /// Looks whether the terms make sense.
    ///
    /// # Errors
    /// [`ConductError::Policy`] with the field that is wrong, [`ConductError::Ladder`].
    pub fn check(&self) -> Result<(), ConductError> {
        self.ladder.check()?;
        let terms = [
            ("strike_days", self.strike_days, 1),
            ("appeal_days", self.appeal_days, 1),
            ("decide_days", self.decide_days, 1),
            ("removal_days", self.removal_days, 1),
            ("confirm_days", self.confirm_days, 1),
            ("keep_days", self.keep_days, KEEP_DAYS_MIN),
        ];
        for (name, days, least) in terms {
            if !(least..=DAYS_MAX).contains(&days) {
                return Err(ConductError::Policy(format!(
                    "{name}: {least} to {DAYS_MAX} days"
                )));
            }
        }
        // What an appeal may bring back must still be there when it is decided.
        let needed = self.appeal_days + 2 * self.decide_days;
        if self.keep_days < needed {
            return Err(ConductError::Policy(format!(
                "keep_days: at least {needed}, so that appeals find what they are about"
            )));
        }
        for (category, text) in &self.replies {
            let long = REASON_CHARS_MIN..=REPLY_CHARS_MAX;
            if !CATEGORIES.contains(&category.as_str()) || !long.contains(&text.chars().count()) {
                return Err(ConductError::Policy(format!(
                    "replies.{category}: {REASON_CHARS_MIN} to {REPLY_CHARS_MAX} characters"
                )));
            }
        }
        if self.undo_minutes > 24 * 60 {
            return Err(ConductError::Policy("undo_minutes: at most a day".into()));
        }
        Ok(())
    }
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
pub async fn set_policy(
    house: &House,
    by: &Actor,
    seen: i64,
    policy: Policy,
) -> Result<i64, ConductError> {
    by.may(Permission::ConductPolicy)?;
    policy.check()?;
    // Built once outside the write, so that a word that cannot be taken is refused here.
    crate::engine::build(&policy.speech)?;
    let c = by.community;
    let body = serde_json::to_string(&policy).expect("a policy is plain data");
    let account = by.account;
    house
        .write(c, &by.who_for(Permission::ConductPolicy), move |mut tx| {
            let (version, _) = policy_in(&mut tx, c)?;
            if version != seen {
                return Err(ConductError::Changed);
            }
            let version = version + 1;
            let now = tx.now();
            tx.execute(store::insert_policy(c, version, now, account, &body))?;
            let event = Event::new(events::POLICY_SET)
                .with("version", version)
                .with("rungs", policy.ladder.0.len() as i64)
                .with("strike_days", policy.strike_days)
                .with("appeal_days", policy.appeal_days);
            Ok(tx.record(event, version)?)
        })
        .await
}
