//! Every kind of event that the house can write, gathered from the rooms. A golden
//! file holds every kind ever written; a test compares, and finds a room missing here.

use std::sync::OnceLock;

use crate::foundation::ledger::Kind;
use crate::{community, foundation, keeping, people};

/// All kinds, sorted by name and version.
pub fn event_kinds() -> &'static [Kind] {
    static ALL: OnceLock<Vec<Kind>> = OnceLock::new();
    ALL.get_or_init(|| {
        let rooms: &[&[Kind]] = &[
            community::membership::events::ALL,
            foundation::communities::ALL,
            keeping::events::ALL,
            people::accounts::events::ALL,
            people::fees::events::ALL,
            people::imports::events::ALL,
            people::rights::events::ALL,
            people::roster::events::ALL,
        ];
        let mut all = rooms.concat();
        all.sort_unstable();
        all
    })
}
