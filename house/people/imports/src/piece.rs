//! What an import will do, as it is staged: in pieces of at most 500 rows, each sealed
//! under the import's own key, with every id chosen already, so that a piece may be
//! applied twice and nothing is doubled.

use serde::{Deserialize, Serialize};

use foundation::ids::Id;
use roster::Tie;
use roster::rows::RoomFacts;

/// Rows of the spreadsheet in one piece: a piece is one short stay in the writer.
pub const PIECE_ROWS: usize = 500;

/// A room that the roster has not.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewRoom {
    pub id: Id,
    pub code: String,
    pub facts: RoomFacts,
    pub note: String,
}

/// A party that the roster has not.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewParty {
    pub id: Id,
    pub organisation: bool,
    pub name: String,
    pub facts: PartyFacts,
}

/// What is known of a party beside its name; what is not known is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyFacts {
    pub uscc: Option<String>,
    pub representative: Option<String>,
    pub birth: Option<String>,
    pub workplace: Option<String>,
    pub emergency: Option<String>,
    pub note: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewPhone {
    pub party: Id,
    pub id: Id,
    pub number: String,
    pub main: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewDocument {
    pub party: Id,
    pub id: Id,
    pub kind: String,
    pub number: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewRelation {
    pub id: Id,
    pub room: Id,
    pub party: Id,
    pub kind: Tie,
    pub facts: TieFacts,
}

/// The share and the dates of a relation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TieFacts {
    /// Lowest terms; 0/0 is joint.
    pub share: Option<(i64, i64)>,
    pub from: Option<String>,
    pub until: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewVehicle {
    pub id: Id,
    pub room: Id,
    pub plate: String,
}

/// A record that is there already and becomes another.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Change<T> {
    pub id: Id,
    /// The version seen when the import was planned; another one refuses the import.
    pub version: i64,
    pub was: T,
    pub becomes: T,
}

/// A room's facts with its note, as a change carries them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomWhole {
    pub facts: RoomFacts,
    pub note: Option<String>,
}

/// One piece.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Piece {
    pub rooms: Vec<NewRoom>,
    pub parties: Vec<NewParty>,
    pub phones: Vec<NewPhone>,
    pub documents: Vec<NewDocument>,
    pub relations: Vec<NewRelation>,
    pub vehicles: Vec<NewVehicle>,
    pub room_changes: Vec<Change<RoomWhole>>,
    pub party_changes: Vec<Change<PartyFacts>>,
    pub relation_changes: Vec<Change<TieFacts>>,
}

impl Piece {
    /// Whether it does nothing.
    pub fn is_empty(&self) -> bool {
        self.rooms.is_empty()
            && self.parties.is_empty()
            && self.phones.is_empty()
            && self.documents.is_empty()
            && self.relations.is_empty()
            && self.vehicles.is_empty()
            && self.room_changes.is_empty()
            && self.party_changes.is_empty()
            && self.relation_changes.is_empty()
    }
}
