//! Chinese text as a property office writes it, made comparable.
//!
//! [`fold`] turns text into views that ignore script, width, case and look, each with a map back to
//! the original. [`room`] reads room codes however they are typed and [`shelf`] puts them in the order
//! of the archive's shelves. [`numbers`] reads phone, identity and organisation numbers. [`name`]
//! masks and compares people's names. [`capitals`] writes money as papers that count write it.
//!
//! Everything here is pure: no clock, no chance, no files; the tables are worked out by `build.rs`.

pub mod capitals;
pub mod fold;
pub mod name;
pub mod numbers;
pub mod room;
pub mod shelf;
