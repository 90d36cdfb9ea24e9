//! Learning from what people decided: how far each rule can be trusted, and the texts
//! with their labels to train on.

use crate::judge::body_of;
use crate::{Case, ConductError, store};
use foundation::clock::DAY;
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use permissions::Permission;
use permissions::actor::Actor;

/// How far back a rule's record counts.
const RECORD_MS: i64 = 365 * DAY;
/// Texts read in one go.
const TAKE: i64 = 200;
/// As many lessons as one training takes from a compound.
const LESSONS_MAX: usize = 100_000;
/// A rule that acts alone must have been right so often (reference: auto-hide ≥ 0.95).
const TRUSTED_HUNDREDTHS: i64 = 95;
/// Fewer decisions than this say nothing about a rule.
const DECIDED_MIN: i64 = 10;

/// A rule's record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub rule: String,
    pub confirmed: i64,
    pub decided: i64,
}

impl Record {
    /// Whether the office should be advised to let this rule only flag.
    pub fn is_doubtful(&self) -> bool {
        self.decided >= DECIDED_MIN && self.confirmed * 100 < self.decided * TRUSTED_HUNDREDTHS
    }
}

/// Each rule's record over the last year.
pub async fn records(house: &House, by: &Actor) -> Result<Vec<Record>, ConductError> {
    by.may(Permission::ConductRead)?;
    let since = house.now().plus(-RECORD_MS);
    let rows: Vec<(String, i64, i64)> = house.db.all(store::precision(by.community, since)).await?;
    let record = |(rule, confirmed, decided)| Record {
        rule,
        confirmed,
        decided,
    };
    Ok(rows.into_iter().map(record).collect())
}

/// The compound's own decisions as labelled texts: `true` is a confirmed breach. What was
/// forgotten teaches no more.
pub async fn texts(house: &House, c: Community) -> Result<Vec<(String, bool)>, ConductError> {
    let mut out = Vec::new();
    let mut after: Option<Id> = None;
    loop {
        let rows: Vec<(Id, bool)> = house.db.all(store::lessons(c, after, TAKE)).await?;
        let full = rows.len() as i64 == TAKE;
        for (id, breach) in &rows {
            let case: Option<Case> = house.db.optional(store::case(c, *id)).await?;
            let Some(case) = case else { continue };
            if let Some(body) = body_of(house, c, &case).await? {
                out.push((body.text, *breach));
            }
        }
        after = rows.last().map(|r| r.0);
        if !full || out.len() >= LESSONS_MAX {
            return Ok(out);
        }
    }
}
