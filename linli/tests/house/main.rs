//! The house under test: rules that must hold, stories through its doors, damage,
//! crashes. The whole suite runs on SQLite, and on PostgreSQL where `LINLI_TEST_DB`
//! names a server.

mod accounts;
mod accounts_browser;
mod database;
mod doors;
mod keys;
mod membership;
mod permissions;
mod support;
