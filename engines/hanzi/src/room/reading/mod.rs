//! Gives each piece of a code its place: phase, zone, building, unit, floor, room.

mod doubt;
mod names;
mod tail;

use super::flat::Flat;
use super::pieces::{self, Label, Part, Piece};
use super::{AmbiguityCause, Atom, CodeError, Kind, Overrides, spelling};
use names::{atom, check_names, is_date, phase, storey_of, text_of};

/// Longest number of a building or unit without a mark; 138-0013-8000 is a phone.
const BARE_DIGITS_MAX: usize = 3;

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
    if text.iter().all(|c| matches!(c, '-' | ' ' | '/' | '#')) {
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
    if let Some((AmbiguityCause::PhaseOrZone, others)) = &mut reader.doubt {
        let parts = reader.parts.clone();
        others.push(Parts {
            phase: parts.zone.clone(),
            zone: Atom::Missing,
            ..parts
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
        if is_date(&pieces) {
            return Err(CodeError::Date);
        }
        let numbered = |p: &Piece| {
            p.label.is_some() || p.parts.iter().any(|part| matches!(part, Part::Num(_)))
        };
        if pieces.len() > 1 && !pieces.iter().any(numbered) {
            return Err(CodeError::NoNumber);
        }
        // 幸福小区3栋: the compound's own name says nothing within it.
        pieces.retain(|p| {
            !(p.label == Some(Label::Zone)
                && matches!(&p.parts[..], [Part::Word(w)] if w.ends_with('小')))
        });
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
            let unit_before = pieces[..at].iter().any(|p| p.label == Some(Label::Unit));
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
                Some(Label::House) if followed && !unit_before => {
                    pieces[at].label = Some(Label::Unit);
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
            Label::Phase => {
                // 幸福花园三期: the name is the zone's.
                if let ([Part::Word(word), number @ Part::Num(_)], true, true) = (
                    &piece.parts[..],
                    self.parts.zone.is_missing(),
                    self.parts.phase.is_missing(),
                ) {
                    self.parts.zone = Atom::Other {
                        text: word.clone(),
                        number: None,
                    };
                    self.parts.phase = phase(std::slice::from_ref(number));
                    return Ok(());
                }
                (&mut self.parts.phase, "phase")
            }
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
            if let [Part::Num(d), ..] = &piece.parts[..]
                && d.len() > BARE_DIGITS_MAX
                && piece.label.is_none()
            {
                return Err(CodeError::LongName(d.clone()));
            }
            if piece.label == Some(Label::Room) {
                return Err(CodeError::LeftOver(text_of(&piece)));
            }
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
            && matches!(number, [Part::Num(_), ..])
        {
            self.parts.zone = Atom::Other {
                text: word.clone(),
                number: None,
            };
            self.parts.building = atom(number);
            return Ok(());
        }
        self.parts.building = read;
        Ok(())
    }
}
