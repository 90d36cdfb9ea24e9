//! The command line: names, flags, JSON keys and exit codes as the contracts say.
//! Exit 0: done and sound; 1: done and found wanting; 2: could not run.

pub mod archive;
pub mod arrears;
pub mod assistant;
mod bucket;
pub mod conduct;
pub mod demo;
pub mod doctor;
pub mod escrow;
pub mod import;
pub mod installation;
pub mod keys;
pub mod ledger;
pub mod serve;
pub mod shelf;
pub mod strongroom;
pub mod user;
pub mod viewing;

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Sound,
    Wanting,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        match outcome {
            Outcome::Sound => ExitCode::SUCCESS,
            Outcome::Wanting => ExitCode::from(1),
        }
    }
}
