//! What is measured, and how. The programs are `bench` (the table of ratios) and
//! `applications` (a handover day from another process).

pub mod archive;
pub mod bills;
pub mod census;
pub mod channel;
pub mod clients;
pub mod hall;
pub mod http;
pub mod import;
pub mod messages;
pub mod neighbours;
pub mod office;
pub mod pages;
pub mod peers;
pub mod postgres;
pub mod roster;
pub mod search;
pub mod shelves;
pub mod sqlite;
pub mod table;
pub mod verify;

use std::time::Duration;

/// How many ask at once: an office at its busiest and its owners.
pub const CLIENTS: usize = 64;
/// How often each side is measured.
pub const ROUNDS: usize = 5;
/// How long one measure takes.
pub const WINDOW: Duration = Duration::from_secs(3);
