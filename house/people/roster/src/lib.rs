//! The roster: rooms, parties, and the dated relations between them. Everything else in
//! the house asks here who lives where.
//!
//! Names and room codes are clear in the database and shown by permission; phones,
//! documents, dates of birth, workplaces, addresses and notes are sealed under the key of
//! the party (a room's note under the room's own), found by blind indexes.
//!
//! In the order of life: [`add_room`] · [`add_person`] · [`relate`] · [`prepare_transfer`] ·
//! [`end_relation`] · [`merge_parties`] · [`add_vehicle`] · [`end_vehicle`] · [`set_tags`]; looked at by [`find_room`], [`search`],
//! [`people_of_room`], compared by [`claim`], shown in clear by [`unmask`].

mod change;
mod change_party;
mod claim;
pub mod contact;
pub mod events;
pub mod export;
mod forms;
mod merge;
pub mod order;
mod pages;
pub mod people;
mod place;
mod relate;
pub mod room;
mod search;
mod source;
mod spot;
mod standing;
pub(crate) mod store;
mod story;
mod tags;
mod takeout;
mod tie;
pub mod tracking;
mod transfer;
mod unmask;
mod vehicles;

use foundation::database::DbError;
use foundation::keys::KeyError;
use permissions::actor::Forbidden;

pub use change::{RoomDraft, add_room, edit_room, edit_room_from, keep_party, keep_room};
pub use change_party::{
    PersonDraft, add_person, add_phone, add_phone_from, edit_person, edit_person_from, end_phone,
    end_phone_from,
};
pub use claim::{Claim, ClaimEvidence, Match, claim};
pub use merge::merge_parties;
pub use pages::{purpose_word, routes, state_word};
pub use people::{Party, PartyState, PersonHere, PersonPage, Relation, people_of_room, person};
pub use place::Places;
pub use relate::{
    RelationDraft, end_relation, end_relation_from, end_relation_in, relate, relate_new,
    relate_new_from,
};
pub use room::{
    Filter, Room, RoomRef, RoomRow, buildings, find_room, room, room_by_normal, rooms_count,
    rooms_page,
};
pub use search::{Alike, Hit, alike, search};
pub use source::Source;
pub use spot::Spot;
pub use standing::{
    Apart, InClear, apart_of, belongs, homes_of, in_clear, main_phones, phoned_in, phones_of,
    standing,
};
pub use store::rows;
pub use tags::{
    ROOMS_AT_ONCE_MAX, TAG_CHARS_MAX, TAGS_MAX, TAGS_OF_ROOM_MAX, Tag, end_tag, read_tags,
    set_tags, tag_rooms, tags, tags_counted, tags_of,
};
pub use tie::{Tie, share};
pub use transfer::{NewOwner, Prepared, Transfer, prepare_transfer, untransfer_in};
pub use unmask::{Column, record_unmasked, unmask, unmask_room_note, unmasking_reasons};
pub use vehicles::{
    add_vehicle, add_vehicle_from, end_vehicle, end_vehicle_from, end_vehicle_in, vehicles_of,
};

/// Why an act on the roster was refused.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there is no such room")]
    NoSuchRoom,
    #[error("there is no such person")]
    NoSuchParty,
    #[error("there is no such relation, or it has ended")]
    NoSuchRelation,
    #[error("not a room code: {0}")]
    Code(#[from] hanzi::room::CodeError),
    #[error("there is a room of this code already")]
    RoomTaken,
    #[error("a name has 1 to {} characters", hanzi::name::NAME_CHARS_MAX)]
    Name,
    #[error("not a number plate")]
    Plate,
    #[error("this vehicle is registered with the room already")]
    PlateTaken,
    #[error("there is no such vehicle, or it has gone")]
    NoSuchVehicle,
    #[error("not a tag: {0}")]
    Tag(String),
    #[error(
        "a room has at most {} tags and a compound {}",
        tags::TAGS_OF_ROOM_MAX,
        tags::TAGS_MAX
    )]
    TooManyTags,
    #[error("there is no such tag, or it was ended")]
    NoSuchTag,
    #[error("the shares add up to more than the whole")]
    Shares,
    #[error("the end lies before the beginning")]
    Dates,
    #[error("somebody changed it meanwhile; look again and repeat")]
    Changed,
    #[error("they are one and the same, or one of them was merged already")]
    NotTwo,
    #[error(
        "a reason of at least {} characters is needed",
        unmask::REASON_CHARS_MIN
    )]
    Reason,
    #[error(transparent)]
    Order(#[from] order::OrderFault),
    #[error("this person was erased")]
    Erased,
    #[error(transparent)]
    Keys(KeyError),
    #[error(transparent)]
    Database(#[from] DbError),
}

impl From<KeyError> for RosterError {
    fn from(e: KeyError) -> RosterError {
        match e {
            KeyError::Erased => RosterError::Erased,
            e => RosterError::Keys(e),
        }
    }
}
