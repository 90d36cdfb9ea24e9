//! Rules of this room, without a database.
