//! The roster: rooms, parties, people, and the dated relations between them.
