//! What somebody wants to be told on their devices, and when not.

use std::collections::BTreeMap;

use foundation::clock::{DAY, MINUTE, Moment};
use foundation::database::{Community, DbError, FromRow, LIST_MAX, Row};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;

use crate::{OutboxError, events, store};

/// Of what somebody wants to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Level {
    #[default]
    All,
    Mentions,
    Notices,
    Nothing,
}

impl Level {
    pub const ALL: [Level; 4] = [Level::All, Level::Mentions, Level::Notices, Level::Nothing];

    /// As stored.
    pub fn word(self) -> &'static str {
        match self {
            Level::All => "all",
            Level::Mentions => "mentions",
            Level::Notices => "notices",
            Level::Nothing => "nothing",
        }
    }

    pub fn from_word(word: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|l| l.word() == word)
    }
}

/// The wish of one person in one compound. Quiet hours are minutes of the day in
/// Shanghai; the same twice is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Wish {
    pub level: Level,
    pub quiet_from: i64,
    pub quiet_until: i64,
}

impl FromRow for Wish {
    fn from_row(row: &mut Row) -> Result<Wish, DbError> {
        Ok(Wish {
            level: Level::from_word(&row.next::<String>()?).unwrap_or_default(),
            quiet_from: row.next()?,
            quiet_until: row.next()?,
        })
    }
}

impl Wish {
    /// When the quiet hours end in which `now` lies; none if it is not quiet.
    pub fn quiet_until(&self, now: Moment) -> Option<Moment> {
        let (from, until) = (self.quiet_from * MINUTE, self.quiet_until * MINUTE);
        if from == until {
            return None;
        }
        let midnight = Moment::at_start_of(now.date());
        let passed = now.0 - midnight.0;
        let quiet = if from < until {
            passed >= from && passed < until
        } else {
            passed >= from || passed < until
        };
        let end = if passed < until {
            midnight.plus(until)
        } else {
            midnight.plus(DAY + until)
        };
        quiet.then_some(end)
    }
}

struct Of(Id, Wish);

impl FromRow for Of {
    fn from_row(row: &mut Row) -> Result<Of, DbError> {
        Ok(Of(row.next()?, Wish::from_row(row)?))
    }
}

/// The wishes of some accounts; who has none wants everything at any time.
pub(crate) async fn of_many(
    house: &House,
    c: Community,
    accounts: &[Id],
) -> Result<BTreeMap<Id, Wish>, DbError> {
    let mut out = BTreeMap::new();
    for part in accounts.chunks(LIST_MAX) {
        let found: Vec<Of> = house.db.all(store::people::wishes(c, part)).await?;
        out.extend(found.into_iter().map(|Of(id, wish)| (id, wish)));
    }
    Ok(out)
}

/// What somebody wants.
pub async fn wish(house: &House, c: Community, account: Id) -> Result<Wish, DbError> {
    let found = of_many(house, c, &[account]).await?;
    Ok(found.into_values().next().unwrap_or_default())
}

/// Sets one's own wish.
pub async fn set_wish(house: &House, by: &Actor, wish: Wish) -> Result<(), OutboxError> {
    let (c, account) = crate::own(by)?;
    if !(0..1440).contains(&wish.quiet_from) || !(0..1440).contains(&wish.quiet_until) {
        return Err(OutboxError::Hours);
    }
    house
        .write(c, &by.who(), move |mut tx| {
            tx.execute(store::people::set_wish(c, account, &wish))?;
            let event = Event::new(events::WISH_SET)
                .about("account", account)
                .to(Audience::Account(account))
                .with("level", wish.level.word());
            Ok(tx.record(event, ())?)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use foundation::clock::HOUR;

    #[test]
    fn quiet_hours_reach_over_midnight() {
        let wish = Wish {
            quiet_from: 22 * 60,
            quiet_until: 7 * 60,
            ..Wish::default()
        };
        // 2026-03-02 00:00 in Shanghai.
        let day = Moment::at_start_of(Moment(1_772_416_800_000).date());
        let at = |h: i64| wish.quiet_until(day.plus(h * HOUR));
        assert_eq!(at(6), Some(day.plus(7 * HOUR)));
        assert_eq!(at(7), None);
        assert_eq!(at(21), None);
        assert_eq!(at(23), Some(day.plus(31 * HOUR)));
        assert_eq!(Wish::default().quiet_until(day), None);
    }
}
