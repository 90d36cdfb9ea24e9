//! Ranges of codes as they fall on rooms. A range runs as people count, by the rules of codes,
//! whatever order the office has for its shelves: it reaches the same households before that
//! order is set and after. Only a range that runs backwards by the rules is the office's own.

use std::collections::BTreeSet;

use foundation::database::{Community, DbError, Look, Value};
use foundation::house::House;
use hanzi::room::{Atom, Overrides, RoomCode};
use roster::{Places, RosterError};

use crate::NoticeError;
use crate::audience::Range;

/// Phase, zone, building and unit as a room's row has them.
type Unit = [String; 4];

/// Above every key: each begins with the version of the rules.
const LAST: u8 = 0xff;

/// Rooms of some ranges.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stretches {
    whole: BTreeSet<Unit>,
    /// Keys from one to another, in a unit or anywhere.
    parts: Vec<(Option<Unit>, Vec<u8>, Vec<u8>)>,
}

fn rank(code: &RoomCode) -> (&Atom, &Atom, &Atom, &Atom) {
    (code.phase(), code.zone(), code.building(), code.unit())
}

fn unit(code: &RoomCode, site: &Overrides) -> Unit {
    let at = Places::of(code, site);
    [at.phase, at.zone, at.building, at.unit]
}

impl Stretches {
    /// Where ranges run; `units` has one room of each unit, and is not looked at without an
    /// order of the office's own.
    fn of(ranges: &[Range], site: &Overrides, units: &[RoomCode]) -> Stretches {
        let mut found = Stretches::default();
        for range in ranges {
            // They were read when the audience was typed.
            let ends = (RoomCode::parse(&range.from), RoomCode::parse(&range.to));
            let (Ok(from), Ok(to)) = ends else { continue };
            let (low, high) = (from.sort_key_with(site), to.sort_key_with(site));
            if *site == Overrides::default() || from > to {
                found.parts.push((None, low, high));
            } else if rank(&from) == rank(&to) {
                found.parts.push((Some(unit(&from, site)), low, high));
            } else {
                let first = (Some(unit(&from, site)), low, vec![LAST]);
                let last = (Some(unit(&to, site)), Vec::new(), high);
                found.parts.extend([first, last]);
                let between = units
                    .iter()
                    .filter(|u| rank(u) > rank(&from) && rank(u) < rank(&to));
                found.whole.extend(between.map(|u| unit(u, site)));
            }
        }
        found
    }

    /// Where an audience's ranges run now; finishes an order that is still being applied.
    pub(crate) async fn find(
        house: &House,
        c: Community,
        ranges: &[Range],
    ) -> Result<Stretches, NoticeError> {
        if ranges.is_empty() {
            return Ok(Stretches::default());
        }
        let site = roster::order::settled(house, c).await?;
        let ranges = ranges.to_vec();
        let found = house.db.reading::<_, DbError, _>(move |r| {
            let units = units(r, c, &site)?;
            Ok(Stretches::of(&ranges, &site, &units))
        });
        Ok(found.await?)
    }

    /// The same inside a write.
    ///
    /// # Errors
    /// [`NoticeError::Changed`] when the office has just set another order.
    pub(crate) fn find_in(
        look: &mut impl Look,
        c: Community,
        ranges: &[Range],
    ) -> Result<Stretches, NoticeError> {
        if ranges.is_empty() {
            return Ok(Stretches::default());
        }
        let site = roster::order::settled_in(look, c).map_err(|e| match e {
            RosterError::Changed => NoticeError::Changed,
            e => e.into(),
        })?;
        let units = units(look, c, &site)?;
        Ok(Stretches::of(ranges, &site, &units))
    }

    /// Conditions on `room_seen r`, any of which takes a room; their values go behind `params`.
    pub(crate) fn conditions(&self, params: &mut Vec<Value>) -> Vec<String> {
        let mut all = Vec::new();
        for of in &self.whole {
            all.push(format!("({})", within(of, params)));
        }
        for (of, low, high) in &self.parts {
            params.push(low.as_slice().into());
            params.push(high.as_slice().into());
            let n = params.len();
            let keys = format!("r.sort_key BETWEEN ${} AND ${n}", n - 1);
            all.push(match of {
                Some(of) => format!("({keys} AND {})", within(of, params)),
                None => format!("({keys})"),
            });
        }
        all
    }
}

fn units(look: &mut impl Look, c: Community, site: &Overrides) -> Result<Vec<RoomCode>, DbError> {
    if *site == Overrides::default() {
        return Ok(Vec::new());
    }
    roster::order::units(look, c)
}

fn within(of: &Unit, params: &mut Vec<Value>) -> String {
    let columns = ["phase", "zone", "building", "unit"];
    let each = columns.iter().zip(of).map(|(column, word)| {
        params.push(word.into());
        format!("r.{column} = ${}", params.len())
    });
    each.collect::<Vec<_>>().join(" AND ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(from: &str, to: &str) -> [Range; 1] {
        [Range {
            from: from.into(),
            to: to.into(),
        }]
    }

    #[test]
    fn a_range_runs_as_people_count_whatever_the_offices_order() {
        let units = ["甲-101", "1-1-101", "1-2-101", "2-1-101", "3-1-101"]
            .map(|code| RoomCode::parse(code).expect(code));
        let mut site = Overrides::new();
        site.building("甲座", 1)
            .and_then(|s| s.building("2棟", 2))
            .expect("buildings");
        let found = Stretches::of(&range("1-1-102", "3-1-101"), &site, &units);
        let whole: Vec<String> = found.whole.iter().map(|u| u[2..].join("-")).collect();
        assert_eq!(whole, ["1-2", "2-1"]);
        assert_eq!(found.parts.len(), 2);
        let plain = Stretches::of(&range("1-1-102", "3-1-101"), &Overrides::new(), &[]);
        assert!(plain.whole.is_empty() && plain.parts[0].0.is_none());
        let own = Stretches::of(&range("甲-101", "2-1-101"), &site, &units);
        assert!(own.parts[0].0.is_none() && own.parts[0].1 < own.parts[0].2);
        let mut params = Vec::new();
        assert_eq!(found.conditions(&mut params).len(), 4);
        assert_eq!(params.len(), 4 * 4 + 2 * 2);
    }
}
