//! Every kind of event that the house can write, gathered from the rooms. A golden
//! file holds every kind ever written; a test compares, and finds a room missing here.

use std::sync::OnceLock;

use crate::foundation::ledger::Kind;
use crate::community::membership;
use crate::foundation::communities;
use crate::keeping;
use crate::people::{accounts, fees, imports, rights, roster};

/// All kinds, sorted by name and version.
pub fn event_kinds() -> &'static [Kind] {
    static ALL: OnceLock<Vec<Kind>> = OnceLock::new();
    ALL.get_or_init(|| {
        let rooms: [&[Kind]; 8] = [
            accounts::events::ALL,
            communities::ALL,
            fees::events::ALL,
            imports::events::ALL,
            keeping::events::ALL,
            membership::events::ALL,
            rights::events::ALL,
            roster::events::ALL,
        ];
        let mut all = rooms.concat();
        all.sort_unstable();
        all
    })
}
