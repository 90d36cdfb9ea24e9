//! The roster: rooms, parties, and the dated relations between them. Everything else in
//! the house asks here who lives where.
//!
//! Names and room codes are clear in the database and shown by permission; phones,
//! documents, dates of birth, workplaces, addresses and notes are sealed under the key of
//! the party (a room's note under the room's own), found by blind indexes.
//!
//! In the order of life: [`add_room`] · [`add_person`] · [`relate`] · [`transfer`] ·
//! [`end_relation`] · [`merge_parties`]; looked at by [`find_room`], [`search`],
//! [`people_of_room`], compared by [`claim`], shown in clear by [`unmask`].

pub mod contact;
pub mod events;
mod place;
pub mod rows;

use crate::foundation::database::DbError;
use crate::foundation::keys::KeyError;
use crate::people::actor::Forbidden;

pub use place::Places;

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
    #[error("the shares add up to more than the whole")]
    Shares,
    #[error("the end lies before the beginning")]
    Dates,
    #[error("somebody changed it meanwhile; look again and repeat")]
    Changed,
    #[error("they are one and the same, or one of them was merged already")]
    NotTwo,
    #[error("a reason is needed")]
    Reason,
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
