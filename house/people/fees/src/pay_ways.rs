//! How the office is paid: its account, its counter with the hours, another way. It stands on
//! statements and letters, because a demand that names no way to pay asks for what nobody can do.

use super::{FeesError, events, store};
use foundation::database::{Community, DbError, FromRow, Row};
use foundation::house::House;
use foundation::ledger::Event;
use permissions::Permission;
use permissions::actor::Actor;

/// The longest of them: what fits on three lines of a letter.
pub const WAY_CHARS_MAX: usize = 200;

/// The office's ways; empty ones are not offered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PayWays {
    /// Holder, bank and number of the account.
    pub account: String,
    /// Where the counter is.
    pub counter: String,
    /// When it is open.
    pub hours: String,
    /// Another way: a page, a public account.
    pub other: String,
}

impl PayWays {
    /// Whether no way is named; hours alone are none.
    pub fn none(&self) -> bool {
        self.account.is_empty() && self.counter.is_empty() && self.other.is_empty()
    }

    /// Those that are named, each with the key of its label, in the order of the letter.
    pub fn said(&self) -> Vec<(&'static str, &str)> {
        use foundation::page::key;
        let all = [
            (key("fees-pay-account"), self.account.as_str()),
            (key("fees-pay-counter"), self.counter.as_str()),
            (key("fees-pay-hours"), self.hours.as_str()),
            (key("fees-pay-other"), self.other.as_str()),
        ];
        if self.none() {
            return Vec::new();
        }
        all.into_iter()
            .filter(|(_, said)| !said.is_empty())
            .collect()
    }
}

impl FromRow for PayWays {
    fn from_row(row: &mut Row) -> Result<PayWays, DbError> {
        Ok(PayWays {
            account: row.next()?,
            counter: row.next()?,
            hours: row.next()?,
            other: row.next()?,
        })
    }
}

/// The ways as they are set. It asks nobody's permission: they stand on every letter.
pub async fn pay_ways(house: &House, c: Community) -> Result<PayWays, DbError> {
    let set: Option<PayWays> = house.db.optional(store::pay_ways(c)).await?;
    Ok(set.unwrap_or_default())
}

/// Sets them; papers that are drawn from now on name them.
///
/// # Errors
/// [`FeesError::WayTooLong`] above [`WAY_CHARS_MAX`].
pub async fn set_pay_ways(house: &House, by: &Actor, new: PayWays) -> Result<(), FeesError> {
    by.may(Permission::FeesSet)?;
    // A paper has its own line breaks.
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let new = PayWays {
        account: plain(&new.account),
        counter: plain(&new.counter),
        hours: plain(&new.hours),
        other: plain(&new.other),
    };
    let each = [&new.account, &new.counter, &new.hours, &new.other];
    if each.iter().any(|t| t.chars().count() > WAY_CHARS_MAX) {
        return Err(FeesError::WayTooLong);
    }
    house
        .write(
            by.community,
            &by.who_for(Permission::FeesSet),
            move |mut tx| {
                let c = tx.community();
                tx.execute(store::put_pay_ways(c, &new))?;
                let event = Event::new(events::PAY_WAYS_SET).with("ways", new.said().len() as i64);
                Ok(tx.record(event, ())?)
            },
        )
        .await
}
