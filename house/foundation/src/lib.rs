//! What every room stands on: the database, the ledger, time, chance, keys, jobs,
//! and what pages are made of. It knows no room.

pub mod chance;
pub mod clock;
pub mod communities;
pub mod database;
pub mod house;
pub mod ids;
pub mod jobs;
pub mod keys;
pub mod ledger;
pub mod migrations;
pub mod page;
pub mod pictures;
