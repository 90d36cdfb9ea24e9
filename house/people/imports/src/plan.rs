//! Plans an import: which rooms and people of the file are new, which the roster has
//! already and what is changed of them. Writes nothing; the plan is the dry run's answer
//! and the staging of the real one.
//!
//! Who is who: in one room the same name is the same party; beyond it a name with the same
//! document or the same phone, an organisation's name or credit code. A bare name in
//! another room is another person, until somebody merges them. What the file leaves blank
//! stays as it is; nobody is ever removed by an import.

use std::collections::{HashMap, HashSet};

use hanzi::name::name_key;
use sheets::{PersonCell, Relation, RosterRow};

use super::known::Known;
use super::outcome::{Counts, Remark};
use super::piece::{
    Change, NewDocument, NewParty, NewPhone, NewRelation, NewRoom, NewVehicle, PIECE_ROWS,
    PartyFacts, Piece, RoomWhole, TieFacts,
};
use super::terms::{document_kind, purpose, share, state};
use foundation::ids::Id;
use roster::Tie;
use roster::rows::RoomFacts;

/// What an import will do.
#[derive(Default)]
pub struct Plan {
    pub rooms: Counts,
    pub people: Counts,
    pub warnings: Vec<Remark>,
    /// Rooms that the file gives to others than the roster does.
    pub proposals: Vec<Proposal>,
    pub pieces: Vec<Piece>,
}

/// A room whose owner in the file is nobody whom the roster knows as an owner of it: sold,
/// or owned together, or a slip. An import never decides; nothing of it is taken.
pub struct Proposal {
    /// Which of the rows that were read, from 0.
    pub row: usize,
    pub room: Id,
    pub name: String,
}

struct Room {
    id: Id,
    /// The first row that names it.
    row: usize,
    known: Option<(i64, RoomWhole)>,
    code: String,
    facts: RoomFacts,
    notes: Vec<String>,
    plates: Vec<String>,
    new_plates: Vec<String>,
    touched: bool,
}

struct Party {
    id: Id,
    row: usize,
    known: Option<(i64, PartyFacts)>,
    name: String,
    organisation: bool,
    facts: PartyFacts,
    phones: Vec<String>,
    documents: Vec<String>,
    new_phones: Vec<String>,
    new_documents: Vec<(String, String)>,
    related: bool,
    touched: bool,
}

struct Bond {
    id: Id,
    row: usize,
    room: usize,
    party: usize,
    kind: Tie,
    known: Option<(i64, TieFacts)>,
    facts: TieFacts,
    touched: bool,
}

/// Builds a [`Plan`] row by row.
pub struct Planner<'i> {
    new_id: &'i dyn Fn() -> Id,
    rooms: Vec<Room>,
    parties: Vec<Party>,
    bonds: Vec<Bond>,
    room_of: HashMap<String, usize>,
    bond_of: HashMap<(usize, usize, &'static str), usize>,
    by_room: HashMap<(usize, String), Vec<usize>>,
    by_document: HashMap<(String, String), usize>,
    by_phone: HashMap<(String, String), usize>,
    by_firm: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
    /// Rooms that have an owner on the roster, named by the file or not.
    owned: HashSet<usize>,
    row: usize,
}

/// Takes the file's value where it says one.
fn take<T: Clone>(slot: &mut Option<T>, said: &Option<T>) {
    if said.is_some() {
        slot.clone_from(said);
    }
}

impl<'i> Planner<'i> {
    /// Begins with what the roster knows.
    pub fn new(known: Known, new_id: &'i dyn Fn() -> Id) -> Planner<'i> {
        let mut planner = Planner {
            new_id,
            rooms: Vec::new(),
            parties: Vec::new(),
            bonds: Vec::new(),
            room_of: HashMap::new(),
            bond_of: HashMap::new(),
            by_room: HashMap::new(),
            by_document: HashMap::new(),
            by_phone: HashMap::new(),
            by_firm: HashMap::new(),
            by_name: HashMap::new(),
            owned: HashSet::new(),
            row: 0,
        };
        let mut room_at = HashMap::new();
        for room in known.rooms {
            room_at.insert(room.id, planner.rooms.len());
            planner.room_of.insert(room.normal, planner.rooms.len());
            planner.rooms.push(Room {
                id: room.id,
                row: usize::MAX,
                code: String::new(),
                facts: room.whole.facts.clone(),
                known: Some((room.version, room.whole)),
                notes: Vec::new(),
                plates: room.plates,
                new_plates: Vec::new(),
                touched: false,
            });
        }
        let mut party_at = HashMap::new();
        for party in known.parties {
            let at = planner.parties.len();
            party_at.insert(party.id, at);
            planner.parties.push(Party {
                id: party.id,
                row: usize::MAX,
                facts: party.facts.clone(),
                known: Some((party.version, party.facts)),
                name: party.name,
                organisation: party.organisation,
                phones: party.phones,
                documents: party.documents,
                new_phones: Vec::new(),
                new_documents: Vec::new(),
                related: false,
                touched: false,
            });
            planner.index(at);
        }
        for relation in known.relations {
            // Also of owners whom the file does not name, who are not looked up.
            if relation.kind.owns()
                && relation.facts.until.is_none()
                && let Some(&room) = room_at.get(&relation.room)
            {
                planner.owned.insert(room);
            }
            let (Some(&room), Some(&party)) =
                (room_at.get(&relation.room), party_at.get(&relation.party))
            else {
                continue;
            };
            let class = relation.kind.class();
            planner
                .bond_of
                .insert((room, party, class), planner.bonds.len());
            let key = name_key(&planner.parties[party].name);
            planner.by_room.entry((room, key)).or_default().push(party);
            planner.parties[party].related = true;
            planner.bonds.push(Bond {
                id: relation.id,
                row: usize::MAX,
                room,
                party,
                kind: relation.kind,
                facts: relation.facts.clone(),
                known: Some((relation.version, relation.facts)),
                touched: false,
            });
        }
        planner
    }

    /// Makes a party findable by what is known of it.
    fn index(&mut self, at: usize) {
        let party = &self.parties[at];
        let key = name_key(&party.name);
        for number in &party.documents {
            self.by_document
                .entry((key.clone(), number.clone()))
                .or_insert(at);
        }
        for number in &party.phones {
            self.by_phone
                .entry((key.clone(), number.clone()))
                .or_insert(at);
        }
        if party.organisation {
            if let Some(uscc) = &party.facts.uscc {
                self.by_firm.entry(uscc.clone()).or_insert(at);
            }
            self.by_firm.entry(key.clone()).or_insert(at);
        }
        self.by_name.entry(key).or_insert(at);
    }

    /// Takes one row of the file.
    pub fn add(&mut self, row: &RosterRow) {
        let room = row.room.as_ref().map(|cell| self.room(cell, row));
        let mut first = None;
        for person in &row.people {
            let party = self.party(person, room);
            first.get_or_insert(party);
            if let Some(room) = room {
                self.bond(room, party, person);
            }
        }
        if let (Some(emergency), Some(at)) = (&row.emergency, first) {
            let text = serde_json::json!({"name": emergency.name, "phones": emergency.phones});
            self.parties[at].facts.emergency = Some(text.to_string());
        }
        self.row += 1;
    }

    fn room(&mut self, cell: &sheets::RoomCell, row: &RosterRow) -> usize {
        let at = *self.room_of.entry(cell.normal.clone()).or_insert_with(|| {
            self.rooms.push(Room {
                id: (self.new_id)(),
                row: self.row,
                known: None,
                code: cell.typed.clone(),
                facts: RoomFacts::default(),
                notes: Vec::new(),
                plates: Vec::new(),
                new_plates: Vec::new(),
                touched: false,
            });
            self.rooms.len() - 1
        });
        let room = &mut self.rooms[at];
        room.row = room.row.min(self.row);
        room.touched = true;
        take(&mut room.facts.area, &row.area.map(i64::from));
        take(&mut room.facts.floor, &row.floor);
        take(
            &mut room.facts.purpose,
            &row.room_use.map(|u| purpose(u).to_owned()),
        );
        take(
            &mut room.facts.state,
            &row.state.map(|s| state(s).to_owned()),
        );
        take(
            &mut room.facts.moved_in,
            &row.moved_in.map(|d| d.to_string()),
        );
        let loose = row.unmatched_phones.iter().map(|p| format!("☎ {p}"));
        for line in row.note.iter().cloned().chain(loose) {
            if !room.notes.contains(&line) {
                room.notes.push(line);
            }
        }
        for plate in &row.plates {
            if !room.plates.contains(plate) {
                room.plates.push(plate.clone());
                room.new_plates.push(plate.clone());
            }
        }
        at
    }

    /// The same party as one met before, or a new one.
    fn party(&mut self, cell: &PersonCell, room: Option<usize>) -> usize {
        let key = name_key(&cell.name);
        let organisation = cell.kind == sheets::Kind::Organisation;
        let document = cell.id.as_ref().map(|d| d.number.clone());
        let found = self.meet(cell, &key, organisation, document.as_deref(), room);
        let at = found.unwrap_or_else(|| {
            self.parties.push(Party {
                id: (self.new_id)(),
                row: self.row,
                known: None,
                name: cell.name.clone(),
                organisation,
                facts: PartyFacts::default(),
                phones: Vec::new(),
                documents: Vec::new(),
                new_phones: Vec::new(),
                new_documents: Vec::new(),
                related: false,
                touched: false,
            });
            self.parties.len() - 1
        });
        let party = &mut self.parties[at];
        party.row = party.row.min(self.row);
        party.touched = true;
        for phone in &cell.phones {
            if !party.phones.contains(phone) {
                party.phones.push(phone.clone());
                party.new_phones.push(phone.clone());
            }
        }
        if let Some(id) = &cell.id
            && !party.documents.contains(&id.number)
        {
            party.documents.push(id.number.clone());
            party
                .new_documents
                .push((document_kind(id.kind).to_owned(), id.number.clone()));
        }
        take(&mut party.facts.uscc, &cell.uscc);
        take(&mut party.facts.representative, &cell.representative);
        take(&mut party.facts.birth, &cell.birth.map(|d| d.to_string()));
        take(&mut party.facts.workplace, &cell.workplace);
        take(&mut party.facts.note, &cell.note);
        if let Some(room) = room {
            let here = self.by_room.entry((room, key)).or_default();
            if !here.contains(&at) {
                here.push(at);
            }
        }
        self.index(at);
        at
    }

    fn meet(
        &self,
        cell: &PersonCell,
        key: &str,
        organisation: bool,
        document: Option<&str>,
        room: Option<usize>,
    ) -> Option<usize> {
        let key = key.to_owned();
        if let Some(here) = room.and_then(|r| self.by_room.get(&(r, key.clone()))) {
            // Two of one name in one room are two only when their documents say so.
            let same = here.iter().find(|at| {
                let known = &self.parties[**at].documents;
                document.is_none_or(|d| known.is_empty() || known.iter().any(|k| k == d))
            });
            if let Some(at) = same {
                return Some(*at);
            }
        }
        if organisation {
            let by_code = cell.uscc.as_ref().and_then(|u| self.by_firm.get(u));
            return by_code.or_else(|| self.by_firm.get(&key)).copied();
        }
        if let Some(document) = document
            && let Some(at) = self.by_document.get(&(key.clone(), document.to_owned()))
        {
            return Some(*at);
        }
        for phone in &cell.phones {
            let found = self.by_phone.get(&(key.clone(), phone.clone())).copied();
            // One phone may serve a father and a son of one name: documents that differ win.
            if let Some(at) = found
                && document.is_none_or(|d| {
                    let known = &self.parties[at].documents;
                    known.is_empty() || known.iter().any(|k| k == d)
                })
            {
                return Some(at);
            }
        }
        // A list of people without rooms, phones and documents: the name is all there is.
        if room.is_none() && document.is_none() && cell.phones.is_empty() {
            return self.by_name.get(&key).copied();
        }
        None
    }

    fn bond(&mut self, room: usize, party: usize, cell: &PersonCell) {
        let kind = match cell.relation {
            Relation::Owner => Tie::Owner,
            Relation::CoOwner => Tie::CoOwner,
            Relation::Tenant => Tie::Tenant,
            Relation::Family => Tie::Family,
        };
        let at = *self
            .bond_of
            .entry((room, party, kind.class()))
            .or_insert_with(|| {
                self.bonds.push(Bond {
                    id: (self.new_id)(),
                    row: self.row,
                    room,
                    party,
                    kind,
                    known: None,
                    facts: TieFacts::default(),
                    touched: false,
                });
                self.bonds.len() - 1
            });
        let bond = &mut self.bonds[at];
        bond.row = bond.row.min(self.row);
        bond.touched = true;
        take(&mut bond.facts.share, &cell.share.map(share));
        take(&mut bond.facts.from, &cell.from.map(|d| d.to_string()));
        take(&mut bond.facts.until, &cell.until.map(|d| d.to_string()));
    }

    /// Compares with what was known and lays the work out in pieces.
    pub fn finish(self) -> Plan {
        let mut plan = Plan::default();
        let new_id = self.new_id;
        // Rows counted from 0; a file of n rows makes n / 500 pieces, rounded up.
        let mut pieces = vec![Piece::default(); self.row / PIECE_ROWS + 1];
        let mut changed_people = vec![false; self.parties.len()];
        let ids: (Vec<Id>, Vec<Id>) = (
            self.rooms.iter().map(|r| r.id).collect(),
            self.parties.iter().map(|p| p.id).collect(),
        );
        let claims = claims(&self.owned, &self.bonds);
        let mut held_back = vec![false; self.parties.len()];
        let mut tied = vec![false; self.parties.len()];
        for bond in self.bonds.into_iter().filter(|b| b.touched) {
            if bond.known.is_none() && bond.kind.owns() && claims.contains(&bond.room) {
                plan.proposals.push(Proposal {
                    row: bond.row,
                    room: ids.0[bond.room],
                    name: self.parties[bond.party].name.clone(),
                });
                held_back[bond.party] = true;
                continue;
            }
            tied[bond.party] = true;
            let piece = &mut pieces[bond.row / PIECE_ROWS];
            match bond.known {
                None => piece.relations.push(NewRelation {
                    id: bond.id,
                    room: ids.0[bond.room],
                    party: ids.1[bond.party],
                    kind: bond.kind,
                    facts: bond.facts,
                }),
                Some((version, was)) if was != bond.facts => {
                    piece.relation_changes.push(Change {
                        id: bond.id,
                        version,
                        was,
                        becomes: bond.facts,
                    });
                }
                Some(_) => continue,
            }
            changed_people[bond.party] = true;
        }
        for room in self.rooms.into_iter().filter(|r| r.touched) {
            room.finish(&mut pieces, &mut plan.rooms, new_id);
        }
        for (at, party) in self.parties.into_iter().enumerate() {
            // Somebody new whom only a proposal brings comes with the transfer.
            let comes = party.known.is_some() || tied[at] || !held_back[at];
            if party.touched && comes {
                party.finish(changed_people[at], &mut pieces, &mut plan.people, new_id);
            }
        }
        pieces.retain(|p| !p.is_empty());
        plan.pieces = pieces;
        plan
    }
}

/// Rooms whose owners on the roster the file does not name, though it names an owner.
fn claims(owned: &HashSet<usize>, bonds: &[Bond]) -> HashSet<usize> {
    let of = |choose: &dyn Fn(&Bond) -> bool| -> HashSet<usize> {
        let owners = bonds.iter().filter(|b| b.kind.owns() && choose(b));
        owners.map(|b| b.room).collect()
    };
    let named = of(&|b| b.known.is_some() && b.touched);
    let claimed = of(&|b| b.known.is_none() && b.kind == Tie::Owner && b.facts.until.is_none());
    let open: HashSet<usize> = owned.intersection(&claimed).copied().collect();
    open.difference(&named).copied().collect()
}

impl Room {
    fn finish(self, pieces: &mut [Piece], counts: &mut Counts, new_id: &dyn Fn() -> Id) {
        let piece = &mut pieces[self.row / PIECE_ROWS];
        let note = (!self.notes.is_empty()).then(|| self.notes.join("\n"));
        let vehicles = !self.new_plates.is_empty();
        for plate in self.new_plates {
            piece.vehicles.push(NewVehicle {
                id: new_id(),
                room: self.id,
                plate,
            });
        }
        let Some((version, was)) = self.known else {
            counts.added += 1;
            piece.rooms.push(NewRoom {
                id: self.id,
                code: self.code,
                facts: self.facts,
                note: note.unwrap_or_default(),
            });
            return;
        };
        let becomes = RoomWhole {
            note: note.or_else(|| was.note.clone()),
            facts: self.facts,
        };
        if becomes != was {
            piece.room_changes.push(Change {
                id: self.id,
                version,
                was,
                becomes,
            });
            counts.changed += 1;
        } else if vehicles {
            counts.changed += 1;
        } else {
            counts.unchanged += 1;
        }
    }
}

impl Party {
    fn finish(
        self,
        tied: bool,
        pieces: &mut [Piece],
        counts: &mut Counts,
        new_id: &dyn Fn() -> Id,
    ) {
        let piece = &mut pieces[self.row / PIECE_ROWS];
        let contacts = !self.new_phones.is_empty() || !self.new_documents.is_empty();
        let had = self.phones.len() - self.new_phones.len();
        for (n, number) in self.new_phones.into_iter().enumerate() {
            piece.phones.push(NewPhone {
                party: self.id,
                id: new_id(),
                number,
                main: had == 0 && n == 0,
            });
        }
        for (kind, number) in self.new_documents {
            piece.documents.push(NewDocument {
                party: self.id,
                id: new_id(),
                kind,
                number,
            });
        }
        let Some((version, was)) = self.known else {
            counts.added += 1;
            piece.parties.push(NewParty {
                id: self.id,
                organisation: self.organisation,
                name: self.name,
                facts: self.facts,
            });
            return;
        };
        if self.facts != was {
            piece.party_changes.push(Change {
                id: self.id,
                version,
                was,
                becomes: self.facts,
            });
            counts.changed += 1;
        } else if contacts || tied {
            counts.changed += 1;
        } else {
            counts.unchanged += 1;
        }
    }
}
