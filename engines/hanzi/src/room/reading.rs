//! Gives each piece of a code its place: phase, zone, building, unit, floor, room.

use super::flat::{self, Flat, Setting};
use super::pieces::{self, Label, Part, Piece};
use super::{AmbiguityCause, Atom, CodeError, Floor, Kind, Overrides, spelling};

/// Most flats joined in one code; beyond that it is a range, not a merged home.
const MERGED_MAX: usize = 8;
/// Farthest two merged neighbours' numbers lie apart; 101-1801 is a building and a room.
const MERGED_STEP_MAX: u32 = 4;
/// Longest name of a building or zone.
const NAME_CHARS_MAX: usize = 12;
/// Longest run of letters in a building's name when no mark or number says it is one.
const BARE_LETTERS_MAX: usize = 2;
/// Longest run of letters in any name.
const LETTERS_MAX: usize = 8;
/// Digits from which a room that repeats its building or unit must be asked about (P5.7).
const ECHO_DIGITS: usize = 5;

/// A code taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    pub phase: Atom,
    pub zone: Atom,
    pub building: Atom,
    pub unit: Atom,
    pub kind: Kind,
    pub flat: Flat,
    /// The other flats of a merged home.
    pub more: Vec<Flat>,
}

/// What was read, and how else it may have been meant.
#[derive(Debug)]
pub(super) struct Reading {
    pub parts: Parts,
    pub doubt: Option<(AmbiguityCause, Vec<Parts>)>,
}

/// Reads a code as typed.
pub(super) fn read(typed: &str, site: &Overrides) -> Result<Reading, CodeError> {
    let text = spelling::settle(typed)?;
    if text.iter().all(|c| matches!(c, '-' | '/' | '#')) {
        return Err(CodeError::Empty);
    }
    let cut = pieces::cut(&text)?;
    let mut reader = Reader {
        site,
        parts: Parts::default(),
        doubt: None,
        kind: cut.kind,
    };
    reader.parts.kind = cut.kind.unwrap_or_default();
    reader.place(cut.pieces)?;
    let parts = &reader.parts;
    if parts.building.is_missing() && parts.flat == Flat::default() {
        let phase_or_zone = !parts.phase.is_missing() || !parts.zone.is_missing();
        return Err(if phase_or_zone {
            CodeError::NoRoom
        } else {
            CodeError::NoNumber
        });
    }
    Ok(Reading {
        parts: reader.parts,
        doubt: reader.doubt,
    })
}

struct Reader<'a> {
    site: &'a Overrides,
    parts: Parts,
    doubt: Option<(AmbiguityCause, Vec<Parts>)>,
    kind: Option<Kind>,
}

impl Reader<'_> {
    fn place(&mut self, mut pieces: Vec<Piece>) -> Result<(), CodeError> {
        for piece in &pieces {
            check_names(piece, pieces.len())?;
        }
        self.settle_marks(&mut pieces);
        // All before the last marked part of the address belongs to the address.
        let last = pieces.iter().rposition(|p| {
            matches!(
                p.label,
                Some(Label::Phase | Label::Zone | Label::Building | Label::Unit)
            )
        });
        let tail = pieces.split_off(last.map_or(0, |at| at + 1));
        let mut address = Vec::new();
        for piece in pieces {
            match piece.label {
                None | Some(Label::House | Label::Room) => address.push(piece),
                Some(label) => {
                    self.unmarked(std::mem::take(&mut address), Some(label))?;
                    self.marked(label, piece)?;
                }
            }
        }
        self.tail(tail)
    }

    /// Decides what 楼 and 号 mean here, and a second 座.
    fn settle_marks(&self, pieces: &mut [Piece]) {
        for at in 0..pieces.len() {
            let building_before = pieces[..at]
                .iter()
                .any(|p| p.label == Some(Label::Building));
            let followed = pieces[at + 1..]
                .iter()
                .any(|p| p.label != Some(Label::Suffix));
            match pieces[at].label {
                Some(Label::Storey) => {
                    let unit_after = pieces[at + 1..]
                        .iter()
                        .any(|p| p.label == Some(Label::Unit));
                    let echoed = pieces
                        .get(at + 1)
                        .is_some_and(|next| storey_of(next) == storey_of(&pieces[at]));
                    let building = unit_after || (!building_before && at == 0 && !echoed);
                    pieces[at].label = Some(if building {
                        Label::Building
                    } else {
                        Label::Floor
                    });
                }
                // 128弄12号1801: the house before a room is a building.
                Some(Label::House) if followed && !building_before => {
                    pieces[at].label = Some(Label::Building)
                }
                Some(Label::House) => pieces[at].label = Some(Label::Room),
                Some(Label::Building) if building_before => {
                    let unit_known = pieces.iter().any(|p| p.label == Some(Label::Unit));
                    if !unit_known {
                        pieces[at].label = Some(Label::Unit);
                    }
                }
                _ => {}
            }
        }
    }

    fn marked(&mut self, label: Label, piece: Piece) -> Result<(), CodeError> {
        let (slot, name) = match label {
            Label::Phase => (&mut self.parts.phase, "phase"),
            Label::Zone => (&mut self.parts.zone, "zone"),
            Label::Building => {
                // 桂花苑2栋: the name is the zone's.
                if let ([Part::Word(word), Part::Num(_), ..], true) =
                    (&piece.parts[..], self.parts.zone.is_missing())
                {
                    self.parts.zone = Atom::Other {
                        text: word.clone(),
                        number: None,
                    };
                    self.parts.building = atom(&piece.parts[1..]);
                    return Ok(());
                }
                (&mut self.parts.building, "building")
            }
            Label::Unit => (&mut self.parts.unit, "unit"),
            _ => return Err(CodeError::LeftOver(text_of(&piece))),
        };
        if !slot.is_missing() {
            return Err(CodeError::Twice(name));
        }
        *slot = if label == Label::Phase {
            phase(&piece.parts)
        } else {
            atom(&piece.parts)
        };
        Ok(())
    }

    /// Places pieces without a mark that stand before the part `before` (or before the room).
    fn unmarked(&mut self, pieces: Vec<Piece>, before: Option<Label>) -> Result<(), CodeError> {
        let limit = match before {
            Some(Label::Phase) => 0,
            Some(Label::Zone) => 1,
            Some(Label::Building) => 2,
            Some(Label::Unit) => 3,
            _ => 4,
        };
        let filled = [
            &self.parts.phase,
            &self.parts.zone,
            &self.parts.building,
            &self.parts.unit,
        ]
        .iter()
        .rposition(|slot| !slot.is_missing())
        .map_or(0, |at| at + 1);
        // The last pieces lie nearest to what follows; a lone piece before a room is its building.
        let count = pieces.len();
        if count == 0 {
            return Ok(());
        }
        let first = if limit == 4 {
            match (count, filled) {
                (1, ..=2) => 2,
                (1, _) => 3,
                _ => 4_usize.saturating_sub(count),
            }
        } else {
            limit.max(count) - count
        };
        if first < filled || first + count > limit {
            return Err(CodeError::TooManyParts);
        }
        if count >= 3
            && self.doubt.is_none()
            && limit == 4
            && first == 1
            && matches!(pieces[0].parts[..], [Part::Num(_)])
        {
            // 2-3-1-1801: the first may as well be the phase.
            self.doubt = Some((AmbiguityCause::PhaseOrZone, Vec::new()));
        }
        for (piece, slot) in pieces.into_iter().zip(first..) {
            let read = atom(&piece.parts);
            match slot {
                0 => self.parts.phase = phase(&piece.parts),
                1 => self.parts.zone = read,
                2 => self.building_name(&piece, read)?,
                _ => self.parts.unit = read,
            }
        }
        Ok(())
    }

    fn building_name(&mut self, piece: &Piece, read: Atom) -> Result<(), CodeError> {
        if let ([Part::Word(word), number @ ..], true) =
            (&piece.parts[..], self.parts.zone.is_missing())
        {
            if matches!(number, [Part::Num(_), ..]) {
                self.parts.zone = Atom::Other {
                    text: word.clone(),
                    number: None,
                };
                self.parts.building = atom(number);
                return Ok(());
            }
        }
        self.parts.building = read;
        Ok(())
    }

    /// Reads what stands behind the last marked part: the rest of the address and the room.
    fn tail(&mut self, mut pieces: Vec<Piece>) -> Result<(), CodeError> {
        if let [only] = &pieces[..] {
            if self.bare(only)? {
                return Ok(());
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

    /// Five digits and more that begin with the building or unit: ask whether they repeat it.
    fn notice_echo(&mut self, room: &Piece) {
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

fn storey_of(piece: &Piece) -> Option<u32> {
    match &piece.parts[..] {
        [Part::Num(d), ..] if d.len() >= 3 => d[..d.len() - 2].parse().ok(),
        [Part::Num(d)] => d.parse().ok(),
        _ => None,
    }
}

fn floor_of(piece: &Piece) -> Option<Floor> {
    piece.floor.or_else(|| flat::floor_name(&piece.parts))
}

/// Roman numerals count as numbers in phases only: A期 and II期.
fn phase(parts: &[Part]) -> Atom {
    const ROMAN: [&str; 12] = [
        "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII",
    ];
    match parts {
        [Part::Latin(l)] => match ROMAN.iter().position(|r| r == l) {
            Some(at) => Atom::number(at as u32 + 1),
            None => atom(parts),
        },
        _ => atom(parts),
    }
}

/// A piece as a name.
fn atom(parts: &[Part]) -> Atom {
    let value = |d: &str| d.parse().expect("the cutter bounds the digits");
    match parts {
        [] => Atom::Missing,
        [Part::Num(d)] => Atom::number(value(d)),
        [Part::Num(d), Part::Latin(l)] => Atom::Number {
            value: value(d),
            letters: l.clone(),
        },
        [Part::Latin(l)] => Atom::latin(l),
        [Part::Latin(l), Part::Num(d)] => Atom::Latin {
            letters: l.clone(),
            number: Some(value(d)),
        },
        [Part::Stem(rank)] => Atom::Stem {
            rank: *rank,
            number: None,
        },
        [Part::Stem(rank), Part::Num(d)] => Atom::Stem {
            rank: *rank,
            number: Some(value(d)),
        },
        [Part::Dir(ranks)] => Atom::Direction {
            ranks: ranks.clone(),
            number: None,
        },
        [Part::Dir(ranks), Part::Num(d)] => Atom::Direction {
            ranks: ranks.clone(),
            number: Some(value(d)),
        },
        [names @ .., Part::Num(d)] => Atom::Other {
            text: join(names),
            number: Some(value(d)),
        },
        names => Atom::Other {
            text: join(names),
            number: None,
        },
    }
}

fn join(parts: &[Part]) -> String {
    parts.iter().fold(String::new(), |text, part| {
        text + &match part {
            Part::Num(t) | Part::Latin(t) | Part::Word(t) => t.clone(),
            Part::Stem(_) | Part::Dir(_) => atom(std::slice::from_ref(part)).to_string(),
        }
    })
}

fn text_of(piece: &Piece) -> String {
    join(&piece.parts)
}

/// Refuses sentences: names are short, letters few, and a bare name needs a number or mark.
fn check_names(piece: &Piece, count: usize) -> Result<(), CodeError> {
    for part in &piece.parts {
        let too_long = match part {
            Part::Word(word) => word.chars().count() > NAME_CHARS_MAX,
            Part::Latin(word) => word.len() > LETTERS_MAX,
            _ => false,
        };
        if too_long {
            return Err(CodeError::LeftOver(text_of(piece)));
        }
    }
    let wordy = matches!(&piece.parts[..], [Part::Latin(l)] if l.len() > BARE_LETTERS_MAX)
        && piece.label.is_none();
    if wordy && count == 1 {
        Err(CodeError::NoNumber)
    } else {
        Ok(())
    }
}
