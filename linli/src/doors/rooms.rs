//! The floor plan of the doors: every room's routes, and who does its jobs.

use std::sync::Arc;

use crate::keeping;
use foundation::house::House;
use foundation::jobs::Runner;
use permissions::routes::Routes;

use super::{find, group, home, matters};

/// Every route of the house.
pub fn routes() -> Routes {
    home::routes()
        .and(group::routes())
        .and(::group::pages::routes())
        .and(find::routes())
        .and(matters::routes())
        .and(accounts::pages::routes())
        .and(census::pages::routes())
        .and(arrears::pages::routes())
        .and(assistant::pages::routes())
        .and(conduct::pages::routes())
        .and(changes::pages::routes())
        .and(desk::pages::routes())
        .and(dossiers::pages::routes())
        .and(forms::pages::routes())
        .and(membership::routes())
        .and(notices::pages::routes())
        .and(outbox::pages::routes())
        .and(roster::routes())
        .and(imports::routes())
        .and(fees::routes())
        .and(shelves::pages::routes())
        .and(supervision::pages::routes())
        .and(successions::pages::routes())
        .and(viewings::pages::routes())
        .and(keeping::pages::routes())
        .and(keeping::evidence::routes())
}

/// Who does the jobs.
pub fn jobs() -> Runner<House> {
    let rooms: &[fn(Runner<House>) -> Runner<House>] = &[
        roster::order::jobs,
        fees::jobs,
        membership::jobs,
        imports::jobs,
        conduct::jobs,
        notices::jobs::jobs,
        ::group::jobs,
        dossiers::pictures::jobs,
        dossiers::describe::jobs,
        dossiers::shred::jobs,
        dossiers::fixity::jobs,
        forms::jobs::jobs,
        census::jobs::jobs,
        changes::jobs::jobs,
        arrears::escalate::jobs,
        assistant::jobs::jobs,
        viewings::clock::jobs,
        desk::jobs,
        |all| successions::write::jobs(all, Arc::new(keeping::handing::Log)),
    ];
    rooms.iter().fold(Runner::default(), |all, room| room(all))
}
