//! People: who is on the roster, what they owe, who may sign in, what they may do,
//! and their rights over their own data.

pub mod accounts;
pub mod actor;
pub mod fees;
pub mod imports;
pub mod permissions;
pub mod rights;
pub mod roster;
pub mod routes;
