//! The floor plan of the doors: every room's routes, and who does its jobs.

use crate::keeping;
use foundation::house::House;
use foundation::jobs::Runner;
use permissions::routes::Routes;

use super::{find, group, home};

/// Every route of the house.
pub fn routes() -> Routes {
    home::routes()
        .and(group::routes())
        .and(::group::pages::routes())
        .and(find::routes())
        .and(accounts::pages::routes())
        .and(conduct::pages::routes())
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
        .and(keeping::pages::routes())
}

/// Who does the jobs.
pub fn jobs() -> Runner<House> {
    let people = imports::jobs(membership::jobs(roster::order::jobs(fees::jobs(
        Runner::default(),
    ))));
    let community = ::group::jobs(notices::jobs::jobs(conduct::jobs(people)));
    forms::jobs::jobs(dossiers::fixity::jobs(dossiers::pictures::jobs(community)))
}
