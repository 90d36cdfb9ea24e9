//! How far a quarter is: in all, day by day, by person and by building.

use std::collections::BTreeMap;

use foundation::database::{Community, DbError};
use foundation::house::House;
use foundation::ids::Id;
use jiff::civil::Date;

use crate::rule::Quarter;
use crate::store;
use crate::task::State;

/// Households by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub open: i64,
    pub counted: i64,
    pub vacant: i64,
    pub registered: i64,
    pub refused: i64,
    pub excused: i64,
    /// Of those with a record: after the quarter's end.
    pub late: i64,
}

impl Tally {
    fn add(&mut self, state: State, late: bool, n: i64) {
        let field = match state {
            State::Open => &mut self.open,
            State::Counted => &mut self.counted,
            State::Vacant => &mut self.vacant,
            State::Registered => &mut self.registered,
            State::Refused => &mut self.refused,
            State::Excused => &mut self.excused,
        };
        *field += n;
        if late {
            self.late += n;
        }
    }

    /// All that were asked of: the denominator.
    pub fn due(&self) -> i64 {
        self.open + self.recorded() + self.refused
    }

    /// With a record, late ones too.
    pub fn recorded(&self) -> i64 {
        self.counted + self.vacant + self.registered
    }

    /// With a record in time.
    pub fn in_time(&self) -> i64 {
        self.recorded() - self.late
    }

    /// Records in time out of a thousand that are due; all, where nothing is.
    pub fn permille(&self) -> i64 {
        match self.due() {
            0 => 1_000,
            due => self.in_time() * 1_000 / due,
        }
    }
}

/// One person's part of a quarter; nobody's under no account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub account: Option<Id>,
    pub name: String,
    pub tally: Tally,
}

async fn rows(
    house: &House,
    c: Community,
    q: Quarter,
) -> Result<Vec<(String, String, State, bool, i64)>, DbError> {
    house.db.all(store::tallies(c, q)).await
}

/// The figures of a quarter.
pub async fn totals(house: &House, c: Community, q: Quarter) -> Result<Tally, DbError> {
    let mut tally = Tally::default();
    for (_, _, state, late, n) in rows(house, c, q).await? {
        tally.add(state, late, n);
    }
    Ok(tally)
}

/// The figures by who visits.
pub async fn by_person(house: &House, c: Community, q: Quarter) -> Result<Vec<Part>, DbError> {
    let mut parts: BTreeMap<String, Part> = BTreeMap::new();
    for (account, name, state, late, n) in rows(house, c, q).await? {
        let part = parts.entry(account.clone()).or_insert_with(|| Part {
            account: account.parse().ok(),
            name: name.clone(),
            tally: Tally::default(),
        });
        part.tally.add(state, late, n);
    }
    let mut parts: Vec<Part> = parts.into_values().collect();
    parts.sort_by(|a, b| (a.account.is_none(), &a.name).cmp(&(b.account.is_none(), &b.name)));
    Ok(parts)
}

/// A building's figures, and who visits there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Building {
    pub name: String,
    pub visitors: Vec<String>,
    pub tally: Tally,
}

impl Building {
    /// As addresses and forms have it.
    pub fn key(&self) -> String {
        if self.name.is_empty() {
            crate::work::NO_BUILDING.to_owned()
        } else {
            self.name.clone()
        }
    }
}

/// The figures by building, in shelf order.
pub async fn by_building(
    house: &House,
    c: Community,
    q: Quarter,
) -> Result<Vec<Building>, DbError> {
    type Found = (String, String, String, State, i64);
    let rows: Vec<Found> = house.db.all(store::tallies_by_building(c, q)).await?;
    let mut out: Vec<Building> = Vec::new();
    for (name, _, visitor, state, n) in rows {
        let at = match out.iter().position(|b| b.name == name) {
            Some(at) => at,
            None => {
                out.push(Building {
                    name,
                    visitors: Vec::new(),
                    tally: Tally::default(),
                });
                out.len() - 1
            }
        };
        let building = &mut out[at];
        building.tally.add(state, false, n);
        if !visitor.is_empty() && !building.visitors.contains(&visitor) {
            building.visitors.push(visitor);
        }
    }
    // As the shelf has them; what stands in no building comes before.
    let shelf = roster::buildings(house, c).await?;
    out.sort_by_key(|b| {
        shelf
            .iter()
            .position(|name| *name == b.name)
            .map(|at| at + 1)
    });
    Ok(out)
}

/// Records by the end of a week, from the quarter's first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// The week's last day within the quarter.
    pub day: Date,
    /// Records up to and with that day.
    pub recorded: i64,
    /// What an even pace would have.
    pub meant: i64,
    /// Whether the day has passed or is today's week.
    pub reached: bool,
}

/// The line of a quarter, week by week: what there is and what is meant.
pub async fn line(
    house: &House,
    c: Community,
    q: Quarter,
    due: i64,
) -> Result<Vec<Point>, DbError> {
    let rows: Vec<(String, State, i64)> = house.db.all(store::done_by_day(c, q)).await?;
    let days: Vec<(Date, i64)> = rows
        .iter()
        .filter(|(_, state, _)| state.has_record())
        .filter_map(|(day, _, n)| Some((day.parse().ok()?, *n)))
        .collect();
    Ok(points(q, house.now().date(), due, &days))
}

/// The same, pure.
pub fn points(q: Quarter, today: Date, due: i64, done: &[(Date, i64)]) -> Vec<Point> {
    let span = crate::rule::days(q.first(), q.target()).max(0) + 1;
    let mut out = Vec::new();
    let mut monday = crate::rule::monday(q.first());
    while monday <= q.last() {
        let sunday = monday
            .saturating_add(jiff::Span::new().days(6))
            .min(q.last());
        let passed = crate::rule::days(q.first(), sunday.min(q.target())).max(0) + 1;
        out.push(Point {
            day: sunday,
            recorded: done.iter().filter(|(d, _)| *d <= sunday).map(|d| d.1).sum(),
            meant: due * passed / span,
            reached: monday <= today,
        });
        monday = monday.saturating_add(jiff::Span::new().days(7));
    }
    out
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_line_runs_to_all_by_the_target() {
        let q = Quarter { year: 2026, nth: 1 };
        let done = [(date(2026, 1, 2), 3), (date(2026, 1, 7), 4)];
        let line = points(q, date(2026, 1, 8), 130, &done);
        assert_eq!(line.len(), 14, "weeks that touch the quarter");
        assert_eq!(line[0].day, date(2026, 1, 4));
        assert_eq!((line[0].recorded, line[1].recorded), (3, 7));
        assert_eq!(line.iter().filter(|p| p.reached).count(), 2);
        let last = line[13];
        assert_eq!((last.day, last.meant), (date(2026, 3, 31), 130));
        assert!(line.windows(2).all(|w| w[0].meant <= w[1].meant));
    }

    #[test]
    fn coverage_counts_records_in_time_only_and_refusals_as_due() {
        let t = Tally {
            open: 1,
            counted: 6,
            vacant: 1,
            registered: 1,
            refused: 1,
            excused: 9,
            late: 1,
        };
        assert_eq!((t.due(), t.in_time(), t.permille()), (10, 7, 700));
        assert_eq!(Tally::default().permille(), 1_000);
    }
}
