//! The papers of an office.

mod door_list;
mod poster;

pub use door_list::DoorList;
pub use poster::Poster;
