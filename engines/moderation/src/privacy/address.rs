//! An address with a room. A building alone is nobody's secret: 明天3棟停水.

use hanzi::room::RoomCode;

use super::{Cells, Datum};
use crate::finding::Rule;

/// Digits of a building's number.
const BUILDING_DIGITS_MAX: usize = 3;
/// What stands behind a number that counts something.
const COUNTED: &str = "元块人户个米度平年月天次台多名份条年%％公万千百只栋楼位斤";
/// Highest floor and highest door on it in a code without words (3-2-1801).
const FLOOR_MAX: u32 = 60;
const DOOR_MAX: u32 = 40;

pub(super) fn scan(cells: &Cells, found: &mut Vec<Datum>) {
    let mut behind = 0;
    for at in cells.openers() {
        if at < behind || found.len() >= super::DATA_MAX {
            continue;
        }
        let datum = match cells.c(at) {
            '栋' | '幢' | '座' => in_words(cells, at, at + 1, behind),
            '号' if cells.c(at + 1) == '楼' => in_words(cells, at, at + 2, behind),
            '#' => in_words(
                cells,
                at,
                at + 1 + usize::from(cells.c(at + 1) == '楼'),
                behind,
            ),
            '-' | '–' | '—' => short(cells, at, behind),
            _ => None,
        };
        if let Some(datum) = datum {
            behind = datum.end;
            found.push(datum);
        }
    }
}

fn numeral(cells: &Cells, at: usize) -> bool {
    cells
        .get(at)
        .is_some_and(|c| c.is_digit() || matches!(c.c, '十' | '百'))
}

/// How many numerals stand at `at`, and whether they are Han.
fn number(cells: &Cells, at: usize, max: usize) -> usize {
    (at..at + max + 1)
        .take_while(|&at| numeral(cells, at))
        .count()
}

fn in_words(cells: &Cells, mark: usize, mut at: usize, behind: usize) -> Option<Datum> {
    let mut start = mark;
    while start > behind && mark - start < BUILDING_DIGITS_MAX && numeral(cells, start - 1) {
        start -= 1;
    }
    if start == mark && mark > behind && cells.cells[mark - 1].is_letter() {
        start -= 1;
    }
    if start == mark {
        return None;
    }
    // Space between the parts is how people type.
    let skip = |at: usize| {
        at + (at..at + 2)
            .take_while(|&at| matches!(cells.c(at), ' ' | '-' | ','))
            .count()
    };
    let mut parts = 0;
    at = skip(at);
    for marks in [&["单元", "梯", "门"][..], &["层", "楼"][..]] {
        let count = number(cells, at, 3);
        let letter = usize::from(count == 0 && cells.get(at).is_some_and(|c| c.is_letter()));
        if let Some(mark) = cells.one_of(at + count + letter, marks)
            && count + letter > 0
        {
            at = skip(at + count + letter + mark.chars().count());
            parts += 1;
        }
    }
    let mut count = number(cells, at, 6);
    let han = cells.get(at).is_some_and(|c| c.han);
    let mut unit_dash = false;
    // 3棟2-1801
    if (1..=2).contains(&count) && cells.c(at + count) == '-' {
        let room = number(cells, at + count + 1, 6);
        if (3..=4).contains(&room) {
            at += count + 1;
            count = room;
            unit_dash = true;
        }
    }
    let fits = if han {
        (3..=5).contains(&count)
    } else {
        (3..=4).contains(&count)
    };
    if !fits {
        return None;
    }
    let mut end = at + count;
    let suffix = cells.c(end);
    let named = matches!(suffix, '室' | '房' | '号') || (suffix == '户' && parts > 0);
    if named {
        end += 1;
    } else if COUNTED.contains(suffix) || cells.get(end).is_some_and(|c| c.is_alnum()) {
        return None;
    }
    let confidence = if named || parts > 0 || unit_dash {
        0.9
    } else {
        0.7
    };
    let typed = cells.text(start..end);
    let value = RoomCode::parse(&typed).map_or(typed, |code| code.normal());
    Some(Datum::new(Rule::Address, start..end, confidence, value))
}

/// `3-2-1801`, seen at its first dash.
fn short(cells: &Cells, dash: usize, behind: usize) -> Option<Datum> {
    let digit = |at: usize| cells.get(at).is_some_and(|c| c.ascii_digit());
    let run = |at: usize| (at..at + 6).take_while(|&at| digit(at)).count();
    let mut start = dash;
    while start > behind && dash - start < 3 && digit(start - 1) {
        start -= 1;
    }
    let building = dash - start;
    let unit = run(dash + 1);
    let second = dash + 1 + unit;
    if !(1..=2).contains(&building)
        || !(1..=2).contains(&unit)
        || !matches!(cells.c(second), '-' | '–' | '—')
    {
        return None;
    }
    let count = run(second + 1);
    let end = second + 1 + count;
    // Glued to more of anything it is another number: a date's end, a part's code.
    let glued = |at: usize| {
        matches!(cells.c(at), '-' | '/' | '.' | '–')
            && (digit(at + 1) || digit(at.saturating_sub(1)))
    };
    let around = start > 0 && (cells.cells[start - 1].is_alnum() || glued(start - 1));
    if !(3..=4).contains(&count)
        || around
        || cells.get(end).is_some_and(|c| c.is_alnum())
        || glued(end)
    {
        return None;
    }
    let value = |from: usize, to: usize| cells.digits(from..to).parse::<u32>().unwrap_or(0);
    let room = value(second + 1, end);
    let (floor, door) = (room / 100, room % 100);
    if !(1..=FLOOR_MAX).contains(&floor) || !(1..=DOOR_MAX).contains(&door) {
        return None;
    }
    // 02-29-2008 is a day; 3-2-2001 may be one.
    let day = (1..=12).contains(&value(start, dash)) && (1..=31).contains(&value(dash + 1, second));
    let year = (2000..=2040).contains(&room) && day;
    let padded =
        (building == 2 && cells.c(start) == '0') || (unit == 2 && cells.c(dash + 1) == '0');
    if COUNTED.contains(cells.c(end)) || (year && padded) {
        return None;
    }
    let confidence = if year { 0.5 } else { 0.85 };
    let typed = cells.text(start..end);
    let value = RoomCode::parse(&typed).map_or(typed, |code| code.normal());
    Some(Datum::new(Rule::Address, start..end, confidence, value))
}
