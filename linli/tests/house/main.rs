//! The house under test: rules that must hold, stories through its doors, damage,
//! crashes. The whole suite runs on SQLite, and on PostgreSQL where `LINLI_TEST_DB`
//! names a server.

mod accounts;
mod accounts_browser;
mod accounts_desk;
mod accounts_line;
mod archive;
mod arrears;
mod attacks;
mod census;
mod changes;
mod conduct;
mod crash;
mod damage;
mod database;
mod doctor;
mod doors;
mod escrow;
mod exchange;
mod fees;
mod forged;
mod forms;
mod golden;
mod group;
mod import_owners;
mod imports;
mod keys;
mod ledger;
mod ledger_line;
mod ledger_pages;
mod membership;
mod migrations;
mod nasty;
mod notices;
mod outbox;
mod permissions;
mod roster;
mod roster_order;
mod roster_pages;
mod rules;
mod shelves;
mod successions;
mod supervision;
mod support;
mod walk;
mod wizard;
