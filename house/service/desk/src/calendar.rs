//! The office's hours, as it sets them and as clocks are worked out with them. Public holidays
//! and make-up workdays come from the published notices; a day may be set otherwise.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use foundation::clock::Moment;
use foundation::database::{Community, DbError};
use foundation::house::House;
use foundation::ledger::{Audience, Event};
use jiff::ToSpan as _;
use jiff::civil::Date;
use permissions::Permission;
use permissions::actor::Actor;
use serde_json::{Map, Value as Json, json};
use worktime::{Calendar, DayKind, Year, shifts, text_of};

use crate::{Refused, events, moving, store};

/// Single days that an office may set.
pub const OWN_DAYS_MAX: usize = 200;
/// Silence confirms after so many days, by default and at the least and most.
pub const SILENT_DAYS: i64 = 7;
pub const SILENT_DAYS_RANGE: std::ops::RangeInclusive<i64> = 7..=30;
/// An ordinary office, until it says otherwise.
const USUAL: &str = "08:30-12:00 14:00-17:30";

/// What the office has set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    /// Monday first, as they are read by [`worktime::shifts`].
    pub week: [String; 7],
    pub holiday: String,
    pub make_up: String,
    pub own: BTreeMap<Date, DayKind>,
    pub silent_days: i64,
    pub version: i64,
}

impl Default for Hours {
    fn default() -> Hours {
        Hours {
            week: std::array::from_fn(|n| if n < 6 { USUAL } else { "" }.to_owned()),
            holiday: String::new(),
            make_up: USUAL.to_owned(),
            own: BTreeMap::new(),
            silent_days: SILENT_DAYS,
            version: 0,
        }
    }
}

/// What was published for a year, looked up once for as long as the house stands.
fn published(year: i16) -> Option<Year> {
    static KNOWN: OnceLock<Mutex<BTreeMap<i16, Option<Year>>>> = OnceLock::new();
    let known = KNOWN.get_or_init(Mutex::default);
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    let found = known.entry(year).or_insert_with(|| {
        if !almanac::knows_statutory(year) {
            return None;
        }
        let first = Date::new(year, 1, 1).ok()?;
        let days = first.series(1.day()).take_while(|d| d.year() == year);
        let told = days.filter_map(almanac::statutory).map(|s| {
            let kind = if s.worked {
                DayKind::MakeUp
            } else {
                DayKind::Holiday
            };
            (s.date, kind)
        });
        Some(told.collect())
    });
    found.clone()
}

fn kind_word(kind: DayKind) -> &'static str {
    match kind {
        DayKind::Ordinary => "ordinary",
        DayKind::Holiday => "holiday",
        DayKind::MakeUp => "make_up",
    }
}

/// A day's kind as forms and the row have it.
pub fn day_kind(word: &str) -> Option<DayKind> {
    [DayKind::Ordinary, DayKind::Holiday, DayKind::MakeUp]
        .into_iter()
        .find(|k| kind_word(*k) == word)
}

impl Hours {
    /// As they are kept.
    fn text(&self) -> String {
        let own: Map<String, Json> = self
            .own
            .iter()
            .map(|(day, kind)| (day.to_string(), kind_word(*kind).into()))
            .collect();
        json!({
            "week": self.week, "holiday": self.holiday, "make_up": self.make_up, "own": own,
        })
        .to_string()
    }

    fn read(text: &str, silent_days: i64, version: i64) -> Result<Hours, DbError> {
        let bad = || DbError::Shape("the office's hours are damaged".into());
        let json: Json = serde_json::from_str(text).map_err(|_| bad())?;
        let text = |v: &Json| v.as_str().map(str::to_owned).ok_or_else(bad);
        let mut week = Hours::default().week;
        for (n, day) in week.iter_mut().enumerate() {
            *day = text(&json["week"][n])?;
        }
        let own = json["own"].as_object().ok_or_else(bad)?;
        let own = own.iter().map(|(day, kind)| {
            let kind = kind.as_str().and_then(day_kind).ok_or_else(bad)?;
            Ok::<_, DbError>((day.parse().map_err(|_| bad())?, kind))
        });
        Ok(Hours {
            week,
            holiday: text(&json["holiday"])?,
            make_up: text(&json["make_up"])?,
            own: own.collect::<Result<_, _>>()?,
            silent_days,
            version,
        })
    }

    /// As the house keeps them.
    pub async fn of(house: &House, c: Community) -> Result<Hours, DbError> {
        let found: Option<(String, i64, i64)> =
            house.db.optional(store::office::settings(c)).await?;
        match found {
            Some((text, silent_days, version)) => Hours::read(&text, silent_days, version),
            None => Ok(Hours::default()),
        }
    }

    /// The calendar of these hours, for tickets of the last years and their deadlines.
    ///
    /// # Errors
    /// The day of the week (7 holidays, 8 make-up days) whose shifts are none.
    pub fn calendar(&self, now: Moment) -> Result<Calendar, usize> {
        let mut week = <[Vec<worktime::Shift>; 7]>::default();
        for (n, day) in self.week.iter().enumerate() {
            week[n] = shifts(day).map_err(|_| n)?;
        }
        let this = now.date().year();
        let years = (this - 3..=this + 3).filter_map(|y| Some((y, published(y)?)));
        Ok(Calendar {
            round_the_clock: false,
            week,
            holiday: shifts(&self.holiday).map_err(|_| 7_usize)?,
            make_up: shifts(&self.make_up).map_err(|_| 8_usize)?,
            years: years.collect(),
            own: self.own.clone(),
        })
    }

    /// This year or the next, where its holidays are not known to this release yet.
    pub fn unknown_years(now: Moment) -> Vec<i16> {
        let today = now.date();
        // The State Council's notice for a year comes in November before it.
        let last = if today.month() >= 11 { 1 } else { 0 };
        (today.year()..=today.year() + last)
            .filter(|y| published(*y).is_none())
            .collect()
    }
}

/// What clocks are worked out with.
#[derive(Clone, Debug)]
pub struct Office {
    pub calendar: Calendar,
    pub silent_days: i64,
}

impl Office {
    pub async fn of(house: &House, c: Community) -> Result<Office, DbError> {
        let hours = Hours::of(house, c).await?;
        let read = hours.calendar(house.now());
        let calendar = read.map_err(|_| DbError::Shape("the office's hours are damaged".into()))?;
        Ok(Office {
            calendar,
            silent_days: hours.silent_days,
        })
    }
}

/// Sets the office's hours; every open ticket's clocks are right at the next look.
///
/// # Errors
/// [`Refused::Setting`] for what is no shift, too many days, or a silence too short;
/// [`Refused::Changed`] when another set them meanwhile.
pub async fn set(house: &House, by: &Actor, mut hours: Hours) -> Result<(), Refused> {
    by.may(Permission::DeskSet)?;
    let c = by.community;
    let read = hours.calendar(house.now()).map_err(|_| Refused::Setting)?;
    if hours.own.len() > OWN_DAYS_MAX || !SILENT_DAYS_RANGE.contains(&hours.silent_days) {
        return Err(Refused::Setting);
    }
    // An office that never opens would owe nothing to anybody.
    if read.week.iter().all(Vec::is_empty) {
        return Err(Refused::Setting);
    }
    for (n, day) in hours.week.iter_mut().enumerate() {
        *day = text_of(&read.week[n]);
    }
    (hours.holiday, hours.make_up) = (text_of(&read.holiday), text_of(&read.make_up));
    house
        .write(c, &by.who_for(Permission::DeskSet), move |mut tx| {
            let put =
                store::office::put_settings(c, &hours.text(), hours.silent_days, hours.version);
            if tx.execute(put)? == 0 {
                return Err(Refused::Changed);
            }
            let now = tx.now();
            tx.execute(store::look_at_all(c, now))?;
            moving::wake_in(&mut tx, now)?;
            let event = Event::new(events::HOURS_SET)
                .to(Audience::Staff)
                .with("silent_days", hours.silent_days);
            Ok(tx.record(event, ())?)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_kept_as_they_were_set() {
        let mut hours = Hours::default();
        let day = "2026-05-02".parse().expect("a day");
        hours.own.insert(day, DayKind::MakeUp);
        hours.version = 3;
        assert_eq!(Hours::read(&hours.text(), 7, 3).expect("read"), hours);
    }

    #[test]
    fn a_published_year_has_its_holidays_and_its_make_up_days() {
        let year = published(2025).expect("published");
        let day = |text: &str| text.parse::<Date>().expect("a day");
        assert_eq!(year.get(&day("2025-10-01")), Some(&DayKind::Holiday));
        assert_eq!(year.get(&day("2025-09-28")), Some(&DayKind::MakeUp));
        assert_eq!(year.get(&day("2025-07-01")), None);
        assert!(published(2150).is_none());
    }
}
