//! Whom a notice is for: buildings, units, rooms by list or by a range of codes, by what
//! the rooms are used for; and of each household everybody, the owners or the tenants.

use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use hanzi::room::RoomCode;
use serde::{Deserialize, Serialize};

use crate::NoticeError;

/// As many lines as an audience is typed in, at most.
pub const LINES_MAX: usize = 500;

/// Who of a household is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Whom {
    #[default]
    Everyone,
    Owners,
    Tenants,
}

impl Whom {
    pub const ALL: [Whom; 3] = [Whom::Everyone, Whom::Owners, Whom::Tenants];

    pub fn word(self) -> &'static str {
        match self {
            Whom::Everyone => "everyone",
            Whom::Owners => "owners",
            Whom::Tenants => "tenants",
        }
    }

    pub fn from_word(word: &str) -> Option<Whom> {
        Whom::ALL.into_iter().find(|w| w.word() == word)
    }

    /// Whether a member of this relation is meant; family hear what their household hears.
    pub fn takes(self, relation: membership::Relation) -> bool {
        match self {
            Whom::Everyone => true,
            Whom::Owners => relation.owns() || relation == membership::Relation::Family,
            Whom::Tenants => relation == membership::Relation::Tenant,
        }
    }
}

/// Rooms from one code to another, both included, as [`crate::stretch`] has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    pub from: String,
    pub to: String,
}

/// Whom a notice is for. Empty lists say: the whole compound.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Audience {
    pub whom: Whom,
    pub buildings: Vec<String>,
    /// Building and unit.
    pub units: Vec<(String, String)>,
    pub rooms: Vec<Id>,
    pub ranges: Vec<Range>,
    /// Uses of the rooms (residence, shop …); empty is every use but parking.
    pub purposes: Vec<String>,
    /// States of the rooms (let, vacant …); empty is any.
    pub states: Vec<String>,
    /// Tags of the rooms, as they were called when it was written; empty is any.
    pub tags: Vec<(Id, String)>,
    /// The places as they were typed, for the form.
    pub typed: String,
}

fn cut(line: &str) -> Option<(&str, &str)> {
    ["～", "~", "至", "到", "—", "–"]
        .iter()
        .find_map(|sign| line.split_once(*sign))
        .map(|(a, b)| (a.trim(), b.trim()))
}

/// The building and the unit that a line such as 「3棟」 or 「3棟2單元」 names.
fn place(line: &str) -> Option<(String, String)> {
    let ends = |words: &[&str]| words.iter().any(|w| line.ends_with(w));
    if !ends(&[
        "棟", "幢", "栋", "座", "號樓", "号楼", "樓", "楼", "單元", "单元",
    ]) {
        return None;
    }
    // A code's reader knows how places are written; a flat is lent to the line.
    let code = RoomCode::parse(&format!("{line}101")).ok()?;
    let of = |atom: &hanzi::room::Atom| {
        if atom.is_missing() {
            String::new()
        } else {
            atom.to_string()
        }
    };
    let (building, unit) = (of(code.building()), of(code.unit()));
    (!building.is_empty()).then_some((building, unit))
}

impl Audience {
    /// Reads places as an office types them, one to a line or between commas: 「3棟」,
    /// 「3棟2單元」, a room's code, or 「3-1-0101～3-1-1802」.
    ///
    /// # Errors
    /// [`NoticeError::Audience`] with the first line that names nothing.
    pub async fn places(
        mut self,
        house: &House,
        c: Community,
        typed: &str,
    ) -> Result<Audience, NoticeError> {
        let strange = |line: &str| NoticeError::Audience(line.chars().take(60).collect());
        self.typed = typed.trim().to_owned();
        let lines: Vec<&str> = typed
            .split(['\n', ',', '，', '、', ';', '；'])
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        if let Some(line) = lines.get(LINES_MAX) {
            return Err(strange(line));
        }
        let known = roster::buildings(house, c).await?;
        let site = roster::order::of(house, c).await?;
        for line in lines {
            if let Some((building, unit)) = place(line) {
                if !known.contains(&building) {
                    return Err(strange(line));
                }
                if unit.is_empty() {
                    self.buildings.push(building);
                } else {
                    self.units.push((building, unit));
                }
            } else if let Some((from, to)) = cut(line) {
                let code = |text| RoomCode::parse_at(text, &site).map_err(|_| strange(line));
                let (from, to) = (code(from)?, code(to)?);
                // Backwards by the rules, it may still run so on the office's own shelves.
                if from > to && from.sort_key_with(&site) > to.sort_key_with(&site) {
                    return Err(strange(line));
                }
                self.ranges.push(Range {
                    from: from.normal(),
                    to: to.normal(),
                });
            } else {
                let room = roster::find_room(house, c, line).await?;
                self.rooms.push(room.ok_or_else(|| strange(line))?.id);
            }
        }
        self.buildings.sort();
        self.buildings.dedup();
        Ok(self)
    }

    /// Whether everybody of its buildings and units is meant, whatever their room is.
    pub fn goes_to_all(&self) -> bool {
        let places = self.rooms.is_empty() && self.ranges.is_empty();
        let kinds = self.purposes.is_empty() && self.states.is_empty() && self.tags.is_empty();
        places && kinds && self.whom == Whom::Everyone
    }

    /// Whether nothing is left out but by use or tag.
    pub fn is_whole(&self) -> bool {
        self.buildings.is_empty()
            && self.units.is_empty()
            && self.rooms.is_empty()
            && self.ranges.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_leaves_somebody_out_does_not_mean_all() {
        assert!(Audience::default().goes_to_all());
        let of = |change: fn(&mut Audience)| {
            let mut a = Audience::default();
            change(&mut a);
            a.goes_to_all()
        };
        assert!(of(|a| a.buildings.push("3".into())));
        for change in [
            (|a| a.whom = Whom::Owners) as fn(&mut Audience),
            |a| a.whom = Whom::Tenants,
            |a| a.purposes.push("shop".into()),
            |a| a.states.push("let".into()),
            |a| {
                a.ranges.push(Range {
                    from: "3-1-101".into(),
                    to: "3-1-201".into(),
                })
            },
        ] {
            assert!(!of(change));
        }
    }

    #[test]
    fn places_are_read_as_an_office_types_them() {
        assert_eq!(place("3棟"), Some(("3".into(), String::new())));
        assert_eq!(place("3栋2单元"), Some(("3".into(), "2".into())));
        assert_eq!(place("12號樓"), Some(("12".into(), String::new())));
        assert_eq!(place("3-2-1801"), None);
        assert_eq!(cut("3-1-0101～3-1-1802"), Some(("3-1-0101", "3-1-1802")));
    }
}
