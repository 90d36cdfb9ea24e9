//! What a plan leaves to do, laid out in pieces of at most 500 rows of the file. A piece is
//! made when it is asked for, so that a large plan is never in memory twice.

use std::collections::HashSet;
use std::iter::Peekable;
use std::vec::IntoIter;

use super::outcome::Counts;
use super::piece::{
    Change, NewDocument, NewParty, NewPhone, NewRelation, NewRoom, NewVehicle, PIECE_ROWS, Piece,
    RoomWhole,
};
use super::plan::{Bond, Party, Room};
use foundation::ids::Id;

/// The records to be added and changed, in the order of the file's rows.
pub struct Work {
    rooms: Peekable<IntoIter<Room>>,
    parties: Peekable<IntoIter<Party>>,
    bonds: Peekable<IntoIter<Tied>>,
    pieces: u64,
}

/// A relation with the ids of both its ends.
struct Tied {
    bond: Bond,
    room: Id,
    party: Id,
}

impl Default for Work {
    fn default() -> Work {
        Work {
            rooms: Vec::new().into_iter().peekable(),
            parties: Vec::new().into_iter().peekable(),
            bonds: Vec::new().into_iter().peekable(),
            pieces: 0,
        }
    }
}

/// What becomes of a record.
#[derive(Clone, Copy)]
enum Fate {
    Added,
    Changed,
    /// As it was; nothing is to be done.
    Unchanged,
}

impl Fate {
    /// Counts it; whether there is anything to do.
    fn count(self, counts: &mut Counts) -> bool {
        match self {
            Fate::Added => counts.added += 1,
            Fate::Changed => counts.changed += 1,
            Fate::Unchanged => counts.unchanged += 1,
        }
        !matches!(self, Fate::Unchanged)
    }
}

impl Work {
    /// Orders what is to be done, and counts rooms and people.
    pub(super) fn of(
        mut rooms: Vec<Room>,
        mut parties: Vec<Party>,
        bonds: Vec<Bond>,
    ) -> (Counts, Counts, Work) {
        let mut bonds: Vec<Tied> = bonds
            .into_iter()
            .map(|bond| Tied {
                room: rooms[bond.room].id,
                party: parties[bond.party].id,
                bond,
            })
            .collect();
        let (mut of_rooms, mut of_people) = (Counts::default(), Counts::default());
        rooms.retain(|r| r.touched && r.fate().count(&mut of_rooms));
        parties.retain(|p| p.touched && p.fate().count(&mut of_people) && p.has_work());
        rooms.sort_by_key(|r| r.row);
        parties.sort_by_key(|p| p.row);
        bonds.sort_by_key(|b| b.bond.row);
        let rows = rooms.iter().map(|r| r.row);
        let rows = rows.chain(parties.iter().map(|p| p.row));
        let rows = rows.chain(bonds.iter().map(|b| b.bond.row));
        let pieces: HashSet<usize> = rows.map(|row| row / PIECE_ROWS).collect();
        let work = Work {
            pieces: pieces.len() as u64,
            rooms: rooms.into_iter().peekable(),
            parties: parties.into_iter().peekable(),
            bonds: bonds.into_iter().peekable(),
        };
        (of_rooms, of_people, work)
    }

    /// How many pieces there are in all.
    pub fn pieces(&self) -> u64 {
        self.pieces
    }

    /// Whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.pieces == 0
    }

    /// The next piece; `None` after the last.
    pub fn next_piece(&mut self, new_id: &dyn Fn() -> Id) -> Option<Piece> {
        let rows = [
            self.rooms.peek().map(|r| r.row),
            self.parties.peek().map(|p| p.row),
            self.bonds.peek().map(|b| b.bond.row),
        ];
        let first = rows.into_iter().flatten().min()?;
        let end = (first / PIECE_ROWS + 1) * PIECE_ROWS;
        let mut piece = Piece::default();
        while let Some(room) = self.rooms.next_if(|r| r.row < end) {
            room.into_piece(&mut piece, new_id);
        }
        while let Some(party) = self.parties.next_if(|p| p.row < end) {
            party.into_piece(&mut piece, new_id);
        }
        while let Some(tied) = self.bonds.next_if(|b| b.bond.row < end) {
            tied.into_piece(&mut piece);
        }
        Some(piece)
    }
}

impl Room {
    /// The note that the room has afterwards.
    fn note(&self) -> Option<String> {
        let was = || self.known.as_ref().and_then(|k| k.1.note.clone());
        match self.notes.is_empty() {
            true => was(),
            false => Some(self.notes.join("\n")),
        }
    }

    fn changes(&self) -> bool {
        let was = self.known.as_ref().map(|k| &k.1);
        was.is_none_or(|was| was.facts != self.facts || was.note != self.note())
    }

    fn fate(&self) -> Fate {
        match self.known {
            None => Fate::Added,
            Some(_) if self.changes() || self.plates.len() > self.plates_known => Fate::Changed,
            Some(_) => Fate::Unchanged,
        }
    }

    fn into_piece(mut self, piece: &mut Piece, new_id: &dyn Fn() -> Id) {
        for plate in self.plates.drain(self.plates_known..) {
            piece.vehicles.push(NewVehicle {
                id: new_id(),
                room: self.id,
                plate,
            });
        }
        let (changes, note) = (self.changes(), self.note());
        let Some(known) = self.known else {
            piece.rooms.push(NewRoom {
                id: self.id,
                code: self.code,
                facts: self.facts,
                note: note.unwrap_or_default(),
            });
            return;
        };
        if changes {
            let (version, was) = *known;
            piece.room_changes.push(Change {
                id: self.id,
                version,
                was,
                becomes: RoomWhole {
                    facts: self.facts,
                    note,
                },
            });
        }
    }
}

impl Party {
    fn changes(&self) -> bool {
        self.known.as_ref().is_none_or(|k| k.1 != self.facts)
    }

    fn has_work(&self) -> bool {
        self.changes()
            || self.phones.len() > self.phones_known
            || self.documents.len() > self.documents_known
    }

    /// One that is merely tied anew to a room has changed, too.
    fn fate(&self) -> Fate {
        match self.known {
            None => Fate::Added,
            Some(_) if self.has_work() || self.tied => Fate::Changed,
            Some(_) => Fate::Unchanged,
        }
    }

    fn into_piece(mut self, piece: &mut Piece, new_id: &dyn Fn() -> Id) {
        let had = self.phones_known;
        for (n, number) in self.phones.drain(had..).enumerate() {
            piece.phones.push(NewPhone {
                party: self.id,
                id: new_id(),
                number,
                main: had == 0 && n == 0,
            });
        }
        for (kind, number) in self.documents.drain(self.documents_known..) {
            piece.documents.push(NewDocument {
                party: self.id,
                id: new_id(),
                kind: kind.to_owned(),
                number,
            });
        }
        let changes = self.changes();
        let Some(known) = self.known else {
            piece.parties.push(NewParty {
                id: self.id,
                organisation: self.organisation,
                name: self.name,
                facts: self.facts,
            });
            return;
        };
        if changes {
            let (version, was) = *known;
            piece.party_changes.push(Change {
                id: self.id,
                version,
                was,
                becomes: self.facts,
            });
        }
    }
}

impl Tied {
    fn into_piece(self, piece: &mut Piece) {
        let bond = self.bond;
        match bond.known {
            None => piece.relations.push(NewRelation {
                id: bond.id,
                room: self.room,
                party: self.party,
                kind: bond.kind,
                facts: bond.facts,
            }),
            Some(known) => {
                let (version, was) = *known;
                piece.relation_changes.push(Change {
                    id: bond.id,
                    version,
                    was,
                    becomes: bond.facts,
                });
            }
        }
    }
}
