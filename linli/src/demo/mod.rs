//! The demo: a believable compound of 1,200 rooms, made by running the same
//! importers and verbs that an office uses. All names and numbers are invented.

mod names;
pub mod sheet;
