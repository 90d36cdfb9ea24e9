//! The quarterly report 執法報告: how many strikes per rule, how many were overturned, how
//! long people waited. Counts only; computed from the tables for any past quarter and
//! published to the members.

use serde::{Deserialize, Serialize};

use crate::{ConductError, events, store};
use foundation::clock::Moment;
use foundation::database::Community;
use foundation::house::House;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// A quarter of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quarter {
    pub year: i16,
    /// 1 to 4.
    pub number: i8,
}

impl Quarter {
    pub fn of(at: Moment) -> Quarter {
        let date = at.date();
        Quarter {
            year: date.year(),
            number: (date.month() - 1) / 3 + 1,
        }
    }

    /// As stored: 20263 is the third of 2026.
    pub fn code(self) -> i64 {
        i64::from(self.year) * 10 + i64::from(self.number)
    }

    pub fn from_code(code: i64) -> Option<Quarter> {
        let number = i8::try_from(code % 10)
            .ok()
            .filter(|n| (1..=4).contains(n))?;
        let year = i16::try_from(code / 10)
            .ok()
            .filter(|y| (2000..=9999).contains(y))?;
        Some(Quarter { year, number })
    }

    pub fn before(self) -> Quarter {
        match self.number {
            1 => Quarter {
                year: self.year - 1,
                number: 4,
            },
            n => Quarter {
                number: n - 1,
                ..self
            },
        }
    }

    fn starts(self) -> Moment {
        let month = (self.number - 1) * 3 + 1;
        Moment::at_start_of(jiff_date(self.year, month))
    }

    /// From its first instant to the next quarter's.
    pub fn span(self) -> (Moment, Moment) {
        let next = match self.number {
            4 => Quarter {
                year: self.year + 1,
                number: 1,
            },
            n => Quarter {
                number: n + 1,
                ..self
            },
        };
        (self.starts(), next.starts())
    }
}

fn jiff_date(year: i16, month: i8) -> jiff::civil::Date {
    jiff::civil::date(year, month, 1)
}

/// One rule in a quarter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub category: String,
    pub rule: String,
    pub strikes: i64,
    pub overturned: i64,
}

/// What a quarter was like. Durations in ms; `None` where nothing was decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Figures {
    pub lines: Vec<Line>,
    pub strikes: i64,
    pub overturned: i64,
    pub dismissed: i64,
    pub violations: i64,
    pub illegal: i64,
    pub warnings: i64,
    pub mutes: i64,
    pub removals: i64,
    pub appeals: i64,
    pub appeals_won: i64,
    pub median_ms: Option<i64>,
    pub appeal_median_ms: Option<i64>,
}

/// The middle of sorted values; of two in the middle, the lower.
fn median(sorted: &[(i64,)]) -> Option<i64> {
    sorted.get(sorted.len().checked_sub(1)? / 2).map(|v| v.0)
}

/// Counts a quarter.
pub async fn figures(
    house: &House,
    c: Community,
    quarter: Quarter,
) -> Result<Figures, ConductError> {
    let (from, to) = quarter.span();
    let mut out = Figures::default();
    let lines: Vec<(String, String, i64, i64)> =
        house.db.all(store::strikes_by_rule(c, from, to)).await?;
    for (category, rule, strikes, overturned) in lines {
        out.strikes += strikes;
        out.overturned += overturned;
        out.lines.push(Line {
            category,
            rule,
            strikes,
            overturned,
        });
    }
    let kinds: Vec<(String, i64)> = house.db.all(store::sanctions_by_kind(c, from, to)).await?;
    for (kind, n) in kinds {
        match kind.as_str() {
            "warning" => out.warnings = n,
            "mute" => out.mutes = n,
            _ => out.removals = n,
        }
    }
    let outcomes: Vec<(String, i64)> = house.db.all(store::cases_by_outcome(c, from, to)).await?;
    for (state, n) in outcomes {
        match state.as_str() {
            "dismissed" => out.dismissed = n,
            "violation" => out.violations = n,
            "illegal" => out.illegal = n,
            _ => {}
        }
    }
    let appeals: Vec<(String, i64)> = house.db.all(store::appeals_by_outcome(c, from, to)).await?;
    for (state, n) in appeals {
        if state != "withdrawn" {
            out.appeals += n;
        }
        if matches!(state.as_str(), "overturned" | "reduced") {
            out.appeals_won += n;
        }
    }
    let waits: Vec<(i64,)> = house.db.all(store::waits(c, from, to)).await?;
    out.median_ms = median(&waits);
    let waits: Vec<(i64,)> = house.db.all(store::appeal_waits(c, from, to)).await?;
    out.appeal_median_ms = median(&waits);
    Ok(out)
}

/// Publishes a quarter that is over to the members; again replaces it by a fresh count.
///
/// # Errors
/// [`ConductError::NotPending`] while the quarter still runs.
pub async fn publish(house: &House, by: &Actor, quarter: Quarter) -> Result<Figures, ConductError> {
    by.may(Permission::ConductPolicy)?;
    if quarter.span().1 > house.now() {
        return Err(ConductError::NotPending);
    }
    let c = by.community;
    let figures = figures(house, c, quarter).await?;
    let body = serde_json::to_string(&figures).expect("figures are plain data");
    let account = by.account;
    let (strikes, overturned) = (figures.strikes, figures.overturned);
    house
        .write(c, &by.who_for(Permission::ConductPolicy), move |mut tx| {
            let now = tx.now();
            tx.execute(store::insert_quarter(
                c,
                quarter.code(),
                account,
                &body,
                now,
            ))?;
            let event = Event::new(events::QUARTER_PUBLISHED)
                .to(Audience::Members)
                .with("quarter", quarter.code())
                .with("strikes", strikes)
                .with("overturned", overturned);
            Ok::<_, ConductError>(tx.record(event, ())?)
        })
        .await?;
    Ok(figures)
}

/// The published quarters, newest first.
pub async fn published(
    house: &House,
    c: Community,
) -> Result<Vec<(Quarter, Moment, Figures)>, ConductError> {
    let rows: Vec<(i64, Moment, String)> = house.db.all(store::quarters(c)).await?;
    let read = |(code, at, body): (i64, Moment, String)| {
        Some((
            Quarter::from_code(code)?,
            at,
            serde_json::from_str(&body).ok()?,
        ))
    };
    Ok(rows.into_iter().filter_map(read).collect())
}
