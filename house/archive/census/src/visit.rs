//! At the door: nobody at home, an empty home, a household that does not want to.

use foundation::clock::Moment;
use foundation::house::House;
use foundation::ids::Id;
use jiff::civil::Weekday;
use permissions::Permission;
use permissions::actor::Actor;

use crate::answer::about;
use crate::task::{State, Task};
use crate::{ATTEMPTS_ENOUGH, ATTEMPTS_MAX, CensusError, confirm, events, rule, store, work};

/// A part of the week in which somebody may be at home who was not in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    Morning,
    Afternoon,
    Evening,
    Weekend,
}

impl Part {
    pub const ALL: [Part; 4] = [Part::Morning, Part::Afternoon, Part::Evening, Part::Weekend];

    /// The part that an instant lies in, by the clock of Shanghai.
    pub fn of(at: Moment) -> Part {
        let at = at.zoned();
        if matches!(at.weekday(), Weekday::Saturday | Weekday::Sunday) {
            return Part::Weekend;
        }
        match at.hour() {
            0..12 => Part::Morning,
            12..18 => Part::Afternoon,
            _ => Part::Evening,
        }
    }

    /// As stored.
    pub fn word(self) -> &'static str {
        match self {
            Part::Morning => "morning",
            Part::Afternoon => "afternoon",
            Part::Evening => "evening",
            Part::Weekend => "weekend",
        }
    }

    pub fn from_word(word: &str) -> Option<Part> {
        Part::ALL.into_iter().find(|p| p.word() == word)
    }
}

/// A visit in vain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub at: Moment,
    pub part: Option<Part>,
    pub by_name: String,
}

/// The visits in vain at a household.
pub async fn attempts(house: &House, by: &Actor, task: Id) -> Result<Vec<Attempt>, CensusError> {
    by.may(Permission::ArchiveRead)?;
    let asked = store::answers::attempts(by.community, task);
    let rows: Vec<(Moment, String, String)> = house.db.all(asked).await?;
    let attempt = |(at, part, by_name): (Moment, String, String)| Attempt {
        at,
        part: Part::from_word(&part),
        by_name,
    };
    Ok(rows.into_iter().map(attempt).collect())
}

/// Whether a slip at the door is the way on: tried often enough, at different hours.
pub fn enough(attempts: &[Attempt]) -> bool {
    let mut parts: Vec<&str> = attempts
        .iter()
        .filter_map(|a| a.part.map(Part::word))
        .collect();
    parts.sort_unstable();
    parts.dedup();
    attempts.len() as i64 >= ATTEMPTS_ENOUGH && parts.len() > 1
}

/// The parts of the week in which nobody tried yet.
pub fn untried(attempts: &[Attempt]) -> Vec<Part> {
    let tried = |part: &Part| attempts.iter().any(|a| a.part == Some(*part));
    Part::ALL.into_iter().filter(|p| !tried(p)).collect()
}

async fn open(house: &House, by: &Actor, id: Id) -> Result<Task, CensusError> {
    by.may(Permission::CensusVisit)?;
    let task = work::one(house, by, id).await?;
    if task.state != State::Open {
        return Err(CensusError::State(task.state));
    }
    Ok(task)
}

async fn name(house: &House, by: &Actor) -> Result<String, CensusError> {
    Ok(match by.account {
        Some(account) => accounts::name_of(house, account).await?,
        None => String::new(),
    })
}

/// Nobody was at home. Which attempt it was.
///
/// # Errors
/// [`CensusError::SamePart`] in the same part of the same day, which is no second attempt;
/// [`CensusError::Tried`] after [`ATTEMPTS_MAX`].
pub async fn away(house: &House, by: &Actor, id: Id) -> Result<i64, CensusError> {
    let task = open(house, by, id).await?;
    let before = attempts(house, by, id).await?;
    let now = house.now();
    let (today, part) = (now.date(), Part::of(now));
    let same = |a: &Attempt| a.at.date() == today && a.part == Some(part);
    if before.iter().any(same) {
        return Err(CensusError::SamePart);
    }
    if task.attempts >= ATTEMPTS_MAX {
        return Err(CensusError::Tried);
    }
    let (c, n, by_name) = (by.community, task.attempts + 1, name(house, by).await?);
    house
        .write(c, &by.who_for(Permission::CensusVisit), move |mut tx| {
            let now = tx.now();
            if tx.execute(store::attempted(c, id, n, now))? == 0 {
                return Err(CensusError::Changed);
            }
            let kept = store::answers::insert_attempt(c, id, n, now, part.word(), &by_name);
            tx.execute(kept)?;
            let event = about(events::AWAY, &task)
                .with("attempt", n)
                .with("part", part.word());
            Ok(tx.record(event, n)?)
        })
        .await
}

/// The signs by which a home is held to be empty, as stored.
pub const SIGNS: [&str; 3] = ["meter", "neighbour", "access"];

/// 空置確認: nobody lives there, by two different signs. The roster learns it.
///
/// # Errors
/// [`CensusError::Signs`] with fewer than two.
pub async fn vacant(house: &House, by: &Actor, id: Id, signs: &[&str]) -> Result<(), CensusError> {
    let task = open(house, by, id).await?;
    if rule::in_time(task.quarter, house.now()).is_none() {
        return Err(CensusError::Early);
    }
    let seen: Vec<&'static str> = SIGNS.into_iter().filter(|s| signs.contains(s)).collect();
    if seen.len() < 2 {
        return Err(CensusError::Signs);
    }
    confirm::set_use(house, by, task.room, "vacant").await?;
    let by_name = name(house, by).await?;
    let account = by.account.map_or(String::new(), |a| a.to_string());
    settle(house, by, task, State::Vacant, seen, (account, by_name)).await
}

/// The household does not want to take part. It is put down and nobody asks it again in this
/// quarter; it may still check itself.
pub async fn refuse(house: &House, by: &Actor, id: Id) -> Result<(), CensusError> {
    let task = open(house, by, id).await?;
    let by_name = name(house, by).await?;
    let account = by.account.map_or(String::new(), |a| a.to_string());
    settle(
        house,
        by,
        task,
        State::Refused,
        Vec::new(),
        (account, by_name),
    )
    .await
}

async fn settle(
    house: &House,
    by: &Actor,
    task: Task,
    state: State,
    signs: Vec<&'static str>,
    (account, by_name): (String, String),
) -> Result<(), CensusError> {
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::CensusVisit), move |mut tx| {
            let now = tx.now();
            let late = rule::in_time(task.quarter, now) == Some(false);
            let end = store::End {
                state,
                at: now,
                day: now.date().to_string(),
                by: account,
                name: &by_name,
                method: if state == State::Vacant {
                    "vacancy"
                } else {
                    ""
                },
                changes: 0,
                late: late && state == State::Vacant,
                signs: &signs.join(" "),
            };
            if tx.execute(store::end(c, task.id, &end))? == 0 {
                return Err(CensusError::Changed);
            }
            let event = if state == State::Vacant {
                about(events::VACANT, &task)
                    .with("signs", signs.len() as i64)
                    .with("late", late)
            } else {
                about(events::REFUSED, &task)
            };
            Ok(tx.record(event, ())?)
        })
        .await
}

/// The household wants to after all.
pub async fn reopen(house: &House, by: &Actor, id: Id) -> Result<(), CensusError> {
    by.may(Permission::CensusVisit)?;
    let task = work::one(house, by, id).await?;
    if task.state != State::Refused {
        return Err(CensusError::State(task.state));
    }
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::CensusVisit), move |mut tx| {
            if tx.execute(store::reopen(c, id, State::Refused))? == 0 {
                return Err(CensusError::Changed);
            }
            Ok(tx.record(about(events::REOPENED, &task), ())?)
        })
        .await
}

#[cfg(test)]
mod tests {
    use foundation::clock::{DAY, HOUR};
    use jiff::civil::date;

    use super::*;

    fn at(hour: i64) -> Moment {
        Moment::at_start_of(date(2026, 3, 2)).plus(hour * HOUR)
    }

    #[test]
    fn a_day_has_parts_by_the_clock_of_shanghai() {
        assert_eq!(Part::of(at(9)), Part::Morning);
        assert_eq!(Part::of(at(12)), Part::Afternoon);
        assert_eq!(Part::of(at(19)), Part::Evening);
        assert_eq!(Part::of(at(9).plus(5 * DAY)), Part::Weekend);
    }

    #[test]
    fn tried_enough_is_three_times_at_different_hours() {
        let tried = |hours: &[i64]| -> Vec<Attempt> {
            let attempt = |h: &i64| Attempt {
                at: at(*h),
                part: Some(Part::of(at(*h))),
                by_name: String::new(),
            };
            hours.iter().map(attempt).collect()
        };
        assert!(!enough(&tried(&[9, 19])));
        assert!(
            !enough(&tried(&[9, 9 + 24, 9 + 48])),
            "always in the morning"
        );
        assert!(enough(&tried(&[9, 9 + 24, 19 + 48])));
        assert_eq!(untried(&tried(&[9, 19])), [Part::Afternoon, Part::Weekend]);
    }
}
