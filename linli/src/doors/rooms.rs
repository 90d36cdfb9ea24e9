//! The floor plan of the doors: every room's routes, and who does its jobs.

use crate::community::membership;
use crate::foundation::house::House;
use crate::foundation::jobs::Runner;
use crate::keeping;
use crate::people::accounts;
use crate::people::fees;
use crate::people::imports;
use crate::people::roster;
use crate::people::routes::Routes;

use super::{find, group, home};

/// Every route of the house.
pub fn routes() -> Routes {
    home::routes()
        .and(group::routes())
        .and(find::routes())
        .and(accounts::pages::routes())
        .and(membership::routes())
        .and(roster::routes())
        .and(imports::routes())
        .and(fees::routes())
        .and(keeping::pages::routes())
}

/// Who does the jobs.
pub fn jobs() -> Runner<House> {
    imports::jobs(membership::jobs(Runner::default()))
}
