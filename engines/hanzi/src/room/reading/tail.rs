//! Reads what stands behind the last marked part: the rest of the address and the room.

use super::Reader;
use super::names::{BARE_LETTERS_MAX, atom, floor_of, storey_of, text_of};
use crate::room::flat::{self, Setting};
use crate::room::pieces::{Label, Part, Piece};
use crate::room::{Atom, CodeError, Floor, Kind};

/// Most flats joined in one code; beyond that it is a range, not a merged home.
const MERGED_MAX: usize = 8;
/// Farthest two merged neighbours' numbers lie apart; 101-1801 is a building and a room.
const MERGED_STEP_MAX: u32 = 4;

impl Reader<'_> {
    /// Reads what stands behind the last marked part: the rest of the address and the room.
    pub(super) fn tail(&mut self, mut pieces: Vec<Piece>) -> Result<(), CodeError> {
        if let [only] = &pieces[..]
            && self.bare(only)?
        {
            return Ok(());
        }
        if let [_, .., last] = &pieces[..] {
            let words = last.label.is_none() && matches!(last.parts[..], [Part::Word(_)]);
            if words && flat::suffix(&last.parts).is_none() {
                return Err(CodeError::LeftOver(text_of(last)));
            }
        }
        let suffix = self.take_suffix(&mut pieces)?;
        let merged = self.take_merged(&mut pieces);
        let Some(last) = pieces.pop() else {
            return Ok(());
        };
        if last.label == Some(Label::Floor) {
            self.parts.flat.floor = floor_of(&last);
            if self.parts.flat.floor.is_none() {
                return Err(CodeError::LeftOver(text_of(&last)));
            }
            return self.unmarked(pieces, None);
        }
        let floor = self.take_floor(&mut pieces, &last);
        let last = self.split_glued(last, &mut pieces, floor);
        let setting = Setting {
            floor,
            in_building: !pieces.is_empty() || !self.parts.building.is_missing(),
            serial: matches!(self.kind, Some(Kind::Parking | Kind::Storage)),
        };
        self.unmarked(pieces, None)?;
        self.parts.flat =
            flat::read(&last.parts, setting).ok_or_else(|| CodeError::LeftOver(text_of(&last)))?;
        if let Some(suffix) = suffix {
            if !self.parts.flat.suffix.is_missing() {
                return Err(CodeError::Twice("suffix"));
            }
            self.parts.flat.suffix = suffix;
        }
        for piece in merged {
            let other = flat::read(&piece.parts, setting)
                .ok_or_else(|| CodeError::LeftOver(text_of(&piece)))?;
            self.parts.more.push(other);
        }
        self.notice_echo(&last);
        Ok(())
    }

    /// A single piece without building: `T3`, `甲` name a building, `1801` a room, `A1801` both.
    fn bare(&mut self, piece: &Piece) -> Result<bool, CodeError> {
        let nothing_before =
            self.parts.building.is_missing() && self.parts.unit.is_missing() && self.kind.is_none();
        if piece.label.is_some() || piece.floor.is_some() || !nothing_before {
            return Ok(false);
        }
        match &piece.parts[..] {
            [Part::Latin(l), Part::Num(d)]
                if d.len() < 3
                    && !(d.starts_with('0') && flat::floor_name(&piece.parts[..1]).is_some())
                    && !l.is_empty() => {}
            [Part::Latin(l)] if l.len() <= BARE_LETTERS_MAX => {}
            [Part::Stem(_) | Part::Dir(_)] | [Part::Stem(_) | Part::Dir(_), Part::Num(_)] => {}
            [Part::Latin(_) | Part::Word(_)] => return Err(CodeError::NoNumber),
            _ => return Ok(false),
        }
        self.parts.building = atom(&piece.parts);
        Ok(true)
    }

    /// `-A`, `-1`, 附1 behind a room that holds its floor.
    fn take_suffix(&self, pieces: &mut Vec<Piece>) -> Result<Option<Atom>, CodeError> {
        let [.., before, last] = &pieces[..] else {
            return Ok(None);
        };
        if last.label == Some(Label::Suffix) {
            let atom =
                flat::suffix(&last.parts).ok_or_else(|| CodeError::LeftOver(text_of(last)))?;
            pieces.pop();
            return Ok(Some(atom));
        }
        let room = matches!(before.label, None | Some(Label::Room))
            && match &before.parts[..] {
                [Part::Num(d)] => {
                    d.len() >= 3 && (flat::holds_floor(&before.parts) || before.label.is_some())
                }
                _ => false,
            };
        let short = match &last.parts[..] {
            [Part::Num(d)] => d.len() < 3 && last.label.is_none(),
            [Part::Latin(l)] => l.len() == 1,
            [Part::Stem(_) | Part::Dir(_)] => true,
            [Part::Word(_)] => flat::suffix(&last.parts).is_some(),
            _ => false,
        };
        if !room || !short || last.joined {
            return Ok(None);
        }
        let atom = flat::suffix(&last.parts);
        pieces.pop();
        Ok(atom)
    }

    /// Takes the flats behind the first of a merged home: 1801-1802, 1801/02, 18A/18B.
    fn take_merged(&self, pieces: &mut Vec<Piece>) -> Vec<Piece> {
        let mut merged = Vec::new();
        while let [.., before, last] = &pieces[..] {
            let Some(last) = merges(before, last) else {
                break;
            };
            if merged.len() + 1 >= MERGED_MAX {
                break;
            }
            pieces.pop();
            merged.insert(0, last);
        }
        merged
    }

    /// A floor written as a piece of its own before the room: 18层01, B1-023, 18-1801.
    fn take_floor(&self, pieces: &mut Vec<Piece>, room: &Piece) -> Option<Floor> {
        let last = pieces.last()?;
        if last.label == Some(Label::Floor) {
            let floor = floor_of(last);
            pieces.pop();
            return floor;
        }
        if last.label.is_some() {
            return None;
        }
        let in_building =
            pieces.len() > 1 || !self.parts.building.is_missing() || self.kind.is_some();
        let name = atom(&last.parts);
        let plain_room = matches!(room.parts[..], [Part::Num(_)] | [Part::Num(_), _]);
        let storey_room = flat::holds_floor(&room.parts);
        let small = !storey_room;
        let floor = match &last.parts[..] {
            [Part::Latin(l), Part::Num(d), ..] if l == "B" && d.len() == 1 && plain_room => {
                let named = if in_building {
                    self.site.names_unit(&name)
                } else {
                    self.site.names_building(&name) || storey_room
                };
                !named
            }
            [Part::Latin(l)] if matches!(l.as_str(), "LG" | "UG" | "RF") => plain_room,
            [Part::Latin(l)] if matches!(l.as_str(), "G" | "M") => {
                plain_room && small && in_building && !self.site.names_unit(&name)
            }
            [Part::Num(_), Part::Latin(l)] => plain_room && (l == "F" || l == "M") && in_building,
            // 3-2-18-1801 and 3-2-18-01: a fourth number is the floor.
            [Part::Num(d)] if plain_room => {
                let before = pieces.len() - 1
                    + if self.parts.unit.is_missing() {
                        if self.parts.building.is_missing() {
                            0
                        } else {
                            1
                        }
                    } else {
                        2
                    };
                let echo = storey_room && storey_of(room) == storey_of(last);
                before >= 2 && (echo || small) && d.len() < 3
            }
            _ => false,
        };
        if !floor {
            return None;
        }
        let floor = floor_of(last);
        pieces.pop();
        floor
    }

    /// `A1801` is building or unit A and room 1801; `翠竹阁1203` a named building and its room.
    fn split_glued(&self, last: Piece, pieces: &mut Vec<Piece>, floor: Option<Floor>) -> Piece {
        let room_at = match &last.parts[..] {
            [
                Part::Word(_) | Part::Dir(_) | Part::Stem(_),
                Part::Num(d),
                ..,
            ] if d.len() >= 3 => 1,
            [Part::Word(_), Part::Num(_), ..] => 1,
            [Part::Latin(l), Part::Num(d), ..]
                if d.len() >= 3 && flat::holds_floor(&last.parts[1..]) =>
            {
                let in_building =
                    !pieces.is_empty() || !self.parts.building.is_missing() || self.kind.is_some();
                let basement = l == "B" && d.len() == 3 && in_building;
                if basement || (flat::floor_name(&last.parts[..1]).is_some() && in_building) {
                    0
                } else {
                    1
                }
            }
            _ => 0,
        };
        let full = pieces.len() >= 2 || !self.parts.unit.is_missing();
        if room_at == 0 || full || floor.is_some() {
            return last;
        }
        let mut front = last.clone();
        let rest = front.parts.split_off(room_at);
        front.label = None;
        pieces.push(front);
        Piece {
            parts: rest,
            ..last
        }
    }
}

/// The piece after a merged flat, written out in full, or `None` when it is none.
fn merges(before: &Piece, last: &Piece) -> Option<Piece> {
    let ok = |p: &Piece| matches!(p.label, None | Some(Label::Room)) && p.floor.is_none();
    if !ok(before) || !ok(last) {
        return None;
    }
    match (&before.parts[..], &last.parts[..]) {
        ([Part::Num(a), tail_a @ ..], [Part::Num(b), tail_b @ ..])
            if tail_a.len() <= 1 && tail_b.len() <= 1 && tail_a.len() == tail_b.len() =>
        {
            let b = if last.joined && a.len() >= 3 && b.len() == 2 {
                format!("{}{b}", &a[..a.len() - 2])
            } else {
                b.clone()
            };
            let (x, y): (u32, u32) = (a.parse().ok()?, b.parse().ok()?);
            let forward = (y > x || (y == x && !tail_a.is_empty() && tail_a != tail_b))
                && y - x <= MERGED_STEP_MAX;
            let one_floor = a.len() == b.len() && a.len() >= 3 && x / 100 == y / 100;
            if !forward || !(one_floor || last.joined) {
                return None;
            }
            let mut parts = vec![Part::Num(b)];
            parts.extend(tail_b.iter().cloned());
            Some(Piece {
                parts,
                ..last.clone()
            })
        }
        _ => None,
    }
}
