//! The line of a quarter as a picture made here, without a script: what is recorded against
//! what an even pace would have. A table beside it says the same.

use foundation::page::{Frame, fmt};

use crate::coverage::Point;

const WIDE: i64 = 640;
const TALL: i64 = 220;
const LEFT: i64 = 44;
const FOOT: i64 = 26;
const TOP: i64 = 12;

/// A chart's parts, in the units of its view.
pub struct Chart {
    pub recorded: String,
    pub meant: String,
    /// Height and number of each rule.
    pub rules: Vec<(i64, String)>,
    /// Place and day of each mark below.
    pub marks: Vec<(i64, String)>,
    /// Where the last record stands.
    pub last: (i64, i64),
    pub rows: Vec<Week>,
}

/// One week of the table.
pub struct Week {
    pub day: String,
    pub recorded: String,
    pub meant: String,
    pub behind: bool,
}

/// Draws the line of a quarter in which so many are due.
pub fn of(points: &[Point], due: i64, frame: &Frame) -> Chart {
    let most = due.max(1);
    let steps = points.len().max(1) as i64;
    let x = |n: usize| LEFT + (WIDE - LEFT - 8) * (n as i64 + 1) / steps;
    let y = |value: i64| TALL - FOOT - (TALL - FOOT - TOP) * value.clamp(0, most) / most;
    let start = format!("{LEFT},{}", y(0));
    let line = |value: &dyn Fn(&Point) -> i64, reached: bool| {
        let mut out = start.clone();
        for (n, p) in points
            .iter()
            .enumerate()
            .filter(|(_, p)| !reached || p.reached)
        {
            out += &format!(" {},{}", x(n), y(value(p)));
        }
        out
    };
    let last = points.iter().enumerate().rfind(|(_, p)| p.reached);
    Chart {
        recorded: line(&|p| p.recorded, true),
        meant: line(&|p| p.meant, false),
        rules: (0..=4)
            .map(|n| (y(most * n / 4), fmt::count(most * n / 4)))
            .collect(),
        marks: points
            .iter()
            .enumerate()
            .filter(|(n, _)| n % 3 == 0)
            .map(|(n, p)| (x(n), format!("{}/{}", p.day.month(), p.day.day())))
            .collect(),
        last: last.map_or((LEFT, y(0)), |(n, p)| (x(n), y(p.recorded))),
        rows: points
            .iter()
            .filter(|p| p.reached)
            .map(|p| Week {
                day: fmt::civil_day(frame.lang(), p.day),
                recorded: fmt::count(p.recorded),
                meant: fmt::count(p.meant),
                behind: p.recorded < p.meant,
            })
            .collect(),
    }
}
