//! Every kind of event that the house can write, gathered from the rooms. A golden
//! file holds every kind ever written; a test compares, and finds a room missing here.

use std::sync::OnceLock;

use crate::keeping;
use foundation::ledger::Kind;

/// All kinds, sorted by name and version.
pub fn event_kinds() -> &'static [Kind] {
    static ALL: OnceLock<Vec<Kind>> = OnceLock::new();
    ALL.get_or_init(|| {
        let rooms: &[&[Kind]] = &[
            census::events::ALL,
            changes::events::ALL,
            arrears::events::ALL,
            assistant::events::ALL,
            conduct::events::ALL,
            desk::events::ALL,
            dossiers::events::ALL,
            forms::events::ALL,
            group::events::ALL,
            membership::events::ALL,
            notices::events::ALL,
            foundation::communities::ALL,
            keeping::events::ALL,
            accounts::events::ALL,
            fees::events::ALL,
            imports::events::ALL,
            outbox::events::ALL,
            rights::events::ALL,
            roster::events::ALL,
            shelves::events::ALL,
            supervision::events::ALL,
            successions::events::ALL,
            viewings::events::ALL,
        ];
        let mut all = rooms.concat();
        all.sort_unstable();
        all
    })
}
