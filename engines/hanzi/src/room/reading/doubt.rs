//! Notices rooms that may have been meant otherwise (archive.md P5.7).

use super::{Parts, Reader};
use crate::room::flat::{self, Setting};
use crate::room::pieces::{Part, Piece};
use crate::room::{AmbiguityCause, Atom, Kind};

/// Digits from which a room that repeats its building or unit must be asked about (P5.7).
const ECHO_DIGITS: usize = 5;

impl Reader<'_> {
    /// Five digits and more that begin with the building or unit: ask whether they repeat it.
    pub(super) fn notice_echo(&mut self, room: &Piece) {
        let [Part::Num(digits), ..] = &room.parts[..] else {
            return;
        };
        if digits.len() < ECHO_DIGITS || self.doubt.is_some() || self.parts.kind >= Kind::Parking {
            return;
        }
        let building = self
            .parts
            .building
            .as_number()
            .map(|n| n.to_string())
            .unwrap_or_default();
        let unit = self
            .parts
            .unit
            .as_number()
            .map(|n| n.to_string())
            .unwrap_or_default();
        let two = |n: &str| {
            if n.len() == 1 {
                format!("0{n}")
            } else {
                n.to_owned()
            }
        };
        let fronts = [
            format!("{building}{unit}"),
            building.clone(),
            unit.clone(),
            format!("{}{}", two(&building), two(&unit)),
            two(&building),
            two(&unit),
        ];
        let mut others: Vec<Parts> = Vec::new();
        for front in fronts.iter().filter(|front| !front.is_empty()) {
            let Some(rest) = digits.strip_prefix(front.as_str()) else {
                continue;
            };
            self.other_room(rest, room, &mut others);
        }
        if !others.is_empty() {
            self.doubt = Some((AmbiguityCause::EchoedRoom, others));
        } else if self.parts.building.is_missing() && self.parts.unit.is_missing() {
            self.glued_digits(&digits.clone(), room);
        }
    }

    fn other_room(&self, rest: &str, room: &Piece, others: &mut Vec<Parts>) {
        let mut parts = vec![Part::Num(rest.to_owned())];
        parts.extend(room.parts[1..].iter().cloned());
        let setting = Setting {
            floor: None,
            in_building: true,
            serial: false,
        };
        if rest.len() < 3 || !flat::holds_floor(&parts) {
            return;
        }
        let Some(flat) = flat::read(&parts, setting) else {
            return;
        };
        let other = Parts {
            flat,
            ..self.parts.clone()
        };
        if !others.contains(&other) {
            others.push(other);
        }
    }

    /// 31801 and 321801 without a sign: building, perhaps unit, and room run together.
    fn glued_digits(&mut self, digits: &str, room: &Piece) {
        let (front, rest) = digits.split_at(digits.len() - 4);
        let mut others = Vec::new();
        self.other_room(rest, room, &mut others);
        let with = |parts: &Parts, building: &str, unit: &str| Parts {
            building: building.parse().map_or(Atom::Missing, Atom::number),
            unit: unit.parse().map_or(Atom::Missing, Atom::number),
            ..parts.clone()
        };
        let Some(one) = others.pop() else { return };
        let mut found = vec![with(&one, front, "")];
        if front.len() > 1 {
            let (building, unit) = front.split_at(front.len() - 1);
            found.push(with(&one, building, unit));
        }
        self.doubt = Some((AmbiguityCause::GluedDigits, found));
    }
}
