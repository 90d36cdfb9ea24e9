//! Plans an import: which rooms and people of the file are new, which the roster has
//! already and what is changed of them. Writes nothing; the plan is the dry run's answer
//! and the staging of the real one.
//!
//! Who is who: in one room the same name is the same party; beyond it a name with the same
//! document or the same phone, an organisation's name or credit code. A bare name in
//! another room is another person, until somebody merges them. What the file leaves blank
//! stays as it is; nobody is ever removed by an import.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use hanzi::name::name_key;
use sheets::{PersonCell, Relation, RosterRow};

use super::known::Known;
use super::outcome::{Counts, Remark};
use super::piece::{PartyFacts, RoomWhole, TieFacts};
use super::terms::{document_kind, purpose, share, state};
use super::work::Work;
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
    /// The work itself, made into pieces as it is staged.
    pub work: Work,
}

/// A room whose owner in the file is nobody whom the roster knows as an owner of it: sold,
/// or owned together, or a slip. An import never decides; nothing of it is taken.
pub struct Proposal {
    /// Which of the rows that were read, from 0.
    pub row: usize,
    pub room: Id,
    pub name: String,
}

/// A room of the file or of the roster.
pub(super) struct Room {
    pub id: Id,
    /// The first row that names it.
    pub row: usize,
    pub known: Option<Box<(i64, RoomWhole)>>,
    pub code: String,
    pub facts: RoomFacts,
    pub notes: Vec<String>,
    /// Those that the roster knows first, so many.
    pub plates: Vec<String>,
    pub plates_known: usize,
    pub touched: bool,
}

/// A party of the file or of the roster.
pub(super) struct Party {
    pub id: Id,
    /// The first row that names it.
    pub row: usize,
    pub known: Option<Box<(i64, PartyFacts)>>,
    pub name: String,
    pub organisation: bool,
    pub facts: PartyFacts,
    /// Those that the roster knows first, so many.
    pub phones: Vec<String>,
    pub phones_known: usize,
    /// Kind and number; those that the roster knows first, so many, of an unsaid kind.
    pub documents: Vec<(&'static str, String)>,
    pub documents_known: usize,
    pub touched: bool,
    /// Whether a relation of it is new or changed.
    pub tied: bool,
}

impl Party {
    fn is_called(&self, key: &str) -> bool {
        name_key(&self.name) == key
    }

    fn has_document(&self, number: &str) -> bool {
        self.documents.iter().any(|(_, d)| d == number)
    }
}

/// A relation of the file or of the roster.
pub(super) struct Bond {
    pub id: Id,
    pub row: usize,
    pub room: usize,
    pub party: usize,
    pub kind: Tie,
    pub known: Option<Box<(i64, TieFacts)>>,
    pub facts: TieFacts,
    pub touched: bool,
}

/// Texts by which something is found, as 8 bytes instead of the texts: of 100,000 people it
/// is half the memory. Whoever finds by it compares the texts themselves.
fn mark(parts: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

/// Builds a [`Plan`] row by row.
pub struct Planner<'i> {
    new_id: &'i dyn Fn() -> Id,
    rooms: Vec<Room>,
    parties: Vec<Party>,
    bonds: Vec<Bond>,
    room_of: HashMap<String, usize>,
    bond_of: HashMap<(usize, usize, &'static str), usize>,
    by_room: HashMap<(usize, u64), Vec<usize>>,
    /// By the marks of name and number, of name alone, of a credit code.
    by_document: HashMap<u64, usize>,
    by_phone: HashMap<u64, usize>,
    by_firm: HashMap<String, usize>,
    by_name: HashMap<u64, usize>,
    /// Rooms that have an owner on the roster, named by the file or not.
    owned: HashSet<usize>,
    row: usize,
}

/// Takes the file's value where it says one.
fn take<T>(slot: &mut Option<T>, said: Option<T>) {
    if said.is_some() {
        *slot = said;
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
                known: Some(Box::new((room.version, room.whole))),
                notes: Vec::new(),
                plates_known: room.plates.len(),
                plates: room.plates,
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
                known: Some(Box::new((party.version, party.facts))),
                name: party.name,
                organisation: party.organisation,
                phones_known: party.phones.len(),
                phones: party.phones,
                documents_known: party.documents.len(),
                documents: party.documents.into_iter().map(|d| ("", d)).collect(),
                touched: false,
                tied: false,
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
            let here = (room, mark(&[&key]));
            planner.by_room.entry(here).or_default().push(party);
            planner.bonds.push(Bond {
                id: relation.id,
                row: usize::MAX,
                room,
                party,
                kind: relation.kind,
                facts: relation.facts.clone(),
                known: Some(Box::new((relation.version, relation.facts))),
                touched: false,
            });
        }
        planner
    }

    /// Makes a party findable by what is known of it.
    fn index(&mut self, at: usize) {
        let party = &self.parties[at];
        let key = name_key(&party.name);
        for (_, number) in &party.documents {
            let by = mark(&[&key, number]);
            self.by_document.entry(by).or_insert(at);
        }
        for number in &party.phones {
            self.by_phone.entry(mark(&[&key, number])).or_insert(at);
        }
        self.by_name.entry(mark(&[&key])).or_insert(at);
        if party.organisation {
            if let Some(uscc) = &party.facts.uscc {
                self.by_firm.entry(uscc.clone()).or_insert(at);
            }
            self.by_firm.entry(key).or_insert(at);
        }
    }

    /// Takes one row of the file.
    pub fn add(&mut self, mut row: RosterRow) {
        let people = std::mem::take(&mut row.people);
        let emergency = row.emergency.take();
        let room = row.room.take().map(|cell| self.room(cell, row));
        let mut first = None;
        for person in people {
            let said = Said::of(&person);
            let party = self.party(person, room);
            first.get_or_insert(party);
            if let Some(room) = room {
                self.bond(room, party, said);
            }
        }
        if let (Some(emergency), Some(at)) = (emergency, first) {
            let text = serde_json::json!({"name": emergency.name, "phones": emergency.phones});
            self.parties[at].facts.emergency = Some(text.to_string());
        }
        self.row += 1;
    }

    fn room(&mut self, cell: sheets::RoomCell, row: RosterRow) -> usize {
        let at = *self.room_of.entry(cell.normal).or_insert_with(|| {
            self.rooms.push(Room {
                id: (self.new_id)(),
                row: self.row,
                known: None,
                code: cell.typed,
                facts: RoomFacts::default(),
                notes: Vec::new(),
                plates: Vec::new(),
                plates_known: 0,
                touched: false,
            });
            self.rooms.len() - 1
        });
        let room = &mut self.rooms[at];
        room.row = room.row.min(self.row);
        room.touched = true;
        take(&mut room.facts.area, row.area.map(i64::from));
        take(&mut room.facts.floor, row.floor);
        take(
            &mut room.facts.purpose,
            row.room_use.map(|u| purpose(u).to_owned()),
        );
        take(
            &mut room.facts.state,
            row.state.map(|s| state(s).to_owned()),
        );
        take(
            &mut room.facts.moved_in,
            row.moved_in.map(|d| d.to_string()),
        );
        let loose = row.unmatched_phones.iter().map(|p| format!("☎ {p}"));
        for line in row.note.into_iter().chain(loose) {
            if !room.notes.contains(&line) {
                room.notes.push(line);
            }
        }
        for plate in row.plates {
            if !room.plates.contains(&plate) {
                room.plates.push(plate);
            }
        }
        at
    }

    /// The same party as one met before, or a new one.
    fn party(&mut self, cell: PersonCell, room: Option<usize>) -> usize {
        let key = name_key(&cell.name);
        let at = self.meet(&cell, &key, room).unwrap_or_else(|| {
            self.parties.push(Party {
                id: (self.new_id)(),
                row: self.row,
                known: None,
                name: cell.name,
                organisation: cell.kind == sheets::Kind::Organisation,
                facts: PartyFacts::default(),
                phones: Vec::new(),
                phones_known: 0,
                documents: Vec::new(),
                documents_known: 0,
                touched: false,
                tied: false,
            });
            self.parties.len() - 1
        });
        let party = &mut self.parties[at];
        party.row = party.row.min(self.row);
        party.touched = true;
        for phone in cell.phones {
            if !party.phones.contains(&phone) {
                party.phones.push(phone);
            }
        }
        if let Some(id) = cell.id
            && !party.has_document(&id.number)
        {
            party.documents.push((document_kind(id.kind), id.number));
        }
        take(&mut party.facts.uscc, cell.uscc);
        take(&mut party.facts.representative, cell.representative);
        take(&mut party.facts.birth, cell.birth.map(|d| d.to_string()));
        take(&mut party.facts.workplace, cell.workplace);
        take(&mut party.facts.note, cell.note);
        if let Some(room) = room {
            let here = self.by_room.entry((room, mark(&[&key]))).or_default();
            if !here.contains(&at) {
                here.push(at);
            }
        }
        self.index(at);
        at
    }

    fn meet(&self, cell: &PersonCell, key: &str, room: Option<usize>) -> Option<usize> {
        let document = cell.id.as_ref().map(|d| d.number.as_str());
        // Two of one name are two only when their documents say so.
        let fits = |at: &usize| {
            let known = &self.parties[*at];
            known.is_called(key)
                && document.is_none_or(|d| known.documents.is_empty() || known.has_document(d))
        };
        if let Some(here) = room.and_then(|r| self.by_room.get(&(r, mark(&[key]))))
            && let Some(at) = here.iter().copied().find(fits)
        {
            return Some(at);
        }
        if cell.kind == sheets::Kind::Organisation {
            let by_code = cell.uscc.as_ref().and_then(|u| self.by_firm.get(u));
            return by_code.or_else(|| self.by_firm.get(key)).copied();
        }
        if let Some(document) = document {
            let found = self.by_document.get(&mark(&[key, document])).copied();
            let same = |at: &usize| {
                self.parties[*at].is_called(key) && self.parties[*at].has_document(document)
            };
            if let Some(at) = found.filter(same) {
                return Some(at);
            }
        }
        for phone in &cell.phones {
            // One phone may serve a father and a son of one name: documents that differ win.
            let found = self.by_phone.get(&mark(&[key, phone])).copied();
            let same = |at: &usize| self.parties[*at].phones.contains(phone) && fits(at);
            if let Some(at) = found.filter(same) {
                return Some(at);
            }
        }
        // A list of people without rooms, phones and documents: the name is all there is.
        if room.is_none() && document.is_none() && cell.phones.is_empty() {
            let found = self.by_name.get(&mark(&[key])).copied();
            return found.filter(|at| self.parties[*at].is_called(key));
        }
        None
    }

    fn bond(&mut self, room: usize, party: usize, said: Said) {
        let at = *self
            .bond_of
            .entry((room, party, said.kind.class()))
            .or_insert_with(|| {
                self.bonds.push(Bond {
                    id: (self.new_id)(),
                    row: self.row,
                    room,
                    party,
                    kind: said.kind,
                    known: None,
                    facts: TieFacts::default(),
                    touched: false,
                });
                self.bonds.len() - 1
            });
        let bond = &mut self.bonds[at];
        bond.row = bond.row.min(self.row);
        bond.touched = true;
        take(&mut bond.facts.share, said.share);
        take(&mut bond.facts.from, said.from);
        take(&mut bond.facts.until, said.until);
    }

    /// Compares with what was known and leaves what there is to do.
    pub fn finish(mut self) -> Plan {
        let mut plan = Plan::default();
        let claims = claims(&self.owned, &self.bonds);
        let mut held_back = vec![false; self.parties.len()];
        let mut named = vec![false; self.parties.len()];
        let mut bonds = std::mem::take(&mut self.bonds);
        bonds.retain(|bond| {
            if !bond.touched {
                return false;
            }
            if bond.known.is_none() && bond.kind.owns() && claims.contains(&bond.room) {
                plan.proposals.push(Proposal {
                    row: bond.row,
                    room: self.rooms[bond.room].id,
                    name: self.parties[bond.party].name.clone(),
                });
                held_back[bond.party] = true;
                return false;
            }
            named[bond.party] = true;
            let changes = bond.known.as_ref().is_none_or(|k| k.1 != bond.facts);
            self.parties[bond.party].tied |= changes;
            changes
        });
        for (at, party) in self.parties.iter_mut().enumerate() {
            // Somebody new whom only a proposal brings comes with the transfer.
            party.touched &= party.known.is_some() || named[at] || !held_back[at];
        }
        (plan.rooms, plan.people, plan.work) = Work::of(self.rooms, self.parties, bonds);
        plan
    }
}

/// What a row says of a relation.
struct Said {
    kind: Tie,
    share: Option<(i64, i64)>,
    from: Option<String>,
    until: Option<String>,
}

impl Said {
    fn of(cell: &PersonCell) -> Said {
        Said {
            kind: match cell.relation {
                Relation::Owner => Tie::Owner,
                Relation::CoOwner => Tie::CoOwner,
                Relation::Tenant => Tie::Tenant,
                Relation::Family => Tie::Family,
            },
            share: cell.share.map(share),
            from: cell.from.map(|d| d.to_string()),
            until: cell.until.map(|d| d.to_string()),
        }
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
