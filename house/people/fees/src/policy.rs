//! What the office set for its fees. A compound that set nothing has the conventions.

use super::money::{FEN_MAX, Fen};
use super::{FeesError, NOTE_CHARS_MAX, events, store};
use foundation::database::Community;
use foundation::house::House;
use foundation::ledger::Event;
use permissions::Permission;
use permissions::actor::Actor;

/// 1,000 yuan: a convention of offices, no law.
const WRITE_OFF_LIMIT: Fen = Fen(100_000);
/// The highest rate that is taken, millionths of the debt a day: 0.2 %. Contracts ask for
/// 0.03 to 0.3 %, and courts cut what is above 30 % of the loss (民法典 585; 合同編通則解釋 65).
pub const LATE_RATE_MAX: i64 = 2_000;

/// The highest share of a debt that all its late fees together may come to, in percent. The law
/// names no number for fees like these; a court lowers what lies more than 30 % above the loss
/// (合同編通則解釋 65), and no office shows a loss above the debt itself.
pub const LATE_CAP_MAX: i64 = 30;

/// The office's rules for its fees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Above it a second person agrees to a write-off.
    pub write_off_limit: Fen,
    /// 違約金, millionths of the debt a day; 0, as long as no contract says so.
    pub late_rate: i64,
    /// At most so many percent of the debt.
    pub late_cap: i64,
    /// The contract and its clause.
    pub late_grounds: String,
    /// Owners hand in readings of their own meters.
    pub owners_read: bool,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            write_off_limit: WRITE_OFF_LIMIT,
            late_rate: 0,
            late_cap: 30,
            late_grounds: String::new(),
            owners_read: false,
        }
    }
}

/// The rules that hold. It asks nobody's permission: they are no secret.
pub async fn policy(house: &House, c: Community) -> Result<Policy, FeesError> {
    let set: Option<Policy> = house.db.optional(store::policy(c)).await?;
    Ok(set.unwrap_or_default())
}

/// Sets the rules. A late fee needs the clause that it stands on.
pub async fn set_policy(house: &House, by: &Actor, mut new: Policy) -> Result<(), FeesError> {
    by.may(Permission::FeesSet)?;
    new.late_grounds = new.late_grounds.trim().to_owned();
    if !(0..=FEN_MAX).contains(&new.write_off_limit.0) {
        return Err(FeesError::Amount);
    }
    if new.late_grounds.chars().count() > NOTE_CHARS_MAX {
        return Err(FeesError::NoteTooLong);
    }
    let fits =
        (0..=LATE_RATE_MAX).contains(&new.late_rate) && (0..=LATE_CAP_MAX).contains(&new.late_cap);
    if !fits || (new.late_rate > 0 && new.late_grounds.is_empty()) {
        return Err(FeesError::LateFee);
    }
    house
        .write(
            by.community,
            &by.who_for(Permission::FeesSet),
            move |mut tx| {
                let c = tx.community();
                tx.execute(store::put_policy(c, &new))?;
                let event = Event::new(events::POLICY_SET)
                    .with("write_off_limit", new.write_off_limit.0)
                    .with("late_rate", new.late_rate)
                    .with("late_cap", new.late_cap)
                    .with("owners_read", i64::from(new.owners_read));
                Ok(tx.record(event, ())?)
            },
        )
        .await
}
