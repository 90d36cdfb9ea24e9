//! The SQL of accounts, a file for each kind of row.

mod account;
mod behalf;
mod credential;
mod link;
mod place;
mod reset;
mod role;
mod session;
mod throttle;

pub use account::*;
pub use behalf::*;
pub use credential::*;
pub use link::*;
pub use place::*;
pub use reset::*;
pub use role::*;
pub use session::*;
pub use throttle::*;

/// Credentials, sessions and grants of one account on one page.
const PER_ACCOUNT_MAX: i64 = 200;
